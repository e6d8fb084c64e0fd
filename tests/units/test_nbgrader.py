"""nbgrader's own commands on a course folder, each run as an instructor would type it."""

import csv
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.demo.students import CLASS, UNIT, hand_in, without_marks
from autograder.personal.identity import COURSE_KEY, DEFAULT_KEY, STUDENT
from tests.units.notebooks import UNITS, command, course_copy, marked, printed, read

pytestmark = pytest.mark.slow

STUDENTS = {student.name: student for student in CLASS if student.name in ("ada", "bo", "blank")}


def submit(folder: Path, student: str, unit: str, notebook: Any) -> None:
    """Hand in a notebook."""
    home = folder / "submitted" / student / unit
    home.mkdir(parents=True)
    nbformat.write(notebook, home / f"{unit}.ipynb")


def nbgrader(folder: Path, *words: str) -> str:
    """Run a command that has to succeed; what it printed."""
    done = command(folder, "nbgrader", *words)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def exported(folder: Path) -> dict[str, dict[str, str]]:
    """The rows of `nbgrader export`, by student."""
    nbgrader(folder, "export", "--to=all.csv")
    with (folder / "all.csv").open(newline="") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of three students, released, graded and answered by plain nbgrader commands."""
    folder = course_copy(tmp_path_factory.mktemp("nbgrader") / "convdims")
    nbgrader(folder, "generate_assignment", UNIT)
    file = f"{UNIT}/{UNIT}.ipynb"
    solved = nbformat.read(folder / "source" / file, as_version=4)
    released = nbformat.read(folder / "release" / file, as_version=4)
    for name, student in STUDENTS.items():
        submit(folder, name, UNIT, hand_in(student, solved, released))
    nbgrader(folder, "autograde", UNIT)
    nbgrader(folder, "generate_feedback", UNIT)
    return folder


def test_the_command_line_gives_the_points_that_were_counted_by_hand(graded: Path) -> None:
    rows = exported(graded)
    assert rows.keys() == STUDENTS.keys()
    for name, student in STUDENTS.items():
        assert float(rows[name]["score"]) == student.points, name
        assert float(rows[name]["max_score"]) == 16
        assert rows[name]["assignment"] == UNIT


def test_each_student_gets_feedback(graded: Path) -> None:
    for name, student in STUDENTS.items():
        page = (graded / "feedback" / name / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
        assert f"{student.points:g}" in page
    blank = (graded / "feedback" / "blank" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "replace the ... by your answer" in blank
    told = (graded / "feedback" / "bo" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "864 is not the number of parameters" in told


def test_grading_leaves_what_was_handed_in_as_it_was(graded: Path) -> None:
    file = f"{UNIT}/{UNIT}.ipynb"
    for name, student in STUDENTS.items():
        given = nbformat.read(graded / "submitted" / name / file, as_version=4)
        released = nbformat.read(graded / "release" / file, as_version=4)
        assert given == hand_in(student, read("source", UNIT), released)


def test_grading_again_changes_no_score(graded: Path) -> None:
    before = exported(graded)
    nbgrader(graded, "autograde", UNIT, "--student=ada", "--force")
    after = exported(graded)
    assert {name: row["score"] for name, row in after.items()} == {
        name: row["score"] for name, row in before.items()
    }


def test_validate_praises_the_right_notebook(graded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The student's own copy, where the name is known: answers filled in, no hidden tests."""
    monkeypatch.setenv(STUDENT, "ada")
    monkeypatch.setenv(COURSE_KEY, DEFAULT_KEY)
    said = nbgrader(graded, "validate", f"submitted/ada/{UNIT}/{UNIT}.ipynb")
    assert "Success! Your notebook passes all the tests." in said


def test_validate_says_of_the_untouched_release_what_is_to_be_done(graded: Path) -> None:
    said = nbgrader(graded, "validate", f"release/{UNIT}/{UNIT}.ipynb")
    tests = [cell for cell in read("release", UNIT).cells if marked(cell, "grade")]
    assert f"VALIDATION FAILED ON {len(tests)} CELL(S)!" in said
    assert said.count("NotAttempted: ") == len(tests)
    assert "    NotAttempted: this is not attempted yet; replace the ... by your answer\n" in said


def test_validate_explains_a_wrong_answer(graded: Path) -> None:
    said = nbgrader(graded, "validate", f"submitted/bo/{UNIT}/{UNIT}.ipynb")
    assert "864 is not the number of parameters" in said
    assert "Conv2D(32, 3, strides=2, padding='same', activation='relu')" in said
    assert "nothing counts here yet" in " ".join(said.split())
    assert "896" not in said


def small_unit() -> Any:
    """A unit of two exercises, of a point each, that need no Keras."""
    from nbformat import v4

    def nbgrader_cell(name: str, source: str, *, points: int = 0) -> Any:
        marks = {"schema_version": 3, "grade_id": name, "task": False, "locked": points > 0}
        marks |= {"grade": points > 0, "solution": points == 0}
        marks |= {"points": points} if points else {}
        cell = v4.new_code_cell(source, metadata={"nbgrader": marks})
        cell.id = name
        return cell

    cells = [
        nbgrader_cell("one", "one = 1"),
        nbgrader_cell("one-test", "from autograder import attempted\nattempted(one)", points=1),
        nbgrader_cell("two", "two = 2"),
        nbgrader_cell("two-test", "from autograder import attempted\nattempted(two)", points=1),
    ]
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def test_an_endless_loop_costs_its_own_cell_alone(tmp_path: Path) -> None:
    folder = course_copy(tmp_path / "convdims")
    (folder / "source" / "loop").mkdir()
    nbformat.write(small_unit(), folder / "source" / "loop" / "loop.ipynb")
    nbgrader(folder, "generate_assignment", "loop")
    shutil.copytree(folder / "release" / "loop", folder / "submitted" / "eve" / "loop")
    submitted = folder / "submitted" / "eve" / "loop" / "loop.ipynb"
    notebook = nbformat.read(submitted, as_version=4)
    notebook.cells[0].source, notebook.cells[2].source = "while True:\n    pass", "two = 2"
    nbformat.write(notebook, submitted)
    nbgrader(folder, "autograde", "loop", "--ExecutePreprocessor.timeout=2")
    assert exported(folder)["eve"]["score"] == "1.0"
    graded = nbformat.read(folder / "autograded" / "eve" / "loop" / "loop.ipynb", as_version=4)
    assert printed(graded.cells[3], "stderr") == ""
    errors = [[out.ename for out in cell.outputs if "ename" in out] for cell in graded.cells]
    assert errors == [["KeyboardInterrupt", "CellStopped"], ["NameError"], [], []]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_graded(unit: str, tmp_path: Path) -> None:
    """Untouched it scores 0. Solved with the plain numbers it lacks what only a person marks, and
    at most the two points of the exercise with other numbers for each student.
    """
    folder = course_copy(tmp_path / "convdims")
    nbgrader(folder, "generate_assignment", unit)
    released = nbformat.read(folder / "release" / unit / f"{unit}.ipynb", as_version=4)
    submit(folder, "blank", unit, released)
    solutions = {cell.id: cell.source for cell in read("source", unit).cells}
    tasks = [cell for cell in released.cells if marked(cell, "task")]
    for cell in released.cells:
        if marked(cell, "solution"):
            cell.source = without_marks(solutions[cell.id])
    submit(folder, "solved", unit, released)
    nbgrader(folder, "autograde", unit)
    rows = exported(folder)
    assert float(rows["blank"]["score"]) == 0
    most = float(rows["solved"]["max_score"]) - sum(cell.metadata.nbgrader.points for cell in tasks)
    assert most - 2 <= float(rows["solved"]["score"]) <= most
