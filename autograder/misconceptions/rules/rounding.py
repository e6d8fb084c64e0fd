"""Misconceptions about rounding a size: the wrong way, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from autograder.misconceptions.layer_trees import Change, LayerTrees
from autograder.misconceptions.rules.padding import SAME, with_padding
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.rules.sizes import each_size
from autograder.misconceptions.tree_edits import Mutation
from autograder.verdicts import text
from course import arithmetic
from course.expression import Expression, Quotient, Rounding, rebuilt


def rounded(old: Rounding, new: Rounding) -> Change:
    """Rounds in another way."""

    def change(part: Expression) -> Expression:
        if isinstance(part, Quotient) and part.rounding == old:
            return replace(part, rounding=new)
        return part

    return change


CEIL_FOR_FLOOR = (
    Rule(
        "ceil-for-floor",
        "rounding",
        each_size(rounded("floor", "ceil")),
        text(
            "ceil-for-floor",
            "Here the quotient is rounded up. Does a window count that sticks out over the edge?",
        ),
    ),
)


FLOOR_FOR_CEIL = (
    Rule(
        "floor-for-ceil",
        "rounding",
        each_size(rounded("ceil", "floor")),
        text(
            "floor-for-ceil",
            "Here the quotient is rounded down. "
            "What becomes of the pixels that are left over, with padding='same'?",
        ),
    ),
)


def unrounded(part: Expression) -> Expression:
    """Keeps the fraction."""
    rounding = isinstance(part, Quotient) and part.rounding in ("floor", "ceil")
    return replace(part, rounding="exact") if rounding else part  # type: ignore[arg-type]


def fraction_of(new: Callable[..., int], old: Sequence[str]) -> Mutation:
    """Keeps the fraction of another formula that rounds to the same size."""
    other = with_padding(old, new)

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        changed = other(trees) if not hasattr(trees.layer, "output_padding") else None
        if changed is None:
            return None
        exact = {name: rebuilt(tree, unrounded) for name, tree in changed.outputs.items()}
        kept = {name: tree for name, tree in exact.items() if isinstance(tree.value, Fraction)}
        return trees.with_outputs(trees.outputs | kept) if kept else None

    return mutation


FRACTION_KEPT = (
    Rule(
        "fraction-kept",
        "rounding",
        each_size(unrounded),
        text(
            "fraction-kept",
            "A size counts the places where the window stands, and there is no part of a place. "
            "Which way is this rounded here?",
        ),
    ),
    Rule(
        "fraction-kept",
        "rounding",
        fraction_of(arithmetic.explicit_size, SAME),
        text(
            "fraction-kept.same",
            "A size counts the places where the window stands, and there is no part of a place. "
            "Which formula holds for padding='same', and which way is it rounded?",
        ),
    ),
)
