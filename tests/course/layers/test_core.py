"""Dense layers."""

from course import layers as L


def test_forty_billion_weights_take_160_gigabytes() -> None:
    assert L.Dense(400 * 500).weight_count((400 * 500,)) * 4 == 160 * 10**9
