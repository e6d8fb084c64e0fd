"""What one value after some layers is made of: the rows and columns of the image that reach it."""

from collections.abc import Sequence
from typing import Any

from course.layers.base import Shape
from course.layers.borders import Cropping, ZeroPadding
from course.layers.sliding import Sliding
from course.trace import Row

Span = tuple[int, int]
"""The first row, or column, and the one after the last."""
NOTHING = (0, 0)


def pixels_seen(rows: Sequence[Row], unit: Span | None = None) -> tuple[Span, Span] | None:
    """The rows and columns of the image that the chosen unit after the last of these layers sees.

    `unit` is its row and column, from 0; after a layer that joins everything there is none to be
    chosen. From place i of an output come the inputs i × S − P to i × S − P + F − 1; of those in
    the padding nothing comes from the image. Where strides or gaps skip pixels, they lie between.
    None where no window describes it. Channels last.

    Source: Dumoulin and Visin (2016), relationship 5, read backwards.

    >>> from course import Stack, layers as L
    >>> layers = [L.Conv2D(8, 3, padding="same"), L.MaxPooling2D()]
    >>> pixels_seen(Stack(layers).trace((28, 28, 1)).rows, (2, 13))
    ((3, 7), (25, 28))
    """
    seen: Sequence[Span] | None = unit and [(at, at + 1) for at in unit]
    for row in reversed(rows):
        windows = row.layer.windows(row.input_shape)
        if windows == "unknown":
            return None
        sizes = row.input_shape[:-1]
        if windows == "whole" or seen is None or len(row.output_shape) != 3:
            seen = [(0, size) for size in sizes]
        else:
            pairs = ((1, 1),) * len(sizes) if windows == "unchanged" else windows
            steps = zip(seen, pairs, _in_front(row.layer, row.input_shape), sizes, strict=True)
            seen = [_before(*step) for step in steps]
    if not seen:
        return None
    height, width = seen
    return (NOTHING, NOTHING) if NOTHING in (height, width) else (height, width)


def _before(seen: Span, window: tuple[int, int], front: int, size: int) -> Span:
    """The inputs that a span of outputs is made of, along one axis."""
    (first, after), (width, step) = seen, window
    if seen == NOTHING:
        return NOTHING
    start, end = first * step - front, (after - 1) * step - front + width
    start, end = max(start, 0), min(end, size)
    return (start, end) if start < end else NOTHING


def _in_front(layer: Any, input_shape: Shape) -> list[int]:
    """The zeros that a layer puts in front of each axis; fewer than none where it cuts."""
    if isinstance(layer, Cropping):
        return [-layer.cut(axis)[0] for axis in range(layer.rank)]
    if isinstance(layer, Sliding | ZeroPadding):
        return [before for before, _ in layer.padding_amounts(input_shape)]
    return [0] * (len(input_shape) - 1)
