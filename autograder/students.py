"""Whose notebook this is, and the key of the course that it belongs to."""

import os
import re
import unicodedata
from pathlib import Path

from autograder.answers import CheckResult, show
from course.errors import CourseError, SpecError

KEY_FILE = "course_key.txt"
DEFAULT_KEY = "convdims"
NAME_FILE = "convdims_student.txt"
NAME = re.compile(r"\w[\w.@ -]{0,63}")
ALLOWED = (
    "give a name of at most 64 letters, digits, spaces and . _ @ -, a letter or digit first, "
    "such as introduce('ada')"
)


def whoami() -> str | None:
    """The name of the student whose notebook this is; None where nobody's is known.

    While nbgrader grades, it is the name of the folder that the submission lies in, and nothing
    else: NBGRADER_EXECUTION is then 'autograde', and a notebook runs in
    autograded/STUDENT/ASSIGNMENT. In a notebook it is JUPYTERHUB_USER, or else the name that the
    student gave once with `introduce`. Names that differ in capitals alone are the same.

    Code in a notebook can change all of these in its own process. Who judges outside of it asks
    there, in the submission's folder or with the name given to `variant`.

    Source: nbgrader's converters/autograde.py.
    """
    return _given() or (None if _is_graded() else _introduced())


def introduce(name: str) -> CheckResult:
    """Remember a student's name on this computer for all units, in place of an earlier one.

    It must be the name under which the student hands in: the grader takes the numbers of
    personal exercises from there. On a JupyterHub, which knows the name, and while nbgrader
    grades, nothing is changed.

    Errors: SpecError for what is no name; CourseError where it cannot be saved.
    """
    if _given():
        return CheckResult(f"Your name is known here: {_given()}. There is nothing to be done.")
    plain, file = plain_name(name), _name_file()
    if not NAME.fullmatch(plain):
        raise SpecError(f"{show(name)} is no name", ALLOWED, "introduce")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{plain}\n", encoding="utf-8")
    except OSError as error:
        raise CourseError(
            f"your name cannot be saved in {file}: {error.strerror}",
            "make that folder writable, or ask your instructor",
            "introduce",
        ) from None
    return CheckResult(
        f"Hello {plain}. Exercises with numbers of your own now show yours. Hand in under this "
        "name too: the grader works with the numbers of the name that you hand in under."
    )


def plain_name(name: str) -> str:
    """A name as names are compared: without spaces around it, capitals, and differences of
    spelling that no one sees.

    Errors: SpecError for what is no text.

    >>> plain_name("  Ada  Lovelace ")
    'ada lovelace'
    """
    if type(name) is not str:
        raise SpecError(f"{show(name)} is no name", ALLOWED)
    return " ".join(unicodedata.normalize("NFKC", name.casefold()).split())


def course_key() -> str:
    """What all numbers of personal exercises are drawn with; with another one, all are others.

    The environment's CONVDIMS_COURSE_KEY; else the first line of the nearest course_key.txt,
    beside the notebook or in a folder above it; else a key that everybody has. It is no secret:
    students have to be able to see their numbers.

    nbgrader copies a course_key.txt from source/UNIT into the release, and over the student's
    when it grades. Where source/UNIT has none, the student's own would stay, so while nbgrader
    grades, the file is looked for in source/UNIT and above and never in the submission.
    """
    given = os.environ.get("CONVDIMS_COURSE_KEY", "").strip()
    here = Path.cwd()
    places = [here, *here.parents]
    if _is_graded():
        places = [place for above in places[2:] for place in (above / "source" / here.name, above)]
    files = (place / KEY_FILE for place in places)
    return given or next(filter(None, map(_first_line, files)), DEFAULT_KEY)


def _is_graded() -> bool:
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _given() -> str:
    """The name that the grader or the JupyterHub gives; empty where neither does."""
    return plain_name(
        Path.cwd().parent.name if _is_graded() else os.environ.get("JUPYTERHUB_USER", "")
    )


def _introduced() -> str | None:
    """The name that was saved; what cannot be one is reported and is none."""
    file = _name_file()
    if not file.exists():
        return None
    name = plain_name(_first_line(file))
    if NAME.fullmatch(name):
        return name
    # Printed, because nbgrader scores a test cell 0 that writes to stderr, as warnings do.
    print(f"There is no name in {file}. Run introduce with your name again.")
    return None


def _name_file() -> Path:
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir()) / NAME_FILE


def _first_line(file: Path) -> str:
    """The first line of a text file; empty where there is none to be read."""
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline(1000).strip()
    except (OSError, UnicodeDecodeError):
        return ""
