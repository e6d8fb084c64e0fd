"""Layers that cut a border off or put zeros around: sizes change axis by axis, depth does not.

None has parameters, and multiply-accumulates are 0.
"""

from dataclasses import dataclass
from typing import ClassVar, cast

from course.arithmetic import cropped_size, padded_size, unchanged
from course.derivation import Names, Step
from course.errors import ShapeError
from course.layers.arguments import Pads, Pair, data_format
from course.layers.base import SIZE_LETTERS, Layer, Shape
from course.layers.fields import argument, argument_by_kind, border_for
from course.layers.sliding import AXIS_NAMES, SIDES, Spatial, given_pads, side_names


class Bordering(Spatial):
    """A layer that changes each spatial size by itself and leaves the channels alone."""

    def size_step(self, axis: int, letter: str, size: int) -> Step:
        """The step for the output size along an axis."""
        raise NotImplementedError

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        sizes = zip(SIZE_LETTERS[self.rank], self.spatial(input_shape), strict=True)
        steps = tuple(self.size_step(axis, *size) for axis, size in enumerate(sizes))
        depth = Step("D_out", unchanged, (self.depth(input_shape),), {"n": "D_in"})
        return self.in_order(steps, depth)


Border = Pair | Pads
"""Rows on both sides of each axis in Keras's form: for a single axis one pair, not in a tuple."""


def by_axis(border: Border) -> Pads:
    """The same with a pair for each axis, also where there is a single one.

    >>> by_axis((1, 2)), by_axis(((1, 2), (3, 4)))
    (((1, 2),), ((1, 2), (3, 4)))
    """
    first, second = border[0], border[1]
    if isinstance(first, int) and isinstance(second, int):
        return ((first, second),)
    return cast("Pads", border)


class ZeroPadding(Bordering):
    """What the zero paddings share."""

    padding: Border

    def pads(self) -> Pads:
        """The zeros before and after each axis."""
        return by_axis(self.padding)

    def size_step(self, axis: int, letter: str, size: int) -> Step:
        first, last = side_names(self.rank)[axis]
        letters = {"W": f"{letter}_in", "P_1": first, "P_2": last}
        return Step(f"{letter}_out", padded_size, (size, *self.pads()[axis]), letters)

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        sides = side_names(self.rank)
        return given_pads(sides, self.pads()), sides


@dataclass(frozen=True, repr=False, init=False)
class ZeroPadding1D(ZeroPadding, Layer):
    """Adds zeros to both ends of a sequence: P, or (P_left, P_right).

    Errors and source: as ZeroPadding2D.

    >>> ZeroPadding1D((2, 1)).output_shape((100, 8))
    (103, 8)
    """

    rank: ClassVar[int] = 1

    padding: Border = argument_by_kind(border_for, 1)
    data_format: str = argument(data_format, "channels_last")


@dataclass(frozen=True, repr=False, init=False)
class ZeroPadding2D(ZeroPadding, Layer):
    """Adds a border of zeros to an image. No parameters.

    Output: H_in + P_top + P_bottom, W_in + P_left + P_right, D_in. `padding` is P for all sides,
    (P_h, P_w), or ((top, bottom), (left, right)).

    Errors: SpecError for negative or ill-formed padding; ShapeError for a shape of other rank.
    Source: the Keras documentation of ZeroPadding2D.

    >>> ZeroPadding2D(1).output_shape((5, 5, 1))
    (7, 7, 1)
    """

    rank: ClassVar[int] = 2

    padding: Border = argument_by_kind(border_for, 1)
    data_format: str = argument(data_format, "channels_last")


@dataclass(frozen=True, repr=False, init=False)
class ZeroPadding3D(ZeroPadding, Layer):
    """Adds zeros around a volume: P, one P per axis, or a pair per axis.

    Errors and source: as ZeroPadding2D.

    >>> ZeroPadding3D((0, 1, 1)).output_shape((8, 5, 5, 1))
    (8, 7, 7, 1)
    """

    rank: ClassVar[int] = 3

    padding: Border = argument_by_kind(border_for, 1)
    data_format: str = argument(data_format, "channels_last")


class Cropping(Bordering):
    """What the croppings share."""

    cropping: Border

    def cut(self, axis: int) -> tuple[int, int]:
        """The rows cut off before and after an axis."""
        return by_axis(self.cropping)[axis]

    def check_input(self, input_shape: Shape) -> None:
        super().check_input(input_shape)
        for axis, size in enumerate(self.spatial(input_shape)):
            if sum(self.cut(axis)) >= size:
                raise ShapeError(
                    f"cropping {self.cut(axis)} leaves nothing of {AXIS_NAMES[self.rank][axis]} "
                    f"{size}",
                    "use a smaller cropping",
                    self.label,
                )

    def size_step(self, axis: int, letter: str, size: int) -> Step:
        first, last = SIDES[self.rank][axis]
        letters = {"W": f"{letter}_in", "C_1": f"C_{first}", "C_2": f"C_{last}"}
        return Step(f"{letter}_out", cropped_size, (size, *self.cut(axis)), letters)


@dataclass(frozen=True, repr=False, init=False)
class Cropping1D(Cropping, Layer):
    """Cuts both ends off a sequence: C, or (C_left, C_right).

    Errors and source: as Cropping2D.

    >>> Cropping1D((2, 1)).output_shape((100, 8))
    (97, 8)
    """

    rank: ClassVar[int] = 1
    data_format = "channels_last"

    cropping: Border = argument_by_kind(border_for, 1)


@dataclass(frozen=True, repr=False, init=False)
class Cropping2D(Cropping, Layer):
    """Cuts a border off an image. No parameters.

    Output: H_in - C_top - C_bottom, W_in - C_left - C_right, D_in. `cropping` is C for all sides,
    (C_h, C_w), or ((top, bottom), (left, right)).

    Errors: SpecError for negative or ill-formed cropping; ShapeError when nothing would be left.
    Source: the Keras documentation of Cropping2D.

    >>> Cropping2D(2).output_shape((28, 28, 1))
    (24, 24, 1)
    """

    rank: ClassVar[int] = 2

    cropping: Border = argument_by_kind(border_for, 0)
    data_format: str = argument(data_format, "channels_last")


@dataclass(frozen=True, repr=False, init=False)
class Cropping3D(Cropping, Layer):
    """Cuts off what lies around a volume: C, one C per axis, or a pair per axis.

    Errors and source: as Cropping2D.

    >>> Cropping3D((0, 1, 1)).output_shape((8, 5, 5, 1))
    (8, 3, 3, 1)
    """

    rank: ClassVar[int] = 3

    cropping: Border = argument_by_kind(border_for, 1)
    data_format: str = argument(data_format, "channels_last")
