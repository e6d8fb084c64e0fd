"""What a student is told of a misconception: the formula with its numbers, and a question."""

import re
from collections.abc import Sequence

from autograder.misconceptions.deviation import Deviation, deviation
from autograder.misconceptions.wrong import Wrong, numbers
from autograder.questions import AXES, Question
from course import Stack
from course.expression import Expression, Leaf, Number
from course.layers import Dense, Layer
from course.layers.depthwise import Depthwise
from course.writing import TEXT, write

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"


def message(wrong: Wrong, places: Sequence[int], question: Question, label: str = "") -> str:
    """What to tell somebody whose numbers at these places a misconception explains."""
    secret = {number_text(number) for number in numbers(question.expected())}
    found = deviation(wrong, question, places[0])
    layer = question.chain[found.place if found else -1]
    total = question.at is None and question.kind == "number" and isinstance(question.layer, Stack)
    earlier = found is not None and (total or layer is not question.chain[-1])
    trees = [wrong.trees[place] for place in places]
    lead = where = ""
    # A total is a sum of rows, of which only the changed one is the student's business, and what
    # a last layer takes over as it is was decided before it.
    if not earlier or not (total or all(isinstance(tree, Leaf) for tree in trees)):
        lead = _sums(trees, None if earlier or not found else found.size, secret)
    if found and earlier:
        where = _where(found, secret)
    both = "Two things at once. " if len(wrong.rules) > 1 else ""
    says = " ".join(rule.says.format(each=_what_has_a_bias(layer)) for rule in wrong.rules)
    text = f"{lead}{where}{both}{says}"
    if not label:
        return text
    text = f", {text[0].lower()}{text[1:]}" if where and not lead else f": {text}"
    return f"{label[0].upper()}{label[1:]}{text}"


def _sums(trees: Sequence[Expression], size: Expression | None, secret: set[str]) -> str:
    """How the numbers come about; nothing where one of them is a mere number."""
    in_numbers = all(_shows_nothing(tree, secret) for tree in trees)
    sums = list(dict.fromkeys(equation(tree, numbers=in_numbers) for tree in trees))
    made = _with(size, secret)
    return f"{listed(sums)}{made}. " if all(sums) else ""


def _where(found: Deviation, secret: set[str]) -> str:
    """In which layer of a stack a number goes wrong, and how it comes about there."""
    also = " and in others" if found.again else ""
    value = number_text(found.tree.value)
    how = equation(found.tree, numbers=_shows_nothing(found.tree, secret)) or value
    if value in secret:
        letters = write(found.tree, TEXT, numbers=False)
        how = f"{found.number} = {letters}" if letters != value else ""
    made = f": {how}{_with(found.size, secret)}" if how else ""
    return f"In layer {found.layer!r}{also}{made}. "


def _with(size: Expression | None, secret: set[str]) -> str:
    """How a size in a count comes about."""
    if size is None or number_text(size.value) in secret:
        return ""
    made = equation(size, numbers=_shows_nothing(size, secret))
    return f", with {made}" if made else ""


def _shows_nothing(tree: Expression, secret: set[str]) -> bool:
    """Whether the formula with its numbers holds none that is to be kept back."""
    return secret.isdisjoint(re.findall(NUMBER, write(tree, TEXT, numbers=True)))


def equation(tree: Expression, *, numbers: bool) -> str:
    """`864 = 32 × 3 × 3 × 3`, or in letters; nothing where the formula is a mere number."""
    value = number_text(tree.value)
    text = write(tree, TEXT, numbers=numbers and not isinstance(tree, Leaf))
    return f"{value} = {text}" if text != value else ""


def number_text(value: Number) -> str:
    """A number as students read it: 3,670,016 or 64.5."""
    return f"{value:,}" if isinstance(value, int) else f"{float(value):,.4f}".rstrip("0")


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
    return "channel" if isinstance(layer, Depthwise) else "filter"
