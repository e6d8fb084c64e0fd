"""Misconceptions about what padding makes of a size: another padding, none, or half of it."""

from collections.abc import Callable, Sequence
from typing import Any

from autograder.misconceptions.layer_trees import Change, LayerTrees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.rules.sizes import each_size, formula, on_sizes
from autograder.misconceptions.tree_edits import Mutation, has, without_terms
from autograder.verdicts import text
from course import arithmetic
from course.expression import Expression, Product, leaves, read, rebuilt
from course.layers.sliding import Sliding

VALID, SAME, EXPLICIT = ("valid",), ("same", "causal"), ("explicit",)
TO_VALID = {"same": arithmetic.transposed_valid_size}
TO_SAME = {"valid": arithmetic.transposed_same_size}


def with_padding(old: Sequence[str], new: Callable[..., int]) -> Mutation:
    """The mutation that computes the sizes with another padding than the layer's."""

    def change(trees: LayerTrees, name: str, _: Expression) -> Expression | None:
        layer: Any = trees.layer
        if not isinstance(layer, Sliding):
            return None
        padding = layer.padding if isinstance(layer.padding, str) else "explicit"
        return read(new, formula(trees, name)) if padding in old else None

    return on_sizes(change)


def transposed(change: Mutation, instead: dict[Any, Callable[..., int]]) -> Mutation:
    """The mutation, and for transposed convolutions the one between their own two formulas."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        layer: Any = trees.layer
        if not hasattr(layer, "output_padding"):
            return change(trees)
        new = instead.get(layer.padding)
        if new is None or layer.output_padding is not None:
            return None
        return on_sizes(lambda trees, name, _: read(new, formula(trees, name)))(trees)

    return mutation


VALID_FOR_SAME = (
    Rule(
        "valid-for-same",
        "padding",
        transposed(with_padding(SAME, arithmetic.valid_size), TO_VALID),
        text(
            "valid-for-same",
            "This is the size that padding='valid' gives. Which padding does the layer have?",
        ),
    ),
)


SAME_FOR_VALID = (
    Rule(
        "same-for-valid",
        "padding",
        transposed(with_padding(VALID + EXPLICIT, arithmetic.same_size), TO_SAME),
        text(
            "same-for-valid",
            "This is the size that padding='same' gives. Which padding does the layer have?",
        ),
    ),
)


def padding_ignored(trees: LayerTrees, _: str, tree: Expression) -> Expression | None:
    return rebuilt(tree, without_terms("P", "P_1", "P_2"))


PADDING_IGNORED = (
    Rule(
        "padding-ignored",
        "padding",
        on_sizes(padding_ignored),
        text(
            "padding-ignored",
            "Here the padding is left out. How much larger do its zeros make the input?",
        ),
    ),
)


def one_side(parameter: str) -> Change:
    """Adds explicit padding once: P in place of 2 P, or only the first of both sides."""

    def change(part: Expression) -> Expression | None:
        if isinstance(part, Product) and has(part, "P"):
            return next(leaf for leaf in leaves(part) if leaf.parameter == "P")
        return without_terms(parameter)(part)

    return change


PADDING_ONE_SIDE = (
    Rule(
        "padding-one-side",
        "padding",
        each_size(one_side("P_2")),
        text(
            "padding-one-side",
            "Here only the zeros of one side are added. On how many sides of the input do they "
            "lie?",
        ),
    ),
)
