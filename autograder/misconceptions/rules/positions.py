"""Misconceptions about how often a weight counts: once, or at every place where it is used."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.rules.weights import PARAMETERS, SUM
from autograder.misconceptions.tree_edits import Mutation, depth_of_input, only_if, without
from autograder.verdicts import text
from course.expression import Expression, Leaf, plus, product, rebuilt
from course.layers import Dense
from course.layers.base import size_letters
from course.layers.pooling import Pool


def on_both(change: Callable[[LayerTrees, Expression], Expression]) -> Mutation:
    """The mutation that changes weights and biases alike, where parameters are counted."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        if trees.asked == "macs":
            return None
        weights, biases = (tree and change(trees, tree) for tree in (trees.weights, trees.biases))
        return replace(trees, weights=weights, biases=biases)

    return mutation


def per_place(trees: LayerTrees, tree: Expression) -> Expression:
    return product(plus(tree), *trees.places)


NOT_SHARED = (
    Rule(
        "not-shared",
        "places",
        only_if(lambda trees: trees.shares_weights, on_both(per_place)),
        text(
            "not-shared",
            "Here every place of the output has weights of its own. "
            "Does a filter get new weights when it moves on?",
        ),
    ),
)


def shared(trees: LayerTrees) -> LayerTrees | None:
    change = without("W_out")
    weights, biases = (tree and rebuilt(tree, change) for tree in (trees.weights, trees.biases))
    return replace(trees, weights=weights, biases=biases)


SHARED = (
    Rule(
        "shared",
        "places",
        only_if(lambda trees: not trees.shares_weights and trees.convolves, shared),
        text("shared", "Here all places use the same weights. Does this layer share them?"),
    ),
)


def fully_connected(trees: LayerTrees) -> LayerTrees | None:
    letters = size_letters(tuple(1 for _ in trees.input_shape))
    inputs = [
        Leaf(size, f"{letter}_in") for size, letter in zip(trees.input_shape, letters, strict=True)
    ]
    outputs = [Leaf(tree.value, name) for name, tree in trees.outputs.items()]
    weights = trees.weights and product(*inputs, *outputs)
    return replace(trees, weights=weights, biases=trees.biases and product(*outputs))


def dense_on_flat(trees: LayerTrees) -> LayerTrees | None:
    """Counts a dense layer on an image as if a Flatten stood in front of it."""
    if not isinstance(trees.layer, Dense) or len(trees.input_shape) == 1 or trees.weights is None:
        return None
    inputs = zip(trees.input_shape, size_letters(tuple(map(int, trees.input_shape))), strict=True)
    factors = (Leaf(size, f"{letter}_in") for size, letter in inputs)
    return replace(trees, weights=product(*factors, Leaf(trees.layer.units, "U", "U")))


FULLY_CONNECTED = (
    Rule(
        "fully-connected",
        "places",
        only_if(lambda trees: trees.convolves, fully_connected),
        text(
            "fully-connected",
            "Here every output is joined to every input. "
            "How much of the input does one output of this layer see?",
        ),
        SUM,
    ),
    Rule(
        "fully-connected",
        "places",
        dense_on_flat,
        text(
            "fully-connected.dense",
            "Here each unit is joined to the whole input. "
            "Is there a Flatten in front of this layer? "
            "Along which axis does it look without one?",
        ),
        SUM,
    ),
)


def per_input_place(trees: LayerTrees, tree: Expression) -> Expression:
    layer: Any = trees.layer
    names = [name.replace("_out", "_in") for name in trees.outputs if name != "D_out"]
    return product(plus(tree), *map(Leaf, layer.spatial(trees.input_shape), names))


def at_input_places(trees: LayerTrees) -> LayerTrees | None:
    """Counts multiplications, or weights that are not shared, at the places of the input."""
    if not trees.convolves or (trees.asked != "macs" and trees.shares_weights):
        return None
    layer: Any = trees.layer
    letters = (leaf.letter for leaf in trees.places)
    sizes = dict(zip(letters, layer.spatial(trees.input_shape), strict=True))

    def change(part: Expression) -> Expression:
        if isinstance(part, Leaf) and part.parameter == "W_out":
            return Leaf(sizes[part.letter], part.letter.replace("_out", "_in"), "W_in")
        return part

    weights, biases = (tree and rebuilt(tree, change) for tree in (trees.weights, trees.biases))
    return replace(trees, weights=weights, biases=biases)


TIMES_INPUT_POSITIONS = (
    Rule(
        "times-input-positions",
        "places",
        only_if(lambda trees: trees.shares_weights, on_both(per_input_place)),
        text(
            "times-input-positions",
            "Here the weights are counted once for every place of the input. "
            "Does a filter get new weights when it moves on?",
        ),
    ),
    Rule(
        "times-input-positions",
        "places",
        at_input_places,
        text(
            "times-input-positions.places",
            "Here the window stands at every place of the input. At how many places does it stand?",
        ),
    ),
)


def places_ignored(trees: LayerTrees) -> LayerTrees | None:
    """Counts each multiplication once, as if there were one place."""
    if trees.asked != "macs" or trees.weights is None:
        return None
    weights = trees.weights
    for places in ("W_out", "W_in", "n"):
        weights = rebuilt(weights, without(places))
    return replace(trees, weights=weights)


POSITIONS_IGNORED = (
    Rule(
        "positions-ignored",
        "places",
        places_ignored,
        text("positions-ignored", "Here each weight is used once. At how many places is it used?"),
    ),
)


def operations(trees: LayerTrees) -> LayerTrees | None:
    """Counts multiplications and additions apart."""
    if trees.asked != "macs" or trees.weights is None:
        return None
    return replace(trees, weights=product(Leaf(2), trees.weights))


OPERATIONS_COUNTED = (
    Rule(
        "operations-counted",
        "operations",
        operations,
        text(
            "operations-counted",
            "Here multiplications and additions are counted apart. "
            "What does one multiply-accumulate hold?",
        ),
    ),
)


def pooling_like_convolution(depths: int, *, biases: bool = False) -> Mutation:
    """Counts a pooling's parameters as those of a convolution, the depth so often a factor."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        pool: Any = trees.layer
        if not isinstance(pool, Pool) or trees.asked not in PARAMETERS:
            return None
        depth = depth_of_input(trees)
        window = [Leaf(F, "F", "F") for F in pool.pool_size]
        weights = product(*window, *(depth,) * depths)
        return replace(trees, weights=weights, biases=depth if biases else None)

    return mutation


COUNTS_POOLING_PARAMETERS = tuple(
    Rule(
        "counts-pooling-parameters",
        "places",
        pooling_like_convolution(depths, biases=biases),
        text(
            "counts-pooling-parameters",
            "Here the pooling is counted like a convolution. What would training change in it?",
        ),
    )
    for depths in (0, 1, 2)
    for biases in (False, True)
)
