"""What the outputs of layers see: one layer's window, and the receptive field of several."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from course.arithmetic import receptive_field, unchanged
from course.arithmetic.fields import after_window
from course.derivation import Names, Step
from course.errors import SpecError
from course.layers.shapes import AXES, SIZE_LETTERS, Shape

Window = tuple[int, int]
"""Along one axis: how many input cells an output sees, and how far it moves."""
Sight = tuple[Window, ...] | Literal["unchanged", "whole", "unknown"]
"""What an output sees: a window per spatial axis; just what its input saw; the whole input; or
something that no window describes, as after an upsampling."""


@dataclass(frozen=True)
class Seen:
    """What one value sees of the image, along each axis: `field` cells, its neighbour `jump` on.

    Both are empty where no window describes it. What sees the `whole` image can see no more.
    """

    image: Shape
    field: Shape
    jump: Shape
    whole: bool = False

    def after(self, windows: Sight) -> "Seen":
        """The same for an output of a layer with these windows."""
        if windows == "unchanged" or not self.field:
            return self
        if windows == "whole":
            return Seen(self.image, self.image, self.image, whole=True)
        if windows == "unknown" or len(windows) != len(self.field):
            return Seen(self.image, (), ())
        if self.whole:
            return self
        axes = zip(self.field, self.jump, windows, strict=True)
        pairs = [after_window(r, jump, *window) for r, jump, window in axes]
        return Seen(self.image, tuple(r for r, _ in pairs), tuple(jump for _, jump in pairs))


def joined(seen: Sequence[Seen]) -> Seen:
    """What a value sees that is made of several: the widest; unknown where the jumps differ."""
    first = seen[0]
    if len(seen) == 1:
        return first
    if any(not one.field or one.jump != first.jump for one in seen):
        return Seen(first.image, (), ())
    widest = tuple(map(max, *(one.field for one in seen)))
    return Seen(first.image, widest, first.jump)


def field_steps(
    image: Shape, way: Sequence[tuple[tuple[str, ...], Sight]], where: str
) -> tuple[tuple[Step, ...], Names]:
    """The steps to a receptive field on this image, one per axis or one for all, and their names.

    `way` holds each layer's letters for its window and what its outputs see; `where` names the
    layer or network in errors.

    Errors: SpecError where there is no image, or where no window describes what is seen.
    """
    if not image:
        raise SpecError("no image goes in", "ask for a shape or a count", where)
    sights = [sight for _, sight in way]
    windows = [(letters, sight) for letters, sight in way if isinstance(sight, tuple)]
    rank = len(image)
    if "unknown" in sights or any(len(sight) != rank for _, sight in windows):
        raise SpecError("no window describes what an output sees", "ask for a shape", where)
    if "whole" in sights:
        letters = SIZE_LETTERS.get(rank) or tuple(f"n{axis}" for axis in range(1, rank + 1))
        steps = [
            Step("r", unchanged, (size,), {"n": f"{letter}_in"})
            for letter, size in zip(letters, image, strict=True)
        ]
    else:
        steps = [_field_step(axis, windows) for axis in range(rank)]
    if len({step.substituted for step in steps}) == 1:
        return (steps[0],), "r"
    named = tuple(
        step._replace(name=f"r_{axis}") for step, axis in zip(steps, AXES[rank], strict=True)
    )
    # Other windows along another axis may lead to the same number: then it is the one answer.
    equal = len({step.value for step in named}) == 1
    return named, named[0].name if equal else tuple(step.name for step in named)


def _field_step(axis: int, windows: Sequence[tuple[tuple[str, ...], tuple[Window, ...]]]) -> Step:
    """The step for one axis, its windows numbered in order."""
    F, S = zip(*(sight[axis] for _, sight in windows), strict=True) if windows else ((), ())
    F_letters, S_letters = [], []
    for number, (letters, sight) in enumerate(windows, 1):
        sizes, strides = zip(*sight, strict=True)
        F_letters.append(_numbered(letters[axis][0], number, axis, sizes))
        # A stride of 1 is left out of the products, and nothing comes after the last one.
        matters = strides[axis] > 1 and number < len(windows)
        S_letters.append(_numbered("S", number, axis, strides) if matters else "")
    given = {"F": tuple(F_letters), "S": tuple(S_letters)}
    return Step("r", receptive_field, (F, S), given)


def _numbered(letter: str, number: int, axis: int, values: Shape) -> str:
    """F_1, or F_1h where the axes differ."""
    place = AXES[len(values)][axis] if len(set(values)) > 1 else ""
    return f"{letter}_{number}{place}"
