"""Unit 08: both summaries, row by row, in the engine, in Keras and in the executed notebook."""

import re
from typing import Any

import pytest

from autograder import NotAttempted, WrongAnswer, check_model
from autograder.exercises import run
from autograder.personal import Identity, acting_as
from course import Stack
from course import layers as L
from course.keras_bridge import keras, no_weights, read_model, to_keras
from course.networks import fashion_net, mnist_net
from tests.units.notebooks import executed, marked, outputs, printed, read

UNIT = "08-model-summary"
IMAGE = (28, 28, 1)
MNIST = {
    "conv_1": ((26, 26, 32), 320),
    "pool_1": ((13, 13, 32), 0),
    "conv_2": ((11, 11, 64), 18_496),
    "pool_2": ((5, 5, 64), 0),
    "flatten": ((1600,), 0),
    "dropout": ((1600,), 0),
    "dense": ((10,), 16_010),
}
FASHION = {
    "conv_1": ((26, 26, 64), 640),
    "pool_1": ((13, 13, 64), 0),
    "conv_2": ((11, 11, 64), 36_928),
    "pool_2": ((5, 5, 64), 0),
    "flatten": ((1600,), 0),
    "dense_1": ((128,), 204_928),
    "dense_2": ((10,), 1_290),
}
NETWORKS = [
    pytest.param("mnist", mnist_net(dropout=0.25), MNIST, 34_826, id="mnist"),
    pytest.param("fashion", fashion_net(), FASHION, 243_786, id="fashion"),
]


def source(cell_id: str) -> str:
    """A cell of the source, as it stands there."""
    text: str = next(cell.source for cell in read("source", UNIT).cells if cell.id == cell_id)
    return text


def shown(cell_id: str) -> str:
    """All that a cell of the executed notebook shows, as text."""
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    kinds = ("display_data", "execute_result")
    pages = "".join(output.data.get("text/html", "") for k in kinds for output in outputs(cell, k))
    return re.sub(r"<[^>]*>", " ", pages) + printed(cell, "stdout")


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What the solutions leave behind."""
    names: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if marked(cell, "solution"):
            run(cell.source, names)
    return names


@pytest.mark.parametrize(("name", "net", "rows", "total"), NETWORKS)
def test_engine_and_keras_give_every_row(name: str, net: Stack, rows: Any, total: int) -> None:
    trace = net.trace(IMAGE)
    assert {row.name: (row.output_shape, row.param_count) for row in trace} == rows
    assert trace.param_count == trace.trainable_count == total
    with no_weights():
        model = keras.Sequential([keras.Input(IMAGE), *map(to_keras, net)])
        assert {
            layer.name: (tuple(layer.output.shape[1:]), layer.count_params())
            for layer in model.layers
        } == rows
        assert model.count_params() == total


@pytest.mark.parametrize(("name", "net", "rows", "total"), NETWORKS)
def test_the_notebook_builds_the_networks_that_it_asks_about(
    name: str, net: Stack, rows: Any, total: int
) -> None:
    names: dict[str, Any] = {"keras": keras}
    run(source(f"{name}-code"), names)
    trace = read_model(names[name])
    assert trace.input_shape == IMAGE
    assert tuple(row.layer for row in trace) == net.layers


@pytest.mark.parametrize(("name", "net", "rows", "total"), NETWORKS)
def test_the_executed_notebook_shows_every_row(
    name: str, net: Stack, rows: Any, total: int
) -> None:
    table = shown(f"{name}-summary")
    for row, (shape, count) in rows.items():
        line = next(line for line in table.splitlines() if re.search(rf"\b{row}\b", line))
        text = re.sub(r"\s", "", line)
        assert str((None, *shape)).replace(" ", "") in text
        assert re.search(rf"[│|]{count:,}[│|]$", text), line
    assert re.search(rf"Total params:\s*{total:,}\b", table)


def test_the_answers_of_the_source_are_the_known_ones(answers: dict[str, Any]) -> None:
    for row, (shape, count) in MNIST.items():
        assert (answers[f"{row}_shape"], answers[f"{row}_params"]) == (shape, count)
    assert answers["total"] == 34_826
    for row, (shape, count) in FASHION.items():
        assert answers.get(f"right_{row}_shape", shape) == shape
        assert answers.get(f"right_{row}_params", count) == count
    assert answers["right_total"] == 243_786
    assert answers["cnn_total"](IMAGE, 32, 64, 10) == 34_826
    # Worked by hand: 47 - 43 - 21 - 17 - 8 and 38 - 34 - 17 - 13 - 6.
    assert (answers["pool_2_shape_b"], answers["conv_2_params_b"]) == ((8, 6, 20), 6_020)
    assert (answers["dense_params_b"], answers["total_b"]) == (6_727, 13_659)


def test_kim_is_wrong_where_the_text_says_so() -> None:
    """Two mistakes, and what follows from them: 36,928 taken for 640, and 5 rows for 6."""
    lines = [line for line in source("ex3").splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    table = {name: (shape, int(count.replace(",", ""))) for name, shape, count, _ in cells}
    right = {name: (str((None, *shape)), count) for name, (shape, count) in FASHION.items()}
    total = table.pop("total")
    wrong = {name for name, row in table.items() if row != right[name]}
    assert wrong == {"conv_2", "pool_2", "flatten", "dense_1"}
    assert total == ("", sum(count for _, count in table.values()))
    rest = Stack([L.Flatten(), L.Dense(128)])
    assert rest.param_count((6, 6, 64)) == table["dense_1"][1] == 295_040


def test_the_table_to_build_is_the_one_that_is_checked(answers: dict[str, Any]) -> None:
    """The markdown, the test cell and a model of six hidden layers say the same."""
    lines = [line for line in source("ex5").splitlines() if line.startswith("|")][2:]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    trace = read_model(answers["model_5"])
    assert cells == [
        (row.kind, str((None, *row.output_shape)), f"{row.param_count:,}") for row in trace
    ]
    names = dict(answers)
    run(source("ex5-test"), names)
    assert [(shape, count) for shape, count in names["wanted"].rows] == [
        (row.output_shape, row.param_count) for row in trace
    ]
    hidden = [row for row in trace if row.kind in ("Conv2D", "MaxPooling2D")]
    assert [row.kind[:4].lower() for row in hidden] == "conv conv maxp conv maxp conv".split()
    assert {row.layer.strides for row in hidden if row.kind == "Conv2D"} == {(1, 1)}


SMALLEST = [
    Stack([L.Conv2D(20, 7, strides=3), L.MaxPooling2D(2), L.Flatten(), L.Dense(10, "softmax")]),
    Stack([L.Conv2D(40, 9), L.AveragePooling2D(10), L.Flatten(), L.Dense(10, "softmax")]),
    Stack([L.Conv2D(120, 5), L.GlobalMaxPooling2D(), L.Dense(10, "softmax")]),
]


@pytest.mark.parametrize("design", SMALLEST, ids=str)
def test_any_design_within_the_budget_is_right(design: Stack, answers: dict[str, Any]) -> None:
    names = dict(answers)
    run(source("ex5-graded"), names)
    assert str(check_model(design, names["wanted"])).startswith("Right: ")
    model = keras.Sequential([keras.Input(IMAGE), *map(to_keras, design)])
    assert run(source("ex5-graded"), answers | {"model_5b": model})


def test_what_breaks_the_budget_is_wrong(answers: dict[str, Any]) -> None:
    plain = [L.Conv2D(8, 3), L.MaxPooling2D(2), L.Flatten(), L.Dense(10, "softmax")]
    for design in (Stack(plain), Stack([L.Conv2D(1, 3), *plain[1:]]), mnist_net()):
        with pytest.raises(WrongAnswer):
            run(source("ex5-graded"), answers | {"model_5b": design})


@pytest.mark.parametrize("exercise", [1, 2, 3, 6])
def test_a_right_row_earns_its_part(exercise: int, answers: dict[str, Any]) -> None:
    """All visible answers blank but one: that one is paid."""
    cell = source(f"ex{exercise}-test")
    parts = [name for name in answers if re.search(rf"\({name}, ", cell)]
    blank = dict.fromkeys(parts, ...)
    assert len(parts) > 1
    with pytest.raises(NotAttempted):
        run(cell, answers | blank)
    for name in parts:
        with acting_as(Identity("")):
            earned = run(cell, answers | blank | {name: answers[name]})
        assert earned == pytest.approx(1 / len(parts), abs=0.01)


def test_other_numbers_of_the_unit(answers: dict[str, Any]) -> None:
    assert L.Conv2D(32, 3).weight_count(IMAGE) == 32 * 1 * 3 * 3 == 288
    norm = L.BatchNormalization()
    assert (norm.param_count((13, 13, 32)), norm.trainable_count((13, 13, 32))) == (128, 64)
    assert re.search(r"Non-trainable params:\s*64\b", shown("norm-summary"))
    # Worked by hand on 28x36: 36 - 34 - 17 - 15 - 7, so 5 · 7 · 64 = 2,240 inputs.
    assert answers["total_3b"] == 640 + 256 + 36_928 + 286_848 + 1_290
    assert answers["total_3b"] - answers["trainable_3b"] == 128
    macs = [row.macs for row in mnist_net().trace(IMAGE)]
    assert [count for count in macs if count] == [194_688, 2_230_272, 16_000]
    assert "650" in shown("try-global")
