"""Unit 05: the engine, Keras and the executed notebook give the same numbers."""

import re
from ast import literal_eval
from typing import Any

import numpy as np
import pytest

from course import layers as L
from course.forward import average_pool, convolve, max_pool
from course.keras_bridge import keras
from course.samples import example_filter, example_image
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "05-pooling"
RESULT = [
    [5849, 7463, 6193, 7261, 6177],
    [5580, 7161, 7311, 7902, 6699],
    [6690, 7301, 6211, 6464, 7450],
    [6826, 7003, 6740, 6804, 7072],
    [6917, 6605, 6838, 6247, 6121],
]
POOLED = [
    (
        "example-same-code",
        (2, None, "same"),
        [[7463, 7902, 6699], [7301, 6804, 7450], [6917, 6838, 6121]],
    ),
    ("example-valid-code", (2, None, "valid"), [[7463, 7902], [7301, 6804]]),
    (
        "example-stride-1",
        (2, 1, "valid"),
        [
            [7463, 7463, 7902, 7902],
            [7301, 7311, 7902, 7902],
            [7301, 7301, 6804, 7450],
            [7003, 7003, 6838, 7072],
        ],
    ),
    ("example-window-3", (3, 2, "valid"), [[7463, 7902], [7301, 7450]]),
]
SIZES = [
    ((26, 26, 32), "valid", (13, 13, 32)),
    ((11, 11, 64), "valid", (5, 5, 64)),
    ((5, 5, 1), "valid", (2, 2, 1)),
    ((5, 5, 1), "same", (3, 3, 1)),
]
ROW = np.array([2, 4, 6]).reshape(1, 3, 1)


def shown(cell_id: str) -> str:
    """All that a cell of the executed source shows, as text."""
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    results = outputs(cell, "execute_result") + outputs(cell, "display_data")
    pages = "".join(str(output.data) for output in results)
    return re.sub(r"<[^>]*>", "", pages) + printed(cell, "stdout")


def matrix(text: str) -> list[list[int]]:
    """The rows of a printed matrix."""
    return [[int(number) for number in re.findall(r"\d+", row)] for row in text.splitlines()]


def asked_of_keras(layer: Any, image: Any) -> Any:
    return np.asarray(layer(image[None].astype("float32")))[0, ..., 0]


def test_the_example_is_the_result_of_the_convolution() -> None:
    found = convolve(example_image(), example_filter()[..., None])[:, :5]
    assert found[..., 0].tolist() == RESULT
    assert matrix(shown("example-values")) == RESULT


@pytest.mark.parametrize(("cell_id", "arguments", "wanted"), POOLED)
def test_the_example_is_pooled_alike_by_all(cell_id: str, arguments: Any, wanted: Any) -> None:
    values = np.array(RESULT)[..., None]
    assert max_pool(values, *arguments)[..., 0].tolist() == wanted
    real = keras.layers.MaxPooling2D(*arguments)
    assert asked_of_keras(real, values).tolist() == wanted
    assert matrix(shown(cell_id)) == wanted


def test_keras_is_asked_in_front_of_the_student() -> None:
    says = shown("keras-both")
    assert "same (1, 3, 3, 1)" in says
    assert "valid (1, 2, 2, 1)" in says
    assert re.findall(r"\d{4}", says)[-4:] == ["7463", "7902", "7301", "6804"]


@pytest.mark.parametrize(("shape", "padding", "wanted"), SIZES)
def test_sizes_and_no_parameters(shape: Any, padding: str, wanted: Any) -> None:
    layer = L.MaxPooling2D(2, padding=padding)
    assert layer.output_shape(shape) == wanted
    assert layer.param_count(shape) == 0
    real = keras.layers.MaxPooling2D(2, padding=padding)
    assert real.compute_output_shape((None, *shape)) == (None, *wanted)
    assert real.count_params() == 0


def test_the_network_s_rows_are_shown() -> None:
    rows = shown("network")
    for size in ("26, 26, 32", "13, 13, 32", "11, 11, 64", "5, 5, 64"):
        assert f"(None, {size})" in rows
    assert re.findall(r"\b18,816\b", rows)
    assert shown("no-parameters-code") == "0 0\n"
    assert shown("engine-26").count("= 13") >= 2
    assert shown("engine-11").count("= 5") >= 2


def test_the_last_row_and_column_of_eleven_are_not_read() -> None:
    assert re.findall(r"120|108|True", shown("unread-code")) == ["120", "108", "True"]


def test_padding_does_not_count() -> None:
    means, largest = {"padding": "same", "pool_size": (1, 2)}, {"padding": "same"}
    assert average_pool(ROW, **means).ravel().tolist() == [3, 6]
    assert max_pool(-ROW, (1, 2), **largest).ravel().tolist() == [-2, -6]
    assert asked_of_keras(keras.layers.AveragePooling2D(**means), ROW).tolist() == [[3, 6]]
    assert asked_of_keras(keras.layers.MaxPooling2D((1, 2), **largest), -ROW).tolist() == [[-2, -6]]
    assert shown("average-code") == "[[3. 6.]]\n[[3. 6.]] says Keras\n"
    assert shown("max-below-zero-code") == "[[-2 -6]]\n[[-2. -6.]] says Keras\n"


def test_a_step_within_a_window_changes_nothing_and_one_out_of_it_does() -> None:
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == "moving-pooled")
    (result,) = outputs(cell, "execute_result")
    grids = re.findall(r"\[\[.*?\]\]", result.data["text/plain"], re.DOTALL)
    start, up_left, down_right = map(matrix, grids)
    assert start == up_left == [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
    assert down_right == [[0, 0, 0], [0, 0, 0], [0, 0, 1]]


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if cell.id.endswith("-answer"):
            exec(compile(cell.source, cell.id, "exec"), answers)
    assert answers["pooled_1"] == [[8, 6, 9], [9, 7, 8]]
    assert answers["pooled_1b"] == [[3, 4, 5], [5, 7, 3]]
    assert np.array_equal(answers["pool"](np.array(RESULT), 2, 2), [[7463, 7902], [7301, 6804]])
    assert (answers["shape_4"], answers["params_4"]) == ((13, 16, 16), 0)
    assert answers["shape_4b"] == (8, 11, 20)


def test_the_points_are_ten() -> None:
    marks = [cell.metadata.get("nbgrader", {}) for cell in read("source", UNIT).cells]
    assert sum(mark.get("points", 0) for mark in marks) == 10


def test_the_tests_pool_the_images_that_are_shown() -> None:
    cells = {cell.id: cell.source for cell in read("source", UNIT).cells}
    for name, test in (("image_1", "ex1-test"), ("image_1b", "ex1-graded")):
        given = re.search(rf"^{name} = (\[.*?^\])", cells["ex1-images"], re.DOTALL | re.MULTILINE)
        judged = re.search(r"np\.array\((.*?\])\s*\)", cells[test], re.DOTALL)
        assert given
        assert judged
        assert literal_eval(given[1]) == literal_eval(judged[1].strip())
