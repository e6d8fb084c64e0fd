"""What the test cells call: each check returns a CheckResult or raises a Verdict."""

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

from autograder.answers import CheckResult, Plain, attempted, read, show
from autograder.errors import NotAttempted, Verdict, WrongAnswer
from autograder.misconceptions import CARRIED, Diagnosis, diagnose
from autograder.questions import AXES, Question
from course.errors import SpecError

Case = tuple[tuple[Any, ...], Question]
"""Arguments for a student's function, and the question that it should then answer."""


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


def check_function(
    function: Callable[..., Any], cases: Iterable[Case], *, hidden: bool = False
) -> CheckResult:
    """Judge a student's function on many cases, the first failing one shown.

    With `hidden=True` the message never shows a case, only how many went wrong.

    Errors: NotAttempted when the function is missing or gives nothing on the first case;
    WrongAnswer and ReferenceDisagreement as in `check`.

    >>> from course import layers as L
    >>> cases = [((K, 3, 1), Question(L.Conv2D(K, 3), (9, 9, 1), "param_count")) for K in (1, 2, 8)]
    >>> print(check_function(lambda K, F, D_in: K * F * F * D_in + K, cases))
    Right in all 3 cases. Keras agrees.
    """
    attempted(function)
    if not callable(function):
        raise WrongAnswer(
            f"a function is wanted, not {show(function)}", "keep the line that begins with def"
        )
    name = function.__name__ if type(function) is FunctionType else "your function"
    verdicts: list[Verdict] = []
    cases = list(cases)
    if not cases:
        raise SpecError("there is no case to judge by", "give check_function a list of cases")
    for place, (arguments, question) in enumerate(cases):
        call = name if hidden else f"{name}({', '.join(map(repr, arguments))})"
        try:
            _check_call(function, arguments, call, question, first=place == 0)
        except WrongAnswer as verdict:
            if not hidden:
                raise
            verdicts.append(verdict)
    if verdicts:
        raise WrongAnswer(
            f"{name} is wrong in {len(verdicts)} of {len(cases)} cases that are not shown",
            "try it with other numbers than those of the examples: strides that leave a rest, "
            "windows as large as the input, one channel and many",
        )
    return CheckResult(f"Right in all {len(cases)} cases. Keras agrees.")


def _check_call(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    call: str,
    question: Question,
    *,
    first: bool,
) -> None:
    question.truth()
    try:
        answer = function(*arguments)
    except (Exception, SystemExit) as error:  # exit() in a function is an answer like any other
        raise WrongAnswer(
            f"{call} stopped with {_said(error)}",
            "run that call in a cell of its own",
        ) from None
    if (answer is None or answer is ...) and not first:
        raise WrongAnswer(f"{call} gives nothing back", "end every way through it with return")
    try:
        check(answer, question)
    except WrongAnswer as verdict:
        raise WrongAnswer(f"{call}: {verdict.problem}") from None
    except NotAttempted:
        raise NotAttempted(
            f"{call} gives nothing back yet", "write the function and return its result"
        ) from None


def _said(error: BaseException) -> str:
    """The student's own error; its text is the student's code too, and may fail."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _explain(given: Plain, truth: Any, question: Question, found: tuple[Diagnosis, ...]) -> str:
    """Which part is wrong and why, or the formula to go through again; never the right answer."""
    verb = "are" if question.kind == "pads" else "is"
    text = f"{show(given)} {verb} not {question.text}."
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
        return f"It has {len(given)} numbers where {len(truth)} are wanted, the batch left out."
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
