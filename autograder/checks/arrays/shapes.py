"""The shapes that mistakes yield."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from autograder.checks.arrays.causes import Causes
from autograder.checks.arrays.computation import Computation
from course.errors import CourseError
from course.layers.base import Shape
from course.layers.sliding import Sliding


def shape_mistakes(
    wanted: Shape, computation: Computation | None
) -> Iterator[tuple[Causes, Shape]]:
    """The shapes that mistakes yield, one mistake or several at a time."""
    shapes: list[tuple[Causes, Shape]] = [((), wanted)]
    if computation and isinstance(computation.layer, Sliding):
        layer = computation.layer
        paddings = {"valid": {"same-for-valid": "same"}, "same": {"valid-for-same": "valid"}}
        own = {"padding-ignored": "valid", "same-for-valid": "same"}
        others = paddings[layer.padding] if isinstance(layer.padding, str) else own
        strides = {"": layer.strides, "stride-ignored": (1,) * layer.rank}
        for (moved, stride), (padded, padding) in product(
            strides.items(), {"": layer.padding, **others}.items()
        ):
            shape = output_shape(layer, computation.image.shape, strides=stride, padding=padding)
            if shape:
                shapes.append((tuple(filter(None, (moved, padded))), shape))
    for causes, shape in shapes:
        yield causes, shape
        if len(shape) > 1:
            yield (*causes, "transposed"), (shape[1], shape[0], *shape[2:])
        if len(shape) == 3:
            yield (*causes, "channels-lost"), shape[:2]
            yield (*causes, "channels-first"), (shape[2], *shape[:2])
            if computation:
                yield (*causes, "depth-from-input"), (*shape[:2], computation.image.shape[-1])


def output_shape(layer: Any, input_shape: Shape, **changes: Any) -> Shape:
    """The output shape with other arguments, () where they make no layer."""
    try:
        shape: Shape = replace(layer, **changes).output_shape(input_shape)
    except CourseError:
        return ()
    return shape
