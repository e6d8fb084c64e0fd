"""Unit 04: the engine, Keras and the executed notebook give the same numbers."""

import html
import re
from typing import Any

import pytest

from course import Stack
from course import layers as L
from course.arithmetic import volume
from course.conventions import compare_conventions
from course.forward import convolve
from course.keras_bridge import ask_padding, keras, no_weights
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "04-stride"
PICTURE = (32, 32, 3)
ONES = [[[[1]], [[1]], [[1]]]]
"""A filter of one row and three columns."""
PADS = [
    (128, 3, 2, (0, 1)),
    (5, 3, 2, (1, 1)),
    (4, 2, 1, (0, 1)),
    (13, 6, 5, (1, 2)),
    (224, 7, 2, (2, 3)),
]


def cell(name: str) -> Any:
    """A cell of the executed notebook."""
    return next(cell for cell in executed("source", UNIT).cells if cell.id == name)


def shown(name: str, kind: str = "execute_result") -> str:
    """What a cell shows, as text with single spaces between."""
    pages = " ".join(str(output.data.get("text/html", "")) for output in outputs(cell(name), kind))
    return " ".join(re.sub(r"<[^>]*>", " ", pages).split())


@pytest.mark.parametrize(
    ("padding", "size"), [(1, 14), ("same", 16), ("valid", 13)], ids=["P=1", "same", "valid"]
)
def test_engine_and_keras_agree_on_the_example(padding: Any, size: int) -> None:
    layer = L.Conv2D(20, 8, strides=2, padding=padding)
    assert layer.output_shape(PICTURE) == (size, size, 20)
    zeros = [keras.layers.ZeroPadding2D(padding)] if padding == 1 else []
    word = "valid" if padding == 1 else padding
    with no_weights():
        real = keras.layers.Conv2D(20, 8, strides=2, padding=word)
        model = keras.Sequential([keras.Input(PICTURE), *zeros, real, keras.layers.Flatten()])
    assert real.output.shape == (None, size, size, 20)
    assert model.output_shape == (None, size * size * 20)


def test_the_example_has_3920_values() -> None:
    layer = L.Conv2D(20, 8, strides=2, padding=1)
    assert volume(layer.output_shape(PICTURE)) == 3920
    assert Stack([layer, L.Flatten()]).trace(PICTURE).output_shape == (3920,)
    assert printed(cell("example-volume"), "stdout").splitlines() == [
        "strides=1: (27, 27, 20), 14,580 values",
        "strides=2: (14, 14, 20), 3,920 values",
        "strides=3: (9, 9, 20), 1,620 values",
    ]


def test_the_notebook_shows_the_example_of_both_references() -> None:
    working = shown("example-shape")
    assert working.count("⌊(32 − 8 + 2 × 1) / 2⌋ + 1 = 14") == 2
    assert "D out = K = 20" in working
    pages = "".join(str(found.data) for found in outputs(cell("example-keras"), "display_data"))
    table = re.sub(r"<[^>]*>", "", pages) + printed(cell("example-keras"), "stdout")
    assert "(None, 14, 14, 20)" in table
    assert "(None, 3920)" in table
    assert printed(cell("words-keras"), "stdout").splitlines() == [
        "valid (None, 13, 13, 20)",
        "same (None, 16, 16, 20)",
    ]


def test_both_forms_of_valid_give_the_same_sizes() -> None:
    for width in range(1, 40):
        for F in range(1, width + 1):
            for S in range(1, 6):
                size = L.Conv2D(1, F, strides=S).output_shape((width, width, 1))[0]
                assert size == -(-(width - F + 1) // S)
    assert L.Conv2D(1, 3, strides=2).output_shape((28, 28, 1)) == (13, 13, 1)
    one, two = printed(cell("words-forms"), "stdout").splitlines()
    assert one == two == "[1, 1, 2, 2, 3, 3, 4, 4, 5, 5]"


def test_a_rest_is_invalid_for_some_and_rounded_down_by_keras() -> None:
    table = compare_conventions(10, 3, 2)
    assert (table["valid"].size, table["no remainder allowed"].size) == (4, None)
    assert keras.layers.Conv2D(1, 3, strides=2).compute_output_shape((None, 10, 10, 1)) == (
        (None, 4, 4, 1)
    )
    assert "invalid: the windows do not fit exactly" in shown("rest-table")
    (found,) = outputs(cell("rest-keras"), "execute_result")
    assert found.data["text/plain"] == "(None, 4, 4, 1)"


def test_the_table_shows_all_three_sizes_of_the_example() -> None:
    table = html.unescape(shown("words-table"))
    for row in ("explicit P P=1 14", "valid padding='valid' 13", "same padding='same' 16"):
        assert row in table


@pytest.mark.parametrize(("width", "kernel_size", "strides", "pads"), PADS)
def test_same_puts_the_odd_zero_at_the_end(
    width: int, kernel_size: int, strides: int, pads: tuple[int, int]
) -> None:
    layer = L.Conv2D(1, kernel_size, strides=strides, padding="same")
    shape = (width, width, 1)
    assert layer.padding_amounts(shape) == ask_padding(layer, shape) == (pads, pads)
    if strides > 1:
        line = f"W={width}, F={kernel_size}, S={strides}: engine {pads}, Keras {pads}"
        assert line in printed(cell("zeros-code"), "stdout").splitlines()


@pytest.mark.parametrize(("padding", "values"), [("same", [6, 7]), ((0, 1), [3, 9])])
def test_the_same_size_holds_other_values(padding: Any, values: list[int]) -> None:
    row = [[[1], [2], [3], [4]]]
    assert convolve(row, ONES, None, (1, 2), padding).ravel().tolist() == values
    said = printed(cell("values-keras"), "stdout").splitlines()
    assert said == ["same: [6. 7.]", "one zero on each side: [3. 9.]"]


def test_pictures_show_who_is_read_and_who_is_not() -> None:
    assert "All 49 pixels are read" in shown("explorer", "display_data")
    assert "33 of 49 pixels are never read" in shown("unread-explorer", "display_data")
    assert "2 of 2 values differ" in shown("values-explorer", "display_data")
    assert "All 1024 pixels are read" in shown("try-picture", "display_data")


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for one in read("source", UNIT).cells:
        if one.id.endswith("-answer"):
            exec(compile(one.source, one.id, "exec"), answers)
    assert (answers["shape_1"], answers["row_1"]) == ((13, 22, 12), (3432,))
    assert (answers["shape_1b"], answers["row_1b"]) == ((11, 7, 10), (770,))
    assert answers["conv_width"](32, 8, 2, 1) == 14
    assert answers["conv_width"](10, 3, 2, 0) == 4
    assert (answers["output_3"], answers["output_3b"]) == ([[11, 11000]], [[10, 12, 8]])


def test_lena_computed_what_the_exercise_says() -> None:
    row = [[[2], [7], [1], [8], [3], [5]]]
    assert convolve(row, ONES, None, 2, (0, 1)).ravel().tolist() == [9, 16, 16]


def test_each_explorer_is_all_that_its_cell_shows() -> None:
    for name in ("explorer", "unread-explorer", "values-explorer", "try-picture"):
        kinds = [output.output_type for output in cell(name).outputs]
        assert kinds == ["display_data", "display_data"], name
