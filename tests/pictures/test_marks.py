"""Marks: where they lie, the lines that each kind has, rectangles for a mask."""

import re

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from course import layers as L
from course.forward.arrays import bordered, windows_of
from course.pictures.marks import STROKES, Mark, border, mark_svg, rectangles, window_mark
from tests.pictures.reading import parsed
from tests.strategies import for_all

SIZE = 22
"""A cell's sides in pixels."""


def test_rectangles_cover_what_the_mask_says_once_and_nothing_else() -> None:
    masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=st.booleans())

    def claim(mask: np.ndarray) -> None:
        covered = np.zeros(mask.shape, int)
        for mark in rectangles("zero", mask):
            assert mark.kind == "zero"
            covered[mark.row :, mark.column :][: mark.height, : mark.width] += 1
        assert (covered == mask).all()

    for_all(masks, claim, 150)


def test_a_full_mask_is_one_rectangle() -> None:
    assert len(rectangles("differs", np.ones((64, 64), bool))) == 1


@pytest.mark.parametrize("kind", STROKES)
def test_a_mark_covers_its_cells(kind: str) -> None:
    box, *_ = parsed(mark_svg(Mark(kind, 1, 2, 3, 2), SIZE, SIZE))
    found = {name: float(box.attrib[name]) for name in ("x", "y", "width", "height")}
    inset = 3 if STROKES[kind] == "ring" else 0
    assert found == {
        "x": 2 * SIZE + inset,
        "y": SIZE + inset,
        "width": 2 * SIZE - 2 * inset,
        "height": 3 * SIZE - 2 * inset,
    }


@pytest.mark.parametrize("kind", [kind for kind, lines in STROKES.items() if lines != "frame"])
def test_lines_of_a_mark_stay_inside_it(kind: str) -> None:
    _, *paths = parsed(mark_svg(Mark(kind, 1, 1, 2, 4), SIZE, SIZE))
    for path in paths:
        x, y = 0.0, 0.0
        for sign, across, down in re.findall(r"([MLlm])(-?[\d.]+) (-?[\d.]+)", path.attrib["d"]):
            start = (x, y) if sign.islower() else (0.0, 0.0)
            x, y = start[0] + float(across), start[1] + float(down)
            assert SIZE <= x <= 5 * SIZE
            assert SIZE <= y <= 3 * SIZE


def test_kinds_of_marks_differ_by_more_than_colour() -> None:
    """Each fill has lines of its own; frames are seen beside the cells that they hold."""
    lines = [lines for lines in STROKES.values() if lines and lines != "frame"]
    assert sorted(lines) == sorted(set(lines))


def test_the_mark_of_a_window_lies_on_the_cells_that_the_engine_reads() -> None:
    convolution = L.Conv2D(1, (2, 3), strides=2, padding="same")
    for layer in (convolution, L.MaxPooling2D(2, strides=(1, 3))):
        cells = np.arange(1, 43).reshape(1, 6, 7, 1)
        padded, windows = bordered(layer, cells)[0, ..., 0], windows_of(layer, cells)[0, ..., 0]
        for place in np.ndindex(windows.shape[:2]):
            mark = window_mark("window", layer, place)
            marked = padded[mark.row :, mark.column :][: mark.height, : mark.width]
            assert (marked == windows[place]).all(), (layer, place)


def test_the_mark_of_a_window_with_gaps_covers_the_gaps_too() -> None:
    mark = window_mark("window", L.Conv2D(1, 3, dilation_rate=2), (1, 0))
    assert (mark.row, mark.column, mark.height, mark.width) == (1, 0, 5, 5)


def test_a_border_is_what_padding_adds() -> None:
    pads = ((1, 2), (0, 3))
    wanted = np.pad(np.zeros((2, 4), bool), pads, constant_values=True)
    assert (border((5, 7), pads) == wanted).all()
    assert not border((2, 2), ((0, 0), (0, 0))).any()
