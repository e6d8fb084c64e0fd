"""Simulated students, one per misconception and pair, and what each of them answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from autograder.checks.arrays import wrong_arrays
from autograder.checks.models import near_misses
from autograder.exercises import Check, Exercise, TestCell
from autograder.misconceptions import answer_under, diagnose, right_by_luck, wrong_answers
from autograder.questions import Question

Names = tuple[str, ...]


@dataclass(frozen=True)
class Student:
    """A simulated student: what is misunderstood, and the answers that come of it."""

    misconceptions: Names
    answers: dict[str, Any]

    def fair_points(self, test: TestCell) -> float:
        """What these answers may earn in a test cell: all or nothing, or their share of parts."""
        shares = [self._share(asked) for asked in test.asked]
        if all(share == 1 for share in shares):
            return test.points
        if not all(asked.part for asked in test.asked):
            return 0.0
        return round(test.points * sum(shares) / len(shares), 2)

    def _share(self, asked: Check) -> float:
        """How much of an answer is right: all, nothing, or the right numbers of a shape."""
        if asked.name not in self.answers:
            return 1.0
        if asked.check in OTHERS:
            return 0.0
        if asked.check != "check":
            return 0.0 if _goes_wrong(asked, self.misconceptions) else 1.0
        answer, right = self.answers[asked.name], asked.of.expected()
        if asked.of.kind != "shape":
            return 1.0 if answer == right else 0.0
        agreeing = sum(bool(a == b) for a, b in zip(answer, right, strict=True))
        return agreeing / len(right)


def students(exercise: Exercise) -> Iterator[Student]:
    """One student for each misconception and pair that concern the exercise.

    Of a pair each must matter: if one of them alone is always right by luck, there is no student
    of both.
    """
    about = [question for asked in exercise.asked for question in questions(asked)]
    lucky = {found.names for question in about for found in right_by_luck(question)}
    wrong = {found.names for question in about for found in wrong_answers(question)}
    for names in sorted(lucky | wrong, key=lambda names: (len(names), names)):
        if len(names) == 2 and any((name,) in lucky - wrong for name in names):
            continue
        answers = {
            asked.name: _answer(asked.name, names, exercise)
            for asked in exercise.asked
            if questions(asked)
        }
        yield Student(names, answers)
    for asked in exercise.asked:
        for names, answer in OTHERS.get(asked.check, _none)(asked, exercise):
            yield Student(names, {asked.name: answer})


def questions(asked: Check) -> Sequence[Question]:
    """The questions behind a check of a value or of a function."""
    if asked.check == "check":
        return (asked.of,)
    if asked.check == "check_function":
        return [question for _, question in asked.of]
    return ()


def _none(asked: Check, exercise: Exercise) -> Iterator[tuple[Names, Any]]:
    yield from ()


def _choices(asked: Check, exercise: Exercise) -> Iterator[tuple[Names, Any]]:
    """The wrong letters, each with the misconceptions that lead to it."""
    for letter, option in asked.of.letters.items():
        if option != asked.of.question.expected():
            found = diagnose(option, asked.of.question)
            yield (found[0].misconceptions if found else (f"option-{letter}",)), letter


def _models(asked: Check, exercise: Exercise) -> Iterator[tuple[Names, Any]]:
    """Small changes of the solution's design after which it does not do."""
    for number, design in enumerate(near_misses(exercise.right[asked.name], asked.of), 1):
        yield (f"near-miss-{number}",), design


def _arrays(asked: Check, exercise: Exercise) -> Iterator[tuple[Names, Any]]:
    """What wrong ways of computing lead to; for a function, one that gives that in every case."""
    called = callable(exercise.right[asked.name])
    for names, array in wrong_arrays(asked.of):
        yield names, (lambda *_, given=array: given) if called else array


OTHERS: dict[str, Callable[[Check, Exercise], Iterator[tuple[Names, Any]]]] = {
    "check_choice": _choices,
    "check_model": _models,
    "check_array": _arrays,
}
"""The wrong answers to what is no number, shape or function; each is wrong as a whole."""


def believed(question: Question, names: Names) -> Any:
    """The answer of somebody with these misconceptions; the right one where they don't matter.

    >>> from course import layers as L
    >>> believed(Question(L.Conv2D(8, 3), (9, 9, 1), "output_shape"), ("plus-one-forgotten",))
    (6, 6, 8)
    """
    found = answer_under(question, *names)
    for name in names:
        # Of a pair only one may concern this question.
        found = found or answer_under(question, name)
    if found is None:
        return question.expected()
    plain = tuple(float(n) if isinstance(n, Fraction) else n for n in found)
    if question.kind == "number":
        return plain[0]
    return plain if question.kind == "shape" else tuple(zip(plain[::2], plain[1::2], strict=True))


def _answer(name: str, names: Names, exercise: Exercise) -> Any:
    """What the student puts under a name: a value, or a function for all cases of all its tests."""
    about = [asked for asked in exercise.asked if asked.name == name]
    if about[0].check == "check":
        return believed(about[0].of, names)
    cases = [case for asked in about for case in asked.of]
    return _function(cases, names, exercise.right[name])


def _function(
    cases: Sequence[tuple[tuple[Any, ...], Question]], names: Names, right: Callable[..., Any]
) -> Callable[..., Any]:
    """What these misconceptions lead to in the cases, and elsewhere what is right."""
    answers = [(arguments, believed(question, names)) for arguments, question in cases]

    def function(*arguments: Any) -> Any:
        for known, answer in answers:
            if known == arguments:
                return answer
        return right(*arguments)

    return function


def _goes_wrong(asked: Check, names: Names) -> bool:
    return any(believed(question, names) != question.expected() for question in questions(asked))
