"""The unshared layer: windows as in a convolution, but other weights at every place."""

from dataclasses import dataclass
from typing import ClassVar

from course import arithmetic
from course.layers.arguments import Function, Pads, activation, boolean, data_format, positive_int
from course.layers.base import Shape
from course.layers.convolution import KERAS_ONLY, Call, Convolving
from course.layers.fields import argument, argument_by_kind, sizes_for, window_padding_for


@dataclass(frozen=True, repr=False, init=False)
class LocallyConnected2D(Convolving):
    """A Conv2D whose weights and biases are not shared between positions.

    Parameters: (F_h × F_w × D_in + 1) × H_out × W_out × K, the 1 only with use_bias. Output and
    errors: as Conv2D. Keras 3 has no such layer any more; `course.keras_bridge` brings one, so
    that a real model can be asked.
    Source: the Keras 2 documentation of LocallyConnected2D; Udacity's quiz for 756,560.

    >>> layer = LocallyConnected2D(20, 8, strides=2, padding=1)
    >>> layer.output_shape((32, 32, 3)), layer.param_count((32, 32, 3))
    ((14, 14, 20), 756560)
    """

    keras_only: ClassVar[frozenset[str]] = KERAS_ONLY
    rank: ClassVar[int] = 2
    depth_letter: ClassVar[str] = "K"
    settled: ClassVar[tuple[str, ...] | None] = ()
    dilation_rate = (1, 1)  # not an argument: an unshared layer is not dilated

    filters: int = argument(positive_int)
    kernel_size: tuple[int, ...] = argument_by_kind(sizes_for)
    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)
    padding: str | Pads = argument_by_kind(window_padding_for, "valid")
    data_format: str = argument(data_format, "channels_last")
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def output_depth(self, depth: int) -> int:
        return self.filters

    def count_call(self, quantity: str, shape: Shape) -> Call:
        places = self.output_sizes(shape)
        if quantity == "bias_count":
            return "biases", arithmetic.unshared_biases, (places, self.filters)
        numbers = (places, self.filters, self.kernel_size, self.depth(shape))
        if quantity == "param_count" and self.use_bias:
            return "parameters", arithmetic.unshared_params, numbers
        # Each weight is used at one place only, so there are as many MACs as weights.
        name = {"weight_count": "weights", "macs": "MACs"}.get(quantity, "parameters")
        return name, arithmetic.unshared_weights, numbers
