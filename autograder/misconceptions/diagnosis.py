"""Why an answer is wrong: the misconceptions that lead to it, in words."""

from collections.abc import Iterable, Iterator, Sequence
from math import prod
from typing import Any

from autograder.answers import plain_answer
from autograder.misconceptions.carry_forward import Earlier, carried_from
from autograder.misconceptions.explained import Diagnosis, Explained
from autograder.misconceptions.messages import message
from autograder.misconceptions.wrong_answers import WrongWay, wrong_answers
from autograder.questions import Question, numbers
from autograder.verdicts import Explanation, Verdict, text
from course.expression import Number
from course.layers import Flatten
from course.layers.pooling import GlobalPool

Numbers = tuple[Number, ...]


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
    return explain(answer, question, earlier).each


def explain(answer: Any, question: Question, earlier: Earlier = ()) -> Explained:
    """As `diagnose`, with what holds together and what are alternatives."""
    given, truth = _given(answer, question), numbers(question.expected())
    if given is None or given == truth:
        return Explained()
    carried = carried_from(_plain(given, question), question, earlier)
    instead = () if carried is None else (_carried(carried),)
    whole: tuple[Diagnosis, ...] = ()
    if question.quantity == "output_shape":
        arranged = _arrangement(given, truth, question)
        if arranged is not None:
            others: list[Diagnosis] = []
            if len(given) == len(truth):
                wrong = _wrong_places(given, truth)
                others = _told(_at_once(wrong, given, question), wrong, question)
            return Explained((*instead, arranged, *others))
        if len(given) == len(truth) + 1 and given[0] == 1:
            given, whole = given[1:], (BATCH_COUNTED,)
        elif len(given) == len(truth) - 1 and len(truth) > 1:
            given = (truth[0], *given) if question.channels_first else (*given, truth[-1])
            whole = (CHANNELS_LOST,)
    groups = [whole] if whole else []
    if len(given) == len(truth):
        groups += _explained_groups(given, truth, question)
        if truth == (0,) and not instead and not groups and "count" in question.quantity:
            groups.append((_nothing_to_count(question),))
    return Explained(instead, tuple(groups))


def _explained_groups(
    given: Numbers, truth: Numbers, question: Question
) -> list[tuple[Diagnosis, ...]]:
    """What explains each group of numbers that are wrong together."""
    parts = [
        part
        for group in _groups(given, truth, question)
        for part in _explained(group, given, question)
    ]
    # Where most wrong numbers have no cause, that of another is a coincidence.
    unexplained = sum(len(places) for places, told in parts if not told)
    if 2 * unexplained > sum(len(places) for places, _ in parts):
        return []
    return [tuple(told) for _, told in parts if told]


def _diagnosis(name: str, words: str) -> Diagnosis:
    return Diagnosis((name,), text(f"shape.{name}", words)())


CARRIED = ("carried-forward",)
BATCH_COUNTED = _diagnosis(
    "batch-counted",
    "The first number counts the images of a batch. The shape of one image is wanted; "
    "leave the batch out, or write None for it.",
)
CHANNELS_LOST = _diagnosis(
    "channels-lost",
    "A number is missing: a shape also says how many channels there are.",
)
CHANNELS_MOVED = _diagnosis(
    "channels-moved",
    "The numbers stand in another order. Does the depth come first or last with this data_format?",
)
NOT_FLAT = _diagnosis(
    "flatten-ignored",
    "These are all the values, but still in a grid. What does Flatten make of a grid?",
)
NOT_POOLED = _diagnosis(
    "pooling-ignored",
    "This is still a grid. What does a global pooling leave of each channel?",
)


FOLLOWS = text(
    "carried-forward",
    "This follows from your own answer for layer {layer!r}, which is wrong. "
    "Put that one right first, then go on from there.",
)
NO_BIASES = text(
    "nothing-to-count.biases",
    "This counts something as a bias. Does this layer add biases? Look at its arguments.",
)
NO_PARAMETERS = text(
    "nothing-to-count.parameters",
    "This counts something as a parameter. Which numbers of this layer would training change?",
)


def _given(answer: Any, question: Question) -> Numbers | None:
    """The numbers of an answer, None where it is no answer of its kind."""
    kind = question.kind
    try:
        if kind == "shape" and len(numbers(question.expected())) == 1:
            # The shape of a single number may come without its brackets.
            return numbers(plain_answer(answer, "number" if type(answer) is not tuple else kind))
        return numbers(plain_answer(answer, kind))
    except Verdict:
        return None


def _plain(given: Numbers, question: Question) -> Any:
    return given if question.kind == "shape" else given[0]


def _carried(earlier: Question) -> Diagnosis:
    return Diagnosis(CARRIED, FOLLOWS(layer=earlier.at))


def _nothing_to_count(question: Question) -> Diagnosis:
    """For a number where there is none of what is asked for."""
    layer, shape = question.asked_of
    if question.quantity == "bias_count" and layer.param_count(shape):
        return Diagnosis(("biases-counted",), NO_BIASES())
    name = "not-trainable-counted" if layer.param_count(shape) else "counts-pooling-parameters"
    return Diagnosis((name,), NO_PARAMETERS())


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


def _at_once(places: tuple[int, ...], given: Numbers, question: Question) -> list[WrongWay]:
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


def _told(
    found: Sequence[WrongWay], places: tuple[int, ...], question: Question
) -> list[Diagnosis]:
    """The explanations in words, each misconception and pair once."""
    names = question.number_names
    axes = [names[place] for place in places] if question.kind == "shape" and len(names) > 1 else []
    different: dict[Explanation, WrongWay] = {}
    for wrong in found:
        # Where one misconception is enough, a second one beside it explains nothing more.
        if not any(set(simpler) < set(wrong.names) for simpler in different):
            different.setdefault(wrong.names, wrong)
    return [
        Diagnosis(names, message(wrong, places, question, axes))
        for names, wrong in different.items()
    ]


def _credible(question: Question, places: tuple[int, ...]) -> Iterable[WrongWay]:
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
