"""Volumes as blocks: labelled with their shape, larger for larger sizes, inside the picture."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st

from course.pictures.blocks import block, layer_picture
from tests.pictures.reading import corners, frame, labels, svg_of
from tests.strategies import for_all

SIZES = st.one_of(st.integers(1, 12), st.integers(1, 512))
VOLUMES = st.tuples(SIZES, SIZES, SIZES)


def drawn(case: tuple[Any, Any, str]) -> None:
    """The picture is sound XML, names all three, says them aloud and keeps inside its frame."""
    before, behind, layer = case
    drawing = svg_of(layer_picture(before, behind, layer))
    shapes = [" × ".join(map(str, shape)) for shape in (before, behind)]
    assert labels(drawing) == ["input", shapes[0], layer, "output", shapes[1]]
    said = drawing.attrib["aria-label"]
    assert layer in said
    assert all(" by ".join(map(str, shape)) in said for shape in (before, behind))
    width, height = frame(drawing)
    for x, y in corners(drawing):
        assert 0 <= x <= width
        assert 0 <= y <= height


def test_every_layer_is_drawn_whole() -> None:
    names = st.sampled_from(["Conv2D", "MaxPooling2D", "a < b & c", '"quoted"'])
    for_all(st.tuples(VOLUMES, VOLUMES, names), drawn, 200)


def test_a_size_out_of_the_frame_would_be_seen() -> None:
    """The property can fail: this block is taller than the picture."""
    with pytest.raises(AssertionError):
        drawn(((2**24, 2, 2), (2, 2, 2), "Conv2D"))


def span(shape: tuple[int, int, int], axis: int) -> float:
    """How far a block reaches along x or y."""
    drawing = svg_of(f'<svg xmlns="http://www.w3.org/2000/svg">{block(shape, 0, 0, "")[0]}</svg>')
    places = [corner[axis] for corner in corners(drawing)[:12]]
    return max(places) - min(places)


@pytest.mark.parametrize("place", range(3))
def test_each_doubling_adds_the_same_length(place: int) -> None:
    def shape(size: int) -> Any:
        return tuple(size if axis == place else 16 for axis in range(3))

    for axis in range(2):
        spans = [span(shape(2**power), axis) for power in range(10)]
        steps = [b - a for a, b in pairwise(spans)]
        assert all(abs(step - steps[0]) < 0.3 for step in steps)
    assert sum(span(shape(64), axis) - span(shape(8), axis) for axis in range(2)) > 1


def test_a_block_says_where_it_ends() -> None:
    svg, end = block((28, 14, 3), 40, 120, "input")
    drawing = svg_of(f'<svg xmlns="http://www.w3.org/2000/svg">{svg}</svg>')
    xs = [x for x, _ in corners(drawing)]
    assert min(xs) == 40
    assert abs(max(xs) - end) < 0.1


def test_blocks_of_one_picture_do_not_overlap() -> None:
    def claim(case: tuple[Any, Any]) -> None:
        drawing = svg_of(layer_picture(*case, "Conv2D"))
        polygons = corners(drawing)[: 6 * 4]
        assert max(x for x, _ in polygons[:12]) < min(x for x, _ in polygons[12:])

    for_all(st.tuples(VOLUMES, VOLUMES), claim, 100)
