"""Arrays judged value by value: where an answer first differs, and the mistake that explains it.

computation.py   what one layer makes of one image, by the engine and by Keras
reading.py       a student's answer as an array
judging.py       where it differs, in words, and the search for the mistake
causes.py        the mistakes, and what a student is told
mistakes.py      the values that they yield
shapes.py        the shapes that they yield
wrong_arrays.py  all of these for one right array, to rehearse the checks with
"""

from typing import Any

from autograder.checks.arrays.causes import CAUSES
from autograder.checks.arrays.computation import Computation, given_array
from autograder.checks.arrays.judging import judge_finite, judge_shape, judge_values
from autograder.checks.arrays.reading import array_of, require_numbers, with_axes
from autograder.checks.arrays.wrong_arrays import wrong_arrays
from autograder.judge import Asked, ask_judge
from autograder.verdicts import CheckResult, Judgement, right, sentences, text

__all__ = ["CAUSES", "Computation", "check_array", "judge_array", "wrong_arrays"]

RIGHT = text("right.array", "Right: all {count} values of shape {shape}.")


def check_array(answer: Any, expected: Any, *, exact_shape: bool = False) -> CheckResult:
    """Judge an array against a Computation, or against a plain array.

    An answer may be a NumPy array, a TensorFlow tensor, or lists of numbers; a batch of one and
    a single channel may be there or not, and a single row may be a plain list. Whole numbers must
    be equal up to what float32 loses above 2**24, others within 1e-4 of each value and 1e-5 of
    the largest.

    Errors: NotAttempted for None and `...`; WrongAnswer for all that is wrong, in this order: the
    kind of answer, the shape, the kind of numbers, the values. OurFault where Keras differs or
    fails; ShapeError for an expected array that is none.

    >>> print(check_array([[1, 2], [3, 4]], [[1, 2], [3, 4]]))
    Right: all 4 values of shape (2, 2).
    """
    result: CheckResult = ask_judge(
        Asked("check_array", answer, expected),
        lambda: judge_array(answer, expected, exact_shape=exact_shape),
    )
    return result


def judge_array(answer: Any, expected: Any, *, exact_shape: bool = False) -> Judgement:
    """What `check_array` concludes. Errors: the Verdict of what cannot be judged."""
    import numpy as np

    array = array_of(answer)
    computation = expected if isinstance(expected, Computation) else None
    settled = computation.truth() if computation else None
    wanted = settled.value if settled else given_array(expected, "expected array")
    last = computation.channels_last() if computation else None
    first = last is not computation and wanted.ndim == 3
    given = array if exact_shape else with_axes(array, wanted.shape, 0 if first else -1)
    if first:
        wanted = np.moveaxis(wanted, 0, -1)
        given = np.moveaxis(given, 0, -1) if given.ndim == 3 else given
    with np.errstate(all="ignore"):
        if given.shape != wanted.shape:
            return judge_shape(array.shape, given.shape, wanted.shape, last)
        wrong = judge_finite(require_numbers(given)) or judge_values(given, wanted, last)
    if wrong:
        return wrong
    agree = RIGHT(count=array.size, shape=array.shape)
    return right(sentences(agree, settled.confirmation if settled else None))
