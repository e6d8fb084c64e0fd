"""Judging a student's function on many cases."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType, FunctionType
from typing import Any

from autograder.answers import CheckResult, attempted, read, show
from autograder.checks import check
from autograder.errors import NotAttempted, Verdict, WrongAnswer
from autograder.misconceptions import wrong_answers
from autograder.misconceptions.wrong import Numbers, Wrong, numbers
from autograder.questions import Question
from course.errors import SpecError

Case = tuple[tuple[Any, ...], Question]
"""Arguments for a student's function, and the question that it should then answer."""
ENGINES = {
    "course": "the course's engine",
    "autograder": "the course's checks",
    "keras": "Keras",
    "tensorflow": "TensorFlow",
}


@dataclass(frozen=True)
class Failure:
    """A case in which the function went wrong, what it gave there, and the verdict."""

    question: Question
    answer: Any
    verdict: WrongAnswer


def check_function(
    function: Callable[..., Any], cases: Iterable[Case], *, hidden: bool = False
) -> CheckResult:
    """Judge a student's function on many cases, the first failing one shown.

    If one misconception explains all failing cases, the message says so. With `hidden=True` it
    never shows a case, only how many went wrong. A function that asks the engine or Keras in
    place of computing is told to compute.

    Errors: NotAttempted when the function is missing or gives nothing on the first case;
    WrongAnswer and ReferenceDisagreement as in `check`; SpecError when there are no cases.

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
    cases = list(cases)
    if not cases:
        raise SpecError("there is no case to judge by", "give check_function a list of cases")
    failures = list(_failures(function, name, cases, hidden=hidden))
    if not failures:
        return CheckResult(f"Right in all {len(cases)} cases. Keras agrees.")
    cause = _common_cause(failures)
    causes = cause.names if cause else ()
    says = " ".join(rule.says.format(each="filter") for rule in cause.rules) if cause else ""
    if hidden:
        raise WrongAnswer(
            f"{name} is wrong in {len(failures)} of {len(cases)} cases that are not shown",
            says
            or "try it with other numbers than those of the examples: strides that leave a rest, "
            "windows as large as the input, one channel and many",
            causes=causes,
        )
    first = failures[0].verdict
    text = str(first)
    if len(failures) > 1:
        text += f"\nIt is wrong in {len(failures)} of {len(cases)} cases."
        text += " The same thing explains all of them." if cause else ""
    raise WrongAnswer(text, causes=causes or first.causes)


def _failures(
    function: Callable[..., Any], name: str, cases: Sequence[Case], *, hidden: bool
) -> Iterator[Failure]:
    for place, (arguments, question) in enumerate(cases):
        call = name if hidden else f"{name}({', '.join(map(repr, arguments))})"
        question.truth()
        answer, error = _called(function, arguments, name)
        try:
            if error:
                raise WrongAnswer(
                    f"{call} stopped with {error}", "run that call in a cell of its own"
                )
            if (answer is None or answer is ...) and place:
                raise WrongAnswer(
                    f"{call} gives nothing back", "end every way through it with return"
                )
            check(answer, question)
        except NotAttempted:
            raise NotAttempted(
                f"{call} gives nothing back yet", "write the function and return its result"
            ) from None
        except WrongAnswer as verdict:
            told = verdict.problem
            if not told.startswith(call):
                told = f"{call}: {told}"
            yield Failure(question, answer, WrongAnswer(told, verdict.fix, causes=verdict.causes))


def _called(function: Callable[..., Any], arguments: tuple[Any, ...], name: str) -> tuple[Any, str]:
    """What the function gives, or what it stopped with.

    Errors: WrongAnswer if it asks the engine or Keras.
    """
    answer, error = None, ""
    with _watching(function) as asked:
        try:
            answer = function(*arguments)
        except (Exception, SystemExit) as stop:  # exit() in a function is an answer like any other
            error = _said(stop)
    if asked:
        whom = " and ".join(sorted(ENGINES[package] for package in asked))
        raise WrongAnswer(
            f"{name} asks {whom}", "do the sum yourself, from the function's arguments"
        )
    return answer, error


@contextmanager
def _watching(function: Callable[..., Any]) -> Iterator[set[str]]:
    """Gives the set of those of ENGINES that the function has called."""
    own = function.__globals__ if type(function) is FunctionType else None
    asked: set[str] = set()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        # Leaving the `with` is a call within this very module.
        foreign = frame.f_globals is not own and frame.f_globals is not globals()
        if event == "call" and foreign and package in ENGINES:
            asked.add(package)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        yield asked
    finally:
        sys.setprofile(before)


def _common_cause(failures: Sequence[Failure]) -> Wrong | None:
    """The simplest misconception, or pair, that leads to what the function gave in every case."""
    given: list[Numbers] = []
    for failure in failures:
        try:
            given.append(numbers(read(failure.answer, failure.question.kind)))
        except Verdict:
            return None
    pairs = list(zip(failures, given, strict=True))
    for wrong in wrong_answers(failures[0].question):
        if all(_leads_to(wrong, failure.question, answer) for failure, answer in pairs):
            return wrong
    return None


def _leads_to(wrong: Wrong, question: Question, answer: Numbers) -> bool:
    return any(
        other.names == wrong.names and other.values == answer for other in wrong_answers(question)
    )


def _said(error: BaseException) -> str:
    """The student's own error; its text is the student's code too, and may fail."""
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__
