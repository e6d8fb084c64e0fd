"""Unit 01: hand-worked counts, Keras's and the executed notebook's are the same."""

import re
from typing import Any

import pytest

from autograder import Question, WrongAnswer, check
from course import Stack
from course import layers as L
from course.keras_bridge import ask
from tests.autograder.judged import cause_of
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "01-fully-connected"
PHOTO = (400, 500, 1)


def shown(cell_id: str) -> str:
    """All that a cell of the executed notebook shows, as text."""
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    pages = [
        str(shown.data.get("text/html") or shown.data.get("text/plain"))
        for kind in ("display_data", "execute_result")
        for shown in outputs(cell, kind)
    ]
    return re.sub(r"<[^>]*>", "", "".join(pages)) + printed(cell, "stdout")


@pytest.mark.parametrize(
    ("stack", "shape", "weights", "parameters"),
    [
        (Stack([L.Flatten(), L.Dense(784)]), (28, 28, 1), 614_656, 615_440),
        (Stack([L.Flatten(), L.Dense(128)]), (28, 28, 1), 100_352, 100_480),
        (Stack([L.Flatten(), L.Dense(128), L.Dense(10)]), (28, 28, 1), 101_632, 101_770),
        (Stack([L.Flatten(), L.Dense(200_000)]), PHOTO, 40_000_000_000, 40_000_200_000),
        (Stack([L.Flatten(), L.Dense(100)]), (64, 64, 3), 1_228_800, 1_228_900),
    ],
)
def test_engine_and_keras_agree(stack: Stack, shape: Any, weights: int, parameters: int) -> None:
    assert (stack.weight_count(shape), stack.param_count(shape)) == (weights, parameters)
    facts = ask(stack, shape)
    assert (facts.weight_count, facts.param_count) == (weights, parameters)


@pytest.mark.parametrize(
    ("cell_id", "numbers"),
    [
        ("example-flatten", ["784"]),
        ("example-weights", ["100,352"]),
        ("example-params", ["100,480"]),
        ("derivation-1", ["615,440"]),
        ("summary-1", ["615,440"]),
        ("network-second", ["1,290"]),
        ("network-trace", ["100,480", "1,290", "101,770"]),
        ("network-keras", ["100,480", "1,290", "101,770"]),
        ("photo-inputs", ["200,000"]),
        ("photo-weights", ["40,000,000,000"]),
        ("photo-keras", ["40,000,000,000", "200,000", "40,000,200,000"]),
        ("photo-memory", ["160,000,000,000", "160 GB", "149.01 GiB"]),
    ],
)
def test_the_executed_notebook_shows_the_numbers(cell_id: str, numbers: list[str]) -> None:
    for number in numbers:
        assert re.search(rf"(?<![\d,]){re.escape(number)}(?!,?\d)", shown(cell_id)), number


def test_the_explorer_does_not_answer_the_first_exercise() -> None:
    cells = {cell.id: cell for cell in executed("source", UNIT).cells}
    (picture, _) = outputs(cells["explorer"], "display_data")
    assert "614,656" not in str(picture.data)
    assert "615,440" not in str(picture.data)


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if cell.id.endswith("-answer"):
            exec(compile(cell.source, cell.id, "exec"), answers)
    assert (answers["weights_1"], answers["params_1"]) == (614_656, 615_440)
    assert (answers["weights_1b"], answers["params_1b"]) == (1_228_800, 1_228_900)
    assert answers["dense_params"]((28, 28, 1), 128) == 100_480
    assert answers["dense_params"]((32, 32, 3), 10) == 30_730
    assert (answers["total_3"], answers["total_3b"]) == (49_866, 6_247)


@pytest.mark.parametrize(
    ("answer", "cause"),
    [(615_440, "biases-counted"), (1_568, "added-not-multiplied"), (784, "filters-ignored")],
)
def test_the_usual_wrong_weights_are_explained(answer: int, cause: str) -> None:
    question = Question(Stack([L.Flatten(), L.Dense(784)]), (28, 28, 1), "weight_count")
    with pytest.raises(WrongAnswer) as verdict:
        check(answer, question)
    assert cause_of(verdict.value)[0] == cause
    assert "614,656" not in str(verdict.value)


def test_the_mistakes_that_exercise_3_shows_are_explained() -> None:
    bo = Question(Stack([L.Flatten(), L.Dense(64), L.Dense(10)]), (16, 16, 3), "param_count")
    with pytest.raises(WrongAnswer) as verdict:
        check((256 * 64 + 64) + (64 * 10 + 10), bo)
    assert cause_of(verdict.value) == ("channels-lost",)
    cem = Question(Stack([L.Flatten(), L.Dense(30), L.Dense(7)]), (20, 10, 1), "param_count")
    with pytest.raises(WrongAnswer) as verdict:
        check((200 * 30 + 30) + (200 * 7 + 7), cem)
    assert cause_of(verdict.value) == ("depth-from-input",)
