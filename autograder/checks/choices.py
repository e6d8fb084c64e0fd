"""Questions with options to choose from: the truth among what misconceptions lead to."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from string import ascii_lowercase
from typing import Any

from autograder.answers import plain_answer, require_attempt, show
from autograder.checks.numbers import judge_answer
from autograder.judge import Asked, ask_judge
from autograder.misconceptions import wrong_answers
from autograder.questions import Question
from autograder.references import truth
from autograder.verdicts import (
    CheckResult,
    Judgement,
    Outcome,
    WrongAnswer,
    as_error,
    right,
    text,
    wrong,
)
from course.errors import SpecError
from course.expression import Number

FEWEST, MOST = 3, 8

RIGHT = text("right.choice", "Right: {letter}, {option}. {confirmed}")
WRONG = text("wrong.choice", "{letter}: {said}")
NO_OPTION = text(
    "other-kind.choice",
    "your answer is {answer}, which is none of the options; answer with one of the letters "
    "{letters:comma}",
)


@dataclass(frozen=True, repr=False)
class Choice:
    """A question with up to `count` options: the truth and the likeliest wrong answers, each
    another misconception's where there are enough. In a notebook it is shown as a list.

    The options stand in order of size. Which place the right one has is drawn for each question,
    as far as there are smaller and larger wrong answers, and stays the same ever after.

    Errors: SpecError for a count that is not from 3 to 8, and for a question with fewer than two
    wrong answers that a misconception leads to.

    >>> from course import layers as L
    >>> print(Choice(Question(L.Conv2D(32, 3), (128, 128, 3), "depth")))
    What is the depth of the output of
        Conv2D(32, 3, padding='valid')
    on an input of (128, 128, 3)?
        a  1
        b  3
        c  32
        d  96
    """

    question: Question
    count: int = 4

    def __post_init__(self) -> None:
        if type(self.count) is not int or not FEWEST <= self.count <= MOST:
            raise SpecError(
                f"a choice of {self.count!r} options",
                f"give a count from {FEWEST} to {MOST}",
                "Choice",
            )
        if len(self.options) < FEWEST:
            raise SpecError(
                f"misconceptions lead to {len(self.options) - 1} wrong answers for "
                f"{self.question.text}",
                "ask for a number that depends on more arguments of the layer, or use check",
                "Choice",
            )

    @cached_property
    def options(self) -> tuple[Any, ...]:
        """The options in order, as plain numbers and tuples."""
        truth = self.question.expected()
        wrong = _wrong_options(self.question, self.count - 1)
        smaller = [option for option in wrong if option < truth]
        larger = [option for option in wrong if option > truth]
        before, room = _place(self.question, self.count), self.count - 1
        before = min(max(before, room - len(larger)), len(smaller))
        return tuple(sorted([truth, *smaller[:before], *larger[: room - before]]))

    @property
    def letters(self) -> dict[str, Any]:
        """Each option by its letter."""
        return dict(zip(ascii_lowercase, self.options, strict=False))

    def __str__(self) -> str:
        options = "".join(f"\n    {letter}  {_shown(o)}" for letter, o in self.letters.items())
        return f"{self.question.sentence}{options}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        # The letters are text: a list that counts by itself may lose its letters to a sanitizer.
        rows = "".join(
            f"<li><b>{letter}</b>&emsp;{_shown(option)}</li>"
            for letter, option in self.letters.items()
        )
        return f'{self.question.to_html()}<ul style="list-style: none">{rows}</ul>'


def check_choice(answer: Any, choice: Choice) -> CheckResult:
    """Judge a letter, in upper or lower case, or the value of an option itself.

    Errors: NotAttempted for None and `...`; WrongAnswer for anything that is not the right
    option, with the diagnosis of a wrong one; OurFault as in `check`.

    >>> from course import layers as L
    >>> choice = Choice(Question(L.Conv2D(32, 3), (128, 128, 3), "depth"))
    >>> print(check_choice("c", choice))
    Right: c, 32. Keras agrees.
    """
    result: CheckResult = ask_judge(
        Asked("check_choice", answer, choice), lambda: judge_choice(answer, choice)
    )
    return result


def judge_choice(answer: Any, choice: Choice) -> Judgement:
    """What `check_choice` concludes. Errors: the Verdict of what cannot be judged."""
    require_attempt(answer)
    settled = truth(choice.question)
    letter = _letter(answer, choice)
    option = choice.letters[letter]
    judgement = judge_answer(option, choice.question)
    if judgement.outcome is Outcome.NOT_ATTEMPTED:
        return judgement
    if judgement.outcome is not Outcome.WRONG:
        confirmed = settled.confirmation
        return right(RIGHT(letter=letter, option=_shown(option), confirmed=confirmed))
    return wrong(WRONG(letter=letter, said=judgement.message), *judgement.explanations)


def _letter(answer: Any, choice: Choice) -> str:
    """The letter that was meant, or a WrongAnswer about the letters that there are."""
    letters = choice.letters
    if type(answer) is str:
        letter = answer.strip(" ().").lower()
        if letter in letters:
            return letter
    else:
        with suppress(WrongAnswer):
            value = plain_answer(answer, choice.question.kind)
            for letter, option in letters.items():
                if option == value:
                    return letter
    said = NO_OPTION(answer=show(answer), letters=tuple(map(repr, letters)))
    raise as_error(wrong(said, ("no-option",)))


def _wrong_options(question: Question, enough: int) -> list[Any]:
    """What single misconceptions lead to, all different, likeliest first.

    One whole number of each misconception; fractions only if these are not enough, and another
    sum of the same misconception only if those are not enough either.
    """
    found: dict[tuple[Number, ...], tuple[bool, bool]] = {}
    names: set[str] = set()
    for way in wrong_answers(question):
        single = len(way.rules) == 1 and way.only is None
        possible = question.kind == "pads" or all(value > 0 for value in way.values)
        exact = all(isinstance(v, int) or Fraction(float(v)) == v for v in way.values)
        if single and possible and exact and way.values not in found:
            fraction = any(isinstance(value, Fraction) for value in way.values)
            found[way.values] = (not names.isdisjoint(way.names), fraction)
            names.update(way.names)
    needed = sorted(found.values())[:enough][-1:]
    return [
        _like(question.expected(), iter(values))
        for values, rank in found.items()
        if rank <= needed[0]
    ]


def _like(truth: Any, values: Iterator[Number]) -> Any:
    """Numbers in a row in the form of the truth."""
    if isinstance(truth, tuple):
        return tuple(_like(part, values) for part in truth)
    value = next(values)
    return value if isinstance(value, int) else float(value)


def _place(question: Question, count: int) -> int:
    """How many wrong options should stand before the right one: drawn, but always the same."""
    return sha256(question.text.encode()).digest()[0] % count


def _shown(option: Any) -> str:
    return f"{option:,}" if isinstance(option, int) else str(option)
