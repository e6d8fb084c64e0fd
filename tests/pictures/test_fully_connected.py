"""The fully connected picture: Keras's counts, and a chart with everything in its place."""

from math import log10, prod
from typing import Any

import pytest
from hypothesis import strategies as st

from course.errors import ShapeError
from course.keras_bridge import keras, no_weights
from course.pictures.fully_connected import (
    HEIGHT,
    MEMORY,
    POWERS,
    WIDTH,
    FullyConnectedState,
    conv_weights,
    fully_connected_html,
    said_of,
)
from tests.pictures.reading import SVG, parsed, text_of, words
from tests.strategies import for_all

LECTURE = FullyConnectedState((400, 500, 3), 792_816, 4, 3)


@st.composite
def states(draw: st.DrawFn) -> FullyConnectedState:
    """What the controls can be set to."""
    sizes = st.one_of(st.integers(1, 12), st.integers(1, 500))
    return FullyConnectedState(
        (draw(sizes), draw(sizes), draw(st.integers(1, 16))),
        draw(st.one_of(st.integers(1, 1000), st.integers(1, 10**POWERS))),
        draw(st.integers(1, 64)),
        draw(st.integers(1, 11)),
    )


def keras_counts(state: FullyConnectedState) -> tuple[int, int, int | None]:
    """Weights and parameters of the dense layer, parameters of the convolution if it fits."""
    with no_weights():
        image = keras.Input(state.input_shape)
        dense = keras.layers.Dense(state.units)
        dense(keras.layers.Flatten()(image))
        conv = keras.layers.Conv2D(state.filters, state.kernel_size)
        weights = prod(dense.kernel.shape)
        try:
            conv(image)
        except ValueError:
            return weights, dense.count_params(), None
        return weights, dense.count_params(), conv.count_params()


def chart(state: FullyConnectedState) -> Any:
    (svg,) = [
        svg
        for svg in parsed(fully_connected_html(state)).iter(f"{SVG}svg")
        if svg.get("class") == "chart"
    ]
    return svg


def test_counts_are_those_of_keras() -> None:
    def claim(state: FullyConnectedState) -> None:
        page = parsed(fully_connected_html(state))
        weights, dense, conv = keras_counts(state)
        assert f"{weights:,} weight" in text_of(page)
        bars = [part for part in page.iter("div") if part.get("class", "").split()[:1] == ["bar"]]
        counts = [dense] if conv is None else [dense, conv]
        for bar, name, count in zip(
            bars, ("fully connected", "convolutional"), counts, strict=False
        ):
            told = words(text_of(bar))
            assert told.startswith(f"{name}: {count:,} parameters")
            assert f"= {count:,}" in told
            assert f"{count:,} × 4 bytes = {4 * count:,} bytes" in told
        assert len(bars) == len(counts)
        alerts = [part for part in page.iter("div") if part.get("role") == "alert"]
        assert len(alerts) == (conv is None)

    for_all(states(), claim, 60)


def test_the_point_the_line_and_the_level_lie_where_the_numbers_say() -> None:
    def claim(state: FullyConnectedState) -> None:
        svg = chart(state)
        (point,) = svg.iter(f"{SVG}circle")
        weights, _, conv = keras_counts(state)
        x, y = float(point.attrib["cx"]), float(point.attrib["cy"])
        assert x == pytest.approx(log10(state.units) / POWERS * WIDTH, abs=0.06)
        powers = sorted(
            (HEIGHT - float(line.attrib["d"].split()[1].split("H")[0]), line)
            for line in svg.iter(f"{SVG}path")
            if line.get("class") == "grid" and "H" in line.attrib["d"]
        )
        per_power = powers[1][0] / 3
        assert HEIGHT - y == pytest.approx(log10(weights) * per_power, abs=0.3)
        levels = [path for path in svg.iter(f"{SVG}path") if path.get("class") == "other"]
        assert len(levels) == (conv is not None)
        if conv is not None:
            high = float(levels[0].attrib["d"].split()[1].split("H")[0])
            count = conv - state.filters
            assert count == conv_weights(state)
            assert HEIGHT - high == pytest.approx(log10(count) * per_power, abs=0.3)

    for_all(states(), claim, 60)


def test_memory_stands_beside_its_weights() -> None:
    svg = chart(FullyConnectedState((28, 28, 1), 784))
    ticks = [path.attrib["d"] for path in svg.iter(f"{SVG}path") if path.get("class") == "tick"]
    names = [text for text in svg.iter(f"{SVG}text") if text.text in MEMORY]
    assert [name.text for name in names] == ["1 KB", "1 MB", "1 GB", "1 TB"]
    heights = [HEIGHT - float(tick.split()[1].split("h")[0]) for tick in ticks]
    per_power = HEIGHT / 12
    for height, power in zip(heights, (1, 2, 3, 4), strict=True):
        assert height == pytest.approx(log10(1024**power / 4) * per_power, abs=0.06)


def test_all_texts_lie_inside_the_drawing() -> None:
    def claim(state: FullyConnectedState) -> None:
        svg = chart(state)
        left, top, width, height = map(float, svg.attrib["viewBox"].split())
        for text in svg.iter(f"{SVG}text"):
            assert left <= float(text.attrib["x"]) <= left + width
            assert top <= float(text.attrib["y"]) - 8
            assert float(text.attrib["y"]) + 2 <= top + height

    for_all(states(), claim, 40)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (FullyConnectedState((28, 28, 1), 784), ["784 inputs", "614,656 weights", "615,440"]),
        (
            FullyConnectedState((400, 500, 1), 200_000),
            ["40,000,000,000 weights of 4 bytes, 149.01 GB", "40,000,200,000"],
        ),
        (
            LECTURE,
            [
                "600,000 inputs",
                "475,689,600,000 weights of 4 bytes, 1.73 TB",
                "600,000 × 792,816 + 792,816 = 475,690,392,816",
                "4 × 3 × 3 × 3 + 4 = 112",
                "10¹²",
            ],
        ),
    ],
)
def test_the_known_numbers_are_shown(state: FullyConnectedState, told: list[str]) -> None:
    text = text_of(parsed(fully_connected_html(state)))
    assert [each for each in told if each not in text] == []


def test_one_of_each_is_said_in_the_singular() -> None:
    said = said_of(FullyConnectedState((1, 1, 1), 1, 1, 1))
    assert said == "1 × 1 × 1 = 1 input, joined to 1 unit: 1 weight of 4 bytes, 4.00 B."


def test_a_window_that_does_not_fit_is_explained_and_the_rest_stays() -> None:
    state = FullyConnectedState((2, 9, 1), 5, kernel_size=3)
    with pytest.raises(ShapeError) as refused:
        state.conv.output_shape(state.input_shape)
    page = parsed(fully_connected_html(state))
    (alert,) = [part for part in page.iter("div") if part.get("role") == "alert"]
    assert text_of(alert) == f"{refused.value.problem}; {refused.value.fix}"
    assert "90 weights" in text_of(page)
    assert conv_weights(state) is None


def test_the_dense_layer_is_told_apart_without_colour() -> None:
    page = parsed(fully_connected_html(LECTURE))
    chosen = [part for part in page.iter("div") if part.get("aria-current") == "true"]
    assert [text_of(part).split(":")[0] for part in chosen] == ["fully connected"]
    texts = [text.text for text in chart(LECTURE).iter(f"{SVG}text")]
    assert {"fully connected", "convolutional"} <= set(texts)
