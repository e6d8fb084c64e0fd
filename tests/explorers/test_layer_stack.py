"""The layer stack explorer: layers added, removed, moved and changed, and the saved copy."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course import Stack
from course import layers as L
from course.errors import CourseError, SpecError
from course.explorers import layer_stack
from course.explorers.layer_stack import KINDS, LayerStack
from course.pictures.layer_stack import LayerStackState, layer_stack_html
from tests.explorers.moving import assert_kept_when_saved
from tests.strategies import for_all

LAYERS = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)]


def drawn(layers: Any, shape: Any = (28, 28, 1), **place: int) -> str:
    return layer_stack_html(LayerStackState(tuple(layers), shape, **place))


def press(shown: LayerStack, *names: str) -> None:
    for name in names:
        shown.buttons[name].click()


def hidden(shown: LayerStack) -> set[str]:
    return {name for name, each in shown.arguments.items() if each.layout.display == "none"}


def test_the_explorer_starts_with_the_last_layer_chosen() -> None:
    shown = layer_stack(LAYERS)
    assert shown.picture.value == drawn(LAYERS, place=3)
    assert [label for label, _ in shown.chosen.options] == [
        "1. Conv2D",
        "2. MaxPooling2D",
        "3. Flatten",
        "4. Dense",
    ]
    assert "13 × 13 × 32" in layer_stack().picture.value


def test_layers_are_added_after_the_chosen_one() -> None:
    shown = layer_stack(LAYERS)
    shown.chosen.value = 0
    shown.kind.value = "Dropout"
    press(shown, "Add")
    wanted = [LAYERS[0], L.Dropout(0.5), *LAYERS[1:]]
    assert shown.layers == wanted
    assert shown.chosen.value == 1
    assert shown.picture.value == drawn(wanted, place=1)


def test_layers_are_removed_down_to_none_and_added_again() -> None:
    shown = layer_stack(LAYERS)
    shown.chosen.value = 1
    press(shown, "Remove")
    assert shown.layers == [LAYERS[0], *LAYERS[2:]]
    assert shown.chosen.value == 1
    press(shown, "Remove", "Remove", "Remove", "Remove", "Move up")
    assert shown.layers == []
    assert shown.picture.value == drawn([])
    assert hidden(shown) == {"filters", "window", "strides", "padding"}
    press(shown, "Add")
    assert shown.layers == [L.Conv2D(16, 3)]
    assert shown.picture.value == drawn([L.Conv2D(16, 3)])
    assert hidden(shown) == set()


def test_layers_change_places() -> None:
    shown = layer_stack(LAYERS)
    shown.chosen.value = 1
    press(shown, "Move up")
    assert shown.layers == [LAYERS[1], LAYERS[0], *LAYERS[2:]]
    assert shown.chosen.value == 0
    press(shown, "Move up")
    assert shown.chosen.value == 0
    press(shown, "Move down")
    assert shown.layers == LAYERS
    shown.chosen.value = 3
    press(shown, "Move down")
    assert shown.layers == LAYERS
    assert shown.picture.value == drawn(LAYERS, place=3)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_added_to_an_image(kind: str) -> None:
    shown = layer_stack([L.Conv2D(8, 3)])
    shown.kind.value = kind
    press(shown, "Add")
    assert 'role="alert"' not in shown.picture.value
    assert type(shown.layers[1]).__name__ == kind


@pytest.mark.parametrize(
    ("place", "name", "value", "layer"),
    [
        (0, "filters", 5, L.Conv2D(5, 3)),
        (0, "window", 5, L.Conv2D(8, 5)),
        (0, "strides", 2, L.Conv2D(8, 3, strides=2)),
        (0, "padding", "same", L.Conv2D(8, 3, padding="same")),
        (1, "window", 3, L.MaxPooling2D(3, strides=2)),
        (1, "strides", 1, L.MaxPooling2D(strides=1)),
        (3, "filters", 300, L.Dense(300)),
    ],
)
def test_a_control_changes_one_argument_of_the_chosen_layer(
    place: int, name: str, value: Any, layer: L.Layer
) -> None:
    shown = layer_stack(LAYERS)
    shown.chosen.value = place
    control = shown.padding if name == "padding" else shown.argument_sliders[name]
    control.value = value
    wanted = [*LAYERS]
    wanted[place] = layer
    assert shown.layers == wanted
    assert shown.picture.value == drawn(wanted, place=place)


def test_choosing_a_layer_changes_none() -> None:
    odd = [
        L.Conv2D(1000, (3, 5), strides=(1, 2)),
        L.Conv2D(8, 3, padding=2),
        L.MaxPooling2D((2, 3), padding="same"),
        L.Conv2D(8, 13, padding="same"),
        L.Dense(4000),
    ]
    shown = layer_stack(odd)
    for place in (*range(5), *reversed(range(5))):
        shown.chosen.value = place
        assert shown.picture.value == drawn(odd, place=place)
    assert shown.layers == odd
    shown.argument_sliders["filters"].value = 999
    assert shown.layers == [L.Conv2D(999, (3, 5), strides=(1, 2)), *odd[1:]]


def test_controls_are_named_after_the_arguments_and_others_are_hidden() -> None:
    shown = layer_stack([*LAYERS, L.Conv2D(8, (3, 5), padding=1)])
    labels = []
    for place in range(5):
        shown.chosen.value = place
        sliders = shown.argument_sliders.items()
        labels.append([each.description for key, each in sliders if key not in hidden(shown)])
    assert labels == [
        ["filters", "kernel_size", "strides"],
        ["pool_size", "strides"],
        [],
        ["units"],
        ["filters", "strides"],
    ]
    assert "padding" in hidden(shown)


def test_a_value_that_the_layer_refuses_is_explained_and_changes_nothing() -> None:
    shown = layer_stack([L.Conv2D(8, 3, groups=4)], (28, 28, 4))
    with pytest.raises(SpecError) as refused:
        L.Conv2D(9, 3, groups=4)
    shown.argument_sliders["filters"].value = 9
    assert 'role="alert"' in shown.picture.value
    assert refused.value.problem in shown.picture.value
    assert shown.layers == [L.Conv2D(8, 3, groups=4)]
    shown.argument_sliders["filters"].value = 12
    assert shown.layers == [L.Conv2D(12, 3, groups=4)]
    assert shown.picture.value == drawn(shown.layers, (28, 28, 4))


def test_a_stack_that_cannot_be_built_lives_on() -> None:
    shown = layer_stack([L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 5)], (8, 8, 1))
    assert "window 5 is larger than height 3" in shown.picture.value
    shown.argument_sliders["window"].value = 3
    assert 'role="alert"' not in shown.picture.value
    shown.sizes[0].value = 1
    assert "window 3 is larger than height 1" in shown.picture.value
    press(shown, "Remove", "Remove", "Remove")
    assert "There is no layer yet." in shown.picture.value


def test_a_unit_is_chosen_and_stays_inside() -> None:
    shown = layer_stack(LAYERS[:2])
    shown.picture.chosen = {"grid": "unit", "row": 12, "column": 4, "at": 1.0}
    assert shown.picture.value == drawn(LAYERS[:2], place=1, row=12, column=4)
    assert "row 13, column 5 sees rows 25 to 28 and columns 9 to 12" in shown.picture.value
    shown.sizes[0].value = 6
    assert "row 2, column 5 sees rows 3 to 6" in shown.picture.value


def test_any_walk_ends_in_the_picture_of_where_it_ends() -> None:
    acts = st.one_of(
        st.sampled_from(["Add", "Remove", "Move up", "Move down"]),
        st.tuples(st.just("kind"), st.sampled_from(sorted(KINDS))),
        st.tuples(st.sampled_from(["filters", "window", "strides"]), st.integers(1, 5)),
        st.tuples(st.just("padding"), st.sampled_from(["valid", "same"])),
        st.tuples(st.sampled_from(["height", "width", "channels"]), st.integers(1, 16)),
        st.tuples(st.just("chosen"), st.integers(0, 5)),
    )

    def claim(walk: list[Any]) -> None:
        shown = layer_stack([L.Conv2D(8, 3), L.MaxPooling2D()], (16, 16, 2))
        for act in walk:
            redraw_on(shown, act)
            state = shown.state
            assert state.layers == tuple(shown.layers)
            assert len(shown.chosen.options) == len(shown.layers)
            assert shown.picture.value == layer_stack_html(state)

    for_all(st.lists(acts, max_size=12), claim, 60)


def redraw_on(shown: LayerStack, act: Any) -> None:
    """Do one thing that a reader can do."""
    if isinstance(act, str):
        return press(shown, act)
    name, value = act
    sides = {each.description: each for each in shown.sizes}
    if name == "chosen":
        if value < len(shown.layers):
            shown.chosen.value = value
    elif name == "kind":
        shown.kind.value = value
    elif name in sides:
        sides[name].value = value
    elif name not in hidden(shown):
        control = shown.padding if name == "padding" else shown.argument_sliders[name]
        control.value = value
    return None


def test_no_control_passes_through_another_layers_values() -> None:
    """A slider under the hand would jump."""
    shown = layer_stack([L.Conv2D(8, 3), L.Conv2D(9, 5)])
    seen: list[int] = []
    shown.argument_sliders["filters"].observe(lambda change: seen.append(change["new"]), "value")
    shown.argument_sliders["filters"].value = 20
    shown.argument_sliders["filters"].value = 21
    assert seen == [20, 21]
    press(shown, "Add")
    assert seen == [20, 21, 16]


@pytest.mark.parametrize(
    "arguments",
    [
        {"layers": [3]},
        {"layers": []},
        {"layers": [Stack([L.Flatten()])]},
        {"layers": [L.Conv2D(8, 3, data_format="channels_first")]},
        {"layers": [L.Conv2D(8, 3, name="a"), L.Conv2D(8, 3, name="a")]},
        {"input_shape": (28, 28)},
        {"input_shape": (0, 28, 1)},
    ],
    ids=str,
)
def test_a_start_that_is_no_stack_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        layer_stack(**arguments)


def test_an_image_beyond_the_usual_range_widens_it() -> None:
    shown = layer_stack(LAYERS, (400, 500, 30))
    assert [each.max for each in shown.sizes] == [400, 500, 30]
    assert shown.picture.value == drawn(LAYERS, (400, 500, 30), place=3)


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = layer_stack(LAYERS)
    press(shown, "Remove")
    assert_kept_when_saved(shown, drawn(LAYERS[:3], place=2))
