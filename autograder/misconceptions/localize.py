"""Where the numbers of a misconception part from the right ones."""

from dataclasses import dataclass

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.misconceptions.wrong_answers import OWN_RULES, WrongWay, follow
from autograder.questions import AXES, Question
from course import Stack
from course.expression import Expression, leaves
from course.layers import Layer


@dataclass(frozen=True)
class Deviation:
    """The first layer with a number that is changed: its place, its name, the number's name and
    tree.

    `again` says whether the same number is changed in other layers too. A count may be changed by
    a size that goes into it, as multiplications are by the output's height: `size` is that tree.
    """

    place: int
    layer: str
    number: str
    tree: Expression
    again: bool = False
    size: Expression | None = None


def localize(wrong: WrongWay, question: Question, place: int) -> Deviation | None:
    """Where the number at this place of the answer begins to go wrong; None if it is no count and
    no earlier layer has to do with it."""
    if question.quantity in OWN_RULES:
        return None
    asked = "" if question.quantity in ("output_shape", *AXES) else question.quantity
    right = tuple(follow(question, asked, (), None))
    believed = tuple(follow(question, asked, wrong.rules, wrong.only))
    names = _names(question.layer)
    last = len(believed) - 1
    counted = range(last + 1) if question.at is None and asked else (last,) if asked else ()
    wanted = _axis(tuple(believed[-1].outputs), question, place)
    for at, (mine, other) in enumerate(zip(believed, right, strict=True)):
        changed = [n for n, tree in mine.outputs.items() if tree.value != other.outputs[n].value]
        if at in counted and mine.count.value != other.count.value:
            rest = zip(believed[at + 1 :], right[at + 1 :], strict=True)
            again = any(a.count.value != b.count.value for a, b in rest) and wrong.only is None
            return Deviation(at, names[at], asked, mine.count, again, _size(mine, changed))
        if changed and at < last:
            number = wanted if wanted in changed else changed[0]
            return Deviation(at, names[at], number, mine.outputs[number])
    return None


def _size(trees: LayerTrees, changed: list[str]) -> Expression | None:
    """The first changed size, if the count is made with it."""
    used = {leaf.letter for leaf in leaves(trees.count)}
    return next((trees.outputs[name] for name in changed if name in used), None)


def _names(layer: Layer | Stack) -> tuple[str, ...]:
    """The names of the layers one by one, also those of stacks in the stack."""
    if isinstance(layer, Stack):
        return tuple(name for name, _ in layer.flat())
    return (layer.label,)


def _axis(names: tuple[str, ...], question: Question, place: int) -> str:
    """Of the names of an output's sizes, the one that stands at this place of the answer."""
    if question.quantity == "output_shape":
        return names[place]
    return str(question.axis(names)) if question.quantity in AXES else ""
