"""What a student answered, as plain ints and tuples, whatever it was typed as.

Nothing of the answer's own code runs: only plain Python and NumPy numbers, tuples, lists and
arrays are read, and everything else is an answer of the wrong kind.
"""

import math
import reprlib
import sys
from collections.abc import Callable, Sequence
from typing import Any

from autograder.verdicts import NotAttempted, Text, WrongAnswer, not_attempted, text, wrong

Plain = int | float | None | tuple["Plain", ...]
"""A float only where it is not whole, None only for a batch dimension."""

LONGEST = 64
"""Numbers in an answer; no shape has nearly as many."""

KINDS: dict[str, Text] = {
    "number": text(
        "other-kind.number", "your answer is {answer}, but a whole number is wanted, such as 7"
    ),
    "shape": text(
        "other-kind.shape",
        "your answer is {answer}, but a shape is wanted: a tuple of whole numbers such as "
        "(7, 9, 3), with or without the batch dimension None in front",
    ),
    "pads": text(
        "other-kind.pads",
        "your answer is {answer}, but the zeros on each side are wanted, as ((top, bottom), "
        "(left, right))",
    ),
}
"""The kinds of answers, each with what is said to one of another kind."""
QUOTED = text("other-kind.quoted", "{said}; leave the quotes out")


class Foreign:
    """Stands for an answer that stayed in the student's kernel, as it is no plain data.

    Its class is made for it, with the name of the type that it stands for: all that is ever shown
    of it. `bases` says whether that type is made from a Layer, a Model or a Network.
    """

    def __init__(self, bases: tuple[str, ...] = ()) -> None:
        self.bases = bases


class StudentFunction(Foreign):
    """A function that stays in the student's kernel: called, it asks there and gives plain data.

    `name` is what messages call it, and `engines` are those that its code asks in place of
    computing. Both are the kernel's own word.
    """

    def __init__(self, name: str, engines: frozenset[str], ask: Callable[..., Any]) -> None:
        super().__init__()
        self.name, self.engines, self._ask = name, engines, ask

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._ask(*arguments, **named)


def require_attempt(answer: Any) -> None:
    """Raise NotAttempted while an answer, or a part of it, is still `...` or None."""
    inner = [entry for part in _entries(answer) for entry in (part, *_entries(part))]
    if answer is None or answer is ... or any(part is ... for part in inner):
        raise NotAttempted(not_attempted())


def _entries(answer: Any) -> Sequence[Any]:
    """What a plain tuple or list of some length holds."""
    kind = type(answer)
    return answer[:LONGEST] if kind is tuple or kind is list else ()


def plain_answer(answer: Any, kind: str) -> Plain:
    """The answer as plain data of its kind, or NotAttempted, or a WrongAnswer about its kind.

    >>> plain_answer([None, 64.0, 64, 32], "shape"), plain_answer(64.5, "number")
    ((64, 64, 32), 64.5)
    """
    require_attempt(answer)
    try:
        plain = _plain(answer)
    except (TypeError, RecursionError):
        raise _other_kind(answer, kind) from None
    if kind == "shape" and isinstance(plain, tuple) and plain[:1] == (None,):
        plain = plain[1:]
    if not _FITS[kind](plain):
        raise _other_kind(answer, kind)
    return plain


def show(answer: Any) -> str:
    """The answer as text, cut short where it is long; foreign objects by their type alone.

    >>> show(64.5), show(object())
    ('64.5', 'something of type object')
    """
    kind = type(answer)
    try:
        if kind is str or kind is bool or kind is float:
            return reprlib.repr(answer)
        return reprlib.repr(_plain(answer))
    except ValueError:
        return "a number of thousands of digits"
    except (TypeError, RecursionError):
        # Read past the class's own code: a metaclass may answer for __name__ too.
        name = type.__dict__["__name__"].__get__(kind)
        return f"something of type {str.__str__(name)}"


def _plain(answer: Any, depth: int = 0) -> Plain:
    """The answer as plain data, or TypeError. Types are compared by identity: == is their own."""
    kind = type(answer)
    if kind is int or answer is None:
        plain: int | None = answer
        return plain
    if kind is float:
        if not math.isfinite(answer):
            raise TypeError
        return int(answer) if answer.is_integer() else answer
    if (kind is tuple or kind is list) and depth < 3 and len(answer) <= LONGEST:
        return tuple(_plain(part, depth + 1) for part in answer)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        if kind is numpy.ndarray and answer.size <= LONGEST:
            return _plain(answer.tolist(), depth)
        if _is_one_of(kind, numpy, "AllInteger"):
            return int(answer)
        if _is_one_of(kind, numpy, "Float"):
            return _plain(float(answer))
    raise TypeError


def _is_one_of(kind: type, numpy: Any, codes: str) -> bool:
    return any(kind is numpy.dtype(code).type for code in numpy.typecodes[codes])


def _is_number(plain: Plain) -> bool:
    return isinstance(plain, int | float)


def _is_shape(plain: Plain) -> bool:
    return isinstance(plain, tuple) and plain != () and all(map(_is_number, plain))


def _is_pads(plain: Plain) -> bool:
    return (
        isinstance(plain, tuple)
        and plain != ()
        and all(isinstance(pair, tuple) and len(pair) == 2 and _is_shape(pair) for pair in plain)
    )


_FITS = {"number": _is_number, "shape": _is_shape, "pads": _is_pads}


def _other_kind(answer: Any, kind: str) -> WrongAnswer:
    said = KINDS[kind](answer=show(answer))
    quoted = type(answer) is str
    return WrongAnswer(wrong(QUOTED(said=said) if quoted else said, ("other-kind",)))
