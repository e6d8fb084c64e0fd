"""The layer stack's picture: the engine's table, where it stops and why, and what a unit sees."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from course import Stack
from course import layers as L
from course.errors import CourseError
from course.keras_bridge import keras, no_weights
from course.pictures.layer_stack import LayerStackState, built, layer_stack_html, unit
from course.pictures.receptive_field import pixels_seen
from course.trace import memory_size
from tests.pictures.reading import SVG, parsed, text_of, words
from tests.strategies import for_all, stacks

MNIST = (
    L.Conv2D(32, 3, activation="relu"),
    L.MaxPooling2D(),
    L.Conv2D(64, 3, activation="relu"),
    L.MaxPooling2D(),
    L.Flatten(),
    L.Dropout(0.5),
    L.Dense(10, activation="softmax"),
)
TOO_LARGE = (L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 5), L.Dense(10))


def table(state: LayerStackState) -> list[list[str]]:
    """The rows of the table's body, the name first."""
    page = parsed(layer_stack_html(state))
    (body,) = page.iter("tbody")
    return [[words(text_of(cell)) for cell in row] for row in body]


def said(state: LayerStackState) -> str:
    (status,) = [part for part in parsed(layer_stack_html(state)).iter("p") if part.get("role")]
    return text_of(status)


def grids(state: LayerStackState) -> list[Any]:
    page = parsed(layer_stack_html(state))
    return [svg for svg in page.iter(f"{SVG}svg") if "cell-grid" in svg.get("class", "")]


def rectangle(state: LayerStackState) -> tuple[float, float, float, float] | None:
    """What is framed on the image, in pixels of the image: top, left, height, width."""
    image = grids(state)[0]
    frames = [box for box in image.iter(f"{SVG}rect") if box.get("class") == "mark window"]
    if not frames:
        return None
    cells = next(box for box in image.iter(f"{SVG}rect") if box.get("class") == "cells")
    height, width, _ = state.input_shape
    down = float(cells.attrib["height"]) / height
    across = float(cells.attrib["width"]) / width
    top, left, high, wide = (float(frames[0].attrib[n]) for n in ("y", "x", "height", "width"))
    return top / down, left / across, high / down, wide / across


def test_the_table_holds_the_engines_numbers() -> None:
    def claim(case: tuple[Stack, tuple[int, ...]]) -> None:
        stack, shape = case
        trace = stack.trace(shape)
        state = LayerStackState(stack.layers, shape, len(stack) - 1)
        for place, (cells, row) in enumerate(zip(table(state), trace, strict=True), 1):
            field = row.receptive_field
            pair = field if isinstance(field, tuple) else (field, field)
            assert cells == [
                f"{place}. {row.name} {replace(row.layer, name=None)!r}",
                " × ".join(map(str, row.output_shape)),
                f"{row.param_count:,}",
                f"{row.macs:,}",
                memory_size(row.activation_bytes),
                "–" if field is None else f"{pair[0]} × {pair[1]}",
            ]
        text = text_of(parsed(layer_stack_html(state)))
        assert f"{trace.param_count:,} parameters" in text
        assert f"{trace.macs:,} multiply-accumulates" in text

    plain = stacks().filter(
        lambda case: all(
            getattr(layer, "data_format", "channels_last") == "channels_last" for layer in case[0]
        )
    )
    for_all(plain, claim, 80)


def test_the_mnist_network_has_the_counts_of_keras() -> None:
    state = LayerStackState(MNIST, (28, 28, 1), 6)
    with no_weights():
        model = keras.Sequential(
            [
                keras.Input((28, 28, 1)),
                keras.layers.Conv2D(32, 3),
                keras.layers.MaxPooling2D(),
                keras.layers.Conv2D(64, 3),
                keras.layers.MaxPooling2D(),
                keras.layers.Flatten(),
                keras.layers.Dropout(0.5),
                keras.layers.Dense(10),
            ]
        )
    for cells, layer in zip(table(state), model.layers, strict=True):
        assert cells[1] == " × ".join(map(str, layer.output.shape[1:]))
        assert cells[2] == f"{layer.count_params():,}"
    text = text_of(parsed(layer_stack_html(state)))
    assert "320 + 18,496 + 16,010 = 34,826 parameters" in text
    assert "2,440,960 multiply-accumulates" in text
    assert "136.04 KB for the parameters, 84.50 KB for the largest output" in text


def test_what_the_chosen_unit_sees_is_drawn_and_said() -> None:
    def claim(place: tuple[int, int, int]) -> None:
        state = LayerStackState(MNIST, (28, 30, 1), *place)
        rows = built(state)[0].rows  # type: ignore[union-attr]
        row, column = unit(state, rows[state.place])  # type: ignore[misc]
        (top, bottom), (left, right) = pixels_seen(  # type: ignore[misc]
            rows[: state.place + 1], (row, column)
        )
        assert rectangle(state) == pytest.approx((top, left, bottom - top, right - left))
        name = rows[state.place].name
        assert said(state).startswith(f"The output of {name} is ")
        assert said(state).endswith(
            f"Its unit in row {row + 1}, column {column + 1} sees rows {top + 1} to {bottom} and "
            f"columns {left + 1} to {right} of the image."
        )
        output = grids(state)[1]
        chosen = [cell for cell in output.iter() if cell.get("aria-selected") == "true"]
        assert [(c.get("data-row"), c.get("data-column")) for c in chosen] == [
            (str(row), str(column))
        ]

    for_all(st.tuples(st.integers(0, 3), st.integers(0, 40), st.integers(0, 40)), claim, 60)


@pytest.mark.parametrize(
    ("layers", "place", "unit", "told"),
    [
        (
            (L.Conv2D(8, 3, padding="same"),),
            0,
            (0, 5),
            "sees rows 1 to 2 and columns 5 to 7 of the image; the rest of its 3 × 3 receptive "
            "field is padding.",
        ),
        (
            (L.ZeroPadding2D(3), L.Conv2D(8, 3)),
            1,
            (0, 0),
            "sees nothing of the image, only padding.",
        ),
        ((L.Flatten(), L.Dense(3)), 1, (0, 0), "3 values. Each value sees the whole image."),
        ((L.Flatten(),), 0, (0, 0), "64 values. Each value sees 1 × 1 pixels of the image."),
        (
            (L.MaxPooling2D(3), L.Flatten(), L.Dense(3)),
            2,
            (0, 0),
            "Each value sees rows 1 to 6 and columns 1 to 6 of the image; no window reaches the "
            "others.",
        ),
        ((L.UpSampling2D(2),), 0, (0, 0), "The output of up_sampling2d is 16 × 16 × 1."),
    ],
    ids=["cut", "nothing", "all", "one", "reached", "unknown"],
)
def test_the_sentence_says_what_a_value_sees(layers: Any, place: int, unit: Any, told: str) -> None:
    assert said(LayerStackState(layers, (8, 8, 1), place, *unit)).endswith(told)


def test_nothing_is_framed_where_nothing_is_seen() -> None:
    state = LayerStackState((L.ZeroPadding2D(3), L.Conv2D(8, 3)), (8, 8, 1), 1)
    assert rectangle(state) is None
    assert rectangle(LayerStackState((L.Flatten(),), (8, 8, 1))) is None
    assert rectangle(LayerStackState((L.Flatten(), L.Dense(3)), (8, 8, 1), 1)) == (0, 0, 8, 8)


@pytest.mark.parametrize("place", range(4))
def test_a_stack_that_cannot_be_built_says_where_and_why_in_its_row(place: int) -> None:
    state = LayerStackState(TOO_LARGE, (8, 8, 1), place)
    with pytest.raises(CourseError) as refused:
        Stack(TOO_LARGE).trace((8, 8, 1))
    why = f"{refused.value.problem}; {refused.value.fix}"
    assert why == "window 5 is larger than height 3; use a smaller kernel_size or padding='same'"
    rows = table(state)
    assert [row[1] for row in rows] == ["6 × 6 × 8", "3 × 3 × 8", why, "not reached"]
    assert [row[0] for row in rows][2:] == [
        "3. Conv2D Conv2D(16, 5, padding='valid')",
        "4. Dense Dense(10)",
    ]
    assert said(state).startswith("The stack cannot be built: layer 3 does not fit.")
    page = parsed(layer_stack_html(state))
    assert len([part for part in page.iter() if part.get("role") == "alert"]) == 1
    assert "parameters</p>" not in layer_stack_html(state)
    assert len(grids(state)) == (2 if place < 2 else 0)


def test_the_very_first_layer_may_not_fit() -> None:
    state = LayerStackState((L.Dense(3), L.Conv2D(8, 9)), (8, 8, 1), 1)
    assert table(state)[1][1].startswith("window 9 is larger than height 8")
    state = LayerStackState((L.Conv2D(8, 9),), (8, 8, 1))
    assert table(state)[0][1].startswith("window 9 is larger than height 8")
    assert grids(state) == []


def test_two_layers_of_one_name_are_explained_too() -> None:
    layers = (L.Conv2D(8, 3, name="conv2d_1"), L.Conv2D(8, 3), L.Conv2D(8, 3))
    state = LayerStackState(layers, (28, 28, 1))
    assert table(state)[2][1].startswith("two layers are named 'conv2d_1'")


def test_without_layers_there_is_no_table() -> None:
    state = LayerStackState((), (28, 28, 1))
    assert said(state) == "There is no layer yet."
    assert list(parsed(layer_stack_html(state)).iter("table")) == []


@pytest.mark.parametrize("shape", [(1, 1, 1), (64, 64, 16), (1, 64, 3), (400, 500, 3)], ids=str)
def test_a_unit_far_outside_is_the_last_one_at_any_size(shape: tuple[int, int, int]) -> None:
    layers = (L.Conv2D(8, 3, padding="same"), L.Conv2D(4, (1, 5), strides=2, padding="same"))
    state = LayerStackState(layers, shape, 1, 10**6, 10**6)
    found = rectangle(state)
    assert found is not None
    assert found[0] + found[2] <= shape[0] + 1e-6
    assert found[1] + found[3] <= shape[1] + 1e-6
    assert len(layer_stack_html(state)) < 40_000
    large = LayerStackState((L.Flatten(), L.Dense(792_816, use_bias=False)), (400, 500, 3), 1)
    assert "475,689,600,000" in layer_stack_html(large)


def test_one_term_needs_no_sum_and_no_term_is_zero() -> None:
    def total(*layers: L.Layer) -> str:
        page = parsed(layer_stack_html(LayerStackState(layers, (8, 8, 1))))
        (part,) = [part for part in page.iter("p") if part.get("class") == "total"]
        return text_of(part)

    assert total(L.Conv2D(8, 3), L.MaxPooling2D()) == "80 parameters"
    assert total(L.MaxPooling2D()) == "0 parameters"


def test_the_chosen_layer_is_marked_without_colour() -> None:
    page = parsed(layer_stack_html(LayerStackState(MNIST, (28, 28, 1), 2)))
    chosen = [row for row in page.iter("tr") if row.get("aria-current") == "true"]
    assert [text_of(row[0]).split()[1] for row in chosen] == ["conv2d_1"]


def test_signs_of_markup_are_escaped() -> None:
    state = LayerStackState((L.Conv2D(8, 3, name="<b>&"),), (8, 8, 1))
    html = layer_stack_html(state)
    assert "<b>&" not in html.replace("<b>&lt;", "")
    assert "<b>&" in text_of(parsed(html))
