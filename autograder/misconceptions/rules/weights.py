"""Misconceptions about what has a weight: the window, the channels, the filters, the parameters."""

from dataclasses import replace

from autograder.misconceptions.layer_trees import LayerTrees, layer_trees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.tree_edits import (
    Mutation,
    has,
    only_if,
    without,
    without_factor,
)
from autograder.verdicts import text
from course.expression import Expression, Leaf, Product, plus, product, rebuilt
from course.layers import Dense
from course.layers.depthwise import Depthwise, Separable

PARAMETERS = ("param_count", "trainable_count", "weight_count")
APART = (Depthwise, Separable)
SUM = ("window", "input depth", "filters", "factors", "places")
"""The facets of a count that is made in another way altogether."""


def weights_without(parameter: str) -> Mutation:
    """The mutation that leaves a parameter out of the weights."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if trees.weights is None or not has(trees.weights, parameter) or not trees.convolves:
            return None
        return replace(trees, weights=rebuilt(trees.weights, without_factor(parameter)))

    return mutation


def channels_left_out(trees: LayerTrees) -> LayerTrees:
    """Counts weights and biases as if the input had a single channel."""
    change = without_factor("D_in")
    weights, biases = (tree and rebuilt(tree, change) for tree in (trees.weights, trees.biases))
    return replace(trees, weights=weights, biases=biases)


INPUT_CHANNELS_IGNORED = (
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda trees: not isinstance(trees.layer, APART), weights_without("D_in")),
        text(
            "input-channels-ignored",
            "Here the filters are one channel deep. How many channels of its input does a filter "
            "see?",
        ),
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda trees: isinstance(trees.layer, APART), weights_without("D_in")),
        text(
            "input-channels-ignored.apart",
            "Here the input counts as one channel. What does the layer do with each of its "
            "channels?",
        ),
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda trees: isinstance(trees.layer, Depthwise), channels_left_out),
        text(
            "input-channels-ignored.apart",
            "Here the input counts as one channel. What does the layer do with each of its "
            "channels?",
        ),
        ("biases",),
    ),
)


def sides_of_window(kept: slice) -> Mutation:
    """Counts the window along some of its sides only."""

    def change(part: Expression) -> Expression:
        if not isinstance(part, Product):
            return part
        sides = [place for place, factor in enumerate(part.factors) if is_side(factor)]
        dropped = set(sides) - set(sides[kept])
        return product(*(f for place, f in enumerate(part.factors) if place not in dropped))

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if trees.weights is None or not trees.convolves:
            return None
        return replace(trees, weights=rebuilt(trees.weights, change))

    return mutation


def is_side(part: Expression) -> bool:
    """Whether this is the window's size along one axis."""
    return isinstance(part, Leaf) and part.parameter == "F"


KERNEL_NOT_SQUARED = (
    Rule(
        "kernel-not-squared",
        "window",
        sides_of_window(slice(0, 1)),
        text(
            "kernel-not-squared",
            "Here the window is counted along one side only. "
            "How many pixels does the whole window cover?",
        ),
    ),
    Rule(
        "kernel-not-squared",
        "window",
        sides_of_window(slice(-1, None)),
        text(
            "kernel-not-squared.width",
            "Here the window is counted along its width only. "
            "How many pixels does the whole window cover?",
        ),
    ),
    Rule(
        "kernel-not-squared",
        "window",
        sides_of_window(slice(0, 2)),
        text(
            "kernel-not-squared.flat",
            "Here the window is counted as if it were flat. Along how many axes does it reach?",
        ),
    ),
)


def single_filter(trees: LayerTrees) -> LayerTrees | None:
    """Counts one filter of a convolution, or one unit of a dense layer."""
    if not trees.convolves and not isinstance(trees.layer, Dense):
        return None

    def one(part: Expression) -> Expression:
        return Leaf(1) if isinstance(part, Leaf) and part.letter in ("K", "U") else part

    weights = trees.weights and rebuilt(rebuilt(trees.weights, without("K")), without("U"))
    return replace(trees, weights=weights, biases=trees.biases and rebuilt(trees.biases, one))


ONE_FILTER_COUNTED = (
    Rule(
        "filters-ignored",
        "filters",
        single_filter,
        text("filters-ignored", "This counts a single {each}. How many does the layer have?"),
    ),
)


def factors_added(trees: LayerTrees) -> LayerTrees | None:
    if not isinstance(trees.weights, Product):
        return None
    return replace(trees, weights=plus(*trees.weights.factors))


FACTORS_ADDED = (
    Rule(
        "added-not-multiplied",
        "factors",
        factors_added,
        text(
            "added-not-multiplied",
            "Here numbers are added that belong in a product. If each of three units is joined to "
            "four inputs, how many connections are there?",
        ),
        SUM,
    ),
)


def trainable_or_not(asked: str, counted: str) -> Mutation:
    """Counts all parameters where those are asked for that training changes, or the reverse."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if trees.asked != asked:
            return None
        other = layer_trees(trees.layer, trees.input_shape, counted)
        return replace(trees, weights=other.weights, biases=other.biases)

    return mutation


NOT_TRAINABLE_COUNTED = (
    Rule(
        "not-trainable-counted",
        "training",
        trainable_or_not("trainable_count", "param_count"),
        text(
            "not-trainable-counted",
            "Here all parameters are counted. Which of them does training leave as they are?",
        ),
    ),
)


ONLY_TRAINABLE_COUNTED = (
    Rule(
        "only-trainable-counted",
        "training",
        trainable_or_not("param_count", "trainable_count"),
        text(
            "only-trainable-counted",
            "Here only what training changes is counted. What else does the layer keep?",
        ),
    ),
)
