"""Stacks as plain data, layer by layer; and those that do not fit together."""

from typing import Any

import pytest

from course import ShapeError, SpecError, Stack
from course import layers as L
from course.networks import mnist_net
from course.stack import Graph, Node
from tests.course.layers.test_shapes import CONV, QUESTIONS


def test_a_flat_stack_has_the_layers_of_inner_stacks_in_order_with_their_own_names() -> None:
    inner = Stack([L.Conv2D(8, 3), Stack([L.MaxPooling2D(name="deep")])], name="inner")
    stack = Stack([L.Conv2D(4, 3), inner, L.Flatten(), L.Dense(10, name="last")])
    assert stack.flat() == (
        ("conv2d", L.Conv2D(4, 3)),
        ("conv2d", L.Conv2D(8, 3)),
        ("deep", L.MaxPooling2D()),
        ("flatten", L.Flatten()),
        ("last", L.Dense(10)),
    )


def test_a_stack_without_inner_stacks_is_as_flat_as_it_is() -> None:
    net = mnist_net()
    assert net.flat() == tuple(zip(net.names, net.layers, strict=True))


def test_a_graph_in_a_stack_stays_one_layer() -> None:
    graph = Graph("branch", (Node("flatten", L.Flatten(), (0,)),), (1,))
    assert [layer for _, layer in Stack([graph, L.Dense(3)]).flat()] == [graph, L.Dense(3)]


@pytest.mark.parametrize(
    ("layer", "first"),
    [
        (L.Conv2D(8, 3), False),
        (L.Conv2D(8, 3, data_format="channels_first"), True),
        (L.MaxPooling2D(data_format="CHANNELS_FIRST"), True),
        (L.Flatten(data_format="channels_first"), True),
        (L.Flatten(), False),
        (L.ZeroPadding2D(data_format="channels_first"), True),
        (L.Cropping1D(), False),
        (L.SpatialDropout2D(0.5, data_format="channels_first"), True),
        (L.GlobalMaxPooling2D("channels_first"), True),
        (L.Dense(10), False),
        (L.Add(), False),
        (L.UnknownLayer("Odd", (3,)), False),
    ],
    ids=repr,
)
def test_a_layer_says_whether_the_channels_are_first(layer: L.Layer, first: bool) -> None:
    assert layer.channels_first is first


STACKS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "empty": ([], ("Stack: a stack needs at least one layer", "give Stack a list of layers")),
    "text in it": (
        [L.Dense(3), "relu"],
        ("Stack: place 2 of the stack holds 'relu', which is no layer", "give layers of course"),
    ),
    "a class in it": ([L.Dense], ("place 1 of the stack holds <class", "which is no layer")),
    "a name twice": (
        [L.Dense(3, name="a"), L.Dense(3, name="a")],
        ("Stack: two layers are named 'a'", "give each its own name"),
    ),
    "a given name like a made one": (
        [L.Dense(3), L.Dense(3, name="dense")],
        ("two layers are named 'dense'", "give each its own name"),
    ),
    "a made name like a given one": (
        [L.Dense(3, name="dense"), L.Dense(3)],
        ("two layers are named 'dense'", "give each its own name"),
    ),
    "one layer, no list": (L.Dense(3), ("Stack: ", "Dense(3)", "list of layers")),
    "None": (None, ("Stack: ", "None", "list of layers")),
}


@pytest.mark.parametrize("case", STACKS.values(), ids=STACKS.keys())
def test_a_stack_that_cannot_be_says_why(case: tuple[Any, tuple[str, ...]]) -> None:
    layers, pieces = case
    with pytest.raises(SpecError) as caught:
        Stack(layers)
    for piece in pieces:
        assert piece in str(caught.value)


def test_an_error_in_a_stack_names_the_layer_s_number_name_and_kind() -> None:
    stack = Stack([L.Conv2D(8, 3), L.MaxPooling2D(5, name="pool2")])
    with pytest.raises(ShapeError) as caught:
        stack.trace((6, 6, 1))
    assert str(caught.value) == (
        "layer 2 'pool2' (MaxPooling2D): window 5 is larger than height 4; "
        "use a smaller pool_size or padding='same'"
    )
    assert caught.value._render_traceback_() == [f"ShapeError: {caught.value}"]


def test_an_error_in_a_stack_names_a_layer_that_was_given_no_name() -> None:
    stack = Stack([L.Conv2D(8, 3), L.Flatten(), L.Dense(4), L.Conv2D(8, 3)])
    with pytest.raises(ShapeError, match=r"^layer 4 'conv2d_1' \(Conv2D\): the input shape \(4,\)"):
        stack.output_shape((6, 6, 1))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stack_refuses_a_bad_shape_by_its_own_name(question: str) -> None:
    with pytest.raises(ShapeError, match=r"^Stack: the input shape \(None, 6, 6, 1\) holds None"):
        getattr(Stack([CONV]), question)((None, 6, 6, 1))
