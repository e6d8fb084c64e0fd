"""Grids: each value in its cell, marks where they belong, what keyboard and screen reader need."""

import base64
import zlib
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import strategies as st

from course.pictures.grids import MOST, grid, number
from course.pictures.marks import Mark
from tests.pictures.reading import SVG, labels, parsed
from tests.strategies import for_all


def drawn(*arguments: Any, **more: Any) -> ElementTree.Element:
    (svg,) = parsed(grid(*arguments, **more)).iter(f"{SVG}svg")
    return svg


def cells(svg: ElementTree.Element) -> list[ElementTree.Element]:
    return [part for part in svg.iter() if part.get("role") == "gridcell"]


def marks(svg: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    return [part for part in svg.iter() if part.get("class") == f"mark {kind}"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (5849, "5849"),
        (-3, "−3"),
        (475_689_600_000, "475689600000"),
        (0.0, "0"),
        (-0.0, "0"),
        (2.0, "2"),
        (1 / 9, "0.111"),
        (-1.5, "−1.5"),
        (1e-7, "1e-07"),
        (-2.5e12, "−2.5e+12"),
        (np.int8(-1), "−1"),
        (np.float32(0.5), "0.5"),
        (float("nan"), "nan"),
        (float("-inf"), "−inf"),
    ],
)
def test_a_number_is_written_as_it_stands_in_a_cell(value: Any, text: str) -> None:
    assert number(value) == text


def test_every_value_is_in_its_cell() -> None:
    shapes = st.tuples(st.integers(1, 12), st.integers(1, 12))

    def claim(shape: tuple[int, int]) -> None:
        values = np.arange(shape[0] * shape[1]).reshape(shape) * 37 - 100
        svg = drawn(values, "some", chosen=(0, 0))
        assert labels(svg) == [number(value) for value in values.ravel().tolist()]
        places = [(int(c.attrib["data-row"]), int(c.attrib["data-column"])) for c in cells(svg)]
        assert places == list(np.ndindex(shape))
        for cell in cells(svg):
            box, text = cell.find(f"{SVG}rect"), cell.find(f"{SVG}text")
            assert box is not None
            assert text is not None
            left, top = float(box.attrib["x"]), float(box.attrib["y"])
            assert left < float(text.attrib["x"]) < left + float(box.attrib["width"])
            assert top < float(text.attrib["y"]) < top + float(box.attrib["height"])

    for_all(shapes, claim, 60)


def test_a_grid_to_look_at_is_an_image_with_a_label() -> None:
    svg = drawn([[1, 2]], 'less < more & "so"')
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == 'less < more & "so"'
    assert "data-grid" not in svg.attrib
    assert cells(svg) == []


def test_a_grid_with_a_chosen_cell_is_one_for_screen_readers_and_the_keyboard() -> None:
    svg = drawn(np.zeros((3, 4), int), "output", name="out", chosen=(1, 2))
    assert svg.attrib["role"] == "grid"
    assert (svg.attrib["aria-rowcount"], svg.attrib["aria-colcount"]) == ("3", "4")
    named = (svg.attrib["data-grid"], svg.attrib["data-rows"], svg.attrib["data-columns"])
    assert named == ("out", "3", "4")
    rows = [part for part in svg if part.get("role") == "row"]
    assert [row.attrib["aria-rowindex"] for row in rows] == ["1", "2", "3"]
    reached = [cell for cell in cells(svg) if cell.attrib["tabindex"] == "0"]
    assert [cell.attrib["aria-selected"] for cell in reached] == ["true"]
    assert (reached[0].attrib["data-row"], reached[0].attrib["data-column"]) == ("1", "2")
    assert sum("aria-selected" in cell.attrib for cell in cells(svg)) == 1


def test_cells_that_are_not_shown_are_empty_and_still_have_a_name() -> None:
    shown = np.array([[True, False]])
    svg = drawn([[7, 8]], "output", chosen=(0, 0), shown=shown)
    assert labels(svg) == ["7", ""]
    assert [cell.get("aria-label") for cell in cells(svg)] == [None, "row 1, column 2"]


def test_a_large_grid_is_an_image_whose_pixels_are_the_values() -> None:
    values = np.arange(64 * 64).reshape(64, 64)
    svg = drawn(values, "large", [Mark("window", 0, 0, 3, 3), Mark("read", 0, 0)], name="large")
    assert labels(svg) == []
    assert len(marks(svg, "window")) == 1
    assert marks(svg, "read") == []
    shades = pixels(svg)
    assert shades.shape == (64, 64, 2)
    assert (shades[..., 1] == 255).all()
    assert (np.diff(shades[..., 0].ravel().astype(int)) >= 0).all()
    assert (shades[0, 0, 0], shades[63, 63, 0]) == (0, 255)


def test_a_large_grid_shows_only_what_is_shown_and_only_the_chosen_cell_has_the_keyboard() -> None:
    shown = np.arange(40 * 30).reshape(40, 30) <= 31
    svg = drawn(np.ones((40, 30)), "large", chosen=(1, 1), shown=shown)
    assert (pixels(svg)[..., 1] == shown * 255).all()
    (cell,) = cells(svg)
    assert cell.attrib["aria-label"] == "row 2, column 2"
    assert cell.attrib["aria-colindex"] == "2"


def pixels(svg: ElementTree.Element) -> Any:
    """The PNG on a grid, read apart from what wrote it: (rows, columns, shade and opacity)."""
    (image,) = svg.iter(f"{SVG}image")
    png = base64.b64decode(image.attrib["href"].removeprefix("data:image/png;base64,"))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    found, at = {}, 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert int.from_bytes(png[at + 8 + size : at + 12 + size], "big") == zlib.crc32(kind + data)
        found[kind], at = data, at + 12 + size
    width, height = (int.from_bytes(found[b"IHDR"][n : n + 4], "big") for n in (0, 4))
    assert found[b"IHDR"][8:] == bytes([8, 4, 0, 0, 0])
    lines = np.frombuffer(zlib.decompress(found[b"IDAT"]), np.uint8).reshape(height, -1)
    assert (lines[:, 0] == 0).all()
    return lines[:, 1:].reshape(height, width, 2)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0, 1e300])
def test_any_number_can_be_drawn_as_a_pixel(value: float) -> None:
    values = np.zeros((20, 20))
    values[3, 4] = value
    assert pixels(drawn(values, "large")).shape == (20, 20, 2)


def test_the_number_of_cells_with_values_is_bounded() -> None:
    assert len(labels(drawn(np.zeros((1, MOST), int), "some"))) == MOST
    assert labels(drawn(np.zeros((1, MOST + 1), int), "some")) == []
