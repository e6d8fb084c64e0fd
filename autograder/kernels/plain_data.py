"""Values on their way between a student's kernel and the judge: plain data, and nothing else.

A value is written as a list whose first entry says what it is, so that `json` can carry it:

>>> write((3, 3.5, "a"))
['tuple', [['int', '0x3'], ['float', '0x1.c000000000000p+1'], ['str', 'a']]]
>>> read(write((3, 3.5, "a")))
(3, 3.5, 'a')

Only exact types are written as what they are. A subclass, a look-alike or any other object
becomes a `Foreign`, of which nothing is left but the name of its type. What is read is made of
Python's, NumPy's, Keras's and the course's own classes, whatever the other side had sent.
"""

import base64
import json
import math
import sys
from collections.abc import Callable
from typing import Any

from autograder.answers import StudentFunction
from autograder.checks.engines import engines_of, name_of
from autograder.checks.models.reading import bases_of
from autograder.kernels import networks
from autograder.kernels.type_names import foreign, safe, type_name
from course.errors import SpecError

MOST_DEEP = 16
MOST_VALUES = 300_000
MOST_BYTES = 8 * 1024**2
MOST_BITS = 100_000
"""Bits of a whole number, texts and bytes count towards MOST_BYTES."""
RAW_KINDS = "biufcSUmM"
"""NumPy's kinds of values that are plain bytes."""

Written = list[Any]


class TooLarge(SpecError):
    """A value that is nested too deep, or has too many or too large parts."""


# Writing ----------------------------------------------------------------------------------------


class Writer:
    """Writes values; functions are kept, and known by their place in `functions`. Models have
    their weights with them only if wanted."""

    def __init__(self, *, with_weights: bool = False) -> None:
        self.functions: list[Any] = []
        self.with_weights = with_weights
        self._values = self._bytes = 0

    def write(self, value: Any, depth: int = 0) -> Written:
        """One value. Errors: TooLarge."""
        self._count(1, 0)
        if depth > MOST_DEEP:
            raise TooLarge("it is nested too deep", "give plain numbers, lists and tuples")
        kind = type(value)
        if value is None or value is ...:
            return ["none" if value is None else "ellipsis"]
        if kind in _SIMPLE:
            return self._simple(kind, value)
        if kind is tuple or kind is list:
            return [kind.__name__, [self.write(part, depth + 1) for part in value]]
        if kind is dict:
            pairs = [[self.write(k, depth + 1), self.write(v, depth + 1)] for k, v in value.items()]
            return ["dict", pairs]
        return self._numpy(value) or self._other(value, depth)

    def _count(self, values: int, size: int) -> None:
        self._values += values
        self._bytes += size
        if self._values > MOST_VALUES or self._bytes > MOST_BYTES:
            raise TooLarge("it has too many parts", "give only what is asked for")

    def _simple(self, kind: type, value: Any) -> Written:
        if kind is int and value.bit_length() > MOST_BITS:
            raise TooLarge("a whole number has too many digits", "look for a power or a factorial")
        if kind is str or kind is bytes:
            self._count(0, len(value))
        return [kind.__name__, _SIMPLE[kind](value)]

    def _numpy(self, value: Any) -> Written | None:
        """A NumPy array or scalar, or a tensor of TensorFlow's, if it is one."""
        numpy = sys.modules.get("numpy")
        if numpy is None:
            return None
        kind, tag = type(value), ""
        tensor = getattr(sys.modules.get("tensorflow.python.framework.ops"), "EagerTensor", None)
        if kind is numpy.ndarray:
            tag = "array"
        elif kind is tensor and value.dtype.is_numpy_compatible:
            tag, value = "tensor", numpy.asarray(value.numpy())
        elif any(kind is known for known in set(numpy.sctypeDict.values())):
            tag, value = "scalar", numpy.asarray(value)
        if not tag:
            return None
        if value.dtype.kind not in RAW_KINDS or value.dtype.fields:
            return ["no-numbers", value.dtype.kind, list(value.shape)[:MOST_DEEP]]
        self._count(0, value.nbytes)
        raw = base64.b64encode(value.tobytes()).decode()
        return [tag, value.dtype.str, list(value.shape), raw]

    def _other(self, value: Any, depth: int) -> Written:
        network = networks.write(value, self, depth)
        if network is not None:
            return network
        bases = bases_of(value)
        if bases or not callable(value):
            return ["foreign", type_name(value), list(bases)]
        self.functions.append(value)
        place = len(self.functions) - 1
        return ["function", type_name(value), name_of(value), sorted(engines_of(value)), place]


def write(value: Any) -> Written:
    """A value without functions. Errors: TooLarge."""
    return Writer().write(value)


_SIMPLE: dict[type, Callable[[Any], Any]] = {
    bool: bool,
    int: hex,
    float: float.hex,
    str: str,
    bytes: lambda value: base64.b64encode(value).decode(),
}


# Reading ----------------------------------------------------------------------------------------

Ask = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]
"""How a function in the kernel is asked: its place among the functions, and the arguments."""


def _nobody(place: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
    raise SpecError("there is no kernel to ask", "hand over a way to ask it")


def read(written: Any, ask: Ask = _nobody) -> Any:
    """The value that was written. Errors: SpecError for what `write` never writes; TooLarge."""
    try:
        return _Reader(ask).read(written)
    except SpecError:
        raise
    except Exception as error:
        raise SpecError(f"a value cannot be read: {type(error).__name__}", "send it anew") from None


def require_small(written: str) -> None:
    """Refuse a line of JSON before it is taken apart: each value in it takes a bracket, and memory.

    Errors: TooLarge.
    """
    brackets = written.count("[") + written.count("{") + written.count(",")
    if len(written) > MOST_BYTES * 2 or brackets > MOST_VALUES * 6:
        raise TooLarge("a value has too many parts", "give only what is asked for")


def read_text(written: str, ask: Ask = _nobody) -> Any:
    """The value that is written in a line of JSON. Errors: as `read`."""
    require_small(written)
    try:
        return read(json.loads(written), ask)
    except (ValueError, RecursionError):
        raise SpecError("a value cannot be read", "send it anew") from None


class _Reader:
    """Reads what came from the other side, and takes nothing of it for granted."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._values = 0

    def read(self, written: Any, depth: int = 0) -> Any:
        """One value."""
        tag, *rest = written
        self._values += 1
        if depth > MOST_DEEP or self._values > MOST_VALUES:
            raise TooLarge("a value has too many parts", "give only what is asked for")
        if tag in _READ_PLAIN:
            return _READ_PLAIN[tag](*rest)
        if tag == "function":
            return self._function(*rest)

        def inner(part: Any) -> Any:
            return self.read(part, depth + 1)

        match tag:
            case "tuple":
                return tuple(map(inner, rest[0]))
            case "list":
                return list(map(inner, rest[0]))
            case "dict":
                return {inner(key): inner(value) for key, value in rest[0]}
        return networks.read(tag, rest, inner)

    def _function(self, kind: Any, name: Any, engines: Any, place: Any) -> StudentFunction:
        made: type[StudentFunction] = type(safe(kind), (StudentFunction,), {})

        def ask(*arguments: Any, **named: Any) -> Any:
            return self._ask(int(place), arguments, named)

        return made(safe(name), frozenset(map(str, engines)), ask)


def _whole(digits: Any) -> int:
    if len(digits) > MOST_BITS // 4 + 3:
        raise TooLarge("a whole number has too many digits", "give a smaller one")
    return int(digits, 16)


def _array(tag: str, *rest: Any) -> Any:
    import numpy as np

    if tag == "no-numbers":
        _, shape = rest
        size = tuple(int(n) for n in shape)
        return np.full(size if math.prod(size) <= MOST_VALUES else (0,), None, "O")
    dtype, shape, raw = np.dtype(str(rest[0])), tuple(int(n) for n in rest[1]), rest[2]
    if dtype.kind not in RAW_KINDS or dtype.fields or len(raw) > MOST_BYTES * 2:
        raise SpecError("an array of values that are not plain", "send numbers")
    array = np.frombuffer(base64.b64decode(raw), dtype).reshape(shape).copy()
    if tag == "scalar":
        return array[()]
    if tag == "tensor":
        from course.keras_bridge import keras

        return keras.ops.convert_to_tensor(array)
    return array


_READ_PLAIN: dict[str, Callable[..., Any]] = {
    "none": lambda: None,
    "ellipsis": lambda: ...,
    "bool": lambda value: value is True,
    "int": _whole,
    "float": lambda value: float.fromhex(str(value)[:64]),
    "str": str,
    "bytes": base64.b64decode,
    "array": lambda *rest: _array("array", *rest),
    "scalar": lambda *rest: _array("scalar", *rest),
    "tensor": lambda *rest: _array("tensor", *rest),
    "no-numbers": lambda *rest: _array("no-numbers", *rest),
    "foreign": foreign,
}
