"""Parameter sharing: weights that are the same look the same, and the counts are Keras's."""

import re
from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course import layers as L
from course.errors import CourseError, ShapeError
from course.keras_bridge import keras, no_weights
from course.pictures.connections import SHARINGS, connection_counts, connections, weights_of
from course.pictures.parameter_sharing import SharingState, counts, parameter_sharing_html
from tests.pictures.reading import SVG, labels, parsed, text_of, words
from tests.strategies import for_all

QUIZ = SharingState((32, 32, 3), 20, 8, 2, 1)
WEIGHTS = {"fully connected": 24, "unshared": 12, "shared": 3}


def drawing(sharing: str) -> Any:
    (svg,) = parsed(connections(sharing)).iter(f"{SVG}svg")
    return svg


def classes(svg: Any, kind: str) -> list[Any]:
    return [part for part in svg.iter() if part.get("class", "").split()[:1] == [kind]]


def looks(sharing: str) -> dict[str, set[tuple[str, str]]]:
    """How each weight of the table looks: its colour, and its pattern's lines within the cell."""
    svg, found = drawing(sharing), defaultdict(set)
    names = [text for text in svg.iter(f"{SVG}text") if text.get("class") == "over"]
    boxes, patterns = classes(svg, "weight"), classes(svg, "pattern")
    for name, box, pattern in zip(names, boxes, patterns, strict=True):
        left, top = float(box.attrib["x"]), float(box.attrib["y"])
        lines = re.sub(
            r"([ML])(-?[\d.]+) (-?[\d.]+)",
            lambda m, x=left, y=top: f"{m[1]}{float(m[2]) - x:g} {float(m[3]) - y:g}",
            pattern.attrib["d"],
        )
        found["".join(name.itertext())].add((box.attrib["class"].split()[1], lines))
        assert pattern.attrib["class"].split()[1] == box.attrib["class"].split()[1]
    return found


@pytest.mark.parametrize("sharing", SHARINGS)
def test_tied_weights_share_colour_and_pattern_and_others_do_not(sharing: str) -> None:
    found = looks(sharing)
    assert len(found) == WEIGHTS[sharing]
    assert all(len(each) == 1 for each in found.values())
    assert len(set.union(*found.values())) == WEIGHTS[sharing]


@pytest.mark.parametrize("sharing", SHARINGS)
def test_wires_and_table_are_the_same_connections(sharing: str) -> None:
    svg, joined = drawing(sharing), weights_of(sharing)
    wires = classes(svg, "wire")
    assert len(wires) == np.count_nonzero(joined)
    kinds = {tuple(wire.attrib["class"].split()[1:]) for wire in wires}
    assert len(kinds) == WEIGHTS[sharing]
    units = classes(svg, "unit")
    middles = [float(unit.attrib["x"]) + float(unit.attrib["width"]) / 2 for unit in units]
    outputs, inputs = middles[: len(joined)], middles[len(joined) :]
    assert outputs == inputs[1:-1]  # each above the middle of its window
    for wire, (row, column) in zip(wires, np.argwhere(joined), strict=True):
        ends = float(wire.attrib["x2"]), float(wire.attrib["x1"])
        assert ends == (outputs[row], inputs[column])
    tied = defaultdict(set)
    for wire, (row, column) in zip(wires, np.argwhere(joined), strict=True):
        tied[joined[row, column]].add(wire.attrib["class"])
    assert all(len(each) == 1 for each in tied.values())


def test_the_weights_by_hand() -> None:
    assert weights_of("fully connected").tolist() == np.arange(1, 25).reshape(4, 6).tolist()
    shared, unshared = weights_of("shared"), weights_of("unshared")
    for row in range(4):
        assert shared[row].tolist() == [0] * row + [1, 2, 3] + [0] * (3 - row)
        own = [3 * row + 1, 3 * row + 2, 3 * row + 3]
        assert unshared[row].tolist() == [0] * row + own + [0] * (3 - row)


def test_the_small_picture_is_the_engines_small_layer() -> None:
    small = {
        "fully connected": L.Dense(4).weight_count((6,)),
        "unshared": L.LocallyConnected2D(1, (1, 3)).weight_count((1, 6, 1)),
        "shared": L.Conv2D(1, (1, 3)).weight_count((1, 6, 1)),
    }
    assert {sharing: weights_of(sharing).max() for sharing in SHARINGS} == small
    assert connection_counts("fully connected") == "24 connections, 24 weights, each used once"
    assert connection_counts("unshared") == "12 connections, 12 weights, each used once"
    assert connection_counts("shared") == "12 connections, 3 weights, each used 4 times"
    assert drawing("shared").attrib["aria-label"].endswith(connection_counts("shared"))


def keras_counts(state: SharingState) -> list[int]:
    """Parameters of Dense and Conv2D by real models; the unshared ones by one Dense a place."""
    with no_weights():
        image = keras.Input(state.input_shape)
        conv = keras.layers.Conv2D(state.filters, state.kernel_size, state.strides)
        shape = conv(keras.layers.ZeroPadding2D(state.padding)(image)).shape[1:]
        dense = keras.layers.Dense(int(np.prod(shape)))
        dense(keras.layers.Flatten()(image))
        window = int(np.prod(conv.kernel.shape[:-1]))
        place = keras.layers.Dense(state.filters)
        place.build((None, window))
    places = shape[0] * shape[1]
    return [dense.count_params(), place.count_params() * places, conv.count_params()]


@st.composite
def states(draw: st.DrawFn) -> SharingState:
    sizes = st.integers(1, 64)
    return SharingState(
        (draw(sizes), draw(sizes), draw(st.integers(1, 8))),
        draw(st.integers(1, 40)),
        draw(st.tuples(st.integers(1, 9), st.integers(1, 9))),
        draw(st.integers(1, 5)),
        draw(st.integers(0, 4)),
        draw(st.sampled_from(SHARINGS)),
    )


def test_counts_are_those_of_keras_or_the_error_is_explained() -> None:
    def claim(state: SharingState) -> None:
        page = parsed(parameter_sharing_html(state))
        height, width = (
            size + 2 * state.padding - window
            for size, window in zip(state.input_shape, state.kernel_size, strict=False)
        )
        if min(height, width) < 0:
            with pytest.raises(ShapeError) as refused:
                counts(state)
            assert text_of(page) == f"{refused.value.problem}; {refused.value.fix}"
            return
        expected = keras_counts(state)
        bars = [part for part in page.iter("div") if part.get("class", "").startswith("bar ")]
        shown = [part for part in page.iter("div") if part.get("class", "").split()[:1] == ["bar"]]
        for bar, sharing, count in zip(shown, SHARINGS, expected, strict=True):
            assert words(text_of(bar)).startswith(f"{sharing} (")
            assert f": {count:,} parameters" in text_of(bar)
        assert len(bars) == 1
        assert text_of(bars[0]).startswith(state.sharing)
        said = f"{state.sharing.capitalize()}: {expected[SHARINGS.index(state.sharing)]:,} param"
        assert text_of(page).startswith(said)

    for_all(states(), claim, 40)


def test_the_quiz() -> None:
    assert [count.value for count in counts(QUIZ).values()] == [12_046_160, 756_560, 3_860]
    text = text_of(parsed(parameter_sharing_html(QUIZ)))
    for told_ in (
        "divides the unshared count by 14 × 14 = 196.",
        "32 × 32 × 3 → 14 × 14 × 20",
        "floor((32 - 8 + 2 × 1) ÷ 2) + 1 = 14",
        "D_in × U + U = 3,072 × 3,920 + 3,920",
        "(F × F × D_in + 1) × H_out × W_out × K = (8 × 8 × 3 + 1) × 14 × 14 × 20",
        "K × F × F × D_in + K = 20 × 8 × 8 × 3 + 20",
        "752,640 weights and 3,920 biases",
    ):
        assert told_ in text


def test_the_layer_on_a_photo_of_400x500_is_readable() -> None:
    text = text_of(parsed(parameter_sharing_html(SharingState((400, 500, 3), 4, 3))))
    assert "475,689,600,000 weights and 792,816 biases" in text
    assert "108 weights and 4 biases" in text
    assert "10¹²" in text


def test_the_smallest_layer() -> None:
    html = parameter_sharing_html(SharingState((1, 1, 1), 1, 1))
    assert [count.value for count in counts(SharingState((1, 1, 1), 1, 1)).values()] == [2, 2, 2]
    assert "divides the unshared count by 1 × 1 = 1." in text_of(parsed(html))


def test_the_chosen_way_is_the_one_that_is_drawn() -> None:
    for sharing in SHARINGS:
        state = SharingState((32, 32, 3), 20, 8, 2, 1, sharing)
        html = parameter_sharing_html(state)
        svgs = [svg for svg in parsed(html).iter(f"{SVG}svg") if svg.get("class") == "connections"]
        assert [labels(svg) for svg in svgs] == [labels(drawing(sharing))]


@pytest.mark.parametrize(
    "arguments",
    [
        ((32, 32), 20, 8),
        ((32, 32, 3), 0, 8),
        ((32, 32, 3), 20, 0),
        ((32, 32, 3), 20, 8, 0),
        ((32, 32, 3), 20, 8, 1, "full"),
        ((32, 32, 3), 20, 8, 1, 0, "tied"),
    ],
    ids=str,
)
def test_what_makes_no_layer_is_refused(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(CourseError):
        SharingState(*arguments)
