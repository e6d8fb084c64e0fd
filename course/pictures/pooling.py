"""Pooling, 'valid' beside 'same': the windows, the winner of each, and what is never read."""

from collections.abc import Iterator
from operator import ge

import numpy as np

from course.errors import ShapeError
from course.pictures.captions import key, working
from course.pictures.grids import MOST, Place, dims, figure, grid, number
from course.pictures.marks import Mark, rectangles, single_cells, window_mark
from course.pictures.page import explained, framed, heading, spoken
from course.pictures.pooling_windows import Pooled, PoolingState, pooled, unread, winners

WRITTEN = 25
"""Values of a window that are written out; of more, only some."""
KEY = {
    "tile": "a window",
    "window": "the window of the chosen output",
    "winner": "the largest value of a window",
    "unread": "never read",
    "zero": "padding, left out",
}


def pooling_html(state: PoolingState) -> str:
    """HTML of 'valid' and 'same' pooling beside each other, and the working of one cell.

    Where a window is larger than the image, 'valid' is explained in place of its picture.

    >>> "max(1, 2) = <b>2</b>" in pooling_html(PoolingState([[1, 2]], (1, 2)))
    True
    """
    same = pooled(state, "same")
    valid: Pooled | ShapeError
    try:
        valid = pooled(state, "valid")
    except ShapeError as error:
        valid = error
    found = {"valid": valid, "same": same}
    rows, columns = same.output.shape
    at = min(state.row, rows - 1), min(state.column, columns - 1)
    parts = "".join(_part(padding, one, at) for padding, one in found.items())
    said = " ".join(said_of(padding, one, at) for padding, one in found.items())
    here = f"Output row {at[0] + 1}, column {at[1] + 1}."
    depth = state.image.shape[-1]
    if depth > 1:
        here = f"Channel {state.channel + 1} of {depth}, each pooled by itself. {here}"
    kinds = {kind: KEY[kind] for kind in KEY if f'"mark {kind}"' in parts}
    return framed(f'{spoken(f"{here} {said}")}<div class="parts">{parts}</div>{key(kinds)}')


def said_of(padding: str, work: Pooled | ShapeError, at: Place) -> str:
    """What comes out at one place, in a sentence.

    >>> said_of("valid", pooled(PoolingState([[1, 2]], (1, 2)), "valid"), (0, 0))
    "'valid': the maximum of 2 values is 2."
    """
    if isinstance(work, ShapeError):
        return f"'{padding}' cannot be used: the window is larger than the image."
    if not work.has(at):
        return f"'{padding}' has no window here."
    count, value = int((work.places[at] >= 0).sum()), number(work.output[at].item())
    name = "maximum" if work.takes_maximum else "average"
    return f"'{padding}': the {name} of {count} value{'s' * (count != 1)} is {value}."


def _part(padding: str, work: Pooled | ShapeError, at: Place) -> str:
    title = heading(f"padding='{padding}'")
    if isinstance(work, ShapeError):
        return f'<div class="part">{title}{explained(work)}</div>'
    return (
        f'<div class="part">{title}<div class="line"><div>{_input(padding, work, at)}</div>'
        f"<div>{_output(padding, work, at)}</div></div>{_arithmetic(work, at)}{_facts(work)}</div>"
    )


def _input(padding: str, work: Pooled, at: Place) -> str:
    padded = work.padded.shape
    size = dims(work.shape) + ("" if padded == work.shape else f", with its padding {dims(padded)}")
    svg = grid(
        work.padded,
        f"input of '{padding}' pooling, {size}",
        _marks(work, at),
        name=f"{padding} input",
        shown=work.real,
    )
    shown = figure(f"<b>Input</b>, {size}", svg)
    if work.padded.size <= MOST or not work.has(at):
        return shown
    won = (work.places[at] == winners(work)[at]) & work.takes_maximum
    marks = single_cells("winner", won)
    window = grid(work.values[at], "the window", marks, shown=work.places[at] >= 0)
    return shown + figure("its window", window)


def _marks(work: Pooled, at: Place) -> Iterator[Mark]:
    """Padding, unread pixels, all windows, the winners and the window of the chosen cell."""
    top, left = work.corner
    small = work.padded.size <= MOST
    if work.has(at):
        yield window_mark("read", work.layer, at)
    if small:
        yield from rectangles("zero", ~work.real)
    yield from _unread_marks(work, small)
    if small and all(map(ge, work.layer.strides, work.layer.pool_size)):
        for place in np.ndindex(work.output.shape):
            yield window_mark("tile", work.layer, place)
    if small and work.takes_maximum:
        for place in np.unique(winners(work)).tolist():
            row, column = divmod(place, work.shape[1])
            yield Mark("winner", top + row, left + column)
    if work.has(at):
        yield window_mark("window", work.layer, at)


def _unread_marks(work: Pooled, small: bool) -> Iterator[Mark]:
    """A mark for each pixel, or strips where there are too many of them."""
    (top, left), (rows, columns) = work.corner, unread(work)
    across, down = np.zeros((2, *work.padded.shape), bool)
    across[[top + row for row in rows]] = True
    down[:, [left + column for column in columns]] = True
    if small:
        yield from single_cells("unread", (across | down) & work.real)
    else:
        yield from rectangles("unread", across & work.real)
        yield from rectangles("unread", down & work.real)


def _output(padding: str, work: Pooled, at: Place) -> str:
    marks = [Mark(kind, *at) for kind in ("read", "chosen")] if work.has(at) else []
    label = f"output of '{padding}' pooling, {dims(work.output.shape)}"
    # One grid takes the keyboard: the larger one, where every place can be reached.
    chosen = at if padding == "same" else None
    if not chosen and work.output.size <= WRITTEN:
        lines = (" ".join(map(number, row)) for row in work.output.tolist())
        label = f"{label}: {'; '.join(lines)}"
    svg = grid(work.output, label, marks, name=padding, chosen=chosen)
    return figure(f"<b>Output</b>, {dims(work.output.shape)}", svg)


def _arithmetic(work: Pooled, at: Place) -> str:
    """The value at a place written out, and what of the window did not count."""
    if not work.has(at):
        return '<p class="total">no window here</p><p class="note">It would leave the input.</p>'
    real = work.places[at] >= 0
    values = work.values[at][real]
    texts = [number(value) for value in values.tolist()]
    if len(texts) > WRITTEN:
        texts[12:-1] = ["…"]
    result = f"<b>{number(work.output[at].item())}</b>"
    if work.takes_maximum:
        written = f"max({', '.join(texts)}) = {result}"
    else:
        terms = [f"({text})" if text.startswith("−") else text for text in texts]
        total = number(values.sum().item())
        written = f"({' + '.join(terms)}) ÷ {values.size} = {total} ÷ {values.size} = {result}"
    left_out = f"{(~real).sum()} of {real.size} cells are padding, which is left out"
    note = f'<p class="note">{left_out}</p>' if not real.all() else ""
    return f'<p class="total">{written}</p>{note}'


def _facts(work: Pooled) -> str:
    """Size formulas, what is not read, the parameters."""
    shape = (*work.shape, 1)
    sizes = working(work.layer.derivation("output_shape", shape).steps[:2], letters=True)
    named = zip(("row", "column"), unread(work), strict=True)
    missed = " and ".join(_listed(name, places) for name, places in named if places)
    edge = f"Never read: {missed}." if missed else "Every value is read."
    return (
        f'{sizes}<p class="note">{edge}<br/>'
        f"<b>{work.layer.param_count(shape)}</b> parameters: there is nothing to learn.</p>"
    )


def _listed(name: str, places: list[int]) -> str:
    if len(places) > 4:
        return f"{len(places)} {name}s"
    return f"{name}{'s' * (len(places) > 1)} {', '.join(str(place + 1) for place in places)}"
