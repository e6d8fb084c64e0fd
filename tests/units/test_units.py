"""Every unit runs, is released as committed, gives nothing away and can be judged cell by cell."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import attempted
from autograder.exercises import exercises
from autograder.rehearsal import rehearse
from tests.units.notebooks import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    ROOT,
    UNITS,
    between,
    command,
    course_copy,
    executed,
    marked,
    names_bound,
    names_needed,
    outputs,
    path_of,
    printed,
    read,
)

pytestmark = pytest.mark.parametrize("unit", UNITS)


def cells(notebook: Any, mark: str) -> list[Any]:
    """The cells that are marked 'grade' or 'solution'."""
    return [cell for cell in notebook.cells if marked(cell, mark)]


@pytest.fixture
def generated(unit: str, tmp_path: Path) -> Path:
    """A copy of the course, the unit released by plain nbgrader."""
    folder = course_copy(tmp_path / "convdims")
    done = command(folder, "nbgrader", "generate_assignment", unit)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_unit_has_tests_of_its_own(unit: str) -> None:
    name = unit.lstrip("0123456789-").replace("-", "_")
    own = ROOT / "tests" / "units" / f"test_{name}.py"
    assert own.is_file(), f"write {own}: the numbers of {unit}, worked out by hand and by Keras"


def test_the_source_runs_from_top_to_bottom(unit: str) -> None:
    for cell in executed("source", unit).cells:
        assert outputs(cell, "error") == [], cell.id
        assert printed(cell, "stderr") == "", cell.id


def test_a_passed_test_confirms_and_earns_all_its_points(unit: str) -> None:
    """A value on a test cell's last line is taken for the points, so it must be all of them."""
    for cell in cells(executed("source", unit), "grade"):
        values = [output.data["text/plain"] for output in outputs(cell, "execute_result")]
        assert [float(value) for value in values] in ([], [cell.metadata.nbgrader.points]), cell.id
        values_right = r"Right: all \d+ values of shape .+\.\n"
        confirmed = rf"((.+: )?Right.* Keras agrees\.\n|{values_right}|.+: right\n)+"
        assert re.fullmatch(confirmed, printed(cell, "stdout")), cell.id


def test_no_misconception_gets_through(unit: str) -> None:
    """Simulated students, one per misconception and pair, answer every exercise."""
    played = list(rehearse(path_of("source", unit)))
    assert len({one.exercise for one in played}) == len(exercises(path_of("source", unit)))
    assert [one for one in played if one.is_fault] == []


def test_the_committed_release_is_what_nbgrader_makes(unit: str, generated: Path) -> None:
    made = {
        path.relative_to(generated): path.read_bytes()
        for path in (generated / "release" / unit).rglob("*")
        if path.is_file()
    }
    committed = {
        path.relative_to(ROOT): path.read_bytes()
        for path in (ROOT / "release" / unit).rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    assert made == committed, f"run `convdims release` and commit release/{unit}"


def test_the_release_gives_no_solution_away(unit: str) -> None:
    text = path_of("release", unit).read_text(encoding="utf-8")
    marks = (BEGIN_SOLUTION, END_SOLUTION, BEGIN_HIDDEN, END_HIDDEN)
    for mark in (*marks, "HIDDEN", "SOLUTION", "MARK SCHEME"):
        assert mark not in text
    released = {cell.id: cell.source.splitlines() for cell in read("release", unit).cells}
    for cell in read("source", unit).cells:
        kept = [line.strip() for line in released[cell.id]]
        for marks in ((BEGIN_SOLUTION, END_SOLUTION), (BEGIN_HIDDEN, END_HIDDEN)):
            # A bracket on a line of its own tells nothing.
            secret = [line for line in between(cell.source, *marks) if line.strip("()[]{},")]
            assert not set(secret) & set(kept), cell.id
            assert not [line for line in secret if len(line) > 20 and line in text], cell.id


def test_every_solution_is_taken_out_whole(unit: str) -> None:
    """An answer cell of the release is what is left of the source's, with ... in the gap."""
    released = {cell.id: cell.source for cell in read("release", unit).cells}
    for cell in cells(read("source", unit), "solution"):
        pattern = re.compile(rf"{BEGIN_SOLUTION}.*?{END_SOLUTION}", re.DOTALL)
        assert pattern.sub("...", cell.source) == released[cell.id], cell.id
        assert BEGIN_SOLUTION in cell.source, cell.id


def test_the_untouched_release_is_not_attempted_and_nothing_else(unit: str) -> None:
    tests = 0
    for cell in executed("release", unit).cells:
        errors = [error.ename for error in outputs(cell, "error")]
        assert errors == (["NotAttempted"] if marked(cell, "grade") else []), cell.id
        assert printed(cell, "stderr") == "", cell.id
        tests += marked(cell, "grade")
    assert tests > 0


def test_a_verdict_in_a_kernel_is_its_message_alone(unit: str) -> None:
    for cell in cells(executed("release", unit), "grade"):
        for error in outputs(cell, "error"):
            assert error.traceback == [f"NotAttempted: {error.evalue}"], cell.id
            assert "Traceback" not in error.evalue


def test_the_source_is_kept_without_outputs(unit: str) -> None:
    for folder in ("source", "release"):
        notebook = read(folder, unit)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []
        assert set(notebook.metadata) == {"kernelspec", "language_info"}


def test_cells_are_named_once_and_nbgrader_knows_them_by_the_same_names(unit: str) -> None:
    notebook = read("source", unit)
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))
    assert ids == [cell.id for cell in read("release", unit).cells]
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            assert cell.metadata.nbgrader.grade_id == cell.id


def test_every_exercise_has_a_visible_and_a_hidden_test(unit: str) -> None:
    exercises: list[list[str]] = []
    for cell in read("source", unit).cells:
        if marked(cell, "solution") and not marked(cell, "grade"):
            exercises.append([cell.id])
        elif marked(cell, "grade") and not marked(cell, "solution"):
            exercises[-1].append("hidden" if BEGIN_HIDDEN in cell.source else "visible")
            assert cell.metadata.nbgrader.locked, cell.id
            assert cell.metadata.nbgrader.points > 0, cell.id
    assert exercises
    for name, *tests in exercises:
        assert {"visible", "hidden"} <= set(tests), name


def test_a_test_cell_can_be_judged_on_its_own(unit: str) -> None:
    """It imports what it uses; besides that it needs answers alone, and it changes none."""
    for folder in ("source", "release"):
        notebook = read(folder, unit)
        answers = set().union(*(names_bound(cell.source) for cell in cells(notebook, "solution")))
        for cell in cells(notebook, "grade"):
            if marked(cell, "solution"):
                continue
            needed = names_needed(cell.source)
            assert needed <= answers, (cell.id, needed - answers)
            assert needed, f"{cell.id} judges nothing"
            assert not names_bound(cell.source) & answers, cell.id


def test_test_cells_write_nothing_to_stderr(unit: str) -> None:
    """nbgrader gives no points for a test cell that does."""
    for folder in ("source", "release"):
        for cell in cells(executed(folder, unit), "grade"):
            assert printed(cell, "stderr") == "", cell.id


def test_the_explorer_leaves_a_picture_in_the_saved_notebook(unit: str) -> None:
    pictures = 0
    for cell in executed("source", unit).cells:
        shown = [output.data for output in outputs(cell, "display_data")]
        if any("application/vnd.jupyter.widget-view+json" in data for data in shown):
            pages = [data["text/html"] for data in shown if "text/html" in data]
            assert pages, cell.id
            pictures += any("<svg" in page for page in pages)
    assert pictures


def test_the_answers_in_the_source_are_all_given(unit: str) -> None:
    """What the release asks for, the source answers: each name is bound to something."""
    scope: dict[str, Any] = {}
    for cell in cells(read("source", unit), "solution"):
        exec(compile(cell.source, cell.id, "exec"), scope)
        for name in names_bound(cell.source) & scope.keys():
            attempted(scope[name])
