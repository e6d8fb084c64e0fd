"""How the zeros that padding='same' adds are counted wrongly."""

from collections.abc import Callable
from dataclasses import dataclass

from autograder.misconceptions.rule import Rule, Rules
from course import arithmetic
from course.derivation import Step
from course.expression import Expression, Leaf
from course.layers import Layer
from course.layers.base import Shape
from course.layers.sliding import Sliding

Pair = tuple[Expression, Expression]


@dataclass(frozen=True)
class Pads:
    """The zeros before and behind each axis, as trees, for totals and windows given per axis."""

    totals: tuple[int, ...]
    windows: tuple[int, ...]
    pairs: tuple[Pair, ...]

    def paired(self, pair: Callable[[int, int], Pair]) -> "Pads":
        """The same with other pairs, each made of the axis's total and window."""
        both = zip(self.totals, self.windows, strict=True)
        return Pads(self.totals, self.windows, tuple(pair(*axis) for axis in both))


def pads_under(layer: Layer, shape: Shape, rules: Rules) -> tuple[Expression, ...] | None:
    """The zeros of all sides in a row, as somebody with these misconceptions counts them."""
    if not isinstance(layer, Sliding) or layer.padding != "same":
        return None
    totals = tuple(map(sum, layer.padding_amounts(shape)))
    pads = Pads(totals, layer.window_size, ()).paired(_halves)
    for rule in rules:
        pads = rule.change(pads)
    return tuple(tree for pair in pads.pairs for tree in pair)


def _halves(total: int, _: int) -> Pair:
    return (
        Step("", arithmetic.smaller_half, (total,)).expression,
        Step("", arithmetic.larger_half, (total,)).expression,
    )


def _symmetric(_: int, window: int) -> Pair:
    return _halves(window - 1, window)


def _zeros(total: int, window: int) -> Pair:
    return Leaf(0), Leaf(0)


PAD_RULES = (
    Rule(
        "stride-ignored",
        "total",
        lambda pads: pads.paired(_symmetric),
        "That many zeros are needed when the window moves one pixel at a time. "
        "How far does the last window reach with the strides of this layer?",
    ),
    Rule(
        "odd-zero-in-front",
        "sides",
        lambda pads: pads.paired(lambda *axis: _halves(*axis)[::-1]),
        "The odd zero lies on the wrong side. Where does TensorFlow put it?",
    ),
    Rule(
        "valid-for-same",
        "total",
        lambda pads: pads.paired(_zeros),
        "That is what padding='valid' adds. Which padding does the layer have?",
    ),
    Rule(
        "padding-one-side",
        "sides",
        lambda pads: pads.paired(lambda total, _: (Leaf(0), Leaf(total, "P"))),
        "All zeros lie on one side. How are they shared out?",
    ),
    Rule(
        "padding-one-side",
        "sides",
        lambda pads: pads.paired(lambda total, _: (Leaf(total, "P"), Leaf(0))),
        "All zeros lie on one side. How are they shared out?",
    ),
    Rule(
        "padding-per-side",
        "sides",
        lambda pads: pads.paired(lambda total, _: (Leaf(total, "P"), Leaf(total, "P"))),
        "The formula gives the zeros of both sides together. How are they shared out?",
    ),
    Rule(
        "height-width-swapped",
        "axes",
        lambda pads: Pads(pads.totals, pads.windows, pads.pairs[::-1]),
        "Height and width have changed places. Which of them comes first?",
    ),
)
