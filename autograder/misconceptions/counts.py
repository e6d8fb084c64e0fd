"""What misconceptions do to counts: each makes a Work with another count of one, or None where
there is nothing that it could get wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.misconceptions.trees import Mutation, depth_of_input, has, without, without_factor
from autograder.misconceptions.work import Work
from course.expression import Expression, Leaf, Product, plus, product, rebuilt
from course.layers import Dense, LocallyConnected2D
from course.layers.base import size_letters
from course.layers.convolution import Convolving
from course.layers.depthwise import Depthwise


def on_biases(change: Callable[[Work, Expression], Expression | None]) -> Mutation:
    """The mutation that changes how the biases among parameters are counted."""

    def mutation(work: Work) -> Work | None:
        if work.biases is None:
            return None
        return replace(work, biases=change(work, work.biases))

    return mutation


def on_both(change: Callable[[Work, Expression], Expression]) -> Mutation:
    """The mutation that changes weights and biases alike, where parameters are counted."""

    def mutation(work: Work) -> Work | None:
        if work.asked == "macs":
            return None
        weights, biases = (tree and change(work, tree) for tree in (work.weights, work.biases))
        return replace(work, weights=weights, biases=biases)

    return mutation


def weights_without(parameter: str) -> Mutation:
    """The mutation that leaves a parameter out of the weights."""

    def mutation(work: Work) -> Work | None:
        if work.weights is None or not has(work.weights, parameter) or not slides(work):
            return None
        return replace(work, weights=rebuilt(work.weights, without_factor(parameter)))

    return mutation


def channels_left_out(work: Work) -> Work:
    """Counts weights and biases as if the input had a single channel."""
    change = without_factor("D_in")
    weights, biases = (tree and rebuilt(tree, change) for tree in (work.weights, work.biases))
    return replace(work, weights=weights, biases=biases)


def groups_ignored(work: Work) -> Work | None:
    if work.weights is None or not has(work.weights, "g"):
        return None
    return replace(work, weights=rebuilt(work.weights, without("g")))


def slides(work: Work) -> bool:
    """Whether the layer is some kind of convolution."""
    return isinstance(work.layer, Convolving)


def shares(work: Work) -> bool:
    """Whether the layer is a convolution with the same weights at all places."""
    return slides(work) and not isinstance(work.layer, LocallyConnected2D)


def sums_channels(work: Work) -> bool:
    """Whether the layer is a convolution whose outputs each come from all channels."""
    return slides(work) and not isinstance(work.layer, Depthwise)


def sides_of_window(kept: slice) -> Mutation:
    """Counts the window along some of its sides only."""

    def change(part: Expression) -> Expression:
        if not isinstance(part, Product):
            return part
        sides = [place for place, factor in enumerate(part.factors) if is_side(factor)]
        dropped = set(sides) - set(sides[kept])
        return product(*(f for place, f in enumerate(part.factors) if place not in dropped))

    def mutation(work: Work) -> Work | None:
        if work.weights is None or not slides(work):
            return None
        return replace(work, weights=rebuilt(work.weights, change))

    return mutation


def is_side(part: Expression) -> bool:
    """Whether this is the window's size along one axis."""
    return isinstance(part, Leaf) and part.parameter == "F"


def single_filter(work: Work) -> Work | None:
    """Counts one filter of a convolution, or one unit of a dense layer."""
    if not slides(work) and not isinstance(work.layer, Dense):
        return None

    def one(part: Expression) -> Expression:
        return Leaf(1) if isinstance(part, Leaf) and part.letter in ("K", "U") else part

    weights = work.weights and rebuilt(rebuilt(work.weights, without("K")), without("U"))
    return replace(work, weights=weights, biases=work.biases and rebuilt(work.biases, one))


def per_input(work: Work, biases: Expression) -> Expression:
    """A bias of each filter for each channel of the input; of a dense layer, one for each input."""
    if isinstance(work.layer, Dense):
        return depth_of_input(work)
    deep = work.weights is None or has(work.weights, "D_in")
    return product(biases, depth_of_input(work)) if deep else biases


def per_place(work: Work, tree: Expression) -> Expression:
    return product(plus(tree), *work.places)


def per_input_place(work: Work, tree: Expression) -> Expression:
    layer: Any = work.layer
    names = [name.replace("_out", "_in") for name in work.outputs if name != "D_out"]
    return product(plus(tree), *map(Leaf, layer.spatial(work.input_shape), names))


def fully_connected(work: Work) -> Work | None:
    letters = size_letters(tuple(1 for _ in work.input_shape))
    inputs = [
        Leaf(size, f"{letter}_in") for size, letter in zip(work.input_shape, letters, strict=True)
    ]
    outputs = [Leaf(tree.value, name) for name, tree in work.outputs.items()]
    weights = work.weights and product(*inputs, *outputs)
    return replace(work, weights=weights, biases=work.biases and product(*outputs))


def shared(work: Work) -> Work | None:
    change = without("W_out")
    weights, biases = (tree and rebuilt(tree, change) for tree in (work.weights, work.biases))
    return replace(work, weights=weights, biases=biases)


def factors_added(work: Work) -> Work | None:
    if not isinstance(work.weights, Product):
        return None
    return replace(work, weights=plus(*work.weights.factors))


def with_biases(work: Work) -> Work | None:
    """Counts biases where only weights are asked for, or where there are none."""
    layer: Any = work.layer
    if work.asked in ("weight_count", "macs"):
        step = layer.count_step("bias_count", work.input_shape)
    elif work.asked and not getattr(layer, "use_bias", True):
        step = replace(layer, use_bias=True).count_step("bias_count", work.input_shape)
    else:
        return None
    if step is None:
        return None
    biases = product(step.expression, *work.places) if work.asked == "macs" else step.expression
    return replace(work, biases=biases)


def places_ignored(work: Work) -> Work | None:
    """Counts each multiplication once, as if there were one place."""
    if work.asked != "macs" or work.weights is None:
        return None
    weights = work.weights
    for places in ("W_out", "W_in", "n"):
        weights = rebuilt(weights, without(places))
    return replace(work, weights=weights)


def operations(work: Work) -> Work | None:
    """Counts multiplications and additions apart."""
    if work.asked != "macs" or work.weights is None:
        return None
    return replace(work, weights=product(Leaf(2), work.weights))


def at_input_places(work: Work) -> Work | None:
    """Counts multiplications, or weights that are not shared, at the places of the input."""
    if not slides(work) or (work.asked != "macs" and shares(work)):
        return None
    layer: Any = work.layer
    letters = (leaf.letter for leaf in work.places)
    sizes = dict(zip(letters, layer.spatial(work.input_shape), strict=True))

    def change(part: Expression) -> Expression:
        if isinstance(part, Leaf) and part.parameter == "W_out":
            return Leaf(sizes[part.letter], part.letter.replace("_out", "_in"), "W_in")
        return part

    weights, biases = (tree and rebuilt(tree, change) for tree in (work.weights, work.biases))
    return replace(work, weights=weights, biases=biases)
