"""The fully connected explorer: each slider, the button, what is refused, and the saved copy."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course.errors import CourseError
from course.explorers import fully_connected
from course.pictures.fully_connected import FullyConnectedState, fully_connected_html
from tests.explorers.moving import assert_kept_when_saved, assert_moves, controls
from tests.strategies import for_all

START = {"input_shape": (28, 28, 1), "units": 784, "filters": 4, "kernel_size": 3}


def drawn(**state: Any) -> str:
    return fully_connected_html(FullyConnectedState(**START | state))


def test_the_explorer_starts_with_the_images_of_digits() -> None:
    shown = fully_connected()
    assert shown.picture.value == drawn()
    assert "614,656 weights" in shown.picture.value


@pytest.mark.parametrize(
    ("label", "value", "state"),
    [
        ("height", 400, {"input_shape": (400, 28, 1)}),
        ("width", 500, {"input_shape": (28, 500, 1)}),
        ("channels", 3, {"input_shape": (28, 28, 3)}),
        ("units", 10_000_000, {"units": 10_000_000}),
        ("filters", 64, {"filters": 64}),
        ("kernel_size", 11, {"kernel_size": 11}),
    ],
)
def test_moving_a_control_changes_the_picture(label: str, value: int, state: Any) -> None:
    shown = fully_connected()
    assert_moves(shown, controls(shown)[label], value, drawn(), drawn(**state))


def test_any_walk_ends_in_the_picture_of_where_it_ends() -> None:
    shown = fully_connected()
    moving = controls(shown)
    del moving["As many units as inputs"]

    def claim(state: dict[str, Any]) -> None:
        for label, value in state.items():
            moving[label].value = value
        shape = tuple(state.pop(side) for side in ("height", "width", "channels"))
        assert shown.picture.value == drawn(input_shape=shape, **state)

    def values(control: Any) -> st.SearchStrategy[Any]:
        if hasattr(control, "options"):
            return st.sampled_from([value for _, value in control.options])
        return st.integers(control.min, control.max)

    walks = {label: values(control) for label, control in moving.items()}
    for_all(st.fixed_dictionaries(walks), claim, 40)


def test_the_button_gives_as_many_units_as_inputs() -> None:
    shown = fully_connected((20, 30, 3))
    seen: list[str] = []
    shown.picture.observe(lambda change: seen.append(change["new"]), "value")
    controls(shown)["As many units as inputs"].click()
    assert controls(shown)["units"].value == 1800
    assert shown.picture.value == drawn(input_shape=(20, 30, 3), units=1800)
    assert controls(shown)["units"].label == "1,800"


def test_with_more_inputs_than_the_chart_has_units_the_button_rests() -> None:
    shown = fully_connected((2000, 2000, 3))
    button = controls(shown)["As many units as inputs"]
    assert button.disabled
    controls(shown)["height"].value = 1000
    assert not button.disabled
    button.click()
    assert controls(shown)["units"].value == 6_000_000


def test_the_largest_layer_is_counted_in_full() -> None:
    shown = fully_connected((400, 500, 3), 792_816)
    assert "475,689,600,000 weights" in shown.picture.value
    assert controls(shown)["width"].max == 500


def test_a_window_that_does_not_fit_is_explained_and_can_be_undone() -> None:
    shown = fully_connected((2, 9, 1))
    assert 'role="alert"' in shown.picture.value
    controls(shown)["kernel_size"].value = 2
    assert shown.picture.value == drawn(input_shape=(2, 9, 1), kernel_size=2)
    assert 'role="alert"' not in shown.picture.value


@pytest.mark.parametrize(
    "arguments",
    [
        {"input_shape": (28, 28)},
        {"input_shape": (28, 0, 1)},
        {"input_shape": 28},
        {"units": 0},
        {"units": 10**7 + 1},
        {"units": 2.5},
        {"filters": 0},
        {"kernel_size": "3"},
    ],
    ids=str,
)
def test_a_start_that_makes_no_layer_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        fully_connected(**arguments)


@pytest.mark.parametrize(("label", "value"), [("filters", 500), ("kernel_size", 15)])
def test_a_start_beyond_the_usual_range_widens_it(label: str, value: int) -> None:
    shown = fully_connected(**{label: value})
    assert controls(shown)[label].value == value
    assert shown.picture.value == drawn(**{label: value})


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = fully_connected()
    controls(shown)["filters"].value = 7
    assert_kept_when_saved(shown, drawn(filters=7))
