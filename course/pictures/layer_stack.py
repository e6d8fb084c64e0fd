"""A stack of layers as a table, and what one value after a layer sees of the image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from course.errors import CourseError
from course.layers import Layer
from course.layers.base import Shape
from course.pictures.grids import dims, figure, grid
from course.pictures.marks import Mark
from course.pictures.page import explained, framed, spoken
from course.pictures.receptive_field import NOTHING, Span, pixels_seen
from course.stack import Stack
from course.trace import BYTES_PER_VALUE, Row, Trace, memory_size

HEADINGS = ("layer", "output shape", "parameters", "MACs", "memory", "receptive field")


@dataclass(frozen=True)
class LayerStackState:
    """The layers, the image's shape, and the unit that is looked back from: the place of its
    layer, and its row and column there; all count from 0 and stay inside.

    >>> from course.layers import Conv2D
    >>> LayerStackState((Conv2D(8, 3),), (28, 28, 1)).place
    0
    """

    layers: tuple[Layer, ...]
    input_shape: Shape
    place: int = 0
    row: int = 0
    column: int = 0


def built(state: LayerStackState) -> tuple[Trace | None, CourseError | None]:
    """The trace of as many layers as can be built, and what is wrong with the next one.

    >>> from course.layers import Conv2D
    >>> trace, error = built(LayerStackState((Conv2D(8, 3), Conv2D(8, 5)), (6, 6, 1)))
    >>> len(trace.rows), error.where
    (1, "layer 2 'conv2d_1' (Conv2D)")
    """
    error: CourseError | None = None
    for count in range(len(state.layers), 0, -1):
        try:
            return Stack(state.layers[:count]).trace(state.input_shape), error
        except CourseError as found:
            error = found
    return None, error


def unit(state: LayerStackState, row: Row) -> Span | None:
    """The chosen unit's row and column, inside of the layer's output; None if that is no image.

    >>> from course.layers import Conv2D
    >>> state = LayerStackState((Conv2D(8, 3),), (28, 28, 1), row=99, column=3)
    >>> unit(state, built(state)[0].rows[0])
    (25, 3)
    """
    if len(row.output_shape) != 3:
        return None
    height, width, _ = row.output_shape
    return min(state.row, height - 1), min(state.column, width - 1)


def layer_stack_html(state: LayerStackState) -> str:
    """HTML of the table of layers, where it stops and why, and the chosen unit's receptive field.

    >>> from course.layers import Conv2D, Flatten
    >>> "5408" in layer_stack_html(LayerStackState((Conv2D(8, 3), Flatten()), (28, 28, 1)))
    True
    """
    trace, error = built(state)
    rows = trace.rows if trace else ()
    table = _table(state, rows, error) if state.layers else ""
    totals = _totals(trace) if trace and not error else ""
    look = _look(state, rows) if state.place < len(rows) else ""
    return framed(
        f'{spoken(said_of(state, rows, error))}<div class="stacked">{table}</div>{totals}'
        f'<div class="line receptive-field">{look}</div>'
    )


def said_of(state: LayerStackState, rows: Sequence[Row], error: CourseError | None) -> str:
    """What is shown in a sentence or two.

    >>> from course.layers import Conv2D
    >>> state = LayerStackState((Conv2D(8, 3),), (28, 28, 1))
    >>> said_of(state, built(state)[0].rows, None)
    'The output of conv2d is 26 × 26 × 8. Its unit in row 1, column 1 sees rows 1 to 3 and \
columns 1 to 3 of the image.'
    """
    stop = f"The stack cannot be built: layer {len(rows) + 1} does not fit. " if error else ""
    if state.place >= len(rows):
        return stop.strip() or "There is no layer yet."
    row = rows[state.place]
    shape = f"The output of {row.name} is {dims(row.output_shape)}"
    return f"{stop}{shape}{' values' * (len(row.output_shape) == 1)}. {_seen(state, rows)}".strip()


def _seen(state: LayerStackState, rows: Sequence[Row]) -> str:
    """What the chosen unit sees, in words; nothing where no window describes it."""
    row, seen = rows[state.place], _pixels_of_unit(state, rows)
    if row.receptive_field is None:
        return ""
    field = dims(_pair(row.receptive_field))
    if seen is None:
        return f"Each value sees {field} pixels of the image."
    (top, bottom), (left, right) = seen
    pixels = f"rows {top + 1} to {bottom} and columns {left + 1} to {right} of the image"
    if _joins_all(rows[: state.place + 1]):
        if (bottom - top, right - left) == state.input_shape[:2]:
            return "Each value sees the whole image."
        return f"Each value sees {pixels}; no window reaches the others."
    here = unit(state, row)
    assert here is not None
    sees = f"Its unit in row {here[0] + 1}, column {here[1] + 1} sees"
    if NOTHING in seen:
        return f"{sees} nothing of the image, only padding."
    cut = (bottom - top, right - left) != _pair(row.receptive_field)
    outside = f"; the rest of its {field} receptive field is padding" if cut else ""
    return f"{sees} {pixels}{outside}."


def _pixels_of_unit(state: LayerStackState, rows: Sequence[Row]) -> tuple[Span, Span] | None:
    """The rows and columns that the chosen unit sees, or any unit of a layer that joins all."""
    before, here = rows[: state.place + 1], unit(state, rows[state.place])
    return pixels_seen(before, here) if here or _joins_all(before) else None


def _joins_all(rows: Sequence[Row]) -> bool:
    """Whether one of the layers makes each value from all of its input."""
    return any(row.layer.windows(row.input_shape) == "whole" for row in rows)


def _table(state: LayerStackState, rows: Sequence[Row], error: CourseError | None) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    body = ""
    for place, layer in enumerate(state.layers):
        if place < len(rows):
            name = rows[place].name
            cells = "".join(f"<td>{cell}</td>" for cell in _cells(rows[place]))
        else:
            name = layer.name or type(layer).__name__
            here = error is not None and place == len(rows)
            why = explained(error.at("")) if error and here else "not reached"
            cells = f'<td class="why" colspan="{len(HEADINGS) - 1}">{why}</td>'
        mark = ' class="chosen" aria-current="true"' if place == state.place else ""
        name = (
            f"{place + 1}. {escape(name)} <small>{escape(repr(replace(layer, name=None)))}</small>"
        )
        body += f'<tr{mark}><th scope="row">{name}</th>{cells}</tr>'
    return (
        '<div class="scroll"><table class="stack"><caption>'
        f"On an image of {dims(state.input_shape)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        dims(row.output_shape),
        f"{row.param_count:,}",
        f"{row.macs:,}",
        memory_size(row.activation_bytes),
        "–" if row.receptive_field is None else dims(_pair(row.receptive_field)),
    )


def _totals(trace: Trace) -> str:
    terms = [f"{row.param_count:,}" for row in trace.rows if row.param_count]
    sums = f"{' + '.join(terms)} = " if len(terms) > 1 else ""
    largest = max(row.activation_bytes for row in trace.rows)
    return (
        f'<p class="total">{sums}<b>{trace.param_count:,}</b> parameters</p>'
        f'<p class="note">{trace.macs:,} multiply-accumulates (MACs) for one image. Memory as '
        f"32-bit numbers: {memory_size(trace.param_count * BYTES_PER_VALUE)} for the parameters, "
        f"{memory_size(largest)} for the largest output.</p>"
    )


def _look(state: LayerStackState, rows: Sequence[Row]) -> str:
    """The image with what is seen of it, and the layer's output with the unit."""
    row, marks = rows[state.place], []
    here, seen = unit(state, row), _pixels_of_unit(state, rows)
    if seen and NOTHING not in seen:
        (top, bottom), (left, right) = seen
        place = (top, left, bottom - top, right - left)
        marks = [Mark("read", *place), Mark("window", *place)]
    sizes = state.input_shape[:2]
    image = _empty(sizes, f"the image, {dims(sizes)}, and what is seen of it", marks)
    shown = f"<div>{figure(f'<b>Image</b>, {dims(state.input_shape)}', image)}</div>"
    if here is None:
        return shown
    output = _empty(
        row.output_shape[:2],
        f"output of {row.name}, {dims(row.output_shape[:2])}",
        [Mark("read", *here), Mark("chosen", *here)],
        name="unit",
        chosen=here,
    )
    caption = f"<b>Output of {escape(row.name)}</b>, {dims(row.output_shape)}"
    hint = '<p class="note">Choose a unit here, with the pointer or the arrow keys.</p>'
    return f"{shown}<div>{figure(caption, output)}{hint}</div>"


def _empty(sizes: Sequence[int], label: str, marks: Sequence[Mark], **how: Any) -> str:
    """A grid of cells without values."""
    shape = sizes[0], sizes[1]
    return grid(np.zeros(shape, int), label, marks, shown=np.zeros(shape, bool), **how)


def _pair(number: Any) -> tuple[int, int]:
    return number if isinstance(number, tuple) else (number, number)
