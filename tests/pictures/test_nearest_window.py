"""The window nearest to a pixel: of windows that touch, the one that the pixel lies in."""

import numpy as np

from course import layers as L
from course.pictures.nearest_window import nearest_output

SHAPE = (5, 5, 1)


def test_each_pixel_leads_to_the_window_around_it() -> None:
    for row, column in np.ndindex(4, 4):
        found = nearest_output(L.MaxPooling2D(2), SHAPE, (row, column))
        assert found == (row // 2, column // 2)


def test_what_lies_beyond_the_windows_leads_to_the_last() -> None:
    assert nearest_output(L.MaxPooling2D(2), SHAPE, (4, 4)) == (1, 1)
    assert nearest_output(L.MaxPooling2D(2, padding="same"), SHAPE, (5, 5)) == (2, 2)
