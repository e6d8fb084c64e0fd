"""What a student is told of a misconception: the formula with its numbers, and a question."""

import re
from collections.abc import Sequence

from autograder.misconceptions.localize import Deviation, localize
from autograder.misconceptions.wrong_answers import WrongWay
from autograder.questions import Question, numbers
from autograder.verdicts import Message, sentences, text
from course import Stack
from course.expression import Expression, Leaf, Number
from course.layers import Dense, Layer
from course.layers.depthwise import Depthwise
from course.writing import TEXT, write

NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"

UNIT = text("each.unit", "unit")
CHANNEL = text("each.channel", "channel")
FILTER = text("each.filter", "filter")

SUMS = text("diagnosis.sums", "{sums:and}.")
SUMS_WITH = text("diagnosis.sums-with", "{sums:and}, with {size}.")
IN_LAYER = text("diagnosis.in-layer", "In layer {layer!r}{also}{made}.")
AXES_IN_LAYER = text("diagnosis.axes-in-layer", "{axes:capital}, in layer {layer!r}{also}{made}.")
ALSO = text("diagnosis.and-in-others", " and in others")
MADE = text("diagnosis.made", ": {how}")
MADE_WITH = text("diagnosis.made-with", ": {how}, with {size}")
NOTHING = text("diagnosis.nothing", "")
TWO_THINGS = text("diagnosis.two-things", "Two things at once.")
OF_AXES = text("diagnosis.of-axes", "{axes:capital}: {said}")
AXES = text("diagnosis.axes", "{names:and}")


def message(
    wrong: WrongWay, places: Sequence[int], question: Question, axes: Sequence[Message] = ()
) -> Message:
    """What to tell somebody whose numbers at these places a misconception explains; `axes` names
    these places where the answer has others as well."""
    secret = {number_text(number) for number in numbers(question.expected())}
    found = localize(wrong, question, places[0])
    layer = question.chain[found.place if found else -1]
    total = question.at is None and question.kind == "number" and isinstance(question.layer, Stack)
    earlier = found is not None and (total or layer is not question.chain[-1])
    trees = [wrong.trees[place] for place in places]
    lead = where = None
    # A total is a sum of rows, of which only the changed one is the student's business, and what
    # a last layer takes over as it is was decided before it.
    if not earlier or not (total or all(isinstance(tree, Leaf) for tree in trees)):
        lead = _sums(trees, None if earlier or not found else found.size, secret)
    named = AXES(names=tuple(axes)) if axes else None
    if found and earlier:
        where = _where(found, secret, None if lead else named)
    both = TWO_THINGS() if len(wrong.rules) > 1 else None
    said = sentences(lead, where, both, *wrong.says(what_has_a_bias(layer)))
    return OF_AXES(axes=named, said=said) if named and not (where and not lead) else said


def _sums(trees: Sequence[Expression], size: Expression | None, secret: set[str]) -> Message | None:
    """How the numbers come about; nothing where one of them is a mere number."""
    in_numbers = all(_shows_nothing(tree, secret) for tree in trees)
    sums = tuple(dict.fromkeys(equation(tree, numbers=in_numbers) for tree in trees))
    if not all(sums):
        return None
    made = _size(size, secret)
    return SUMS_WITH(sums=sums, size=made) if made else SUMS(sums=sums)


def _where(found: Deviation, secret: set[str], axes: Message | None) -> Message:
    """In which layer of a stack a number goes wrong, and how it comes about there."""
    value = number_text(found.tree.value)
    how = equation(found.tree, numbers=_shows_nothing(found.tree, secret)) or value
    if value in secret:
        letters = write(found.tree, TEXT, numbers=False)
        how = f"{found.number} = {letters}" if letters != value else ""
    size = _size(found.size, secret)
    made = MADE_WITH(how=how, size=size) if how and size else MADE(how=how) if how else NOTHING()
    also = ALSO() if found.again else NOTHING()
    if axes is None:
        return IN_LAYER(layer=found.layer, also=also, made=made)
    return AXES_IN_LAYER(axes=axes, layer=found.layer, also=also, made=made)


def _size(size: Expression | None, secret: set[str]) -> str:
    """How a size in a count comes about; empty where there is none, or nothing to tell of it."""
    if size is None or number_text(size.value) in secret:
        return ""
    return equation(size, numbers=_shows_nothing(size, secret))


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
    return (
        f"{value:,}" if isinstance(value, int) else f"{float(value):,.4f}".rstrip("0").rstrip(".")
    )


def what_has_a_bias(layer: Layer) -> Message:
    """What each bias of the layer belongs to."""
    if isinstance(layer, Dense):
        return UNIT()
    return CHANNEL() if isinstance(layer, Depthwise) else FILTER()
