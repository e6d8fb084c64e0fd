"""Which input is joined to which output, and by which weight: six inputs, four outputs (SVG)."""

from functools import lru_cache
from itertools import product

import numpy as np

from course import layers as L
from course.forward import convolve, dense, unshared
from course.pictures.grids import Array
from course.pictures.marks import hatch

FULLY_CONNECTED, UNSHARED, SHARED = "fully connected", "unshared", "shared"
SHARINGS = (FULLY_CONNECTED, UNSHARED, SHARED)

INPUTS, WINDOW = 6, 3
ACROSS, DOWN = 52, 27
"""Pixels from one input to the next, and from one row of the table to the next."""
LEFT, TOP, WIRES, SIZE = 34, 20, 108, 26
"""Pixels: where the first input begins, the middle of the outputs, the middle of the inputs, the
size of both."""
COLOURS, PATTERNS = 3, 8
"""Without a common divisor, so that their product, 24 weights, can be told apart."""
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def weights_of(sharing: str) -> Array:
    """The number of the weight between each output and each input, 0 where there is none.

    It is found by showing the layer one input at a time, its weights being 1, 2, 3 and so on.

    >>> weights_of("shared").tolist()[:2]
    [[1, 2, 3, 0, 0, 0], [0, 1, 2, 3, 0, 0]]
    """
    images = np.eye(INPUTS, dtype=int).reshape(INPUTS, 1, INPUTS, 1)
    outputs = L.Conv2D(1, (1, WINDOW)).output_shape(images.shape[1:])[1]
    if sharing == FULLY_CONNECTED:
        weights = np.arange(1, INPUTS * outputs + 1).reshape(outputs, INPUTS)
        return dense(images.reshape(INPUTS, -1), weights.T).T
    if sharing == UNSHARED:
        weights = np.arange(1, outputs * WINDOW + 1).reshape(outputs, WINDOW)
        joined = unshared(images, weights[None, :, None, :, None, None])
    else:
        joined = convolve(images, np.arange(1, WINDOW + 1).reshape(1, WINDOW, 1, 1))
    return joined[:, 0, :, 0].T


def connection_counts(sharing: str) -> str:
    """How many connections and weights the picture has, in a sentence.

    >>> connection_counts("shared")
    '12 connections, 3 weights, each used 4 times'
    """
    joined = weights_of(sharing)
    count, different = np.count_nonzero(joined), len(np.unique(joined[joined > 0]))
    times = count // different
    used = "each used once" if times == 1 else f"each used {times} times"
    return f"{count} connections, {different} weights, {used}"


@lru_cache(maxsize=len(SHARINGS))
def connections(sharing: str) -> str:
    """SVG of the connections: as wires, and below them as a table of weights.

    The same weight has the same name, colour and pattern wherever it is used; no two weights have
    both colour and pattern in common.

    >>> connections("shared").count("w₁")
    4
    """
    joined = weights_of(sharing)
    outputs, inputs = joined.shape
    width, height = LEFT + inputs * ACROSS + 4, WIRES + SIZE + outputs * DOWN + 6
    places = [(int(row), int(column)) for row, column in np.argwhere(joined)]
    parts = [
        *(_wire(*place, joined[place]) for place in places),
        *(_unit("circle", _output_x(place), TOP, "y", place) for place in range(outputs)),
        *(_unit("square", _input_x(place), WIRES, "x", place) for place in range(inputs)),
        *(_row(place, line) for place, line in enumerate(joined.tolist())),
    ]
    label = f"{sharing}: {inputs} inputs and {outputs} outputs, {connection_counts(sharing)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="connections" role="img" '
        f'aria-label="{label}" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"{''.join(parts)}</svg>"
    )


def _input_x(place: int) -> float:
    return LEFT + (place + 0.5) * ACROSS


def _output_x(place: int) -> float:
    """Above the middle of the output's window."""
    return _input_x(place) + (WINDOW - 1) / 2 * ACROSS


def _name(letter: str, number: int) -> str:
    return letter + str(number).translate(SUBSCRIPTS)


def _looks(weight: int) -> tuple[int, int]:
    """The colour and the pattern of a weight; no two of 24 have both in common."""
    return (weight - 1) % COLOURS, (weight - 1) % PATTERNS


def _wire(output: int, place: int, weight: int) -> str:
    colour, pattern = _looks(weight)
    ends = (
        f'x1="{_input_x(place):g}" y1="{WIRES - SIZE / 2:g}" '
        f'x2="{_output_x(output):g}" y2="{TOP + SIZE / 2:g}"'
    )
    return f'<line class="wire colour-{colour} dash-{pattern}" {ends}/>'


def _unit(kind: str, x: float, y: float, letter: str, place: int) -> str:
    round_by = SIZE / 2 if kind == "circle" else 2
    return (
        f'<rect class="unit" x="{x - SIZE / 2:g}" y="{y - SIZE / 2:g}" width="{SIZE}" '
        f'height="{SIZE}" rx="{round_by:g}"/>'
        f'<text x="{x:g}" y="{y:g}">{_name(letter, place + 1)}</text>'
    )


def _row(output: int, weights: list[int]) -> str:
    """The weights of one output, each below its input."""
    y = WIRES + SIZE // 2 + 8 + output * DOWN
    label = f'<text x="{LEFT / 2:g}" y="{y + DOWN / 2:g}">{_name("y", output + 1)}</text>'
    return label + "".join(
        _cell(LEFT + place * ACROSS, y, weight) for place, weight in enumerate(weights)
    )


def _cell(x: int, y: int, weight: int) -> str:
    size = f'x="{x}" y="{y}" width="{ACROSS}" height="{DOWN}"'
    if not weight:
        return f'<rect class="no-weight" {size}/>'
    colour, pattern = _looks(weight)
    middle = f'x="{x + ACROSS / 2:g}" y="{y + DOWN / 2:g}"'
    return (
        f'<rect class="weight colour-{colour}" {size}/>'
        f'<path class="pattern colour-{colour}" d="{_pattern(pattern, x, y)}"/>'
        f'<text class="over" {middle}>{_name("w", weight)}</text>'
    )


def _pattern(pattern: int, x: int, y: int, gap: int = 7) -> str:
    """Lines inside a cell of the table, a kind of them for each pattern."""
    level = "".join(f"M{x} {y + at}h{ACROSS}" for at in range(gap - 1, DOWN, gap))
    upright = "".join(f"M{x + at} {y}v{DOWN}" for at in range(gap - 1, ACROSS, gap))
    rising, falling = hatch(x, y, ACROSS, DOWN), hatch(x + ACROSS, y, -ACROSS, DOWN)
    places = product(range(4, ACROSS, gap), range(5, DOWN, gap))
    dots = "".join(f"M{x + right} {y + down}h2" for right, down in places)
    kinds = ("", rising, level, dots, falling, upright, rising + falling, level + upright)
    return kinds[pattern]
