"""Layers that slide a window over the input: the sizes and pads of convolution and pooling."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from course.arithmetic import (
    causal_padding,
    explicit_size,
    larger_half,
    same_padding,
    same_size,
    smaller_half,
    two_sided_size,
    unchanged,
    valid_size,
)
from course.derivation import Names, Step
from course.errors import ShapeError
from course.layers.arguments import Pads
from course.layers.base import AXES, SIZE_LETTERS, Layer, Shape, Sight, per_axis

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

    @property
    def channels_first(self) -> bool:
        return self.data_format == "channels_first"

    def depth(self, input_shape: Shape) -> int:
        """The number of channels."""
        return input_shape[-1 if self.data_format == "channels_last" else 0]

    def check_input(self, input_shape: Shape) -> None:
        if len(input_shape) == self.rank + 1:
            return
        names = " and ".join(AXIS_NAMES[self.rank])
        given = "1 number" if len(input_shape) == 1 else f"{len(input_shape)} numbers"
        raise ShapeError(
            f"the input shape {input_shape} has {given} where {names} and the channels are "
            f"wanted, {self.rank + 1} in all",
            "leave the batch out, and give a grayscale image its 1 channel, as in (28, 28, 1)"
            if self.rank == 2
            else "leave the batch out, and give the channels",
            self.label,
        )

    def in_order(self, sizes: tuple[Step, ...], depth: Step) -> tuple[Step, ...]:
        """The steps in the order in which the data format puts their results."""
        return (depth, *sizes) if self.channels_first else (*sizes, depth)


class Sliding(Spatial):
    """A layer whose outputs each come from one window of the input."""

    strides: tuple[int, ...]
    padding: str | Pads
    window_argument: ClassVar[str]
    depth_letter: ClassVar[str] = "D_in"
    """What the output's depth is equal to."""

    @property
    def window_size(self) -> tuple[int, ...]:
        """The window along each axis, gaps of a dilation counted."""
        raise NotImplementedError

    def output_depth(self, depth: int) -> int:
        """The number of channels of the output."""
        return depth

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = self.plain_shape(input_shape)
        sizes, depth = self.output_sizes(shape), self.output_depth(self.depth(shape))
        return (depth, *sizes) if self.channels_first else (*sizes, depth)

    def output_sizes(self, shape: Shape) -> Shape:
        """The sizes of the output along its spatial axes."""
        return tuple([formula(*given) for formula, given in self.size_calls(self.spatial(shape))])

    def size_calls(self, spatial: Shape) -> list[tuple[Callable[..., int], tuple[int, ...]]]:
        """Per spatial axis, the formula of its output size and the numbers to put in."""
        if self.padding == "same" or self.padding == "causal":
            return [(same_size, pair) for pair in zip(spatial, self.strides, strict=True)]
        if self.padding == "valid":
            triples = zip(spatial, self.window_size, self.strides, strict=True)
            return [(valid_size, triple) for triple in triples]
        return [self._explicit_call(axis, W) for axis, W in enumerate(spatial)]

    def _explicit_call(self, axis: int, W: int) -> tuple[Callable[..., int], tuple[int, ...]]:
        F, S = self.window_size[axis], self.strides[axis]
        before, after = self.added(axis)
        if before == after:
            return explicit_size, (W, F, before, S)
        return two_sided_size, (W, F, before, after, S)

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        depth = self.depth_step(self.depth(input_shape))
        return self.in_order(self.size_steps(input_shape), depth)

    def depth_step(self, depth: int) -> Step:
        """The step to the number of channels of the output."""
        return Step("D_out", unchanged, (self.output_depth(depth),), {"n": self.depth_letter})

    def size_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        """One step per spatial axis."""
        calls = self.size_calls(self.spatial(input_shape))
        letters = self._size_letters()
        return tuple(
            Step(f"{letter}_out", formula, numbers, letters[axis])
            for axis, (letter, (formula, numbers)) in enumerate(
                zip(SIZE_LETTERS[self.rank], calls, strict=True)
            )
        )

    def window_letters(self) -> tuple[str, ...]:
        """How the window is written along each axis."""
        return per_axis("F", self.window_size)

    def _size_letters(self) -> tuple[Mapping[str, str], ...]:
        """Per axis, how the parameters of the size formulas are written."""
        F = self.window_letters()
        S = per_axis("S", self.strides)
        given = () if isinstance(self.padding, str) else self.padding
        P = ("P",) * self.rank if len(set(given)) <= 1 else [f"P_{a}" for a in AXES[self.rank]]
        return tuple(
            {"W": f"{size}_in", "F": F[axis], "S": S[axis], "P": P[axis]}
            | {"P_1": f"P_{first}", "P_2": f"P_{last}"}
            for axis, (size, (first, last)) in enumerate(
                zip(SIZE_LETTERS[self.rank], SIDES[self.rank], strict=True)
            )
        )

    def is_default(self, argument: str, value: Any) -> bool:
        # The padding is named even where it is the default: half of all mistakes are about it.
        return argument != "padding" and super().is_default(argument, value)

    def added(self, axis: int) -> tuple[int, int]:
        """The zeros that the arguments name for this axis; none for 'valid'."""
        return (0, 0) if isinstance(self.padding, str) else self.padding[axis]

    def check_input(self, input_shape: Shape) -> None:
        if len(input_shape) != self.rank + 1:
            super().check_input(input_shape)
        if self.padding == "same" or self.padding == "causal":
            return
        spatial = self.spatial(input_shape)
        for axis, F in enumerate(self.window_size):
            if F > spatial[axis] + sum(self.added(axis)):
                raise self._too_large(axis, spatial[axis])

    def _too_large(self, axis: int, size: int) -> ShapeError:
        window, (before, after) = self.window_size[axis], self.added(axis)
        padded = f" with padding {(before, after)}" if before or after else ""
        return ShapeError(
            f"window {window} is larger than {AXIS_NAMES[self.rank][axis]} {size}{padded}",
            f"use a smaller {self.window_argument} or "
            + ("more padding" if padded else "padding='same'"),
            self.label,
        )

    def windows(self, input_shape: Shape) -> Sight:
        return tuple(zip(self.window_size, self.strides, strict=True))

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        sides = side_names(self.rank)
        if self.padding == "causal":
            (before, after), e = sides[0], self.window_size[0]
            first = Step(before, causal_padding, (e,), {"F": self.window_letters()[0]})
            return (*self.lead_steps(), first, Step(after, unchanged, (0,), {"n": "0"})), sides
        if self.padding != "same":
            return given_pads(sides, tuple(map(self.added, range(self.rank)))), sides
        steps: list[Step] = []
        letters = self._size_letters()
        for axis, size in enumerate(self.size_steps(input_shape)):
            W, F, S = self.spatial(input_shape)[axis], self.window_size[axis], self.strides[axis]
            total = Step(
                f"P_{AXIS_NAMES[self.rank][axis]}",
                same_padding,
                (W, F, S, size.value),
                {**letters[axis], "o": size.name},
            )
            before, after = sides[axis]
            steps += [
                size,
                total,
                Step(before, smaller_half, (total.value,), {"P": total.name}),
                Step(after, larger_half, (total.value,), {"P": total.name}),
            ]
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
        Step(side, unchanged, (amount,), {"n": str(amount)})
        for pair, both in zip(sides, amounts, strict=True)
        for side, amount in zip(pair, both, strict=True)
    )
