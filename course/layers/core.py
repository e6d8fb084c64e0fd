"""Layers that do not slide a window: dense, flatten, dropout, activation, zero padding."""

from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.arithmetic import unchanged
from course.derivation import Names, Step
from course.errors import SpecError
from course.layers import arguments
from course.layers.base import SIZE_LETTERS, Layer, Shape, Sight, size_letters
from course.layers.convolution import KERAS_ONLY
from course.layers.sliding import SIDES, Spatial, given_pads, side_names


@dataclass(frozen=True, repr=False)
class Dense(Layer):
    """Fully connected: every unit sees every number along the last axis.

    Parameters: D_in × U + U, the last U only with use_bias. Output: the input's shape with its
    last number replaced by units, so put Flatten before it to connect a whole image.

    Errors: SpecError for units below 1 or an unknown activation.
    Source: the Keras documentation of Dense.

    >>> Dense(10).output_shape((1600,)), Dense(10).param_count((1600,))
    ((10,), 16010)
    """

    keras_only: ClassVar[frozenset[str]] = KERAS_ONLY

    units: int
    activation: Any = None
    use_bias: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "units", arguments.whole(self.units, "units"))
        object.__setattr__(self, "activation", arguments.activation(self.activation))
        arguments.flag(self.use_bias, "use_bias")
        super().__post_init__()

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        kept = super().shape_steps(input_shape)[:-1]
        return (*kept, Step("D_out", unchanged, (self.units,), {"n": "U"}))

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity == "bias_count":
            return (
                Step("biases", unchanged, (self.units,), {"n": "U"}) if self.use_bias else None
            )
        given = (input_shape[-1], self.units)
        if quantity == "macs":
            letters = tuple(f"{letter}_in" for letter in size_letters(input_shape)[:-1])
            return Step(
                "MACs", arithmetic.dense_macs, (input_shape[:-1], *given), {"n": letters}
            )
        if quantity == "param_count" and self.use_bias:
            return Step("parameters", arithmetic.dense_params, given)
        name = "weights" if quantity == "weight_count" else "parameters"
        return Step(name, arithmetic.dense_weights, given)

    def windows(self, input_shape: Shape) -> Sight:
        return "whole" if len(input_shape) == 1 else "unchanged"


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """All values of an image in one row: H × W × D of them. No parameters.

    `data_format` only decides the order of the values, not how many there are.
    Errors: SpecError for an unknown data_format. Source: the Keras documentation of Flatten.

    >>> Flatten().output_shape((5, 5, 64))
    (1600,)
    """

    data_format: Any = "channels_last"

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_format", arguments.data_format(self.data_format))
        super().__post_init__()

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        letters = tuple(f"{letter}_in" for letter in size_letters(input_shape))
        return (Step("D_out", arithmetic.volume, (input_shape,), {"n": letters}),)


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Ignores a random share `rate` of the values while training. Shape unchanged, no parameters.

    Errors: SpecError for a rate outside 0 to 1. Source: the Keras documentation of Dropout.

    >>> Dropout(0.5).output_shape((1600,))
    (1600,)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"noise_shape", "seed", "dtype"})

    rate: float

    def __post_init__(self) -> None:
        if isinstance(self.rate, bool | str) or not isinstance(self.rate, int | float):
            raise SpecError(f"rate must be a number, not {self.rate!r}", "write rate=0.5")
        if not 0 <= self.rate <= 1:
            raise SpecError(
                f"rate must lie between 0 and 1, not {self.rate}", "write rate=0.5 for half"
            )
        super().__post_init__()


@dataclass(frozen=True, repr=False)
class Activation(Layer):
    """Applies a function, such as 'relu', to each value. Shape unchanged, no parameters.

    Errors: SpecError for a name that Keras does not know.
    Source: the Keras documentation of Activation.

    >>> Activation("relu").output_shape((26, 26, 32))
    (26, 26, 32)
    """

    activation: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "activation", arguments.activation(self.activation) or "linear")
        super().__post_init__()


@dataclass(frozen=True, repr=False)
class ZeroPadding2D(Spatial, Layer):
    """Adds a border of zeros to an image. No parameters.

    Output: H_in + P_top + P_bottom, W_in + P_left + P_right, D_in. `padding` is P for all sides,
    (P_h, P_w), or ((top, bottom), (left, right)).

    Errors: SpecError for negative or ill-formed padding; ShapeError for a shape of other rank.
    Source: the Keras documentation of ZeroPadding2D.

    >>> ZeroPadding2D(1).output_shape((5, 5, 1))
    (7, 7, 1)
    """

    rank: ClassVar[int] = 2

    padding: Any = 1
    data_format: Any = "channels_last"

    def __post_init__(self) -> None:
        object.__setattr__(self, "padding", arguments.pads(self.padding, self.rank))
        object.__setattr__(self, "data_format", arguments.data_format(self.data_format))
        super().__post_init__()

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        sizes = tuple(
            Step(
                f"{letter}_out",
                arithmetic.padded_size,
                (W, before, behind),
                {"W": f"{letter}_in", "P_1": f"P_{sides[0]}", "P_2": f"P_{sides[1]}"},
            )
            for letter, W, (before, behind), sides in zip(
                SIZE_LETTERS[self.rank],
                self.spatial(input_shape),
                self.padding,
                SIDES[self.rank],
                strict=True,
            )
        )
        depth = Step("D_out", unchanged, (self.depth(input_shape),), {"n": "D_in"})
        return self.in_order(sizes, depth)

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        sides = side_names(self.rank)
        return given_pads(sides, self.padding), sides
