"""Layers that slide a window over the input: the sizes and pads of convolution and pooling."""

from collections.abc import Mapping
from functools import cache
from typing import ClassVar

from course import arithmetic
from course.arithmetic import unchanged
from course.derivation import Names, Step
from course.errors import ShapeError
from course.layers.arguments import Pads
from course.layers.base import AXES, SIZE_LETTERS, Layer, Shape, Window, per_axis

AXIS_NAMES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
SIDES = {
    1: (("left", "right"),),
    2: (("top", "bottom"), ("left", "right")),
    3: (("front", "back"), ("top", "bottom"), ("left", "right")),
}


class Spatial(Layer):
    """A layer for inputs of a known rank, with the channels last or first."""

    rank: ClassVar[int]
    data_format: str

    def spatial(self, input_shape: Shape) -> Shape:
        """The sizes along the spatial axes."""
        return input_shape[:-1] if self.data_format == "channels_last" else input_shape[1:]

    def depth(self, input_shape: Shape) -> int:
        """The number of channels."""
        return input_shape[-1 if self.data_format == "channels_last" else 0]

    def check_input(self, input_shape: Shape) -> None:
        if len(input_shape) == self.rank + 1:
            return
        names = " and ".join(AXIS_NAMES[self.rank])
        raise ShapeError(
            f"the input shape {input_shape} has {len(input_shape)} numbers where {names} and the "
            f"channels are wanted, {self.rank + 1} in all",
            "leave the batch out, and give a grayscale image its 1 channel, as in (28, 28, 1)"
            if self.rank == 2
            else "leave the batch out, and give the channels",
            self.label,
        )

    def in_order(self, sizes: tuple[Step, ...], depth: Step) -> tuple[Step, ...]:
        """The steps in the order in which the data format puts their results."""
        return (*sizes, depth) if self.data_format == "channels_last" else (depth, *sizes)


class Sliding(Spatial):
    """A layer whose outputs each come from one window of the input."""

    strides: tuple[int, ...]
    padding: str | Pads
    window_argument: ClassVar[str]

    @property
    def window_size(self) -> tuple[int, ...]:
        """The window along each axis, gaps of a dilation counted."""
        raise NotImplementedError

    def output_depth(self, input_shape: Shape) -> Step:
        """The step that gives the number of channels of the output."""
        return Step("D_out", unchanged, {"n": self.depth(input_shape)}, {"n": "D_in"})

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        return self.in_order(self.size_steps(input_shape), self.output_depth(input_shape))

    def size_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        """One step per spatial axis."""
        window, strides, padding = self.window_size, self.strides, self.padding
        spatial = self.spatial(input_shape)
        names = _size_letters(window, strides, self.lead_steps() != ())
        if padding == "same":
            return tuple(
                [
                    Step(name, arithmetic.same_size, {"W": W, "S": S}, letters)
                    for (name, letters), W, S in zip(names, spatial, strides, strict=True)
                ]
            )
        if padding == "valid":
            return tuple(
                [
                    Step(name, arithmetic.valid_size, {"W": W, "F": F, "S": S}, letters)
                    for (name, letters), W, F, S in zip(
                        names, spatial, window, strides, strict=True
                    )
                ]
            )
        return tuple(
            self._explicit_step(axis, name, W, letters)
            for axis, ((name, letters), W) in enumerate(zip(names, spatial, strict=True))
        )

    def _explicit_step(self, axis: int, name: str, W: int, letters: Mapping[str, str]) -> Step:
        F, S = self.window_size[axis], self.strides[axis]
        before, behind = self.added(axis)
        if before == behind:
            arguments = {"W": W, "F": F, "P": before, "S": S}
            same_on_all_axes = len(set(self.padding)) == 1
            P = "P" if same_on_all_axes else f"P_{AXES[self.rank][axis]}"
            return Step(name, arithmetic.explicit_size, arguments, {**letters, "P": P})
        sides = [f"P_{side}" for side in SIDES[self.rank][axis]]
        return Step(
            name,
            arithmetic.two_sided_size,
            {"W": W, "F": F, "P_1": before, "P_2": behind, "S": S},
            {**letters, "P_1": sides[0], "P_2": sides[1]},
        )

    def added(self, axis: int) -> tuple[int, int]:
        """The zeros that the arguments name for this axis; none for 'valid'."""
        return (0, 0) if isinstance(self.padding, str) else self.padding[axis]

    def check_input(self, input_shape: Shape) -> None:
        super().check_input(input_shape)
        if self.padding == "same":
            return
        for axis, (W, F) in enumerate(
            zip(self.spatial(input_shape), self.window_size, strict=True)
        ):
            before, behind = self.added(axis)
            if F > W + before + behind:
                padded = f" with padding {(before, behind)}" if before or behind else ""
                raise ShapeError(
                    f"window {F} is larger than {AXIS_NAMES[self.rank][axis]} {W}{padded}",
                    f"use a smaller {self.window_argument}"
                    + (" or padding='same'" if padded == "" else " or more padding"),
                    self.label,
                )

    def windows(self, input_shape: Shape) -> tuple[Window, ...]:
        return tuple(zip(self.window_size, self.strides, strict=True))

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        sides = side_names(self.rank)
        if self.padding != "same":
            return given_pads(sides, tuple(map(self.added, range(self.rank)))), sides
        steps: list[Step] = []
        letters = _size_letters(self.window_size, self.strides, self.lead_steps() != ())
        for axis, size in enumerate(self.size_steps(input_shape)):
            _, names = letters[axis]
            total = Step(
                f"P_{AXIS_NAMES[self.rank][axis]}",
                arithmetic.same_padding,
                {
                    "W": self.spatial(input_shape)[axis],
                    "F": self.window_size[axis],
                    "S": self.strides[axis],
                    "o": size.value,
                },
                {**names, "o": size.name},
            )
            halves = [
                Step(side, half, {"P": total.value}, {"P": total.name})
                for side, half in zip(
                    sides[axis], (arithmetic.smaller_half, arithmetic.larger_half), strict=True
                )
            ]
            steps += [size, total, *halves]
        return (*self.lead_steps(), *steps), sides


def side_names(rank: int) -> tuple[tuple[str, str], ...]:
    """The names of the pads, a pair per axis.

    >>> side_names(2)
    (('P_top', 'P_bottom'), ('P_left', 'P_right'))
    """
    return tuple((f"P_{first}", f"P_{last}") for first, last in SIDES[rank])


def given_pads(sides: tuple[tuple[str, ...], ...], amounts: Pads) -> tuple[Step, ...]:
    """A step per side for zeros that were named in the arguments."""
    return tuple(
        Step(side, unchanged, {"n": amount}, {"n": str(amount)})
        for pair, both in zip(sides, amounts, strict=True)
        for side, amount in zip(pair, both, strict=True)
    )


@cache
def _size_letters(
    window: tuple[int, ...], strides: tuple[int, ...], dilated: bool
) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Per axis, the name of the output size and how W, F and S are written."""
    rank = len(window)
    F = per_axis("e" if dilated else "F", window)
    S = per_axis("S", strides)
    return tuple(
        (f"{letter}_out", {"W": f"{letter}_in", "F": F[axis], "S": S[axis]})
        for axis, letter in enumerate(SIZE_LETTERS[rank])
    )
