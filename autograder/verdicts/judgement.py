"""What a check concludes, as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from autograder.verdicts.catalogue import MISCONCEPTIONS
from autograder.verdicts.messages import Message, text
from course.errors import SpecError


class Outcome(StrEnum):
    """How a check ended."""

    RIGHT = "right"
    PARTLY = "partly right"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not attempted"
    NOTED = "noted"
    """Kept, to be judged when the unit is graded."""
    OUR_FAULT = "our fault"
    """Nothing was judged, and that is no student's doing."""


Explanation = tuple[str, ...]
"""Misconceptions that hold together."""


class Part(NamedTuple):
    """One part of an exercise: its name and how it was judged."""

    name: str
    judgement: "Judgement"


@dataclass(frozen=True)
class Judgement:
    """How an answer was judged; a notebook's card, the points and a class report are made from it.

    `share` is how much of the points is earned, from 0 to 1. `explanations` are alternatives, any
    of which may be what happened; each holds the identifiers of misconceptions that then hold
    together. `message` is what the student is told. An exercise of several `parts` has its
    explanations in them.

    Errors: SpecError for a share outside 0 to 1, and for an identifier that MISCONCEPTIONS lacks.

    >>> right = Judgement(Outcome.RIGHT, 1, text("doctest-right", "Right: {answer}.")(answer=896))
    >>> print(right.message)
    Right: 896.
    >>> Judgement.from_json(right.to_json()) == right
    True
    """

    outcome: Outcome
    share: float
    message: Message
    explanations: tuple[Explanation, ...] = ()
    parts: tuple[Part, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise SpecError(f"a share of {self.share}", "give one from 0 to 1", "Judgement")
        for name in {name for together in self.explanations for name in together}:
            if name not in MISCONCEPTIONS:
                raise SpecError(
                    f"{name!r} is no identifier of a misconception",
                    "add it to MISCONCEPTIONS with a sentence for teachers",
                    "Judgement",
                )

    def explained(self) -> Iterator[tuple[str, tuple[Explanation, ...]]]:
        """The explanations, each part's with its name; those of the whole with an empty one."""
        if self.explanations:
            yield "", self.explanations
        for name, judgement in self.parts:
            for inner, explanations in judgement.explained():
                yield f"{name}.{inner}" if inner else name, explanations

    def to_json(self) -> dict[str, Any]:
        """The judgement as what `json` can write."""
        return {
            "outcome": self.outcome.value,
            "share": self.share,
            "message": self.message.to_json(),
            "explanations": [list(together) for together in self.explanations],
            "parts": [[name, judgement.to_json()] for name, judgement in self.parts],
        }

    @classmethod
    def from_json(cls, data: Any) -> "Judgement":
        """The judgement that `to_json` was asked of.

        Errors: SpecError for identifiers, of texts or misconceptions, that this version lacks.
        """
        return cls(
            Outcome(data["outcome"]),
            data["share"],
            Message.from_json(data["message"]),
            tuple(map(tuple, data["explanations"])),
            tuple(Part(name, cls.from_json(judged)) for name, judged in data["parts"]),
        )


NOT_YET = text("not-attempted", "this is not attempted yet; replace the ... by your answer")


def right(message: Message) -> Judgement:
    """An answer that earns all points."""
    return Judgement(Outcome.RIGHT, 1, message)


def wrong(message: Message, *explanations: Explanation) -> Judgement:
    """An answer that earns nothing, with the alternatives that explain it."""
    return Judgement(Outcome.WRONG, 0, message, explanations)


def not_attempted(message: Message | None = None) -> Judgement:
    """No answer yet, or none that could count."""
    return Judgement(Outcome.NOT_ATTEMPTED, 0, message or NOT_YET())


def noted(message: Message) -> Judgement:
    """An answer that is judged when the unit is graded."""
    return Judgement(Outcome.NOTED, 0, message)


def our_fault(message: Message) -> Judgement:
    """Nothing was judged."""
    return Judgement(Outcome.OUR_FAULT, 0, message)
