"""Simulated students find the exercises that do not tell a misconception from the right answer."""

from io import StringIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from rich.console import Console

import autograder
from autograder.exercises import exercises
from autograder.rehearsal import rehearse, simulated_students
from autograder.rehearsal.report import report
from autograder.rehearsal.simulated_students import OTHERS, students
from course.errors import SpecError
from tests.units.notebooks import command

HEAD = (
    "from autograder import Choice, Question, Wanted, check, check_array, check_choice\n"
    "from autograder import check_function, check_model, check_parts\n"
    "from course import layers as L\n"
)


PLAYED = {"check", "check_function", "check_parts"}
"""Those whose students follow from the questions that they ask."""
NOT_PLAYED = {"check_installation": "asks no student anything"}


def unit(folder: Path, answer: str, *tests: str, coincidences: tuple[str, ...] = ()) -> Path:
    """A notebook of one exercise: its solution and its test cells, of one point each."""
    cells = [new_code_cell(answer, id="answer")]
    cells[0].metadata["nbgrader"] = {"solution": True, "grade": False, "grade_id": "answer"}
    for number, test in enumerate(tests, 1):
        cell = new_code_cell(HEAD + test, id=f"test-{number}")
        cell.metadata["nbgrader"] = {
            "solution": False,
            "grade": True,
            "points": 1,
            "grade_id": cell.id,
        }
        cell.metadata["convdims"] = {"coincidences": list(coincidences)}
        cells.append(cell)
    path = folder / "unit.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    return path


def through(path: Path) -> list[str]:
    """The misconceptions that were let through."""
    return ["+".join(one.misconceptions) for one in rehearse(path) if one.is_fault]


WIDTH = "check(width, Question(L.Conv2D(32, 3, strides=2, padding='same'), (9, {0}, 3), 'width'))"


def test_every_check_is_played_or_has_a_reason_not_to_be() -> None:
    checks = {name for name in autograder.__all__ if name.startswith("check")}
    missing = sorted(checks - PLAYED - OTHERS.keys() - NOT_PLAYED.keys())
    assert not missing, (
        f"no simulated student meets {missing}: add to OTHERS in {simulated_students.__file__} "
        "what students with misconceptions answer"
    )


def test_numbers_that_tell_all_misconceptions_apart_let_nobody_through(tmp_path: Path) -> None:
    assert through(unit(tmp_path, "width = 51", WIDTH.format(101))) == []


def test_a_solution_that_is_wrong_is_a_fault(tmp_path: Path) -> None:
    first, *_ = rehearse(unit(tmp_path, "width = 50", WIDTH.format(101)))
    assert (first.misconceptions, first.earned, first.is_fault) == ((), 0, True)


def test_a_width_that_divides_evenly_lets_through_who_rounds_down(tmp_path: Path) -> None:
    path = unit(tmp_path, "width = 50", WIDTH.format(100))
    assert "floor-for-ceil" in through(path)


def test_a_second_test_with_other_numbers_catches_them(tmp_path: Path) -> None:
    second = WIDTH.format(101).replace("width,", "other,")
    assert through(unit(tmp_path, "width = 50\nother = 51", WIDTH.format(100), second)) == []


def test_a_named_coincidence_is_no_fault(tmp_path: Path) -> None:
    found = through(unit(tmp_path, "width = 50", WIDTH.format(100)))
    named = unit(tmp_path, "width = 50", WIDTH.format(100), coincidences=tuple(found))
    assert through(named) == []
    assert any(one.let_through for one in rehearse(named))


def test_a_test_that_swallows_the_verdict_is_found(tmp_path: Path) -> None:
    careless = f"try:\n    {WIDTH.format(101)}\nexcept Exception:\n    pass"
    played = list(rehearse(unit(tmp_path, "width = 51", careless)))
    assert played
    assert all(one.is_fault and one.earned > one.fair for one in played if one.misconceptions)


def test_parts_may_earn_what_is_right_in_them(tmp_path: Path) -> None:
    test = (
        "check_parts({'shape': (shape, Question(L.Conv2D(32, 3), (20, 31, 3), 'output_shape')),"
        " 'count': (count, Question(L.Conv2D(32, 3), (20, 31, 3), 'param_count'))}, points=1)"
    )
    path = unit(tmp_path, "shape = (18, 29, 32)\ncount = 896", test)
    assert through(path) == []
    earned = {one.misconceptions: one.earned for one in rehearse(path)}
    assert earned["no-bias",] == 0.5
    assert earned["depth-from-input",] == pytest.approx(0.83)
    too_generous = test.replace("check_parts(", "1.0 * bool(check_parts(") + ")"
    assert "no-bias" in through(unit(tmp_path, "shape = (18, 29, 32)\ncount = 896", too_generous))


def test_a_function_is_played_in_all_cases_of_all_tests(tmp_path: Path) -> None:
    def test(*depths: int) -> str:
        return (
            "check_function(params, [((K, 3, D), Question(L.Conv2D(K, 3), (9, 9, D), "
            f"'param_count')) for K in (4, 8) for D in {depths}])"
        )

    answer = "def params(K, F, D):\n    return K * F * F * D + K"
    assert through(unit(tmp_path, answer, test(1), test(2, 5))) == []


@pytest.mark.parametrize(
    ("answer", "test"),
    [
        (
            "best = 252",
            "check_choice(best, choice=Choice(Question(L.Conv2D(9, 3), (9, 9, 3), 'param_count')))",
        ),
        (
            "from course import Stack, layers as L\n"
            "net = Stack([L.Conv2D(8, 3), L.Flatten(), L.Dense(10, 'softmax')])",
            "check_model(net, Wanted(input_shape=(9, 9, 1), output_shape=(10,), max_params=4100,"
            " kinds={'Conv2D': 1}, last_activation='softmax'))",
        ),
        (
            "import numpy as np\nout = np.arange(12).reshape(3, 4) * 2",
            "import numpy as np\ncheck_array(out, np.arange(12).reshape(3, 4) * 2)",
        ),
        (
            "def twice(values):\n    return values * 2",
            "import numpy as np\nvalues = np.arange(12).reshape(3, 4)\n"
            "check_array(twice(values), values * 2)",
        ),
    ],
    ids=["choice", "model", "array", "array of a function"],
)
def test_other_kinds_of_answers_are_played_too(tmp_path: Path, answer: str, test: str) -> None:
    played = list(rehearse(unit(tmp_path, answer, test)))
    assert len(played) > 3
    assert [one.misconceptions for one in played if one.earned] == [()]
    assert not any(one.is_fault for one in played)


def test_students_answer_as_they_think(tmp_path: Path) -> None:
    path = unit(tmp_path, "width = 51", WIDTH.format(101))
    (exercise,) = exercises(path)
    answers = {one.misconceptions: one.answers["width"] for one in students(exercise)}
    assert answers["floor-for-ceil",] == 50
    assert answers["fraction-kept",] == 50.5
    assert answers["valid-for-same", "stride-ignored"] == 99


def test_a_notebook_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "unit.ipynb").write_text("nothing")
    with pytest.raises(SpecError, match="cannot be read"):
        exercises(tmp_path / "unit.ipynb")


@pytest.mark.parametrize(
    ("width", "says"),
    [(101, "1 exercise: none was let through."), (100, "1 exercise: 1 was let through.")],
)
def test_the_report_ends_with_a_count(tmp_path: Path, width: int, says: str) -> None:
    console = Console(file=StringIO(), width=120)
    path = unit(tmp_path, f"width = {-(-width // 2)}", WIDTH.format(width))
    assert report(path, console) == (width == 101)
    printed: Any = console.file
    assert printed.getvalue().strip().endswith(says)
    assert ("floor-for-ceil" in printed.getvalue()) == (width == 100)


def test_the_command_refuses_a_unit_that_is_not_there(tmp_path: Path) -> None:
    done = command(Path.cwd(), "convdims", "rehearse", "nothing")
    assert done.returncode == 1
    assert "has no unit nothing; the units are 01-fully-connected, " in done.stdout
