"""A filter found from an image and the result of its convolution."""

import numpy as np
from numpy.typing import ArrayLike

from course import layers as L
from course.forward.arrays import Array, numbers_of, windows_of


def filter_equations(image: ArrayLike, size: int) -> Array:
    """One row for each result of a `size` × `size` filter: the numbers that it multiplies.

    Row times filter = result, so the rows are linear equations whose unknowns are the filter's
    weights, in the order of `kernel[:, :, :, k].ravel()`. The results are in the order of
    `result[..., k].ravel()`.

    Shapes: (H, W, D) -> ((H - size + 1)·(W - size + 1), size·size·D). Errors: SpecError or
    ShapeError as L.Conv2D.

    >>> filter_equations([[[1], [2], [3]], [[4], [5], [6]]], 2).tolist()
    [[1, 2, 4, 5], [2, 3, 5, 6]]
    """
    pixels, layer = numbers_of(image), L.Conv2D(1, size)
    shape = layer.plain_shape(pixels.shape)
    windows = windows_of(layer, pixels[None])
    return np.reshape(windows, (-1, layer.weight_count(shape)))
