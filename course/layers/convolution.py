"""Convolution: K filters of size F slide over the input, each as deep as the input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.arithmetic import unchanged
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers import arguments
from course.layers.base import SIZE_LETTERS, Shape, per_axis
from course.layers.sliding import Sliding

KERAS_ONLY = frozenset(
    "kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
    "activity_regularizer kernel_constraint bias_constraint dtype".split()
)
"""Arguments of Keras that change no shape and no count."""


@dataclass(frozen=True, repr=False)
class Conv(Sliding):
    """What Conv1D, Conv2D and Conv3D share; make one of those."""

    keras_only: ClassVar[frozenset[str]] = KERAS_ONLY
    window_argument: ClassVar[str] = "kernel_size"

    filters: int
    kernel_size: Any
    strides: Any = 1
    padding: Any = "valid"
    data_format: Any = "channels_last"
    dilation_rate: Any = 1
    groups: int = 1
    activation: Any = None
    use_bias: bool = True

    def __post_init__(self) -> None:
        put = object.__setattr__
        rank = self.rank
        put(self, "filters", arguments.whole(self.filters, "filters"))
        put(self, "kernel_size", arguments.sizes(self.kernel_size, rank, "kernel_size"))
        put(self, "strides", arguments.sizes(self.strides, rank, "strides"))
        put(self, "padding", arguments.window_padding(self.padding, rank))
        put(self, "data_format", arguments.data_format(self.data_format))
        put(self, "dilation_rate", arguments.sizes(self.dilation_rate, rank, "dilation_rate"))
        put(self, "groups", arguments.whole(self.groups, "groups"))
        put(self, "activation", arguments.activation(self.activation))
        arguments.flag(self.use_bias, "use_bias")
        if self.groups > 1 and self.filters % self.groups:
            raise SpecError(
                f"groups={self.groups} does not divide filters={self.filters}",
                "make filters a multiple of groups",
            )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise SpecError(
                f"strides={self.strides} and dilation_rate={self.dilation_rate} are both above 1, "
                "which Keras does not compute",
                "set one of them to 1",
            )
        super().__post_init__()

    @property
    def window_size(self) -> tuple[int, ...]:
        dilation = self.dilation_rate
        if max(dilation) == 1:
            return self.kernel_size  # type: ignore[no-any-return]
        return tuple(map(arithmetic.effective_size, self.kernel_size, dilation))

    def lead_steps(self) -> tuple[Step, ...]:
        if max(self.dilation_rate) == 1:
            return ()
        steps = {}
        for axis, e in enumerate(per_axis("e", self.window_size)):
            F, d = self.kernel_size[axis], self.dilation_rate[axis]
            letters = {
                "F": per_axis("F", self.kernel_size)[axis],
                "d": per_axis("d", self.dilation_rate)[axis],
            }
            steps[e] = Step(e, arithmetic.effective_size, {"F": F, "d": d}, letters)
        return tuple(steps.values())

    def check_input(self, input_shape: Shape) -> None:
        super().check_input(input_shape)
        if self.groups > 1 and self.depth(input_shape) % self.groups:
            raise ShapeError(
                f"groups={self.groups} does not divide the input's "
                f"{self.depth(input_shape)} channels",
                "choose groups that divides both the input's channels and the filters",
                self.label,
            )

    def output_depth(self, input_shape: Shape) -> Step:
        return Step("D_out", unchanged, {"n": self.filters}, {"n": "K"})

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity == "bias_count":
            return (
                Step("biases", unchanged, {"n": self.filters}, {"n": "K"})
                if self.use_bias
                else None
            )
        given: dict[str, Any] = {}
        letters: dict[str, Any] = {}
        if quantity == "macs":
            given["W_out"] = tuple(step.value for step in self.size_steps(input_shape))
            letters["W_out"] = tuple(f"{letter}_out" for letter in SIZE_LETTERS[self.rank])
        given |= {"K": self.filters, "F": self.kernel_size, "D_in": self.depth(input_shape)}
        letters["F"] = per_axis("F", self.kernel_size)
        if self.groups > 1:
            given["g"] = self.groups
        name, plain, grouped = COUNTS[quantity, self.use_bias]
        return Step(name, grouped if self.groups > 1 else plain, given, letters)


COUNTS: dict[tuple[str, bool], tuple[str, Callable[..., int], Callable[..., int]]] = {
    ("weight_count", True): ("weights", arithmetic.conv_weights, arithmetic.grouped_conv_weights),
    ("weight_count", False): ("weights", arithmetic.conv_weights, arithmetic.grouped_conv_weights),
    ("param_count", True): ("parameters", arithmetic.conv_params, arithmetic.grouped_conv_params),
    ("param_count", False): (
        "parameters",
        arithmetic.conv_weights,
        arithmetic.grouped_conv_weights,
    ),
    ("macs", True): ("MACs", arithmetic.conv_macs, arithmetic.grouped_conv_macs),
    ("macs", False): ("MACs", arithmetic.conv_macs, arithmetic.grouped_conv_macs),
}
"""The name and the formulas, without and with groups, by quantity and use_bias."""


@dataclass(frozen=True, repr=False)
class Conv2D(Conv):
    """Convolution of an image: `filters` kernels slide over height and width.

    Parameters: K × F_h × F_w × D_in + K, the last K only with use_bias.
    Output: (H_out, W_out, K) with H_out = ceil(H_in / S) for padding='same' and
    floor((H_in - F + P_top + P_bottom) / S) + 1 otherwise, P = 0 for 'valid'.

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
