"""Whose notebook is graded: the course's own step says so, and nothing else does."""

import contextlib
import os
from pathlib import Path

import nbformat
import pytest

from autograder.grading.grade import handed_over, key_of
from autograder.personal.identity import COURSE_KEY, DEFAULT_KEY, KEY_FILE, STUDENT
from course.errors import CourseError
from tests.autograder.personal.test_identity import personal_unit
from tests.units.notebooks import command, course_copy


@pytest.mark.slow
def test_grading_without_the_step_says_so_and_gives_no_points(tmp_path: Path) -> None:
    """Neither on the plain numbers nor on anybody's."""
    folder = course_copy(tmp_path / "convdims")
    config = folder / "nbgrader_config.py"
    lines = config.read_text(encoding="utf-8").splitlines()
    stock = [line for line in lines if not line.startswith(("c.Autograde.", "c.Execute"))]
    assert len(stock) < len(lines)
    config.write_text("\n".join(stock), encoding="utf-8")
    (folder / "source" / "unit").mkdir()
    nbformat.write(personal_unit(), folder / "source" / "unit" / "unit.ipynb")
    assert command(folder, "nbgrader", "generate_assignment", "unit").returncode == 0
    home = folder / "submitted" / "ada" / "unit"
    home.mkdir(parents=True)
    notebook = nbformat.read(folder / "release" / "unit" / "unit.ipynb", as_version=4)
    notebook.cells[2].source = "shape = (20, 27, 47)"
    nbformat.write(notebook, home / "unit.ipynb")
    done = command(folder, "nbgrader", "autograde", "unit")
    assert done.returncode == 0, done.stderr
    graded = nbformat.read(folder / "autograded" / "ada" / "unit" / "unit.ipynb", as_version=4)
    (error,) = graded.cells[3].outputs
    assert error.ename == "CourseError"
    assert error.evalue.startswith("nobody has said whose notebook is graded")
    assert command(folder, "nbgrader", "export", "--to=all.csv").returncode == 0
    header, row = (folder / "all.csv").read_text(encoding="utf-8").splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True))["score"] == "0.0"


def test_what_was_there_before_is_there_again_whatever_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(COURSE_KEY, "mine")
    seen = []
    with contextlib.suppress(RuntimeError), handed_over("HOME", "theirs"):
        seen += [os.environ[STUDENT], os.environ[COURSE_KEY]]
        raise RuntimeError("the kernel died")
    assert seen == ["HOME", "theirs"]
    assert STUDENT not in os.environ
    assert os.environ[COURSE_KEY] == "mine"


def test_the_nearest_key_of_the_course_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source" / "unit").mkdir(parents=True)
    assert key_of(tmp_path, "unit") == DEFAULT_KEY
    monkeypatch.setenv(COURSE_KEY, "of the hub")
    assert key_of(tmp_path, "unit") == "of the hub"
    for folder, key in ((tmp_path, "of the course"), (tmp_path / "source" / "unit", "of the unit")):
        (folder / KEY_FILE).write_text(key, encoding="utf-8")
        monkeypatch.delenv(COURSE_KEY, raising=False)
        assert key_of(tmp_path, "unit") == key
        monkeypatch.setenv(COURSE_KEY, "of the hub")
        with pytest.raises(CourseError, match="is not the key in"):
            key_of(tmp_path, "unit")
