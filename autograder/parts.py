"""Partial credit: an exercise of several parts earns the parts that are right."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.answers import read
from autograder.checks import check
from autograder.errors import NotAttempted, Verdict, WrongAnswer
from autograder.functions import Case, check_function
from autograder.questions import Question
from course.errors import SpecError

Part = tuple[Any, Question | Sequence[Case]]
"""An answer and its question, or a function and its cases."""


@dataclass(frozen=True)
class _Judged:
    """One part: how much of it is right, and what to say of it."""

    name: str
    share: float
    message: str
    attempted: bool = True
    causes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """How it ended, in a word or two."""
        if not self.attempted:
            return "not attempted"
        if 0 < self.share < 1:
            return "partly right"
        return "right" if self.share else "wrong"


def check_parts(
    parts: Mapping[str, Part],
    *,
    points: float,
    carried_forward: bool = False,
    hidden: bool = False,
) -> float:
    """Judge every part of an exercise and return the points that are earned; prints which parts
    are right and what is wrong with the others.

    All parts weigh the same. A shape is divided among its numbers, so a right depth earns its
    third. With `carried_forward=True` a number that follows correctly from the student's own
    wrong answer to an earlier part of the same stack earns its points. With `hidden=True` the
    report says of each part only whether it is right.

    It must be the last line of its test cell: nbgrader takes the number for the cell's points.

    Errors: NotAttempted when no part is attempted, WrongAnswer when no part is right,
    ReferenceDisagreement as in `check`; SpecError for parts or points that are none.

    >>> from course import layers as L
    >>> layer, shape = L.Conv2D(32, 3), (28, 28, 3)
    >>> check_parts(
    ...     {
    ...         "shape": ((26, 26, 3), Question(layer, shape, "output_shape")),
    ...         "parameters": (896, Question(layer, shape, "param_count")),
    ...     },
    ...     points=3,
    ... )
    shape: 2 of 3 numbers are right. (26, 26, 3) is not the output shape of
        Conv2D(32, 3, padding='valid')
    on an input of (28, 28, 3).
    Wrong: the depth. Right: the height, the width.
    The depth: 3 = D_in. This is the depth of what goes in. What decides how many channels come \
out?
    parameters: Right: 896. Keras agrees.
    2.5 of 3 points.
    2.5
    """
    if not parts or not points > 0:
        raise SpecError(
            f"there is nothing to earn: {len(parts)} parts and {points} points",
            "give check_parts a dict of parts and the points of its cell",
            "check_parts",
        )
    earlier: list[tuple[Any, Question]] = []
    judged = []
    for name, (answer, asked) in parts.items():
        judged.append(_judge(name, answer, asked, earlier, carried_forward))
        if isinstance(asked, Question):
            earlier.append((answer, asked))
    if not any(part.attempted for part in judged):
        raise NotAttempted("this is not attempted yet", "replace the ... by your answers")
    earned = round(points * sum(part.share for part in judged) / len(judged), 2)
    report = "\n".join(
        f"{part.name}: {part.verdict if hidden else part.message}" for part in judged
    )
    if earned < points:
        report += f"\n{earned:g} of {points:g} points."
    # Validate shows an error's text, and of a number only that it is less than it could be.
    if earned == 0 or (earned < points and "NBGRADER_VALIDATING" in os.environ):
        causes = dict.fromkeys(cause for part in judged for cause in part.causes)
        raise WrongAnswer(report, causes=tuple(causes))
    print(report)
    return earned


def _judge(
    name: str,
    answer: Any,
    asked: Question | Sequence[Case],
    earlier: Sequence[tuple[Any, Question]],
    carried_forward: bool,
) -> _Judged:
    try:
        if isinstance(asked, Question):
            result = check(answer, asked, earlier=earlier, carried_forward=carried_forward)
        else:
            result = check_function(answer, asked)
    except NotAttempted as verdict:
        return _Judged(name, 0, str(verdict), attempted=False)
    except WrongAnswer as verdict:
        share, right = _share(answer, asked)
        return _Judged(name, share, f"{right}{verdict}", causes=verdict.causes)
    return _Judged(name, 1, str(result))


def _share(answer: Any, asked: Question | Sequence[Case]) -> tuple[float, str]:
    """How much of a wrong answer is right, and that in words: the numbers of a shape."""
    if not isinstance(asked, Question) or asked.kind != "shape":
        return 0, ""
    truth = asked.expected()
    try:
        given = read(answer, "shape")
    except Verdict:
        return 0, ""
    if not isinstance(given, tuple) or len(given) != len(truth):
        return 0, ""
    right = sum(a == b for a, b in zip(given, truth, strict=True))
    if not right:
        return 0, ""
    return right / len(truth), f"{right} of {len(truth)} numbers are right. "
