"""Stacks as plain data, layer by layer."""

import pytest

from course import Stack
from course import layers as L
from course.networks import mnist_net
from course.stack import Graph, Node


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
