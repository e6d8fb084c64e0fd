"""Finding and opening a course, and how a step of nbgrader that fails is told."""

import os
import sys
from pathlib import Path

import pytest

from autograder.grading.gradebook import scores
from autograder.grading.nbgrader_api import (
    GradingError,
    Outcome,
    _outcome,
    autograde,
    find_course,
    generate_release,
    open_course,
    units,
)
from course.errors import CourseError
from tests.units.notebooks import ROOT, UNITS


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course folder with the real settings and no unit."""
    folder = tmp_path / "convdims"
    (folder / "source").mkdir(parents=True)
    (folder / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    return folder


def test_a_course_is_found_from_any_folder_below(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = course / "source" / "07" / "images"
    deep.mkdir(parents=True)
    for start in (course, course / "source", deep, deep / ".." / ".."):
        assert find_course(start) == course
    monkeypatch.chdir(deep)
    assert find_course() == course


def test_the_nearest_course_is_taken(course: Path) -> None:
    inner = course / "source" / "inner"
    (inner / "source").mkdir(parents=True)
    (inner / "nbgrader_config.py").touch()
    assert find_course(inner / "source") == inner


@pytest.mark.parametrize("missing", ["nbgrader_config.py", "source"])
def test_half_a_course_is_none(course: Path, missing: str) -> None:
    path = course / missing
    path.unlink() if path.is_file() else path.rmdir()
    with pytest.raises(GradingError) as caught:
        find_course(course)
    assert str(caught.value) == (
        f"no course at or above {course}: a course folder holds nbgrader_config.py and source/; "
        "change into the course folder first"
    )
    assert isinstance(caught.value, CourseError)


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_settings_is_not_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(GradingError, match=r"holds no nbgrader_config\.py; give the course folder"):
        open_course(tmp_path / name)


def test_settings_are_those_of_the_folder(course: Path) -> None:
    api = open_course(course)
    assert Path(api.coursedir.root) == course
    assert api.coursedir.course_id == "convdims"
    assert api.config.ClearSolutions.code_stub == {"python": "..."}


def test_opening_a_course_puts_alembic_on_the_path(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    open_course(course)
    open_course(course)
    beside = str(Path(sys.executable).parent)
    assert os.environ["PATH"].split(os.pathsep) == [beside, "/nowhere"]


def test_the_units_are_those_in_source() -> None:
    assert list(units(ROOT)) == UNITS
    assert "07-conv-dims" in UNITS


def test_a_course_without_units_has_none(course: Path) -> None:
    assert units(course) == ()


def test_what_is_not_there_cannot_be_released_or_graded(course: Path) -> None:
    api = open_course(course)
    for outcome in (generate_release(api, "nothing"), autograde(api, "nothing", "nobody")):
        assert not outcome.success
        assert outcome.reason
        assert "\n" not in outcome.reason


def test_an_empty_gradebook_holds_no_scores(course: Path) -> None:
    api = open_course(course)
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment("07-conv-dims")
    assert scores(api, "07-conv-dims") == {}


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome(True, "all went well"), ""),
        (Outcome(False, ""), "nbgrader gave no reason"),
        (Outcome(False, " \n"), "nbgrader gave no reason"),
        (Outcome(False, "one\n  two  \n\n"), "two"),
    ],
)
def test_the_reason_is_one_line(outcome: Outcome, reason: str) -> None:
    assert outcome.reason == reason


def test_an_interrupt_that_nbgrader_caught_goes_on() -> None:
    with pytest.raises(KeyboardInterrupt):
        _outcome({"success": False, "error": "Traceback ...\nKeyboardInterrupt"})


def test_an_interrupted_notebook_is_no_interrupt_of_ours() -> None:
    """A cell that ran out of time has one in its log; nobody pressed Ctrl-C."""
    outcome = _outcome({"success": True, "log": "KeyboardInterrupt", "error": ""})
    assert outcome.success
