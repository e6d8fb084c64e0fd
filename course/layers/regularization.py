"""Noise while training, to keep a network from learning by heart; afterwards these do nothing.

Shapes stay, there are no parameters, and multiply-accumulates are 0.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.errors import SpecError
from course.layers import arguments
from course.layers.axes import number
from course.layers.base import Layer
from course.layers.core import Dropout
from course.layers.sliding import Spatial


@dataclass(frozen=True, repr=False)
class GaussianNoise(Layer):
    """Adds random numbers of spread `stddev` while training. Shape unchanged, no parameters.

    Errors: SpecError for a stddev outside 0 to 1. Source: the Keras documentation.

    >>> GaussianNoise(0.1).output_shape((28, 28, 1))
    (28, 28, 1)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})

    stddev: float

    def __post_init__(self) -> None:
        stddev = number(self.stddev, "stddev", 0)
        if not stddev <= 1:
            raise SpecError(f"stddev must be at most 1, not {stddev}", "write stddev=0.1")
        object.__setattr__(self, "stddev", stddev)
        super().__post_init__()


@dataclass(frozen=True, repr=False)
class GaussianDropout(Dropout):
    """Multiplies by random numbers around 1 while training. Shape unchanged, no parameters.

    Errors: as Dropout. Source: the Keras documentation of GaussianDropout.

    >>> GaussianDropout(0.5).output_shape((1600,))
    (1600,)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})


@dataclass(frozen=True, repr=False)
class AlphaDropout(Dropout):
    """Dropout that keeps mean and spread, for SELU. Shape unchanged, no parameters.

    Errors: as Dropout. Source: the Keras documentation of AlphaDropout.

    >>> AlphaDropout(0.5).output_shape((1600,))
    (1600,)
    """


@dataclass(frozen=True, repr=False)
class SpatialDropout1D(Spatial, Dropout):
    """Ignores whole channels of a sequence while training. Shape unchanged, no parameters.

    Errors: as Dropout, and ShapeError for a shape of other rank. Source: the Keras documentation.

    >>> SpatialDropout1D(0.5).output_shape((100, 8))
    (100, 8)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})
    rank: ClassVar[int] = 1
    data_format = "channels_last"


@dataclass(frozen=True, repr=False)
class SpatialDropout2D(Spatial, Dropout):
    """Ignores whole channels of an image while training. Errors and source: as SpatialDropout1D.

    >>> SpatialDropout2D(0.5).output_shape((26, 26, 32))
    (26, 26, 32)
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"seed", "dtype"})
    rank: ClassVar[int] = 2

    data_format: Any = "channels_last"

    def __post_init__(self) -> None:
        object.__setattr__(self, "data_format", arguments.data_format(self.data_format))
        super().__post_init__()


@dataclass(frozen=True, repr=False)
class SpatialDropout3D(SpatialDropout2D):
    """Ignores whole channels of a volume while training. Errors and source: as SpatialDropout1D.

    >>> SpatialDropout3D(0.5).output_shape((8, 26, 26, 32))
    (8, 26, 26, 32)
    """

    rank: ClassVar[int] = 3
