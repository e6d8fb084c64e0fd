"""Activations as layers of their own: they change values one by one.

The shape stays, and multiply-accumulates are 0 by convention. Axes count the batch as axis 0.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import volume
from course.derivation import Step
from course.layers.arguments import axes, not_negative, number, positive_int
from course.layers.axes import along, places
from course.layers.base import Layer, Shape
from course.layers.fields import argument, optional


@dataclass(frozen=True, repr=False, init=False)
class ReLU(Layer):
    """max(x, 0), or with the arguments: negative_slope × (x - threshold) below the threshold, x
    above it, at most max_value. Shape unchanged, no parameters, 0 multiply-accumulates.

    Errors: SpecError for a negative number. Source: the Keras documentation of ReLU.

    >>> ReLU(6).output_shape((26, 26, 32))
    (26, 26, 32)
    """

    max_value: float | None = argument(optional(not_negative), None)
    negative_slope: float = argument(not_negative, 0.0)
    threshold: float = argument(not_negative, 0.0)


@dataclass(frozen=True, repr=False, init=False)
class LeakyReLU(Layer):
    """x above 0 and negative_slope × x below. Shape unchanged, no parameters, 0 MACs.

    Errors: SpecError for a negative slope. Source: the Keras documentation of LeakyReLU.

    >>> LeakyReLU(0.1).param_count((26, 26, 32))
    0
    """

    negative_slope: float = argument(not_negative, 0.3)


@dataclass(frozen=True, repr=False, init=False)
class ELU(Layer):
    """x above 0 and alpha × (exp(x) - 1) below. Shape unchanged, no parameters, 0 MACs.

    Errors: SpecError for an alpha that is no number. Source: the Keras documentation of ELU.

    >>> ELU().output_shape((10,))
    (10,)
    """

    alpha: float = argument(number, 1.0)


@dataclass(frozen=True, repr=False, init=False)
class Softmax(Layer):
    """exp(x) divided by the sum of exp along `axis`: shares that add up to 1 there.

    Shape unchanged, no parameters, 0 multiply-accumulates. As in Keras, axis 0 is the batch.

    Errors: SpecError for no axis; ShapeError for an axis that the input lacks.
    Source: the Keras documentation of Softmax.

    >>> Softmax().output_shape((10,))
    (10,)
    """

    axis: int | tuple[int, ...] = argument(axes, -1)

    def check_input(self, input_shape: Shape) -> None:
        places(self.axis, input_shape, self)


def _shared_axes(value: Any, name: str) -> tuple[int, ...] | None:
    listed = value if isinstance(value, tuple | list) else (value,)
    return tuple(sorted({positive_int(axis, name) for axis in listed})) or None


@dataclass(frozen=True, repr=False, init=False)
class PReLU(Layer):
    """x above 0 and α × x below, where training finds each α.

    Parameters: one α for every value of an input, H × W × D of them; along `shared_axes` (counted
    from 1) a single α serves all, so that shared_axes=[1, 2] leaves D. Keras names them 'alpha':
    they count as weights. Shape unchanged, 0 multiply-accumulates.

    Errors: SpecError for axes below 1, which Keras takes for other axes than they name; ShapeError
    for an axis that the input lacks. Source: the Keras documentation; He et al. (2015).

    >>> PReLU().param_count((26, 26, 32)), PReLU(shared_axes=[1, 2]).param_count((26, 26, 32))
    (21632, 32)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset(
        {"alpha_initializer", "alpha_regularizer", "alpha_constraint", "dtype"}
    )

    shared_axes: tuple[int, ...] | None = argument(optional(_shared_axes), None, kw_only=True)

    def check_input(self, input_shape: Shape) -> None:
        places(self.shared_axes or (), input_shape, self, "shared_axes")

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity in ("bias_count", "macs"):
            return None
        own = [axis for axis in range(1, len(input_shape) + 1) if axis not in self._shared()]
        sizes, letters = along(tuple(own), input_shape)
        name = "weights" if quantity == "weight_count" else "parameters"
        return Step(name, volume, (sizes,), {"n": letters})

    def _shared(self) -> tuple[int, ...]:
        return self.shared_axes or ()
