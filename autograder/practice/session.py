"""One session of practice: its question, its score, its level, and what it says of an answer."""

import ast
import re
import reprlib
import warnings
from collections import deque
from random import Random
from secrets import token_hex
from typing import Any

from autograder.answers import plain_answer, show
from autograder.hints import hints
from autograder.misconceptions import explain
from autograder.practice.questions import KINDS, LEVELS, make
from autograder.questions import Question, numbers
from autograder.verdicts import listed
from course.errors import CourseError, SpecError

UP_AFTER, DOWN_AFTER = 3, 2
"""Right answers in a row that raise the level, wrong ones in a row that lower it."""
LONGEST = 100
"""Characters of an answer; no right one comes near it."""


class Session:
    """Questions of a kind, one after another.

    A question counts once, by the first answer to it: `asked` counts the questions that were
    answered, `right` those that were right at once, `streak` how many of them in a row. Each kind
    has a level of its own. `says` is what there is to say of the last answer.

    >>> session = Session("parameters", seed=1)
    >>> session.answer(str(session.question.expected()))
    >>> session.right, session.asked, session.solved
    (1, 1, True)
    """

    def __init__(self, kind: str = "parameters", seed: Any = None) -> None:
        self.seed = token_hex(8) if seed is None else seed
        self.asked = self.right = self.streak = 0
        self._levels = dict.fromkeys(KINDS, 1)
        self._number = 0
        self._recent: deque[Question] = deque(maxlen=30)
        self.choose(kind)

    @property
    def level(self) -> int:
        """How hard the questions of this kind are, from 1."""
        return self._levels[self.kind]

    def choose(self, kind: str) -> None:
        """Go on with another kind. Errors: SpecError for a kind that there is not."""
        if kind not in KINDS:
            raise SpecError(f"unknown kind {kind!r}", f"practise one of {', '.join(KINDS)}")
        self.kind = kind
        self._run = 0
        self.next()

    def next(self) -> None:
        """Ask another question; one that was not answered counts for nothing."""
        self._number += 1
        random = Random(f"{self.seed} {self._number}")
        self.question = make(self.kind, self.level, random, self._recent)
        self._recent.append(self.question)
        self._counted = self.solved = False
        self._hints_shown = 0
        self.says = ""

    def answer(self, typed: str) -> None:
        """Judge what was typed; what cannot be read is told and counts for nothing."""
        try:
            given = understood(typed, self.question)
        except CourseError as verdict:
            self.says = str(verdict)
            return
        truth = self.question.expected()
        right = given == truth
        self.solved = self.solved or right
        self.says = f"Right: {_shown(truth)}." if right else explained(given, self.question)
        if not self._counted:
            self._counted = True
            self._count(right)

    def hint(self) -> None:
        """Show the next stage of the question's hints, if there is one."""
        self._hints_shown = min(self._hints_shown + 1, len(hints(self.question)))

    @property
    def hints(self) -> tuple[str, ...]:
        """The stages that are shown, of all that there are."""
        return hints(self.question)[: self._hints_shown]

    def _count(self, right: bool) -> None:
        self.asked += 1
        self.right += right
        self.streak = self.streak + 1 if right else 0
        self._run = max(self._run, 0) + 1 if right else min(self._run, 0) - 1
        level = self.level + (self._run == UP_AFTER) - (self._run == -DOWN_AFTER)
        if self._run in (UP_AFTER, -DOWN_AFTER):
            self._run = 0
        self._levels[self.kind] = min(max(level, 1), LEVELS)


def understood(typed: str, question: Question) -> Any:
    """What was typed as plain data of the wanted kind, or a CourseError with a friendly message.

    >>> from course import layers as L
    >>> question = Question(L.Dense(10), (1600,), "param_count")
    >>> understood("16,010", question)
    16010
    """
    text = typed.strip()
    if not text:
        raise CourseError("there is no answer yet", f"type {form(question)}")
    if question.kind == "number" and re.fullmatch(r"\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    try:
        answer = _literal(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        shown = reprlib.repr(text)
        raise CourseError(f"{shown} cannot be read", f"type {form(question)}") from None
    if question.kind == "shape" and type(answer) is int:
        answer = (answer,)  # the shape of a vector
    return plain_answer(answer, question.kind)


def _literal(text: str) -> Any:
    if len(text) > LONGEST:
        raise ValueError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of the spelling
        return ast.literal_eval(text)


def form(question: Question) -> str:
    """What an answer should look like.

    >>> from course import layers as L
    >>> form(Question(L.Dense(10), (1600,), "param_count"))
    'a whole number, such as 7'
    """
    if question.kind == "number":
        return "a whole number, such as 7"
    if question.kind == "pads":
        return "the zeros on each side, as ((top, bottom), (left, right))"
    if question.quantity == "receptive_field":
        return "two whole numbers, as (height, width)"
    return "a tuple of whole numbers, such as (7, 9, 3)"


def explained(given: Any, question: Question) -> str:
    """What is wrong and why, or the formula to go through again; never the right answer."""
    wrong = f"{show(given)} is not right."
    found, truth = explain(given, question), numbers(question.expected())
    if found:
        return "\n".join([wrong, *map(str, found.told)])
    if len(truth) > 1 and len(numbers(given)) == len(truth):
        named = zip(question.number_names, numbers(given), truth, strict=True)
        wrong += f" Look again at {listed(tuple(dict.fromkeys(n for n, a, b in named if a != b)))}."
    return f"{wrong}\n{hints(question)[0]}"


def _shown(truth: Any) -> str:
    return f"{truth:,}" if isinstance(truth, int) else str(truth)
