"""Convolutions that keep channels apart: depthwise, and depthwise followed by 1x1 (separable)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.derivation import Step
from course.layers.arguments import Function, Pads, activation, boolean, data_format, positive_int
from course.layers.base import Shape
from course.layers.convolution import Convolving
from course.layers.fields import argument, argument_by_kind, sizes_for, window_padding_for

DEPTHWISE_ONLY = frozenset(
    "depthwise_initializer bias_initializer depthwise_regularizer bias_regularizer "
    "activity_regularizer depthwise_constraint bias_constraint dtype".split()
)
POINTWISE_ONLY = frozenset(
    "pointwise_initializer pointwise_regularizer pointwise_constraint".split()
)


@dataclass(frozen=True, repr=False, init=False)
class Depthwise(Convolving):
    """What DepthwiseConv1D and DepthwiseConv2D share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = DEPTHWISE_ONLY
    depth_letter: ClassVar[str] = "D_in"
    strides_or_dilation: ClassVar[bool] = False
    formulas = (
        arithmetic.depthwise_weights,
        arithmetic.depthwise_params,
        arithmetic.depthwise_macs,
    )

    kernel_size: tuple[int, ...] = argument_by_kind(sizes_for)
    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    padding: str | Pads = argument_by_kind(window_padding_for, "valid")
    depth_multiplier: int = argument(positive_int, 1)
    data_format: str = argument(data_format, "channels_last")
    dilation_rate: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def output_depth(self, depth: int) -> int:
        return arithmetic.depthwise_biases(depth, self.depth_multiplier)

    def depth_step(self, depth: int) -> Step:
        return Step("D_out", arithmetic.depthwise_biases, (depth, self.depth_multiplier))

    def numbers(self, shape: Shape) -> tuple[Any, ...]:
        return self.kernel_size, self.depth(shape), self.depth_multiplier

    def bias_call(self, shape: Shape) -> tuple[Callable[..., int], tuple[Any, ...]]:
        return arithmetic.depthwise_biases, (self.depth(shape), self.depth_multiplier)


@dataclass(frozen=True, repr=False, init=False)
class DepthwiseConv1D(Depthwise):
    """Each channel of a sequence convolved by filters of its own: see DepthwiseConv2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> DepthwiseConv1D(5).output_shape((100, 8)), DepthwiseConv1D(5).param_count((100, 8))
    ((96, 8), 48)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class DepthwiseConv2D(Depthwise):
    """Each channel convolved by `depth_multiplier` filters of its own, one channel deep.

    Parameters: F_h × F_w × D_in × m + D_in × m. Output: (H_out, W_out, D_in × m), sizes as Conv2D.
    Errors: SpecError for arguments that Keras would refuse, ShapeError when the window is larger
    than the padded input. Source: the Keras documentation of DepthwiseConv2D.

    >>> DepthwiseConv2D(3).param_count((9, 9, 32))
    320
    >>> DepthwiseConv2D(3, depth_multiplier=2).param_count((9, 9, 32))
    640
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class Separable(Convolving):
    """What SeparableConv1D and SeparableConv2D share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = DEPTHWISE_ONLY | POINTWISE_ONLY
    depth_letter: ClassVar[str] = "K"
    strides_or_dilation: ClassVar[bool] = False
    formulas = (
        arithmetic.separable_weights,
        arithmetic.separable_params,
        arithmetic.separable_macs,
    )

    filters: int = argument(positive_int)
    kernel_size: tuple[int, ...] = argument_by_kind(sizes_for)
    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    padding: str | Pads = argument_by_kind(window_padding_for, "valid")
    data_format: str = argument(data_format, "channels_last")
    dilation_rate: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    depth_multiplier: int = argument(positive_int, 1)
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def output_depth(self, depth: int) -> int:
        return self.filters

    def numbers(self, shape: Shape) -> tuple[Any, ...]:
        return self.filters, self.kernel_size, self.depth(shape), self.depth_multiplier


@dataclass(frozen=True, repr=False, init=False)
class SeparableConv1D(Separable):
    """A depthwise convolution of a sequence, then one of size 1: see SeparableConv2D.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> SeparableConv1D(16, 5).param_count((100, 8))
    184
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class SeparableConv2D(Separable):
    """A depthwise convolution without biases, then K filters of size 1x1 with them.

    Parameters: F_h × F_w × D_in × m + D_in × m × K + K. Output: (H_out, W_out, K), as Conv2D.
    Errors: SpecError for arguments that Keras would refuse, ShapeError when the window is larger
    than the padded input. Source: the Keras documentation of SeparableConv2D.

    >>> SeparableConv2D(64, 3).param_count((9, 9, 32))
    2400
    """

    rank: ClassVar[int] = 2
