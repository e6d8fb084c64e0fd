"""Convolution by numbers: what stands in the picture is what Keras and plain loops say."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course import layers as L
from course import samples
from course.errors import CourseError, ShapeError
from course.keras_bridge import keras
from course.pictures.convolution import ConvolutionState, cell_over, convolution_html, worked
from course.pictures.grids import number
from tests.pictures.reading import SVG, labels, parsed, text_of, words
from tests.strategies import for_all

RESULT = [
    [5849, 7463, 6193, 7261, 6177, 6309, 6484],
    [5580, 7161, 7311, 7902, 6699, 5329, 5375],
    [6690, 7301, 6211, 6464, 7450, 5865, 6553],
    [6826, 7003, 6740, 6804, 7072, 5875, 5869],
    [6917, 6605, 6838, 6247, 6121, 5410, 6179],
]
IMAGE, KERNEL = samples.example_image(), samples.example_filter()


@st.composite
def states(draw: st.DrawFn) -> ConvolutionState:
    """States of every kind, those that cannot be among them."""
    height, width, depth, tall, wide = draw(
        st.tuples(*[st.integers(1, 9)] * 2, st.integers(1, 3), *[st.integers(1, 4)] * 2)
    )
    seed = np.random.default_rng(draw(st.integers(0, 99)))
    image, kernel = (
        seed.integers(-9, 99, (*size, depth)) for size in ((height, width), (tall, wide))
    )
    return ConvolutionState(
        image,
        kernel,
        bias=draw(st.integers(-5, 5)),
        strides=draw(st.integers(1, 3)),
        padding=draw(st.sampled_from(["valid", "same", 1, ((0, 1), (2, 0))])),
        dilation_rate=draw(st.sampled_from([1, 1, 2])),
        row=draw(st.integers(0, 9)),
        column=draw(st.integers(0, 9)),
        whole=draw(st.booleans()),
    )


def padded_by_hand(state: ConvolutionState, output: Any) -> Any:
    """The image with its zeros, from the sizes alone."""
    pads = []
    for axis in range(2):
        if state.padding == "valid":
            pads.append((0, 0))
        elif state.padding == "same":
            window = (state.kernel.shape[axis] - 1) * state.dilation_rate + 1
            reach = (output.shape[axis] - 1) * state.strides + window
            total = max(reach - state.image.shape[axis], 0)
            pads.append((total // 2, total - total // 2))
        else:
            pads.append(((1, 1), (1, 1))[axis] if state.padding == 1 else state.padding[axis])
    return np.pad(state.image, (*pads, (0, 0)))


def keras_output(state: ConvolutionState) -> Any:
    """The same convolution computed by Keras."""
    padding, image = state.padding, state.image[None].astype("float32")
    if padding not in ("valid", "same"):
        image, padding = np.array(keras.layers.ZeroPadding2D(padding)(image)), "valid"
    kernel = state.kernel[..., None].astype("float32")
    found = keras.ops.conv(image, kernel, state.strides, padding, dilation_rate=state.dilation_rate)
    return np.array(found)[0, ..., 0] + state.bias


def grids(html: str) -> list[Any]:
    return list(parsed(html).iter(f"{SVG}svg"))


def shows_what_keras_says(state: ConvolutionState) -> None:
    html = convolution_html(state)
    try:
        work = worked(state)
    except CourseError as error:
        explained(html, error)
        return
    output = keras_output(state)
    assert work.output.tolist() == output.tolist()
    shown_right(state, html, output)


def explained(html: str, error: CourseError) -> None:
    (alert,) = (part for part in parsed(html).iter("div") if part.get("role") == "alert")
    assert text_of(alert) == f"{error.problem}; {error.fix}"
    assert grids(html) == []


def shown_right(state: ConvolutionState, html: str, output: Any) -> None:
    row, column = min(state.row, output.shape[0] - 1), min(state.column, output.shape[1] - 1)
    *channels, last = grids(html)
    padded = padded_by_hand(state, output)
    reached = row * output.shape[1] + column
    texts = [number(int(value)) for value in output.ravel()]
    seen = texts if state.whole else texts[: reached + 1] + [""] * (output.size - reached - 1)
    assert labels(last) == seen
    products, sums = [], []
    for channel, (image, kernel) in enumerate(zip(channels[::2], channels[1::2], strict=True)):
        assert labels(image) == [number(v) for v in padded[..., channel].ravel().tolist()]
        assert labels(kernel) == [number(v) for v in state.kernel[..., channel].ravel().tolist()]
        terms = [
            padded[row * state.strides + u * state.dilation_rate, :, channel][
                column * state.strides + v * state.dilation_rate
            ]
            * state.kernel[u, v, channel]
            for u, v in np.ndindex(state.kernel.shape[:2])
        ]
        products += [number(int(term)) for term in terms]
        sums.append(number(int(sum(terms))))
    written = [part for part in parsed(html).iter("div") if part.get("class") == "products"]
    found = ["".join(b.itertext()) for part in written for b in part.iter("b")]
    assert found == products
    shown = words(text_of(parsed(html)))
    for channel, total in enumerate(sums):
        assert f"sum of channel {channel + 1}: {total}" in shown
    assert f"= {texts[reached]}" in shown
    assert f"The sum is {texts[reached]}." in shown
    windows(state, channels[::2], (row, column))


def windows(state: ConvolutionState, images: list[Any], at: tuple[int, int]) -> None:
    """The frame on each channel lies where the filter does."""
    for image in images:
        (box,) = (part for part in image.iter() if part.get("class") == "mark window")
        (paper,) = (part for part in image.iter() if part.get("class") == "cells")
        columns = int(image.attrib["data-columns"])
        cell = float(paper.attrib["width"]) / columns
        assert float(box.attrib["x"]) == at[1] * state.strides * cell
        reach = (state.kernel.shape[1] - 1) * state.dilation_rate + 1
        assert float(box.attrib["width"]) == reach * cell


def test_every_state_shows_what_keras_says() -> None:
    for_all(states(), shows_what_keras_says, 150)


def test_the_7x9x3_example_has_the_numbers_worked_by_hand() -> None:
    state = ConvolutionState(IMAGE, KERNEL)
    assert worked(state).output.tolist() == RESULT
    assert worked(state).sums.tolist() == [1841, 2019, 1989]
    shown = words(text_of(parsed(convolution_html(state))))
    assert "1841 + 2019 + 1989 + 0 = 5849" in shown
    assert "58 × 5290" in shown  # the product stands below its factors


def test_a_wrong_number_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: with the filter flipped, as mathematics would have it."""
    state = ConvolutionState(IMAGE, KERNEL)
    html = convolution_html(ConvolutionState(IMAGE, KERNEL[::-1, ::-1]))
    with pytest.raises(AssertionError):
        shown_right(state, html, keras_output(state))


def test_a_flat_filter_is_used_on_every_channel() -> None:
    state = ConvolutionState(IMAGE, KERNEL[..., 0])
    assert worked(state).output[0, 0] == 5793


def test_numbers_with_a_fraction_or_a_sign_are_written_out() -> None:
    state = ConvolutionState([[0.5, -1.25]], [[2, -4]], bias=-0.75)
    shown = words(text_of(parsed(convolution_html(state))))
    assert "0.5 × 2" in shown
    assert "−1.25 × (−4)" in shown
    assert "6 + (−0.75) = 5.25" in shown


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (([[1, 2]], [[1], [1]]), "window 2 is larger than height 1"),
        (([[1, 2, 3]], [[1, 1]], 0, 2, "valid", 2), "both above 1"),
        ((IMAGE, KERNEL[..., :2]), "given (3, 3, 2, 1)"),
        ((IMAGE, KERNEL, 0, 1, "full"), "padding"),
    ],
)
def test_what_cannot_be_is_explained(arguments: tuple[Any, ...], told: str) -> None:
    html = convolution_html(ConvolutionState(*arguments))
    assert told in text_of(parsed(html))
    assert grids(html) == []


@pytest.mark.parametrize(
    ("image", "kernel", "bias"),
    [
        ([1, 2, 3], [[1]], 0),
        (np.zeros((2, 2, 2, 2)), [[1]], 0),
        (np.zeros((0, 3)), [[1]], 0),
        ([[1, 2], [3]], [[1]], 0),
        ([["a"]], [[1]], 0),
        ([[1]], 5, 0),
        ([[1]], [[1]], [1, 2]),
        ([[1]], [[1]], "one"),
    ],
)
def test_what_is_no_image_filter_or_bias_is_refused(image: Any, kernel: Any, bias: Any) -> None:
    with pytest.raises(ShapeError):
        ConvolutionState(image, kernel, bias)


@pytest.mark.parametrize("shape", [(1, 1), (64, 64), (64, 64, 3), (1, 64), (64, 1, 2)])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_smallest_and_the_largest_images_are_drawn(
    shape: tuple[int, ...], padding: str
) -> None:
    size = min(3, *shape[:2])
    state = ConvolutionState(np.ones(shape, int), np.ones((size, size), int), padding=padding)
    html = convolution_html(state)
    assert len(grids(html)) == 2 * state.image.shape[-1] + 1
    assert len(html) < 60_000


def test_zeros_around_the_image_are_cells_of_their_own() -> None:
    html = convolution_html(ConvolutionState(IMAGE[..., :1], KERNEL[..., :1], padding="same"))
    image = grids(html)[0]
    strips = [part for part in image.iter() if part.get("class") == "mark zero"]
    assert len(strips) == 4
    cells = sum(float(s.attrib["width"]) * float(s.attrib["height"]) for s in strips) / 22**2
    assert cells == 9 * 11 - 7 * 9
    assert "9 × 11 with its zeros" in text_of(parsed(html))


def test_a_filter_with_gaps_marks_only_the_cells_it_reads() -> None:
    html = convolution_html(ConvolutionState(IMAGE[..., :1], KERNEL[..., :1], dilation_rate=2))
    taps = [part for part in grids(html)[0].iter() if part.get("class") == "mark tap"]
    places = {(int(t.attrib["y"]) // 22, int(t.attrib["x"]) // 22) for t in taps}
    assert places == {(row, column) for row in (0, 2, 4) for column in (0, 2, 4)}


def test_the_size_is_derived() -> None:
    shown = text_of(parsed(convolution_html(ConvolutionState(IMAGE, KERNEL))))
    for step in L.Conv2D(1, 3).derivation("output_shape", IMAGE.shape).steps:
        if step.name in ("H_out", "W_out"):
            assert f"{step.name} = {step.substituted} = {step.value}" in shown


def test_the_cell_whose_window_is_nearest_is_found() -> None:
    """The middle of each window leads to its own output cell, what lies beyond to the last."""

    def claim(state: ConvolutionState) -> None:
        try:
            rows, columns, _ = state.output_shape
        except CourseError:
            assert cell_over(state, 0, 0) == (state.row, state.column)
            return
        assert cell_over(state, 0, 0) == (0, 0)
        assert cell_over(state, 99, 99) == (rows - 1, columns - 1)
        half = [(size - 1) * state.dilation_rate / 2 for size in state.kernel.shape[:2]]
        if all(middle.is_integer() for middle in half):
            for row, column in np.ndindex(rows, columns):
                pixel = (row * state.strides + int(half[0]), column * state.strides + int(half[1]))
                assert cell_over(state, *pixel) == (row, column)

    for_all(states(), claim, 60)


def test_a_picture_asks_the_network_for_nothing() -> None:
    html = convolution_html(ConvolutionState(np.ones((40, 40)), [[1]]))
    assert not re.search(
        r"<(img|link|script)|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", html
    )
