"""Whose notebook this is: the student, and the key of the course.

Whoever grades says so and hands both over; no folder decides it then. In a student's own notebook
the name is the hub's, or the one that `introduce` has kept, and the key is the one that was handed
out beside the notebook.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from autograder.answers import show
from autograder.judge import is_grading
from course.errors import CourseError, SpecError

STUDENT, COURSE_KEY = "CONVDIMS_STUDENT", "CONVDIMS_COURSE_KEY"
"""The environment's variables in which a grader hands them over."""
KEY_FILE = "course_key.txt"
DEFAULT_KEY = "convdims"
NAME_FILE = "convdims_student.txt"
NAME = re.compile(r"\w[\w.@ -]{0,63}")
ALLOWED = (
    "give a name of at most 64 letters, digits, spaces and . _ @ -, a letter or digit first, "
    "such as introduce('ada')"
)


@dataclass(frozen=True)
class Identity:
    """Whose numbers an exercise has: the student's plain name, and the course's key.

    The empty name has the plain numbers of the solution; None is nobody, whose numbers look the
    same and count nothing. With another key all numbers are others; it is no secret, as students
    have to be able to see their numbers.
    """

    student: str | None
    course_key: str = DEFAULT_KEY

    def __post_init__(self) -> None:
        if self.student is not None:
            object.__setattr__(self, "student", plain_name(self.student))


_handed_over: ContextVar[Identity | None] = ContextVar("identity", default=None)


@contextmanager
def acting_as(identity: Identity) -> Iterator[None]:
    """While this lasts, the notebook is theirs.

    >>> with acting_as(Identity("ada")):
    ...     whoami()
    'ada'
    """
    before = _handed_over.set(identity)
    try:
        yield
    finally:
        _handed_over.reset(before)


def current_identity() -> Identity:
    """Whose notebook this is.

    Code in a notebook can change this in its own process. A judge outside of it hands one over
    there.

    Errors: CourseError while nbgrader grades and nobody has said whose notebook this is.
    """
    handed_over = _handed_over.get() or _of_grader()
    return handed_over or Identity(_of_hub() or _introduced() or None, _own_key())


def whoami() -> str | None:
    """The name of the student whose notebook this is; None where nobody's is known.

    Names that differ in capitals alone are the same. Errors: as `current_identity`.
    """
    return current_identity().student or None


def introduce(name: str) -> None:
    """Remember a student's name on this computer for all units, in place of an earlier one.

    It must be the name under which the student hands in: the grader takes the numbers of
    personal exercises from there. On a JupyterHub, which knows the name, and while nbgrader
    grades, nothing is changed.

    Errors: SpecError for what is no name; CourseError where it cannot be saved.
    """
    grader = _handed_over.get() or _of_grader()
    known = grader.student if grader else _of_hub()
    if known:
        print(f"Your name is known here: {known}. There is nothing to be done.")
        return
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
    print(
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


def _of_grader() -> Identity | None:
    """What the environment hands over, both of it; None in a notebook that is not graded."""
    student, key = os.environ.get(STUDENT), os.environ.get(COURSE_KEY, "").strip()
    if student is not None and key and (student.strip() or not is_grading()):
        return Identity(student, key)
    if is_grading():
        raise CourseError(
            "nobody has said whose notebook is graded, so there are no numbers to grade it by",
            "grade with the course's own nbgrader_config.py, whose preprocessor hands the name "
            f"and the course key over as {STUDENT} and {COURSE_KEY}",
        )
    return None


def _of_hub() -> str:
    """The name that a JupyterHub gives, as nbgrader's exchange takes it: that of the system's
    user, unless all have the same one, jovyan. Empty where there is no hub.

    Source: nbgrader's get_username.
    """
    hub = os.environ.get("JUPYTERHUB_USER", "").strip()
    if not hub:
        return ""
    try:
        from pwd import getpwuid  # every hub has it, Windows has not

        user = getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        user = "jovyan"
    return plain_name(hub if user == "jovyan" else user)


def _introduced() -> str:
    """The name that was saved; what cannot be one is reported and is none."""
    file = _name_file()
    if not file.exists():
        return ""
    name = plain_name(first_line(file))
    if NAME.fullmatch(name):
        return name
    # Printed, because nbgrader scores a test cell 0 that writes to stderr, as warnings do.
    print(f"There is no name in {file}. Run introduce with your name again.")
    return ""


def _own_key() -> str:
    """The key for a student's own notebook: the environment's, or that of the nearest
    course_key.txt, beside the notebook or in a folder above it, or the one that everybody has."""
    here = Path.cwd()
    given = os.environ.get(COURSE_KEY, "").strip()
    return given or nearest_key((here, *here.parents))


def nearest_key(folders: Iterable[Path]) -> str:
    """The key in the first of the folders that has one; the one that everybody has if none does."""
    return next(filter(None, (first_line(folder / KEY_FILE) for folder in folders)), DEFAULT_KEY)


def _name_file() -> Path:
    from jupyter_core.paths import jupyter_config_dir

    return Path(jupyter_config_dir()) / NAME_FILE


def first_line(file: Path) -> str:
    """The first line of a text file; empty where there is none to be read."""
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline(1000).strip()
    except (OSError, UnicodeDecodeError):
        return ""
