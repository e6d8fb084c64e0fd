"""`convdims demo`: a whole class graded for real, each student given the points counted by hand."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import nbformat
import pytest
from rich.console import Console

from autograder.demo import run as demo
from autograder.demo.students import CLASS, UNIT
from autograder.grading.nbgrader_api import GradingError
from tests.units.notebooks import course_copy, marked, read


@dataclass(frozen=True)
class Run:
    """One demo that has run: the course that it read, what it made, what it printed."""

    course: Path
    target: Path
    result: demo.DemoResult
    printed: str


def files(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder, with what it holds."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def a_console() -> Console:
    """A console that keeps what is printed."""
    return Console(file=StringIO(), width=160)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The demo of the whole class, in folders of its own; it must leave the course untouched."""
    base = tmp_path_factory.mktemp("demo")
    course, target, here = course_copy(base / "course"), base / "target", base / "here"
    target.mkdir()
    here.mkdir()
    before = files(base)
    console = a_console()
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(here)
        result = demo.run_demo(course, target, console)
        assert [path for path in files(base) if result.folder not in path.parents] == list(before)
        assert {path: text for path, text in files(base).items() if path in before} == before
        yield Run(course, target, result, console.file.getvalue())  # type: ignore[attr-defined]


@pytest.mark.slow
def test_each_student_gets_the_points_counted_by_hand(run: Run) -> None:
    given = {name: score.points for name, score in run.result.scores.items()}
    assert {student.name: given.get(student.name) for student in CLASS} == {
        student.name: student.points for student in CLASS
    }
    assert {score.max_points for score in run.result.scores.values()} == {16}


@pytest.mark.slow
def test_the_points_in_each_cell_are_those_of_the_notebook(run: Run) -> None:
    points = {
        cell.id: cell.metadata.nbgrader.points
        for cell in read("source", UNIT).cells
        if marked(cell, "grade")
    }
    for student in CLASS:
        cells = run.result.scores[student.name].cells
        assert {name: most for name, (_, most) in cells.items()} == points
        assert sum(given for given, _ in cells.values()) == student.points


@pytest.mark.slow
def test_what_a_person_has_to_know_is_said(run: Run) -> None:
    assert {name for name, row in run.result.rows.items() if row.needs} == {"ivo"}
    (need,) = run.result.rows["ivo"].needs
    assert need.startswith("The notebook's kernel ended in the cell ex3-answer: its code ended")
    assert {name for name, row in run.result.rows.items() if row.notes} == {"lea", "mallory"}


@pytest.mark.slow
def test_lateness_is_counted_in_seconds(run: Run) -> None:
    for student in CLASS:
        assert run.result.scores[student.name].late_seconds == student.late.total_seconds()


@pytest.mark.slow
def test_there_is_feedback_for_each_graded_student(run: Run) -> None:
    pages = {path.parent.parent.name for path in run.result.folder.glob("feedback/*/*/*.html")}
    assert pages == {student.name for student in CLASS}


@pytest.mark.slow
def test_only_one_new_folder_is_written(run: Run) -> None:
    """That nothing else was touched is seen right after the demo, in the fixture."""
    assert list(run.target.iterdir()) == [run.result.folder]
    names = {path.name for path in run.result.folder.iterdir() if not path.name.startswith(".")}
    wanted = (
        "nbgrader_config.py source release submitted autograded feedback grades.csv gradebook.db"
    )
    assert names == set(wanted.split())


@pytest.mark.slow
def test_the_grades_are_written_as_a_table(run: Run) -> None:
    with (run.result.folder / "grades.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert list(rows) == [student.name for student in CLASS]
    for student in CLASS:
        points = rows[student.name]["points"]
        assert float(points) == student.points
    assert rows["gus"]["late_days"] == "2.0"
    assert rows["ivo"]["note"] == run.result.rows["ivo"].needs[0]


@pytest.mark.slow
def test_the_table_and_the_places_are_printed(run: Run) -> None:
    lines = run.printed.splitlines()
    for student in CLASS:
        row = next(line for line in lines if f"│ {student.name} " in line)
        assert f"{student.points:g} / 16" in row
    for name in ("release", "submitted", "autograded", "feedback", "grades.csv", "gradebook.db"):
        assert any(str(run.result.folder / name) in line for line in lines)


@pytest.mark.slow
def test_a_second_demo_makes_a_second_folder(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = files(run.result.folder)
    monkeypatch.setattr(demo, "CLASS", tuple(s for s in CLASS if s.name == "blank"))
    second = demo.run_demo(run.course, run.target, a_console())
    assert sorted(run.target.iterdir()) == sorted([run.result.folder, second.folder])
    assert files(run.result.folder) == first
    assert second.scores["blank"].points == 0


def test_two_folders_of_the_same_second_have_two_names(tmp_path: Path) -> None:
    made = [demo._fresh_folder(tmp_path / "new") for _ in range(5)]
    assert len(set(made)) == 5
    assert all(folder.is_dir() and not list(folder.iterdir()) for folder in made)


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GradingError, match=r"cannot write into .*; choose another folder"):
        demo._fresh_folder(tmp_path / "file")


def test_the_class_is_as_it_says() -> None:
    names = [student.name for student in CLASS]
    assert len(names) == len(set(names))
    solved = read("source", UNIT)
    answers = {cell.id for cell in solved.cells if marked(cell, "solution")}
    for student in CLASS:
        assert student.answers.keys() <= answers
        assert student.points is None or 0 <= student.points <= 16


def test_a_student_hands_in_the_release_with_other_answers() -> None:
    solved, released = read("source", UNIT), read("release", UNIT)
    untouched = nbformat.from_dict(released)
    for student in CLASS:
        given = demo.hand_in(student, solved, released)
        assert released == untouched
        if student.change:
            assert given != released
            continue
        for cell, was in zip(given.cells, released.cells, strict=True):
            assert "SOLUTION" not in cell.source
            assert student.attempted or cell.source == was.source
            assert marked(cell, "solution") or cell.source == was.source
            assert cell.metadata == was.metadata
