"""Arrays judged value by value: where an answer first differs, and the mistake that explains it.

computation.py   what one layer makes of one image, by the engine and by Keras
reading.py       a student's answer as an array
judging.py       where it differs, in words, and the search for the mistake
causes.py        the mistakes, and what a student is told
mistakes.py      the values that they yield
shapes.py        the shapes that they yield
wrong.py         all of these for one right array, to rehearse the checks with
"""

from typing import Any

from autograder.answers import CheckResult
from autograder.arrays.causes import CAUSES
from autograder.arrays.computation import Computation, given_array
from autograder.arrays.judging import judge_finite, judge_values, wrong_shape
from autograder.arrays.reading import numbers, read, with_axes
from autograder.arrays.wrong import wrong_arrays

__all__ = ["CAUSES", "Computation", "check_array", "wrong_arrays"]


def check_array(answer: Any, expected: Any, *, exact_shape: bool = False) -> CheckResult:
    """Judge an array against a Computation, or against a plain array.

    An answer may be a NumPy array, a TensorFlow tensor, or lists of numbers; a batch of one and
    a single channel may be there or not, and a single row may be a plain list. Whole numbers must
    be equal, others within 1e-4 of each value and 1e-5 of the largest.

    Errors: NotAttempted for None and `...`; WrongAnswer for all that is wrong, in this order: the
    kind of answer, the shape, the kind of numbers, the values. Its `causes` hold the mistakes (of
    CAUSES) that explain it. ReferenceDisagreement where Keras differs; ShapeError for an expected
    array that is none.

    >>> print(check_array([[1, 2], [3, 4]], [[1, 2], [3, 4]]))
    Right: all 4 values of shape (2, 2).
    """
    import numpy as np

    array = read(answer)
    computation = expected if isinstance(expected, Computation) else None
    right = computation.truth() if computation else given_array(expected, "expected array")
    last = computation.channels_last() if computation else None
    first = last is not computation and right.ndim == 3
    given = array if exact_shape else with_axes(array, right.shape, 0 if first else -1)
    if first:
        right = np.moveaxis(right, 0, -1)
        given = np.moveaxis(given, 0, -1) if given.ndim == 3 else given
    with np.errstate(all="ignore"):
        if given.shape != right.shape:
            raise wrong_shape(array.shape, given.shape, right.shape, last)
        judge_finite(numbers(given))
        judge_values(given, right, last)
    agrees = " Keras agrees." if computation else ""
    return CheckResult(f"Right: all {array.size} values of shape {array.shape}.{agrees}")
