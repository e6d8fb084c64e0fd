"""What misconceptions do to counts: each makes a Work with another count of one, or None where
there is nothing that it could get wrong.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograder.misconceptions.trees import Mutation, has, without
from autograder.misconceptions.work import Work
from course.expression import Expression, Leaf, Product, leaves, plus, product, rebuilt
from course.layers import LocallyConnected2D
from course.layers.base import size_letters
from course.layers.convolution import Convolving
from course.layers.pooling import Pool


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
        return replace(work, weights=rebuilt(work.weights, without(parameter)))

    return mutation


def slides(work: Work) -> bool:
    """Whether the layer is some kind of convolution."""
    return isinstance(work.layer, Convolving)


def shares(work: Work) -> bool:
    """Whether the layer is a convolution with the same weights at all places."""
    return slides(work) and not isinstance(work.layer, LocallyConnected2D)


def one_side_of_window(place: int) -> Mutation:
    """Counts the window along one side only: the first or the last."""

    def mutation(work: Work) -> Work | None:
        if work.weights is None or not slides(work):
            return None
        sides = [leaf for leaf in leaves(work.weights) if leaf.parameter == "F"]
        if len(sides) < 2 or (place and sides[0] == sides[-1]):
            return None
        others = rebuilt(work.weights, without("F"))
        return replace(work, weights=_in_front(work.weights, others, sides[place]))

    return mutation


def _in_front(old: Expression, rest: Expression, side: Leaf) -> Expression:
    """The product with one side of the window in the place where the window stood."""
    if not isinstance(old, Product) or not isinstance(rest, Product):
        return product(side, rest)
    place = next(n for n, factor in enumerate(old.factors) if has(factor, "F"))
    return Product((*rest.factors[:place], side, *rest.factors[place:]))


def single_filter(work: Work) -> Work | None:
    if not slides(work) or not (has(work.weights, "K") or work.biases):
        return None
    weights = work.weights and rebuilt(work.weights, without("K"))
    biases = work.biases and rebuilt(
        work.biases, lambda part: Leaf(1) if getattr(part, "letter", "") == "K" else part
    )
    return replace(work, weights=weights, biases=biases)


def depth_in(work: Work) -> tuple[Leaf, ...]:
    """The input's depth as a number with its letter, where the weights depend on it."""
    tree = work.weights or Leaf(0)
    return tuple(leaf for leaf in leaves(tree) if leaf.parameter == "D_in")[:1]


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
    elif work.asked in ("param_count", "trainable_count") and not getattr(layer, "use_bias", True):
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
    return replace(work, weights=rebuilt(work.weights, without("W_out")))


def at_input_places(work: Work) -> Work | None:
    """Counts multiplications at the places of the input."""
    if work.asked != "macs" or work.weights is None or not slides(work):
        return None
    layer: Any = work.layer
    letters = (leaf.letter for leaf in work.places)
    sizes = dict(zip(letters, layer.spatial(work.input_shape), strict=True))

    def change(part: Expression) -> Expression:
        if isinstance(part, Leaf) and part.parameter == "W_out":
            return Leaf(sizes[part.letter], part.letter.replace("_out", "_in"), "W_in")
        return part

    return replace(work, weights=rebuilt(work.weights, change))


def like_convolution(depths: int, *, biases: bool = False) -> Mutation:
    """Counts a pooling's parameters as those of a convolution, the depth so often a factor."""

    def mutation(work: Work) -> Work | None:
        layer: Any = work.layer
        asked = work.asked in ("param_count", "trainable_count", "weight_count")
        if not isinstance(layer, Pool) or not asked:
            return None
        pool: Any = layer
        depth = Leaf(pool.depth(work.input_shape), "D_in", "D_in")
        window = [Leaf(F, "F", "F") for F in layer.pool_size]
        weights = product(*window, *(depth,) * depths)
        return replace(work, weights=weights, biases=depth if biases else None)

    return mutation
