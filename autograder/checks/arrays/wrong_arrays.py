"""The wrong arrays that the known mistakes lead to, to rehearse the checks with."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from autograder.checks.arrays.causes import Causes
from autograder.checks.arrays.computation import Computation, given_array
from autograder.checks.arrays.judging import close
from autograder.checks.arrays.mistakes import Explanation, array_mistakes, layer_mistakes
from autograder.checks.arrays.reading import with_axes
from autograder.checks.arrays.shapes import shape_mistakes

if TYPE_CHECKING:
    from course.forward.arrays import Array


def wrong_arrays(expected: Any) -> "Iterator[tuple[Causes, Array]]":
    """The mistakes that `check_array` knows, each with the array that it makes of the right one.

    Fewest mistakes first. Each array comes once, under the mistakes that `check_array` finds
    first, and none is right. Of wrong shapes too: there is one array of each, and only its shape
    is the mistake's.

    Errors: ShapeError for an expected array that is none.

    >>> causes, array = next(wrong_arrays([[1, 2], [3, 4]]))
    >>> causes, array.tolist()
    (('transposed',), [[1.0, 3.0], [2.0, 4.0]])
    """
    import numpy as np

    computation = expected if isinstance(expected, Computation) else None
    right = computation.expected() if computation else given_array(expected, "expected array")
    last = computation.channels_last() if computation else None
    first = last is not computation and right.ndim == 3
    for causes, array in _distinct(np.moveaxis(right, 0, -1) if first else right, last):
        yield causes, np.array(np.moveaxis(array, -1, 0) if first and array.ndim == 3 else array)


def _distinct(right: "Array", computation: Computation | None) -> "list[tuple[Causes, Array]]":
    """The mistakes' arrays, fewest mistakes first, each of them once."""
    import numpy as np

    exact = right.dtype.kind in "iu"
    found: list[tuple[Causes, Array]] = [((), right)]
    with np.errstate(all="ignore"):
        for causes, compute in sorted(_mistakes(right, computation), key=lambda each: len(each[0])):
            array = with_axes(compute(), right.shape, -1)
            alike = [other for _, other in found if other.shape == array.shape]
            if array.shape == right.shape:
                alike = [other for other in alike if close(array, other, exact).all()]
            # Of another shape one array is enough, as its values are not looked at.
            if not alike and np.isfinite(array).all():
                found.append((causes, array))
    return found[1:]


def _mistakes(right: "Array", computation: Computation | None) -> Iterator[Explanation]:
    """All mistakes; where one is fitted to the answer, as a factor is, fitted to an example."""
    import numpy as np

    if computation:
        yield from layer_mistakes(computation)
    yield from array_mistakes(right, right, computation)
    for answer in _examples(right.astype(float)):
        for causes, compute in array_mistakes(answer, right, computation):
            array = compute()
            if array.shape == answer.shape and np.allclose(array, answer):
                yield causes, compute
    for causes, shape in shape_mistakes(right.shape, computation):
        if causes:
            yield causes, partial(np.resize, right, shape)


def _examples(values: "Array") -> Iterator["Array"]:
    """Answers out of order, out of scale, and off by one factor and by one amount."""
    import numpy as np

    if values.ndim:
        yield np.roll(values, 1, -1)
    yield values * 255
    yield values / 255
    yield values * 2
    yield values + (np.abs(values).max() or 1)
