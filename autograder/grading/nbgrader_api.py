"""nbgrader's steps for one course folder, in this process, each with its outcome as data."""

import os
import shutil
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import CourseError

CONFIG = "nbgrader_config.py"
START_PAGE = "index.ipynb"


class GradingError(CourseError):
    """The course folder, or a step of nbgrader on it, is not as it must be."""


@dataclass(frozen=True)
class Outcome:
    """How a step of nbgrader ended: whether it succeeded, and what it logged."""

    success: bool
    log: str

    @property
    def reason(self) -> str:
        """In one line why the step failed; empty where it did not."""
        if self.success:
            return ""
        lines = [line.strip() for line in self.log.splitlines() if line.strip()]
        return lines[-1] if lines else "nbgrader gave no reason"


def find_course(start: Path | None = None) -> Path:
    """The nearest folder at or above `start` (here, if left out) that is an nbgrader course.

    Errors: GradingError when there is none.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / CONFIG).is_file() and (folder / "source").is_dir():
            return folder
    raise GradingError(
        f"no course at or above {begin}: a course folder holds {CONFIG} and source/",
        "change into the course folder first",
    )


def open_course(folder: Path) -> Any:
    """nbgrader's NbGraderAPI for the course in `folder`, with that folder's settings.

    Errors: GradingError when the folder holds no nbgrader_config.py.
    """
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.exc import SAWarning
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    if not (folder / CONFIG).is_file():
        raise GradingError(f"{folder} holds no {CONFIG}", "give the course folder")
    # nbgrader runs `alembic`, which pip put beside this Python.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = beside + os.pathsep + os.environ.get("PATH", "")
    # nbgrader 0.9.6 was written for SQLAlchemy before 2.1, which warns where nothing goes wrong.
    warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")
    config = Config(PyFileConfigLoader(CONFIG, path=str(folder)).load_config())
    return NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)


def units(folder: Path) -> tuple[str, ...]:
    """The names of the units in source/, in order."""
    return tuple(sorted(path.parent.name for path in folder.glob("source/*/*.ipynb")))


def generate_release(api: Any, unit: str) -> Outcome:
    """Write release/UNIT from source/UNIT, solutions and hidden tests taken out."""
    return _outcome(api.generate_assignment(unit))


def copy_start_page(folder: Path) -> bool:
    """Copy the start page, which has no answers in it, to release/; False where there is none."""
    page = folder / "source" / START_PAGE
    if page.is_file():
        (folder / "release").mkdir(exist_ok=True)
        shutil.copyfile(page, folder / "release" / START_PAGE)
    return page.is_file()


def handed_in(api: Any, unit: str) -> list[str]:
    """The students who have handed something in for a unit, as far as folders tell."""
    courses = api.coursedir
    homes = sorted(Path(courses.root, courses.submitted_directory).glob("*"))
    return [home.name for home in homes if os.path.lexists(home / unit)]


def autograde(api: Any, unit: str, student: str) -> Outcome:
    """Run and score one submission; an earlier score of it is replaced."""
    return _outcome(api.autograde(unit, student))


def write_feedback(api: Any, unit: str, student: str) -> Outcome:
    """Write the student's graded notebook as HTML into feedback/."""
    return _outcome(api.generate_feedback(unit, student))


def _outcome(result: Mapping[str, Any]) -> Outcome:
    error = result.get("error", "")
    if "KeyboardInterrupt" in error:
        raise KeyboardInterrupt  # nbgrader catches it; whoever pressed Ctrl-C meant the whole run
    return Outcome(bool(result["success"]), f"{result.get('log', '')}\n{error}".strip())
