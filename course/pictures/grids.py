"""Grids of cells as SVG: values, what is marked on them, and what a mouse and a keyboard need."""

import base64
import struct
import zlib
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.pictures.marks import STROKES, Mark, mark_svg

Array = NDArray[Any]
Place = tuple[int, int]

HEIGHT = 22
DIGIT = 7
"""Pixels: the height of a cell, the width of a digit."""
MOST = 300
"""Cells that are shown with their values; a larger grid is drawn as pixels, light for large."""
PIXELS = 216
"""The longer side of a grid without values, in pixels."""
MARGIN = 2
HOTTEST = 0.4
"""The most of the accent's colour behind a number, which stays readable on it."""


def number(value: Any) -> str:
    """A value as it stands in a cell: whole numbers in full, others to three decimals.

    >>> number(5849), number(-3), number(1 / 9), number(2.0), number(1.5e9)
    ('5849', '−3', '0.111', '2', '1.5e+09')
    """
    if isinstance(value, int | np.integer):
        text = str(value)
    elif 1e-3 <= abs(value) < 1e6:
        text = f"{value:.3f}".rstrip("0").rstrip(".")
    else:
        text = f"{value or 0:.3g}"  # no −0
    return text.replace("-", "−", 1) if text.startswith("-") else text


def dims(shape: Iterable[int]) -> str:
    """Sizes as one writes them.

    >>> dims((7, 9, 3))
    '7 × 9 × 3'
    """
    return " × ".join(map(str, shape))


def grid(
    values: ArrayLike,
    label: str,
    marks: Iterable[Mark] = (),
    *,
    name: str = "",
    chosen: Place | None = None,
    shown: Array | None = None,
    heat: Array | None = None,
) -> str:
    """SVG of a matrix of values, shape (rows, columns), with marks on it.

    `label` says what the grid is to those who cannot see it. With a `name` a cell can be chosen
    with the pointer; with `chosen` too the grid takes the keyboard, and that cell has the focus.
    `shown` (rows, columns) is False for cells that stay empty; `heat` (rows, columns) colours the
    cells from 0, not at all, to 1.

    >>> svg = grid([[1, 2], [3, 4]], "an example", [Mark("window", 0, 0, 1, 2)])
    >>> svg.count("</text>"), 'class="mark window"' in svg
    (4, True)
    """
    array = np.asarray(values)
    rows, columns = array.shape
    visible = np.ones(array.shape, bool) if shown is None else shown
    texts = written(array, visible) if array.size <= MOST else None
    across, down = cell_size(array.shape, texts)
    # Where a cell is a few pixels, what is inside of it cannot be told.
    marks = [mark for mark in marks if texts or mark.kind not in ("read", "tap")]
    width, height = columns * across, rows * down
    inside = [
        f'<rect class="cells" width="{width}" height="{height}"/>',
        "" if texts else _pixels(array, visible, width, height),
        "" if heat is None or not texts else _heat(heat, across, down),
        *(mark_svg(mark, across, down) for mark in marks if STROKES[mark.kind] != "frame"),
        _lines(rows, columns, across, down) if texts else "",
        _cells(texts, chosen, (rows, columns), across, down),
        *(mark_svg(mark, across, down) for mark in marks if STROKES[mark.kind] == "frame"),
    ]
    kind = "cell-grid" if texts else "cell-grid shades"
    role = _role(label, name, chosen is not None, (rows, columns))
    box = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN} {height + 2 * MARGIN}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" {role} viewBox="{box}" '
        f'width="{width + 2 * MARGIN}" height="{height + 2 * MARGIN}">{"".join(inside)}</svg>'
    )


def _role(label: str, name: str, takes_keyboard: bool, shape: Place) -> str:
    """What the front end and a screen reader need to know of a grid, as attributes."""
    rows, columns = shape
    role = f'role="{"grid" if takes_keyboard else "img"}" aria-label="{escape(label)}"'
    if takes_keyboard:
        role += f' aria-rowcount="{rows}" aria-colcount="{columns}"'
    if name:
        role += f' data-grid="{escape(name)}" data-rows="{rows}" data-columns="{columns}"'
    return role


def written(array: Array, visible: Array) -> list[list[str]]:
    """The texts of the cells, empty for those that are not visible."""
    return [
        [number(value) if seen else "" for value, seen in zip(*both, strict=True)]
        for both in zip(array.tolist(), visible.tolist(), strict=True)
    ]


def cell_size(shape: Sequence[int], texts: list[list[str]] | None) -> tuple[float, float]:
    """Width and height of a cell in pixels; all cells of a grid are equal."""
    if texts is None:
        return PIXELS / max(shape), PIXELS / max(shape)
    longest = max(len(text) for row in texts for text in row)
    return max(HEIGHT, DIGIT * longest + 8), HEIGHT


def figure(caption: str, svg: str) -> str:
    """A grid below its caption (HTML); a grid too wide for the page scrolls inside."""
    return f'<figure><figcaption>{caption}</figcaption><div class="scroll">{svg}</div></figure>'


def _cells(
    texts: list[list[str]] | None, chosen: Place | None, shape: Place, across: float, down: float
) -> str:
    """The values; cells of a grid with a chosen one are what a screen reader expects of a grid."""

    def cell(row: int, column: int) -> str:
        x, y = column * across, row * down
        text = texts[row][column] if texts else ""
        written = f'<text x="{x + across / 2:g}" y="{y + down / 2:g}">{text}</text>'
        if not chosen:
            return written
        here = (row, column) == chosen
        focus = 'tabindex="0" aria-selected="true"' if here else 'tabindex="-1"'
        empty = "" if text else f' aria-label="row {row + 1}, column {column + 1}"'
        return (
            f'<g role="gridcell" data-row="{row}" data-column="{column}" '
            f'aria-colindex="{column + 1}" {focus}{empty}>'
            f'<rect x="{x}" y="{y}" width="{across}" height="{down}"/>{written}</g>'
        )

    if texts:
        rows, columns = range(shape[0]), range(shape[1])
    elif chosen:
        # ARIA lets the others be left out, and thousands of them would be slow.
        rows, columns = (range(at, at + 1) for at in chosen)
    else:
        return ""
    lines = ((row, "".join(cell(row, column) for column in columns)) for row in rows)
    if not chosen:
        return "".join(line for _, line in lines)
    return "".join(f'<g role="row" aria-rowindex="{row + 1}">{line}</g>' for row, line in lines)


def _lines(rows: int, columns: int, across: float, down: float) -> str:
    width, height = columns * across, rows * down
    path = "".join(f"M0 {row * down}H{width}" for row in range(rows + 1))
    path += "".join(f"M{column * across} 0V{height}" for column in range(columns + 1))
    return f'<path class="lines" d="{path}"/>'


def _heat(heat: Array, across: float, down: float) -> str:
    return "".join(
        f'<rect class="heat" x="{column * across}" y="{row * down}" width="{across}" '
        f'height="{down}" fill-opacity="{HOTTEST * warmth:.3f}"/>'
        for (row, column), warmth in np.ndenumerate(heat)
        if warmth
    )


def _pixels(array: Array, visible: Array, width: float, height: float) -> str:
    """The values as shades of gray in a PNG, the largest white; cells not shown are clear."""
    known = np.nan_to_num(array.astype(float), posinf=0, neginf=0)
    low, span = known.min(), np.ptp(known) or 1
    shades = ((known - low) / span * 255).astype(np.uint8)
    raw = np.stack([shades, visible.astype(np.uint8) * 255], -1)
    lines = b"".join(b"\0" + line.tobytes() for line in raw)
    header = struct.pack(">IIBBBBB", *array.shape[::-1], 8, 4, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return (
        f'<image width="{width}" height="{height}" preserveAspectRatio="none" '
        f'href="data:image/png;base64,{base64.b64encode(png).decode()}"/>'
    )
