"""The names of types, and stand-ins that have nothing else of them."""

from typing import Any

from autograder.answers import Foreign


def type_name(value: Any) -> str:
    """The name of a value's type, read past the class's own code."""
    return str.__str__(type.__dict__["__name__"].__get__(type(value)))[:100]


def foreign(name: Any, bases: Any = ()) -> Foreign:
    """A stand-in for an object of a type of that name."""
    made: type[Foreign] = type(safe(name), (Foreign,), {})
    return made(tuple(base for base in ("Network", "Model", "Layer") if base in bases))


def safe(name: Any) -> str:
    """A name as it may stand in a message."""
    plain = str(name)[:100]
    letters = plain.replace(" ", "").replace("_", "")
    return plain if letters.isalnum() or plain == "<lambda>" else "object"
