"""A small unit with every kind of exercise, and classes that hand it in and are graded."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.demo.students import without_marks
from autograder.personal import variant
from autograder.personal.identity import Identity, acting_as
from autograder.personal.templates import CONV_VALID
from tests.units.notebooks import command as _command
from tests.units.notebooks import course_copy

UNIT = "graded"
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}

ANSWERS = {
    "ex1-answer": """\
width = (
    ### BEGIN SOLUTION
    64
    ### END SOLUTION
)
params = (
    ### BEGIN SOLUTION
    896
    ### END SOLUTION
)
width_b = (
    ### BEGIN SOLUTION
    47
    ### END SOLUTION
)""",
    "ex2-answer": """\
def conv_params(filters, kernel_size, depth):
    ### BEGIN SOLUTION
    return filters * kernel_size * kernel_size * depth + filters
    ### END SOLUTION""",
    "ex3-answer": """\
sums = (
    ### BEGIN SOLUTION
    np.array([3, 7, 11])
    ### END SOLUTION
)
sums_b = (
    ### BEGIN SOLUTION
    [[3.0, 3.5]]
    ### END SOLUTION
)""",
    "ex4-answer": """\
shape = (
    ### BEGIN SOLUTION
    SHAPE
    ### END SOLUTION
)
count = (
    ### BEGIN SOLUTION
    COUNT
    ### END SOLUTION
)""",
    "ex5-answer": """\
from course.layers import Conv2D, Dense, Flatten

design = (
    ### BEGIN SOLUTION
    [Conv2D(4, 3, strides=2), Flatten(), Dense(10)]
    ### END SOLUTION
)""",
}
TESTS = {
    "ex1-test": """\
from autograder import Question, check
from course import layers as L

layer = L.Conv2D(32, 3, strides=2, padding="same")
print(check(width, Question(layer, (128, 128, 3), "width")))
check(params, Question(layer, (128, 128, 3), "param_count"))""",
    "ex1-graded": """\
from autograder import Question, attempted, check
from course import layers as L

# Graded later.
attempted(width_b)
### BEGIN HIDDEN TESTS
check(width_b, Question(L.Conv2D(32, 8, strides=2), (128, 101, 3), "width"))
### END HIDDEN TESTS""",
    "ex2-test": """\
from autograder import Question, check_function
from course import layers as L

cases = [
    ((K, F, D), Question(L.Conv2D(K, F), (16, 16, D), "param_count"))
    for K, F, D in ((16, 2, 1), (32, 3, 3))
]
check_function(conv_params, cases)""",
    "ex2-graded": """\
from autograder import Question, attempted, check_function
from course import layers as L

# Graded later.
attempted(conv_params(8, 3, 1))
### BEGIN HIDDEN TESTS
cases = [
    ((K, F, D), Question(L.Conv2D(K, F), (16, 16, D), "param_count"))
    for K in (1, 5, 64)
    for F in (1, 2, 7)
    for D in (1, 10)
]
check_function(conv_params, cases, hidden=True)
### END HIDDEN TESTS""",
    "ex3-test": """\
import numpy

from autograder import Computation, check_array
from course import layers as L

row = numpy.array([[1, 2, 3, 4, 5, 6]])[..., None]
pairs = L.Conv2D(1, (1, 2), strides=2, use_bias=False)
check_array(sums, Computation(pairs, row, numpy.ones((1, 2, 1, 1))))""",
    "ex3-graded": """\
import numpy

from autograder import Computation, attempted, check_array
from course import layers as L

# Graded later.
attempted(sums_b)
### BEGIN HIDDEN TESTS
image = numpy.array([[2, 4, 5, 2], [1, 5, 4, 3]])[..., None]
check_array(sums_b, Computation(L.AveragePooling2D(2), image))
### END HIDDEN TESTS""",
    "ex4-test": """\
from autograder import check_parts, variant
from autograder.personal.templates import CONV_VALID

check_parts({"shape": (shape, variant(CONV_VALID).question("output_shape"))}, points=1)""",
    "ex4-graded": """\
from autograder import attempted, check, variant
from autograder.personal.templates import CONV_VALID

# Graded later.
attempted(count)
### BEGIN HIDDEN TESTS
check(count, variant(CONV_VALID).question("param_count"))
### END HIDDEN TESTS""",
    "ex5-test": """\
from autograder import Wanted, check_model

wanted = Wanted(input_shape=(28, 28, 1), output_shape=(10,), kinds={"Conv2D": 1})
check_model(design, wanted)""",
}
POINTS = float(len(TESTS))


def own_numbers(student: str) -> dict[str, Any]:
    """The right answers of exercise 4 for a student."""
    with acting_as(Identity(student)):
        mine = variant(CONV_VALID)
        return {
            "SHAPE": mine.question("output_shape").expected(),
            "COUNT": mine.question("param_count").expected(),
        }


def source() -> Any:
    """The unit's source."""
    first = nbformat.v4.new_code_cell("import numpy as np\n\nscale = 2")
    first.id = "first"
    train = nbformat.v4.new_code_cell(
        "time_taken = sum(range(10))", metadata={"tags": ["training"]}
    )
    train.id = "train"
    text = nbformat.v4.new_markdown_cell("# A unit\n\nWhere $W = 3$.")
    text.id = "text"
    essay = nbformat.v4.new_markdown_cell("*Your words here.*")
    essay.id = "essay"
    cells = [text, first, train]
    plain = own_numbers("")
    for name, answer in ANSWERS.items():
        filled = answer.replace("SHAPE", str(plain["SHAPE"])).replace("COUNT", str(plain["COUNT"]))
        cells.append(_cell(name, filled))
        cells += [_cell(t, s, 1) for t, s in TESTS.items() if t[:3] == name[:3]]
    task = nbformat.v4.new_markdown_cell(
        "Say why.\n\n=== BEGIN MARK SCHEME ===\nOne point for the reason.\n=== END MARK SCHEME ===",
        metadata={"nbgrader": _marks("essay-task", task=True) | {"points": 2}},
    )
    task.id = "essay-task"
    return nbformat.v4.new_notebook(cells=[*cells, task, essay], metadata={"kernelspec": KERNEL})


def _marks(name: str, *, grade: bool = False, task: bool = False) -> dict[str, Any]:
    fixed = grade or task
    marks = {"schema_version": 3, "grade_id": name, "locked": fixed, "task": task}
    return marks | {"grade": grade, "solution": not fixed}


def _cell(name: str, text: str, points: int = 0) -> Any:
    marks = _marks(name, grade=points > 0) | ({"points": points} if points else {})
    cell = nbformat.v4.new_code_cell(text, metadata={"nbgrader": marks})
    cell.id = name
    return cell


def solved(released: Any, student: str) -> Any:
    """The notebook with all answers right, as the student would have handed it in."""
    notebook = nbformat.from_dict(released)
    numbers = own_numbers(student)
    for cell in notebook.cells:
        if cell.id in ANSWERS:
            cell.source = without_marks(ANSWERS[cell.id])
            for name, value in numbers.items():
                cell.source = cell.source.replace(name, str(value))
    return notebook


def cell_of(notebook: Any, name: str) -> Any:
    """A cell by its id."""
    return next(cell for cell in notebook.cells if cell.get("id") == name)


@dataclass
class Handing:
    """What a student hands in: the notebook to be changed, and the folder to be written into."""

    student: str
    notebook: Any
    folder: Path
    course: Path
    write: bool = True
    """Whether the notebook is written in the end; False where `change` wrote a file of its own."""

    @property
    def file(self) -> Path:
        """Where the notebook belongs."""
        return self.folder / f"{UNIT}.ipynb"

    def answer(self, name: str, text: str) -> None:
        """Replace an answer cell's text."""
        cell_of(self.notebook, name).source = text

    def answer_wrong(self) -> None:
        """Wrong answers everywhere: what scores then was not earned."""
        for name, text in WRONG.items():
            self.answer(name, text)

    def add_first(self, text: str) -> None:
        """Put a code cell of the student's own before all others."""
        self.notebook.cells.insert(0, nbformat.v4.new_code_cell(text))


WRONG = {
    "ex1-answer": "width, params, width_b = 1, 2, 3",
    "ex2-answer": "def conv_params(filters, kernel_size, depth):\n    return 7",
    "ex3-answer": "sums, sums_b = np.array([1, 1, 1]), [[0.0, 0.0]]",
    "ex4-answer": "shape, count = (1, 1, 1), 5",
    "ex5-answer": "from course.layers import Dense, Flatten\n\ndesign = [Flatten(), Dense(3)]",
}


@dataclass(frozen=True)
class Student:
    """A student of a class: what is changed in a right notebook, and the points deserved.

    `missed` are the tests that the change costs; all others have to be earned.
    """

    name: str
    story: str
    change: Callable[[Handing], None] = lambda handing: None
    missed: frozenset[str] = frozenset()


NONE_RIGHT = frozenset(TESTS)


@dataclass
class Graded:
    """A graded class: points of each student's tests, receipts, and what the command printed."""

    folder: Path
    printed: str
    returncode: int
    points: dict[str, dict[str, float]] = field(default_factory=dict)

    def notebook(self, student: str) -> Any:
        """The graded notebook."""
        return nbformat.read(self.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb", 4)

    def receipt(self, student: str) -> Any:
        """The receipt of the grade."""
        file = self.folder / "autograded" / student / UNIT / f"{UNIT}.receipt.json"
        return json.loads(file.read_text(encoding="utf-8"))


def new_course(folder: Path) -> Path:
    """A course folder whose only unit is this one, released."""
    course_copy(folder)
    home = folder / "source" / UNIT
    home.mkdir()
    nbformat.write(source(), home / f"{UNIT}.ipynb")
    done = _command(folder, "nbgrader", "generate_assignment", UNIT)
    assert done.returncode == 0, done.stderr
    return folder


def hand_in(course: Path, student: Student) -> None:
    """Put a student's notebook into submitted/."""
    released = nbformat.read(course / "release" / UNIT / f"{UNIT}.ipynb", as_version=4)
    folder = course / "submitted" / student.name / UNIT
    folder.mkdir(parents=True)
    handing = Handing(student.name, solved(released, student.name), folder, course)
    student.change(handing)
    if handing.write:
        handing.file.write_text(json.dumps(handing.notebook), encoding="utf-8")


def graded(course: Path, students: Iterable[Student], *words: str, seconds: float = 900) -> Graded:
    """The class graded by plain `nbgrader autograde`, all at once."""
    for student in students:
        hand_in(course, student)
    done = _command(course, "nbgrader", "autograde", UNIT, *words, seconds=seconds)
    made = Graded(course, done.stdout + done.stderr, done.returncode)
    made.points = points_of(course)
    return made


def points_of(course: Path) -> dict[str, dict[str, float]]:
    """Each student's points for each test, from the gradebook."""
    from autograder.grading.gradebook import scores
    from autograder.grading.nbgrader_api import open_course

    found = scores(open_course(course), UNIT)
    return {
        student: {name: points for name, (points, _) in score.cells.items()}
        for student, score in found.items()
    }
