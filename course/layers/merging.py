"""Layers with several inputs: sums and the like, and concatenation.

They take a tuple of shapes, one per input, where other layers take a shape. Axes count the batch
as axis 0, as in Keras: the channels of (height, width, channels) are axis 3 or -1. No parameters;
multiply-accumulates are 0: nothing is weighted.
"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from course.arithmetic import broadcast_size, joined_size, unchanged
from course.derivation import Derivation, Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import integer
from course.layers.axes import kept_places
from course.layers.base import Layer, Shape, size_letters, whole_shape
from course.layers.fields import argument

Shapes = tuple[Shape, ...]


class Merge(Layer):
    """A layer with several inputs; its questions take a tuple of shapes."""

    inputs: ClassVar[int | None] = None
    """How many inputs it takes; None for one or more."""

    def plain_shape(self, shape: Any) -> Any:
        """The shapes as tuples of ints that this layer can take together, or a ShapeError."""
        if not isinstance(shape, tuple | list) or not all(
            isinstance(entry, tuple | list) for entry in shape
        ):
            raise self._misfit(f"it takes a tuple of shapes, one for each input, not {shape!r}")
        shapes = tuple(whole_shape(entry, self.label) for entry in shape)
        if self.inputs not in (None, len(shapes)):
            raise self._misfit(f"it takes exactly {self.inputs} inputs, not {len(shapes)}")
        if not shapes:
            raise self._misfit("it takes at least one input, not 0")
        self.check_input(shapes)
        return shapes

    def _misfit(self, problem: str) -> ShapeError:
        return ShapeError(problem, "give shapes such as ((8, 8, 3), (8, 8, 3))", self.label)

    def check_input(self, input_shape: Any) -> None:
        """Raise a ShapeError if these shapes do not go together."""

    def shape_steps(self, input_shape: Any) -> tuple[Step, ...]:
        raise NotImplementedError

    # What users ask, of several shapes -----------------------------------------------------------

    def output_shape(self, input_shape: Any) -> Shape:
        """The shape that comes out for one input of each of the shapes."""
        return super().output_shape(input_shape)

    def derivation(self, quantity: str, input_shape: Any) -> Derivation:
        """The working of one of QUANTITIES for inputs of these shapes."""
        if quantity == "receptive_field":
            raise SpecError(
                "its inputs may see different parts of the image", "ask a Stack", self.label
            )
        return super().derivation(quantity, input_shape)


@dataclass(frozen=True, repr=False, init=False)
class Elementwise(Merge, Layer):
    """What Add, Multiply and the like share: inputs combined value by value; make one of those.

    Shapes are laid against each other from their last number on; where sizes differ, one of them
    must be 1, and its single value is used for all. A shape that is shorter is used for all of
    what it lacks.
    """

    def check_input(self, input_shape: Any) -> None:
        for axis in range(1, 1 + max(map(len, input_shape))):
            found = {shape[-axis] for shape in input_shape if len(shape) >= axis} - {1}
            if len(found) > 1:
                raise ShapeError(
                    f"the shapes {input_shape} cannot be combined value by value: on axis {-axis} "
                    f"they have {' and '.join(map(str, sorted(found)))}",
                    "make the sizes equal, or one of them 1",
                    self.label,
                )

    def shape_steps(self, input_shape: Any) -> tuple[Step, ...]:
        longest = max(input_shape, key=len)
        letters = size_letters(longest)
        return tuple(
            _broadcast_step(letters[-axis], axis, input_shape)
            for axis in range(len(longest), 0, -1)
        )


def _broadcast_step(letter: str, axis: int, shapes: Shapes) -> Step:
    """One size of the output: the inputs' common size, or the one that is not 1."""
    sizes = {f"{letter}_{i}": s[-axis] for i, s in enumerate(shapes, 1) if len(s) >= axis}
    (first, size), *others = sizes.items()
    for other, different in others:
        if different != size:
            given = {"a": first, "b": other}
            return Step(f"{letter}_out", broadcast_size, (size, different), given)
    return Step(f"{letter}_out", unchanged, (size,), {"n": first})


@dataclass(frozen=True, repr=False, init=False)
class Add(Elementwise):
    """The sum of its inputs, value by value, as where a residual network takes a shortcut.

    Output: the inputs' common shape; a size of 1 is stretched to the others'. No parameters, and
    0 multiply-accumulates: nothing is weighted.

    Errors: ShapeError for shapes that do not go together. Source: the Keras documentation of Add.

    >>> Add().output_shape(((8, 8, 64), (8, 8, 64))), Add().output_shape(((8, 8, 64), (1, 1, 64)))
    ((8, 8, 64), (8, 8, 64))
    """


@dataclass(frozen=True, repr=False, init=False)
class Subtract(Elementwise):
    """The first of two inputs less the second. Shapes, errors and source: as Add.

    >>> Subtract().output_shape(((10,), (10,)))
    (10,)
    """

    inputs: ClassVar[int | None] = 2


@dataclass(frozen=True, repr=False, init=False)
class Multiply(Elementwise):
    """The product of its inputs, value by value. Shapes, errors and source: as Add.

    Its multiply-accumulates count as 0, as all that is done value by value.

    >>> Multiply().output_shape(((8, 8, 64), (64,)))
    (8, 8, 64)
    """


@dataclass(frozen=True, repr=False, init=False)
class Average(Elementwise):
    """The mean of its inputs, value by value. Shapes, errors and source: as Add.

    >>> Average().output_shape(((10,), (10,), (10,)))
    (10,)
    """


@dataclass(frozen=True, repr=False, init=False)
class Maximum(Elementwise):
    """The largest of its inputs, value by value. Shapes, errors and source: as Add.

    >>> Maximum().output_shape(((10,), (10,)))
    (10,)
    """


@dataclass(frozen=True, repr=False, init=False)
class Minimum(Elementwise):
    """The smallest of its inputs, value by value. Shapes, errors and source: as Add.

    >>> Minimum().output_shape(((10,), (10,)))
    (10,)
    """


@dataclass(frozen=True, repr=False, init=False)
class Concatenate(Merge, Layer):
    """Its inputs one after the other along `axis`, by default the channels.

    Output: the inputs' sizes, those along the axis added up. No parameters, 0 MACs.

    Errors: SpecError for an axis that is no whole number; ShapeError for the batch axis, for one
    that the inputs lack, and for inputs that differ on another axis.
    Source: the Keras documentation of Concatenate.

    >>> Concatenate().output_shape(((28, 28, 64), (28, 28, 128), (28, 28, 32)))
    (28, 28, 224)
    """

    axis: int = argument(integer, -1)

    def check_input(self, input_shape: Any) -> None:
        place = self._place(input_shape)
        others = {shape[:place] + shape[place + 1 :] for shape in input_shape}
        if len(others) > 1 or len(set(map(len, input_shape))) > 1:
            raise ShapeError(
                f"the shapes {input_shape} differ on other axes than axis={self.axis}",
                "make all other sizes equal; axis counts the batch as 0",
                self.label,
            )

    def _place(self, shapes: Shapes) -> int:
        (place,) = kept_places(self.axis, shapes[0], self)
        return place - 1

    def shape_steps(self, input_shape: Any) -> tuple[Step, ...]:
        place, letters = self._place(input_shape), size_letters(input_shape[0])
        kept = [
            Step(f"{letter}_out", unchanged, (size,), {"n": f"{letter}_1"})
            for letter, size in zip(letters, input_shape[0], strict=True)
        ]
        kept[place] = (kept[place], *self._sums(input_shape))[-1]
        return tuple(kept)

    def _sums(self, shapes: Shapes) -> tuple[Step, ...]:
        """The sum along the axis, input by input: D_1to2 = D_1 + D_2, D_out = D_1to2 + D_3."""
        place = self._place(shapes)
        letter = size_letters(shapes[0])[place]
        name, total, steps = f"{letter}_1", shapes[0][place], []
        for i, shape in enumerate(shapes[1:], 2):
            given = {"a": name, "b": f"{letter}_{i}"}
            name = f"{letter}_out" if i == len(shapes) else f"{letter}_1to{i}"
            steps.append(Step(name, joined_size, (total, shape[place]), given))
            total += shape[place]
        return tuple(steps)

    def derivation(self, quantity: str, input_shape: Any) -> Derivation:
        working = super().derivation(quantity, input_shape)
        if quantity != "output_shape":
            return working
        partial = self._sums(self.plain_shape(input_shape))[:-1]
        return replace(working, steps=(*partial, *working.steps))
