"""The padding picture: each convention's zeros and values, worked out here apart from course."""

import re
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import strategies as st

from course.conventions import compare_conventions
from course.errors import SpecError
from course.pictures.grids import HEIGHT, number
from course.pictures.padding import PaddingState, conventions, differing, padding_html
from tests.pictures.reading import SVG, labels, parsed, text_of
from tests.strategies import for_all


@st.composite
def states(draw: st.DrawFn) -> PaddingState:
    """What the explorer's controls can be set to, windows that do not fit included."""

    def pair(low: int, high: int) -> tuple[int, int]:
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    return PaddingState(pair(1, 12), pair(1, 6), pair(1, 4), pair(0, 3), *pair(0, 12))


def by_hand(state: PaddingState) -> list[tuple[Any, Any, Any]]:
    """Per convention its pads, the image with its zeros and the sums of its windows, or Nones."""
    found: list[tuple[Any, Any, Any]] = []
    axes = tuple(zip(state.input_shape, state.kernel_size, state.strides, strict=True))
    total = [max((-(-W // S) - 1) * S + F - W, 0) for W, F, S in axes]
    same = tuple((p // 2, p - p // 2) for p in total)
    for pads in (((0, 0), (0, 0)), same, tuple((P, P) for P in state.P)):
        if any(F > W + sum(p) for (W, F, _), p in zip(axes, pads, strict=True)):
            found.append((None, None, None))
            continue
        height, width = state.input_shape
        image = np.arange(1, height * width + 1).reshape(height, width)
        padded = np.pad(image, pads)
        (F_h, F_w), (S_h, S_w) = state.kernel_size, state.strides
        rows = range(0, len(padded) - F_h + 1, S_h)
        columns = range(0, padded.shape[1] - F_w + 1, S_w)
        sums = [[padded[r : r + F_h, c : c + F_w].sum() for c in columns] for r in rows]
        found.append((pads, padded, np.array(sums)))
    return found


def panels(state: PaddingState) -> list[ElementTree.Element]:
    return list(parsed(padding_html(state)).iter("section"))


def grids(panel: ElementTree.Element) -> list[ElementTree.Element]:
    return list(panel.iter(f"{SVG}svg"))


def boxes(svg: ElementTree.Element, kind: str) -> list[tuple[int, ...]]:
    """Row, column, height and width of each mark of a kind, in cells."""
    across = float(next(part for part in svg.iter(f"{SVG}rect")).attrib["width"]) / columns_of(svg)
    sizes = {"x": across, "y": HEIGHT, "width": across, "height": HEIGHT}
    return [
        tuple(round(float(part.attrib[n]) / sizes[n]) for n in ("y", "x", "height", "width"))
        for part in svg.iter(f"{SVG}rect")
        if part.get("class") == f"mark {kind}"
    ]


def columns_of(svg: ElementTree.Element) -> int:
    found = re.search(r"(\d+) columns", svg.attrib["aria-label"])
    assert found is not None
    return int(found[1])


def covered(svg: ElementTree.Element, kind: str, shape: tuple[int, ...]) -> np.ndarray:
    cells = np.zeros(shape, int)
    for row, column, height, width in boxes(svg, kind):
        cells[row : row + height, column : column + width] += 1
    return cells


def shows_what_is_right(state: PaddingState) -> None:
    each = by_hand(state)
    for panel, (pads, padded, sums) in zip(panels(state), each, strict=True):
        text = text_of(panel)
        if padded is None:
            assert "is larger than" in text
            assert grids(panel) == []
            continue
        image, output = grids(panel)
        assert labels(image) == [number(value) for value in padded.ravel().tolist()]
        assert labels(output) == [number(value) for value in sums.ravel().tolist()]
        (top, bottom), (left, right) = pads
        assert f"zeros: top {top}, bottom {bottom}, left {left}, right {right}" in text
        added = np.pad(np.zeros(state.input_shape, int), pads, constant_values=1)
        marked = covered(image, "zero", added.shape) + covered(image, "odd", added.shape)
        assert (marked == added).all()
        H_out, W_out = sums.shape
        (F_h, F_w), (S_h, S_w) = state.kernel_size, state.strides
        last = ((H_out - 1) * S_h, (W_out - 1) * S_w, F_h, F_w)
        assert boxes(image, "edge") == [(0, 0, F_h, F_w), last]
        row, column = min(state.row, H_out - 1), min(state.column, W_out - 1)
        assert boxes(image, "window") == [(row * S_h, column * S_w, F_h, F_w)]
        assert boxes(output, "chosen") == [(row, column, 1, 1)]
        assert f"row {row + 1}, column {column + 1}: {sums[row, column]}" in text
        others = [o for _, _, o in each if o is not None and o.shape == sums.shape]
        differs = sum((o != sums).astype(int) for o in others) > 0
        assert (covered(output, "differs", sums.shape) == differs).all()


def test_every_state_of_the_explorer_shows_what_is_right() -> None:
    for_all(states(), shows_what_is_right, 120)


@pytest.mark.parametrize("shape", [(1, 1), (1, 64), (64, 1)])
@pytest.mark.parametrize("kernel_size", [1, 2])
def test_the_smallest_and_the_largest_images_show_what_is_right(
    shape: Any, kernel_size: int
) -> None:
    shows_what_is_right(PaddingState(shape, kernel_size, 3, 1))


def test_outputs_of_one_size_can_have_other_values() -> None:
    """The facts' example: ones on 1, 2, 3, 4."""
    state = PaddingState((1, 4), (1, 3), (1, 2), (0, 1))
    _, same, explicit = panels(state)
    assert labels(grids(same)[1]) == ["6", "7"]
    assert labels(grids(explicit)[1]) == ["3", "9"]
    assert "beside P = (0, 1): 2 of 2 values differ" in text_of(same)
    said = text_of(parsed(padding_html(state)))
    assert "'same' and P = (0, 1) give one size, 2 of 2 values differ." in said


@pytest.mark.parametrize(
    ("W", "F", "S", "rows"),
    [(128, 3, 2, 1), (5, 3, 2, 0), (4, 2, 1, 1), (13, 6, 5, 1), (224, 7, 2, 1)],
)
def test_the_odd_zeros_of_same_lie_at_the_end(W: int, F: int, S: int, rows: int) -> None:
    """The pads (0, 1), (1, 1), (0, 1), (1, 2) and (2, 3) of the facts, along one axis."""
    image, _ = grids(panels(PaddingState((W, 1), (F, 1), (S, 1)))[1])
    height = {128: 129, 5: 7, 4: 5, 13: 16, 224: 229}[W]
    odd = [part for part in image.iter(f"{SVG}rect") if part.get("class") == "mark odd"]
    assert len(odd) == rows
    cells = next(part for part in image.iter(f"{SVG}rect") if part.get("class") == "cells")
    cell = float(cells.attrib["height"]) / height
    for part in odd:
        assert float(part.attrib["y"]) == pytest.approx((height - 1) * cell)
        assert float(part.attrib["height"]) == pytest.approx(cell)


def test_a_window_that_does_not_fit_is_explained_and_the_others_live_on() -> None:
    valid, same, explicit = panels(PaddingState((1, 4), 3, 2, 0))
    refused = "window 3 is larger than height 1; use a smaller kernel_size or padding='same'"
    for panel in (valid, explicit):
        (alert,) = [part for part in panel.iter("div") if part.get("role") == "alert"]
        assert text_of(alert) == refused
    assert labels(grids(same)[1]) == ["6", "7"]


@pytest.mark.parametrize(
    ("strides", "P", "told"),
    [
        (1, 1, ["PyTorch: padding='same'", "PyTorch: padding=1", "D2L: p=2 in all"]),
        (2, 0, ["padding='same', only for strides of 1", "PyTorch: padding=0", "D2L: p=0 in all"]),
        (1, (0, 1), ["PyTorch: padding=0 and padding=1", "D2L: p=0 in all and p=2 in all"]),
    ],
)
def test_other_conventions_stand_where_they_belong(strides: int, P: Any, told: list[str]) -> None:
    _, same, explicit = map(text_of, panels(PaddingState((5, 5), 3, strides, P)))
    assert [text for text in told if text not in same + explicit] == []


@pytest.mark.parametrize(("W", "told"), [(10, True), (11, False)])
def test_a_division_with_a_remainder_is_pointed_out(W: int, told: bool) -> None:
    """W 10, F 3, S 2 is 4.5: some call it invalid, and the picture says so."""
    *_, explicit = map(text_of, panels(PaddingState(W, 3, 2)))
    assert ("for those who allow no remainder, invalid" in explicit) is told
    assert (compare_conventions(W, 3, 2)["no remainder allowed"].size is None) is told


def test_the_sizes_are_those_that_the_units_teach() -> None:
    """5 × 5 under a 3 × 3 filter, and the D2L book's 2 × 2."""
    shapes = [each.output.shape for each in conventions(PaddingState(5, 3, 1, 1))]
    assert shapes == [(3, 3), (5, 5), (5, 5)]
    assert conventions(PaddingState(8, (3, 5), (3, 4), (0, 1)))[2].output.shape == (2, 2)
    assert conventions(PaddingState(32, 8, 2, 1))[2].output.shape == (14, 14)


def test_formulas_stand_with_their_numbers() -> None:
    shown = [text_of(panel) for panel in panels(PaddingState(5, 3, 1, 1))]
    formulas = [
        "floor((5 - 3) ÷ 1) + 1 = 3",
        "ceil(5 ÷ 1) = 5",
        "floor((5 - 3 + 2 × 1) ÷ 1) + 1 = 5",
    ]
    for text, formula in zip(shown, formulas, strict=True):
        assert f"H_out = W_out = {formula}" in text
    assert "P_bottom = P_right = ceil(2 ÷ 2) = 1" in shown[1]


def test_nothing_differs_from_what_has_another_size() -> None:
    valid, same, _ = conventions(PaddingState(5, 3, 1, 0))
    assert not differing(valid, (same,)).any()


def test_large_images_are_pictures_of_few_parts() -> None:
    page = padding_html(PaddingState(64, 3, 2, 1, 20, 10))
    assert sum(1 for _ in parsed(page).iter()) < 400
    assert "beside P = 1: 1024 of 1024 values differ" in page


@pytest.mark.parametrize(
    "arguments", [(0, 3), ((5, 5, 1), 3), (5, 0), (5, 3, 0), (5, 3, 1, -1), (5, "3")], ids=str
)
def test_what_is_no_size_is_refused(arguments: Any) -> None:
    with pytest.raises(SpecError):
        PaddingState(*arguments)


def test_a_state_gives_the_same_page_each_time() -> None:
    state = PaddingState(5, 3, 2, 1)
    assert padding_html(state) == padding_html(PaddingState((5, 5), (3, 3), 2, (1, 1)))
