"""Misconceptions about biases: how many there are, and of what."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.misconceptions.rules.positions import per_place
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.tree_edits import Mutation, depth_of_input, has, only_if, without
from autograder.verdicts import text
from course.expression import Expression, Leaf, product, rebuilt
from course.layers import Dense


def on_biases(change: Callable[[LayerTrees, Expression], Expression | None]) -> Mutation:
    """The mutation that changes how the biases among parameters are counted."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if trees.biases is None:
            return None
        return replace(trees, biases=change(trees, trees.biases))

    return mutation


NO_BIAS = (
    Rule(
        "no-bias",
        "biases",
        only_if(lambda trees: trees.weights is not None, on_biases(lambda trees, biases: None)),
        text(
            "no-bias",
            "These are the weights alone. What does each {each} have besides its weights?",
        ),
    ),
)


BIAS_ONCE = (
    Rule(
        "bias-once",
        "biases",
        on_biases(lambda trees, biases: Leaf(1)),
        text(
            "bias-once",
            "Here one bias serves the whole layer. Does every {each} make do with the same bias?",
        ),
    ),
    Rule(
        "bias-once",
        "biases",
        only_if(
            lambda trees: has(trees.biases, "W_out"),
            on_biases(lambda trees, biases: rebuilt(biases, without("W_out"))),
        ),
        text(
            "bias-once.unshared",
            "Here a filter has one bias for all places. Is anything shared between places here?",
        ),
    ),
)


BIAS_TWICE = (
    Rule(
        "bias-twice",
        "biases",
        on_biases(lambda trees, biases: product(Leaf(2), biases)),
        text(
            "bias-twice", "Here each bias is counted twice. How many biases does one {each} have?"
        ),
    ),
)


def per_input(trees: LayerTrees, biases: Expression) -> Expression:
    """A bias of each filter for each channel of the input; of a dense layer, one for each input."""
    if isinstance(trees.layer, Dense):
        return depth_of_input(trees)
    deep = trees.weights is None or has(trees.weights, "D_in")
    return product(biases, depth_of_input(trees)) if deep else biases


BIAS_PER_INPUT_CHANNEL = (
    Rule(
        "bias-per-input-channel",
        "biases",
        only_if(lambda trees: trees.sums_channels, on_biases(per_input)),
        text(
            "bias-per-input-channel",
            "Here each filter has a bias for every channel of the input. "
            "Is the bias added before the channels are summed, or after?",
        ),
    ),
    Rule(
        "bias-per-input-channel",
        "biases",
        only_if(lambda trees: isinstance(trees.layer, Dense), on_biases(per_input)),
        text(
            "bias-per-input-channel.dense",
            "Here each input has a bias. "
            "Is the bias added to the inputs, or to what a unit makes of them?",
        ),
    ),
)


BIAS_PER_POSITION = (
    Rule(
        "bias-per-position",
        "biases",
        only_if(lambda trees: trees.shares_weights, on_biases(per_place)),
        text(
            "bias-per-position",
            "Here every place of the output has a bias of its own. "
            "Does a filter get a new bias when it moves on?",
        ),
        ("places",),
    ),
)


def with_biases(trees: LayerTrees) -> LayerTrees | None:
    """Counts biases where only weights are asked for, or where there are none."""
    layer: Any = trees.layer
    if trees.asked in ("weight_count", "macs"):
        step = layer.count_step("bias_count", trees.input_shape)
    elif trees.asked and not getattr(layer, "use_bias", True):
        step = replace(layer, use_bias=True).count_step("bias_count", trees.input_shape)
    else:
        return None
    if step is None:
        return None
    biases = product(step.expression, *trees.places) if trees.asked == "macs" else step.expression
    return replace(trees, biases=biases)


BIASES_COUNTED = (
    Rule(
        "biases-counted",
        "biases",
        with_biases,
        text(
            "biases-counted",
            "Biases are counted here too. Should they be? Look at the question and at use_bias.",
        ),
    ),
)
