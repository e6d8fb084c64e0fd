"""The conv-dims explorer: each control changes the picture to what the engine and Keras say."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import strategies as st

from course import layers as L
from course.errors import CourseError
from course.explorers import conv_dims
from course.keras_bridge import keras, no_weights
from course.pictures.conv_dims import conv_dims_html
from tests.explorers.moving import assert_kept_when_saved, controls
from tests.pictures.reading import parsed, table_row, text_of
from tests.strategies import for_all

START = {
    "filters": 8,
    "kernel_size": 3,
    "strides": 1,
    "padding": "valid",
    "activation": "relu",
    "use_bias": True,
    "height": 28,
    "width": 30,
    "channels": 2,
}


def explorer(**changes: Any) -> Any:
    """An explorer of the starting state, some of it changed."""
    state = START | changes
    shape = tuple(state.pop(name) for name in ("height", "width", "channels"))
    return conv_dims(**state, input_shape=shape)


def parts(shown: Any) -> tuple[Any, Any]:
    """Keras's row and the button that asks for it."""
    _, picture, row, button = shown.children
    assert picture is shown.picture
    return row, button


def spec(state: dict[str, Any]) -> tuple[L.Conv2D, tuple[int, int, int]]:
    """The layer and the input that a state of the controls stands for."""
    names = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias")
    shape = (state["height"], state["width"], state["channels"])
    return L.Conv2D(**{name: state[name] for name in names}), shape


def keras_row(state: dict[str, Any]) -> tuple[str, str]:
    """Output shape and parameters of a real Keras model, asked apart from the course's bridge."""
    names = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias")
    with no_weights():
        layer = keras.layers.Conv2D(**{name: state[name] for name in names})
        shape = (state["height"], state["width"], state["channels"])
        model = keras.Sequential([keras.Input(shape), layer])
        return str(model.output_shape), f"{model.count_params():,}"


def cells(row: Any) -> list[str]:
    """The cells of the one row in Keras's table."""
    return table_row(text_of(parsed(row.value)))


def shows(shown: Any, state: dict[str, Any]) -> None:
    """Picture and Keras's row are those of the state."""
    layer, shape = spec(state)
    assert shown.picture.value == conv_dims_html(layer, shape)
    row, _ = parts(shown)
    try:
        layer.output_shape(shape)
    except CourseError:
        assert row.value == ""
    else:
        assert cells(row)[1:] == list(keras_row(state))


def test_the_controls_start_where_they_were_told_to() -> None:
    shown = explorer()
    assert {name: control.value for name, control in controls(shown).items()} == START
    shows(shown, START)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", 17),
        ("kernel_size", 5),
        ("strides", 3),
        ("padding", "same"),
        ("activation", None),
        ("use_bias", False),
        ("height", 41),
        ("width", 77),
        ("channels", 6),
    ],
)
def test_moving_a_control_changes_the_picture(name: str, value: Any) -> None:
    shown = explorer()
    before = shown.picture.value
    controls(shown)[name].value = value
    assert shown.picture.value != before
    shows(shown, START | {name: value})
    controls(shown)[name].value = START[name]
    assert shown.picture.value == before


def test_any_walk_through_the_controls_ends_in_the_right_picture() -> None:
    shown = explorer()
    moving = controls(shown)

    def values(control: Any) -> st.SearchStrategy[Any]:
        if isinstance(control.value, bool):
            return st.booleans()
        if hasattr(control, "options"):
            return st.sampled_from(
                [option[-1] if type(option) is tuple else option for option in control.options]
            )
        return st.integers(control.min, control.max)

    def claim(state: dict[str, Any]) -> None:
        for name, value in state.items():
            moving[name].value = value
        shows(shown, state)

    states = st.fixed_dictionaries({name: values(control) for name, control in moving.items()})
    for_all(states, claim, 10)


def test_a_kernel_larger_than_the_image_is_explained_and_can_be_undone() -> None:
    shown = explorer(height=5)
    controls(shown)["kernel_size"].value = 7
    assert 'role="alert"' in shown.picture.value
    assert "window 7 is larger than height 5" in shown.picture.value
    assert parts(shown)[0].value == ""
    controls(shown)["padding"].value = "same"
    shows(shown, START | {"height": 5, "kernel_size": 7, "padding": "same"})


def test_keras_always_prints_the_row_under_one_name() -> None:
    """Moving a slider is no new layer to a reader: conv2d stays conv2d."""
    shown = explorer()
    names = set()
    for filters in (9, 10, 11):
        controls(shown)["filters"].value = filters
        names.add(cells(parts(shown)[0])[0])
    assert names == {"conv2d (Conv2D)"}


def test_a_shape_of_keras_stands_on_one_line() -> None:
    shown = explorer(filters=16, kernel_size=2, strides=2, height=200, width=200, channels=1)
    assert "(None, 100, 100, 16)" in text_of(parsed(parts(shown)[0].value))


def test_with_keras_loaded_there_is_nothing_to_press() -> None:
    _, button = parts(explorer())
    assert button.layout.display == "none"


@pytest.mark.parametrize(
    ("name", "value"), [("filters", 500), ("kernel_size", 15), ("width", 1000)]
)
def test_a_start_beyond_the_usual_range_widens_it(name: str, value: int) -> None:
    shown = explorer(padding="same", **{name: value})
    assert controls(shown)[name].value == value
    shows(shown, START | {"padding": "same", name: value})


@pytest.mark.parametrize(
    "changes",
    [
        {"filters": 0},
        {"kernel_size": 29},
        {"padding": "full"},
        {"padding": 1},
        {"activation": "rely"},
        {"height": 0},
    ],
    ids=str,
)
def test_a_start_that_makes_no_layer_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        explorer(**changes)


def test_a_rectangular_window_has_a_slider_for_each_side() -> None:
    shown = explorer(kernel_size=(3, 5), strides=(1, 2))
    moving = controls(shown)
    assert [moving[name].value for name in ("F_h", "F_w", "S_h", "S_w")] == [3, 5, 1, 2]
    moving["F_w"].value = 4
    shows(shown, START | {"kernel_size": (3, 4), "strides": (1, 2)})


def test_an_activation_that_is_not_in_the_list_joins_it() -> None:
    shown = explorer(activation="gelu")
    shows(shown, START | {"activation": "gelu"})
    assert "activation='gelu'" in text_of(parsed(shown.picture.value))


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = explorer()
    controls(shown)["filters"].value = 21
    assert_kept_when_saved(shown, conv_dims_html(*spec(START | {"filters": 21})))


WITHOUT_KERAS = """
import sys
import course, course.explorers
shown = course.explorers.conv_dims()
html = shown._repr_mimebundle_()["text/html"]
shown.children[0].children[0].value = 7
loaded = {"tensorflow", "keras", "matplotlib"} & set(sys.modules)
assert not loaded, loaded
assert "<svg" in html
row, button = shown.children[2:]
assert row.value == "" and button.layout.display != "none"
"""
PRESSED = """
button.click()
assert "keras" in sys.modules
assert button.layout.display == "none"
assert "(None, 64, 64, 7)" in row.value and "196" in row.value, row.value
shown.children[0].children[0].value = 32
assert "(None, 64, 64, 32)" in row.value and "896" in row.value, row.value
"""


@pytest.mark.parametrize(
    "script", [WITHOUT_KERAS, WITHOUT_KERAS + PRESSED], ids=["first", "pressed"]
)
def test_keras_is_loaded_when_its_button_is_pressed_and_not_before(script: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
