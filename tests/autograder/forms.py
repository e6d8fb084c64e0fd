"""Answers as students type them, and objects that no student types by accident."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

NUMBER_FORMS: dict[str, Callable[[int], Any]] = {
    "int": int,
    "whole float": float,
    "np.int64": np.int64,
    "np.int32": np.int32,
    "np.uint16": np.uint16,
    "np.float64": np.float64,
    "np.float32": np.float32,
    "0-d array": np.array,
    "0-d float array": lambda n: np.array(float(n)),
}
"""Every way to write one whole number; the numbers in the tests fit into 16 bits."""

SHAPE_FORMS: dict[str, Callable[[tuple[int, ...]], Any]] = {
    "tuple": tuple,
    "list": list,
    "array": np.array,
    "float array": lambda shape: np.array(shape, dtype=float),
    "floats": lambda shape: tuple(map(float, shape)),
    "NumPy ints": lambda shape: tuple(map(np.int64, shape)),
    "0-d arrays": lambda shape: [np.array(n) for n in shape],
    "batch in front": lambda shape: (None, *shape),
    "batch in front of a list": lambda shape: [None, *shape],
    "batch in front of an array": lambda shape: np.array([None, *shape], dtype=object),
}
"""Every way to write a shape."""

PADS_FORMS: dict[str, Callable[[Any], Any]] = {
    "tuples": lambda pads: pads,
    "lists": lambda pads: [list(pair) for pair in pads],
    "list of tuples": list,
    "array": np.array,
    "whole floats": lambda pads: tuple(tuple(map(float, pair)) for pair in pads),
}
"""Every way to write the zeros on each side."""


def refuse(*_: Any, **__: Any) -> Any:
    """What a method of a hostile object does."""
    raise RuntimeError("the answer's own code ran")


class Raising:
    """Raises whatever is asked of it."""

    __eq__ = __int__ = __index__ = __float__ = __repr__ = __str__ = refuse
    __hash__ = __iter__ = __len__ = __bool__ = __format__ = __getattr__ = refuse


class Lying:
    """Equal to everything, and any number that is asked for."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return hash(896)

    def __int__(self) -> int:
        return 896

    __index__ = __int__

    def __float__(self) -> float:
        return 896.0

    def __iter__(self) -> Any:
        return iter((64, 64, 32))

    def __len__(self) -> int:
        return 3

    def __getitem__(self, place: int) -> int:
        return (64, 64, 32)[place]

    def __repr__(self) -> str:
        return "896"


class Equal(int):
    """An int subclass that is equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class OpenTuple(tuple):  # type: ignore[type-arg]
    """A tuple subclass that is equal to everything."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class RaisingOnEveryName:
    """Not even its class can be asked for."""

    __getattribute__ = refuse


def of_raising_type() -> type:
    """A class whose own class raises; made here, since collecting doctests would ask it too."""

    class RaisingType(type):
        __getattribute__ = refuse

    class OfRaisingType(metaclass=RaisingType):
        pass

    return OfRaisingType


def an_object_of_raising_type() -> Any:
    """Its class raises whatever is asked of it."""
    return of_raising_type()()


class SaysNumPy(np.int64):
    """A NumPy number's subclass that claims to be NumPy's own and runs its own code."""

    item = refuse


class ClassRaises:
    """Claims to be NumPy's and raises when asked for its class."""

    __class__ = property(refuse)  # type: ignore[assignment]


SaysNumPy.__module__ = ClassRaises.__module__ = "numpy"


class RaisingArray(np.ndarray):  # type: ignore[type-arg]
    """An array whose methods raise."""

    tolist = item = __iter__ = __repr__ = refuse


def recursive() -> list[Any]:
    """A list that holds itself."""
    inner: list[Any] = []
    inner.append(inner)
    return inner


def holding(item: Any) -> Any:
    """An array of one object."""
    array = np.empty((), dtype=object)
    array[()] = item
    return array


NEVER_RIGHT: dict[str, Callable[[], Any]] = {
    "string": lambda: "896",
    "long string": lambda: "8" * 10**6,
    "half a character": lambda: "\ud800",
    "bytes": lambda: b"896",
    "True": lambda: True,
    "np.True_": lambda: np.True_,
    "bools": lambda: (True, True, True),
    "np.str_": lambda: np.str_("896"),
    "set": lambda: {896},
    "dict": lambda: {64: 64, 32: 32},
    "generator": lambda: (n for n in (64, 64, 32)),
    "range": lambda: range(64, 67),
    "complex": lambda: 896 + 0j,
    "Fraction": lambda: Fraction(896),
    "Decimal": lambda: Decimal(896),
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "minus inf": lambda: np.float64("-inf"),
    "nan in an array": lambda: np.array([64, 64, float("nan")]),
    "a time": lambda: np.timedelta64(896),
    "a date": lambda: np.datetime64("2020-01-01"),
    "masked array": lambda: np.ma.masked_array([64, 64, 32]),
    "records": lambda: np.array([(1, "a")], dtype="i4,U1"),
    "a large array": lambda: np.zeros((1000, 1000)),
    "strings in an array": lambda: np.array(["64", "64", "32"]),
    "huge int": lambda: 10**5000,
    "huge negative int": lambda: -(10**5000),
    "huge ints": lambda: (10**5000, 64, 32),
    "huge float": lambda: 1e308,
    "empty tuple": tuple,
    "empty array": lambda: np.array([]),
    "only the batch": lambda: (None,),
    "the batch inside": lambda: (64, None, 32),
    "nested": lambda: (64, (64, 32)),
    "nested deep": lambda: [[[[[[896]]]]]],
    "a million numbers": lambda: [1] * 10**6,
    "a function": lambda: refuse,
    "a class": lambda: int,
    "int subclass": lambda: Equal(896),
    "tuple subclass": lambda: OpenTuple((64, 64, 32)),
    "raising": Raising,
    "raising inside": lambda: (Raising(), 64, 32),
    "raising in an array": lambda: holding(Raising()),
    "raising on every name": RaisingOnEveryName,
    "its class raises": an_object_of_raising_type,
    "a class that raises": of_raising_type,
    "a class of a class that raises": ClassRaises,
    "calls itself NumPy's": lambda: SaysNumPy(896),
    "raising array": lambda: np.array([64, 64, 32]).view(RaisingArray),
    "lying": Lying,
    "lying inside": lambda: [Lying(), Lying(), Lying()],
    "holds itself": recursive,
    "an array that holds itself": lambda: holding(recursive()),
}
"""What is neither 896 nor (64, 64, 32) nor ((0, 1), (0, 1)), whatever it says of itself."""
