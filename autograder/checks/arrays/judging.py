"""What is wrong with an array, in words, and the mistake that explains it."""

from typing import TYPE_CHECKING, Any

from autograder.checks.arrays.causes import CAUSES, Causes
from autograder.checks.arrays.computation import Computation
from autograder.checks.arrays.mistakes import array_mistakes, layer_mistakes
from autograder.checks.arrays.shapes import shape_mistakes
from autograder.questions import AXES, AXIS_NAMES
from autograder.verdicts import Judgement, Message, lines, text, wrong
from course.layers.base import Shape

if TYPE_CHECKING:
    from course.forward.arrays import Array

LENGTH = text("axis.length", "the length")
SIZE_OF_AXIS = text("axis.size", "the size of axis {axis}")
SOME_RIGHT = text("array.sizes.some-right", "Wrong: {wrong:comma}. Right: {right:comma}")
ALL_WRONG = text("array.sizes.wrong", "Wrong: {wrong:comma}")
MADE_OF = {
    1: text("array.sizes.length", "It should be made of length"),
    2: text("array.sizes.image", "It should be made of height, width"),
    3: text("array.sizes.volume", "It should be made of height, width, depth"),
}
OTHER_AXES = text("array.sizes.other-axes", "It has {given} axes where {wanted} are wanted")
OTHER_SHAPE = text("array.other-shape", "your array has the shape {shape}. {sizes}")
NOT_FINITE = text(
    "array.not-finite",
    "{count} of {size} values are nan or infinite, the first at {place}; look for a division by "
    "zero, or for values that were never filled in",
)
DIFFERS = text(
    "array.differs",
    "{count} of {size} values differs, the first at {place}, where your answer has {value}",
)
DIFFER = text(
    "array.differ",
    "{count} of {size} values differ, the first at {place}, where your answer has {value}",
)
WITH_ADVICE = text("array.with-advice", "{problem}; {advice}")
SIZES_AGAIN = text("advice.sizes", "work out the size of each axis again")
BY_HAND = text("advice.by-hand", "work that value out by hand and compare")
STOP = text("array.stop", "{problem}.")
LOOKS = text("array.looks-as-if", "It looks as if {cause}.")
ALSO_LOOKS = text("array.also-looks-as-if", "It also looks as if {cause}.")


def judge_shape(
    answered: Shape, given: Shape, wanted: Shape, computation: Computation | None
) -> Judgement:
    """Which axes are wrong and by what mistake; never the right sizes."""
    names = _axis_names(len(wanted))
    if len(given) == len(wanted):
        pairs = list(zip(names, given, wanted, strict=True))
        off = tuple(name for name, a, b in pairs if a != b)
        good = tuple(name for name, a, b in pairs if a == b)
        sizes = SOME_RIGHT(wrong=off, right=good) if good else ALL_WRONG(wrong=off)
    elif len(wanted) in MADE_OF:
        sizes = MADE_OF[len(wanted)]()
    else:
        sizes = OTHER_AXES(given=len(given), wanted=len(wanted))
    mistakes = shape_mistakes(wanted, computation)
    found = [causes for causes, shape in mistakes if shape == given]
    problem = OTHER_SHAPE(shape=answered, sizes=sizes)
    return _wrong(problem, min(found, key=len, default=()), SIZES_AGAIN())


def _axis_names(count: int) -> tuple[Message, ...]:
    """What the axes of an array are called."""
    if count == 1:
        return (LENGTH(),)
    if count > len(AXES):
        return tuple(SIZE_OF_AXIS(axis=axis) for axis in range(count))
    return tuple(AXIS_NAMES[axis]() for axis in AXES[:count])


def judge_finite(answer: "Array") -> Judgement | None:
    """The verdict on nan and infinity, if there are any."""
    import numpy as np

    odd = np.argwhere(~np.isfinite(answer))
    if not len(odd):
        return None
    place = _place(odd[0], answer.shape)
    return wrong(NOT_FINITE(count=len(odd), size=answer.size, place=place), ("not-finite",))


def judge_values(
    answer: "Array", right: "Array", computation: Computation | None
) -> Judgement | None:
    """Where the values first differ, if they do, and the mistake that yields just these."""
    import numpy as np

    exact = right.dtype.kind in "iu"
    differ = ~close(answer, right, exact)
    if not differ.any():
        return None
    place, count = np.argwhere(differ)[0], int(differ.sum())
    problem = (DIFFERS if count == 1 else DIFFER)(
        count=count,
        size=differ.size,
        place=_place(place, right.shape),
        value=f"{answer[tuple(place)]}",
    )
    return _wrong(problem, explain(answer, right, computation, exact), BY_HAND())


def _wrong(problem: Message, causes: Causes, otherwise: Message) -> Judgement:
    """The verdict with its causes, or with other advice where none are known."""
    if not causes:
        return wrong(WITH_ADVICE(problem=problem, advice=otherwise))
    looks = [LOOKS, *[ALSO_LOOKS] * (len(causes) - 1)]
    told = [look(cause=CAUSES[cause]()) for look, cause in zip(looks, causes, strict=True)]
    return wrong(lines(STOP(problem=problem), *told), causes)


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
