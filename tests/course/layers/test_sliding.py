"""Sizes and pads of windows: counted out, and worked out by hand."""

import pytest

from course import ShapeError, Stack
from course import layers as L
from tests.strategies import Shape


@pytest.mark.parametrize(
    ("size", "window", "stride", "pads"),
    [
        (128, 3, 2, (0, 1)),
        (5, 3, 2, (1, 1)),
        (4, 2, 1, (0, 1)),
        (13, 6, 5, (1, 2)),
        (224, 7, 2, (2, 3)),
    ],
)
def test_same_padding_puts_the_odd_zero_at_the_end(
    size: int, window: int, stride: int, pads: Shape
) -> None:
    layer = L.Conv2D(1, window, strides=stride, padding="same")
    assert layer.padding_amounts((size, size, 1)) == (pads, pads)


def test_half_the_window_on_each_side_gives_the_same_size_from_other_places() -> None:
    for stride, size in ((1, 4), (2, 4), (2, 5), (3, 7)):
        same = L.Conv2D(1, 3, strides=stride, padding="same")
        symmetric = L.Conv2D(1, 3, strides=stride, padding=1)
        shape = (size, size, 1)
        assert same.output_shape(shape) == symmetric.output_shape(shape)
    same = L.Conv2D(1, 3, strides=2, padding="same")
    assert same.padding_amounts((4, 4, 1)) == ((0, 1), (0, 1))


@pytest.mark.parametrize("rows", [3, 7, 28])
@pytest.mark.parametrize("filters", [1, 5])
def test_each_three_by_three_layer_costs_two_rows_and_columns(rows: int, filters: int) -> None:
    shape = (rows + 2, rows + 4, 3)
    assert L.Conv2D(filters, 3).output_shape(shape) == (rows, rows + 2, filters)
    two = Stack([L.Conv2D(filters, 3), L.Conv2D(filters, 3)])
    assert two.output_shape(shape) == (rows - 2, rows, filters)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 28, 223])
@pytest.mark.parametrize("window", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_sizes_follow_the_three_rules(size: int, window: int, stride: int) -> None:
    """Counted out: a window stands wherever it fits, and the next one `stride` further."""
    shape = (size, size, 1)
    for padding in (0, 1, 3):
        starts = range(0, size + 2 * padding - window + 1, stride)
        layer = L.Conv2D(1, window, strides=stride, padding=padding)
        if starts:
            assert layer.output_shape(shape) == (len(starts), len(starts), 1)
    same = L.Conv2D(1, window, strides=stride, padding="same")
    assert same.output_shape(shape) == (len(range(0, size, stride)),) * 2 + (1,)


@pytest.mark.parametrize("layer", [L.Conv2D(1, 6), L.MaxPooling2D(6), L.AveragePooling2D(6)])
def test_a_window_larger_than_the_input_is_an_error(layer: L.Layer) -> None:
    with pytest.raises(ShapeError):
        layer.output_shape((5, 5, 1))
    assert layer.output_shape((6, 6, 1)) == (1, 1, 1)
