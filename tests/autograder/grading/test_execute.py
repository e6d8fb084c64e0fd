"""Whose notebook is run: the preprocessor hands it over, and nothing else does."""

from pathlib import Path

import nbformat
import pytest

from tests.autograder.personal.test_identity import personal_unit
from tests.units.notebooks import command, course_copy

pytestmark = pytest.mark.slow


def test_grading_without_the_preprocessor_says_so_and_gives_no_points(tmp_path: Path) -> None:
    """Neither on the plain numbers nor on anybody's."""
    folder = course_copy(tmp_path / "convdims")
    config = folder / "nbgrader_config.py"
    ours, theirs = "autograder.grading.execute.ExecuteAs", "nbgrader.preprocessors.Execute"
    text = config.read_text(encoding="utf-8")
    assert ours in text
    config.write_text(text.replace(ours, theirs), encoding="utf-8")
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
