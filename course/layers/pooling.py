"""Pooling: one value from each window, channel by channel, without parameters."""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.layers import arguments
from course.layers.sliding import Sliding


@dataclass(frozen=True, repr=False)
class Pool(Sliding):
    """What max and average pooling share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = frozenset({"dtype"})
    window_argument: ClassVar[str] = "pool_size"

    pool_size: Any = 2
    strides: Any = None
    padding: Any = "valid"
    data_format: Any = "channels_last"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "pool_size", arguments.sizes(self.pool_size, self.rank, "pool_size"))
        strides = self.pool_size if self.strides is None else self.strides
        put(self, "strides", arguments.sizes(strides, self.rank, "strides"))
        put(self, "padding", arguments.one_of(self.padding, ("valid", "same"), "padding"))
        put(self, "data_format", arguments.data_format(self.data_format))
        put(self, "window_size", self.pool_size)
        super().__post_init__()

    def is_default(self, argument: str, value: Any) -> bool:
        if argument == "strides":
            return bool(value == self.pool_size)
        return super().is_default(argument, value)


@dataclass(frozen=True, repr=False)
class MaxPooling2D(Pool):
    """The largest value of each window, channel by channel.

    Output: (H_out, W_out, D_in) with H_out = floor((H_in - F) / S) + 1 for 'valid' and
    ceil(H_in / S) for 'same'. No parameters. `strides=None` means pool_size, so that windows
    touch and do not overlap; what is left over at the edge is not read by 'valid' pooling.

    Errors: SpecError for arguments that Keras would refuse; ShapeError when the window is larger
    than the input. Source: the Keras documentation of MaxPooling2D.

    >>> MaxPooling2D().output_shape((11, 11, 64))
    (5, 5, 64)
    >>> MaxPooling2D(padding="same").output_shape((5, 5, 1))
    (3, 3, 1)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False)
class AveragePooling2D(Pool):
    """The mean of each window, channel by channel; zeros added by 'same' do not enter the mean.

    Output, parameters, errors and source: as MaxPooling2D.

    >>> AveragePooling2D(3, strides=2).output_shape((28, 28, 8))
    (13, 13, 8)
    """

    rank: ClassVar[int] = 2
