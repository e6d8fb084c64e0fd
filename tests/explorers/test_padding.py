"""The padding explorer: each control, each choice of a cell, and the saved copies."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course.errors import CourseError, ShapeError
from course.explorers import padding
from course.pictures.padding import PaddingState, padding_html
from tests.explorers.moving import assert_kept_when_saved, choose, controls
from tests.strategies import for_all


def test_the_explorer_starts_where_it_was_told_to() -> None:
    assert padding().picture.value == padding_html(PaddingState(5, 3, 1, 1))
    started = padding((4, 6), 2, 3, 0)
    assert started.picture.value == padding_html(PaddingState((4, 6), 2, 3, 0))
    values = {name: control.value for name, control in controls(started).items()}
    assert values == {"height": 4, "width": 6, "kernel_size": 2, "strides": 3, "P": 0}


def test_any_walk_through_the_controls_ends_in_the_right_picture() -> None:
    shown = padding()
    sliders = controls(shown)

    def claim(values: dict[str, int]) -> None:
        for name, value in values.items():
            sliders[name].value = value
        now = dict(values)
        shape = now.pop("height"), now.pop("width")
        assert shown.picture.value == padding_html(PaddingState(shape, **now))

    values = {name: st.integers(each.min, each.max) for name, each in sliders.items()}
    for_all(st.fixed_dictionaries(values), claim, 15)


def test_a_pair_of_different_numbers_gets_two_sliders() -> None:
    """The D2L book's example."""
    shown = padding(8, (3, 5), (3, 4), (0, 1))
    sliders = controls(shown)
    names = ["height", "width", "F_h", "F_w", "S_h", "S_w", "P_h", "P_w"]
    assert list(sliders) == names
    sliders["F_w"].value = 4
    sliders["P_h"].value = 2
    assert shown.picture.value == padding_html(PaddingState(8, (3, 4), (3, 4), (2, 1)))


def test_a_chosen_cell_is_looked_at_under_every_convention_and_stays() -> None:
    shown = padding()
    for grid, row, column in (("'same'", 4, 4), ("'valid'", 2, 1), ("P = 1", 3, 0)):
        choose(shown, grid, row, column)
        assert shown.picture.value == padding_html(PaddingState(5, 3, 1, 1, row, column))
        assert shown.picture.answered == shown.picture.chosen["at"]
    controls(shown)["height"].value = 6
    assert shown.picture.value == padding_html(PaddingState((6, 5), 3, 1, 1, 3, 0))


def test_what_does_not_fit_is_explained_and_can_be_undone() -> None:
    shown = padding()
    before = shown.picture.value
    controls(shown)["kernel_size"].value = 11
    assert shown.picture.value.count('role="alert"') == 2
    controls(shown)["kernel_size"].value = 3
    assert shown.picture.value == before


@pytest.mark.parametrize("value", [(1, 1), (64, 64), (1, 64)])
def test_the_smallest_and_the_largest_image_can_be_started_with(value: Any) -> None:
    assert padding(value).picture.value == padding_html(PaddingState(value, 3, 1, 1))


@pytest.mark.parametrize(
    "arguments",
    [{"input_shape": 0}, {"kernel_size": 0}, {"strides": (1, 0)}, {"P": -1}, {"P": 1.5}],
    ids=str,
)
def test_a_start_that_makes_no_layer_is_refused(arguments: Any) -> None:
    with pytest.raises(CourseError):
        padding(**arguments)


def test_an_image_too_large_to_be_shown_is_refused() -> None:
    with pytest.raises(ShapeError, match="at most 64"):
        padding((5, 65))


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = padding()
    controls(shown)["strides"].value = 2
    assert_kept_when_saved(shown, padding_html(PaddingState(5, 3, 2, 1)))
