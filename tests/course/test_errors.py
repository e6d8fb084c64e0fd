"""The course's errors: what they are, and how they are shown."""

import pickle

import pytest

from course import CourseError, ShapeError, SpecError
from course import layers as L


@pytest.mark.parametrize("kind", [SpecError, ShapeError])
def test_errors_are_value_errors_of_the_course(kind: type[CourseError]) -> None:
    assert issubclass(kind, CourseError)
    assert issubclass(kind, ValueError)


def test_a_notebook_shows_the_message_alone() -> None:
    with pytest.raises(SpecError) as caught:
        L.Conv2D(0, 3, name="first")
    assert caught.value._render_traceback_() == [
        "SpecError: Conv2D 'first': filters must be at least 1, not 0; "
        "give filters a positive whole number"
    ]


def test_an_error_shows_no_inner_cause() -> None:
    with pytest.raises(SpecError) as caught:
        L.Conv2D(8, 3, stride=2)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_error_survives_the_way_to_another_process() -> None:
    error = ShapeError("window 5 is larger than height 4", "use padding='same'", where="pool2")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ShapeError
    assert str(again) == str(error)
    assert again.where == "pool2"
