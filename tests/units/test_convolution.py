"""Unit 02: the example's numbers, worked by hand, by the engine, by Keras and in the notebook."""

import re
from typing import Any

import numpy as np
import pytest

from autograder import Computation, Question, WrongAnswer, check, check_array
from course import Stack
from course import layers as L
from course.errors import ShapeError
from course.forward import convolve, filter_equations
from course.keras_bridge import ask, keras
from course.samples import example_filter, example_image
from tests.autograder.judged import cause_of
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "02-convolution"
RESULT = np.array(
    [
        [5849, 7463, 6193, 7261, 6177, 6309, 6484],
        [5580, 7161, 7311, 7902, 6699, 5329, 5375],
        [6690, 7301, 6211, 6464, 7450, 5865, 6553],
        [6826, 7003, 6740, 6804, 7072, 5875, 5869],
        [6917, 6605, 6838, 6247, 6121, 5410, 6179],
    ]
)
ONE = L.Conv2D(1, 3, use_bias=False)


def shown(cell_id: str) -> str:
    """All that a cell of the executed notebook shows, as text."""
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    pages = [
        str(shown.data.get("text/html") or shown.data.get("text/plain"))
        for kind in ("display_data", "execute_result")
        for shown in outputs(cell, kind)
    ]
    return re.sub(r"<[^>]*>", "", "".join(pages)) + printed(cell, "stdout")


def answers() -> dict[str, Any]:
    """What the source's answer cells define."""
    scope: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if cell.id.endswith("-answer"):
            exec(compile(cell.source, cell.id, "exec"), scope)
    return scope


# The 7 x 9 x 3 example ------------------------------------------------------------------------


def test_engine_and_keras_give_the_results_of_the_7x9x3_example() -> None:
    image, kernel = example_image(), example_filter()[..., None]
    assert np.array_equal(convolve(image, kernel)[..., 0], RESULT)
    computation = Computation(ONE, image, kernel)
    assert np.array_equal(computation.ask_keras()[..., 0], RESULT)


def test_the_parts_of_the_channels_are_the_known_ones() -> None:
    parts = example_image()[:3, :3] * example_filter()
    assert parts.sum(axis=(0, 1)).tolist() == [1841, 2019, 1989]
    assert sum([1841, 2019, 1989]) == 5849
    parts = example_image()[:3, 1:4] * example_filter()
    assert parts.sum(axis=(0, 1)).tolist() == [2340, 2992, 2131]


@pytest.mark.parametrize(
    ("kernel", "image", "first", "cause"),
    [
        (example_filter()[::-1, ::-1], example_image(), 5971, "flipped-kernel"),
        (example_filter()[::-1, ::-1, ::-1], example_image(), 6049, "flipped-kernel-and-channels"),
        (example_filter().swapaxes(0, 1), example_image(), 5889, "transposed-kernel"),
        (example_filter()[..., :1], example_image()[..., :1], 1841, "one-channel-only"),
        (example_filter()[..., [0, 0, 0]], example_image(), 5793, "first-slice-everywhere"),
    ],
)
def test_the_usual_wrong_results_are_explained(
    kernel: Any, image: Any, first: int, cause: str
) -> None:
    corner = Computation(ONE, example_image()[:3, :4], example_filter()[..., None])
    answer = convolve(image[:3, :4], kernel[..., None]).ravel().tolist()
    assert answer[0] == first
    with pytest.raises(WrongAnswer) as verdict:
        check_array(answer, corner)
    assert cause_of(verdict.value) == (cause,)
    assert "5849" not in str(verdict.value)


def test_the_filter_is_found_again() -> None:
    equations = filter_equations(example_image(), 3)
    assert equations.shape == (35, 27)
    assert np.linalg.matrix_rank(equations) == 27
    found = np.linalg.lstsq(equations, RESULT.ravel())[0]
    assert np.allclose(found.reshape(3, 3, 3), example_filter())


def test_each_equation_gives_a_result() -> None:
    image, kernel = example_image()[:5, :, :2], example_filter()[:2, :2, :2]
    results = filter_equations(image, 2) @ kernel.ravel()
    assert np.array_equal(results, convolve(image, kernel[..., None]).ravel())
    with pytest.raises(ShapeError, match="window 8 is larger than height 7"):
        filter_equations(example_image(), 8)


# Shapes and counts ----------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "columns"), [(7, 9), (28, 28), (400, 500), (64, 41)])
@pytest.mark.parametrize("filters", [1, 8])
def test_each_layer_takes_two_rows_and_two_columns(rows: int, columns: int, filters: int) -> None:
    shape, layer = (rows, columns, 3), L.Conv2D(filters, 3)
    twice = Stack([L.Conv2D(5, 3), layer])
    assert layer.output_shape(shape) == (rows - 2, columns - 2, filters)
    assert ask(layer, shape).output_shape == (rows - 2, columns - 2, filters)
    assert twice.output_shape(shape) == (rows - 4, columns - 4, filters)
    assert ask(twice, shape).output_shape == (rows - 4, columns - 4, filters)


def test_five_filters_are_a_kernel_of_135_weights() -> None:
    real = keras.layers.Conv2D(5, 3)
    real.build((None, 7, 9, 3))
    assert tuple(real.kernel.shape) == (3, 3, 3, 5)
    assert real.count_params() == 140
    five = L.Conv2D(5, 3)
    assert (five.weight_count((7, 9, 3)), five.param_count((7, 9, 3))) == (135, 140)


def test_adas_mistake_is_explained() -> None:
    ada = Question(Stack([L.Conv2D(5, 3), L.Conv2D(4, 3)]), (7, 9, 3), "param_count")
    with pytest.raises(WrongAnswer) as verdict:
        check(252, ada)
    assert cause_of(verdict.value)[0] == "depth-from-input"


# The notebook ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell_id", "texts"),
    [
        ("example-image", ["(7, 9, 3)", "58 17 75", "53 99 34", "38 74 31"]),
        ("example-filter", ["(3, 3, 3)", "5 4 1", "7 2 5", "9 8 5"]),
        ("example-part", ["290", "666", "part of channel 1: 1841"]),
        ("explorer-example", ["1841 + 2019 + 1989 + 0", "5849", "7463"]),
        ("keras-values", ["(1, 5, 7, 1)", *(" ".join(map(str, row)) for row in RESULT.tolist())]),
        ("filters-shapes", ["(5, 7, 1)", "(5, 7, 8)", "(398, 498, 8)"]),
        ("five-weights", ["135"]),
        ("five-params", ["140"]),
        ("five-keras", ["(3, 3, 3, 5)", "140"]),
        ("deeper-shapes", ["(3, 5, 8)", "(24, 24, 8)", "(396, 496, 8)"]),
        ("summary-4", ["(None, 5, 7, 5)", "(None, 3, 5, 4)", "140", "184", "324"]),
        ("detective-rank", ["(35, 27)", "rank 27"]),
        ("detective-solve", ["[[5. 4. 1.]", "[[7. 2. 5.]", "[[9. 8. 5.]"]),
    ],
)
def test_the_executed_notebook_shows_the_numbers(cell_id: str, texts: list[str]) -> None:
    for text in texts:
        assert text in shown(cell_id)


def test_the_first_explorer_does_not_answer_the_first_exercise() -> None:
    assert "Channel 1" in shown("explorer")
    assert "5849" not in shown("explorer")


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    found = answers()
    assert found["results_1"] == [5849, 7463]
    small = example_filter()[:2, :2]
    windows = [example_image()[5:, 6:8], example_image()[5:, 7:]]
    assert found["results_1b"] == [(window * small).sum() for window in windows]
    assert np.array_equal(found["result_2"], RESULT)
    assert found["result_2b"].shape == (5, 6)
    assert found["output_3"][0].tolist() == [0, 963, 0, 761, 0, 0, 0]
    assert found["output_3b"].min() == 0
    assert (found["total_4"], found["shape_4b"]) == (324, (13, 23, 4))
