"""Sizes and pads worked out by hand; the sources stand in the docstring of course.arithmetic."""

import pytest

from course.arithmetic import (
    effective_size,
    explicit_size,
    larger_half,
    same_padding,
    same_size,
    smaller_half,
    transposed_same_padded_size,
    transposed_same_size,
    transposed_valid_size,
    two_sided_size,
    valid_size,
)


@pytest.mark.parametrize(
    ("W", "S", "size"), [(32, 2, 16), (128, 2, 64), (5, 3, 2), (5, 2, 3), (11, 2, 6), (7, 1, 7)]
)
def test_same_padding_keeps_the_input_over_the_stride_rounded_up(W: int, S: int, size: int) -> None:
    assert same_size(W, S) == size


@pytest.mark.parametrize(
    ("W", "F", "S", "pads"),
    [
        (128, 3, 2, (0, 1)),
        (5, 3, 2, (1, 1)),
        (4, 2, 1, (0, 1)),
        (13, 6, 5, (1, 2)),
        (224, 7, 2, (2, 3)),
        (9, 1, 3, (0, 0)),  # the window is smaller than the stride: nothing is added
    ],
)
def test_same_padding_adds_the_odd_zero_at_the_end(
    W: int, F: int, S: int, pads: tuple[int, int]
) -> None:
    total = same_padding(W, F, S, same_size(W, S))
    assert (smaller_half(total), larger_half(total)) == pads


@pytest.mark.parametrize(
    ("W", "F", "S", "size"), [(28, 3, 2, 13), (10, 3, 2, 4), (32, 8, 2, 13), (5, 3, 1, 3)]
)
def test_valid_padding_counts_the_windows_inside_in_both_of_its_forms(
    W: int, F: int, S: int, size: int
) -> None:
    assert valid_size(W, F, S) == size == -(-(W - F + 1) // S)


def test_explicit_padding_stands_on_both_sides() -> None:
    assert explicit_size(32, 8, 1, 2) == two_sided_size(32, 8, 1, 1, 2) == 14
    assert two_sided_size(32, 8, 0, 1, 2) == 13


def test_a_dilated_window_takes_up_its_gaps() -> None:
    assert effective_size(3, 2) == 5
    assert valid_size(7, effective_size(3, 2), 1) == 3


def test_a_transposed_convolution_makes_the_input_larger() -> None:
    assert transposed_valid_size(4, 3, 2) == 9
    assert transposed_valid_size(4, 2, 3) == 12
    assert transposed_same_size(4, 2) == 8
    assert transposed_same_padded_size(4, 3, 2, 0) == 7
