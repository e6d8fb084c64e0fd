"""Matrices beside each other: what is shown of each, and what is refused."""

import re

import numpy as np
import pytest

from course.errors import ShapeError
from course.pictures.side_by_side import SideBySide, side_by_side_html


def test_each_matrix_stands_below_its_caption_with_its_values() -> None:
    page = side_by_side_html(SideBySide({"one": [[1, -2]], "two": np.full((2, 1, 1), 7)}))
    assert re.findall(r"<figcaption>(.*?)</figcaption>", page) == ["one", "two"]
    assert re.findall(r"<text [^>]*>(.*?)</text>", page) == ["1", "−2", "7", "7"]
    assert 'aria-label="two, 2 × 1 values"' in page


def test_a_large_matrix_is_a_picture() -> None:
    page = side_by_side_html(SideBySide({"digit": np.arange(784).reshape(28, 28)}))
    assert "<image" in page
    assert "<text" not in page


def test_captions_are_text() -> None:
    page = side_by_side_html(SideBySide({"<b> & more": [[1]]}))
    assert "&lt;b&gt; &amp; more" in page
    assert "<b>" not in page


def test_a_notebook_shows_it_with_its_style_sheet() -> None:
    assert SideBySide({"one": [[1]]})._repr_html_().startswith("<style>")


@pytest.mark.parametrize("values", [[1, 2], [[[1, 2]]], np.zeros((0, 3)), 5])
def test_only_matrices_are_shown(values: object) -> None:
    with pytest.raises(ShapeError, match="'odd' has the shape"):
        SideBySide({"odd": values})
