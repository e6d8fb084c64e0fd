"""Pooling: what stands in the picture is what Keras and plain loops say."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course.errors import ShapeError
from course.keras_bridge import keras
from course.pictures.grids import HEIGHT, number
from course.pictures.pooling import pooling_html
from course.pictures.pooling_windows import PoolingState, pooled
from course.samples import example_result
from tests.pictures.reading import SVG, labels, parsed, text_of
from tests.strategies import for_all

VALID = [[7463, 7902], [7301, 6804]]
SAME = [[7463, 7902, 6699], [7301, 6804, 7450], [6917, 6838, 6121]]


@st.composite
def states(draw: st.DrawFn, least: int = -99) -> PoolingState:
    """Windows of every kind, those larger than the image among them."""
    sizes = st.integers(1, 9)
    image = np.random.default_rng(draw(st.integers(0, 99))).integers(
        least, 99, (draw(sizes), draw(sizes), draw(st.integers(1, 3)))
    )
    return PoolingState(
        image,
        draw(st.tuples(st.integers(1, 4), st.integers(1, 4))),
        draw(st.sampled_from([None, 1, 2, (3, 1), 5])),
        draw(st.sampled_from(["max", "average"])),
        draw(st.integers(0, 2)),
        draw(st.integers(0, 9)),
        draw(st.integers(0, 9)),
    )


def windows(state: PoolingState, padding: str) -> dict[Any, list[Any]]:
    """The pixels (row, column) of the image in each window, by plain loops."""
    spans = []
    steps = state.layer(padding).strides
    sizes = zip(state.image.shape[:2], state.layer(padding).pool_size, steps, strict=True)
    for length, size, step in sizes:
        if padding == "valid":
            starts = range(0, length - size + 1, step)
        else:
            count = len(range(0, length, step))
            first = -(max((count - 1) * step + size - length, 0) // 2)
            starts = range(first, first + count * step, step)
        spans.append([[at for at in range(s, s + size) if 0 <= at < length] for s in starts])
    return {
        (row, column): [(i, j) for i in down for j in across]
        for row, down in enumerate(spans[0])
        for column, across in enumerate(spans[1])
    }


def grids(html: str) -> dict[str, Any]:
    """The grids that can be pointed at, by their names."""
    return {
        svg.attrib["data-grid"]: svg
        for svg in parsed(html).iter(f"{SVG}svg")
        if "data-grid" in svg.attrib
    }


def boxes(svg: Any, kind: str) -> set[tuple[int, ...]]:
    """The cells that marks cover: row, column, height and width."""
    cells = next(part for part in svg if part.get("class") == "cells")
    across = float(cells.attrib["width"]) / int(svg.attrib["data-columns"])
    return {
        tuple(
            round(
                float(part.attrib[name]) // size
                if name in "xy"
                else -(-float(part.attrib[name]) // size)
            )
            for name, size in (("y", HEIGHT), ("x", across), ("height", HEIGHT), ("width", across))
        )
        for part in svg.iter(f"{SVG}rect")
        if part.get("class") == f"mark {kind}"
    }


def totals(html: str) -> list[str]:
    return [text_of(part) for part in parsed(html).iter("p") if part.get("class") == "total"]


def said(html: str) -> str:
    return "".join(text_of(p) for p in parsed(html).iter("p") if p.get("class") == "said")


def shows_what_keras_says(state: PoolingState) -> None:
    html = pooling_html(state)
    shown = grids(html)
    pool = {"max": keras.ops.max_pool, "average": keras.ops.average_pool}[state.kind]
    image = state.image[None, ..., state.channel, None].astype("float64")
    for padding in ("valid", "same"):
        size, steps = state.layer(padding).pool_size, state.layer(padding).strides
        if padding == "valid" and any(
            f > w for f, w in zip(size, state.image.shape[:2], strict=False)
        ):
            assert 'role="alert"' in html
            assert "valid" not in shown
            continue
        expected = np.array(pool(image, size, steps, padding))[0, ..., 0]
        values = [float(text.replace("−", "-")) for text in labels(shown[padding])]
        assert np.allclose(values, expected.ravel(), atol=6e-4)
        rows, columns = expected.shape
        assert (shown[padding].attrib["data-rows"], shown[padding].attrib["data-columns"]) == (
            str(rows),
            str(columns),
        )


def test_outputs_are_those_of_keras() -> None:
    for_all(states(), shows_what_keras_says, 60)


def test_the_window_of_a_cell_is_marked_and_written_out() -> None:
    def claim(state: PoolingState) -> None:
        html = pooling_html(state)
        shown, written = grids(html), totals(html)
        if "valid" not in shown:
            written.insert(0, "")
        rows, columns = pooled(state, "same").output.shape
        at = min(state.row, rows - 1), min(state.column, columns - 1)
        for padding, total in zip(("valid", "same"), written, strict=True):
            if padding not in shown:
                continue
            pixels = windows(state, padding).get(at)
            if pixels is None:
                assert total == "no window here"
                assert boxes(shown[f"{padding} input"], "window") == set()
                continue
            values = [int(state.image[(*pixel, state.channel)]) for pixel in pixels]
            texts = [number(value) for value in values]
            if state.kind == "max":
                assert total == f"max({', '.join(texts)}) = {number(max(values))}"
            else:
                mean = number(sum(values) / len(values))
                assert total.endswith(f"= {number(sum(values))} ÷ {len(values)} = {mean}")
                assert [total.count(text) > 0 for text in texts] == [True] * len(texts)
            (box,) = boxes(shown[f"{padding} input"], "window")
            top, left = pooled(state, padding).corner
            covered = {
                (row - top, column - left)
                for row in range(box[0], box[0] + box[2])
                for column in range(box[1], box[1] + box[3])
            }
            inside = {
                (row, column)
                for row, column in covered
                if 0 <= row < state.image.shape[0] and 0 <= column < state.image.shape[1]
            }
            assert inside == set(pixels)

    for_all(states(), claim, 60)


def test_winners_and_unread_pixels_are_marked() -> None:
    def claim(state: PoolingState) -> None:
        shown = grids(pooling_html(state))
        for padding in filter(shown.__contains__, ("valid", "same")):
            found = windows(state, padding)
            top, left = pooled(state, padding).corner
            image = state.image[..., state.channel]
            won = {max(pixels, key=lambda pixel: image[pixel]) for pixels in found.values()}
            marked = boxes(shown[f"{padding} input"], "winner")
            assert marked == (
                {(row + top, column + left, 1, 1) for row, column in won}
                if state.kind == "max"
                else set()
            )
            read = {pixel for pixels in found.values() for pixel in pixels}
            missed = set(np.ndindex(image.shape)) - read
            assert boxes(shown[f"{padding} input"], "unread") == {
                (row + top, column + left, 1, 1) for row, column in missed
            }

    for_all(states(), claim, 60)


def test_the_examples_results_are_pooled_as_by_hand() -> None:
    state = PoolingState(example_result(), row=0, column=0)
    html = pooling_html(state)
    shown = grids(html)
    assert labels(shown["valid"]) == [str(value) for row in VALID for value in row]
    assert labels(shown["same"]) == [str(value) for row in SAME for value in row]
    assert totals(html) == ["max(5849, 7463, 5580, 7161) = 7463"] * 2
    text = text_of(parsed(html))
    assert "H_out = floor((H_in - F) ÷ S) + 1 = floor((5 - 2) ÷ 2) + 1 = 2" in text
    assert "W_out = ceil(W_in ÷ S) = ceil(5 ÷ 2) = 3" in text
    assert "Never read: row 5 and column 5." in text
    assert "Every value is read." in text
    assert text.count("0 parameters") == 2
    assert shown["valid"].attrib["aria-label"].endswith("7463 7902; 7301 6804")
    average = pooling_html(PoolingState(example_result(), kind="average"))
    assert totals(average)[0] == "(5849 + 7463 + 5580 + 7161) ÷ 4 = 26053 ÷ 4 = 6513.25"


def test_windows_that_touch_are_outlined_and_overlapping_ones_are_not() -> None:
    image = example_result()
    outlined = boxes(grids(pooling_html(PoolingState(image)))["same input"], "tile")
    assert outlined == {(row, column, 2, 2) for row in (0, 2, 4) for column in (0, 2, 4)}
    for strides in ((1, 2), (2, 1), 1):
        shown = grids(pooling_html(PoolingState(image, 2, strides)))
        assert boxes(shown["valid input"], "tile") == set()
    assert len(labels(shown["valid"])) == 16


@pytest.mark.parametrize("kind", ["max", "average"])
def test_padding_takes_no_part(kind: str) -> None:
    """Facts: the maximum of [-2, -4, -6] is [-2, -6], the average of [2, 4, 6] is [3, 6]."""
    sign = -1 if kind == "max" else 1
    image = [[sign * 2, sign * 4, sign * 6]]
    html = pooling_html(PoolingState(image, (1, 2), kind=kind, column=1))
    expected = {"max": ["−2", "−6"], "average": ["3", "6"]}[kind]
    assert labels(grids(html)["same"]) == expected
    assert "1 of 2 cells are padding, which is left out" in text_of(parsed(html))
    assert labels(grids(html)["same input"])[-1] == ""


def test_a_place_that_valid_does_not_have_is_said_to_have_no_window() -> None:
    html = pooling_html(PoolingState(example_result(), row=2, column=0))
    assert totals(html)[0] == "no window here"
    assert said(html) == (
        "Output row 3, column 1. 'valid' has no window here. "
        "'same': the maximum of 2 values is 6917."
    )


def test_a_window_larger_than_the_image_is_explained_for_valid_only() -> None:
    with pytest.raises(ShapeError) as refused:
        pooled(PoolingState([[5]]), "valid")
    html = pooling_html(PoolingState([[5]]))
    assert f"{refused.value.problem}; {refused.value.fix}" in text_of(parsed(html))
    assert set(grids(html)) == {"same", "same input"}
    assert said(html) == (
        "Output row 1, column 1. 'valid' cannot be used: the window is larger than the image. "
        "'same': the maximum of 1 value is 5."
    )


def test_a_channel_is_pooled_by_itself() -> None:
    image = np.stack([np.arange(4), 10 - np.arange(4)], -1)[None]
    html = pooling_html(PoolingState(image, (1, 2), channel=1))
    assert labels(grids(html)["valid"]) == ["10", "8"]
    assert said(html).startswith("Channel 2 of 2, each pooled by itself.")


@pytest.mark.parametrize(("stride", "kind"), [(2, "max"), (5, "max"), (1, "average")])
def test_large_images_stay_few_elements_with_the_window_written_beside(
    stride: int, kind: str
) -> None:
    image = np.arange(64 * 64).reshape(64, 64)
    state = PoolingState(image, 3, stride, kind, row=4, column=2)
    html = pooling_html(state)
    assert len(list(parsed(html).iter())) < 1000
    assert not [box for box in parsed(html).iter(f"{SVG}rect") if "-" in box.attrib["width"]]
    (one, _) = [
        svg for svg in parsed(html).iter(f"{SVG}svg") if svg.get("aria-label") == "the window"
    ]
    wanted = image[4 * stride : 4 * stride + 3, 2 * stride : 2 * stride + 3]
    assert labels(one) == [str(value) for value in wanted.ravel()]
    rings = [part for part in one.iter() if part.get("class") == "mark winner"]
    assert len(rings) == (kind == "max")


def test_many_unread_rows_are_counted() -> None:
    html = pooling_html(PoolingState(np.zeros((64, 64)), 1, 5))
    assert "Never read: 51 rows and 51 columns." in text_of(parsed(html))


def test_a_long_window_is_shortened() -> None:
    (total, _) = totals(pooling_html(PoolingState(np.arange(36).reshape(6, 6), 6)))
    assert total == "max(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …, 35) = 35"
