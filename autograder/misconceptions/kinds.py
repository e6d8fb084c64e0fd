"""What misconceptions do to the counts of some kinds of layers only; see counts.py."""

from dataclasses import replace
from typing import Any

from autograder.misconceptions.counts import is_side, slides
from autograder.misconceptions.trees import Mutation, depth_of_input
from autograder.misconceptions.work import Work
from autograder.misconceptions.work import work as right_work
from course.arithmetic import conv_weights
from course.expression import Expression, Leaf, leaves, product, read, rebuilt
from course.layers import Dense
from course.layers.base import size_letters
from course.layers.depthwise import Depthwise, Separable
from course.layers.pooling import Pool
from course.layers.sliding import Sliding

PARAMETERS = ("param_count", "trainable_count", "weight_count")


def pooling_like_convolution(depths: int, *, biases: bool = False) -> Mutation:
    """Counts a pooling's parameters as those of a convolution, the depth so often a factor."""

    def mutation(work: Work) -> Work | None:
        pool: Any = work.layer
        if not isinstance(pool, Pool) or work.asked not in PARAMETERS:
            return None
        depth = depth_of_input(work)
        window = [Leaf(F, "F", "F") for F in pool.pool_size]
        weights = product(*window, *(depth,) * depths)
        return replace(work, weights=weights, biases=depth if biases else None)

    return mutation


def dense_on_flat(work: Work) -> Work | None:
    """Counts a dense layer on an image as if a Flatten stood in front of it."""
    if not isinstance(work.layer, Dense) or len(work.input_shape) == 1 or work.weights is None:
        return None
    inputs = zip(work.input_shape, size_letters(tuple(map(int, work.input_shape))), strict=True)
    factors = (Leaf(size, f"{letter}_in") for size, letter in inputs)
    return replace(work, weights=product(*factors, Leaf(work.layer.units, "U", "U")))


def gaps_counted(work: Work) -> Work | None:
    """Counts weights for the pixels that a dilated window skips."""
    layer: Any = work.layer
    if work.weights is None or not slides(work) or layer.window_size == layer.kernel_size:
        return None
    sides = zip(layer.window_size, layer.window_letters(), strict=True)

    def change(part: Expression) -> Expression:
        return Leaf(*next(sides), "F") if is_side(part) else part

    return replace(work, weights=rebuilt(work.weights, change))


def ordinary_convolution(work: Work) -> Work | None:
    """Counts a layer that keeps channels apart as if its filters saw all of them."""
    if work.weights is None or not isinstance(work.layer, Depthwise | Separable):
        return None
    window = tuple(leaf for leaf in leaves(work.weights) if is_side(leaf))
    given = {"K": (work.outputs["D_out"],), "F": window, "D_in": (depth_of_input(work),)}
    places = work.places if work.asked == "macs" else ()
    return replace(work, weights=product(*places, read(conv_weights, given)))


def read_channels_last(work: Work) -> Work | None:
    """Takes the last number of a shape for the depth where it is the first."""
    layer: Any = work.layer
    sliding = isinstance(layer, Sliding) and work.asked in PARAMETERS
    if not sliding or layer.data_format != "channels_first":
        return None
    as_last: Any = replace(layer, data_format="channels_last")
    other = right_work(as_last, work.input_shape, work.asked)
    return replace(work, weights=other.weights, biases=other.biases)


def trainable_or_not(asked: str, counted: str) -> Mutation:
    """Counts all parameters where those are asked for that training changes, or the reverse."""

    def mutation(work: Work) -> Work | None:
        if work.asked != asked:
            return None
        other = right_work(work.layer, work.input_shape, counted)
        return replace(work, weights=other.weights, biases=other.biases)

    return mutation
