"""Dot products between two inputs: the one merging layer that multiplies and adds up."""

from dataclasses import dataclass
from typing import Any, ClassVar

from course.arithmetic import dot_macs, unchanged
from course.derivation import Step
from course.errors import ShapeError, SpecError
from course.layers.arguments import boolean, integer
from course.layers.axes import kept_places
from course.layers.base import Layer, Sight, size_letters
from course.layers.fields import argument
from course.layers.merging import Merge, Shapes


def _one_or_two(value: Any, name: str) -> int | tuple[int, ...]:
    if not isinstance(value, tuple | list):
        return integer(value, name)
    if len(value) != 2:
        raise SpecError(
            f"{name} needs one axis for each of two inputs, not {value!r}",
            f"write {name}=-1 or {name}=(1, 2)",
        )
    return tuple(integer(axis, name) for axis in value)


@dataclass(frozen=True, repr=False, init=False)
class Dot(Merge, Layer):
    """Dot products of two inputs along an axis of each: `axes` is one for both, or a pair.

    Output: the sizes of the first input, then of the second, each without its axis; (1,) where
    nothing is left. normalize=True divides by the lengths first, which gives cosines. No
    parameters. MACs: one for each of the numbers along the axis, for each number of the output.

    Errors: SpecError for axes that are neither an int nor two; ShapeError for the batch axis, for
    one that an input lacks, and for sizes that differ. Source: the Keras documentation of Dot.

    >>> layer = Dot(axes=(1, 2))
    >>> layer.output_shape(((3, 5), (10, 3))), layer.macs(((3, 5), (10, 3)))
    ((5, 10), 150)
    """

    inputs: ClassVar[int | None] = 2

    axes: int | tuple[int, ...] = argument(_one_or_two)
    normalize: bool = argument(boolean, False)

    def _places(self, shapes: Shapes) -> list[int]:
        pair = self.axes if isinstance(self.axes, tuple) else (self.axes, self.axes)
        both = zip(pair, shapes, strict=True)
        return [kept_places(axis, shape, self, "axes")[0] - 1 for axis, shape in both]

    def check_input(self, input_shape: Any) -> None:
        (first, second), (a, b) = input_shape, self._places(input_shape)
        if first[a] != second[b]:
            raise ShapeError(
                f"axes={self.axes} pairs {first[a]} numbers of {first} with {second[b]} of "
                f"{second}",
                "choose axes of equal size; axis 0 is the batch",
                self.label,
            )

    def shape_steps(self, input_shape: Any) -> tuple[Step, ...]:
        kept = [
            (size, f"{letter}_{i}")
            for i, (shape, place) in enumerate(
                zip(input_shape, self._places(input_shape), strict=True), 1
            )
            for axis, (size, letter) in enumerate(zip(shape, size_letters(shape), strict=True))
            if axis != place
        ] or [(1, "1")]
        letters = size_letters(tuple(size for size, _ in kept))
        return tuple(
            Step(f"{letter}_out", unchanged, (size,), {"n": source})
            for letter, (size, source) in zip(letters, kept, strict=True)
        )

    def count_step(self, quantity: str, input_shape: Any) -> Step | None:
        if quantity != "macs":
            return None
        steps = self.shape_steps(input_shape)
        place = self._places(input_shape)[0]
        summed = f"{size_letters(input_shape[0])[place]}_1"
        letters: dict[str, str | tuple[str, ...]] = {"m": summed}
        letters["n"] = tuple(step.name for step in steps)
        sizes = tuple(step.value for step in steps)
        return Step("MACs", dot_macs, (sizes, input_shape[0][place]), letters)

    def windows(self, input_shape: Any) -> Sight:
        return "unknown"
