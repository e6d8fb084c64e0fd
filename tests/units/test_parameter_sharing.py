"""Unit 06: the engine, Keras and the executed notebook give the same numbers."""

import re
from typing import Any

import numpy as np
import pytest

from course import layers as L
from course.keras_bridge import LocallyConnected2D, keras, no_weights
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "06-parameter-sharing"
IMAGE = (32, 32, 3)
THREE = [
    (L.Dense(3920), (3072,), 12_046_160, 12_042_240, "example-dense"),
    (L.LocallyConnected2D(20, 8, 2, 1), IMAGE, 756_560, 752_640, "example-unshared"),
    (L.Conv2D(20, 8, 2, 1), IMAGE, 3_860, 752_640, "example-shared"),
]


def cell(folder: str, cell_id: str) -> Any:
    """A cell of the notebook in source/ or release/, not executed."""
    return next(cell for cell in read(folder, UNIT).cells if cell.id == cell_id)


def ran(cell_id: str) -> Any:
    """A cell of the executed source."""
    return next(one for one in executed("source", UNIT).cells if one.id == cell_id)


def shown(cell_id: str) -> str:
    """All that a cell of the executed source shows, as text."""
    found = ran(cell_id)
    results = outputs(found, "execute_result") + outputs(found, "display_data")
    pages = "".join(str(output.data) for output in results)
    return re.sub(r"<[^>]*>", "", pages) + printed(found, "stdout")


@pytest.mark.parametrize(("layer", "shape", "parameters", "products", "cell_id"), THREE)
def test_the_layer_in_its_three_ways(
    layer: Any, shape: Any, parameters: int, products: int, cell_id: str
) -> None:
    assert layer.param_count(shape) == parameters
    assert layer.macs(shape) == products
    assert f"{parameters:,}" in shown(cell_id)
    assert f"{products:,} multiplications" in shown("multiplications")
    assert f"{parameters:,} parameters" in shown("memory-code")
    assert f"{4 * parameters / 1e6:,.3f} MB" in shown("memory-code")


def test_keras_counts_the_same_in_front_of_the_student() -> None:
    networks = [
        [keras.layers.Flatten(), keras.layers.Dense(3920)],
        [keras.layers.ZeroPadding2D(1), LocallyConnected2D(20, 8, strides=2)],
        [keras.layers.ZeroPadding2D(1), keras.layers.Conv2D(20, 8, strides=2)],
    ]
    for layers, wanted in zip(networks, (12_046_160, 756_560, 3_860), strict=True):
        with no_weights():
            assert keras.Sequential([keras.Input(IMAGE), *layers]).count_params() == wanted
    counted = re.findall(r"[\d,]+", shown("ask-keras"))
    assert counted == ["12,046,160", "756,560", "3,860"]


def test_the_shape_and_the_ratio_of_the_example() -> None:
    assert L.Conv2D(20, 8, 2, 1).output_shape(IMAGE) == (14, 14, 20)
    assert shown("example-shape").count("= 14") >= 2
    assert 756_560 == 3_860 * 196 == 3_860 * 14 * 14
    assert "196.0" in shown("example-ratio")


def test_the_photo() -> None:
    assert L.Conv2D(4, 3, use_bias=False).output_shape((400, 500, 3)) == (398, 498, 4)
    assert L.Conv2D(4, 3, use_bias=False).weight_count((400, 500, 3)) == 108
    giant = L.Dense(398 * 498 * 4, use_bias=False)
    assert giant.weight_count((600_000,)) == 475_689_600_000
    assert "= 108" in shown("large-shared")
    assert "475,689,600,000" in shown("large-dense")
    assert shown("large-keras") == "475,689,600,000\n"
    assert "1,902,758.400 MB" in shown("memory-code")


def test_a_convolution_moves_along_and_the_unshared_layer_does_not() -> None:
    assert re.findall("True|False", shown("moving-equal")) == ["True", "False"]
    for cell_id in ("moving-code", "moving-moved"):
        (result,) = outputs(ran(cell_id), "execute_result")
        assert result.data["text/html"].count("aria-label=") == 2


def test_both_networks_are_trained_beside_each_other() -> None:
    rows = re.findall(
        r"(\w+) +first layer +([\d,]+) parameters, accuracy (\d+)%", shown("train-code")
    )
    assert [(name, count) for name, count, _ in rows] == [("shared", "208"), ("unshared", "13,312")]
    assert 13_312 == 208 * 8 * 8
    accuracies = [int(accuracy) for _, _, accuracy in rows]
    # Far above the 10 % of guessing, and alike, which is what the text says of them.
    assert min(accuracies) > 85
    assert np.ptp(accuracies) < 8


def test_nothing_that_is_graded_depends_on_the_training() -> None:
    for folder in ("source", "release"):
        cells = read(folder, UNIT).cells
        trains = [one.id for one in cells if ".fit(" in one.source and one.cell_type == "code"]
        tagged = [one.id for one in cells if "training" in one.metadata.get("tags", ())]
        assert trains == tagged == ["train-code"]


def test_the_release_has_the_question_and_no_mark_scheme() -> None:
    source, released = cell("source", "ex5-task"), cell("release", "ex5-task")
    assert "MARK SCHEME" in source.source
    question, _, _ = source.source.partition("\n\n=== BEGIN MARK SCHEME ===")
    assert released.source.strip() == question
    assert released.metadata.nbgrader.task
    assert released.metadata.nbgrader.points == 2


def test_the_points_are_ten() -> None:
    marks = [one.metadata.get("nbgrader", {}) for one in read("source", UNIT).cells]
    assert sum(mark.get("points", 0) for mark in marks) == 10


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for found in read("source", UNIT).cells:
        if found.id.endswith("-answer"):
            exec(compile(found.source, found.id, "exec"), answers)
    assert answers["unshared_params"](IMAGE, 20, 8, 2) == 193 * 13 * 13 * 20
    assert answers["unshared_params"]((34, 34, 3), 20, 8, 2) == 756_560
    assert (answers["params_3"], answers["params_3_large"]) == (3_040, 3_040)
    assert answers["params_3b"] == 14_820
