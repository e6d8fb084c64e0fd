"""Pooling: one value from each window, channel by channel, without parameters."""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import unchanged
from course.derivation import Step
from course.layers.arguments import boolean, data_format, named_exactly
from course.layers.base import SIZE_LETTERS, Shape, Sight
from course.layers.fields import argument, argument_by_kind, optional_sizes_for, sizes_for
from course.layers.sliding import Sliding, Spatial


@dataclass(frozen=True, repr=False, init=False)
class Pool(Sliding):
    """What max and average pooling share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = frozenset({"dtype"})
    window_argument: ClassVar[str] = "pool_size"

    pool_size: tuple[int, ...] = argument_by_kind(sizes_for, 2)
    strides: tuple[int, ...] = argument_by_kind(optional_sizes_for, None)
    padding: str = argument(named_exactly, "valid")
    data_format: str = argument(data_format, "channels_last")

    settled: ClassVar[tuple[str, ...] | None] = None

    def settle(self, held: dict[str, Any]) -> None:
        held["strides"] = self.strides or self.pool_size

    @property
    def window_size(self) -> tuple[int, ...]:
        return self.pool_size

    def is_default(self, argument: str, value: Any) -> bool:
        if argument == "strides":
            return bool(value == self.pool_size)
        # The window is named even where it is the default: its size is in every sum.
        return argument != "pool_size" and super().is_default(argument, value)


@dataclass(frozen=True, repr=False, init=False)
class AveragePool(Pool):
    """What the average poolings share; Keras gives their pool_size no default."""

    pool_size: tuple[int, ...] = argument_by_kind(sizes_for)


@dataclass(frozen=True, repr=False, init=False)
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


@dataclass(frozen=True, repr=False, init=False)
class MaxPooling1D(Pool):
    """The largest value of each window of a sequence: see MaxPooling2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> MaxPooling1D().output_shape((10, 8))
    (5, 8)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class MaxPooling3D(Pool):
    """The largest value of each window of a volume: see MaxPooling2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> MaxPooling3D().output_shape((8, 8, 8, 2))
    (4, 4, 4, 2)
    """

    rank: ClassVar[int] = 3


@dataclass(frozen=True, repr=False, init=False)
class AveragePooling1D(AveragePool):
    """The mean of each window of a sequence: see AveragePooling2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> AveragePooling1D(2).output_shape((10, 8))
    (5, 8)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class AveragePooling2D(AveragePool):
    """The mean of each window, channel by channel; zeros added by 'same' do not enter the mean.

    Output, parameters, errors and source: as MaxPooling2D.

    >>> AveragePooling2D(3, strides=2).output_shape((28, 28, 8))
    (13, 13, 8)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class AveragePooling3D(AveragePool):
    """The mean of each window of a volume: see AveragePooling2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> AveragePooling3D(2).output_shape((8, 8, 8, 2))
    (4, 4, 4, 2)
    """

    rank: ClassVar[int] = 3


@dataclass(frozen=True, repr=False, init=False)
class GlobalPool(Spatial):
    """What the global poolings share: one window as large as the input; make one of those."""

    data_format: str = argument(data_format, "channels_last")
    keepdims: bool = argument(boolean, False)

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        depth = Step("D_out", unchanged, (self.depth(input_shape),), {"n": "D_in"})
        if not self.keepdims:
            return (depth,)
        letters = SIZE_LETTERS[self.rank]
        ones = tuple(Step(f"{letter}_out", unchanged, (1,), {"n": "1"}) for letter in letters)
        return self.in_order(ones, depth)

    def windows(self, input_shape: Shape) -> Sight:
        return "whole"


@dataclass(frozen=True, repr=False, init=False)
class GlobalMaxPooling1D(GlobalPool):
    """The largest value of each channel over the whole sequence: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalMaxPooling1D.

    >>> GlobalMaxPooling1D().output_shape((10, 8))
    (8,)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class GlobalMaxPooling2D(GlobalPool):
    """The largest value of each channel over the whole image: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalMaxPooling2D.

    >>> GlobalMaxPooling2D().output_shape((5, 5, 64))
    (64,)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class GlobalMaxPooling3D(GlobalPool):
    """The largest value of each channel over the whole volume: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalMaxPooling3D.

    >>> GlobalMaxPooling3D().output_shape((4, 4, 4, 2))
    (2,)
    """

    rank: ClassVar[int] = 3


@dataclass(frozen=True, repr=False, init=False)
class GlobalAveragePooling1D(GlobalPool):
    """The mean of each channel over the whole sequence: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalAveragePooling1D.

    >>> GlobalAveragePooling1D().output_shape((10, 8))
    (8,)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class GlobalAveragePooling2D(GlobalPool):
    """The mean of each channel over the whole image: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalAveragePooling2D.

    >>> GlobalAveragePooling2D().output_shape((5, 5, 64))
    (64,)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class GlobalAveragePooling3D(GlobalPool):
    """The mean of each channel over the whole volume: one number each.

    No parameters. Output: (D_in,), or with keepdims=True sizes of 1 and then the channels.
    Errors: SpecError for arguments that Keras would refuse, ShapeError for a shape of other rank.
    Source: the Keras documentation of GlobalAveragePooling3D.

    >>> GlobalAveragePooling3D().output_shape((4, 4, 4, 2))
    (2,)
    """

    rank: ClassVar[int] = 3
