"""nbgrader's preprocessor that runs a submission, here with the identity that it is graded by."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import Execute

from autograder.personal.identity import COURSE_KEY, DEFAULT_KEY, STUDENT, nearest_key
from course.errors import CourseError


class ExecuteAs(Execute):  # type: ignore[misc]
    """Runs a notebook and hands over to it whose it is: the student that nbgrader grades, and the
    course's key.

    The key is the first line of course_key.txt in source/UNIT, in source/ or in the course folder,
    the first of these that has one; without any, that of the environment. Nothing of the submission
    is looked at. It stands in nbgrader_config.py in the place of nbgrader's own Execute, and has
    all of its settings.

    Errors: CourseError where the environment has another key than the course.
    """

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Run the notebook. `resources` is what nbgrader knows of the submission."""
        about = resources["nbgrader"]
        root = Path(self.config.CourseDirectory.get("root", Path.cwd()))
        with handed_over(about["student"], key_of(root, about["assignment"])):
            return super().preprocess(nb, resources, km)


def key_of(course: Path, unit: str) -> str:
    """The key that a unit is graded with. Errors: as `ExecuteAs`."""
    source = course / "source"
    kept = nearest_key((source / unit, source, course))
    given = os.environ.get(COURSE_KEY, "").strip()
    if given and kept not in (given, DEFAULT_KEY):
        raise CourseError(
            f"{COURSE_KEY} in the environment is not the key in {course}",
            "take one of the two away, as students have numbers of one of them only",
        )
    return given or kept


@contextmanager
def handed_over(student: str, key: str) -> Iterator[None]:
    """While this lasts, processes that are started are told whose notebook they run."""
    before = {name: os.environ.get(name) for name in (STUDENT, COURSE_KEY)}
    os.environ.update({STUDENT: student, COURSE_KEY: key})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
