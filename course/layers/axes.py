"""Axes among a layer's arguments, held against a shape.

Keras's axes count the batch as axis 0: in (height, width, channels) the channels are axis 3 or -1.
"""

from course.errors import ShapeError
from course.layers.base import Layer, Shape, size_letters


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
