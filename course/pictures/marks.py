"""Marks: rectangles of a grid's cells set apart, each kind with lines of its own (SVG)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.layers.arguments import Pads
from course.layers.sliding import Sliding

STROKES = {
    "zero": "rising",
    "odd": "crossed",
    "differs": "falling",
    "unread": "cross",
    "window": "frame",
    "chosen": "frame",
    "winner": "ring",
    "read": "",
    "tap": "frame",
    "edge": "frame",
    "tile": "frame",
}
"""The kinds of marks, and the lines that each has beside its colour (see picture.css)."""
SMALL = 11
"""Pixels: a cell as low as this has its ring around it, and no room for one inside."""


@dataclass(frozen=True)
class Mark:
    """A rectangle of cells set apart by a kind of `STROKES`; rows and columns count from 0.

    >>> Mark("zero", 0, 0, 1, 9)
    Mark(kind='zero', row=0, column=0, height=1, width=9)
    """

    kind: str
    row: int
    column: int
    height: int = 1
    width: int = 1


def window_mark(kind: str, layer: Sliding, place: Iterable[int]) -> Mark:
    """The window of the output cell at `place`, on the layer's input with its padding.

    >>> from course.layers import Conv2D
    >>> window_mark("window", Conv2D(1, 3, strides=2), (1, 2))
    Mark(kind='window', row=2, column=4, height=3, width=3)
    """
    row, column = (at * stride for at, stride in zip(place, layer.strides, strict=True))
    return Mark(kind, row, column, *layer.window_size)


def border(shape: tuple[int, ...], pads: Pads) -> NDArray[Any]:
    """True where a padded image of this shape, (rows, columns), has its padding.

    >>> border((2, 3), ((0, 1), (1, 0))).astype(int).tolist()
    [[1, 0, 0], [1, 1, 1]]
    """
    (top, bottom), (left, right) = pads
    height, width = shape
    padding = np.ones(shape, bool)
    padding[top : height - bottom, left : width - right] = False
    return padding


def rectangles(kind: str, mask: NDArray[Any]) -> list[Mark]:
    """Marks over the cells where `mask` is True, as few as rows of equal runs allow.

    >>> rectangles("zero", np.array([[True, True, False], [True, True, False]]))
    [Mark(kind='zero', row=0, column=0, height=2, width=2)]
    """
    marks: list[Mark] = []
    top = 0
    for row in range(1, len(mask) + 1):
        if row == len(mask) or (mask[row] != mask[top]).any():
            edges = np.flatnonzero(np.diff(mask[top], prepend=False, append=False)).tolist()
            pairs = zip(edges[::2], edges[1::2], strict=True)
            marks += [Mark(kind, top, left, row - top, right - left) for left, right in pairs]
            top = row
    return marks


def single_cells(kind: str, mask: NDArray[Any]) -> list[Mark]:
    """A mark over each cell where `mask` is True.

    >>> single_cells("unread", np.array([[False, True, True]]))
    [Mark(kind='unread', row=0, column=1, height=1, width=1), \
Mark(kind='unread', row=0, column=2, height=1, width=1)]
    """
    return [Mark(kind, row, column) for row, column in np.argwhere(mask).tolist()]


def mark_svg(mark: Mark, across: float, down: float) -> str:
    """SVG of a mark on a grid whose cells are `across` wide and `down` high, in pixels.

    >>> mark_svg(Mark("window", 0, 1), 30, 22)
    '<rect class="mark window" x="30" y="0" width="30" height="22"/>'
    """
    x, y = mark.column * across, mark.row * down
    width, height = mark.width * across, mark.height * down
    strokes, inset, path = STROKES[mark.kind], 0, ""
    match strokes:
        case "rising":
            path = hatch(*map(round, (x, y, width, height)))
        case "falling":
            path = hatch(*map(round, (x + width, y, -width, height)))
        case "cross" if mark.height == mark.width == 1:
            path = f"M{x} {y}l{width} {height}m{-width} 0l{width} {-height}"
        case "cross" | "crossed":
            path = hatch(*map(round, (x, y, width, height)))
            path += hatch(*map(round, (x + width, y, -width, height)))
        case "ring":
            inset = 3 if down > SMALL else -3
    size = f'width="{width - 2 * inset}" height="{height - 2 * inset}"'
    size += f' rx="{height / 2 - inset:g}"' if inset else ""
    box = f'<rect class="mark {mark.kind}" x="{x + inset}" y="{y + inset}" {size}/>'
    return box + (f'<path class="strokes {mark.kind}" d="{path}"/>' if path else "")


@lru_cache(maxsize=64)
def hatch(x: int, y: int, width: int, height: int, gap: int = 6) -> str:
    """SVG path of slanting lines inside a rectangle; falling ones with a negative width.

    >>> hatch(0, 0, 8, 8)
    'M0 6L6 0M4 8L8 4'
    """
    way, span = (1, width) if width > 0 else (-1, -width)
    path = ""
    for offset in range(gap, span + height, gap):
        left, right = max(0, offset - height), min(span, offset)
        path += f"M{x + way * left} {y + offset - left}L{x + way * right} {y + offset - right}"
    return path
