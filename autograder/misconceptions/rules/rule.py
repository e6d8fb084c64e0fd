"""What a misconception is: a name, what it changes, and what to reconsider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Generic, TypeVar

from autograder.verdicts import Text

Subject = TypeVar("Subject")
"""What a rule changes: a layer's trees, the zeros around an image, the windows on the way."""


@dataclass(frozen=True, eq=False)
class Rule(Generic[Subject]):
    """One way to get a number wrong: `change` makes it of what is right, or gives None where
    there is nothing to get wrong.

    `facet` is what it concerns and `facets` what else is then out of the question; two that
    concern the same thing are not combined. `says` is for the student: what the number counts,
    and a question that leads on. It holds no numbers, so that it gives none away; {each} is what
    has one bias: a filter, a unit or a channel.
    """

    name: str
    facet: str
    change: Callable[[Subject], Subject | None]
    says: Text
    facets: tuple[str, ...] = ()

    def concerns(self, other: "Rule[Subject]") -> bool:
        """Whether both concern the same thing."""
        return not {self.facet, *self.facets}.isdisjoint({other.facet, *other.facets})


def pairs(rules: Sequence[Rule[Subject]]) -> tuple[tuple[Rule[Subject], Rule[Subject]], ...]:
    """All pairs that concern different things, likeliest first, if the rules are."""
    places = {rule: place for place, rule in enumerate(rules)}
    found = [
        (first, second)
        for first, second in combinations(rules, 2)
        if not first.concerns(second) and first.name != second.name
    ]
    return tuple(sorted(found, key=lambda pair: places[pair[0]] + places[pair[1]]))
