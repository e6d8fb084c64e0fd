"""What explains a wrong answer: what holds together, and what are alternatives."""

from dataclasses import dataclass
from itertools import product, zip_longest

from autograder.verdicts import Explanation, Message

MOST_TOLD = 3
"""A student is told so many explanations at the most."""


@dataclass(frozen=True)
class Diagnosis:
    """An explanation of a wrong answer: the identifiers of misconceptions that hold together, and
    what to tell the student, which never holds the right answer."""

    misconceptions: Explanation
    said: Message

    @property
    def message(self) -> str:
        """What to tell the student, in words."""
        return str(self.said)

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class Explained:
    """What explains a wrong answer. Any one of `instead` explains all of it. Otherwise `groups`
    explain it part by part: they hold together, and within each group any one may be what
    happened."""

    instead: tuple[Diagnosis, ...] = ()
    groups: tuple[tuple[Diagnosis, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.instead or self.groups)

    @property
    def each(self) -> tuple[Diagnosis, ...]:
        """All diagnoses: the first of each group, then the second of each, and so on."""
        in_turns = (one for turn in zip_longest(*self.groups) for one in turn if one)
        return (*self.instead, *in_turns)

    @property
    def first(self) -> Diagnosis:
        """The simplest and likeliest diagnosis."""
        return self.each[0]

    @property
    def simplest(self) -> tuple[Explanation, ...]:
        """The alternatives with the fewest misconceptions, each with all that then holds."""
        found = [one.misconceptions for one in self.instead]
        if self.groups:
            together = product(*([one.misconceptions for one in group] for group in self.groups))
            found += (tuple(dict.fromkeys(sum(names, ()))) for names in together)
        fewest = min(map(len, found), default=0)
        return tuple(dict.fromkeys(names for names in found if len(names) == fewest))

    @property
    def told(self) -> tuple[Message, ...]:
        """What a student is told: the simplest diagnoses, at most three."""
        fewest = min((len(one.misconceptions) for one in self.each), default=0)
        said = [one.said for one in self.each if len(one.misconceptions) == fewest]
        return tuple(said[:MOST_TOLD])
