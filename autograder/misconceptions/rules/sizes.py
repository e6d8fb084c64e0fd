"""Misconceptions about heights and widths: how a window moves, how large it is, which is which."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from autograder.misconceptions.layer_trees import Change, LayerTrees
from autograder.misconceptions.rules.rule import Rule
from autograder.misconceptions.tree_edits import Mutation, without
from autograder.verdicts import text
from course.expression import Expression, Leaf, Quotient, Sum, added, rebuilt
from course.layers.convolution import Convolving
from course.layers.pooling import Pool
from course.layers.sliding import Sliding

PER_AXIS = {"kernel_size", "pool_size", "strides", "padding", "dilation_rate", "output_padding"}


def on_sizes(change: Callable[[LayerTrees, str, Expression], Expression | None]) -> Mutation:
    """The mutation that changes the tree of each spatial axis; None leaves an axis alone."""

    def mutation(trees: LayerTrees) -> LayerTrees | None:
        outputs = dict(trees.outputs)
        for name, tree in trees.outputs.items():
            if name != "D_out":
                outputs[name] = change(trees, name, tree) or tree
        return trees.with_outputs(outputs) if outputs != trees.outputs else None

    return mutation


def each_size(change: Change) -> Mutation:
    """The mutation that makes the same change to the tree of each spatial axis."""
    return on_sizes(lambda _, __, tree: rebuilt(tree, change))


def formula(trees: LayerTrees, name: str) -> dict[str, tuple[Leaf, ...]]:
    """What may go into a sliding layer's size formula along the axis of that name."""
    layer: Any = trees.layer
    axis = [place for place in trees.outputs if place != "D_out"].index(name)
    shape = trees.input_shape
    window, stride = layer.window_size[axis], layer.strides[axis]
    F, S = layer.window_letters()[axis], "S"
    W = layer.spatial(shape)[axis]
    return {
        "W": (Leaf(W, name.replace("_out", "_in"), "W"),),
        "F": (Leaf(window, F, "F"),),
        "S": (Leaf(stride, S, "S"),),
        "P": (Leaf(window // 2, "P", "P"),),
    }


def stride_ignored(trees: LayerTrees, _: str, tree: Expression) -> Expression | None:
    if not hasattr(trees.layer, "output_padding"):
        return rebuilt(tree, without("S"))
    # Among the terms of a transposed convolution's size, a stride of 1 is not nothing.
    return rebuilt(
        tree,
        lambda part: (
            replace(part, value=1) if isinstance(part, Leaf) and part.parameter == "S" else part
        ),
    )


STRIDE_IGNORED = (
    Rule(
        "stride-ignored",
        "strides",
        on_sizes(stride_ignored),
        text(
            "stride-ignored",
            "This is the size with a stride of one. How far does the window move each time here?",
        ),
    ),
)


def no_plus_one(part: Expression) -> Expression:
    """Forgets the 1 of floor((W - F) / S) + 1."""
    if isinstance(part, Sum) and any(isinstance(term, Quotient) for _, term in part.terms):
        return added(*((sign, term) for sign, term in part.terms if term != Leaf(1)))
    return part


PLUS_ONE_FORGOTTEN = (
    Rule(
        "plus-one-forgotten",
        "plus one",
        each_size(no_plus_one),
        text(
            "plus-one-forgotten",
            "This counts how often the window moves. Where does it stand before it moves at all?",
        ),
        ("strides",),
    ),
)


def undilated(trees: LayerTrees, name: str, tree: Expression) -> Expression | None:
    layer = trees.layer
    if not isinstance(layer, Convolving):
        return None
    axis = [place for place in trees.outputs if place != "D_out"].index(name)
    kernel = layer.kernel_size[axis]

    def change(part: Expression) -> Expression:
        window = isinstance(part, Leaf) and part.parameter == "F"
        return Leaf(kernel, "F", "F") if window else part

    return rebuilt(tree, change)


DILATION_IGNORED = (
    Rule(
        "dilation-ignored",
        "window",
        on_sizes(undilated),
        text(
            "dilation-ignored",
            "This is the size without the gaps of the dilation. How wide is a window with them?",
        ),
    ),
)


def pooling_ignored(trees: LayerTrees, name: str, _: Expression) -> Expression | None:
    if not isinstance(trees.layer, Pool):
        return None
    return formula(trees, name)["W"][0]


POOLING_IGNORED = (
    Rule(
        "pooling-ignored",
        "pooling",
        on_sizes(pooling_ignored),
        text("pooling-ignored", "This is the size before the pooling. What does pooling do to it?"),
    ),
)


def swapped(trees: LayerTrees) -> LayerTrees | None:
    """Height and width in each other's place."""
    outputs = dict(trees.outputs)
    if "H_out" not in outputs or "W_out" not in outputs:
        return None
    outputs["H_out"], outputs["W_out"] = outputs["W_out"], outputs["H_out"]
    return replace(trees, outputs=outputs)


def arguments_swapped(trees: LayerTrees) -> LayerTrees | None:
    """Takes the layer's numbers for the height for those of the width."""
    layer: Any = trees.layer
    if not isinstance(layer, Sliding) or layer.rank != len(("height", "width")):
        return None
    names = {field.name for field in fields(layer)} & PER_AXIS
    given = {name: getattr(layer, name) for name in names}
    turned: dict[str, Any] = {
        name: both[::-1] for name, both in given.items() if isinstance(both, tuple)
    }
    if all(turned[name] == given[name] for name in turned):
        return None
    shape: Any = trees.input_shape
    steps = replace(layer, **turned).shape_steps(shape)
    return trees.with_outputs({step.name: step.expression for step in steps})


HEIGHT_WIDTH_SWAPPED = (
    Rule(
        "height-width-swapped",
        "axes",
        swapped,
        text(
            "height-width-swapped",
            "Height and width have changed places. Which of them comes first in a shape?",
        ),
    ),
    Rule(
        "height-width-swapped",
        "arguments",
        arguments_swapped,
        text(
            "height-width-swapped.arguments",
            "Here the layer's numbers for height and width have changed places. "
            "Which of them comes first?",
        ),
        ("axes", "padding"),
    ),
)
