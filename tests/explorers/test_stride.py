"""The stride explorer: each control, each choice of a cell, and the saved copies."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course.errors import CourseError, ShapeError
from course.explorers import stride
from course.pictures.stride import StrideState, stride_html
from tests.explorers.moving import assert_kept_when_saved, choose, controls
from tests.strategies import for_all


def drawn(*state: Any, pixel: tuple[int, int] = (2, 2), **more: Any) -> str:
    places = {"pixel_row": pixel[0], "pixel_column": pixel[1]}
    return stride_html(StrideState(*state, **places, **more))


def test_the_explorer_starts_with_the_first_of_the_pixels_that_are_read_most_often() -> None:
    assert stride().picture.value == drawn((7, 7))
    assert stride((5, 9), 2, 3, "same").picture.value == drawn((5, 9), 2, 3, "same", pixel=(0, 0))


def test_any_walk_through_the_controls_ends_in_the_right_picture() -> None:
    shown = stride()
    moving = controls(shown)

    def claim(values: dict[str, Any]) -> None:
        for name, value in values.items():
            moving[name].value = value
        now = dict(values)
        shape = now.pop("height"), now.pop("width")
        assert shown.picture.value == drawn(shape, **now)

    values = {
        name: st.sampled_from(["valid", "same"])
        if name == "padding"
        else st.integers(each.min, each.max)
        for name, each in moving.items()
    }
    for_all(st.fixed_dictionaries(values), claim, 15)


def test_a_pair_of_different_numbers_gets_two_sliders() -> None:
    shown = stride(9, (2, 3), (1, 4))
    assert list(controls(shown)) == ["height", "width", "F_h", "F_w", "S_h", "S_w", "padding"]
    controls(shown)["S_w"].value = 2
    assert 'aria-label="output, 8 rows, 4 columns' in shown.picture.value


def test_a_start_beyond_the_usual_range_widens_it() -> None:
    shown = stride(20, 13, 9)
    assert shown.picture.value == drawn((20, 20), 13, 9, pixel=(0, 0))
    assert (controls(shown)["kernel_size"].max, controls(shown)["strides"].max) == (13, 9)


@pytest.mark.parametrize("padding", [1, (0, 2), ((0, 1), (1, 2))], ids=str)
def test_a_padding_in_numbers_stays_to_be_chosen(padding: Any) -> None:
    shown = stride(7, 3, 2, padding)
    toggle = controls(shown)["padding"]
    before = shown.picture.value
    assert [name for name, _ in toggle.options] == ["valid", "same", str(padding)]
    toggle.value = "valid"
    assert shown.picture.value != before
    toggle.index = 2
    assert shown.picture.value == before


def test_an_output_cell_and_a_pixel_can_be_chosen() -> None:
    shown = stride()
    choose(shown, "output", 1, 2)
    assert shown.picture.value == drawn((7, 7), row=1, column=2)
    choose(shown, "input", 6, 4)
    assert shown.picture.value == drawn((7, 7), row=1, column=2, pixel=(6, 4))
    assert shown.picture.answered == shown.picture.chosen["at"]


def test_a_pixel_stays_the_same_pixel_when_zeros_come_around_it() -> None:
    shown = stride()
    controls(shown)["padding"].value = "same"
    assert "Pixel in row 3, column 3" in shown.picture.value
    choose(shown, "input", 4, 5)
    assert "Pixel in row 4, column 5" in shown.picture.value
    choose(shown, "input", 0, 5)
    assert "The chosen zero" in shown.picture.value


def test_a_window_that_does_not_fit_is_explained_and_can_be_undone() -> None:
    shown = stride(2, 2)
    before = shown.picture.value
    controls(shown)["kernel_size"].value = 3
    assert 'role="alert"' in shown.picture.value
    controls(shown)["kernel_size"].value = 2
    assert shown.picture.value == before


def test_a_start_that_does_not_fit_is_explained_too() -> None:
    assert "window 3 is larger than height 2" in stride((2, 5)).picture.value


@pytest.mark.parametrize("shape", [(1, 1), (64, 64), (1, 64)])
def test_the_smallest_and_the_largest_image_can_be_started_with(shape: Any) -> None:
    assert stride(shape, 1).picture.value == drawn(shape, 1, pixel=(0, 0))


@pytest.mark.parametrize(
    "arguments", [{"input_shape": 0}, {"kernel_size": 0}, {"padding": "full"}], ids=str
)
def test_a_start_that_makes_no_layer_is_refused(arguments: Any) -> None:
    with pytest.raises(CourseError):
        stride(**arguments)


def test_an_image_too_large_to_be_shown_is_refused() -> None:
    with pytest.raises(ShapeError, match="at most 64"):
        stride((65, 5))


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = stride()
    controls(shown)["strides"].value = 4
    assert_kept_when_saved(shown, drawn((7, 7), 3, 4))
