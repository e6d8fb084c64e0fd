"""Misconceptions about convolutions that are out of the ordinary: groups, depthwise, dilated, with
the channels first."""

from dataclasses import replace
from typing import Any

from autograder.misconceptions.layer_trees import LayerTrees, layer_trees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.rules.weights import PARAMETERS, is_side
from autograder.misconceptions.tree_edits import depth_of_input, has, without
from autograder.verdicts import text
from course.arithmetic import conv_weights
from course.expression import Expression, Leaf, leaves, product, read, rebuilt
from course.layers.depthwise import Depthwise, Separable
from course.layers.sliding import Sliding


def groups_ignored(trees: LayerTrees) -> LayerTrees | None:
    if trees.weights is None or not has(trees.weights, "g"):
        return None
    return replace(trees, weights=rebuilt(trees.weights, without("g")))


GROUPS_IGNORED = (
    Rule(
        "groups-ignored",
        "input depth",
        groups_ignored,
        text(
            "groups-ignored",
            "Here every filter sees all channels of the input. How many are in its group?",
        ),
    ),
)


def ordinary_convolution(trees: LayerTrees) -> LayerTrees | None:
    """Counts a layer that keeps channels apart as if its filters saw all of them."""
    if trees.weights is None or not isinstance(trees.layer, Depthwise | Separable):
        return None
    window = tuple(leaf for leaf in leaves(trees.weights) if is_side(leaf))
    given = {"K": (trees.outputs["D_out"],), "F": window, "D_in": (depth_of_input(trees),)}
    places = trees.places if trees.asked == "macs" else ()
    return replace(trees, weights=product(*places, read(conv_weights, given)))


ORDINARY_CONVOLUTION = (
    Rule(
        "ordinary-convolution",
        "input depth",
        ordinary_convolution,
        text(
            "ordinary-convolution",
            "This is what an ordinary convolution has. "
            "How does this layer treat the channels of its input?",
        ),
    ),
)


def gaps_counted(trees: LayerTrees) -> LayerTrees | None:
    """Counts weights for the pixels that a dilated window skips."""
    layer: Any = trees.layer
    if trees.weights is None or not trees.convolves or layer.window_size == layer.kernel_size:
        return None
    sides = zip(layer.window_size, layer.window_letters(), strict=True)

    def change(part: Expression) -> Expression:
        return Leaf(*next(sides), "F") if is_side(part) else part

    return replace(trees, weights=rebuilt(trees.weights, change))


GAPS_COUNTED = (
    Rule(
        "gaps-counted",
        "window",
        gaps_counted,
        text(
            "gaps-counted",
            "Here the gaps of the dilation have weights too. "
            "What does a filter do with the pixels that it skips?",
        ),
    ),
)


def read_channels_last(trees: LayerTrees) -> LayerTrees | None:
    """Takes the last number of a shape for the depth where it is the first."""
    layer: Any = trees.layer
    sliding = isinstance(layer, Sliding) and trees.asked in PARAMETERS
    if not sliding or layer.data_format != "channels_first":
        return None
    as_last: Any = replace(layer, data_format="channels_last")
    other = layer_trees(as_last, trees.input_shape, trees.asked)
    return replace(trees, weights=other.weights, biases=other.biases)


CHANNELS_MOVED = (
    Rule(
        "channels-moved",
        "data format",
        read_channels_last,
        text(
            "channels-moved",
            "Here the last number of the input's shape is taken for its depth. "
            "Where does the depth stand with this data_format?",
        ),
        ("input depth",),
    ),
)
