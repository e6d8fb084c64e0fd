"""A computation is what it says, keeps what it was given, and is refused where it is none."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder import NotAttempted, OurFault, WrongAnswer
from autograder.checks.arrays import Computation, check_array
from course import ShapeError, SpecError
from course import layers as L
from tests.course.test_forward import IMAGE, KERNEL, RESULT

RIGHT = np.array(RESULT)


def test_a_computation_keeps_copies_that_nobody_changes() -> None:
    image, kernel = IMAGE.copy(), KERNEL.copy()
    computation = Computation(L.Conv2D(1, 3, use_bias=False), image, kernel)
    image[:], kernel[:] = 0, 0
    assert computation.expected()[..., 0].tolist() == RESULT
    halves = IMAGE / 2
    Computation(L.Flatten(), halves)
    halves[:] = 0
    with pytest.raises(ValueError, match="read-only"):
        computation.image[:] = 0
    with pytest.raises(AttributeError):
        computation.image = IMAGE  # type: ignore[misc]
    assert repr(computation) == ("Computation(layer=Conv2D(1, 3, padding='valid', use_bias=False))")


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: Computation("conv", IMAGE), SpecError, "'conv' is no layer"),  # type: ignore[arg-type]
        (lambda: Computation(L.Conv3D(1, 3), IMAGE), SpecError, "Conv3D is not computed in NumPy"),
        (lambda: Computation(L.Dense(1, "gelu"), [1], [[1]], [1]), SpecError, "activation 'gelu'"),
        (
            lambda: Computation(L.Conv2D(1, 3), IMAGE, KERNEL),
            ShapeError,
            "expected weights of shape kernel (3, 3, 3, 1) and bias (1,), given (3, 3, 3, 1)",
        ),
        (
            lambda: Computation(L.Conv2D(1, 3), IMAGE, KERNEL[:2], [1]),
            ShapeError,
            "expected weights of shape kernel (3, 3, 3, 1)",
        ),
        (
            lambda: Computation(L.MaxPooling2D(), IMAGE, KERNEL),
            ShapeError,
            "expected weights of shape none",
        ),
        (lambda: Computation(L.MaxPooling2D(), IMAGE[..., 0]), ShapeError, "give a grayscale"),
        (lambda: Computation(L.MaxPooling2D(), IMAGE[None]), ShapeError, "leave the batch out"),
        (lambda: Computation(L.Flatten(), RIGHT), ShapeError, "is taken for a batch; give the"),
        (lambda: Computation(L.Flatten(), None), ShapeError, "the image holds object values"),
        (lambda: Computation(L.Flatten(), [np.inf]), ShapeError, "the image holds no values, or"),
        (lambda: Computation(L.Flatten(), []), ShapeError, "the image holds no values"),
        (lambda: Computation(L.Dense(1), [1], [[np.nan]], [1]), ShapeError, "the kernel holds no"),
        (lambda: check_array([1], []), ShapeError, "the expected array holds no values"),
        (lambda: check_array([1], "abc"), ShapeError, "the expected array holds <U3 values"),
    ],
)
def test_what_makes_no_computation_is_named(
    make: Callable[[], Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=re.escape(says)):
        make()


class Wrong(Computation):
    """One whose Keras gives something else."""

    def ask_keras(self) -> Any:
        return super().ask_keras() + 0.25


class Failing(Computation):
    """One whose Keras fails."""

    def ask_keras(self) -> Any:
        raise MemoryError("no room")


@pytest.mark.parametrize(
    ("kind", "says"),
    [(Wrong, "disagree on the output"), (Failing, "Keras stops with MemoryError: no room")],
)
def test_references_that_differ_judge_no_answer(kind: type[Computation], says: str) -> None:
    computation = kind(L.Conv2D(1, 3, use_bias=False), IMAGE, KERNEL)
    for answer in (RIGHT, RIGHT + 1):
        with pytest.raises(OurFault) as caught:
            check_array(answer, computation)
        assert says in str(caught.value)
        assert "; this is a fault of the course" in str(caught.value)
        assert not re.search(r"58\d\d", str(caught.value))
    with pytest.raises(NotAttempted):
        check_array(..., computation)


def test_float32_loses_digits_of_large_numbers_without_a_disagreement() -> None:
    large = Computation(L.Dense(1, use_bias=False), [2**24 + 1, 2**24], [[1], [-1]])
    assert check_array([1], large)
    with pytest.raises(WrongAnswer):
        check_array([2], large)
