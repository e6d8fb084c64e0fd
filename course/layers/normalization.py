"""Normalization: values shifted and scaled to a common mean and spread; shapes stay as they are.

Axes count the batch as axis 0, as in Keras. Keras names no parameter here 'bias': all count as
weights. Multiply-accumulates are 0 by convention: one shift and one scale a value.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import vector_params
from course.derivation import Step
from course.errors import ShapeError
from course.layers.arguments import axes, boolean, integer, number, positive_int
from course.layers.axes import along, kept_places, places
from course.layers.base import Layer, Shape
from course.layers.fields import argument

GAMMA_AND_BETA = frozenset(
    "beta_initializer gamma_initializer beta_regularizer gamma_regularizer beta_constraint "
    "gamma_constraint dtype".split()
)
RUNNING = frozenset(
    "moving_mean_initializer moving_variance_initializer renorm_clipping renorm_momentum "
    "synchronized".split()
)
"""Arguments of Keras that change no shape and no count."""


class Normalizing(Layer):
    """A layer that keeps vectors of numbers, each as long as the input's `axis`."""

    keras_only: ClassVar[frozenset[str]] = GAMMA_AND_BETA

    axis: int | tuple[int, ...]

    def vectors(self) -> int:
        """How many vectors there are."""
        raise NotImplementedError

    def check_input(self, input_shape: Shape) -> None:
        kept_places(self.axis, input_shape, self)

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        if quantity in ("bias_count", "macs"):
            return None
        name = "weights" if quantity == "weight_count" else "parameters"
        return self.vector_step(name, self.vectors(), input_shape)

    def vector_step(self, name: str, vectors: int, input_shape: Shape) -> Step | None:
        """The step for the numbers in this many vectors; None for none."""
        sizes, letters = along(kept_places(self.axis, input_shape, self), input_shape)
        return Step(name, vector_params, (vectors, sizes), {"n": letters}) if vectors else None


@dataclass(frozen=True, repr=False, init=False)
class BatchNormalization(Normalizing, Layer):
    """Gives every channel mean 0 and spread 1 over the batch, then scales and shifts it.

    Parameters: 4 × D_in: scale (gamma), shift (beta), and the running mean and variance, which
    training does not change; so 2 × D_in are trainable. scale=False and center=False each leave
    out D_in; renorm=True adds 3 × D_in that are not trainable. Shape unchanged, 0 MACs.

    Errors: SpecError for arguments of the wrong kind; ShapeError for an axis that the input lacks.
    Source: the Keras documentation of BatchNormalization; Ioffe and Szegedy (2015).

    >>> layer = BatchNormalization()
    >>> layer.param_count((26, 26, 32)), layer.trainable_count((26, 26, 32))
    (128, 64)
    """

    keras_only: ClassVar[frozenset[str]] = GAMMA_AND_BETA | RUNNING

    axis: int = argument(integer, -1)
    momentum: float = argument(number, 0.99)
    epsilon: float = argument(number, 1e-3)
    center: bool = argument(boolean, True)
    scale: bool = argument(boolean, True)
    renorm: bool = argument(boolean, False, kw_only=True)

    def vectors(self) -> int:
        return self.center + self.scale + (5 if self.renorm else 2)

    def trainable_step(self, input_shape: Shape) -> Step | None:
        return self.vector_step("trainable", self.center + self.scale, input_shape)


@dataclass(frozen=True, repr=False, init=False)
class LayerNormalization(Normalizing, Layer):
    """Gives every single input mean 0 and spread 1 along `axis`, then scales and shifts it.

    Parameters: 2 × the sizes along the axes: scale (gamma) and shift (beta), all trainable;
    scale=False and center=False each leave one out, and rms_scaling=True, which Keras gives up,
    keeps gamma alone. Shape unchanged, 0 MACs.

    Errors: as BatchNormalization. Source: the Keras documentation; Ba et al. (2016).

    >>> LayerNormalization().param_count((10, 64)), LayerNormalization([1, 2]).param_count((5, 4))
    (128, 40)
    """

    axis: int | tuple[int, ...] = argument(axes, -1)
    epsilon: float = argument(number, 1e-3)
    center: bool = argument(boolean, True)
    scale: bool = argument(boolean, True)
    rms_scaling: bool = argument(boolean, False, kw_only=True)

    def vectors(self) -> int:
        return 1 if self.rms_scaling else self.center + self.scale


def _groups(value: Any, name: str) -> int:
    return -1 if value == -1 else positive_int(value, name)


@dataclass(frozen=True, repr=False, init=False)
class GroupNormalization(Normalizing, Layer):
    """Gives each of `groups` groups of channels mean 0 and spread 1, input by input.

    Parameters: 2 × D_in, whatever the groups; scale=False and center=False each leave out D_in.
    groups=-1 makes every channel a group. Shape unchanged, 0 MACs.

    Errors: as BatchNormalization, and ShapeError when groups does not divide the channels.
    Source: the Keras documentation of GroupNormalization; Wu and He (2018).

    >>> GroupNormalization(8).param_count((26, 26, 32))
    64
    """

    groups: int = argument(_groups, 32)
    axis: int = argument(integer, -1)
    epsilon: float = argument(number, 1e-3)
    center: bool = argument(boolean, True)
    scale: bool = argument(boolean, True)

    def check_input(self, input_shape: Shape) -> None:
        ((depth,), _) = along(kept_places(self.axis, input_shape, self), input_shape)
        if depth % self.groups:
            raise ShapeError(
                f"groups={self.groups} does not divide the {depth} numbers along axis {self.axis}",
                "choose groups that divides them, or groups=-1 for a group each",
                self.label,
            )

    def vectors(self) -> int:
        return self.center + self.scale


@dataclass(frozen=True, repr=False, init=False)
class UnitNormalization(Layer):
    """Scales every input to length 1 along `axis`. Shape unchanged, no parameters, 0 MACs.

    Errors: SpecError for no axis, ShapeError for an axis that the input lacks.
    Source: the Keras documentation of UnitNormalization.

    >>> UnitNormalization().output_shape((10, 64))
    (10, 64)
    """

    axis: int | tuple[int, ...] = argument(axes, -1)

    def check_input(self, input_shape: Shape) -> None:
        places(self.axis, input_shape, self)
