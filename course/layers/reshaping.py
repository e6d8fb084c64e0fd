"""Layers that rearrange or repeat the values of an input: none has parameters.

None multiplies by a weight: multiply-accumulates are 0 by convention, interpolation included.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import left_over, repeated_size, unchanged, volume
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import data_format, one_of, positive_int
from course.layers.base import Layer, Shape, Sight, per_axis, size_letters
from course.layers.borders import Bordering
from course.layers.fields import argument, argument_by_kind, sizes_for

INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")


def _target(value: Any, name: str) -> Shape:
    if not isinstance(value, tuple | list) or not value or list(value).count(-1) > 1:
        raise SpecError(
            f"{name} must be a tuple of sizes, at most one of them -1, not {value!r}",
            f"write {name}=(7, 7, -1)",
        )
    return tuple(-1 if n == -1 else positive_int(n, name) for n in value)


@dataclass(frozen=True, repr=False, init=False)
class Reshape(Layer):
    """The same values in another shape; one size may be -1, which is worked out from the others.

    Output: target_shape, batch left out. No parameters.
    Errors: SpecError for sizes that make no shape, ShapeError where the values do not fit.
    Source: the Keras documentation of Reshape.

    >>> Reshape((7, 7, -1)).output_shape((784,))
    (7, 7, 16)
    """

    target_shape: Shape = argument(_target)

    def check_input(self, input_shape: Shape) -> None:
        values, places = volume(input_shape), volume(self._named())
        if values % places or (-1 not in self.target_shape and values != places):
            raise ShapeError(
                f"the {values} values of the input {input_shape} do not fit into the target shape "
                f"{self.target_shape}",
                "choose sizes whose product is the number of values, or one size -1",
                self.label,
            )

    def _named(self) -> Shape:
        return tuple(n for n in self.target_shape if n != -1)

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        inputs = tuple(f"{letter}_in" for letter in size_letters(input_shape))
        given = {"n": inputs, "m": tuple(map(str, self._named()))}
        return tuple(
            Step(f"{letter}_out", left_over, (input_shape, self._named()), given)
            if n == -1
            else Step(f"{letter}_out", unchanged, (n,), {"n": str(n)})
            for letter, n in zip(size_letters(self.target_shape), self.target_shape, strict=True)
        )

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"


def _order(value: Any, name: str) -> tuple[int, ...]:
    several = value if isinstance(value, tuple | list) else (value,)
    order = tuple(positive_int(axis, name) for axis in several)
    if not order or sorted(order) != list(range(1, len(order) + 1)):
        raise SpecError(
            f"{name}={value!r} must name each axis once, counted from 1",
            f"write {name}=(2, 1) to swap two axes",
        )
    return order


@dataclass(frozen=True, repr=False, init=False)
class Permute(Layer):
    """The axes in another order: dims names them from 1 on, batch left out. No parameters.

    Errors: SpecError where dims leaves out an axis or names one twice; ShapeError for a shape of
    another length. Source: the Keras documentation of Permute.

    >>> Permute((3, 1, 2)).output_shape((28, 20, 1))
    (1, 28, 20)
    """

    dims: tuple[int, ...] = argument(_order)

    def check_input(self, input_shape: Shape) -> None:
        _check_rank(self, input_shape, len(self.dims))

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        letters = size_letters(input_shape)
        return tuple(
            Step(f"{letter}_out", unchanged, (input_shape[p - 1],), {"n": f"{letters[p - 1]}_in"})
            for letter, p in zip(letters, self.dims, strict=True)
        )

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"


@dataclass(frozen=True, repr=False, init=False)
class RepeatVector(Layer):
    """A vector n times: (D,) becomes (n, D). No parameters.

    Errors: SpecError for n below 1, ShapeError for what is no vector.
    Source: the Keras documentation of RepeatVector.

    >>> RepeatVector(3).output_shape((32,))
    (3, 32)
    """

    n: int = argument(positive_int)

    def check_input(self, input_shape: Shape) -> None:
        _check_rank(self, input_shape, 1)

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        depth = Step("D_out", unchanged, input_shape, {"n": "D_in"})
        return Step("L_out", unchanged, (self.n,), {"n": "r"}), depth

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"


def _check_rank(layer: Layer, shape: Shape, rank: int) -> None:
    if len(shape) != rank:
        raise ShapeError(
            f"the input shape {shape} has {len(shape)} numbers where {rank} are wanted",
            "leave the batch out",
            layer.label,
        )


class UpSampling(Bordering):
    """What the upsampling layers share."""

    size: int | tuple[int, ...]

    def size_step(self, axis: int, letter: str, size: int) -> Step:
        factors = self.size if isinstance(self.size, tuple) else (self.size,)
        letters = {"W": f"{letter}_in", "r": per_axis("r", factors)[axis]}
        return Step(f"{letter}_out", repeated_size, (size, factors[axis]), letters)

    def windows(self, input_shape: Shape) -> Sight:
        return "unknown"


@dataclass(frozen=True, repr=False, init=False)
class UpSampling1D(UpSampling, Layer):
    """Every step of a sequence `size` times in a row: L_in × r. No parameters.

    Errors and source: as UpSampling2D; size is an int.

    >>> UpSampling1D(3).output_shape((10, 8))
    (30, 8)
    """

    rank: ClassVar[int] = 1
    data_format = "channels_last"

    size: int = argument(positive_int, 2)


def _interpolation(value: Any, name: str) -> str:
    return one_of(value, INTERPOLATIONS, name)


@dataclass(frozen=True, repr=False, init=False)
class UpSampling2D(UpSampling, Layer):
    """Every row and column of an image `size` times in a row, or as many by interpolation.

    Output: H_in × r_h, W_in × r_w, D_in. No parameters: Conv2DTranspose is what learns.
    Errors: SpecError for sizes below 1 or an unknown interpolation; ShapeError for a shape of
    other rank. Source: the Keras documentation of UpSampling2D.

    >>> UpSampling2D(2).output_shape((7, 7, 64))
    (14, 14, 64)
    """

    rank: ClassVar[int] = 2

    size: tuple[int, ...] = argument_by_kind(sizes_for, 2)
    data_format: str = argument(data_format, "channels_last")
    interpolation: str = argument(_interpolation, "nearest")


@dataclass(frozen=True, repr=False, init=False)
class UpSampling3D(UpSampling, Layer):
    """Every value of a volume `size` times in a row along each axis. No parameters.

    Errors and source: as UpSampling2D.

    >>> UpSampling3D((1, 2, 2)).output_shape((8, 7, 7, 4))
    (8, 14, 14, 4)
    """

    rank: ClassVar[int] = 3

    size: tuple[int, ...] = argument_by_kind(sizes_for, 2)
    data_format: str = argument(data_format, "channels_last")
