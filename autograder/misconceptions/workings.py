"""What somebody works out on the way to an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.questions import AXES, Question
from course.expression import Expression, Leaf, Product, leaves, rebuilt, simplified

Workings = frozenset[tuple[str, Expression]]


def workings(question: Question, layers: Sequence[LayerTrees]) -> Workings:
    """The trees of all numbers that the answer depends on, those of a wanted shape with their
    names.
    """
    wanted = _wanted(question, layers[-1])
    found: set[tuple[str, Expression]] = set(wanted.items())
    needed = _sizes("_in", wanted.values())
    counts = question.quantity not in ("output_shape", *AXES)
    for place, each in enumerate(reversed(layers)):
        trees = [each.count] if counts and (place == 0 or question.at is None) else []
        needed |= _sizes("_out", trees)
        if place or counts:
            trees += [tree for name, tree in each.outputs.items() if name[:-4] in needed]
            needed = _sizes("_in", trees)
        found |= {("", tree) for tree in trees}
    return frozenset(found)


def essence(worked: Workings) -> Workings:
    """The same without what changes nothing: factors of 1, and, on the way, which axis is which."""
    return frozenset(
        (name, simplified(tree if name else rebuilt(tree, _in_any_order))) for name, tree in worked
    )


def _in_any_order(part: Expression) -> Expression:
    if isinstance(part, Product):
        return Product(tuple(sorted(part.factors, key=repr)))
    return replace(part, letter="") if isinstance(part, Leaf) else part


def _wanted(question: Question, last: LayerTrees) -> dict[str, Expression]:
    """The sizes that are asked for, by name; none where a count is."""
    names = tuple(last.outputs)
    if question.quantity == "output_shape":
        return dict(last.outputs)
    if question.quantity in AXES:
        name = question.axis(names)
        return {name: last.outputs[name]}
    return {}


def _sizes(ending: str, trees: Iterable[Expression]) -> set[str]:
    """The sizes among the letters of trees, without their ending: H of H_in."""
    letters = {leaf.letter for tree in trees for leaf in leaves(tree)}
    return {letter.removesuffix(ending) for letter in letters if letter.endswith(ending)}
