"""Unit 09: its numbers, the training that it shows, and that nothing graded depends on it."""

import os
import re
from functools import cache
from typing import Any

import numpy as np
import pytest
from nbclient import NotebookClient
from traitlets.config.loader import PyFileConfigLoader

from autograder import NotAttempted, WrongAnswer
from course import layers as L
from course.datasets import load_digits28
from course.keras_bridge import keras, no_weights
from course.networks import mnist_net
from course.training import scale_images
from tests.units.notebooks import (
    PLAIN,
    ROOT,
    executed,
    marked,
    names_bound,
    names_needed,
    outputs,
    printed,
    read,
)

UNIT = "09-train-a-cnn"
TAG = "training"


def is_training(cell: Any) -> bool:
    return TAG in cell.metadata.get("tags", ())


def source_of(cell_id: str) -> str:
    return str(next(cell.source for cell in read("source", UNIT).cells if cell.id == cell_id))


def shown(cell_id: str) -> str:
    """What a cell of the executed source shows and prints, without tags."""
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    data = [*outputs(cell, "display_data"), *outputs(cell, "execute_result")]
    pages = [str(output.data.get("text/html", output.data)) for output in data]
    alts = [str(output.data.get("text/plain", "")) for output in data]
    return re.sub(r"<[^>]*>", "", "".join(pages)) + "".join(alts) + printed(cell, "stdout")


@cache
def answers() -> dict[str, Any]:
    """The answers of the source."""
    names: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if marked(cell, "solution"):
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


@cache
def without_training() -> Any:
    """The source as nbgrader grades it: the cells that train are left out."""
    notebook = read("source", UNIT)
    NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        skip_cells_with_tag=TAG,
        resources={"metadata": {"path": str(ROOT)}},
    ).execute(env=os.environ | PLAIN)
    return notebook


def judged(cell_id: str, **changed: Any) -> None:
    """A test cell run on the source's answers, some of them changed."""
    exec(compile(source_of(cell_id), cell_id, "exec"), answers() | changed)


def test_the_network_has_the_known_numbers() -> None:
    scope = {"keras": keras}
    with no_weights():
        exec(compile(source_of("net"), "net", "exec"), scope)
    model: Any = scope["cnn"]
    assert model.count_params() == mnist_net().param_count((28, 28, 1)) == 34_826
    rows = [(layer.output.shape[1:], layer.count_params()) for layer in model.layers]
    assert rows == [
        ((26, 26, 32), 320),
        ((13, 13, 32), 0),
        ((11, 11, 64), 18_496),
        ((5, 5, 64), 0),
        ((1600,), 0),
        ((1600,), 0),
        ((10,), 16_010),
    ]


def test_the_executed_notebook_shows_the_numbers() -> None:
    assert "34,826" in shown("net")
    assert "(None, 1600)" in shown("net")
    assert "shape (1437, 28, 28, 1), values from 0.0 to 1.0" in shown("ready-show")
    assert shown("loss-show").endswith("2.3025850929940455")
    assert "784 × 64 + 64 = 50,240" in shown("budget-dense")
    assert "1,600 × 10 + 10 = 16,010" in shown("budget-cnn")


def test_the_images_are_made_ready_as_the_network_takes_them() -> None:
    digits = load_digits28()
    images = scale_images(digits.x_test)
    assert images.shape == (360, 28, 28, 1)
    assert np.allclose(images[..., 0], digits.x_test / 255)
    assert "sparse_categorical_crossentropy" in source_of("compile")
    assert 'optimizer="adam"' in source_of("compile")


def test_the_cnn_reads_the_held_out_digits() -> None:
    found = re.search(r"([\d.]+) % on those held out", shown("train-cnn"))
    assert found
    assert float(found[1]) >= 98.5


def test_the_source_s_own_number_is_named_as_theirs() -> None:
    assert "The lecture" in source_of("curves-text")
    assert "99.27 % on MNIST, after 15 epochs with batches of 128" in source_of("curves-text")


def test_the_charts_stay_in_the_saved_notebook_with_their_descriptions() -> None:
    for cell_id in ("data-images", "curves-cnn", "curves-both", "maps", "confusion", "mistakes"):
        cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
        (chart,) = outputs(cell, "execute_result")
        assert chart.metadata["image/png"]["alt"] == chart.data["text/plain"]
        assert "<img" in chart.data["text/html"]
    assert "conv_1, 26 × 26 × 32" in shown("maps")
    assert "pool_2, 5 × 5 × 64" in shown("maps")


def test_cells_that_train_or_need_a_trained_network_are_tagged() -> None:
    cells = [cell for cell in read("source", UNIT).cells if cell.cell_type == "code"]
    tagged = [cell for cell in cells if is_training(cell)]
    made = set().union(*(names_bound(cell.source) for cell in tagged))
    assert {"fitted", "dense_history", "said"} <= made
    for cell in cells:
        trains = re.search(r"\.fit\(|(?<!_)\btrain\(", cell.source)
        if trains or names_needed(cell.source) & made:
            assert is_training(cell), cell.id
        assert not (is_training(cell) and "nbgrader" in cell.metadata), cell.id
    released = {cell.id: is_training(cell) for cell in read("release", UNIT).cells}
    assert {name for name, tag in released.items() if tag} == {cell.id for cell in tagged}


def test_nbgrader_leaves_these_cells_out() -> None:
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    assert config.Execute.skip_cells_with_tag == TAG


def test_nothing_graded_depends_on_training() -> None:
    for cell in without_training().cells:
        assert outputs(cell, "error") == [], cell.id
        if is_training(cell):
            assert cell.outputs == []
        if marked(cell, "grade"):
            assert "Right" in printed(cell, "stdout"), cell.id


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    assert answers()["params_noor"] == 50_890
    assert answers()["params_amir"] == 320 + 18_496 + 108_170 == 126_986
    assert mnist_net().param_count((31, 31, 1)) == 41_866


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda images, largest: images / largest, "It has 3 axes where 4 are wanted"),
        (lambda images, largest: np.expand_dims(images, -1), "differ"),
        (lambda images, largest: np.expand_dims(images / 256, -1), "differ"),
        (lambda images, largest: np.expand_dims(images / images.max(), -1), "differ"),
        (lambda images, largest: np.expand_dims(images // largest, -1), "differ"),
        (lambda images, largest: np.expand_dims(images / largest, 0), "shape"),
        (lambda images, largest: np.expand_dims(images[0] / largest, -1), "shape"),
    ],
)
def test_images_made_ready_wrongly_are_refused(prepare: Any, says: str) -> None:
    for cell_id in ("ex1-test", "ex1-graded"):
        with pytest.raises(WrongAnswer, match=says):
            judged(cell_id, prepare=prepare)


def test_dividing_always_by_255_shows_in_the_hidden_test() -> None:
    def always(images: Any, largest: int) -> Any:
        return np.expand_dims(images / 255, -1)

    judged("ex1-test", prepare=always)
    with pytest.raises(WrongAnswer):
        judged("ex1-graded", prepare=always)


def test_a_function_that_is_not_written_is_not_attempted() -> None:
    with pytest.raises(NotAttempted):
        judged("ex1-test", prepare=lambda images, largest: None)


def dense(*units: int, last: str = "softmax") -> Any:
    hidden = [keras.layers.Dense(number, activation="relu") for number in units]
    end = keras.layers.Dense(10, activation=last)
    return keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), *hidden, end])


def test_any_design_within_the_budget_is_right() -> None:
    judged("ex3-test", dense_net=dense(42, 20))
    judged("ex3-test", dense_net=dense(42))
    lean = [L.Conv2D(10, 5, strides=2), L.GlobalMaxPooling2D(), L.Dense(10, "softmax")]
    judged("ex3-graded", small_cnn=lean)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (dense(44), "at most 34,826"),
        (dense(20), "at least 33,000"),
        (dense(43, last="relu"), "'softmax' at the end"),
        (mnist_net(), "exactly 0 Conv2D, "),
    ],
)
def test_a_design_that_breaks_a_rule_is_told_which(model: Any, says: str) -> None:
    with pytest.raises(WrongAnswer, match=f"not met: .*{says}"):
        judged("ex3-test", dense_net=model)


def test_the_marking_scheme_is_in_the_source_alone() -> None:
    assert "=== BEGIN MARK SCHEME ===" in source_of("ex5-task")
    released = next(cell for cell in read("release", UNIT).cells if cell.id == "ex5-task")
    assert "MARK SCHEME" not in released.source
    assert "Typical mistakes" not in released.source
    assert released.metadata.nbgrader.task
    assert released.metadata.nbgrader.points == 2


def test_the_unit_has_ten_points() -> None:
    marks = [cell.metadata.get("nbgrader", {}) for cell in read("source", UNIT).cells]
    assert sum(mark.get("points", 0) for mark in marks) == 10
