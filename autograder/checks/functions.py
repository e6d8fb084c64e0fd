"""Judging a student's function on many cases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.answers import plain_answer, require_attempt, show
from autograder.checks.engines import ENGINES, engines_of, name_of
from autograder.checks.numbers import NOBODYS, judge_answer, what_is_wrong
from autograder.judge import Asked, ask_judge, decided
from autograder.misconceptions import (
    MOST_TOLD,
    Explained,
    WrongWay,
    explain,
    what_has_a_bias,
    wrong_answers,
)
from autograder.questions import Question, numbers
from autograder.references import Truth, truth
from autograder.verdicts import (
    CheckResult,
    Explanation,
    Judgement,
    Message,
    Outcome,
    Verdict,
    as_error,
    lines,
    not_attempted,
    right,
    sentences,
    text,
    wrong,
)
from course.errors import SpecError
from course.expression import Number
from course.layers.convolution import Convolving

Case = tuple[tuple[Any, ...], Question]
"""Arguments for a student's function, and the question that it should then answer."""
RIGHT = text("right.function", "Right in all {count} cases. {confirmed}")
NO_FUNCTION = text(
    "other-kind.function",
    "a function is wanted, not {answer}; keep the line that begins with def",
)
ASKS = text(
    "wrong.function.asks",
    "{name} asks {engines:and}; do the sum yourself, from the function's arguments",
)
STOPPED = text(
    "wrong.function.stopped", "{call} stopped with {error}; run that call in a cell of its own"
)
NOTHING = text(
    "wrong.function.nothing",
    "{call} gives nothing back; end every way through it with return",
)
NOTHING_YET = text(
    "not-attempted.function",
    "{call} gives nothing back yet; write the function and return its result",
)
IN_CALL = text("wrong.function.case", "{call}: {said}")
IN_CASES = text("wrong.function.cases", "It is wrong in {wrong} of {count} cases.")
ONE_CAUSE = text("wrong.function.one-cause", "The same thing explains all of them.")
HIDDEN = text(
    "wrong.function.hidden",
    "{name} is wrong in {wrong} of {count} cases that are not shown; {advice}",
)
HIDDEN_CAUSE = text(
    "wrong.function.hidden-cause",
    "{name} is wrong in {wrong} of {count} cases that are not shown. {advice}",
)
TRY_OTHERS = text(
    "advice.other-cases",
    "try it with other numbers than those of the examples: strides that leave a remainder, "
    "windows as large as the input, one channel and many",
)


@dataclass(frozen=True)
class Failure:
    """A case in which the function went wrong: the call, what it gave, what to say, and why."""

    call: str
    question: Question
    answer: Any
    said: Message
    explanations: tuple[Explanation, ...]

    def told(self, explanations: tuple[Explanation, ...]) -> Message:
        """What to say if only these explanations are left, because other cases rule out more."""
        given = plain_answer(self.answer, self.question.kind)
        each = explain(given, self.question).each
        left = tuple(one for one in each if one.misconceptions in explanations)
        found = Explained(left or each)
        said = what_is_wrong(given, self.question.expected(), self.question, found)
        return IN_CALL(call=self.call, said=said)


def check_function(
    function: Callable[..., Any], cases: Iterable[Case], *, hidden: bool = False
) -> CheckResult:
    """Judge a student's function on many cases, the first failing one shown.

    If one misconception explains all failing cases, the message says so. With `hidden=True` it
    never shows a case, only how many went wrong. A function that asks the engine or Keras in
    place of computing is told to compute.

    Errors: NotAttempted when the function is missing or gives nothing on the first case;
    WrongAnswer and OurFault as in `check`; SpecError when there are no cases.

    >>> from course import layers as L
    >>> cases = [((K, 3, 1), Question(L.Conv2D(K, 3), (9, 9, 1), "param_count")) for K in (1, 2, 8)]
    >>> print(check_function(lambda K, F, D_in: K * F * F * D_in + K, cases))
    Right in all 3 cases. Keras agrees.
    """
    listed = tuple(cases)
    result: CheckResult = ask_judge(
        Asked("check_function", function, listed),
        lambda: judge_function(function, listed, hidden=hidden),
    )
    return result


def judge_function(function: Any, cases: Sequence[Case], *, hidden: bool = False) -> Judgement:
    """What `check_function` concludes. Errors: the Verdict of what cannot be judged."""
    require_attempt(function)
    if not callable(function):
        return wrong(NO_FUNCTION(answer=show(function)), ("other-kind",))
    if not cases:
        raise SpecError("there is no case to judge by", "give check_function a list of cases")
    if any(question.nobodys for _, question in cases):
        return not_attempted(NOBODYS())
    name = name_of(function)
    settled = [truth(question) for _, question in cases]
    asked = engines_of(function)
    if asked:
        engines = tuple(ENGINES[package]() for package in sorted(asked))
        return wrong(ASKS(name=name, engines=engines), ("asks-the-engine",))
    failures = list(_failures(function, name, cases, hidden=hidden))
    if not failures:
        return right(RIGHT(count=len(cases), confirmed=_confirmed(settled)))
    return _judged(name, failures, len(cases), hidden=hidden)


def _confirmed(settled: Sequence[Truth]) -> Message:
    """The word of the fewest references that any case has."""
    return min(settled, key=lambda one: len(one.references)).confirmation


def _judged(name: str, failures: Sequence[Failure], count: int, *, hidden: bool) -> Judgement:
    causes = _common_causes(failures) if len(failures) > 1 or hidden else []
    explanations = tuple(way.names for way in causes) or failures[0].explanations
    if hidden:
        if not causes:
            said = HIDDEN(name=name, wrong=len(failures), count=count, advice=TRY_OTHERS())
            return wrong(said)
        chain = failures[0].question.chain
        filters = (layer for layer in chain if isinstance(layer, Convolving))
        each = what_has_a_bias(next(filters, chain[-1]))
        says = dict.fromkeys(sentences(*way.says(each)) for way in causes)
        advice = sentences(*says)
        said = HIDDEN_CAUSE(name=name, wrong=len(failures), count=count, advice=advice)
        return wrong(said, *explanations)
    if len(failures) == 1:
        return wrong(failures[0].said, *explanations)
    in_cases = IN_CASES(wrong=len(failures), count=count)
    if not causes:
        return wrong(lines(failures[0].said, in_cases))
    first = lines(failures[0].told(explanations), sentences(in_cases, ONE_CAUSE()))
    return wrong(first, *explanations)


def _failures(
    function: Callable[..., Any], name: str, cases: Sequence[Case], *, hidden: bool
) -> Iterator[Failure]:
    for place, (arguments, question) in enumerate(cases):
        call = name if hidden else f"{name}({', '.join(map(repr, arguments))})"
        answer, error = _called(function, arguments)
        if error:
            said = STOPPED(call=call, error=error)
            yield Failure(call, question, answer, said, (("stops-with-error",),))
            continue
        if (answer is None or answer is ...) and place:
            nothing = NOTHING(call=call)
            yield Failure(call, question, answer, nothing, (("gives-nothing-back",),))
            continue

        def decide(answer: Any = answer, question: Question = question) -> Judgement:
            return judge_answer(answer, question)

        judgement = decided(decide)
        if judgement.outcome is Outcome.NOT_ATTEMPTED:
            raise as_error(not_attempted(NOTHING_YET(call=call)))
        if judgement.outcome is Outcome.WRONG:
            said = IN_CALL(call=call, said=judgement.message)
            yield Failure(call, question, answer, said, judgement.explanations)


def _called(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, str]:
    """What the function gives, or what it stopped with."""
    try:
        return function(*arguments), ""
    except KeyboardInterrupt:
        raise  # whoever pressed Stop, or nbgrader after its time limit, means all of the cell
    except BaseException as stop:  # exit() in a function is an answer like any other
        return None, _said(stop)


def _common_causes(failures: Sequence[Failure]) -> list[WrongWay]:
    """The simplest misconceptions, or pairs, that lead to what the function gave in every case."""
    given: list[tuple[Number, ...]] = []
    for failure in failures:
        try:
            given.append(numbers(plain_answer(failure.answer, failure.question.kind)))
        except Verdict:
            return []
    pairs = list(zip(failures, given, strict=True))
    found: dict[Explanation, WrongWay] = {}
    for way in wrong_answers(failures[0].question):
        simpler = found and len(way.names) > len(next(iter(found)))
        if way.values != given[0] or simpler or way.names in found:
            continue
        if all(_leads_to(way, failure.question, answer) for failure, answer in pairs[1:]):
            found[way.names] = way
    return list(found.values())[:MOST_TOLD]


def _leads_to(way: WrongWay, question: Question, answer: tuple[Number, ...]) -> bool:
    return any(
        other.names == way.names and other.values == answer for other in wrong_answers(question)
    )


def _said(error: BaseException) -> str:
    """The student's own error; its text is the student's code too, and may fail."""
    name = str.__str__(type.__dict__["__name__"].__get__(type(error)))
    try:
        return f"{name}: {error}"
    except Exception:
        return name
