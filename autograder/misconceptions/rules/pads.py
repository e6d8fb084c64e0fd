"""How the zeros that a layer adds are counted wrongly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.misconceptions.rules.rule import Rule
from autograder.verdicts import text
from course import arithmetic
from course.derivation import Step
from course.expression import Expression, Leaf, plus
from course.layers import Layer
from course.layers.base import Shape
from course.layers.borders import ZeroPadding
from course.layers.sliding import Sliding, side_names

Pair = tuple[Expression, Expression]


@dataclass(frozen=True)
class Pads:
    """The zeros before and after each axis, as trees, and the layer that adds them.

    `padding` is 'same', 'valid', 'causal' or 'explicit'.
    """

    layer: Any
    shape: Shape
    padding: str
    pairs: tuple[Pair, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """How many zeros padding='same' adds along each axis."""
        sizes = zip(
            self.layer.spatial(self.shape),
            self.layer.window_size,
            self.layer.strides,
            strict=True,
        )
        return tuple(
            arithmetic.same_padding(W, F, S, arithmetic.same_size(W, S)) for W, F, S in sizes
        )


def pads_under(
    layer: Layer, shape: Shape, rules: Sequence[Rule[Pads]]
) -> tuple[Expression, ...] | None:
    """The zeros of all sides in a row, as somebody with these misconceptions counts them."""
    if not isinstance(layer, Sliding | ZeroPadding):
        return None
    padding = layer.padding if isinstance(layer.padding, str) else "explicit"
    amounts: Any = layer.padding_amounts(shape)
    pairs = tuple(
        (Leaf(before, first), Leaf(after, last))
        for (before, after), (first, last) in zip(amounts, side_names(layer.rank), strict=True)
    )
    pads = Pads(layer, shape, padding, pairs)
    if padding == "same":
        pads = _halved(pads, pads.totals)
    for rule in rules:
        pads = rule.change(pads) or pads
    return tuple(tree for pair in pads.pairs for tree in pair)


def _halved(pads: Pads, totals: tuple[int, ...]) -> Pads:
    pairs = tuple(
        (
            Step("", arithmetic.smaller_half, (total,)).expression,
            Step("", arithmetic.larger_half, (total,)).expression,
        )
        for total in totals
    )
    return replace(pads, pairs=pairs)


def _only(paddings: str, change: Callable[[Pads], Pads]) -> Callable[[Pads], Pads]:
    """The change for layers with one of these paddings."""
    return lambda pads: change(pads) if pads.padding in paddings.split() else pads


def _each(change: Callable[[Expression, Expression], Pair]) -> Callable[[Pads], Pads]:
    """The change that is made to the pair of each axis."""
    return lambda pads: replace(pads, pairs=tuple(change(*pair) for pair in pads.pairs))


def _of_total(change: Callable[[Leaf], Pair]) -> Callable[[Pads], Pads]:
    """The change that makes each pair of the zeros that 'same' adds along the axis."""
    return lambda pads: replace(
        pads, pairs=tuple(change(Leaf(total, "P")) for total in pads.totals)
    )


def _as_same(pads: Pads) -> Pads:
    return _halved(pads, pads.totals) if isinstance(pads.layer, Sliding) else pads


NONE = Leaf(0)
PAD_RULES: tuple[Rule[Pads], ...] = (
    Rule(
        "stride-ignored",
        "total",
        _only("same", lambda pads: _halved(pads, tuple(F - 1 for F in pads.layer.window_size))),
        text(
            "stride-ignored.pads",
            "That many zeros are needed when the window moves one pixel at a time. "
            "How far does the last window reach with the strides of this layer?",
        ),
    ),
    Rule(
        "odd-zero-in-front",
        "sides",
        _only("same", _each(lambda before, after: (after, before))),
        text(
            "odd-zero-in-front",
            "The odd zero lies on the wrong side. Where does TensorFlow put it?",
        ),
    ),
    Rule(
        "padding-other-side",
        "sides",
        _only("causal", _each(lambda before, after: (after, before))),
        text(
            "padding-other-side",
            "These zeros lie after the sequence. Which side must be padded, so that no output sees "
            "what comes after it?",
        ),
    ),
    Rule(
        "valid-for-same",
        "total",
        _only("same causal", _each(lambda before, after: (NONE, NONE))),
        text(
            "valid-for-same.pads",
            "That is what padding='valid' adds. Which padding does the layer have?",
        ),
    ),
    Rule(
        "padding-ignored",
        "total",
        _only("explicit", _each(lambda before, after: (NONE, NONE))),
        text(
            "padding-ignored.pads",
            "Here the padding is left out. Which padding does the layer have?",
        ),
    ),
    Rule(
        "same-for-valid",
        "total",
        _only("valid causal explicit", _as_same),
        text(
            "same-for-valid.pads",
            "That is what padding='same' adds. Which padding does the layer have?",
        ),
    ),
    Rule(
        "padding-one-side",
        "sides",
        _only("same", _of_total(lambda total: (NONE, total))),
        text("padding-one-side.total", "All zeros lie on one side. How are they shared out?"),
    ),
    Rule(
        "padding-one-side",
        "sides",
        _only("same", _of_total(lambda total: (total, NONE))),
        text("padding-one-side.total", "All zeros lie on one side. How are they shared out?"),
    ),
    Rule(
        "padding-one-side",
        "sides",
        _only("explicit", _each(lambda before, after: (NONE, after))),
        text(
            "padding-one-side.pads",
            "Here zeros are added on one side only. On how many sides of the input do they lie?",
        ),
    ),
    Rule(
        "padding-one-side",
        "sides",
        _only("explicit", _each(lambda before, after: (before, NONE))),
        text(
            "padding-one-side.pads",
            "Here zeros are added on one side only. On how many sides of the input do they lie?",
        ),
    ),
    Rule(
        "padding-per-side",
        "sides",
        _only("same", _of_total(lambda total: (total, total))),
        text(
            "padding-per-side",
            "The formula gives the zeros of both sides together. How are they shared out?",
        ),
    ),
    Rule(
        "padding-per-side",
        "sides",
        _only("explicit", _each(lambda before, after: (plus(before, after),) * 2)),
        text(
            "padding-per-side.explicit",
            "Here each side gets the zeros of both. How many does the layer add on one side?",
        ),
    ),
    Rule(
        "height-width-swapped",
        "axes",
        lambda pads: replace(pads, pairs=(*pads.pairs[:-2], *pads.pairs[:-3:-1])),
        text(
            "height-width-swapped.pads",
            "Height and width have changed places. Which of them comes first?",
        ),
    ),
)
