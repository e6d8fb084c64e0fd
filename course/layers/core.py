"""Layers that do not slide a window: dense, flatten, dropout, activation."""

from dataclasses import dataclass
from typing import Any, ClassVar

from course import arithmetic
from course.arithmetic import unchanged
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import Function, activation, boolean, data_format, positive_int, share
from course.layers.base import Layer, Shape, Sight, size_letters, whole_shape
from course.layers.convolution import KERAS_ONLY
from course.layers.fields import argument, as_given


def _open_shape(value: Any, name: str) -> tuple[int | None, ...]:
    try:
        # None stands for a size that is open until an input comes.
        whole_shape([1 if size is None else size for size in value], "")
    except (ShapeError, TypeError):
        raise SpecError(
            f"{name} must be a tuple of sizes, not {value!r}", f"write {name}=(28, 28, 1)"
        ) from None
    return tuple(value)


@dataclass(frozen=True, repr=False, init=False)
class InputLayer(Layer):
    """Where a functional model begins: passes its input on. No parameters.

    Errors: SpecError for a shape that is none. Source: the Keras documentation of InputLayer.

    >>> InputLayer((28, 28, 1)).output_shape((28, 28, 1))
    (28, 28, 1)
    """

    shape: tuple[int | None, ...] = argument(_open_shape)

    def check_input(self, input_shape: Shape) -> None:
        fits = len(input_shape) == len(self.shape) and all(
            wanted in (None, size) for wanted, size in zip(self.shape, input_shape, strict=True)
        )
        if not fits:
            raise ShapeError(
                f"the input {input_shape} is not the {self.shape} that the model begins with",
                f"give an input of {self.shape}",
                self.label,
            )


@dataclass(frozen=True, repr=False, init=False)
class UnknownLayer(Layer):
    """A layer of a Keras model that the course does not know: it stands in the table by its kind.

    Its output shape is the one that Keras recorded. Its counts are never guessed: asking for one
    raises a SpecError. Source: none; `course.keras_bridge.read_model` makes these.

    >>> UnknownLayer("MultiHeadAttention", (16, 64), name="attention").kind
    'MultiHeadAttention'
    """

    kind: str = argument(as_given)
    shape: Any = argument(as_given)

    def output_shape(self, input_shape: Any) -> Any:
        return self.shape

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        raise SpecError(
            f"{self.kind} is a layer that the course does not know, so its {quantity} is not known",
            "ask Keras",
            self.label,
        )

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"


@dataclass(frozen=True, repr=False, init=False)
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

    units: int = argument(positive_int)
    activation: Function = argument(activation, None)
    use_bias: bool = argument(boolean, True)

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        kept = super().shape_steps(input_shape)[:-1]
        return (*kept, Step("D_out", unchanged, (self.units,), {"n": "U"}))

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity == "bias_count":
            return Step("biases", unchanged, (self.units,), {"n": "U"}) if self.use_bias else None
        given = (input_shape[-1], self.units)
        if quantity == "macs":
            letters = tuple(f"{letter}_in" for letter in size_letters(input_shape)[:-1])
            return Step("MACs", arithmetic.dense_macs, (input_shape[:-1], *given), {"n": letters})
        if quantity == "param_count" and self.use_bias:
            return Step("parameters", arithmetic.dense_params, given)
        name = "weights" if quantity == "weight_count" else "parameters"
        return Step(name, arithmetic.dense_weights, given)

    def windows(self, input_shape: Shape) -> Sight:
        return "whole" if len(input_shape) == 1 else "unchanged"


@dataclass(frozen=True, repr=False, init=False)
class Flatten(Layer):
    """All values of an image in one row: H × W × D of them. No parameters.

    `data_format` only decides the order of the values, not how many there are.
    Errors: SpecError for an unknown data_format. Source: the Keras documentation of Flatten.

    >>> Flatten().output_shape((5, 5, 64))
    (1600,)
    """

    data_format: str = argument(data_format, "channels_last")

    @property
    def channels_first(self) -> bool:
        return self.data_format == "channels_first"

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        letters = tuple(f"{letter}_in" for letter in size_letters(input_shape))
        return (Step("D_out", arithmetic.volume, (input_shape,), {"n": letters}),)


@dataclass(frozen=True, repr=False, init=False)
class Dropout(Layer):
    """Ignores a random share `rate` of the values while training. Shape unchanged, no parameters.

    Errors: SpecError for a rate outside 0 to 1. Source: the Keras documentation of Dropout.

    >>> Dropout(0.5).output_shape((1600,))
    (1600,)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"noise_shape", "seed", "dtype"})

    rate: float = argument(share)


@dataclass(frozen=True, repr=False, init=False)
class Activation(Layer):
    """Applies a function, such as 'relu', to each value. Shape unchanged, no parameters.

    Errors: SpecError for a name that Keras does not know.
    Source: the Keras documentation of Activation.

    >>> Activation("relu").output_shape((26, 26, 32))
    (26, 26, 32)
    """

    activation: Function = argument(lambda value, name: activation(value, name) or "linear")
