"""Misconceptions about depths, and about all values in one row."""

from collections.abc import Callable
from typing import Any

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.tree_edits import Mutation, depth_of_input, only_if
from autograder.verdicts import text
from course.expression import Expression, Leaf, Product, plus, product
from course.layers import Dense
from course.layers.base import SIZE_LETTERS
from course.layers.convolution import Convolving
from course.layers.pooling import GlobalPool


def on_depth(change: Callable[[Expression, Leaf], Expression]) -> Mutation:
    """The mutation that changes the depth of what has filters, given it and the input's depth."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if not isinstance(trees.layer, Convolving | Dense):
            return None
        depth = change(trees.outputs["D_out"], depth_of_input(trees))
        return trees.with_outputs(trees.outputs | {"D_out": depth})

    return mutation


DEPTH_FROM_INPUT = (
    Rule(
        "depth-from-input",
        "output depth",
        only_if(lambda trees: trees.convolves, on_depth(lambda depth, depth_in: depth_in)),
        text(
            "depth-from-input",
            "This is the depth of what goes in. What decides how many channels come out?",
        ),
    ),
    Rule(
        "depth-from-input",
        "output depth",
        only_if(
            lambda trees: isinstance(trees.layer, Dense),
            on_depth(lambda depth, depth_in: depth_in),
        ),
        text(
            "depth-from-input.dense",
            "This is the number of inputs. What decides how many numbers a dense layer gives?",
        ),
    ),
)


DEPTH_TIMES_INPUT = (
    Rule(
        "depth-times-input",
        "output depth",
        only_if(lambda trees: trees.sums_channels, on_depth(product)),
        text(
            "depth-times-input",
            "Here each filter gives a channel for every channel of the input. "
            "What does a filter do with the products of the input's channels?",
        ),
    ),
)


ONE_FILTER_GIVES_THE_DEPTH = (
    Rule(
        "filters-ignored",
        "output depth",
        on_depth(lambda depth, depth_in: Leaf(1)),
        text(
            "filters-ignored.depth",
            "That would be the output of a single {each}. How many does the layer have?",
        ),
    ),
)


# All values in one row ----------------------------------------------------------------------------


def flat(change: Callable[[tuple[Expression, ...]], Expression]) -> Mutation:
    """The mutation that changes the product of a Flatten."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        tree = trees.outputs.get("D_out")
        if len(trees.outputs) != 1 or not isinstance(tree, Product):
            return None
        return trees.with_outputs({"D_out": change(tree.factors)})

    return mutation


CHANNELS_LOST = (
    Rule(
        "channels-lost",
        "input depth",
        flat(lambda factors: product(*factors[:-1])),
        text(
            "channels-lost",
            "Here every place holds a single number. How many channels are there at each place?",
        ),
    ),
)


SIZES_ADDED = (
    Rule(
        "added-not-multiplied",
        "factors",
        flat(lambda factors: plus(*factors)),
        text(
            "added-not-multiplied.sizes",
            "Here numbers are added that belong in a product. How many values does a grid hold?",
        ),
    ),
)


def global_pooling_ignored(trees: LayerTrees) -> LayerTrees | None:
    """Keeps all that goes into a global pooling, in one row."""
    layer: Any = trees.layer
    if not isinstance(layer, GlobalPool) or len(trees.outputs) != 1:
        return None
    letters = SIZE_LETTERS[layer.rank]
    shape: Any = trees.input_shape
    sizes = zip(layer.spatial(shape), letters, strict=True)
    factors = [Leaf(size, f"{letter}_in") for size, letter in sizes]
    return trees.with_outputs({"D_out": product(*factors, depth_of_input(trees))})


GLOBAL_POOLING_IGNORED = (
    Rule(
        "pooling-ignored",
        "pooling",
        global_pooling_ignored,
        text(
            "pooling-ignored.global",
            "Here everything that goes in is kept. What does a global pooling leave of each "
            "channel?",
        ),
    ),
)
