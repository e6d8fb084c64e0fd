"""What pooling does with one channel: who wins, what no window reads, what is refused."""

from typing import Any

import numpy as np
import pytest

from course.errors import CourseError, ShapeError, SpecError
from course.pictures.pooling import pooling_html
from course.pictures.pooling_windows import PoolingState, pooled, unread, winners


@pytest.mark.parametrize("image", [[[np.nan, 1.0]], [[-np.inf, -np.inf]], [[np.inf, -np.inf]]])
def test_any_numbers_have_a_winner_inside_the_image(image: Any) -> None:
    work = pooled(PoolingState(image, 2), "same")
    assert winners(work).min() >= 0
    assert "role" in pooling_html(PoolingState(image, 2))


def test_of_equal_values_the_first_is_marked() -> None:
    assert winners(pooled(PoolingState(np.ones((4, 4))), "valid")).tolist() == [[0, 2], [8, 10]]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"image": [1, 2]}, ShapeError),
        ({"image": "text"}, ShapeError),
        ({"image": [[1]], "pool_size": 0}, SpecError),
        ({"image": [[1]], "strides": 0}, SpecError),
        ({"image": [[1]], "kind": "median"}, SpecError),
    ],
    ids=str,
)
def test_what_makes_no_pooling_is_refused(
    arguments: dict[str, Any], error: type[CourseError]
) -> None:
    with pytest.raises(error):
        PoolingState(**arguments)


def test_rows_and_columns_between_windows_are_unread() -> None:
    assert unread(pooled(PoolingState(np.zeros((4, 4)), 1, 2), "valid")) == ([1, 3], [1, 3])


def test_a_channel_beyond_the_last_is_the_last() -> None:
    assert PoolingState(np.zeros((1, 4, 2)), (1, 2), channel=9).channel == 1
