"""Layers that keras.applications brings with its own networks."""

from dataclasses import dataclass
from typing import ClassVar

from course.arithmetic import unchanged
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import whole
from course.layers.base import Layer, Shape
from course.layers.merging import Elementwise


@dataclass(frozen=True, repr=False)
class LayerScale(Layer):
    """Multiplies each channel by a weight of its own: `projection_dim` weights, no biases.

    Shape unchanged; it must end in projection_dim channels, or 1, or projection_dim must be 1.
    Errors: SpecError for a dimension below 1, ShapeError where the channels do not fit.
    Source: keras.applications.convnext.

    >>> LayerScale(1e-6, 96).param_count((56, 56, 96))
    96
    """

    init_values: float
    projection_dim: int

    def __post_init__(self) -> None:
        vars(self).update(projection_dim=whole(self.projection_dim, "projection_dim"))
        super().__post_init__()

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


@dataclass(frozen=True, repr=False)
class CustomScaleLayer(Elementwise):
    """The first input plus `scale` times the second. No parameters.

    Errors: ShapeError where there are not two inputs of shapes that go together.
    Source: keras.applications.inception_resnet_v2.

    >>> CustomScaleLayer(0.1).output_shape(((8, 8, 3), (8, 8, 3)))
    (8, 8, 3)
    """

    inputs: ClassVar[int | None] = 2

    scale: float


@dataclass(frozen=True, repr=False)
class StochasticDepth(Layer):
    """Leaves a whole branch out for a random share of the images while training. No parameters.

    Errors: SpecError for a rate outside 0 to 1. Source: keras.applications.convnext.

    >>> StochasticDepth(0.1).output_shape((56, 56, 96))
    (56, 56, 96)
    """

    drop_path_rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.drop_path_rate <= 1:
            raise SpecError(
                f"drop_path_rate must lie between 0 and 1, not {self.drop_path_rate}",
                "write drop_path_rate=0.1",
            )
        super().__post_init__()
