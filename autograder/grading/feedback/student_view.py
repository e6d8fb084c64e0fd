"""nbgrader's preprocessor for the feedback: what a student is to see, and no more."""

import re
from html import escape
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme
from traitlets import Bool
from traitlets.config import Config

from autograder.grading.feedback.markdown import framed
from autograder.grading.feedback.outputs import html_output
from autograder.verdicts.errors import FAULTS, NotAttempted, OurFault, WrongAnswer

_FAULTS = {OurFault.__name__, *(error.__name__ for error in FAULTS.values())}
# These render as their message alone.
_OURS = {NotAttempted.__name__, WrongAnswer.__name__, *_FAULTS}

_ANSI = re.compile(r"\x1b\[[0-9;]*m")

# A folder of the machine that graded; the name of the file in it stays.
_FOLDER = re.compile(
    r"(?<![\w.:/<])(?:/[\w.@+~-]+)*/[\w.@+~-]+/(?=[\w<])|\b[A-Za-z]:\\(?:[^\\\s]+\\)+"
)


class StudentView(Preprocessor):
    """Takes out hidden tests and mark schemes, and puts a verdict over what each test says.

    It stands after GetGrades, which brings the points. The delimiters are those that
    ClearHiddenTests and ClearMarkScheme are configured with. In the place of these two, because
    they stop at a delimiter in a student's own text.
    """

    # nbgrader does not enable what it is given.
    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook as the student may see it."""
        tests, scheme = self._settings(ClearHiddenTests), self._settings(ClearMarkScheme)
        hidden = (tests.begin_test_delimeter, tests.end_test_delimeter)
        marking = (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter)
        for cell in nb.cells:
            secret = False
            if _of_the_course(cell):
                shown = without(without(cell.source, *hidden), *marking)
                secret, cell.source = shown != cell.source, shown.strip("\n")
            if cell.cell_type == "code":
                cell.outputs = _outputs(cell, secret)
        about = resources["nbgrader"]
        about["notebook"] = escape(about["notebook"])
        return nb, resources

    def _settings(self, preprocessor: Any) -> Any:
        """A preprocessor with its own settings; it would warn of nbconvert's."""
        name = preprocessor.__name__
        return preprocessor(config=Config({name: self.config[name]}))


def without(source: str, begin: str, end: str) -> str:
    r"""The text without the lines from one with `begin` to one with `end`, or to its own end.

    >>> without("a\n# BEGIN X\nb\n# END X\nc", "BEGIN X", "END X")
    'a\nc'
    """
    kept, inside = [], False
    for line in source.split("\n"):
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def message(error: Any, *, secret: bool) -> str:
    """What a test's error tells the student: its text, and nothing of where it was raised.

    What an assertion says is left out where the test is hidden (`secret`): it may name the value
    that was expected.
    """
    if secret and error.ename == "AssertionError":
        return "A hidden test does not pass."
    if error.ename in _OURS:
        return str(error.evalue)
    said = f"{error.ename}: {error.evalue}"
    told = _ANSI.sub("", "\n".join(error.traceback)).strip()
    return without_folders(told if told == error.evalue.strip() else said)


def without_folders(said: str) -> str:
    """The text with the names of files in place of whole paths.

    >>> without_folders('File "/home/ada/course/layers.py", line 3: 26/2/2')
    'File "layers.py", line 3: 26/2/2'
    """
    return _FOLDER.sub("", said)


def verdict(score: float, points: float, errors: set[str]) -> str:
    """How a test ended, in a few words, with the points.

    >>> verdict(1.0, 1.0, set()), verdict(0, 2, {"WrongAnswer"})
    ('Right: 1 of 1 points', 'Not right yet: 0 of 2 points')
    """
    if errors & _FAULTS:
        word = "Could not be graded, through no fault of yours"
    elif score >= points:
        word = "Right"
    elif score > 0:
        word = "Partly right"
    else:
        word = "Not attempted" if NotAttempted.__name__ in errors else "Not right yet"
    return f"{word}: {round(score, 2):g} of {round(points, 2):g} points"


def _of_the_course(cell: Any) -> bool:
    """Whether the cell's text is the course's, put back when the notebook was graded."""
    about = cell.metadata.get("nbgrader", {})
    return bool(about) and not about.get("solution")


def _outputs(cell: Any, secret: bool) -> list[Any]:
    """The outputs, those of a test below its verdict."""
    for output in cell.outputs:
        if output.output_type == "error":
            output.traceback = [without_folders(line) for line in output.traceback]
    if utils.is_solution(cell) or not utils.is_grade(cell):
        return list(cell.outputs)
    about = cell.metadata.nbgrader
    said = [output for output in cell.outputs if output.output_type in ("stream", "error")]
    for output in said:
        if output.output_type == "error":
            output.traceback = [message(output, secret=secret)]
        else:
            output.text = without_folders(output.text)
    names = {output.ename for output in said if output.output_type == "error"}
    told = verdict(about.score, about.points, names)
    return [html_output(framed(f'<p class="verdict">{escape(told)}</p>')), *said]
