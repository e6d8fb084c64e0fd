"""The judge in charge: who is asked when a test cell checks an answer.

A check hands over what it was asked and a way to decide it. In a notebook the judge decides at
once and tells the student. Somebody else may be put in charge for a while, as the rehearsal does
with one that only takes notes:

>>> from autograder import Question, check
>>> from course import layers as L
>>> notes = []
>>> def take_notes(asked, decide):
...     notes.append(asked.check)
>>> with in_charge(take_notes):
...     check(64, Question(L.Conv2D(32, 3), (9, 9, 1), "depth"))
>>> notes
['check']
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from autograder.verdicts import Judgement, Verdict, tell

Decide = Callable[[], Judgement]


@dataclass(frozen=True)
class Asked:
    """One call of a check: the check's name, the student's answer, what it is held against, and
    the points where the check gives a part of them."""

    check: str
    answer: Any
    of: Any = None
    points: float | None = None


Judge = Callable[[Asked, Decide], Any]


def decided(decide: Decide) -> Judgement:
    """The judgement, whether it is given or raised."""
    try:
        return decide()
    except Verdict as verdict:
        return verdict.judgement


def in_this_kernel(asked: Asked, decide: Decide) -> Any:
    """Decide here and now, and tell."""
    return tell(decided(decide), asked.points)


_judge: ContextVar[Judge] = ContextVar("judge", default=in_this_kernel)


@contextmanager
def in_charge(judge: Judge) -> Iterator[None]:
    """While this lasts, checks ask this judge."""
    before = _judge.set(judge)
    try:
        yield
    finally:
        _judge.reset(before)


def ask_judge(asked: Asked, decide: Decide) -> Any:
    """What the judge in charge makes of it; a test cell gets just that."""
    return _judge.get()(asked, decide)


def is_grading() -> bool:
    """Whether nbgrader is running this notebook to grade it, as nbgrader says itself."""
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"
