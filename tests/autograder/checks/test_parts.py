"""Partial credit: every part is judged, the right ones earn, and one number comes out."""

from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.utils import determine_grade

from autograder import NotAttempted, Question, WrongAnswer, check_parts
from course import Stack
from course import layers as L
from course.errors import SpecError

LAYER, SHAPE = L.Conv2D(32, 3), (28, 30, 3)
RIGHT = {"shape": (26, 28, 32), "parameters": 896, "depth": 32}
NET = Stack([L.Conv2D(8, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)])


def parts(**answers: Any) -> dict[str, Any]:
    """The three parts, right where no other answer is given."""
    quantities = {"shape": "output_shape", "parameters": "param_count", "depth": "depth"}
    return {
        name: (answers.get(name, RIGHT[name]), Question(LAYER, SHAPE, quantity))
        for name, quantity in quantities.items()
    }


def rows(*answers: Any) -> dict[str, Any]:
    """The output shapes of the net's layers."""
    return {
        name: (answer, Question(NET, (12, 12, 1), "output_shape", at=name))
        for name, answer in zip(NET.names, answers, strict=True)
    }


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ({}, 3),
        ({"parameters": 864}, 2),
        ({"shape": (26, 28, 3)}, 2.67),
        ({"shape": (26, 26, 3)}, 2.33),
        ({"shape": (1, 2, 3), "depth": 3}, 1),
        ({"parameters": ...}, 2),
        ({"shape": (26, 28)}, 2),
        ({"shape": "26"}, 2),
    ],
    ids=str,
)
def test_right_parts_earn(
    answers: dict[str, Any], points: float, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_parts(parts(**answers), points=3) == points
    printed = capsys.readouterr().out
    for name in RIGHT:
        assert f"{name}: " in printed
    assert (f"{points:g} of 3 points." in printed) == (points < 3)


def test_the_report_says_which_parts_are_right_and_what_is_wrong_with_the_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    check_parts(parts(parameters=864, depth=...), points=3)
    assert capsys.readouterr().out.splitlines() == [
        "shape: Right: (26, 28, 32). Keras agrees.",
        "parameters: 864 is not the number of parameters of",
        "    Conv2D(32, 3, padding='valid')",
        "on an input of (28, 30, 3).",
        "864 = 32 × 3 × 3 × 3. These are the weights alone. What does each filter have besides its "
        "weights?",
        "depth: this is not attempted yet; replace the ... by your answer",
        "1 of 3 points.",
    ]


def test_nothing_right_is_a_wrong_answer_with_all_causes() -> None:
    with pytest.raises(WrongAnswer) as caught:
        check_parts(parts(shape=(3, 3, 1), parameters=864, depth=3), points=3)
    explained = dict(caught.value.judgement.explained())
    assert explained["parameters"] == (("no-bias",),)
    assert explained["depth"] == (("depth-from-input",),)
    assert caught.value.judgement.explanations == ()
    for name in RIGHT:
        assert f"{name}: " in str(caught.value)


def test_nothing_answered_is_not_attempted() -> None:
    with pytest.raises(NotAttempted):
        check_parts(parts(shape=..., parameters=None, depth=...), points=3)


def test_groups_of_a_functions_cases_earn_apart(capsys: pytest.CaptureFixture[str]) -> None:
    def params(K: int, F: int, D: int) -> int:
        return K * F * F * D + (K if K < 9 else 0)

    def group(filters: int) -> list[Any]:
        return [
            ((filters, F, 2), Question(L.Conv2D(filters, F), (9, 9, 2), "param_count"))
            for F in (2, 3)
        ]

    groups = {"few filters": (params, group(4)), "many filters": (params, group(64))}
    assert check_parts(groups, points=4) == 2
    assert "few filters: Right in all 2 cases." in capsys.readouterr().out


def test_what_follows_from_an_own_mistake_earns_where_the_instructor_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # ceil for floor in the pooling: 10 -> 5 is exact, so a wrong 6 is carried into 288.
    answers = rows((10, 10, 8), (6, 6, 8), (288,), (10,))
    assert check_parts(answers, points=4) == pytest.approx(2 + 1 / 3, abs=0.01)
    assert "follows from your own answer for layer 'max_pooling2d'" in capsys.readouterr().out
    assert check_parts(answers, points=4, carried_forward=True) == pytest.approx(3.33, abs=0.01)


def test_a_hidden_report_tells_verdicts_alone(capsys: pytest.CaptureFixture[str]) -> None:
    check_parts(parts(shape=(26, 28, 3), parameters=864, depth=...), points=3, hidden=True)
    assert capsys.readouterr().out.splitlines() == [
        "shape: partly right",
        "parameters: wrong",
        "depth: not attempted",
        "0.67 of 3 points.",
    ]


def test_under_validate_a_partial_answer_is_told_as_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its dialog shows no output of a cell that ends without an error."""
    monkeypatch.setenv("NBGRADER_VALIDATING", "1")
    assert check_parts(parts(), points=3) == 3
    with pytest.raises(WrongAnswer, match="864 = 32"):
        check_parts(parts(parameters=864), points=3)


@pytest.mark.parametrize(("given", "points"), [({}, 3), (parts(), 0), (parts(), -1)], ids=str)
def test_parts_or_points_that_are_none_are_the_instructors_error(given: Any, points: Any) -> None:
    with pytest.raises(SpecError, match="nothing to earn"):
        check_parts(given, points=points)


@pytest.mark.parametrize(
    ("answers", "points"),
    [
        ("26, 28, 32), 896", 2.0),
        ("26, 28, 3), 896", 1.67),
        ("1, 1, 1), 1", 0.0),
        ("...,), ...", 0.0),
    ],
)
def test_nbgrader_counts_the_number_that_comes_out(answers: str, points: float) -> None:
    source = (
        f"shape, parameters = ({answers}\n"
        "from autograder import Question, check_parts\n"
        "from course import layers as L\n"
        "layer = L.Conv2D(32, 3)\n"
        "check_parts({\n"
        "    'shape': (shape, Question(layer, (28, 30, 3), 'output_shape')),\n"
        "    'parameters': (parameters, Question(layer, (28, 30, 3), 'param_count')),\n"
        "}, points=2)"
    )
    cell = new_code_cell(source, metadata={"tags": ["raises-exception"]})
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 2, "grade_id": "x"}
    load = new_code_cell("import course.keras_bridge")
    NotebookClient(new_notebook(cells=[load, cell]), kernel_name="python3").execute()
    assert determine_grade(cell) == (points, 2)
