"""What the test cells call: each check returns a CheckResult or raises a Verdict."""

from collections.abc import Iterable
from typing import Any

from autograder.answers import CheckResult, Plain, attempted, read, show
from autograder.errors import WrongAnswer
from autograder.misconceptions import CARRIED, Diagnosis, diagnose
from autograder.questions import AXES, Question
from course import Stack


def check(
    answer: Any,
    question: Question,
    *,
    earlier: Iterable[tuple[Any, Question]] = (),
    carried_forward: bool = False,
) -> CheckResult:
    """Judge one answer against the engine and a real Keras model, which must agree.

    An answer may be an int, a float without a fraction, or a tuple, list or array of them, a
    shape with the batch dimension None in front or without it. `earlier` holds the answers to
    other questions about the same stack; with `carried_forward=True` an answer that follows
    correctly from a wrong one of these is taken as right.

    Errors: NotAttempted for None and `...`; WrongAnswer, saying what is wrong, for anything else
    that is not the answer; ReferenceDisagreement when the references differ, which is our fault.

    >>> from course import layers as L
    >>> print(check((None, 26, 26, 32), Question(L.Conv2D(32, 3), (28, 28, 1), "output_shape")))
    Right: (26, 26, 32). Keras agrees.
    """
    attempted(answer)
    truth = question.truth()
    given = read(answer, question.kind)
    if given == truth:
        shown = f"{truth:,}" if isinstance(truth, int) else str(truth)
        return CheckResult(f"Right: {shown}. Keras agrees.")
    found = diagnose(given, question, earlier)
    if carried_forward and found and found[0].misconceptions == CARRIED:
        return CheckResult(f"Taken as right. {found[0].message}")
    causes = tuple(dict.fromkeys(name for cause in found for name in cause.misconceptions))
    raise WrongAnswer(_explain(given, truth, question, found), causes=causes)


def _explain(given: Plain, truth: Any, question: Question, found: tuple[Diagnosis, ...]) -> str:
    """Which part is wrong and why, or the formula to go through again; never the right answer."""
    verb = "are" if question.kind == "pads" else "is"
    text = f"{show(given)} {verb} not {question.text_in_lines}."
    parts = _wrong_parts(given, truth, question)
    if parts:
        text += f"\n{parts}"
    elif _has_fraction(given) and not found:
        text += "\nIt must be a whole number: there is no half a pixel and no half a weight."
    if found:
        return text + _told(found)
    working = question.working()
    if working is not None:
        # A formula that is a mere number, as for the weights of a pooling, is the answer itself.
        steps = [step for step in working.steps if not step.formula.isdigit()]
        formulas = "".join(f"\n    {step.name} = {step.formula}" for step in steps)
        text += f"\nGo through it again:{formulas}" if steps else ""
    elif isinstance(question.asked_of[0], Stack):
        text += "\nGo through it layer by layer: what comes out of one goes into the next."
    return text


def _told(found: tuple[Diagnosis, ...]) -> str:
    """The simplest explanations, a line each, at most three."""
    simplest = min(len(diagnosis.misconceptions) for diagnosis in found)
    told = [d.message for d in found if len(d.misconceptions) == simplest][:3]
    return "".join(f"\n{message}" for message in told)


def _has_fraction(given: Plain) -> bool:
    return isinstance(given, float) or (isinstance(given, tuple) and any(map(_has_fraction, given)))


def _wrong_parts(given: Plain, truth: Any, question: Question) -> str:
    """For a shape or pads: which entries are wrong."""
    if not isinstance(given, tuple) or not isinstance(truth, tuple):
        return ""
    if len(given) != len(truth):
        numbers = "1 number" if len(given) == 1 else f"{len(given)} numbers"
        wanted = "1 is" if len(truth) == 1 else f"{len(truth)} are"
        return f"It has {numbers} where {wanted} wanted, the batch left out."
    if question.kind == "pads":
        names: tuple[str, ...] = ("the height (top, bottom)", "the width (left, right)")
    elif len(truth) == len(AXES):
        names = tuple(f"the {axis}" for axis in AXES)
        if question.channels_first:
            names = (names[2], *names[:2])
    else:
        names = tuple(f"number {place}" for place in range(1, len(truth) + 1))
    wrong = [name for name, a, b in zip(names, given, truth, strict=True) if a != b]
    right = [name for name, a, b in zip(names, given, truth, strict=True) if a == b]
    text = f"Wrong: {', '.join(wrong)}."
    return f"{text} Right: {', '.join(right)}." if right else text
