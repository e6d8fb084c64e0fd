"""A number, a shape or pads, held against what both references say."""

from typing import Any

from autograder.answers import Plain, plain_answer, require_attempt, show
from autograder.judge import Asked, ask_judge
from autograder.misconceptions import CARRIED, Earlier, Explained, explain
from autograder.questions import Question
from autograder.references import BOTH, truth
from autograder.verdicts import (
    CheckResult,
    Judgement,
    Message,
    Outcome,
    lines,
    not_attempted,
    right,
    text,
    wrong,
)
from course import Stack

RIGHT = text("right", "Right: {answer}. {confirmed}")
TAKEN_AS_RIGHT = text("right.carried-forward", "Taken as right. {said}")
NOBODYS = text(
    "not-attempted.nobodys-numbers",
    "nothing counts here yet, because this notebook does not know your name, and you will have "
    "other numbers; run introduce('your name') with the name that you hand in under, run the cell "
    "that shows your numbers again, and answer with those",
)
IS_NOT = text("wrong.is-not", "{answer} is not {question}.")
ARE_NOT = text("wrong.are-not", "{answer} are not {question}.")
WRONG_NUMBERS = text("wrong.numbers", "Wrong: {wrong:comma}.")
SOME_RIGHT = text("wrong.some-numbers", "Wrong: {wrong:comma}. Right: {right:comma}.")
ONE_FOR_MANY = text(
    "wrong.length.one-for-many",
    "It has 1 number where {wanted} are wanted, the batch left out.",
)
MANY_FOR_ONE = text(
    "wrong.length.many-for-one",
    "It has {given} numbers where 1 is wanted, the batch left out.",
)
MANY_FOR_MANY = text(
    "wrong.length.many-for-many",
    "It has {given} numbers where {wanted} are wanted, the batch left out.",
)
OTHER_PAIRS = text(
    "wrong.length.pairs",
    "One pair of zeros is wanted for each axis, as in ((top, bottom), (left, right)).",
)
NO_HALF = text(
    "wrong.fraction",
    "It must be a whole number: there is no half a pixel and no half a weight.",
)
GO_THROUGH = text("advice.formulas", "Go through it again:\n    {formulas:indented}")
LAYER_BY_LAYER = text(
    "advice.layer-by-layer",
    "Go through it layer by layer: what comes out of one goes into the next.",
)


def check(
    answer: Any, question: Question, *, earlier: Earlier = (), carried_forward: bool = False
) -> CheckResult:
    """Judge one answer against the engine and a real Keras model, which must agree.

    An answer may be an int, a float without a fraction, or a tuple, list or array of them, a
    shape with the batch dimension None in front or without it. `earlier` holds the answers to
    other questions about the same stack; with `carried_forward=True` an answer that follows
    correctly from a wrong one of these is taken as right.

    Errors: NotAttempted for None and `...`, and for nobody's numbers of a personal exercise;
    WrongAnswer, saying what is wrong, for anything else that is not the answer; OurFault where
    the references differ or fail.

    >>> from course import layers as L
    >>> print(check((None, 26, 26, 32), Question(L.Conv2D(32, 3), (28, 28, 1), "output_shape")))
    Right: (26, 26, 32). Keras agrees.
    """
    before = tuple(earlier)

    def decide() -> Judgement:
        return judge_answer(answer, question, earlier=before, carried_forward=carried_forward)

    result: CheckResult = ask_judge(Asked("check", answer, question), decide)
    return result


def judge_answer(
    answer: Any,
    question: Question,
    *,
    earlier: Earlier = (),
    carried_forward: bool = False,
    references: tuple[str, ...] = BOTH,
) -> Judgement:
    """What `check` concludes. Errors: the Verdict of what cannot be judged."""
    require_attempt(answer)
    if question.nobodys:
        return not_attempted(NOBODYS())
    settled = truth(question, references)
    given = plain_answer(answer, question.kind)
    if given == settled.value:
        shown = f"{given:,}" if isinstance(given, int) else str(given)
        return right(RIGHT(answer=shown, confirmed=settled.confirmation))
    found = explain(given, question, earlier)
    if carried_forward and found and found.first.misconceptions == CARRIED:
        message = TAKEN_AS_RIGHT(said=found.first.said)
        return Judgement(Outcome.RIGHT, 1, message, (CARRIED,))
    return wrong(what_is_wrong(given, settled.value, question, found), *found.simplest)


def what_is_wrong(given: Plain, wanted: Any, question: Question, found: Explained) -> Message:
    """Which part is wrong and why, or the formula to go through again; never the right answer."""
    verb = ARE_NOT if question.kind == "pads" else IS_NOT
    said: list[Message | None] = [verb(answer=show(given), question=question.message)]
    parts = _wrong_numbers(given, wanted, question)
    if parts:
        said.append(parts)
    elif _has_fraction(given) and not found:
        said.append(NO_HALF())
    if found:
        return lines(*said, *found.told)
    return lines(*said, _way_to_go(question))


def _way_to_go(question: Question) -> Message | None:
    """The formulas, or that a stack is gone through layer by layer."""
    working = question.working()
    if working is None:
        return LAYER_BY_LAYER() if isinstance(question.asked_of[0], Stack) else None
    # A formula that is a mere number, as for the weights of a pooling, is the answer itself.
    formulas = tuple(f"{s.name} = {s.formula}" for s in working.steps if not s.formula.isdigit())
    return GO_THROUGH(formulas=formulas) if formulas else None


def _has_fraction(given: Plain) -> bool:
    return isinstance(given, float) or (isinstance(given, tuple) and any(map(_has_fraction, given)))


def _wrong_numbers(given: Plain, wanted: Any, question: Question) -> Message | None:
    """For a shape or pads: which entries are wrong; None for a single number."""
    if not isinstance(given, tuple) or not isinstance(wanted, tuple):
        return None
    if len(given) != len(wanted):
        if question.kind == "pads":
            return OTHER_PAIRS()
        if len(given) == 1:
            return ONE_FOR_MANY(wanted=len(wanted))
        if len(wanted) == 1:
            return MANY_FOR_ONE(given=len(given))
        return MANY_FOR_MANY(given=len(given), wanted=len(wanted))
    # Of pads each pair is an entry, and both numbers of a pair have its name.
    names = tuple(dict.fromkeys(question.number_names))
    entries = list(zip(names, given, wanted, strict=True))
    wrong = tuple(name for name, a, b in entries if a != b)
    good = tuple(name for name, a, b in entries if a == b)
    return SOME_RIGHT(wrong=wrong, right=good) if good else WRONG_NUMBERS(wrong=wrong)
