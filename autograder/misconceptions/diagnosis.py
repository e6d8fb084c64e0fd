"""Why an answer is wrong: the misconceptions that lead to it, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

from autograder.answers import read
from autograder.errors import Verdict
from autograder.misconceptions.carrying import Earlier, carried_from
from autograder.misconceptions.words import axis_names, listed, message
from autograder.misconceptions.wrong import Wrong, numbers, wrong_answers
from autograder.questions import Question
from course.expression import Number
from course.layers import Flatten
from course.layers.pooling import GlobalPool

Numbers = tuple[Number, ...]


@dataclass(frozen=True)
class Diagnosis:
    """An explanation of a wrong answer: the identifiers of one or two misconceptions, and what
    to tell the student, which never holds the right answer."""

    misconceptions: tuple[str, ...]
    message: str

    def __str__(self) -> str:
        return self.message


def diagnose(answer: Any, question: Question, earlier: Earlier = ()) -> tuple[Diagnosis, ...]:
    """The explanations of a wrong answer, simplest and likeliest first; none where it is right,
    no answer of that kind, or cannot be explained.

    A shape is explained axis by axis. With `earlier`, the answers that the student gave to other
    questions about the same stack, an answer that follows from a wrong one is recognised.

    >>> from course import layers as L
    >>> question = Question(L.Conv2D(32, 3), (128, 128, 3), "param_count")
    >>> for found in diagnose(864, question):
    ...     print(found.misconceptions, found)
    ('no-bias',) 864 = 32 × 3 × 3 × 3. These are the weights alone. What does each filter have \
besides its weights?
    """
    given, truth = _given(answer, question), numbers(question.expected())
    if given is None or given == truth:
        return ()
    found: list[Diagnosis] = []
    carried = carried_from(_plain(given, question), question, earlier)
    if carried is not None:
        found.append(_carried(carried))
    if question.quantity == "output_shape":
        arranged = _arrangement(given, truth, question)
        if arranged is not None and len(given) != len(truth):
            return (*found, arranged)
        if arranged is not None:
            wrong = _wrong_places(given, truth)
            return (*found, arranged, *_told(_at_once(wrong, given, question), wrong, question))
        if len(given) == len(truth) + 1 and given[0] == 1:
            given = given[1:]
            found.append(BATCH_COUNTED)
        elif len(given) == len(truth) - 1 and len(truth) > 1:
            found.append(CHANNELS_LOST)
            given = (truth[0], *given) if question.channels_first else (*given, truth[-1])
    if len(given) != len(truth):
        return tuple(found)
    parts = [
        part
        for group in _groups(given, truth, question)
        for part in _explained(group, given, question)
    ]
    # Where most wrong numbers have no cause, that of another is a coincidence.
    unexplained = sum(len(places) for places, told in parts if not told)
    if 2 * unexplained <= sum(len(places) for places, _ in parts):
        found += _in_turns([told for _, told in parts])
    if truth == (0,) and not found and "count" in question.quantity:
        found.append(_nothing_to_count(question))
    return tuple(found)


CARRIED = ("carried-forward",)
BATCH_COUNTED = Diagnosis(
    ("batch-counted",),
    "The first number counts the images of a batch. The shape of one image is wanted; "
    "leave the batch out, or write None for it.",
)
CHANNELS_LOST = Diagnosis(
    ("channels-lost",),
    "A number is missing: a shape also says how many channels there are.",
)
CHANNELS_MOVED = Diagnosis(
    ("channels-moved",),
    "The numbers stand in another order. Does the depth come first or last with this data_format?",
)
NOT_FLAT = Diagnosis(
    ("flatten-ignored",),
    "These are all the values, but still in a grid. What does Flatten make of a grid?",
)
NOT_POOLED = Diagnosis(
    ("pooling-ignored",),
    "This is still a grid. What does a global pooling leave of each channel?",
)


def _given(answer: Any, question: Question) -> Numbers | None:
    """The numbers of an answer, None where it is no answer of its kind."""
    kind = question.kind
    try:
        if kind == "shape" and len(numbers(question.expected())) == 1:
            # The shape of a single number may come without its brackets.
            return numbers(read(answer, "number" if type(answer) is not tuple else kind))
        return numbers(read(answer, kind))
    except Verdict:
        return None


def _plain(given: Numbers, question: Question) -> Any:
    return given if question.kind == "shape" else given[0]


def _carried(earlier: Question) -> Diagnosis:
    return Diagnosis(
        CARRIED,
        f"This follows from your own answer for layer {earlier.at!r}, which is wrong. "
        "Put that one right first, then go on from there.",
    )


def _nothing_to_count(question: Question) -> Diagnosis:
    """For a number where there is none of what is asked for."""
    layer, shape = question.asked_of
    if question.quantity == "bias_count" and layer.param_count(shape):
        return Diagnosis(
            ("biases-counted",),
            "This counts something as a bias. Does this layer add biases? Look at its arguments.",
        )
    names = "not-trainable-counted" if layer.param_count(shape) else "counts-pooling-parameters"
    return Diagnosis(
        (names,),
        "This counts something as a parameter. Which numbers of this layer would training change?",
    )


def _arrangement(given: Numbers, truth: Numbers, question: Question) -> Diagnosis | None:
    """What is wrong with the order or the count of the numbers, where they are right otherwise."""
    if len(given) == len(truth) + 1 and given[1:] == truth:
        return BATCH_COUNTED
    if len(truth) < 2:
        layer = question.chain[-1]
        if isinstance(layer, Flatten) and len(given) > 1 and prod(given) == truth[0]:
            return NOT_FLAT
        pooled = isinstance(layer, GlobalPool) and len(given) > 1 and truth[0] in given
        return NOT_POOLED if pooled else None
    if given in ((truth[-1], *truth[:-1]), (*truth[1:], truth[0])):
        return CHANNELS_MOVED
    return None


def _wrong_places(given: Numbers, truth: Numbers) -> tuple[int, ...]:
    both = enumerate(zip(given, truth, strict=False))
    return tuple(place for place, (mine, right) in both if mine != right)


def _groups(given: Numbers, truth: Numbers, question: Question) -> Iterator[tuple[int, ...]]:
    """The places of the wrong numbers: those of the sizes together, that of the depth alone."""
    wrong = _wrong_places(given, truth)
    if question.kind != "shape":
        yield tuple(range(len(truth)))
        return
    depth = 0 if question.channels_first else len(truth) - 1
    sizes = tuple(place for place in wrong if place != depth)
    yield from filter(None, (sizes, tuple(place for place in wrong if place == depth)))


def _explained(
    places: tuple[int, ...], given: Numbers, question: Question
) -> Iterator[tuple[tuple[int, ...], list[Diagnosis]]]:
    """What explains the wrong numbers at these places together, or else each one of them."""
    found = _at_once(places, given, question)
    if not found and len(places) > 1 and question.kind == "shape":
        for place in places:
            yield from _explained((place,), given, question)
    else:
        yield places, _told(found, places, question)


def _at_once(places: tuple[int, ...], given: Numbers, question: Question) -> list[Wrong]:
    """What leads to all these numbers at once."""
    return [
        wrong
        for wrong in _credible(question, places)
        if all(_is_written(wrong.values[place], given[place]) for place in places)
    ]


def _is_written(value: Number, given: Number) -> bool:
    """Whether a number is given, a fraction perhaps with some decimals only.

    >>> from fractions import Fraction
    >>> _is_written(Fraction(20, 3), Fraction(6.67)), _is_written(Fraction(20, 3), Fraction(6.6))
    (True, False)
    """
    if value == given or isinstance(value, int) or isinstance(given, int):
        return value == given
    decimals = len(repr(float(given)).partition(".")[2])
    return round(float(value), min(decimals, 12)) == round(float(given), 12)


def _told(found: list[Wrong], places: tuple[int, ...], question: Question) -> list[Diagnosis]:
    """The explanations in words, each misconception and pair once."""
    axes = axis_names(question)
    of_a_shape = question.kind == "shape" and len(axes) > 1
    label = listed([axes[place] for place in places]) if of_a_shape else ""
    different: dict[tuple[str, ...], Wrong] = {}
    for wrong in found:
        # Where one misconception is enough, a second one beside it explains nothing more.
        if not any(set(simpler) < set(wrong.names) for simpler in different):
            different.setdefault(wrong.names, wrong)
    return [
        Diagnosis(names, message(wrong, places, question, label))
        for names, wrong in different.items()
    ]


def _credible(question: Question, places: tuple[int, ...]) -> Iterable[Wrong]:
    """The wrong answers that are more than a coincidence.

    Among small numbers nearly every one is some pair of mistakes away from the right one. So
    pairs, and mistakes at one layer of several, are taken, likeliest first, only while all
    explained numbers together are fewer than one in twenty up to twice the right one.
    """
    truth = numbers(question.expected())
    right = tuple(truth[place] for place in places)
    room = prod(2 * number for number in set(right)) / 20
    explained: set[Numbers] = set()
    for wrong in wrong_answers(question):
        values = tuple(wrong.values[place] for place in places)
        whole = all(isinstance(value, int) for value in values)
        near = whole and max(values) <= 2 * max(right) and values != right
        if near and values not in explained:
            if len(explained) >= room and (len(wrong.rules) > 1 or wrong.only is not None):
                continue
            explained.add(values)
        yield wrong


def _in_turns(groups: list[list[Diagnosis]]) -> list[Diagnosis]:
    """The first of each group, then the second of each, and so on."""
    longest = max(map(len, groups), default=0)
    return [group[turn] for turn in range(longest) for group in groups if turn < len(group)]
