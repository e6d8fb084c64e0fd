"""One thing that is wanted of a model, held against what it has."""

from dataclasses import replace
from typing import Any, NamedTuple

from autograder.verdicts import Message, text
from course.layers import Layer

OPPOSITES: dict[str, dict[Any, Any]] = {
    "use_bias": {True: False, False: True},
    "padding": {"valid": "same", "same": "valid"},
}
"""Arguments of which one value is easily taken for the other."""

MET = text("model.met", "met: {wanted}")
NOT_MET = text("model.not-met", "not met: {wanted}; {instead}")


class Requirement(NamedTuple):
    """One thing wanted of a model: what a verdict calls it when it is not met, the words for it,
    whether it is met, and what to say if it is not."""

    identifier: str
    wanted: Message
    met: bool
    instead: Message | None = None

    @property
    def message(self) -> Message:
        """The requirement, met or not, in a line."""
        if self.met or self.instead is None:
            return MET(wanted=self.wanted)
        return NOT_MET(wanted=self.wanted, instead=self.instead)


def opposite(layer: Any, argument: str) -> Layer | None:
    """The layer with the other value of this argument; None if it has no such argument."""
    values = OPPOSITES[argument]
    value = getattr(layer, argument, None)
    if not isinstance(value, bool | str) or value not in values:
        return None
    other: Layer = replace(layer, **{argument: values[value]})
    return other
