"""`convdims grade`, and grading on a machine without a sandbox."""

import shutil
import sys
from pathlib import Path

import pytest

from autograder.grading.class_grading import Row, print_class
from tests.autograder.grading.classroom import (
    NONE_RIGHT,
    POINTS,
    TESTS,
    UNIT,
    Handing,
    Student,
    hand_in,
    new_course,
    points_of,
)
from tests.units.notebooks import command

pytestmark = pytest.mark.slow

FAULTY = "raise RuntimeError('a fault of the course')"


def loses_a_test(handing: Handing) -> None:
    """The second exercise's test is deleted."""
    cells = handing.notebook.cells
    handing.notebook.cells = [cell for cell in cells if cell.id != "ex2-test"]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of which two students have handed in."""
    folder = new_course(tmp_path / "convdims")
    hand_in(folder, Student("ada", "right"))
    hand_in(folder, Student("bo", "right, a test deleted", loses_a_test))
    return folder


def test_a_class_is_graded_and_what_needs_a_person_is_said(course: Path) -> None:
    done = command(course, "convdims", "grade", UNIT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 submissions graded; none of them needing a person." in done.stdout
    assert "ex2-test" in done.stdout
    assert {sum(points.values()) for points in points_of(course).values()} == {POINTS}


def test_a_fault_of_a_test_takes_no_points_off_and_is_named(course: Path) -> None:
    import sqlite3

    book = sqlite3.connect(course / "gradebook.db")
    book.execute("UPDATE source_cell SET source = ? WHERE name = 'ex2-graded'", (FAULTY,))
    book.commit()
    book.close()
    done = command(course, "convdims", "grade", UNIT, "--student", "ada")
    assert done.returncode == 1
    said = " ".join(done.stdout.replace("│", " ").split())
    assert "ex2-graded was not judged" in said
    assert "1 submissions graded; 1 of them needing a person." in said
    book = sqlite3.connect(course / "gradebook.db")
    row = book.execute(
        "SELECT auto_score, needs_manual_grade FROM grade JOIN base_cell ON base_cell.id = cell_id "
        "WHERE base_cell.name = 'ex2-graded'"
    ).fetchone()
    book.close()
    assert row == (None, 1)
    assert sum(points_of(course)["ada"].values()) == POINTS - 1


def test_a_unit_that_there_is_not_is_told_in_a_line(course: Path) -> None:
    done = command(course, "convdims", "grade", "nothing")
    assert done.returncode == 1
    assert "has no unit nothing" in " ".join(done.stdout.split())
    assert "Traceback" not in done.stdout + done.stderr


def without_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The PATH of a machine that has none."""
    monkeypatch.setenv("PATH", "/nowhere")


def test_without_a_sandbox_nothing_is_graded_and_the_way_on_is_told(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_bubblewrap(monkeypatch)
    for words in (("nbgrader", "autograde", UNIT), ("convdims", "grade", UNIT)):
        done = command(course, *words)
        assert done.returncode == 1
        said = " ".join((done.stdout + done.stderr).replace("│", " ").split())
        assert "bubblewrap is not installed" in said
        assert "--no-sandbox" in said
        assert "Traceback" not in said
    assert not (course / "autograded").exists()


def test_without_a_sandbox_it_is_graded_where_that_is_said_and_receipts_say_so(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, Student("eve", "wrong", Handing.answer_wrong, NONE_RIGHT))
    without_bubblewrap(monkeypatch)
    done = command(course, "convdims", "grade", UNIT, "--no-sandbox")
    assert "graded without a sandbox" in " ".join(done.stdout.replace("│", " ").split())
    points = {name: sum(given.values()) for name, given in points_of(course).items()}
    assert points == {"ada": POINTS, "bo": POINTS, "eve": 0}
    receipt = (course / "autograded" / "ada" / UNIT / f"{UNIT}.receipt.json").read_text()
    assert '"sandboxed": false' in receipt


def test_validate_of_a_submission_runs_in_the_sandbox(course: Path, tmp_path: Path) -> None:
    """What a student's own Validate runs may write; what was handed in may not."""
    mark = tmp_path / "was-here"
    writes = f"open({str(mark)!r}, 'w').write('x')\nwidth, params, width_b = 64, 896, 47"
    hand_in(course, Student("mal", "writes", lambda handing: handing.answer("ex1-answer", writes)))
    handed_in = f"submitted/mal/{UNIT}/{UNIT}.ipynb"
    assert "VALIDATION FAILED" in command(course, "nbgrader", "validate", handed_in).stdout
    assert not mark.exists()
    own = course / "own" / f"{UNIT}.ipynb"
    own.parent.mkdir()
    shutil.copy(course / handed_in, own)
    command(course, "nbgrader", "validate", f"own/{UNIT}.ipynb")
    assert mark.exists()


def test_the_scores_of_a_submission_are_all_there_or_none(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is ended in the middle of writing them."""
    script = (
        "import os, sys\n"
        "from autograder.grading import gradebook\n"
        "from autograder.grading.nbgrader_api import autograde, open_course\n"
        "from pathlib import Path\n"
        "gradebook._set_penalty = lambda *ignored: os._exit(9)\n"
        f"autograde(open_course(Path({str(course)!r})), {UNIT!r}, 'ada')\n"
    )
    done = command(course, Path(sys.executable).name, "-c", script)
    assert done.returncode == 9, done.stderr
    assert set(points_of(course)["ada"].values()) == {0}
    assert command(course, "nbgrader", "autograde", UNIT, "--force").returncode == 0
    assert {points_of(course)["ada"][name] for name in TESTS} == {1}


def test_nobody_needing_a_person_is_said_by_what_comes_back() -> None:
    from io import StringIO

    from rich.console import Console

    quiet = Console(file=StringIO(), width=120)
    assert print_class([Row("u", "ada", 3, 4)], quiet)
    assert not print_class([Row("u", "ada", 3, 4, ("the kernel ended",))], quiet)
