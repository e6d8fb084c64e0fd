"""Parameter sharing: the dial, each slider, what does not fit, and the saved copies."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course.errors import CourseError
from course.explorers import parameter_sharing
from course.pictures.parameter_sharing import SharingState, parameter_sharing_html
from tests.explorers.moving import assert_kept_when_saved, assert_moves
from tests.explorers.moving import controls as labelled
from tests.strategies import for_all

START = {
    "input_shape": (32, 32, 3),
    "filters": 20,
    "kernel_size": 8,
    "strides": 2,
    "padding": 1,
}
SHARINGS = ("fully connected", "unshared", "shared")


def controls(shown: Any) -> dict[str, Any]:
    """The controls by their labels, and the dial, which has none."""
    found = labelled(shown)
    return found | {"dial": found.pop("")}


def drawn(**state: Any) -> str:
    return parameter_sharing_html(SharingState(**START | state))


def test_the_explorer_starts_with_the_quiz() -> None:
    shown = parameter_sharing()
    assert shown.picture.value == drawn()
    for count in ("12,046,160", "756,560", "3,860"):
        assert f"<b>{count}</b>" in shown.picture.value
    assert controls(shown)["dial"].options == SHARINGS


@pytest.mark.parametrize(
    ("label", "value", "state"),
    [
        ("dial", "fully connected", {"sharing": "fully connected"}),
        ("dial", "unshared", {"sharing": "unshared"}),
        ("height", 40, {"input_shape": (40, 32, 3)}),
        ("width", 64, {"input_shape": (32, 64, 3)}),
        ("depth", 1, {"input_shape": (32, 32, 1)}),
        ("filters", 1, {"filters": 1}),
        ("kernel_size", 3, {"kernel_size": 3}),
        ("strides", 5, {"strides": 5}),
        ("padding", 0, {"padding": 0}),
    ],
)
def test_moving_a_control_changes_the_picture(label: str, value: Any, state: Any) -> None:
    shown = parameter_sharing()
    assert_moves(shown, controls(shown)[label], value, drawn(), drawn(**state))


def test_any_walk_ends_in_the_picture_of_where_it_ends() -> None:
    shown = parameter_sharing()
    moving = controls(shown)

    def claim(state: dict[str, Any]) -> None:
        for label, value in state.items():
            moving[label].value = value
        shape = tuple(state.pop(side) for side in ("height", "width", "depth"))
        assert shown.picture.value == drawn(input_shape=shape, sharing=state.pop("dial"), **state)

    def values(control: Any) -> st.SearchStrategy[Any]:
        if hasattr(control, "options"):
            return st.sampled_from(control.options)
        return st.integers(control.min, control.max)

    walks = {label: values(control) for label, control in moving.items()}
    for_all(st.fixed_dictionaries(walks), claim, 40)


def test_a_window_that_does_not_fit_is_explained_and_can_be_undone() -> None:
    shown = parameter_sharing((4, 9, 3), padding=0)
    assert 'role="alert"' in shown.picture.value
    assert "window 8 is larger than height 4" in shown.picture.value
    controls(shown)["kernel_size"].value = 4
    assert shown.picture.value == drawn(input_shape=(4, 9, 3), padding=0, kernel_size=4)


def test_a_rectangular_window_has_a_slider_for_each_side() -> None:
    shown = parameter_sharing(kernel_size=(3, 5))
    assert shown.picture.value == drawn(kernel_size=(3, 5))
    controls(shown)["F_w"].value = 1
    assert shown.picture.value == drawn(kernel_size=(3, 1))


def test_the_layers_on_a_photo_of_400x500_are_counted_in_full() -> None:
    shown = parameter_sharing((400, 500, 3), 4, 3, 1, 0)
    assert "475,689,600,000 weights" in shown.picture.value
    assert "108 weights" in shown.picture.value
    assert controls(shown)["width"].max == 500


@pytest.mark.parametrize(
    "arguments",
    [
        {"input_shape": (32, 32)},
        {"input_shape": (32, 0, 3)},
        {"input_shape": 32},
        {"filters": 0},
        {"kernel_size": (1, 2, 3)},
        {"kernel_size": "8"},
        {"strides": (1, 2)},
        {"padding": "same"},
        {"padding": -1},
    ],
    ids=str,
)
def test_a_start_that_makes_no_layer_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        parameter_sharing(**arguments)


@pytest.mark.parametrize(
    ("label", "value"), [("filters", 500), ("kernel_size", 15), ("strides", 9), ("padding", 7)]
)
def test_a_start_beyond_the_usual_range_widens_it(label: str, value: int) -> None:
    shown = parameter_sharing(**{label: value})
    assert controls(shown)[label].value == value
    assert shown.picture.value == drawn(**{label: value})


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = parameter_sharing()
    controls(shown)["dial"].value = "unshared"
    assert_kept_when_saved(shown, drawn(sharing="unshared"))
