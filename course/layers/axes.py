"""Numbers and axes among a layer's arguments, read once and held against a shape.

Keras's axes count the batch as axis 0: in (height, width, channels) the channels are axis 3 or -1.
"""

from numbers import Integral, Real
from typing import Any

from course.errors import ShapeError, SpecError
from course.layers.arguments import whole
from course.layers.base import Layer, Shape, size_letters

NO_LIMIT = -(10**9)
"""The least axis there is: axes may be negative."""


def number(value: Any, name: str, minimum: float | None = None) -> int | float:
    """A plain number, of at least `minimum` if that is given; NumPy's numbers will do.

    >>> number(0.5, "scale")
    0.5
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise SpecError(f"{name} must be a number, not {value!r}", f"write {name}=0.5")
    if minimum is not None and value < minimum:
        raise SpecError(f"{name} must be at least {minimum}, not {value}", f"write {name}=0.5")
    return int(value) if isinstance(value, Integral) else float(value)


def axes(value: Any, name: str = "axis") -> int | tuple[int, ...]:
    """One axis as an int, several as a tuple; the batch is axis 0, the last axis is -1 too.

    >>> axes([1, 2]), axes([-1])
    ((1, 2), -1)
    """
    if not isinstance(value, tuple | list):
        return whole(value, name, NO_LIMIT)
    several = tuple(whole(entry, name, NO_LIMIT) for entry in value)
    if not several:
        raise SpecError(f"{name} names no axis", f"write {name}=-1 for the last one")
    return several[0] if len(several) == 1 else several


def places(value: int | tuple[int, ...], shape: Shape, layer: Layer, name: str = "axis") -> Shape:
    """Where the axes lie, the batch at 0, each once and inside the shape; else a ShapeError.

    >>> places((1, -1), (28, 28, 3), Layer())
    (1, 3)
    """
    rank = len(shape) + 1
    given = (value,) if isinstance(value, int) else value
    for axis in given:
        if not -rank <= axis < rank:
            raise ShapeError(
                f"{name}={axis} is not there: with the batch as axis 0, the input {shape} has the "
                f"axes 0 to {rank - 1}",
                f"use {name}={rank - 1} or {name}=-1 for the last axis",
                layer.label,
            )
    found = tuple(axis % rank for axis in given)
    if len(set(found)) < len(found):
        raise ShapeError(
            f"{name}={given} names an axis of the input {shape} twice", "name it once", layer.label
        )
    return found


def kept_places(
    value: int | tuple[int, ...], shape: Shape, layer: Layer, name: str = "axis"
) -> Shape:
    """As `places`, the batch refused.

    >>> kept_places(-1, (28, 28, 3), Layer())
    (3,)
    """
    found = places(value, shape, layer, name)
    if 0 in found:
        raise ShapeError(
            f"{name}={value} names the batch: with the batch as axis 0, the input {shape} has the "
            f"axes 1 to {len(shape)}",
            f"use {name}={len(shape)} or {name}=-1 for the last axis",
            layer.label,
        )
    return found


def along(found: Shape, shape: Shape) -> tuple[Shape, tuple[str, ...]]:
    """The sizes at these places, the batch at 0, and the letters for them.

    >>> along((1, 3), (28, 20, 3))
    ((28, 3), ('H_in', 'D_in'))
    """
    letters = size_letters(shape)
    return tuple(shape[p - 1] for p in found), tuple(f"{letters[p - 1]}_in" for p in found)


def numbers(value: Any, name: str) -> Any:
    """A number, or a list or array of numbers as tuples, so that specs can be compared.

    >>> numbers([0.5, 1], "mean")
    (0.5, 1)
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, tuple | list):
        return number(value, name)
    entries = tuple(numbers(entry, name) for entry in value)
    if not entries or len({extent(entry) for entry in entries}) > 1:
        raise SpecError(f"{name}={value!r} is no array of numbers", "give rows of equal length")
    return entries


def extent(value: Any) -> Shape:
    """The shape of what `numbers` gives.

    >>> extent(((1, 2, 3), (4, 5, 6)))
    (2, 3)
    """
    return (len(value), *extent(value[0])) if isinstance(value, tuple) else ()
