"""Changes of trees that several misconceptions share."""

from collections.abc import Callable
from typing import Any

from autograder.misconceptions.layer_trees import Change, LayerTrees
from course.expression import Expression, Leaf, Product, Quotient, Sum, added, leaves, product

Mutation = Callable[[LayerTrees], LayerTrees | None]
"""What a misconception does to the trees of a layer; None where there is nothing to get wrong."""


def has(tree: Expression | None, parameter: str) -> bool:
    """Whether a formula depends on a parameter."""
    return tree is not None and any(leaf.parameter == parameter for leaf in leaves(tree))


def depth_of_input(right: LayerTrees) -> Leaf:
    """How many channels go in; for a dense layer, how many inputs."""
    layer: Any = right.layer
    sliding = hasattr(layer, "depth")
    depth = layer.depth(right.input_shape) if sliding else right.input_shape[-1]
    return Leaf(depth, "D_in", "D_in")


def without(parameter: str) -> Change:
    """Takes a parameter out of products and quotients."""

    def change(part: Expression) -> Expression | None:
        return None if isinstance(part, Leaf) and part.parameter == parameter else part

    return change


def without_factor(parameter: str) -> Change:
    """Takes a parameter, and what divides it or is divided by it, out of products."""

    def change(part: Expression) -> Expression:
        if not isinstance(part, Product):
            return part
        gone = [isinstance(f, Leaf | Quotient) and has(f, parameter) for f in part.factors]
        return product(*(f for f, drop in zip(part.factors, gone, strict=True) if not drop))

    return change


def without_terms(*parameters: str) -> Change:
    """Takes the terms of a sum out that depend on these parameters."""

    def change(part: Expression) -> Expression | None:
        if not isinstance(part, Sum):
            return part
        kept = [
            (sign, term)
            for sign, term in part.terms
            if not any(has(term, parameter) for parameter in parameters)
        ]
        return added(*kept)

    return change


def only_if(condition: Callable[[LayerTrees], bool], mutation: Mutation) -> Mutation:
    """The mutation where the condition holds."""
    return lambda right: mutation(right) if condition(right) else None
