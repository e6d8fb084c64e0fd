"""The arithmetic backwards: which layers turn one shape into another, within a budget?"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

from course import layers as L
from course.arithmetic import same_size
from course.errors import CourseError, SpecError
from course.layers import Layer
from course.layers.arguments import at_least, positive_int
from course.layers.base import Shape, whole_shape
from course.stack import Stack

Option = tuple[int, int]
"""Along one axis: a window and its stride."""


def design(
    target_shape: Shape,
    input_shape: Shape,
    max_params: int | None = None,
    depth: int = 1,
    vocabulary: Iterable[Layer] | None = None,
) -> Iterator[Any]:
    """The layers that turn `input_shape` into `target_shape`, one after another, cheapest first.

    Without a vocabulary: every single layer, out of Flatten, global pooling, zero padding,
    cropping, upsampling, max and average pooling, Dense, and Conv2D with all windows up to the
    input's size, all strides, and both paddings. With one: every Stack of at most `depth` layers
    of the vocabulary, any of them as often as wanted. `max_params` is the most parameters allowed;
    None sets no limit. Nothing is computed before it is asked for.

    Errors: SpecError for a budget below 0 or a depth below 1, and for a depth above 1 without a
    vocabulary; ShapeError for what is no shape.

    >>> next(design((14, 14, 20), (32, 32, 3), max_params=3860))
    Conv2D(20, 5, strides=2, padding='valid', use_bias=False)
    >>> words = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Flatten()]
    >>> [stack.names for stack in design((13, 13, 8), (28, 28, 1), depth=2, vocabulary=words)]
    [('conv2d', 'max_pooling2d')]
    """
    target = whole_shape(target_shape, "design")
    start = whole_shape(input_shape, "design")
    budget = None if max_params is None else at_least(max_params, "max_params", 0)
    depth = positive_int(depth, "depth")
    if vocabulary is not None:
        return _stacks(target, start, budget, depth, tuple(vocabulary))
    if depth > 1:
        raise SpecError(
            "stacks need a vocabulary to be made of",
            "give vocabulary=[L.Conv2D(8, 3), L.MaxPooling2D()], for instance",
            "design",
        )
    return _single(target, start, budget)


def _stacks(
    target: Shape, start: Shape, budget: int | None, depth: int, vocabulary: tuple[Layer, ...]
) -> Iterator[Stack]:
    """Best first: of all stacks begun, the one with the fewest parameters is lengthened next."""
    order = count()
    begun: list[tuple[int, int, int, tuple[Layer, ...], Shape]] = [(0, 0, next(order), (), start)]
    while begun:
        params, length, _, layers, shape = heapq.heappop(begun)
        if layers and shape == target:
            yield Stack(layers)
        if length == depth:
            continue
        for layer in vocabulary:
            try:
                after, more = layer.output_shape(shape), layer.param_count(shape)
            except CourseError:
                continue
            if budget is None or params + more <= budget:
                entry = (params + more, length + 1, next(order), (*layers, layer), after)
                heapq.heappush(begun, entry)


def _single(target: Shape, start: Shape, budget: int | None) -> Iterator[Layer]:
    yield from _without_parameters(target, start)
    with_parameters: list[Iterator[Layer]] = []
    if len(target) == len(start) and target[:-1] == start[:-1]:
        with_parameters.append(iter([L.Dense(target[-1], use_bias=b) for b in (False, True)]))
    if len(target) == len(start) == 3:
        for bias in (False, True):
            with_parameters.append(_convolutions(target, start, use_bias=bias))

    def cost(layer: Layer) -> int:
        return layer.param_count(start)

    for layer in heapq.merge(*with_parameters, key=cost):
        if budget is not None and cost(layer) > budget:
            return
        yield layer


def _without_parameters(target: Shape, start: Shape) -> Iterator[Layer]:
    candidates: list[Layer] = [L.Flatten()]
    if len(start) == 3:
        for kind in (L.GlobalMaxPooling2D, L.GlobalAveragePooling2D):
            candidates += [kind(), kind(keepdims=True)]
    for layer in candidates:
        if layer.output_shape(start) == target:
            yield layer
    if len(start) == len(target) == 3 and start[-1] == target[-1]:
        yield from _reshaped_images(target, start)
        for pool in (L.MaxPooling2D, L.AveragePooling2D):
            yield from _windows(target, start, pool)


def _reshaped_images(target: Shape, start: Shape) -> Iterator[Layer]:
    """Borders added or cut, where one side takes what the other leaves; and whole enlargements."""
    added = [o - n for o, n in zip(target[:2], start[:2], strict=True)]
    if any(added):
        for kind, amounts in ((L.ZeroPadding2D, added), (L.Cropping2D, [-n for n in added])):
            if min(amounts) >= 0:
                for top in range(amounts[0] + 1):
                    for left in range(amounts[1] + 1):
                        rows, columns = (top, amounts[0] - top), (left, amounts[1] - left)
                        yield kind((rows, columns))
        if all(o % n == 0 for o, n in zip(target[:2], start[:2], strict=True)):
            yield L.UpSampling2D((target[0] // start[0], target[1] // start[1]))


def _convolutions(target: Shape, start: Shape, *, use_bias: bool) -> Iterator[Layer]:
    def make(window: Option, strides: Option, padding: str) -> Layer:
        return L.Conv2D(target[2], window, strides, padding, use_bias=use_bias)

    return _windows(target, start, make)


def _windows(target: Shape, start: Shape, make: Callable[..., Layer]) -> Iterator[Layer]:
    """Layers with a window that fit, the smallest area first, for both paddings."""
    both = [_fitting(target, start, padding) for padding in ("valid", "same")]
    for _, window, strides, padding in heapq.merge(*both, key=lambda found: found[0]):
        yield make(window, strides, padding)


def _fitting(
    target: Shape, start: Shape, padding: str
) -> Iterator[tuple[int, Option, Option, str]]:
    """Area, window, strides and padding of all windows that fit, the smallest area first."""
    options = [_options(W, o, padding) for W, o in zip(start[:2], target[:2], strict=True)]
    for (F_h, S_h), (F_w, S_w) in _by_area(*options):
        yield F_h * F_w, (F_h, F_w), (S_h, S_w), padding


def _options(W: int, o: int, padding: str) -> list[Option]:
    """All windows and strides that give o outputs from W inputs, small windows first."""
    if padding == "same":
        strides = [S for S in range(1, W + 1) if same_size(W, S) == o]
        return [(F, S) for F in range(1, W + 1) for S in strides]
    found = []
    for S in range(1, W + 1):
        # o windows fit and o + 1 do not: (o - 1) S + F <= W < o S + F
        largest = W - (o - 1) * S
        found += [(F, S) for F in range(max(1, W - o * S + 1), largest + 1)]
        if o == 1 and S >= W:
            break
    return sorted(found)


def _by_area(rows: list[Option], columns: list[Option]) -> Iterator[tuple[Option, Option]]:
    """Pairs of options in the order of their windows' areas, without building them all."""
    if not rows or not columns:
        return
    heap = [(row[0] * columns[0][0], place, 0) for place, row in enumerate(rows)]
    heapq.heapify(heap)
    while heap:
        _, row, column = heapq.heappop(heap)
        yield rows[row], columns[column]
        if column + 1 < len(columns):
            area = rows[row][0] * columns[column + 1][0]
            heapq.heappush(heap, (area, row, column + 1))
