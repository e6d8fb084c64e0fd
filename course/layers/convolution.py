"""Convolution: K filters of size F slide over the input, each as deep as the input."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.arithmetic import unchanged
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import activation, data_format, flag, sizes, whole, window_padding
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
    depth_letter: ClassVar[str] = "K"

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
        rank = self.rank
        kernel_size = window_size = sizes(self.kernel_size, rank, "kernel_size")
        dilation_rate = sizes(self.dilation_rate, rank, "dilation_rate")
        if dilation_rate != (1,) * rank:
            window_size = tuple(map(arithmetic.effective_size, kernel_size, dilation_rate))
        # The way around a frozen dataclass that costs least: one update in place of nine calls.
        vars(self).update(
            filters=whole(self.filters, "filters"),
            kernel_size=kernel_size,
            window_size=window_size,
            strides=sizes(self.strides, rank, "strides"),
            padding=window_padding(self.padding, rank),
            data_format=data_format(self.data_format),
            dilation_rate=dilation_rate,
            groups=whole(self.groups, "groups"),
            activation=activation(self.activation),
            use_bias=flag(self.use_bias, "use_bias"),
        )
        self._check_arguments()
        super().__post_init__()

    def _check_arguments(self) -> None:
        if self.groups > 1 and self.filters % self.groups:
            raise SpecError(
                f"groups={self.groups} does not divide filters={self.filters}",
                "make filters a multiple of groups",
            )
        if max(self.dilation_rate) > 1 and max(self.strides) > 1:
            raise SpecError(
                f"strides={self.strides} and dilation_rate={self.dilation_rate} are both above 1, "
                "which Keras does not compute",
                "set one of them to 1",
            )

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
            steps[e] = Step(e, arithmetic.effective_size, (F, d), letters)
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

    def output_depth(self, depth: int) -> int:
        return self.filters

    def count_call(self, quantity: str, shape: Shape) -> tuple[str, Callable[..., int], tuple[Any, ...]]:
        """The name of a count, its formula and the numbers to put in."""
        numbers = (self.filters, self.kernel_size, self.depth(shape))
        if quantity == "macs":
            calls = self.size_calls(self.spatial(shape))
            sizes = tuple(formula(*given) for formula, given in calls)
            numbers = (sizes, *numbers)
        name, plain, grouped = COUNTS[quantity, self.use_bias]
        if self.groups == 1:
            return name, plain, numbers
        return name, grouped, (*numbers, self.groups)

    def _count(self, quantity: str, input_shape: Shape) -> int:
        shape = self.plain_shape(input_shape)
        if quantity == "bias_count":
            return self.filters if self.use_bias else 0
        _, formula, numbers = self.count_call(quantity, shape)
        return formula(*numbers)

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity == "bias_count":
            step = Step("biases", unchanged, (self.filters,), {"n": "K"})
            return step if self.use_bias else None
        name, formula, numbers = self.count_call(quantity, input_shape)
        letters: dict[str, str | tuple[str, ...]] = {"F": per_axis("F", self.kernel_size)}
        letters["W_out"] = tuple(f"{letter}_out" for letter in SIZE_LETTERS[self.rank])
        return Step(name, formula, numbers, letters)


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
