"""What the layers compute, as functions on an image or a batch of them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course import layers as L
from course.forward.arrays import (
    Array,
    alike,
    as_rows,
    bordered,
    each_image,
    expect_shape,
    kernel_of,
    multiply_into,
    numbers_of,
    plus_bias,
    reals_of,
    weight_shapes,
    windows_of,
)


def pad(image: ArrayLike, amounts: Any) -> Array:
    """The image with a border of zeros: P for all sides, (P_h, P_w), or a pair per axis.

    (H, W, D) -> (H + P_top + P_bottom, W + P_left + P_right, D). Errors: SpecError for amounts
    that are no padding, ShapeError for what is no image. Source: Keras's ZeroPadding2D.

    >>> pad(np.ones((1, 1, 1), int), ((0, 1), (1, 1)))[..., 0].tolist()
    [[0, 1, 0], [0, 0, 0]]
    """
    spec = L.ZeroPadding2D(amounts)
    return each_image(image, lambda images: bordered(spec, images))


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
    weights = kernel_of(kernel, ("F_h", "F_w", "D_in / groups", "K"))
    filters, size = weights.shape[-1], weights.shape[:2]
    spec = L.Conv2D(filters, size, strides, padding, dilation_rate=dilation_rate, groups=groups)

    def run(images: Array) -> Array:
        expect_shape("kernel", weights, weight_shapes(spec, images.shape[1:])["kernel"])
        windows, filled = alike(windows_of(spec, images), weights)
        out = np.empty((*windows.shape[:3], filters), windows.dtype)
        # Each group of filters sees its own share of the channels, and nothing of the others.
        shares = [np.split(array, spec.groups, axis=-1) for array in (windows, filled, out)]
        for share in zip(*shares, strict=True):
            multiply_into(*share)
        return plus_bias(out, bias, (filters,))

    return each_image(image, run)


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
    weights = kernel_of(kernel, ("H_out", "W_out", "F_h", "F_w", "D_in", "K"))
    spec = L.LocallyConnected2D(weights.shape[-1], weights.shape[2:4], strides, padding)

    def run(images: Array) -> Array:
        out = spec.output_shape(images.shape[1:])
        wanted = (*out[:2], *spec.kernel_size, images.shape[-1], spec.filters)
        expect_shape("kernel", weights, wanted)
        windows, filled = alike(windows_of(spec, images), weights)
        return plus_bias(np.einsum("nijuvc,ijuvck->nijk", windows, filled), bias, out)

    return each_image(image, run)


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
        return np.asarray(windows_of(spec, images, lowest).max(axis=(3, 4)))

    return each_image(image, run)


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
        sums, counts = (windows_of(spec, cells).sum(axis=(3, 4)) for cells in (images, ones))
        return np.asarray(sums / counts)

    return each_image(image, run)


def dense(values: ArrayLike, kernel: ArrayLike, bias: ArrayLike | None = None) -> Array:
    """Every unit's weighted sum of all inputs, plus its bias: out = values · kernel + b.

    (..., D_in), kernel (D_in, U), bias (U,) -> (..., U). Errors: ShapeError for a kernel or bias
    that does not fit. Source: Keras's Dense.

    >>> dense([1, 2], [[1, 0, 3], [0, 1, 4]], [0, 0, 5])
    array([ 1,  2, 16])
    """
    inputs, weights = numbers_of(values), kernel_of(kernel, ("D_in", "U"))
    spec = L.Dense(weights.shape[-1])
    expect_shape("kernel", weights, weight_shapes(spec, inputs.shape[-1:])["kernel"])
    inputs, weights = alike(inputs, weights)
    return plus_bias(inputs @ weights, bias, (spec.units,))


def flatten(image: ArrayLike) -> Array:
    """All values in one row, the channels of a pixel side by side: (H, W, D) -> (H·W·D,).

    Errors: ShapeError for what are no numbers. Source: Keras's Flatten.

    >>> flatten([[[1, 2], [3, 4]]])
    array([1, 2, 3, 4])
    """
    return each_image(image, as_rows)


def relu(values: ArrayLike) -> Array:
    """max(0, x) of each value; the shape stays. Errors: ShapeError for what are no numbers.

    Source: Keras's relu.

    >>> relu([-3, 0, 5])
    array([0, 0, 5])
    """
    return np.asarray(np.maximum(numbers_of(values), 0))


def sigmoid(values: ArrayLike) -> Array:
    """1 / (1 + exp(-x)) of each value; the shape stays. Errors and source: as `relu`.

    >>> sigmoid([0, 1000])
    array([0.5, 1. ])
    """
    # The same as the formula, but exp(1000) is never needed.
    return np.asarray(np.exp(-np.logaddexp(0, -reals_of(values))))


def tanh(values: ArrayLike) -> Array:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)) of each value. Errors and source: as `relu`.

    >>> tanh([0, 1000])
    array([0., 1.])
    """
    return np.asarray(np.tanh(reals_of(values)))


def softmax(values: ArrayLike) -> Array:
    """exp(x) / (sum of exp(x) along the last axis): positive, and 1 in all.

    The shape stays. Errors and source: as `relu`.

    >>> softmax([1000, 1000])
    array([0.5, 0.5])
    """
    reals = np.atleast_1d(reals_of(values))
    # A number taken off every value falls out of the fraction, and keeps exp from overflowing.
    powers = np.exp(reals - reals.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
