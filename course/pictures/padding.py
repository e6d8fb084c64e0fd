"""The padding picture: one image under each convention, what is added and what comes out."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from course import layers as L
from course.conventions import compare_conventions
from course.errors import CourseError
from course.forward import convolve, pad
from course.layers import arguments
from course.layers.arguments import Pads
from course.pictures.captions import key, working
from course.pictures.grids import MOST, Array, Place, cell_size, dims, figure, grid, number
from course.pictures.marks import Mark, border, rectangles, window_mark
from course.pictures.page import explained, framed, heading, spoken


@dataclass(frozen=True)
class PaddingState:
    """An image of 1, 2, 3, ... under a kernel of ones, and which output cell is looked at.

    `P` is the number of zeros on each side that the explicit convention adds. All sizes may be one
    number or (height, width). `row` and `column` count from 0 and stay inside each output.

    Errors: SpecError for what is no size.

    >>> PaddingState((5, 4), 3, P=1)
    PaddingState(input_shape=(5, 4), kernel_size=(3, 3), strides=(1, 1), P=(1, 1), row=0, column=0)
    """

    input_shape: Any
    kernel_size: Any
    strides: Any = 1
    P: Any = 0
    row: int = 0
    column: int = 0

    def __post_init__(self) -> None:
        for name in ("input_shape", "kernel_size", "strides", "P"):
            low = 0 if name == "P" else 1
            vars(self)[name] = arguments.sizes(getattr(self, name), 2, name, low)

    @property
    def image(self) -> Array:
        """1, 2, 3, ... row by row, with one channel."""
        height, width = self.input_shape
        return np.arange(1, height * width + 1).reshape(height, width, 1)


class Convention(NamedTuple):
    """A convention, what it adds and what comes out; `error` says why nothing can."""

    name: str
    layer: L.Conv2D
    error: CourseError | None
    pads: Pads = ()
    padded: Any = None
    output: Any = None

    def comparable(self, other: "Convention") -> bool:
        """Whether both give outputs of one size."""
        return not (self.error or other.error) and self.output.shape == other.output.shape


def conventions(state: PaddingState) -> tuple[Convention, ...]:
    """'valid', 'same' and the explicit P, as `course.forward` computes them.

    >>> state = PaddingState((1, 4), (1, 3), (1, 2), P=(0, 1))
    >>> [each.output.tolist() for each in conventions(state)]
    [[[6]], [[6, 7]], [[3, 9]]]
    """
    P = state.P[0] if state.P[0] == state.P[1] else state.P
    named = {"'valid'": "valid", "'same'": "same", f"P = {P}": state.P}
    return tuple(_convention(state, name, padding) for name, padding in named.items())


def differing(one: Convention, others: tuple[Convention, ...]) -> Array:
    """Where a convention's values are not those of another one with an output of that size.

    >>> valid, same, explicit = conventions(PaddingState((4, 4), 3, 2, P=1))
    >>> differing(same, (explicit,)).tolist(), differing(valid, (explicit,)).tolist()
    ([[True, True], [True, True]], [[False]])
    """
    found = np.zeros(one.output.shape, bool)
    for other in filter(one.comparable, others):
        found |= one.output != other.output
    return found


def padding_html(state: PaddingState) -> str:
    """HTML of the conventions side by side; one that cannot be is explained in its place.

    >>> page = padding_html(PaddingState((4, 4), 3, 2, P=1))
    >>> "beside P = 1: 4 of 4 values differ" in page
    True
    """
    each = conventions(state)
    shown = "".join(_panel(state, convention, each) for convention in each)
    width = max((_width(c) for c in each if not c.error), default=0)
    columns = f"repeat(auto-fit, minmax(min(100%, {min(max(width, 250), 420)}px), 1fr))"
    # Below the grids: text that takes one line more would move them from under the pointer.
    return framed(
        f'<div class="abreast" style="grid-template-columns: {columns}">{shown}</div>'
        f"{spoken(_said(state, each))}{key(KEY)}"
    )


KEY = {
    "zero": "a zero that is added",
    "odd": "the odd zeros of 'same', at the end",
    "edge": "first and last window",
    "window": "window of the chosen output",
    "differs": "another value, though the sizes agree",
}


def _convention(state: PaddingState, name: str, padding: Any) -> Convention:
    layer, image = L.Conv2D(1, state.kernel_size, state.strides, padding), state.image
    try:
        pads = layer.padding_amounts(image.shape)
        kernel = np.ones((*state.kernel_size, 1, 1), int)
        output = convolve(image, kernel, None, state.strides, padding)[..., 0]
    except CourseError as error:
        return Convention(name, layer, error)
    return Convention(name, layer, None, pads, pad(image, pads)[..., 0], output)


def _panel(state: PaddingState, convention: Convention, each: tuple[Convention, ...]) -> str:
    notes = "<br/>".join(map(escape, _also(state, convention)))
    head = f'<div>{heading(convention.name)}<p class="note">{notes}</p></div>'
    if convention.error:
        return f"<section>{head}<div>{explained(convention.error)}</div></section>"
    shape = (*state.input_shape, 1)
    (top, bottom), (left, right) = convention.pads
    sizes = convention.layer.derivation("output_shape", shape).steps[:2]
    pads = convention.layer.derivation("padding_amounts", shape).steps
    steps = [*sizes, *(step for step in pads if step not in sizes)]
    return (
        f"<section>{head}<div>{_input(state, convention)}</div>"
        f"<div>{_output(state, convention, each)}</div>"
        f'<div>{working(steps)}<p class="note">zeros: top {top}, bottom {bottom}, '
        f"left {left}, right {right}</p></div></section>"
    )


def _also(state: PaddingState, convention: Convention) -> Iterator[str]:
    """How the convention is written, in Keras and elsewhere."""
    if convention.name == "'valid'":
        yield "Keras: padding='valid', its default"
        return
    sizes = (state.input_shape, state.kernel_size, state.strides, state.P)
    axes = [compare_conventions(*numbers) for numbers in zip(*sizes, strict=True)]
    if convention.name == "'same'":
        yield "Keras, TensorFlow: padding='same'"
        note = next((axis["PyTorch same"].note for axis in axes if axis["PyTorch same"].note), "")
        yield "PyTorch: padding='same'" + (f", {note}" if note else "")
        return
    yield f"Keras: ZeroPadding2D({convention.name[4:]}), then 'valid'"
    for name in ("PyTorch", "D2L"):
        height, width = (axis[name].written for axis in axes)
        yield f"{name}: {height}" + ("" if height == width else f" and {width}")
    notes = [
        axis["no remainder allowed"].note for axis in axes if axis["no remainder allowed"].note
    ]
    if notes and not convention.error:
        yield f"for those who allow no remainder, {notes[0]}"


def _input(state: PaddingState, convention: Convention) -> str:
    padded, image = convention.padded.shape, state.input_shape
    what = "Image" if padded == image else "Image with its zeros"
    chosen, (rows, columns) = _chosen(state, convention), convention.output.shape
    marks = [
        window_mark("read", convention.layer, chosen),
        *_added(convention),
        window_mark("edge", convention.layer, (0, 0)),
        window_mark("edge", convention.layer, (rows - 1, columns - 1)),
        window_mark("window", convention.layer, chosen),
    ]
    label = f"{convention.name}: the image with its zeros, {padded[0]} rows, {padded[1]} columns"
    svg = grid(convention.padded, label, marks)
    return figure(f"<b>{what}</b>, {dims(padded)}", svg)


def _added(convention: Convention) -> Iterator[Mark]:
    """The zeros; those that 'same' adds at the end for want of an even number are set apart."""
    (top, bottom), (left, right) = convention.pads
    height, width = convention.padded.shape
    odd = np.zeros((height, width), bool)
    odd[height - max(bottom - top, 0) :] = True
    odd[:, width - max(right - left, 0) :] = True
    yield from rectangles("zero", border((height, width), convention.pads) & ~odd)
    yield from rectangles("odd", odd)


def _output(state: PaddingState, convention: Convention, each: tuple[Convention, ...]) -> str:
    shape, chosen = convention.output.shape, _chosen(state, convention)
    svg = grid(
        convention.output,
        f"{convention.name}: output, {shape[0]} rows, {shape[1]} columns",
        [*rectangles("differs", differing(convention, each)), Mark("chosen", *chosen)],
        name=convention.name,
        chosen=chosen,
    )
    others = [o for o in each if o is not convention and convention.comparable(o)]
    notes = [f"beside {other.name}: {_compared(convention, other)}" for other in others]
    row, column = chosen
    value = number(convention.output[chosen])
    return (
        f"{figure(f'<b>Output</b>, {dims(shape)}', svg)}"
        f"<p>row {row + 1}, column {column + 1}: <b>{value}</b></p>"
        f'<p class="note">{"<br/>".join(notes)}</p>'
    )


def _compared(one: Convention, other: Convention) -> str:
    """How the values of two conventions with outputs of one size compare."""
    count = np.count_nonzero(one.output != other.output)
    return f"{count} of {one.output.size} values differ" if count else "the same values"


def _chosen(state: PaddingState, convention: Convention) -> Place:
    rows, columns = convention.output.shape
    return min(state.row, rows - 1), min(state.column, columns - 1)


def _said(state: PaddingState, each: tuple[Convention, ...]) -> str:
    """What comes out under each convention, in a few sentences."""
    fitting = [one for one in each if not one.error]
    sizes = [f"{dims(one.output.shape)} with {one.name}" for one in fitting]
    sizes += [f"none with {one.name}" for one in each if one.error]
    pairs = [(one, other) for one, other in combinations(fitting, 2) if one.comparable(other)]
    compared = [f" {a.name} and {b.name} give one size, {_compared(a, b)}." for a, b in pairs]
    chosen = [f"{number(one.output[_chosen(state, one)])} with {one.name}" for one in fitting]
    return f"Output: {', '.join(sizes)}.{''.join(compared)} Chosen cell: {', '.join(chosen)}."


def _width(convention: Convention) -> int:
    """Pixels that the wider of a convention's two grids takes."""
    widths = [
        values.shape[1] * cell_size(values.shape, [[number(values.max())]])[0] + 6
        for values in (convention.padded, convention.output)
        if values.size <= MOST
    ]
    return max(widths, default=0)
