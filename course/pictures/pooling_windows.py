"""What pooling does with one channel: its windows, their winners, what no window reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from course import layers as L
from course.forward import average_pool, max_pool
from course.forward.arrays import bordered, numbers_of, windows_of
from course.layers.arguments import one_of
from course.pictures.grids import Array, Place

KINDS: Mapping[str, tuple[type[Any], Callable[..., Array]]] = MappingProxyType(
    {"max": (L.MaxPooling2D, max_pool), "average": (L.AveragePooling2D, average_pool)}
)


@dataclass(frozen=True, eq=False)
class PoolingState:
    """What is pooled, how, and which output cell is under work.

    `image` is (H, W) or (H, W, C), of which one channel is shown. `pool_size` and `strides` are
    those of MaxPooling2D, `kind` is "max" or "average". `channel`, `row` and `column` count from 0
    and stay inside the output of 'same', which is the larger one.

    Errors: ShapeError for what is no image, SpecError for what makes no pooling layer.

    >>> PoolingState([[1, 2], [3, 4]]).image.shape
    (2, 2, 1)
    """

    image: Any
    pool_size: Any = 2
    strides: Any = None
    kind: str = "max"
    channel: int = 0
    row: int = 0
    column: int = 0

    def __post_init__(self) -> None:
        image = numbers_of(self.image)
        if image.ndim == 2:
            image = image[..., None]
        L.MaxPooling2D(1).plain_shape(image.shape)
        one_of(self.kind, tuple(KINDS), "kind", any_case=False)
        self.layer("same")
        vars(self).update(image=image, channel=min(self.channel, image.shape[-1] - 1))

    def layer(self, padding: str) -> Any:
        """The pooling layer with this padding."""
        return KINDS[self.kind][0](self.pool_size, self.strides, padding)


class Pooled(NamedTuple):
    """One channel pooled; all numbers are the engine's.

    `padded` is the channel with its padding, and `real` says which of it is no padding. `places`
    and `values` are the windows, (H_out, W_out, F_h, F_w): which pixel each of their cells is,
    numbered row by row and -1 for padding, and what it holds. What stands where padding is means
    nothing.
    """

    layer: Any
    shape: Place
    padded: Array
    real: Array
    output: Array
    places: Array
    values: Array

    @property
    def corner(self) -> Place:
        """Where the image begins in `padded`."""
        row, column = np.argwhere(self.real)[0].tolist()
        return row, column

    @property
    def takes_maximum(self) -> bool:
        """Whether one pixel of each window wins, rather than all of them having a share."""
        return isinstance(self.layer, L.MaxPooling2D)

    def has(self, at: Place) -> bool:
        """Whether the output has such a cell."""
        return all(place < size for place, size in zip(at, self.output.shape, strict=True))


def pooled(state: PoolingState, padding: str) -> Pooled:
    """The shown channel pooled with this padding.

    Errors: ShapeError where 'valid' has no room for a window.

    >>> pooled(PoolingState([[1, 2, 3]], (1, 2)), "same").output.tolist()
    [[2, 3]]
    """
    layer, channel = state.layer(padding), state.image[..., state.channel, None]
    pool = KINDS[state.kind][1]
    pixels = np.arange(channel.size).reshape(1, *channel.shape)
    placed = bordered(layer, pixels, -1)[0, ..., 0]
    places = windows_of(layer, pixels, -1)[0, ..., 0]
    return Pooled(
        layer,
        channel.shape[:2],
        np.take(channel, placed),
        placed >= 0,
        pool(channel, state.pool_size, state.strides, padding)[..., 0],
        places,
        np.take(channel, places),
    )


def winners(work: Pooled) -> Array:
    """The pixel that each window's maximum is taken from, of equal ones the first: (H_out, W_out).

    >>> winners(pooled(PoolingState([[5, 7, 7, -1]], (1, 2)), "valid")).tolist()
    [[1, 2]]
    """
    # `~ <` and not `>=`: where the maximum is nan, every pixel may stand for it.
    largest = (work.places >= 0) & ~(work.values < work.output[..., None, None])
    flat = (*work.output.shape, -1)
    first = largest.reshape(flat).argmax(-1)[..., None]
    return np.take_along_axis(work.places.reshape(flat), first, -1)[..., 0]


def unread(work: Pooled) -> tuple[list[int], list[int]]:
    """The rows and the columns of the image that no window reads, from 0.

    >>> unread(pooled(PoolingState([[1, 2, 3]], (1, 2)), "valid"))
    ([], [2])
    """
    reached = np.unravel_index(np.unique(work.places[work.places >= 0]), work.shape)
    rows, columns = (
        sorted(set(range(size)) - set(found.tolist()))
        for size, found in zip(work.shape, reached, strict=True)
    )
    return rows, columns
