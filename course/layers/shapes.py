"""Shapes: read from whatever was given, and written with the field's letters."""

from collections.abc import Mapping
from operator import index
from typing import Any

from course.errors import ShapeError

Shape = tuple[int, ...]

AXES = {1: ("",), 2: ("h", "w"), 3: ("d", "h", "w")}
SIZE_LETTERS = {1: ("L",), 2: ("H", "W"), 3: ("T", "H", "W")}


def whole_shape(shape: Any, where: str) -> Shape:
    """A tuple of positive ints from whatever was given, or a ShapeError that says what is wrong.

    >>> whole_shape([28, 28, 1], "Conv2D")
    (28, 28, 1)
    """
    wanted = "give a tuple of positive whole numbers without the batch, such as (28, 28, 1)"
    if hasattr(shape, "shape") and getattr(shape, "ndim", 1) != 1:
        raise ShapeError(
            f"the input shape must be a tuple, not an array of shape {tuple(shape.shape)}",
            "give the array's shape, as in image.shape",
            where,
        )
    try:
        entries = tuple(shape)
        if isinstance(shape, str | bytes | Mapping | set | frozenset):
            raise TypeError
    except TypeError:
        raise ShapeError(f"the input shape must be a tuple, not {shape!r}", wanted, where) from None
    if any(entry is None for entry in entries):
        raise ShapeError(
            f"the input shape {entries} holds None, which stands for the batch or for a size that "
            "is not known",
            wanted,
            where,
        )
    try:
        plain = tuple(index(entry) for entry in entries)
    except TypeError:
        plain = (0,)
    if not plain or min(plain) < 1 or any(isinstance(entry, bool) for entry in entries):
        raise ShapeError(f"the input shape {entries} is not made of sizes", wanted, where)
    return plain


def size_letters(shape: Shape) -> tuple[str, ...]:
    """The field's letters for the numbers of a shape: H, W, D for an image.

    >>> size_letters((28, 28, 1)), size_letters((10,))
    (('H', 'W', 'D'), ('D',))
    """
    spatial = SIZE_LETTERS.get(len(shape) - 1)
    if spatial is None:
        spatial = tuple(f"n{axis}" for axis in range(1, len(shape)))
    return (*spatial, "D")


def per_axis(letter: str, values: tuple[Any, ...]) -> tuple[str, ...]:
    """One letter for all axes where the numbers are equal, else one with a subscript for each.

    >>> per_axis("F", (3, 3)), per_axis("F", (3, 5))
    (('F', 'F'), ('F_h', 'F_w'))
    """
    if len(set(values)) == 1:
        return (letter,) * len(values)
    return tuple(f"{letter}_{axis}" for axis in AXES[len(values)])
