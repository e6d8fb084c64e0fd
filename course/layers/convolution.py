"""Convolution: K filters of size F slide over the input, each as deep as the input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.arithmetic import same_size, unchanged, valid_size
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import (
    NAMES,
    Function,
    Pads,
    activation,
    boolean,
    data_format,
    positive_int,
)
from course.layers.base import SIZE_LETTERS, Shape, per_axis
from course.layers.fields import argument, argument_by_kind, sizes_for, window_padding_for
from course.layers.sliding import Sliding

KERAS_ONLY = frozenset(
    "kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint dtype".split()
)
"""Arguments of Keras that change no shape and no count."""

Call = tuple[str, Callable[..., int], tuple[Any, ...]]
"""The name of a count, its formula, and the numbers to put in."""


class Convolving(Sliding):
    """What all layers with a kernel share: dilation, an activation, biases."""

    kernel_size: tuple[int, ...]
    dilation_rate: tuple[int, ...]
    activation: Function
    use_bias: bool
    window_argument: ClassVar[str] = "kernel_size"
    padding_names: ClassVar[tuple[str, ...]] = NAMES
    strides_or_dilation: ClassVar[bool] = True
    """Whether only one of strides and dilation_rate may be above 1, as in Keras."""
    formulas: ClassVar[tuple[Callable[..., int], Callable[..., int], Callable[..., int]]]
    """The formulas of weights, of parameters with biases, and of MACs."""

    @property
    def window_size(self) -> tuple[int, ...]:
        if max(self.dilation_rate) == 1:
            return self.kernel_size
        return tuple(map(arithmetic.effective_size, self.kernel_size, self.dilation_rate))

    settled: ClassVar[tuple[str, ...] | None] = ("dilation_rate",)

    def settle(self, held: dict[str, Any]) -> None:
        both = max(self.strides) > 1 and max(self.dilation_rate) > 1
        if both and self.strides_or_dilation:
            raise SpecError(
                f"strides={self.strides} and dilation_rate={self.dilation_rate} are both above 1, "
                "which Keras does not compute",
                "set one of them to 1",
            )

    def window_letters(self) -> tuple[str, ...]:
        if self.window_size == self.kernel_size:
            return super().window_letters()
        return per_axis("e", tuple(zip(self.kernel_size, self.dilation_rate, strict=True)))

    def lead_steps(self) -> tuple[Step, ...]:
        if self.window_size == self.kernel_size:
            return ()
        steps = {}
        for axis, e in enumerate(self.window_letters()):
            F, d = self.kernel_size[axis], self.dilation_rate[axis]
            letters = {
                "F": per_axis("F", self.kernel_size)[axis],
                "d": per_axis("d", self.dilation_rate)[axis],
            }
            steps[e] = Step(e, arithmetic.effective_size, (F, d), letters)
        return tuple(steps.values())

    def numbers(self, shape: Shape) -> tuple[Any, ...]:
        """What the formulas of weights and parameters take."""
        raise NotImplementedError

    def bias_call(self, shape: Shape) -> tuple[Callable[..., int], tuple[Any, ...]]:
        """The formula of the number of biases, and what it takes."""
        return unchanged, (self.output_depth(self.depth(shape)),)

    def places(self, shape: Shape) -> Shape:
        """The sizes of the grid at whose places every weight is used once."""
        return self.output_sizes(shape)

    def count_call(self, quantity: str, shape: Shape) -> Call:
        """Name, formula and numbers of weight_count, bias_count, param_count or macs."""
        if quantity == "bias_count":
            return "biases", *self.bias_call(shape)
        weights, params, macs = self.formulas
        numbers = self.numbers(shape)
        if quantity == "macs":
            return "MACs", macs, (self.places(shape), *numbers)
        if quantity == "weight_count":
            return "weights", weights, numbers
        return "parameters", params if self.use_bias else weights, numbers

    def _count(self, quantity: str, input_shape: Shape) -> int:
        shape = self.plain_shape(input_shape)
        if quantity == "bias_count" and not self.use_bias:
            return 0
        _, formula, numbers = self.count_call(quantity, shape)
        return formula(*numbers)

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity == "bias_count" and not self.use_bias:
            return None
        spatial = SIZE_LETTERS[self.rank]
        letters: dict[str, str | tuple[str, ...]] = {
            "F": per_axis("F", self.kernel_size),
            "W_out": tuple(f"{letter}_out" for letter in spatial),
            "W_in": tuple(f"{letter}_in" for letter in spatial),
            "n": "K",
        }
        return Step(*self.count_call(quantity, input_shape), letters)


@dataclass(frozen=True, repr=False, init=False)
class Conv(Convolving):
    """What Conv1D, Conv2D and Conv3D share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = KERAS_ONLY
    depth_letter: ClassVar[str] = "K"
    settled: ClassVar[tuple[str, ...] | None] = ("dilation_rate", "groups")

    filters: int = argument(positive_int)
    kernel_size: tuple[int, ...] = argument_by_kind(sizes_for)
    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    padding: str | Pads = argument_by_kind(window_padding_for, "valid")
    data_format: str = argument(data_format, "channels_last")
    dilation_rate: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    groups: int = argument(positive_int, 1)
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def settle(self, held: dict[str, Any]) -> None:
        if self.groups > 1 and self.filters % self.groups:
            raise SpecError(
                f"groups={self.groups} does not divide filters={self.filters}",
                "make filters a multiple of groups",
            )
        super().settle(held)

    def check_input(self, input_shape: Shape) -> None:
        # Most layers are done with this line, and a call more costs a tenth of the whole answer.
        if self.padding == "same" and self.groups == 1 and len(input_shape) == self.rank + 1:
            return
        super().check_input(input_shape)
        if self.depth(input_shape) % self.groups:
            raise ShapeError(
                f"groups={self.groups} does not divide the input's "
                f"{self.depth(input_shape)} channels",
                "choose groups that divides both the input's channels and the filters",
                self.label,
            )

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = self.plain_shape(input_shape)
        # What `size_calls` says of the two usual paddings, in half the time.
        if self.data_format == "channels_last":
            if self.padding == "same":
                return *map(same_size, shape, self.strides), self.filters
            if self.padding == "valid":
                return *map(valid_size, shape, self.window_size, self.strides), self.filters
        return super().output_shape(shape)

    def output_depth(self, depth: int) -> int:
        return self.filters

    def param_count(self, input_shape: Shape) -> int:
        # What `count_call` says of an ordinary convolution, in half the time.
        if self.groups == 1 and self.use_bias and self.data_format == "channels_last":
            shape = input_shape if input_shape is self._checked else self.plain_shape(input_shape)
            return arithmetic.conv_params(self.filters, self.kernel_size, shape[-1])
        return super().param_count(input_shape)

    def count_call(self, quantity: str, shape: Shape) -> Call:
        if quantity == "bias_count":
            return "biases", unchanged, (self.filters,)
        numbers: tuple[Any, ...] = (self.filters, self.kernel_size, self.depth(shape))
        if quantity == "macs":
            numbers = (self.output_sizes(shape), *numbers)
        name, plain, grouped = (COUNTS if self.use_bias else BIASLESS)[quantity]
        if self.groups == 1:
            return name, plain, numbers
        return name, grouped, (*numbers, self.groups)


Formulas = tuple[Callable[..., int], Callable[..., int]]

_WEIGHTS: Formulas = (arithmetic.conv_weights, arithmetic.grouped_conv_weights)
_PARAMS: Formulas = (arithmetic.conv_params, arithmetic.grouped_conv_params)
_MACS: Formulas = (arithmetic.conv_macs, arithmetic.grouped_conv_macs)
COUNTS = {
    "weight_count": ("weights", *_WEIGHTS),
    "param_count": ("parameters", *_PARAMS),
    "macs": ("MACs", *_MACS),
}
"""The name and the formulas, without and with groups, by quantity."""
BIASLESS = COUNTS | {"param_count": ("parameters", *_WEIGHTS)}


@dataclass(frozen=True, repr=False, init=False)
class Conv1D(Conv):
    """Convolution along a sequence: shapes are (length, channels).

    Parameters: K × F × D_in + K. Output: (L_out, K), L_out as in Conv2D. padding='causal' adds
    e - 1 zeros in front and none after, e the window with its dilation, so that no output sees
    what comes after it; the size is then ceil(L_in / S), as with 'same'.

    Errors: as Conv2D. Source: the Keras documentation of Conv1D.

    >>> Conv1D(16, 5, strides=2).output_shape((100, 8))
    (48, 16)
    >>> Conv1D(16, 5, padding="causal").output_shape((100, 8))
    (100, 16)
    """

    rank: ClassVar[int] = 1
    padding_names: ClassVar[tuple[str, ...]] = (*NAMES, "causal")


@dataclass(frozen=True, repr=False, init=False)
class Conv2D(Conv):
    """Convolution of an image: `filters` kernels slide over height and width.

    Parameters: K × F_h × F_w × D_in + K, the last K only with use_bias; D_in / g in place of D_in
    with g groups. Output: (H_out, W_out, K) with H_out = ceil(H_in / S) for padding='same' and
    floor((H_in - F + P_top + P_bottom) / S) + 1 otherwise, P = 0 for 'valid'. With a dilation rate
    of d, e = d (F - 1) + 1 takes F's place in the sizes; the parameters stay.

    `padding` is 'valid', 'same', or (which Keras lacks) the zeros to add: P for all sides, (P_h,
    P_w), or ((top, bottom), (left, right)). Shapes are (height, width, channels), or channels
    first with data_format='channels_first'.

    Errors: SpecError for arguments that Keras would refuse too; ShapeError when the window is
    larger than the padded input, or groups does not divide the channels.
    Source: the Keras documentation of Conv2D; Udacity's conv-dims exercise for the formulas.

    >>> layer = Conv2D(32, 3, strides=2, padding="same")
    >>> layer.output_shape((128, 128, 3)), layer.param_count((128, 128, 3))
    ((64, 64, 32), 896)
    """

    rank: ClassVar[int] = 2


@dataclass(frozen=True, repr=False, init=False)
class Conv3D(Conv):
    """Convolution of a volume or a film: shapes are (depth or time, height, width, channels).

    Parameters: K × F_d × F_h × F_w × D_in + K. Output and errors: as Conv2D, one axis more.
    Source: the Keras documentation of Conv3D.

    >>> Conv3D(8, 3).output_shape((16, 32, 32, 3)), Conv3D(8, 3).param_count((16, 32, 32, 3))
    ((14, 30, 30, 8), 656)
    """

    rank: ClassVar[int] = 3
