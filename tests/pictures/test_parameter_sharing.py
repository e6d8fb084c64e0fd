"""Parameter sharing: weights that are the same look the same, and the counts are Keras's."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course.errors import CourseError, ShapeError
from course.keras_bridge import keras, no_weights
from course.pictures.connections import SHARINGS, connections
from course.pictures.parameter_sharing import SharingState, counts, parameter_sharing_html
from tests.pictures.reading import SVG, labels, parsed, text_of, words
from tests.strategies import for_all

QUIZ = SharingState((32, 32, 3), 20, 8, 2, 1)


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


def test_the_counts_of_the_quiz_are_shown() -> None:
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


def test_the_smallest_layer_has_two_parameters_either_way() -> None:
    html = parameter_sharing_html(SharingState((1, 1, 1), 1, 1))
    assert [count.value for count in counts(SharingState((1, 1, 1), 1, 1)).values()] == [2, 2, 2]
    assert "divides the unshared count by 1 × 1 = 1." in text_of(parsed(html))


def test_the_chosen_way_is_the_one_that_is_drawn() -> None:
    for sharing in SHARINGS:
        state = SharingState((32, 32, 3), 20, 8, 2, 1, sharing)
        html = parameter_sharing_html(state)
        svgs = [svg for svg in parsed(html).iter(f"{SVG}svg") if svg.get("class") == "connections"]
        assert [labels(svg) for svg in svgs] == [labels(parsed(connections(sharing)))]


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
