"""What explains a wrong answer: what holds together, and what are alternatives."""

from dataclasses import dataclass
from itertools import product, zip_longest

from autograder.verdicts import Explanation, Message

MOST_TOLD = 3
"""A student is told so many explanations at the most."""
MOST_COMBINED = 12
"""Of each group so many, the likeliest, are combined with those of the others."""


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
        whole = [one.misconceptions for one in _fewest(self.instead)]
        return tuple(dict.fromkeys([*whole, *map(_together, self._best)]))

    @property
    def told(self) -> tuple[Message, ...]:
        """What a student is told: the diagnoses of the simplest alternatives, at most three, but
        one at least of everything that is wrong."""
        used = {one for together in self._best for one in together}
        named = [one for one in self.each if one in used or one in _fewest(self.instead)]
        return tuple(one.said for one in named[: max(MOST_TOLD, len(self.groups))])

    @property
    def _best(self) -> list[tuple[Diagnosis, ...]]:
        """A diagnosis of each group, in the ways that have the fewest misconceptions in all."""
        if not self.groups:
            return []
        likely = [group[:MOST_COMBINED] for group in self.groups]
        ways = list(product(*likely))
        fewest = min(len(_together(way)) for way in ways)
        best = [way for way in ways if len(_together(way)) == fewest]
        # Beside something simpler that explains all of it, pairs explain nothing more.
        simple = min((len(one.misconceptions) for one in self.instead), default=fewest)
        return [way for way in best if max(len(one.misconceptions) for one in way) <= simple]


def _together(diagnoses: tuple[Diagnosis, ...]) -> Explanation:
    """The misconceptions of several diagnoses, each once."""
    return tuple(dict.fromkeys(name for one in diagnoses for name in one.misconceptions))


def _fewest(diagnoses: tuple[Diagnosis, ...]) -> list[Diagnosis]:
    """Those with the fewest misconceptions."""
    fewest = min((len(one.misconceptions) for one in diagnoses), default=0)
    return [one for one in diagnoses if len(one.misconceptions) == fewest]
