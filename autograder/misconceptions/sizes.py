"""What misconceptions do to output sizes: each makes a Work with other sizes of one, or None
where there is nothing that it could get wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

from autograder.misconceptions.trees import Mutation, depth_of_input, has, without, without_terms
from autograder.misconceptions.work import Change, Work
from course.expression import (
    Expression,
    Leaf,
    Product,
    Quotient,
    Rounding,
    Sum,
    added,
    leaves,
    product,
    read,
    rebuilt,
)
from course.layers import Dense
from course.layers.base import SIZE_LETTERS
from course.layers.convolution import Convolving
from course.layers.pooling import GlobalPool, Pool
from course.layers.sliding import Sliding

PER_AXIS = {"kernel_size", "pool_size", "strides", "padding", "dilation_rate", "output_padding"}


def on_sizes(change: Callable[[Work, str, Expression], Expression | None]) -> Mutation:
    """The mutation that changes the tree of each spatial axis; None leaves an axis alone."""

    def mutation(work: Work) -> Work | None:
        outputs = dict(work.outputs)
        for name, tree in work.outputs.items():
            if name != "D_out":
                outputs[name] = change(work, name, tree) or tree
        return work.with_outputs(outputs) if outputs != work.outputs else None

    return mutation


def each_size(change: Change) -> Mutation:
    """The mutation that makes the same change to the tree of each spatial axis."""
    return on_sizes(lambda _, __, tree: rebuilt(tree, change))


def formula(work: Work, name: str) -> dict[str, tuple[Leaf, ...]]:
    """What may go into a sliding layer's size formula along the axis of that name."""
    layer: Any = work.layer
    axis = [place for place in work.outputs if place != "D_out"].index(name)
    shape = work.input_shape
    window, stride = layer.window_size[axis], layer.strides[axis]
    F, S = layer.window_letters()[axis], "S"
    W = layer.spatial(shape)[axis]
    return {
        "W": (Leaf(W, name.replace("_out", "_in"), "W"),),
        "F": (Leaf(window, F, "F"),),
        "S": (Leaf(stride, S, "S"),),
        "P": (Leaf(window // 2, "P", "P"),),
    }


def replaced(old: Sequence[str], new: Callable[..., int]) -> Mutation:
    """The mutation that computes the sizes with another padding than the layer's."""

    def change(work: Work, name: str, _: Expression) -> Expression | None:
        layer: Any = work.layer
        if not isinstance(layer, Sliding):
            return None
        padding = layer.padding if isinstance(layer.padding, str) else "explicit"
        return read(new, formula(work, name)) if padding in old else None

    return on_sizes(change)


def transposed(change: Mutation, instead: dict[Any, Callable[..., int]]) -> Mutation:
    """The mutation, and for transposed convolutions the one between their own two formulas."""

    def mutation(work: Work) -> Work | None:
        layer: Any = work.layer
        if not hasattr(layer, "output_padding"):
            return change(work)
        new = instead.get(layer.padding)
        if new is None or layer.output_padding is not None:
            return None
        return on_sizes(lambda work, name, _: read(new, formula(work, name)))(work)

    return mutation


def stride_ignored(work: Work, _: str, tree: Expression) -> Expression | None:
    if not hasattr(work.layer, "output_padding"):
        return rebuilt(tree, without("S"))
    # Among the terms of a transposed convolution's size, a stride of 1 is not nothing.
    return rebuilt(
        tree,
        lambda part: (
            replace(part, value=1) if isinstance(part, Leaf) and part.parameter == "S" else part
        ),
    )


def padding_ignored(work: Work, _: str, tree: Expression) -> Expression | None:
    return rebuilt(tree, without_terms("P", "P_1", "P_2"))


def one_side(parameter: str) -> Change:
    """Adds explicit padding once: P in place of 2 P, or only the first of both sides."""

    def change(part: Expression) -> Expression | None:
        if isinstance(part, Product) and has(part, "P"):
            return next(leaf for leaf in leaves(part) if leaf.parameter == "P")
        return without_terms(parameter)(part)

    return change


def rounded(old: Rounding, new: Rounding) -> Change:
    """Rounds in another way."""

    def change(part: Expression) -> Expression:
        if isinstance(part, Quotient) and part.rounding == old:
            return replace(part, rounding=new)
        return part

    return change


def unrounded(part: Expression) -> Expression:
    """Keeps the fraction."""
    rounding = isinstance(part, Quotient) and part.rounding in ("floor", "ceil")
    return replace(part, rounding="exact") if rounding else part  # type: ignore[arg-type]


def fraction_of(new: Callable[..., int], old: Sequence[str]) -> Mutation:
    """Keeps the fraction of another formula that rounds to the same size."""
    other = replaced(old, new)

    def mutation(work: Work) -> Work | None:
        changed = other(work) if not hasattr(work.layer, "output_padding") else None
        if changed is None:
            return None
        exact = {name: rebuilt(tree, unrounded) for name, tree in changed.outputs.items()}
        kept = {name: tree for name, tree in exact.items() if isinstance(tree.value, Fraction)}
        return work.with_outputs(work.outputs | kept) if kept else None

    return mutation


def no_plus_one(part: Expression) -> Expression:
    """Forgets the 1 of floor((W - F) / S) + 1."""
    if isinstance(part, Sum) and any(isinstance(term, Quotient) for _, term in part.terms):
        return added(*((sign, term) for sign, term in part.terms if term != Leaf(1)))
    return part


def undilated(work: Work, name: str, tree: Expression) -> Expression | None:
    layer = work.layer
    if not isinstance(layer, Convolving):
        return None
    axis = [place for place in work.outputs if place != "D_out"].index(name)
    kernel = layer.kernel_size[axis]

    def change(part: Expression) -> Expression:
        window = isinstance(part, Leaf) and part.parameter == "F"
        return Leaf(kernel, "F", "F") if window else part

    return rebuilt(tree, change)


def pooling_ignored(work: Work, name: str, _: Expression) -> Expression | None:
    if not isinstance(work.layer, Pool):
        return None
    return formula(work, name)["W"][0]


def global_pooling_ignored(work: Work) -> Work | None:
    """Keeps all that goes into a global pooling, in one row."""
    layer: Any = work.layer
    if not isinstance(layer, GlobalPool) or len(work.outputs) != 1:
        return None
    letters = SIZE_LETTERS[layer.rank]
    shape: Any = work.input_shape
    sizes = zip(layer.spatial(shape), letters, strict=True)
    factors = [Leaf(size, f"{letter}_in") for size, letter in sizes]
    return work.with_outputs({"D_out": product(*factors, depth_of_input(work))})


def arguments_swapped(work: Work) -> Work | None:
    """Takes the layer's numbers for the height for those of the width."""
    layer: Any = work.layer
    if not isinstance(layer, Sliding) or layer.rank != len(("height", "width")):
        return None
    names = {field.name for field in fields(layer)} & PER_AXIS
    given = {name: getattr(layer, name) for name in names}
    turned: dict[str, Any] = {
        name: both[::-1] for name, both in given.items() if isinstance(both, tuple)
    }
    if all(turned[name] == given[name] for name in turned):
        return None
    shape: Any = work.input_shape
    steps = replace(layer, **turned).shape_steps(shape)
    return work.with_outputs({step.name: step.expression for step in steps})


def swapped(work: Work) -> Work | None:
    """Height and width in each other's place."""
    outputs = dict(work.outputs)
    if "H_out" not in outputs or "W_out" not in outputs:
        return None
    outputs["H_out"], outputs["W_out"] = outputs["W_out"], outputs["H_out"]
    return replace(work, outputs=outputs)


def on_depth(change: Callable[[Expression, Leaf], Expression]) -> Mutation:
    """The mutation that changes the depth of what has filters, given it and the input's depth."""

    def mutation(work: Work) -> Work | None:
        if not isinstance(work.layer, Convolving | Dense):
            return None
        depth = change(work.outputs["D_out"], depth_of_input(work))
        return work.with_outputs(work.outputs | {"D_out": depth})

    return mutation


def flat(change: Callable[[tuple[Expression, ...]], Expression]) -> Mutation:
    """The mutation that changes the product of a Flatten."""

    def mutation(work: Work) -> Work | None:
        tree = work.outputs.get("D_out")
        if len(work.outputs) != 1 or not isinstance(tree, Product):
            return None
        return work.with_outputs({"D_out": change(tree.factors)})

    return mutation
