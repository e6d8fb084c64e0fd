"""Arrays checked on the way in, and windows taken from them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from course import layers as L
from course.arithmetic import exact_div, volume
from course.errors import ShapeError, SpecError
from course.layers.base import Shape
from course.layers.sliding import Sliding

Array = NDArray[Any]

ROWS = 32
"""Rows of a convolution done at once: its windows, written out, hold F_h × F_w times the input."""


def as_rows(images: Array) -> Array:
    return images.reshape(len(images), *L.Flatten().output_shape(images.shape[1:]))


def each_image(image: ArrayLike, run: Callable[[Array], Array]) -> Array:
    """`run`, which takes a batch of images, on a batch or on a single image."""
    images = numbers_of(image)
    return run(images) if images.ndim == 4 else np.asarray(run(images[None])[0])


def windows_of(spec: Sliding, images: Array, fill: float = 0) -> Array:
    """All windows, side by side without a copy: (N, H_out, W_out, F_h, F_w, D_in)."""
    padded = bordered(spec, images, fill)
    views = sliding_window_view(padded, spec.window_size, axis=(1, 2))
    (down, across), (d_h, d_w) = spec.strides, getattr(spec, "dilation_rate", (1, 1))
    return np.moveaxis(views[:, ::down, ::across, :, ::d_h, ::d_w], 3, -1)


def bordered(spec: L.Layer, images: Array, fill: float = 0) -> Array:
    pads = spec.padding_amounts(images.shape[1:])
    return np.pad(images, ((0, 0), *pads, (0, 0)), constant_values=fill)


def multiply_into(windows: Array, kernel: Array, out: Array) -> None:
    """out = windows · kernel, each window written out as one row of a matrix."""
    matrix = kernel.reshape(-1, kernel.shape[-1])
    for image, result in zip(windows, out, strict=True):
        for top in range(0, len(image), ROWS):
            rows = image[top : top + ROWS]
            # One product for each row of the image: small enough for BLAS to keep it on one core,
            # since sharing it out costs many times more than it gains where other work runs.
            written = rows.reshape(*rows.shape[:2], len(matrix))
            np.matmul(written, matrix, out=result[top : top + ROWS])


def numbers_of(values: ArrayLike, what: str = "input") -> Array:
    """The values as an array, True and False as 1 and 0; a ShapeError for what are no numbers."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ShapeError(f"the {what} is ragged", "give rows of equal length") from None
    if array.dtype.kind not in "biuf":
        raise ShapeError(f"the {what} holds {array.dtype} values", "give an array of numbers")
    return array.astype(int) if array.dtype.kind == "b" else array


def reals_of(values: ArrayLike) -> Array:
    """The values, whole numbers as float64."""
    array = numbers_of(values)
    return array if array.dtype.kind == "f" else array.astype(float)


def alike(*arrays: Array) -> tuple[Array, ...]:
    """The arrays in one type: whole numbers in int64, where sums of products have room."""
    whole = all(array.dtype.kind in "iu" for array in arrays)
    kind = np.dtype(np.int64) if whole else np.result_type(*arrays)
    return tuple(array.astype(kind, copy=False) for array in arrays)


def kernel_of(kernel: ArrayLike, axes: Sequence[str]) -> Array:
    array = numbers_of(kernel, "kernel")
    if array.ndim != len(axes):
        raise ShapeError(
            f"expected a kernel of shape ({', '.join(axes)}), given {array.shape}",
            "reshape the kernel, or put in axes of 1 with numpy.newaxis",
        )
    return array


def expect_shape(what: str, array: Array, shape: Shape) -> None:
    if array.shape != shape:
        problem = f"expected a {what} of shape {shape}, given {array.shape}"
        raise ShapeError(problem, f"change the {what} or the input")


def plus_bias(values: Array, bias: ArrayLike | None, shape: Shape) -> Array:
    if bias is None:
        return values
    biases = numbers_of(bias, "bias")
    expect_shape("bias", biases, shape)
    values, biases = alike(values, biases)
    # In place, since nobody else holds `values`; another array of this size would cost as much
    # time as all the sums.
    values += biases
    return values


def weight_shapes(layer: Any, input_shape: Shape) -> dict[str, Shape]:
    """The names and shapes of a layer's arrays, in the order of Keras's get_weights().

    Errors: SpecError for a layer whose weights aren't known here, ShapeError for a shape that does
    not suit it. Source: Keras's Conv2D and Dense; `course.keras_bridge` for the layer
    that Keras lacks.

    >>> weight_shapes(L.Conv2D(5, 3), (7, 9, 3))
    {'kernel': (3, 3, 3, 5), 'bias': (5,)}
    """
    shape = layer.plain_shape(input_shape)
    kernel: Shape
    bias: Shape
    match layer:
        case L.Conv2D():
            depth = exact_div(layer.depth(shape), layer.groups)
            kernel, bias = (*layer.kernel_size, depth, layer.filters), (layer.filters,)
        case L.LocallyConnected2D():
            places, values = layer.output_sizes(shape), (*layer.kernel_size, layer.depth(shape))
            kernel, bias = (*places, volume(values), layer.filters), (*places, layer.filters)
        case L.Dense():
            kernel, bias = (shape[-1], layer.units), (layer.units,)
        case _ if layer.param_count(shape):
            kind = type(layer).__name__
            problem = f"the weights of {kind} are not known here"
            raise SpecError(problem, "ask a convolution or a dense layer", layer.label)
        case _:
            return {}
    return {"kernel": kernel, "bias": bias} if layer.use_bias else {"kernel": kernel}
