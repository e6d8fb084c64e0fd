"""nbgrader's preprocessor that runs a submission, here with the identity that it is graded by."""

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import Execute
from nbgrader.utils import setenv

from autograder.personal.identity import COURSE_KEY, STUDENT, nearest_key


class ExecuteAs(Execute):  # type: ignore[misc]
    """Runs a notebook and hands over to it whose it is: the student that nbgrader grades, and the
    course's key.

    The key is the first line of course_key.txt in source/UNIT, in source/ or in the course folder,
    the first of these that has one. Nothing of the submission is looked at. It stands in
    nbgrader_config.py in the place of nbgrader's own Execute, and has all of its settings.
    """

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Run the notebook. `resources` is what nbgrader knows of the submission."""
        about = resources["nbgrader"]
        root = Path(self.config.CourseDirectory.get("root", Path.cwd()))
        source = root / "source"
        key = nearest_key((source / about["assignment"], source, root))
        with setenv(**{STUDENT: about["student"], COURSE_KEY: key}):
            return super().preprocess(nb, resources, km)
