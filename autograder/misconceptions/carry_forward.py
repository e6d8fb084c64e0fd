"""Answers that follow correctly from an earlier answer that was wrong."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from autograder.answers import plain_answer
from autograder.questions import COUNTS, Question
from autograder.verdicts import Verdict
from course import Stack
from course.errors import CourseError

Earlier = Iterable[tuple[Any, Question]]
"""What the student answered before, each answer with its question."""


def carried_from(answer: Any, question: Question, earlier: Earlier) -> Question | None:
    """The earlier question whose wrong answer leads to this one; None if there is none.

    The number of layer 3 follows from a wrong shape of layer 2, and a total from wrong rows.

    >>> from course import layers as L
    >>> net = Stack([L.Conv2D(8, 3, name="a"), L.Conv2D(4, 3, name="b")])
    >>> first = Question(net, (9, 9, 1), "output_shape", at="a")
    >>> then = Question(net, (9, 9, 1), "output_shape", at="b")
    >>> carried_from((6, 6, 4), then, [((8, 8, 8), first)]).at
    'a'
    """
    wrong = [pair for pair in map(_read, earlier) if pair[0] != pair[1].expected()]
    source: Question
    for given, source in reversed(wrong):
        if _leads_to(given, source, question) == answer:
            return source
    if question.at is None and question.quantity in COUNTS and isinstance(question.layer, Stack):
        rows = [row for row in wrong if _is_row(row[1], question)]
        too_much = sum(Fraction(given) - row.expected() for given, row in rows)
        if rows and question.expected() + too_much == answer:
            return rows[-1][1]
    return None


def _read(pair: tuple[Any, Question]) -> tuple[Any, Question]:
    given, asked = pair
    try:
        return plain_answer(given, asked.kind), asked
    except Verdict:
        return asked.expected(), asked  # leads nowhere


def _leads_to(given: Any, asked: Question, question: Question) -> Any:
    """The answer to the question for somebody who gave that shape before; None if no layer lies
    between the two."""
    same = asked.layer == question.layer and asked.input_shape == question.input_shape
    # A receptive field follows from the layers alone, whatever shapes come out of them.
    follows = question.quantity != "receptive_field"
    if not (same and follows) or asked.quantity != "output_shape" or asked.at is None:
        return None
    before, until = len(asked.chain), len(question.chain)
    if before >= until:
        return None
    between = question.chain[before:]
    try:
        if question.quantity in COUNTS and question.at is None:
            rest = Stack(between)
            counts = [getattr(rest, question.quantity)(s) for s in (asked.expected(), given)]
            return question.expected() - counts[0] + counts[1]
        if question.quantity in COUNTS:
            shape = Stack(between[:-1]).output_shape(given) if len(between) > 1 else given
            return Question(between[-1], shape, question.quantity).expected()
        return Question(Stack(between), given, question.quantity).expected()
    except CourseError:
        return None


def _is_row(asked: Question, question: Question) -> bool:
    return (
        asked.layer == question.layer
        and asked.input_shape == question.input_shape
        and asked.quantity == question.quantity
        and asked.at is not None
    )
