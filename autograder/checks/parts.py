"""Partial credit: an exercise of several parts earns the parts that are right."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograder.answers import plain_answer
from autograder.checks.functions import Case, judge_function
from autograder.checks.numbers import NOBODYS, judge_answer
from autograder.judge import Asked, ask_judge, decided
from autograder.questions import Question
from autograder.verdicts import (
    Judgement,
    Message,
    Outcome,
    Part,
    Verdict,
    as_error,
    lines,
    not_attempted,
    text,
)
from course.errors import SpecError

Answer = tuple[Any, Question | Sequence[Case]]
"""An answer and its question, or a function and its cases."""

NAMED = text("part", "{name}: {said}")
SOME_NUMBERS = text("part.some-numbers", "{right} of {count} numbers are right. {said}")
OUTCOMES = {one: text(f"outcome.{one.name.lower()}", one.value) for one in Outcome}
EARNED = text("part.earned", "{earned} of {points} points.")
NONE_YET = text("not-attempted.parts", "this is not attempted yet; replace the ... by your answers")


def check_parts(
    parts: Mapping[str, Answer],
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
    OurFault as in `check`; SpecError for parts or points that are none.

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

    def decide() -> Judgement:
        return judge_parts(parts, points, carried_forward=carried_forward, hidden=hidden)

    earned: float = ask_judge(Asked("check_parts", parts, points=points), decide)
    return earned


def judge_parts(
    parts: Mapping[str, Answer], points: float, *, carried_forward: bool, hidden: bool
) -> Judgement:
    """What `check_parts` concludes. Errors: the Verdict of what cannot be judged."""
    earlier: list[tuple[Any, Question]] = []
    judged = []
    for name, (answer, asked) in parts.items():
        judged.append(Part(name, _judge(answer, asked, tuple(earlier), carried_forward)))
        if isinstance(asked, Question):
            earlier.append((answer, asked))
    if not any(judgement.outcome is not Outcome.NOT_ATTEMPTED for _, judgement in judged):
        reasons = {judgement.message for _, judgement in judged}
        # Numbers that are nobody's have a reason of their own.
        raise as_error(not_attempted(NOBODYS() if NOBODYS() in reasons else NONE_YET()))
    share = sum(judgement.share for _, judgement in judged) / len(judged)
    report = [_line(part, hidden=hidden) for part in judged]
    if share < 1:
        report.append(EARNED(earned=f"{round(points * share, 2):g}", points=f"{points:g}"))
    outcome = Outcome.PARTLY if 0 < share < 1 else Outcome.RIGHT if share else Outcome.WRONG
    return Judgement(outcome, share, lines(*report), parts=tuple(judged))


def _line(part: Part, *, hidden: bool) -> Message:
    """What is said of a part: in hidden tests only how it ended."""
    outcome, message = part.judgement.outcome, part.judgement.message
    return NAMED(name=part.name, said=OUTCOMES[outcome]() if hidden else message)


def _judge(
    answer: Any,
    asked: Question | Sequence[Case],
    earlier: Sequence[tuple[Any, Question]],
    carried_forward: bool,
) -> Judgement:
    """One part by itself; a shape that is wrong keeps the share of its right numbers."""

    def decide() -> Judgement:
        if isinstance(asked, Question):
            return judge_answer(answer, asked, earlier=earlier, carried_forward=carried_forward)
        return judge_function(answer, asked)

    judgement = decided(decide)
    if judgement.outcome is Outcome.OUR_FAULT:
        raise as_error(judgement)
    right, count = _right_numbers(answer, asked)
    if judgement.outcome is not Outcome.WRONG or not right:
        return judgement
    said = SOME_NUMBERS(right=right, count=count, said=judgement.message)
    return Judgement(Outcome.PARTLY, right / count, said, judgement.explanations)


def _right_numbers(answer: Any, asked: Question | Sequence[Case]) -> tuple[int, int]:
    """How many numbers of a shape are right, and of how many; of anything else none."""
    if not isinstance(asked, Question) or asked.kind != "shape":
        return 0, 1
    wanted = asked.expected()
    try:
        given = plain_answer(answer, "shape")
    except Verdict:
        return 0, 1
    if not isinstance(given, tuple) or len(given) != len(wanted):
        return 0, 1
    return sum(a == b for a, b in zip(given, wanted, strict=True)), len(wanted)
