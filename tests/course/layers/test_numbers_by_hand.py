"""Numbers worked out by hand, apart from engine and Keras: the course's units and conventions."""

from typing import Any

import pytest

from course import layers as L
from tests.strategies import Shape

CONV_DIMS_1 = L.Conv2D(filters=16, kernel_size=2, strides=2, padding="valid", activation="relu")


CONV_DIMS_2 = L.Conv2D(filters=32, kernel_size=3, strides=2, padding="same", activation="relu")


TWENTY = L.Conv2D(20, 8, strides=2, padding=1)


UNITS = [
    ("01 784 to 784, weights", L.Dense(784), (28 * 28,), "weight_count", 614_656),
    ("01 784 to 784, parameters", L.Dense(784), (784,), "param_count", 615_440),
    ("01 grayscale onto itself", L.Dense(200_000), (400 * 500,), "weight_count", 40_000_000_000),
    ("01 hidden layer", L.Dense(128), (784,), "param_count", 100_480),
    ("01 output layer", L.Dense(10), (128,), "param_count", 1_290),
    ("02 the 7x9x3 example", L.Conv2D(1, 3), (7, 9, 3), "output_shape", (5, 7, 1)),
    ("02 the example's weights", L.Conv2D(1, 3), (7, 9, 3), "weight_count", 27),
    ("02 five filters, weights", L.Conv2D(5, 3), (7, 9, 3), "weight_count", 135),
    ("02 five filters, parameters", L.Conv2D(5, 3), (7, 9, 3), "param_count", 140),
    ("03 5x5 shrinks", L.Conv2D(1, 3), (5, 5, 1), "output_shape", (3, 3, 1)),
    ("03 5x5 padded", L.ZeroPadding2D(1), (5, 5, 1), "output_shape", (7, 7, 1)),
    ("03 5x5 kept", L.Conv2D(1, 3, padding=1), (5, 5, 1), "output_shape", (5, 5, 1)),
    ("03 5x5 same", L.Conv2D(1, 3, padding="same"), (5, 5, 1), "output_shape", (5, 5, 1)),
    ("03 a 5x5 filter costs four", L.Conv2D(1, 5), (9, 9, 1), "output_shape", (5, 5, 1)),
    ("04 twenty filters", TWENTY, (32, 32, 3), "output_shape", (14, 14, 20)),
    ("04 valid", L.Conv2D(20, 8, strides=2), (32, 32, 3), "output_shape", (13, 13, 20)),
    ("05 26 to 13", L.MaxPooling2D(), (26, 26, 32), "output_shape", (13, 13, 32)),
    ("05 11 to 5", L.MaxPooling2D(), (11, 11, 64), "output_shape", (5, 5, 64)),
    ("05 no parameters", L.MaxPooling2D(), (26, 26, 32), "param_count", 0),
    ("06 shared", TWENTY, (32, 32, 3), "param_count", 3_860),
    ("06 fully connected", L.Dense(3_920), (32 * 32 * 3,), "param_count", 12_046_160),
    ("06 four filters", L.Conv2D(4, 3), (400, 500, 3), "weight_count", 108),
    ("06 four filters' output", L.Conv2D(4, 3), (400, 500, 3), "output_shape", (398, 498, 4)),
    ("06 those unshared", L.Dense(398 * 498 * 4), (600_000,), "weight_count", 475_689_600_000),
    ("07 first script", CONV_DIMS_1, (200, 200, 1), "output_shape", (100, 100, 16)),
    ("07 first parameters", CONV_DIMS_1, (200, 200, 1), "param_count", 80),
    ("07 second script", CONV_DIMS_2, (128, 128, 3), "output_shape", (64, 64, 32)),
    ("07 second parameters", CONV_DIMS_2, (128, 128, 3), "param_count", 896),
    ("08 dense after flatten", L.Dense(10), (1600,), "param_count", 16_010),
]


POOLING = [
    ("same, as drawn", L.MaxPooling2D(2, padding="same"), (5, 5, 1), "output_shape", (3, 3, 1)),
    ("valid, Keras's default", L.MaxPooling2D(2), (5, 5, 1), "output_shape", (2, 2, 1)),
    ("stride 1", L.MaxPooling2D(2, strides=1), (5, 5, 1), "output_shape", (4, 4, 1)),
    ("stride 2 given", L.MaxPooling2D(2, strides=2), (5, 5, 1), "output_shape", (2, 2, 1)),
]


D2L = L.Conv2D(1, (3, 5), strides=(3, 4), padding=(0, 1))


CONVENTIONS = [
    ("valid 28, 3, 2", L.Conv2D(1, 3, strides=2), (28, 28, 1), "output_shape", (13, 13, 1)),
    ("not a whole number", L.Conv2D(1, 3, strides=2), (10, 10, 1), "output_shape", (4, 4, 1)),
    ("D2L's 2x2", D2L, (8, 8, 1), "output_shape", (2, 2, 1)),
    ("dilation", L.Conv2D(1, 3, dilation_rate=2), (7, 7, 1), "output_shape", (3, 3, 1)),
    ("dilation, parameters", L.Conv2D(1, 3, dilation_rate=2), (7, 7, 1), "param_count", 10),
    ("four groups", L.Conv2D(16, 3, groups=4), (9, 9, 8), "param_count", 304),
    ("one group", L.Conv2D(16, 3, groups=1), (9, 9, 8), "param_count", 1_168),
    ("one to one", L.Conv2D(32, 1), (28, 28, 192), "param_count", 6_176),
    ("an ordinary 32 to 64", L.Conv2D(64, 3), (28, 28, 32), "param_count", 18_496),
    ("head on 64 values", L.Dense(10), (64,), "param_count", 650),
    ("without biases", L.Conv2D(32, 3, use_bias=False), (8, 8, 3), "param_count", 864),
    ("rectangular", L.Conv2D(4, (3, 5)), (28, 28, 1), "output_shape", (26, 24, 4)),
    ("rectangular, parameters", L.Conv2D(4, (3, 5)), (28, 28, 1), "param_count", 64),
    ("conv 1 MACs", L.Conv2D(32, 3), (28, 28, 1), "macs", 194_688),
    ("conv 2 MACs", L.Conv2D(64, 3), (13, 13, 32), "macs", 2_230_272),
    ("dense MACs", L.Dense(10), (1600,), "macs", 16_000),
]


FIRST = L.Conv2D(8, 3, data_format="channels_first")


CONVENTIONS += [
    ("channels first", FIRST, (3, 32, 32), "output_shape", (8, 30, 30)),
    ("channels first, parameters", FIRST, (3, 32, 32), "param_count", 224),
    ("same 32, 8, 2", L.Conv2D(20, 8, strides=2, padding="same"), (32, 32, 3), "output_shape",
     (16, 16, 20)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("layer", "shape", "quantity", "expected"),
    [pytest.param(*case, id=name) for name, *case in UNITS + POOLING + CONVENTIONS],
)
def test_a_layer_gives_the_number_worked_out_by_hand(
    layer: L.Layer, shape: Shape, quantity: str, expected: Any
) -> None:
    assert getattr(layer, quantity)(shape) == expected


def test_a_wrong_number_would_be_seen() -> None:
    """The printed 278 of the source is not what the engine says: it is 288."""
    with pytest.raises(AssertionError):
        test_a_layer_gives_the_number_worked_out_by_hand(
            L.Conv2D(32, 3), (28, 28, 1), "weight_count", 278
        )
    assert L.Conv2D(32, 3).weight_count((28, 28, 1)) == 288
