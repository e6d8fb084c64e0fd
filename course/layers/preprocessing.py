"""What is done to the data before a network sees it; shapes stay as they are.

Multiply-accumulates are 0 by convention: one shift and one scale a value.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import adapted_params
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import Numbers, axes, boolean, extent, numbers
from course.layers.axes import along, kept_places
from course.layers.base import Layer, Shape
from course.layers.fields import argument, optional


def _axes_or_none(value: Any, name: str) -> int | tuple[int, ...] | None:
    return None if value is None or value in ((), []) else axes(value, name)


@dataclass(frozen=True, repr=False, init=False)
class Normalization(Layer):
    """Subtracts a mean and divides by a spread, which `adapt` takes from the data beforehand.

    Parameters: 2 × the sizes along `axis` + 1: mean, variance and a count of the data seen, none
    of them trainable; 3 with axis=None; none where mean and variance are given. Shape unchanged.

    Errors: SpecError for one of mean and variance alone or for two that differ in shape; ShapeError
    where they do not fit the input's axis. Source: the Keras documentation of Normalization.

    >>> Normalization().param_count((28, 28, 3)), Normalization().trainable_count((28, 28, 3))
    (7, 0)
    """

    axis: int | tuple[int, ...] | None = argument(_axes_or_none, -1)
    mean: Numbers | None = argument(optional(numbers), None)
    variance: Numbers | None = argument(optional(numbers), None)
    invert: bool = argument(boolean, False)

    settled: ClassVar[tuple[str, ...] | None] = ("mean", "variance")

    def settle(self, held: dict[str, Any]) -> None:
        axis = self._axes()
        if (self.mean is None) != (self.variance is None):
            raise SpecError("mean and variance go together", "give both or neither")
        given, most = extent(self.mean), 1 if isinstance(axis, int) else len(axis)
        if given != extent(self.variance) or len(given) > most:
            raise SpecError(
                f"mean has the shape {given} and variance {extent(self.variance)} for axis={axis}",
                "give both the same shape, with no more axes than `axis` names",
            )

    def check_input(self, input_shape: Shape) -> None:
        kept = sorted(kept_places(self._axes(), input_shape, self))
        given, sizes = extent(self.mean), along(tuple(kept), input_shape)[0]
        if any(m not in (1, n) for m, n in zip(given[::-1], sizes[::-1], strict=False)):
            raise ShapeError(
                f"mean has the shape {given} where the input {input_shape} has {sizes}",
                "give one number for all or one for each",
                self.label,
            )

    def _axes(self) -> int | tuple[int, ...]:
        return () if self.axis is None else self.axis

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if self.mean is not None or quantity in ("bias_count", "macs"):
            return None
        sizes, letters = along(kept_places(self._axes(), input_shape, self), input_shape)
        name = "weights" if quantity == "weight_count" else "parameters"
        return Step(name, adapted_params, (2, sizes), {"n": letters})

    def trainable_step(self, input_shape: Shape) -> Step | None:
        return None


@dataclass(frozen=True, repr=False, init=False)
class Rescaling(Layer):
    """Multiplies every value by `scale` and adds `offset`, as 1/255 does for pixels. No parameters.

    Each is a number, or numbers that broadcast onto the input: one a channel. Shape unchanged.
    Errors: SpecError for what is no number; ShapeError for numbers that do not fit the input.
    Source: the Keras documentation of Rescaling.

    >>> Rescaling(1 / 255).output_shape((28, 28, 1))
    (28, 28, 1)
    """

    scale: Numbers = argument(numbers)
    offset: Numbers = argument(numbers, 0.0)

    def check_input(self, input_shape: Shape) -> None:
        for name in ("scale", "offset"):
            given = extent(getattr(self, name))
            fitting = zip(given[::-1], input_shape[::-1], strict=False)
            if len(given) > len(input_shape) or any(m not in (1, n) for m, n in fitting):
                raise ShapeError(
                    f"{name} has the shape {given}, which does not fit the input {input_shape}",
                    "give one number for all or one for each channel",
                    self.label,
                )
