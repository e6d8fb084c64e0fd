"""The stride picture: how often each pixel is read, where the windows lie, what is left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from course import layers as L
from course.arithmetic import volume
from course.errors import CourseError
from course.forward.arrays import windows_of
from course.layers import arguments
from course.layers.arguments import Pads
from course.pictures.captions import key, working
from course.pictures.grids import MOST, Array, Place, dims, figure, grid
from course.pictures.marks import Mark, rectangles, single_cells, window_mark
from course.pictures.page import explained, framed, spoken


@dataclass(frozen=True)
class StrideState:
    """A window that slides over an image; an output cell and a pixel to look at.

    `input_shape` is (height, width). `kernel_size`, `strides` and `padding` are those of Conv2D.
    `row` and `column` of the output cell, `pixel_row` and `pixel_column` of the pixel count from
    0; before the first pixel, and after the last, lie the zeros of the padding. All stay inside.

    Errors: SpecError for what is no size or no padding.

    >>> StrideState((7, 9)).layer
    Conv2D(1, 3, strides=2, padding='valid')
    """

    input_shape: Any
    kernel_size: Any = 3
    strides: Any = 2
    padding: Any = "valid"
    row: int = 0
    column: int = 0
    pixel_row: int = 0
    pixel_column: int = 0

    def __post_init__(self) -> None:
        vars(self)["input_shape"] = arguments.sizes(self.input_shape, 2, "input_shape")
        _ = self.layer

    @property
    def layer(self) -> L.Conv2D:
        """The layer whose window this is."""
        return L.Conv2D(1, self.kernel_size, self.strides, self.padding)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """The input's shape, with one channel."""
        height, width = self.input_shape
        return height, width, 1


class Reads(NamedTuple):
    """Who reads what; the image with its zeros is counted from its own first row and column.

    `counts` says how often each cell of the image with its zeros is read, `sums` how many pixels
    each output cell reads, `readers` which output cells read `pixel`, a cell of that image.
    """

    layer: L.Conv2D
    pads: Pads
    counts: Array
    inside: Array
    sums: Array
    readers: Array
    at: Place
    pixel: Place

    @property
    def image(self) -> Array:
        """The counts of the image's own pixels."""
        (top, bottom), (left, right) = self.pads
        height, width = self.counts.shape
        return self.counts[top : height - bottom, left : width - right]

    @property
    def windows(self) -> Place:
        """How many windows there are along height and width."""
        rows, columns = self.sums.shape
        return rows, columns


def reads(state: StrideState) -> Reads:
    """Which cells each window reads, counted window by window.

    Errors: ShapeError for a window larger than the image.

    >>> reads(StrideState((1, 7), (1, 3), 2)).counts.tolist()
    [[1, 1, 2, 1, 2, 1, 1]]
    >>> reads(StrideState((1, 7), (1, 2), 3)).image.tolist()
    [[1, 1, 0, 1, 1, 0, 0]]
    """
    layer, shape = state.layer, state.image_shape
    pads = layer.padding_amounts(shape)
    inside = np.pad(np.ones(state.input_shape, bool), pads)
    cells = np.arange(inside.size).reshape(inside.shape)
    # The zeros are there already, each with a number of its own.
    windows = windows_of(replace(layer, padding="valid"), cells[None, ..., None])[0, ..., 0]
    counts = np.bincount(windows.ravel(), minlength=inside.size).reshape(inside.shape)
    at = _within((state.row, state.column), (0, 0), windows.shape)
    first = pads[0][0], pads[1][0]
    pixel = _within((state.pixel_row, state.pixel_column), first, inside.shape)
    readers = (windows == cells[pixel]).any(axis=(2, 3))
    sums = inside.ravel()[windows].sum(axis=(2, 3))
    return Reads(layer, pads, counts, inside, sums, readers, at, pixel)


def stride_html(state: StrideState) -> str:
    """HTML of the image as a map of how often it is read, and of the output.

    A window larger than the image is explained in place of the picture.

    >>> "All 49 pixels are read" in stride_html(StrideState((7, 7)))
    True
    """
    try:
        found = reads(state)
    except CourseError as error:
        return framed(explained(error))
    steps = found.layer.derivation("output_shape", state.image_shape).steps[:2]
    beside = f"<p>{'<br/>'.join(_facts(state, found))}</p>{working(steps, letters=True)}"
    # Below the grids: text that takes one line more would move them from under the pointer.
    return framed(
        f'<div class="parts"><div class="part">{_input(state, found)}</div>'
        f'<div class="part">{_output(found)}{beside}</div></div>'
        f"{spoken(_said(found))}{key(KEY)}"
    )


KEY = {
    "unread": "never read",
    "zero": "zeros of the padding",
    "window": "window of the chosen output",
    "edge": "first and last window",
    "winner": "the chosen pixel, and the outputs that read it",
}


def _within(place: Place, first: Place, shape: tuple[int, ...]) -> Place:
    """A place counted from `first`, or the nearest one of a grid of this shape."""
    row, column = (
        min(max(at + start, 0), most - 1)
        for at, start, most in zip(place, first, shape, strict=False)
    )
    return row, column


def _input(state: StrideState, found: Reads) -> str:
    rows, columns = found.windows
    label = (
        f"how often each pixel is read, {state.input_shape[0]} rows, {state.input_shape[1]} columns"
    )
    marks = [
        *rectangles("zero", ~found.inside),
        *_cells("unread", found.inside & (found.counts == 0)),
        Mark("winner", *found.pixel),
        window_mark("edge", found.layer, (0, 0)),
        window_mark("edge", found.layer, (rows - 1, columns - 1)),
        window_mark("window", found.layer, found.at),
    ]
    heat = found.counts / max(found.counts.max(), 1) * found.inside
    svg = grid(
        found.counts, label, marks, name="input", chosen=found.pixel, shown=found.inside, heat=heat
    )
    return figure(f"<b>Reads of each pixel</b>, {dims(state.input_shape)}", svg)


def _cells(kind: str, mask: Array) -> list[Mark]:
    """A mark for each cell where `mask` is True; for their rectangles where cells are too small."""
    return (single_cells if mask.size <= MOST else rectangles)(kind, mask)


def _output(found: Reads) -> str:
    rows, columns = found.windows
    svg = grid(
        found.sums,
        f"output, {rows} rows, {columns} columns: how many pixels each cell reads",
        [*_cells("winner", found.readers), Mark("chosen", *found.at)],
        name="output",
        chosen=found.at,
    )
    return figure(f"<b>Output</b>, {dims(found.windows)}: pixels that each cell reads", svg)


def _facts(state: StrideState, found: Reads) -> Iterator[str]:
    """What the stride costs: pixels never read, rows and columns left."""
    total, never = volume(state.input_shape), int((found.image == 0).sum())
    share = f"{never} of {total} pixels are never read ({_share(never, total)})."
    yield share if never else f"All {total} pixels are read."
    yield f"Most reads of one pixel: {found.image.max()}."
    sizes = zip(("rows", "columns"), found.windows, state.input_shape, strict=True)
    yield (
        "Left: "
        + ", ".join(f"{out} of {given} {name} ({_share(out, given)})" for name, out, given in sizes)
        + "."
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}"


def _said(found: Reads) -> str:
    """What the chosen output cell reads and who reads the chosen pixel, in two sentences."""
    (row, column), (rows, columns) = found.at, found.windows
    window = window_mark("window", found.layer, found.at)
    down = _span("row", np.any(found.inside, axis=1), window.row, window.height)
    across = _span("column", np.any(found.inside, axis=0), window.column, window.width)
    reading = f"{down} and {across}" if found.sums[found.at] else "zeros only"
    times = int(found.counts[found.pixel])
    often = {0: "never read", 1: "read once"}.get(times, f"read {times} times")
    (top, _), (left, _) = found.pads
    place = f"row {found.pixel[0] - top + 1}, column {found.pixel[1] - left + 1}"
    pixel = f"Pixel in {place}" if found.inside[found.pixel] else "The chosen zero of the padding"
    return (
        f"Output row {row + 1} of {rows}, column {column + 1} of {columns} reads {reading}. "
        f"{pixel}: {often}."
    )


def _span(name: str, inside: Array, start: int, size: int) -> str:
    """The rows or columns of the image that a window lies on, from 1."""
    places = (np.flatnonzero(inside[start : start + size]) + start - int(inside.argmax())).tolist()
    if len(places) < 2:
        return f"{name} {', '.join(str(place + 1) for place in places)}"
    return f"{name}s {places[0] + 1} to {places[-1] + 1}"
