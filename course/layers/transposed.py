"""Transposed convolution: each input value is spread over a window of the output."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.derivation import Names, Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import (
    Function,
    activation,
    boolean,
    data_format,
    positive_int,
    valid_or_same,
)
from course.layers.base import Layer, Shape, Sight
from course.layers.convolution import KERAS_ONLY, Convolving
from course.layers.fields import added_sizes_for, argument, argument_by_kind, sizes_for
from course.layers.sliding import Spatial


@dataclass(frozen=True, repr=False, init=False)
class ConvTranspose(Convolving):
    """What Conv1DTranspose, Conv2DTranspose and Conv3DTranspose share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = KERAS_ONLY
    depth_letter: ClassVar[str] = "K"
    settled: ClassVar[tuple[str, ...] | None] = ("output_padding", "dilation_rate")
    formulas = (arithmetic.conv_weights, arithmetic.conv_params, arithmetic.transposed_macs)

    filters: int = argument(positive_int)
    kernel_size: tuple[int, ...] = argument_by_kind(sizes_for)
    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    padding: str = argument(valid_or_same, "valid")
    output_padding: tuple[int, ...] | None = argument_by_kind(added_sizes_for, None)
    data_format: str = argument(data_format, "channels_last")
    dilation_rate: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def settle(self, held: dict[str, Any]) -> None:
        if any(p >= s for p, s in zip(self.output_padding or (), self.strides, strict=False)):
            raise SpecError(
                f"output_padding={self.output_padding} must stay below strides={self.strides}",
                "use a smaller output_padding, or None",
            )
        super().settle(held)

    def check_input(self, input_shape: Shape) -> None:
        Spatial.check_input(self, input_shape)
        if min(self.output_sizes(input_shape)) < 1:  # an even kernel, 'same', and nothing to add
            raise ShapeError(
                f"with output_padding={self.output_padding} the output of {input_shape} is empty",
                "use a larger output_padding, or None",
                self.label,
            )

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        return Layer.padding_steps(self, input_shape)

    def output_depth(self, depth: int) -> int:
        return self.filters

    def size_calls(self, spatial: Shape) -> list[tuple[Callable[..., int], tuple[int, ...]]]:
        calls: list[tuple[Callable[..., int], tuple[int, ...]]] = []
        for axis, (W, F, S) in enumerate(zip(spatial, self.window_size, self.strides, strict=True)):
            if self.output_padding is not None:
                added = self.output_padding[axis]
                formula = (
                    arithmetic.transposed_valid_padded_size
                    if self.padding == "valid"
                    else arithmetic.transposed_same_padded_size
                )
                calls.append((formula, (W, F, S, added)))
            elif self.padding == "valid":
                calls.append((arithmetic.transposed_valid_size, (W, F, S)))
            else:
                calls.append((arithmetic.transposed_same_size, (W, S)))
        return calls

    def numbers(self, shape: Shape) -> tuple[Any, ...]:
        return self.filters, self.kernel_size, self.depth(shape)

    def places(self, shape: Shape) -> Shape:
        return self.spatial(shape)


@dataclass(frozen=True, repr=False, init=False)
class Conv1DTranspose(ConvTranspose):
    """Transposed convolution of a sequence: see Conv2DTranspose.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> Conv1DTranspose(16, 3, strides=2).output_shape((4, 8))
    (9, 16)
    """

    rank: ClassVar[int] = 1


@dataclass(frozen=True, repr=False, init=False)
class Conv2DTranspose(ConvTranspose):
    """Convolution run backwards, to make images larger: every input value adds a weighted window.

    Output: H_in × S + max(F - S, 0) for 'valid', H_in × S for 'same'; with output_padding
    (H_in - 1) × S + F + P_out and (H_in - 1) × S + (F mod 2) + P_out. Parameters: K × F_h × F_w ×
    D_in + K. MACs: every weight once for each place of the input. `padding` is 'valid' or 'same'.

    Errors: SpecError for arguments that Keras would refuse, such as an output_padding that is not
    below strides; ShapeError for a shape of other rank.
    Source: the Keras documentation of Conv2DTranspose; Dumoulin and Visin (2016).

    >>> layer = Conv2DTranspose(16, 3, strides=2)
    >>> layer.output_shape((4, 4, 32)), layer.param_count((4, 4, 32))
    ((9, 9, 16), 4624)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class Conv3DTranspose(ConvTranspose):
    """Transposed convolution of a volume: see Conv2DTranspose.

    Errors: SpecError and ShapeError as there. Source: the Keras documentation.

    >>> Conv3DTranspose(8, 3, strides=2, padding="same").output_shape((4, 4, 4, 2))
    (8, 8, 8, 8)
    """

    rank: ClassVar[int] = 3
