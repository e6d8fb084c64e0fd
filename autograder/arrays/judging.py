"""What is wrong with an array, in words, and the mistake that explains it."""

from typing import TYPE_CHECKING, Any

from autograder.arrays.causes import CAUSES, Causes
from autograder.arrays.computation import Computation
from autograder.arrays.mistakes import array_mistakes, layer_mistakes
from autograder.arrays.shapes import shape_mistakes
from autograder.errors import WrongAnswer
from autograder.questions import AXES
from course.layers.base import Shape

if TYPE_CHECKING:
    from course.forward.arrays import Array


def wrong_shape(
    answered: Shape, given: Shape, wanted: Shape, computation: Computation | None
) -> WrongAnswer:
    """Which axes are wrong and by what mistake; never the right sizes."""
    names = {3: AXES, 2: AXES[:2], 1: ("length",)}.get(
        len(wanted), tuple(f"size of axis {axis}" for axis in range(len(wanted)))
    )
    if len(given) == len(wanted):
        pairs = list(zip(names, given, wanted, strict=True))
        wrong = ", ".join(f"the {name}" for name, a, b in pairs if a != b)
        right = ", ".join(f"the {name}" for name, a, b in pairs if a == b)
        told = f"Wrong: {wrong}" + (f". Right: {right}" if right else "")
    elif len(wanted) in (1, 2, 3):
        told = f"It should be made of {', '.join(names)}"
    else:
        told = f"It has {len(given)} axes where {len(wanted)} are wanted"
    mistakes = shape_mistakes(wanted, computation)
    found = [causes for causes, shape in mistakes if shape == given]
    problem = f"your array has the shape {answered}. {told}"
    return _wrong(problem, min(found, key=len, default=()), "work out the size of each axis again")


def judge_finite(answer: "Array") -> None:
    """A WrongAnswer for nan and infinity."""
    import numpy as np

    odd = np.argwhere(~np.isfinite(answer))
    if len(odd):
        raise WrongAnswer(
            f"{len(odd)} of {answer.size} values are nan or infinite, the first at "
            f"{_place(odd[0], answer.shape)}",
            "look for a division by zero, or for values that were never filled in",
        )


def judge_values(answer: "Array", right: "Array", computation: Computation | None) -> None:
    """Where the values first differ, and the mistake that yields just these."""
    import numpy as np

    exact = right.dtype.kind in "iu"
    differ = ~close(answer, right, exact)
    if not differ.any():
        return
    place, count = np.argwhere(differ)[0], differ.sum()
    problem = (
        f"{count} of {differ.size} values {'differs' if count == 1 else 'differ'}, the first at "
        f"{_place(place, right.shape)}, where your answer has {answer[tuple(place)]}"
    )
    causes = explain(answer, right, computation, exact)
    raise _wrong(problem, causes, "work that value out by hand and compare")


def _wrong(problem: str, causes: Causes, otherwise: str) -> WrongAnswer:
    """The verdict with its causes, or with other advice where none are known."""
    if not causes:
        return WrongAnswer(problem, otherwise)
    looks = ["It looks as if", *["It also looks as if"] * (len(causes) - 1)]
    told = [f"{look} {CAUSES[cause]}." for look, cause in zip(looks, causes, strict=True)]
    return WrongAnswer("\n".join([f"{problem}.", *told]), causes=causes)


def _place(place: Any, shape: Shape) -> str:
    """An index in words, counted from 0; a single channel is not named."""
    names = {3: ("row", "column", "channel"), 2: ("row", "column"), 1: ("place",)}.get(len(shape))
    if names is None:
        return f"index {tuple(map(int, place))}"
    if len(shape) == 3 and shape[-1] == 1:
        names = names[:2]
    return ", ".join(f"{name} {index}" for name, index in zip(names, place, strict=False))


def close(answer: "Array", wanted: "Array", exact: bool) -> "Array":
    """For each value whether it is the wanted one."""
    import numpy as np

    if exact and answer.dtype.kind in "iu" and wanted.dtype.kind in "iu":
        return np.asarray(answer == wanted)
    wanted = wanted.astype(float, copy=False)
    sizes = np.abs(wanted)
    largest = sizes.max() or 1
    if exact:
        # Whole numbers in floats: what a Fourier transform loses, and float32 above 2**24.
        slack = largest * (1e-9 if largest < 2**24 else 1e-6)
    else:
        slack = 1e-4 * sizes + 1e-5 * largest
    return np.asarray(np.abs(answer.astype(float, copy=False) - wanted) <= slack)


def explain(
    answer: "Array", right: "Array", computation: Computation | None, exact: bool
) -> Causes:
    """The fewest mistakes that yield the answer, () where none are known."""
    import numpy as np

    answer = answer.astype(float)  # once, as nearly all that follows is in floats
    mistakes = list(array_mistakes(answer, right, computation))
    if computation:
        mistakes = [*layer_mistakes(computation), *mistakes]
    for causes, compute in sorted(mistakes, key=lambda mistake: len(mistake[0])):
        wrong = compute()
        if wrong.shape != answer.shape or not np.isfinite(wrong).all():
            continue
        exactly = exact and np.array_equal(wrong, np.rint(wrong))
        if close(answer, wrong, exactly).all() and not close(wrong, right, exact).all():
            return causes
    return ()
