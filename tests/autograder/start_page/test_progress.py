"""The start page's table: what notebooks say of themselves as they were saved."""

import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output

from autograder import progress
from course.errors import CourseError
from tests.units.notebooks import ROOT, path_of

UNIT = "07-conv-dims"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one released unit in it."""
    shutil.copytree(ROOT / "release" / UNIT, tmp_path / UNIT)
    return tmp_path


def save(folder: Path, passed: set[str], failed: set[str]) -> None:
    """The unit as it is saved after these tests were run."""
    path = folder / UNIT / f"{UNIT}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id in passed | failed:
            cell.execution_count = 1
        if cell.id in passed:
            cell.outputs = [new_output("stream", text="Right.\n")]
        if cell.id in failed:
            cell.outputs = [new_output("error", ename="WrongAnswer", evalue="", traceback=[])]
    nbformat.write(notebook, path)


def test_an_untouched_unit_has_nothing(folder: Path) -> None:
    assert repr(progress(folder)) == "07-conv-dims            0 of 8 right  0 of 8 noted"


def test_what_was_passed_and_noted_counts_and_what_failed_does_not(folder: Path) -> None:
    save(folder, {"ex1-test", "ex2-test", "ex1-graded"}, {"ex3-test", "ex2-graded"})
    (row,) = progress(folder).units
    assert (row.passed, row.tests, row.noted, row.later) == (2, 8, 1, 8)
    page = progress(folder)._repr_html_()
    assert "2 of 8 right" in page
    assert "1 of 8 noted" in page


@pytest.mark.parametrize("content", [b"", b"<<<<<<< ours", b"[]", b"3", b'{"cells": 3}', b"\xff"])
def test_a_file_that_is_no_notebook_leaves_the_other_units(folder: Path, content: bytes) -> None:
    broken = folder / "01-broken" / "01-broken.ipynb"
    broken.parent.mkdir()
    broken.write_bytes(content)
    first, second = progress(folder).units
    assert first.problem == "cannot be read: this file is no notebook"
    assert (second.unit, second.tests) == (UNIT, 8)


def test_the_notebooks_are_left_as_they_are(folder: Path) -> None:
    progress(folder)
    path = folder / UNIT / f"{UNIT}.ipynb"
    assert path.read_bytes() == path_of("release", UNIT).read_bytes()


def test_a_folder_without_units_says_so(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="holds no unit; open the start page in the folder"):
        progress(tmp_path)
