"""Layer specs and stacks run on an image, with weights as Keras gives them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course import layers as L
from course.errors import CourseError, ShapeError, SpecError
from course.forward.arrays import Array, as_rows, numbers_of, weight_shapes
from course.forward.operations import (
    average_pool,
    convolve,
    dense,
    max_pool,
    pad,
    relu,
    sigmoid,
    softmax,
    tanh,
    unshared,
)
from course.layers.base import Shape
from course.layers.sliding import Spatial
from course.stack import Stack


def forward(spec: L.Layer | Stack, image: ArrayLike, weights: Iterable[Any] = ()) -> Array:
    """What a layer or a stack makes of an image or a batch, with weights as Keras gives them.

    A layer takes the list of its arrays, kernel first; a stack one such list for each layer.
    Dropout passes everything on, as it does outside training. Shapes: as `spec.output_shape`.

    Errors: SpecError for a layer or activation that isn't computed here; ShapeError for an image
    or weights that do not fit. Source: Keras's Layer.get_weights.

    >>> forward(L.Dense(1, "relu"), [3, 4], [[[1], [1]], [-5]])
    array([2])
    """
    if isinstance(spec, Stack):
        (last,) = deque(activations(spec, image, weights), maxlen=1)
        return last[1]
    images, single = _batch((spec,), image)
    outputs = _step(spec, images.shape[1:], weights)(images)
    return np.asarray(outputs[0] if single else outputs)


def activations(
    stack: Stack, image: ArrayLike, weights: Iterable[Any]
) -> Iterator[tuple[str, Array]]:
    """The name and output of each layer in turn: a convolution's outputs are its feature maps.

    With a Keras model, weights=[layer.get_weights() for layer in model.layers]. Everything is
    checked before the first layer is computed. Shapes, errors and source: as `forward`.

    >>> stack = Stack([L.MaxPooling2D(), L.Flatten()])
    >>> for name, output in activations(stack, np.arange(16).reshape(4, 4, 1), [[], []]):
    ...     print(name, output.shape)
    max_pooling2d (2, 2, 1)
    flatten (4,)
    """
    images, single = _batch(stack.layers, image)
    lists = list(weights)
    if len(lists) != len(stack):
        raise ShapeError(
            f"expected weights for {len(stack)} layers, given for {len(lists)}",
            "give a list of arrays for each, as in [layer.get_weights() for layer in model.layers]",
            stack.name,
        )
    steps, shape = [], images.shape[1:]
    chain = zip(stack.names, stack.layers, lists, strict=True)
    for place, (name, layer, arrays) in enumerate(chain, 1):
        try:
            steps.append((name, _step(layer, shape, arrays)))
            shape = layer.output_shape(shape)
        except CourseError as error:
            raise error.at(f"layer {place} {name!r} ({type(layer).__name__})") from None
    return _run_steps(steps, images, single)


def _run_unshared(layer: Any, images: Array, kernel: Array, bias: Array | None = None) -> Array:
    # Keras's arrays have the values of a window in one axis.
    size = (*kernel.shape[:2], *layer.kernel_size, images.shape[-1], layer.filters)
    return unshared(images, kernel.reshape(size), bias, layer.strides, layer.padding)


RUNS: dict[type[L.Layer], Callable[..., Array]] = {
    L.Activation: lambda layer, values: values,
    L.AveragePooling2D: lambda layer, images: average_pool(
        images, layer.pool_size, layer.strides, layer.padding
    ),
    L.Conv2D: lambda layer, images, kernel, bias=None: convolve(
        images, kernel, bias, layer.strides, layer.padding, layer.dilation_rate, layer.groups
    ),
    L.Dense: lambda layer, values, kernel, bias=None: dense(values, kernel, bias),
    L.Dropout: lambda layer, values: values,
    L.Flatten: lambda layer, images: as_rows(images),
    L.InputLayer: lambda layer, values: values,
    L.LocallyConnected2D: _run_unshared,
    L.MaxPooling2D: lambda layer, images: max_pool(
        images, layer.pool_size, layer.strides, layer.padding
    ),
    L.ZeroPadding2D: lambda layer, images: pad(images, layer.padding),
}
"""How each kind of layer is computed on a batch with the channels last, its activation left out."""

FUNCTIONS: dict[str, Callable[[ArrayLike], Array]] = {
    "relu": relu,
    "sigmoid": sigmoid,
    "softmax": softmax,
    "tanh": tanh,
}
"""The activations by Keras's names."""


def _step(layer: Any, shape: Shape, weights: Iterable[Any]) -> Callable[[Array], Array]:
    """The layer as a function of a batch, once all that could go wrong has been looked at."""
    kind = type(layer)
    if kind not in RUNS:
        problem = f"{kind.__name__} is not computed in NumPy here"
        known = ", ".join(known.__name__ for known in RUNS)
        raise SpecError(problem, f"known are {known}", getattr(layer, "label", kind.__name__))
    wanted = weight_shapes(layer, shape)
    given = [numbers_of(array, "weights") for array in weights]
    shapes = [array.shape for array in given]
    if shapes != list(wanted.values()):
        expected = " and ".join(f"{name} {size}" for name, size in wanted.items())
        raise ShapeError(
            f"expected weights of shape {expected or 'none'}, "
            f"given {' and '.join(map(str, shapes)) or 'none'}",
            "give the list of arrays that Keras's layer.get_weights() returns",
            layer.label,
        )
    return partial(_computed, layer, _function(layer), given)


def _function(layer: Any) -> Callable[[Array], Any] | None:
    """The layer's activation as a function, or None where it has none."""
    chosen = getattr(layer, "activation", None)
    if chosen is None or chosen == "linear":
        return None
    if callable(chosen):
        function: Callable[[Array], Any] = chosen
        return function
    if chosen not in FUNCTIONS:
        problem = f"activation {chosen!r} is not computed in NumPy here"
        known = ", ".join(FUNCTIONS)
        raise SpecError(problem, f"known are {known}, or give a function", layer.label)
    return FUNCTIONS[chosen]


def _computed(layer: Any, activation: Any, weights: list[Array], images: Array) -> Array:
    first = layer.channels_first
    images = np.moveaxis(images, 1, -1) if first else images
    values = RUNS[type(layer)](layer, images, *weights)
    values = np.moveaxis(values, -1, 1) if first else values
    return values if activation is None else np.asarray(activation(values))


def _run_steps(
    steps: Iterable[tuple[str, Callable[[Array], Array]]], images: Array, single: bool
) -> Iterator[tuple[str, Array]]:
    for name, step in steps:
        images = step(images)
        yield name, images[0] if single else images


def _batch(layers: Iterable[Any], image: ArrayLike) -> tuple[Array, bool]:
    """The input as a batch, and whether it was a single one: the first layer's rank tells."""
    values = numbers_of(image)
    spatial = next((layer for layer in layers if isinstance(layer, Spatial)), None)
    many = (2, 4) if spatial is None else (spatial.rank + 2,)
    return (values, False) if values.ndim in many else (values[None], True)
