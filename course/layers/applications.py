"""Layers that keras.applications brings with its own networks."""

from dataclasses import dataclass
from typing import ClassVar

from course.arithmetic import unchanged
from course.derivation import Step
from course.errors import ShapeError
from course.layers.arguments import positive_int, share
from course.layers.base import Layer, Shape
from course.layers.fields import argument, as_given
from course.layers.merging import Elementwise


@dataclass(frozen=True, repr=False, init=False)
class LayerScale(Layer):
    """Multiplies each channel by a weight of its own: `projection_dim` weights, no biases.

    Shape unchanged: the input must end in projection_dim channels. Keras also takes 1 of either
    and repeats it; here that is refused, as no weight of a channel's own would be left.
    Errors: SpecError for a dimension below 1, ShapeError where the channels do not fit.
    Source: keras.applications.convnext.

    >>> LayerScale(1e-6, 96).param_count((56, 56, 96))
    96
    """

    init_values: float = argument(as_given)
    projection_dim: int = argument(positive_int)

    def check_input(self, input_shape: Shape) -> None:
        if input_shape[-1] != self.projection_dim:
            raise ShapeError(
                f"the input has {input_shape[-1]} channels, not {self.projection_dim}",
                "make projection_dim the number of channels",
                self.label,
            )

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity in ("bias_count", "macs"):
            return None
        name = "weights" if quantity == "weight_count" else "parameters"
        return Step(name, unchanged, (self.projection_dim,), {"n": "D_in"})


@dataclass(frozen=True, repr=False, init=False)
class CustomScaleLayer(Elementwise):
    """The first input plus `scale` times the second. No parameters.

    Errors: ShapeError where there are not two inputs of shapes that go together.
    Source: keras.applications.inception_resnet_v2.

    >>> CustomScaleLayer(0.1).output_shape(((8, 8, 3), (8, 8, 3)))
    (8, 8, 3)
    """

    inputs: ClassVar[int | None] = 2

    scale: float = argument(as_given)


@dataclass(frozen=True, repr=False, init=False)
class StochasticDepth(Layer):
    """Leaves a whole branch out for a random share of the images while training. No parameters.

    Errors: SpecError for a rate outside 0 to 1. Source: keras.applications.convnext.

    >>> StochasticDepth(0.1).output_shape((56, 56, 96))
    (56, 56, 96)
    """

    drop_path_rate: float = argument(share)
