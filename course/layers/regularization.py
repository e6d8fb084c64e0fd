"""Noise while training, to keep a network from learning by heart; afterwards these do nothing.

Shapes stay, there are no parameters, and multiply-accumulates are 0.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.errors import SpecError
from course.layers.arguments import data_format, number
from course.layers.base import Layer
from course.layers.core import Dropout
from course.layers.fields import argument
from course.layers.sliding import Spatial


def _at_most_1(value: Any, name: str) -> int | float:
    plain = number(value, name, 0)
    if not plain <= 1:
        raise SpecError(f"{name} must be at most 1, not {plain}", f"write {name}=0.1")
    return plain


@dataclass(frozen=True, repr=False, init=False)
class GaussianNoise(Layer):
    """Adds random numbers of spread `stddev` while training. Shape unchanged, no parameters.

    Errors: SpecError for a stddev outside 0 to 1. Source: the Keras documentation.

    >>> GaussianNoise(0.1).output_shape((28, 28, 1))
    (28, 28, 1)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})

    stddev: float = argument(_at_most_1)


@dataclass(frozen=True, repr=False, init=False)
class GaussianDropout(Dropout):
    """Multiplies by random numbers around 1 while training. Shape unchanged, no parameters.

    Errors: as Dropout. Source: the Keras documentation of GaussianDropout.

    >>> GaussianDropout(0.5).output_shape((1600,))
    (1600,)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})


@dataclass(frozen=True, repr=False, init=False)
class AlphaDropout(Dropout):
    """Dropout that keeps mean and spread, for SELU. Shape unchanged, no parameters.

    Errors: as Dropout. Source: the Keras documentation of AlphaDropout.

    >>> AlphaDropout(0.5).output_shape((1600,))
    (1600,)
    """


@dataclass(frozen=True, repr=False, init=False)
class SpatialDropout1D(Spatial, Dropout):
    """Ignores whole channels of a sequence while training. Shape unchanged, no parameters.

    Errors: as Dropout, and ShapeError for a shape of other rank. Source: the Keras documentation.

    >>> SpatialDropout1D(0.5).output_shape((100, 8))
    (100, 8)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})
    rank: ClassVar[int] = 1
    data_format = "channels_last"


@dataclass(frozen=True, repr=False, init=False)
class SpatialDropout2D(Spatial, Dropout):
    """Ignores whole channels of an image while training. Errors and source: as SpatialDropout1D.

    >>> SpatialDropout2D(0.5).output_shape((26, 26, 32))
    (26, 26, 32)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})
    rank: ClassVar[int] = 2

    data_format: str = argument(data_format, "channels_last")


@dataclass(frozen=True, repr=False, init=False)
class SpatialDropout3D(SpatialDropout2D):
    """Ignores whole channels of a volume while training. Errors and source: as SpatialDropout1D.

    >>> SpatialDropout3D(0.5).output_shape((8, 26, 26, 32))
    (8, 26, 26, 32)
    """

    rank: ClassVar[int] = 3
