"""The conv-dims picture shows what the engine says, and explains a layer that is none."""

from typing import Any

import pytest
from hypothesis import strategies as st

from course import Stack
from course import layers as L
from course.errors import ShapeError
from course.keras_bridge import no_weights
from course.pictures.conv_dims import conv_dims_html, keras_code, summary_table
from course.pictures.grids import dims
from tests.pictures.reading import SVG, labels, parsed, svg_of, table_row, text_of, words
from tests.strategies import conv2d, for_all

State = tuple[L.Conv2D, tuple[int, int, int]]


@st.composite
def states(draw: st.DrawFn) -> State:
    """What the explorer's controls can be set to, windows that do not fit included."""
    layer = L.Conv2D(
        draw(st.integers(1, 64)),
        draw(st.integers(1, 11)),
        strides=draw(st.integers(1, 5)),
        padding=draw(st.sampled_from(["valid", "same"])),
        activation=draw(st.sampled_from([None, "relu"])),
        use_bias=draw(st.booleans()),
    )
    side = st.one_of(st.integers(1, 12), st.integers(1, 256))
    return layer, (draw(side), draw(side), draw(st.integers(1, 64)))


def shows_the_engines_numbers(state: State) -> None:
    """Volumes, both derivations and the summary row, or the explanation in their place."""
    layer, shape = state
    page = conv_dims_html(layer, shape)
    shown = words(text_of(parsed(page)))
    assert words(keras_code(layer, shape)) in shown
    try:
        output = layer.output_shape(shape)
    except ShapeError as error:
        explained(page, error)
        return
    parameters = layer.param_count(shape)
    said = f"Conv2D turns {dims(shape)} into {dims(output)}, with {parameters:,} parameter"
    assert shown.startswith(said)
    drawing = svg_of(page)
    assert " × ".join(map(str, shape)) in labels(drawing)
    assert " × ".join(map(str, output)) in labels(drawing)
    assert "role" not in {
        name for part in parsed(page) for name in part.attrib if part.tag == "div"
    }
    for step in layer.derivation("param_count", shape).steps:
        assert f"= {step.substituted}" in shown
        assert f"= {step.value:,}" in shown
    assert row_of(page) == ["conv2d (Conv2D)", str((None, *output)), f"{parameters:,}"]


def row_of(page: str) -> list[str]:
    """The summary row of the course's engine."""
    return table_row(text_of(parsed(page)).split("The row of the course's engine")[1])


def explained(page: str, error: ShapeError) -> None:
    """The error's own words stand where the picture would be, and nothing else does."""
    alerts = [part for part in parsed(page).iter("div") if part.attrib.get("role") == "alert"]
    assert [text_of(alert) for alert in alerts] == [f"{error.problem}; {error.fix}"]
    assert list(parsed(page).iter(f"{SVG}svg")) == []
    assert list(parsed(page).iter("table")) == []


def test_every_state_of_the_explorer_shows_the_engines_numbers() -> None:
    for_all(states(), shows_the_engines_numbers, 150)


def test_any_convolution_can_be_shown() -> None:
    """Also those that the explorer's controls do not reach."""
    shapes = st.tuples(*[st.integers(1, 40)] * 3)
    cases = shapes.flatmap(lambda shape: st.tuples(conv2d(shape), st.just(shape)))
    named = cases.filter(lambda case: case[0].name is None)
    for_all(named, shows_the_engines_numbers, 100)


def test_the_code_makes_that_layer_in_keras() -> None:
    """Run as a student would run it; padding in numbers becomes Keras's ZeroPadding2D."""

    def claim(case: State) -> None:
        layer, shape = case
        made: dict[str, Any] = {}
        code = keras_code(layer, shape)
        assert code.startswith("import keras\n")
        with no_weights():
            exec(code.removesuffix("model.summary()"), made)
        model = made["model"]
        assert model.output_shape == (None, *layer.output_shape(shape))
        assert model.count_params() == layer.param_count(shape)
        assert model.layers[-1].use_bias == layer.use_bias
        assert model.layers[-1].activation.__name__ == (layer.activation or "linear")

    shapes = st.tuples(*[st.integers(1, 40)] * 3)
    cases = shapes.flatmap(lambda shape: st.tuples(conv2d(shape), st.just(shape)))
    for_all(cases, claim, 60)


@pytest.mark.parametrize(
    ("layer", "shape", "numbers"),
    [
        (
            L.Conv2D(32, 3, strides=2, padding="same"),
            (128, 128, 3),
            ["64 × 64 × 32", "32 × 3 × 3 × 3 + 32", "896"],
        ),
        (
            L.Conv2D(16, 2, strides=2),
            (200, 200, 1),
            ["100 × 100 × 16", "16 × 2 × 2 × 1 + 16", "80"],
        ),
        (L.Conv2D(4, (3, 5)), (28, 28, 1), ["26 × 24 × 4", "64"]),
    ],
)
def test_the_known_numbers_are_shown(layer: L.Conv2D, shape: Any, numbers: list[str]) -> None:
    shown = text_of(parsed(conv_dims_html(layer, shape)))
    assert [number for number in numbers if number not in shown] == []


def test_a_window_that_does_not_fit_is_explained() -> None:
    shown = text_of(parsed(conv_dims_html(L.Conv2D(8, 7), (5, 9, 1))))
    assert "window 7 is larger than height 5; use a smaller kernel_size or padding='same'" in shown


def test_signs_of_markup_are_escaped() -> None:
    def evil(x: Any) -> Any:
        return x

    evil.__name__ = "<script>alert('&')</script>"
    page = conv_dims_html(L.Conv2D(8, 3, activation=evil), (9, 9, 1))
    assert "<script" not in page
    assert evil.__name__ in text_of(parsed(page))


def test_a_state_gives_the_same_page_each_time() -> None:
    for layer, shape in ((L.Conv2D(8, 3), (9, 9, 1)), (L.Conv2D(8, 3), (2, 2, 1))):
        assert conv_dims_html(layer, shape) == conv_dims_html(layer, shape)


def test_a_page_asks_the_network_for_nothing() -> None:
    page = conv_dims_html(L.Conv2D(8, 3), (9, 9, 1))
    assert page.count("http") == page.count('xmlns="http://www.w3.org/2000/svg"')
    assert not [tag for tag in ("<img", "<link", "<script", "@import", "url(") if tag in page]


def test_the_table_is_the_summarys_own() -> None:
    summary = Stack([L.Conv2D(32, 3)]).trace((28, 28, 1)).summary(line_length=64)
    table = summary_table(summary).splitlines()
    assert len(table) == 5
    assert all(line in summary.splitlines() for line in table)
    assert table[0].startswith("┏")
    assert table[-1].startswith("└")


@pytest.mark.parametrize("shape", [(100, 100, 16), (256, 256, 64)], ids=str)
def test_a_shape_stands_on_one_line(shape: Any) -> None:
    """The first script's own output shape, and the longest that the controls reach."""
    height, width, depth = shape
    page = conv_dims_html(L.Conv2D(depth, 1), (height, width, 1))
    assert str((None, *shape)) in text_of(parsed(page))


def test_a_wrong_number_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: with an engine that forgets the biases after the picture is made."""
    state = (L.Conv2D(8, 3), (9, 9, 1))
    page = conv_dims_html(*state)
    monkeypatch.setattr("tests.pictures.test_conv_dims.conv_dims_html", lambda *_: page)
    with pytest.raises(AssertionError):
        shows_the_engines_numbers((L.Conv2D(8, 3, use_bias=False), (9, 9, 1)))
    with pytest.raises(AssertionError):
        shows_the_engines_numbers((L.Conv2D(8, 3), (9, 10, 1)))
