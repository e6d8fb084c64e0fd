"""What a student is told of a misconception: the formula with its numbers, and a question."""

import re
from collections.abc import Sequence

from autograder.misconceptions.wrong import Wrong, deviation, numbers
from autograder.questions import AXES, Question
from course.expression import Expression, Leaf, Number
from course.layers import Dense, Layer
from course.layers.depthwise import DepthwiseConv2D
from course.writing import TEXT, write


def message(wrong: Wrong, places: Sequence[int], question: Question, label: str = "") -> str:
    """What to tell somebody whose numbers at these places a misconception explains."""
    secret = {str(number) for number in numbers(question.expected())}
    sums = dict.fromkeys(equation(wrong.trees[place], secret) for place in places)
    lead = f"{listed(list(sums))}. " if all(sums) else ""
    layer = question.chain[-1]
    found = deviation(wrong, question)
    if found is not None:
        place, tree = found
        layer = question.chain[place]
        where = "In" if wrong.only == (place,) else "As in"
        name = question.layer.names[place]  # type: ignore[union-attr]
        there = f"{where} layer {name!r}: {equation(tree, secret) or number_text(tree.value)}. "
        # A total is a sum of rows, of which only the changed one is the student's business.
        lead = there if question.at is None and question.kind == "number" else lead + there
    says = " ".join(rule.says.format(each=_what_has_a_bias(layer)) for rule in wrong.rules)
    both = "Two things at once. " if len(wrong.rules) > 1 else ""
    start = f"{label[0].upper()}{label[1:]}: " if label else ""
    return f"{start}{lead}{both}{says}"


def equation(tree: Expression, secret: set[str]) -> str:
    """`864 = 32 × 3 × 3 × 3`; in letters where the numbers would give the right answer away.

    Nothing where the formula is a mere number.
    """
    value = number_text(tree.value)
    text = write(tree, TEXT, numbers=not isinstance(tree, Leaf))
    if secret & set(re.findall(r"\d+", text.replace(",", ""))):
        text = write(tree, TEXT, numbers=False)
    return f"{value} = {text}" if text != value else ""


def number_text(value: Number) -> str:
    """A number as students read it: 3,670,016 or 64.5."""
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,g}"


def axis_names(question: Question) -> tuple[str, ...]:
    """What the numbers of the answer are called, in the order in which they stand."""
    length = len(numbers(question.expected()))
    if question.kind == "pads":
        return ("the height (top, bottom)",) * 2 + ("the width (left, right)",) * 2
    if length != len(AXES):
        return tuple(f"number {place}" for place in range(1, length + 1))
    names = tuple(f"the {axis}" for axis in AXES)
    return (names[2], *names[:2]) if question.channels_first else names


def listed(words: Sequence[str]) -> str:
    """Words in a row, the last after 'and'.

    >>> listed(["the height", "the width"])
    'the height and the width'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _what_has_a_bias(layer: Layer) -> str:
    if isinstance(layer, Dense):
        return "unit"
    return "channel" if isinstance(layer, DepthwiseConv2D) else "filter"
