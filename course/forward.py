"""The forward pass in NumPy, for looking inside: what each layer computes, value by value.

Images are (height, width, channels), or a batch with one more axis in front. Whole numbers give
whole numbers, with sums of products in int64; their mean, sigmoid, tanh or softmax is float64.
Sizes and pads come from the layer specs, and so do most errors.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from course import layers as L
from course.arithmetic import exact_div, volume
from course.errors import CourseError, ShapeError, SpecError
from course.layers.base import Shape, whole_shape
from course.layers.sliding import Sliding, Spatial
from course.stack import Stack

Array = NDArray[Any]

ROWS = 32
"""Rows of a convolution done at once: its windows, written out, hold F_h × F_w times the input."""


def pad(image: ArrayLike, amounts: Any) -> Array:
    """The image with a border of zeros: P for all sides, (P_h, P_w), or a pair per axis.

    (H, W, D) -> (H + P_top + P_bottom, W + P_left + P_right, D). Errors: SpecError for amounts
    that are no padding, ShapeError for what is no image. Source: Keras's ZeroPadding2D.

    >>> pad(np.ones((1, 1, 1), int), ((0, 1), (1, 1)))[..., 0].tolist()
    [[0, 1, 0], [0, 0, 0]]
    """
    spec = L.ZeroPadding2D(amounts)
    return _each(image, lambda images: _bordered(spec, images))


def convolve(  # noqa: PLR0917 - the arguments stand as in Keras
    image: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    strides: Any = 1,
    padding: Any = "valid",
    dilation_rate: Any = 1,
    groups: int = 1,
) -> Array:
    """Each filter laid on each window: products summed, plus the filter's bias.

    out[i, j, k] = sum over u, v, c of padded[i·S + u·d, j·S + v·d, c] · kernel[u, v, c, k] + b[k].
    This is cross-correlation: unlike mathematics, deep learning does not flip the kernel.

    Shapes: (H, W, D_in), kernel (F_h, F_w, D_in / groups, K), bias (K,) -> (H_out, W_out, K).
    Errors: SpecError or ShapeError as L.Conv2D; ShapeError for a kernel or bias that won't fit.
    Source: Dumoulin and Visin (2016); Keras's Conv2D.

    >>> convolve([[[1], [2], [3], [4]]], np.ones((1, 3, 1, 1), int), None, 2, "same").ravel()
    array([6, 7])
    """
    weights = _kernel(kernel, ("F_h", "F_w", "D_in / groups", "K"))
    filters, size = weights.shape[-1], weights.shape[:2]
    spec = L.Conv2D(filters, size, strides, padding, dilation_rate=dilation_rate, groups=groups)

    def run(images: Array) -> Array:
        _expect("kernel", weights, weight_shapes(spec, images.shape[1:])["kernel"])
        windows, filled = _alike(_windows(spec, images), weights)
        out = np.empty((*windows.shape[:3], filters), windows.dtype)
        # Each group of filters sees its own share of the channels, and nothing of the others.
        shares = [np.split(array, spec.groups, axis=-1) for array in (windows, filled, out)]
        for share in zip(*shares, strict=True):
            _multiply(*share)
        return _plus(out, bias, (filters,))

    return _each(image, run)


def unshared(
    image: ArrayLike,
    kernel: ArrayLike,
    bias: ArrayLike | None = None,
    strides: Any = 1,
    padding: Any = "valid",
) -> Array:
    """A convolution whose filters differ from place to place (locally connected).

    out[i, j, k] = sum over u, v, c of padded[i·S + u, j·S + v, c] · kernel[i, j, u, v, c, k]
    + b[i, j, k].

    Shapes: (H, W, D_in), kernel (H_out, W_out, F_h, F_w, D_in, K), bias (H_out, W_out, K) ->
    (H_out, W_out, K). Errors: as `convolve`. Source: Udacity's parameter quizzes; Keras 2's
    LocallyConnected2D.

    >>> unshared([[[1], [2], [3]]], np.array([1, 10, 100]).reshape(1, 3, 1, 1, 1, 1)).ravel()
    array([  1,  20, 300])
    """
    weights = _kernel(kernel, ("H_out", "W_out", "F_h", "F_w", "D_in", "K"))
    spec = L.LocallyConnected2D(weights.shape[-1], weights.shape[2:4], strides, padding)

    def run(images: Array) -> Array:
        out = spec.output_shape(images.shape[1:])
        wanted = (*out[:2], *spec.kernel_size, images.shape[-1], spec.filters)
        _expect("kernel", weights, wanted)
        windows, filled = _alike(_windows(spec, images), weights)
        return _plus(np.einsum("nijuvc,ijuvck->nijk", windows, filled), bias, out)

    return _each(image, run)


def max_pool(
    image: ArrayLike, pool_size: Any = 2, strides: Any = None, padding: Any = "valid"
) -> Array:
    """The largest value of each window, channel by channel; padding never wins.

    out[i, j, c] = max over u, v of image[i·S + u, j·S + v, c]; S = pool_size unless given.
    (H, W, D) -> (H_out, W_out, D). Errors and source: as L.MaxPooling2D.

    >>> max_pool([[[-2], [-4], [-6]]], (1, 2), padding="same").ravel()
    array([-2, -6])
    """
    spec = L.MaxPooling2D(pool_size, strides, padding)

    def run(images: Array) -> Array:
        kind = images.dtype
        lowest = -np.inf if kind.kind == "f" else np.iinfo(kind).min
        return np.asarray(_windows(spec, images, lowest).max(axis=(3, 4)))

    return _each(image, run)


def average_pool(
    image: ArrayLike, pool_size: Any = 2, strides: Any = None, padding: Any = "valid"
) -> Array:
    """The mean of each window, channel by channel; padding is not counted.

    out[i, j, c] = mean over u, v of image[i·S + u, j·S + v, c]; S = pool_size unless given.
    (H, W, D) -> (H_out, W_out, D). Errors and source: as L.AveragePooling2D.

    >>> average_pool([[[2], [4], [6]]], (1, 2), padding="same").ravel()
    array([3., 6.])
    """
    spec = L.AveragePooling2D(pool_size, strides, padding)

    def run(images: Array) -> Array:
        ones = np.ones((1, *images.shape[1:3], 1), images.dtype)
        sums, counts = (_windows(spec, cells).sum(axis=(3, 4)) for cells in (images, ones))
        return np.asarray(sums / counts)

    return _each(image, run)


def dense(values: ArrayLike, kernel: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Every unit's weighted sum of all inputs, plus its bias: out = values · kernel + b.

    (..., D_in), kernel (D_in, U), bias (U,) -> (..., U). Errors: ShapeError for a kernel or bias
    that does not fit. Source: Keras's Dense.

    >>> dense([1, 2], [[1, 0, 3], [0, 1, 4]], [0, 0, 5])
    array([ 1,  2, 16])
    """
    inputs, weights = _numbers(values), _kernel(kernel, ("D_in", "U"))
    spec = L.Dense(weights.shape[-1])
    _expect("kernel", weights, weight_shapes(spec, inputs.shape[-1:])["kernel"])
    inputs, weights = _alike(inputs, weights)
    return _plus(inputs @ weights, bias, (spec.units,))


def flatten(image: ArrayLike) -> Array:
    """All values in one row, the channels of a pixel side by side: (H, W, D) -> (H·W·D,).

    Errors: ShapeError for what are no numbers. Source: Keras's Flatten.

    >>> flatten([[[1, 2], [3, 4]]])
    array([1, 2, 3, 4])
    """
    return _each(image, _rows)


def relu(values: ArrayLike) -> Array:
    """max(0, x) of each value; the shape stays. Errors: ShapeError for what are no numbers.

    Source: Keras's relu.

    >>> relu([-3, 0, 5])
    array([0, 0, 5])
    """
    return np.asarray(np.maximum(_numbers(values), 0))


def sigmoid(values: ArrayLike) -> Array:
    """1 / (1 + exp(-x)) of each value; the shape stays. Errors and source: as `relu`.

    >>> sigmoid([0, 1000])
    array([0.5, 1. ])
    """
    # The same as the formula, but exp(1000) is never needed.
    return np.asarray(np.exp(-np.logaddexp(0, -_reals(values))))


def tanh(values: ArrayLike) -> Array:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)) of each value. Errors and source: as `relu`.

    >>> tanh([0, 1000])
    array([0., 1.])
    """
    return np.asarray(np.tanh(_reals(values)))


def softmax(values: ArrayLike) -> Array:
    """exp(x) / (sum of exp(x) along the last axis): positive, and 1 in all.

    The shape stays. Errors and source: as `relu`.

    >>> softmax([1000, 1000])
    array([0.5, 0.5])
    """
    reals = np.atleast_1d(_reals(values))
    # A number taken off every value falls out of the fraction, and keeps exp from overflowing.
    powers = np.exp(reals - reals.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def weight_shapes(layer: Any, input_shape: Shape) -> dict[str, Shape]:
    """The names and shapes of a layer's arrays, in the order of Keras's get_weights().

    Errors: SpecError for a layer whose weights aren't known here, ShapeError for a shape that does
    not suit it. Source: Keras's Conv2D and Dense; `course.keras_bridge` for the layer
    that Keras lacks.

    >>> weight_shapes(L.Conv2D(5, 3), (7, 9, 3))
    {'kernel': (3, 3, 3, 5), 'bias': (5,)}
    """
    shape = layer.plain_shape(whole_shape(input_shape, layer.label))
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


def _rows(images: Array) -> Array:
    return images.reshape(len(images), *L.Flatten().output_shape(images.shape[1:]))


def _each(image: ArrayLike, run: Callable[[Array], Array]) -> Array:
    """`run`, which takes a batch of images, on a batch or on a single image."""
    images = _numbers(image)
    return run(images) if images.ndim == 4 else np.asarray(run(images[None])[0])


def _windows(spec: Sliding, images: Array, fill: float = 0) -> Array:
    """All windows, side by side without a copy: (N, H_out, W_out, F_h, F_w, D_in)."""
    bordered = _bordered(spec, images, fill)
    views = sliding_window_view(bordered, spec.window_size, axis=(1, 2))
    (down, across), (d_h, d_w) = spec.strides, getattr(spec, "dilation_rate", (1, 1))
    return np.moveaxis(views[:, ::down, ::across, :, ::d_h, ::d_w], 3, -1)


def _bordered(spec: L.Layer, images: Array, fill: float = 0) -> Array:
    pads = spec.padding_amounts(images.shape[1:])
    return np.pad(images, ((0, 0), *pads, (0, 0)), constant_values=fill)


def _multiply(windows: Array, kernel: Array, out: Array) -> None:
    """out = windows · kernel, each window written out as one row of a matrix."""
    matrix = kernel.reshape(-1, kernel.shape[-1])
    for image, result in zip(windows, out, strict=True):
        for top in range(0, len(image), ROWS):
            rows = image[top : top + ROWS]
            # One product for each row of the image: small enough for BLAS to keep it on one core,
            # since sharing it out costs many times more than it gains where other work runs.
            written = rows.reshape(*rows.shape[:2], len(matrix))
            np.matmul(written, matrix, out=result[top : top + ROWS])


def _numbers(values: ArrayLike, what: str = "input") -> Array:
    """The values as an array, True and False as 1 and 0; a ShapeError for what are no numbers."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ShapeError(f"the {what} is ragged", "give rows of equal length") from None
    if array.dtype.kind not in "biuf":
        raise ShapeError(f"the {what} holds {array.dtype} values", "give an array of numbers")
    return array.astype(int) if array.dtype.kind == "b" else array


def _reals(values: ArrayLike) -> Array:
    """The values, whole numbers as float64."""
    array = _numbers(values)
    return array if array.dtype.kind == "f" else array.astype(float)


def _alike(*arrays: Array) -> tuple[Array, ...]:
    """The arrays in one type: whole numbers in int64, where sums of products have room."""
    whole = all(array.dtype.kind in "iu" for array in arrays)
    kind = np.dtype(np.int64) if whole else np.result_type(*arrays)
    return tuple(array.astype(kind, copy=False) for array in arrays)


def _kernel(kernel: ArrayLike, axes: Sequence[str]) -> Array:
    array = _numbers(kernel, "kernel")
    if array.ndim != len(axes):
        raise ShapeError(
            f"expected a kernel of shape ({', '.join(axes)}), given {array.shape}",
            "reshape the kernel, or put in axes of 1 with numpy.newaxis",
        )
    return array


def _expect(what: str, array: Array, shape: Shape) -> None:
    if array.shape != shape:
        problem = f"expected a {what} of shape {shape}, given {array.shape}"
        raise ShapeError(problem, f"change the {what} or the input")


def _plus(values: Array, bias: ArrayLike | None, shape: Shape) -> Array:
    if bias is None:
        return values
    numbers = _numbers(bias, "bias")
    _expect("bias", numbers, shape)
    values, numbers = _alike(values, numbers)
    # In place, since nobody else holds `values`; another array of this size would cost as much
    # time as all the sums.
    values += numbers
    return values


# Running layer specs -------------------------------------------------------------------------


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
    return _follow(steps, images, single)


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
    L.Flatten: lambda layer, images: _rows(images),
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
    given = [_numbers(array, "weights") for array in weights]
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
    first = getattr(layer, "data_format", "") == "channels_first"
    images = np.moveaxis(images, 1, -1) if first else images
    values = RUNS[type(layer)](layer, images, *weights)
    values = np.moveaxis(values, -1, 1) if first else values
    return values if activation is None else np.asarray(activation(values))


def _follow(
    steps: Iterable[tuple[str, Callable[[Array], Array]]], images: Array, single: bool
) -> Iterator[tuple[str, Array]]:
    for name, step in steps:
        images = step(images)
        yield name, images[0] if single else images


def _batch(layers: Iterable[Any], image: ArrayLike) -> tuple[Array, bool]:
    """The input as a batch, and whether it was a single one: the first layer's rank tells."""
    values = _numbers(image)
    spatial = next((layer for layer in layers if isinstance(layer, Spatial)), None)
    many = (2, 4) if spatial is None else (spatial.rank + 2,)
    return (values, False) if values.ndim in many else (values[None], True)
