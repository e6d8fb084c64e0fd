"""Images and filters small enough to be followed by hand: the 7x9x3 example, edges, a spot."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.forward import convolve

Array = NDArray[Any]

_EXAMPLE_IMAGE = """
58 17 75 9 51 54 21 18 91 / 6 65 19 93 52 36 31 23 98 / 24 74 69 78 82 94 48 44 44 /
36 65 19 49 80 88 24 32 12 / 83 46 37 44 65 56 85 93 26 / 2 55 63 45 38 63 20 44 41 /
5 30 79 31 82 59 23 19 60 //
53 99 34 78 4 86 49 69 73 / 24 4 68 72 75 81 17 5 15 / 49 89 14 91 51 58 98 8 66 /
63 92 73 90 48 19 72 53 52 / 68 80 11 34 91 24 51 10 98 / 40 10 66 70 61 89 48 82 65 /
37 27 50 20 62 3 6 82 81 //
38 74 31 13 20 38 39 99 82 / 20 27 71 99 37 20 59 74 27 / 49 43 67 18 47 43 26 35 60 /
34 55 54 4 99 49 30 59 3 / 96 95 70 57 16 13 62 11 43 / 93 42 67 89 86 59 27 91 32 /
6 99 18 67 65 23 83 88 17
"""
_EXAMPLE_FILTER = "5 4 1 / 2 1 2 / 6 9 7 // 7 2 5 / 6 1 5 / 9 3 6 // 9 8 5 / 6 4 3 / 4 3 2"


def _from_text(text: str) -> Array:
    """Channels between //, rows between /, as (rows, columns, channels)."""
    channels = [[row.split() for row in part.split("/")] for part in text.split("//")]
    return np.moveaxis(np.array(channels, int), 0, -1)


def example_image() -> Array:
    """The 7x9x3 example: 7 rows and 9 columns of pixels with 3 channels.

    Source: a university lecture on convolutional networks.

    >>> example_image().shape, example_image()[0, 0].tolist()
    ((7, 9, 3), [58, 53, 38])
    """
    return _from_text(_EXAMPLE_IMAGE)


def example_filter(size: int = 3, depth: int = 3) -> Array:
    """The filter of the 7x9x3 example: 3 × 3 pixels, whatever the `size`, and 3 channels.

    Of another depth it has fewer of the channels, or the same ones again.

    >>> example_filter().shape, example_filter()[0, 0].tolist()
    ((3, 3, 3), [5, 7, 9])
    """
    return _from_text(_EXAMPLE_FILTER)[..., np.arange(depth) % 3]


def example_result() -> Array:
    """The first five columns of what the example's filter makes of its image: 5 × 5 values.

    >>> example_result()[0, :, 0].tolist()
    [5849, 7463, 6193, 7261, 6177]
    """
    return convolve(example_image(), example_filter()[..., None])[:, :5]


def below_zero() -> Array:
    """Only negative values: zeros around them would win, if padding took part in pooling.

    >>> int(below_zero().max())
    -1
    """
    return -np.arange(1, 26).reshape(5, 5, 1)


def edge() -> Array:
    """Bright on the left, dark on the right.

    >>> edge()[0, :, 0].tolist()
    [10, 10, 10, 10, 0, 0, 0, 0]
    """
    return np.repeat([[10] * 4 + [0] * 4], 8, axis=0)[..., None]


def spot() -> Array:
    """One bright pixel in the middle of a dark image.

    >>> int(spot().sum()), spot().shape
    (1, (7, 7, 1))
    """
    image = np.zeros((7, 7, 1), int)
    image[3, 3] = 1
    return image


def vertical_edge(size: int, depth: int) -> Array:
    """Left minus right, on every channel: large where the image gets darker to the right.

    >>> vertical_edge(3, 1)[..., 0].tolist()
    [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
    """
    signs = np.sign(np.arange(size)[::-1] - np.arange(size))
    return np.tile(signs[None, :, None], (size, 1, depth))


def horizontal_edge(size: int, depth: int) -> Array:
    """Top minus bottom, on every channel.

    >>> horizontal_edge(3, 1)[:, 0, 0].tolist()
    [1, 0, -1]
    """
    return np.swapaxes(vertical_edge(size, depth), 0, 1)


def blur(size: int, depth: int) -> Array:
    """The mean over the window and the channels.

    >>> blur(2, 1)[..., 0].tolist()
    [[0.25, 0.25], [0.25, 0.25]]
    """
    return np.full((size, size, depth), 1 / (size * size * depth))


def identity(size: int, depth: int) -> Array:
    """1 in the middle on the first channel, 0 elsewhere: the first channel comes out unchanged.

    >>> identity(3, 1)[..., 0].tolist()
    [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    """
    kernel = np.zeros((size, size, depth), int)
    kernel[(size - 1) // 2, (size - 1) // 2, 0] = 1
    return kernel
