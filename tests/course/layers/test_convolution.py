"""What convolutions alone can do: shared weights, dilation, groups."""

import pytest

from course import ShapeError, SpecError
from course import layers as L
from tests.course.layers.test_numbers_by_hand import TWENTY


def test_parameter_sharing_saves_a_factor_of_the_output_positions() -> None:
    unshared = 756_560
    height, width, _ = TWENTY.output_shape((32, 32, 3))
    assert height * width == 196
    assert TWENTY.param_count((32, 32, 3)) * 196 == unshared
    assert height * width * 20 == 3_920


def test_strides_with_dilation_are_refused() -> None:
    with pytest.raises(SpecError):
        L.Conv2D(1, 3, strides=2, dilation_rate=2)


def test_groups_divide_channels_and_filters() -> None:
    with pytest.raises(SpecError):
        L.Conv2D(15, 3, groups=4)
    with pytest.raises(ShapeError):
        L.Conv2D(16, 3, groups=4).output_shape((9, 9, 6))
