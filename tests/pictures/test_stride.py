"""The stride picture: who reads what, counted here apart from course."""

from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import strategies as st

from course.errors import SpecError
from course.pictures.grids import HEIGHT, HOTTEST, MOST
from course.pictures.stride import StrideState, reads, stride_html
from tests.pictures.reading import SVG, labels, parsed, text_of
from tests.pictures.test_page import contrast, palettes
from tests.strategies import for_all


@st.composite
def states(draw: st.DrawFn) -> StrideState:
    """What the explorer's controls can be set to, windows that do not fit included."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    padding = draw(st.sampled_from(["valid", "same", 1, ((0, 2), (1, 0))]))
    places = (*pair(0, 11), *pair(-2, 13))
    return StrideState(pair(1, 12), pair(1, 6), pair(1, 5), padding, *places)


def pads_by_hand(state: StrideState) -> tuple[tuple[int, int], ...]:
    if state.padding == "valid":
        return ((0, 0), (0, 0))
    if state.padding != "same":
        return ((1, 1), (1, 1)) if state.padding == 1 else state.padding
    layer = state.layer
    axes = zip(state.input_shape, layer.kernel_size, layer.strides, strict=True)
    total = [max((-(-W // S) - 1) * S + F - W, 0) for W, F, S in axes]
    return tuple((p // 2, p - p // 2) for p in total)


class ByHand:
    """Counts of a state, cell by cell."""

    def __init__(self, state: StrideState) -> None:
        self.pads = pads_by_hand(state)
        self.inside = np.pad(np.ones(state.input_shape, bool), self.pads)
        (F_h, F_w), (S_h, S_w) = state.layer.kernel_size, state.layer.strides
        height, width = self.inside.shape
        self.fits = F_h <= height and F_w <= width
        if not self.fits:
            return
        self.shape = ((height - F_h) // S_h + 1, (width - F_w) // S_w + 1)
        self.windows = {
            (i, j): (slice(i * S_h, i * S_h + F_h), slice(j * S_w, j * S_w + F_w))
            for i, j in np.ndindex(self.shape)
        }
        self.counts = np.zeros(self.inside.shape, int)
        for window in self.windows.values():
            self.counts[window] += 1

    def readers(self, row: int, column: int) -> list[tuple[int, int]]:
        cell = np.zeros(self.inside.shape, bool)
        cell[row, column] = True
        return [place for place, window in self.windows.items() if cell[window].any()]


def grids(state: StrideState) -> list[ElementTree.Element]:
    named = parsed(stride_html(state)).iter(f"{SVG}svg")
    return [svg for svg in named if svg.get("data-grid")]


def boxes(svg: ElementTree.Element, kind: str, inset: int = 0) -> list[tuple[int, ...]]:
    """Row, column, height and width of each mark of a kind, in cells of equal sides."""
    return [
        tuple(
            round((float(part.attrib[n]) + way * inset) / HEIGHT)
            for n, way in (("y", -1), ("x", -1), ("height", 2), ("width", 2))
        )
        for part in svg.iter(f"{SVG}rect")
        if part.get("class") == f"mark {kind}"
    ]


def words(rows: list[int], columns: list[int]) -> str:
    """Which pixels a window reads, as the picture says it."""
    if not (rows and columns):
        return "zeros only"
    return " and ".join(
        f"{name}s {places[0]} to {places[-1]}" if len(places) > 1 else f"{name} {places[0]}"
        for name, places in (("row", rows), ("column", columns))
    )


def shows_what_is_right(state: StrideState) -> None:
    right = ByHand(state)
    text = text_of(parsed(stride_html(state)))
    if not right.fits:
        assert "is larger than" in text
        assert grids(state) == []
        return
    image, output = grids(state)
    texts = [str(n) if seen else "" for n, seen in zip(right.counts.flat, right.inside.flat)]  # noqa: B905
    assert labels(image) == texts
    sums = [str(right.inside[window].sum()) for window in right.windows.values()]
    assert labels(output) == sums
    never = right.inside & (right.counts == 0)
    assert boxes(image, "unread") == [(r, c, 1, 1) for r, c in np.argwhere(never).tolist()]
    at = min(state.row, right.shape[0] - 1), min(state.column, right.shape[1] - 1)
    assert boxes(output, "chosen") == [(*at, 1, 1)]
    rows, columns = right.windows[at]
    size = state.layer.kernel_size
    assert boxes(image, "window") == [(rows.start, columns.start, *size)]
    pixel = tuple(
        min(max(place + first, 0), most - 1)
        for place, (first, _), most in zip(
            (state.pixel_row, state.pixel_column), right.pads, right.inside.shape, strict=True
        )
    )
    assert boxes(image, "winner", 3) == [(*pixel, 1, 1)]
    assert boxes(output, "winner", 3) == [(*place, 1, 1) for place in right.readers(*pixel)]
    pixels = right.inside.sum()
    told = f"{never.sum()} of {pixels} pixels are never read" if never.any() else ""
    assert (told or f"All {pixels} pixels are read.") in text
    seen = [
        list(range(max(lie.start - pad, 0) + 1, min(lie.stop - pad, most) + 1))
        for lie, (pad, _), most in zip((rows, columns), right.pads, state.input_shape, strict=True)
    ]
    assert f" reads {words(*seen)}." in text
    (H_out, W_out), (height, width) = right.shape, state.input_shape
    assert f"{H_out} of {height} rows ({H_out / height:.0%})" in text
    assert f"{W_out} of {width} columns ({W_out / width:.0%})" in text


def test_every_state_of_the_explorer_shows_what_is_right() -> None:
    for_all(states(), shows_what_is_right, 150)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (64, 1)])
def test_the_smallest_and_the_largest_images_show_what_is_right(shape: Any, padding: str) -> None:
    shows_what_is_right(StrideState(shape, 1, 5, padding))


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        (((1, 7), (1, 3), 2), [[1, 1, 2, 1, 2, 1, 1]]),
        (((1, 7), (1, 2), 3), [[1, 1, 0, 1, 1, 0, 0]]),
        (((1, 11), (1, 2), 2), [[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]]),
        (((1, 4), (1, 3), 2, "same"), [[1, 1, 2, 1]]),
        (((2, 3), 2, 1), [[1, 2, 1], [1, 2, 1]]),
    ],
    ids=str,
)
def test_the_counts_are_those_worked_by_hand(arguments: Any, counts: list[list[int]]) -> None:
    assert reads(StrideState(*arguments)).image.tolist() == counts


def test_the_sentence_says_what_is_read() -> None:
    page = parsed(stride_html(StrideState((4, 4), 3, 2, "same", 1, 1, 2, 2)))
    (told,) = [text_of(part) for part in page.iter() if part.get("role") == "status"]
    assert told == (
        "Output row 2 of 2, column 2 of 2 reads rows 3 to 4 and columns 3 to 4. "
        "Pixel in row 3, column 3: read 4 times."
    )


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (StrideState((1, 4), 1, 3, pixel_column=1), "Pixel in row 1, column 2: never read."),
        (StrideState((1, 4), 1, 3, pixel_column=3), "Pixel in row 1, column 4: read once."),
        (StrideState((1, 4), 1, 3, "valid", 0, 1), "reads row 1 and column 4."),
        (StrideState((3, 3), 3, 1, "same", pixel_row=-1), "The chosen zero of the padding: read"),
        (StrideState((1, 1), 1, 1, 2), "column 1 of 5 reads zeros only."),
    ],
    ids=str,
)
def test_the_sentence_and_the_facts_fit_what_is_chosen(state: StrideState, told: str) -> None:
    assert told in text_of(parsed(stride_html(state)))


def test_the_formula_stands_in_letters_and_in_numbers() -> None:
    shown = text_of(parsed(stride_html(StrideState((32, 32), 8, 2, 1))))
    letters, numbers = "floor((H_in - F + 2 × P) ÷ S) + 1", "floor((32 - 8 + 2 × 1) ÷ 2) + 1"
    assert f"H_out = {letters} = {numbers} = 14" in shown
    assert f"W_out = {letters.replace('H', 'W')} = {numbers} = 14" in shown


def test_the_colour_follows_the_counts() -> None:
    image, _ = grids(StrideState((1, 7), (1, 3), 2))
    heat = [p for p in image.iter(f"{SVG}rect") if p.get("class") == "heat"]
    opacities = [float(part.attrib["fill-opacity"]) for part in heat]
    assert opacities == [HOTTEST * count / 2 for count in (1, 1, 2, 1, 2, 1, 1)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_can_be_read_where_the_colour_is_strongest(theme: str) -> None:
    colours = palettes()[theme]
    accent, paper = (
        [int(colours[name][at : at + 2], 16) for at in (1, 3, 5)] for name in ("accent", "paper")
    )
    mixed = [HOTTEST * a + (1 - HOTTEST) * p for a, p in zip(accent, paper, strict=True)]
    assert contrast(colours["ink"], "#" + "".join(f"{round(c):02x}" for c in mixed)) >= 4.5


def test_a_window_that_does_not_fit_is_explained() -> None:
    page = stride_html(StrideState((2, 9)))
    (alert,) = [part for part in parsed(page).iter("div") if part.get("role") == "alert"]
    refused = "window 3 is larger than height 2; use a smaller kernel_size or padding='same'"
    assert text_of(alert) == refused


@pytest.mark.parametrize(("size", "strides"), [(2, 5), (11, 1)])
def test_large_images_are_pictures_of_few_parts(size: int, strides: int) -> None:
    state = StrideState((64, 64), size, strides, "same", 9, 9, 40, 30)
    page = parsed(stride_html(state))
    found = reads(state)
    assert sum(1 for _ in page.iter()) < 6 * MOST
    unread = int((ByHand(state).counts[found.inside.nonzero()] == 0).sum())
    if unread:
        assert f"{unread} of 4096 pixels are never read" in text_of(page)
    for box in page.iter(f"{SVG}rect"):
        assert float(box.attrib["width"]) > 0
        assert float(box.attrib["height"]) > 0


@pytest.mark.parametrize(
    "arguments", [(0,), ((7, 7, 1),), (7, 0), (7, 3, 0), (7, 3, 2, "full")], ids=str
)
def test_what_makes_no_window_is_refused(arguments: Any) -> None:
    with pytest.raises(SpecError):
        StrideState(*arguments)
