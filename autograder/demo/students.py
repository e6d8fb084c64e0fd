"""A made-up class for `convdims demo`: who hands in what, and why.

Each student starts from the right answers or from the untouched release, and changes the answer
cells named in `answers`. The points that each should get are stated beside them, counted by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import nbformat

from autograder.personal import variant
from autograder.personal.templates import CONV_SAME, CONV_VALID
from autograder.rehearsal.simulated_students import believed

UNIT = "07-conv-dims"

SWAPPED = """\
def conv_shape(input_shape, filters, kernel_size, strides, padding):
    width, height, _ = input_shape
    if padding == "valid":
        height, width = height - kernel_size + 1, width - kernel_size + 1
    return -(-height // strides), -(-width // strides), filters
"""
FLOORED = """\
def conv_shape(input_shape, filters, kernel_size, strides, padding):
    height, width, _ = input_shape
    if padding == "valid":
        height, width = height - kernel_size + 1, width - kernel_size + 1
    return height // strides, width // strides, filters
"""


def own_answers(name: str, *misconceptions: str) -> str:
    """The answer cell of exercise 8 with a student's own numbers, right or misunderstood."""
    answers = [
        believed(variant(template, name).question(quantity), misconceptions)
        for template in (CONV_VALID, CONV_SAME)
        for quantity in ("output_shape", "param_count")
    ]
    names = ("shape_8", "params_8", "shape_8b", "params_8b")
    return "\n".join(f"{key} = {answer}" for key, answer in zip(names, answers, strict=True))


@dataclass(frozen=True)
class MadeUpStudent:
    """One student of the demo: what was handed in, and the points that it deserves of 16."""

    name: str
    story: str
    points: float
    answers: dict[str, str] = field(default_factory=dict)
    attempted: bool = True
    late: timedelta = timedelta(0)
    change: Callable[[nbformat.NotebookNode], None] | None = None
    """What is done to the notebook in the end, beyond answering."""


BREAK_IN = """\
import sqlite3
from pathlib import Path

import autograder


def praise(*answers, **settings):
    print("Right.")


autograder.check = autograder.check_function = autograder.check_parts = praise
for folder in (Path.cwd(), *Path.cwd().parents):
    for gradebook in folder.glob("gradebook.db"):
        sqlite3.connect(gradebook).execute("UPDATE grade SET auto_score = 1").connection.commit()
"""


def breaks_in(notebook: nbformat.NotebookNode) -> None:
    """Wrong answers, and an attempt to have them scored all the same."""
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            cell.source = "pass"
        if marks.get("grade"):
            cell.metadata.tags = ["training"]
            cell.source = "print('Right.')"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(BREAK_IN))


def falls_apart(notebook: nbformat.NotebookNode) -> None:
    """All answers right; a cell pasted twice, tests deleted, nbgrader's marks lost."""
    kept = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    first = next(cell for cell in kept if cell.id == "ex1-answer")
    notebook.cells = [*kept, nbformat.from_dict(first)]
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("nbgrader", None)
        cell.id = f"cell-{number}"


CLASS = (
    MadeUpStudent("ada", "everything right", 16),
    MadeUpStudent("blank", "handed in untouched", 0, attempted=False),
    MadeUpStudent(
        "bo",
        "forgets the biases",
        10,
        {
            "ex1-answer": "shape_1 = (100, 100, 16)\nparams_1 = 64\n"
            "shape_1b = (74, 100, 24)\nparams_1b = 648",
            "ex2-answer": "params_2 = 864\nparams_2b = 2400",
            "ex6-answer": "def conv_params(filters, kernel_size, depth_in):\n"
            "    return filters * kernel_size**2 * depth_in",
            "ex8-answer": own_answers("bo", "no-bias"),
        },
    ),
    MadeUpStudent(
        "cleo",
        "takes the depth from the input and forgets the stride",
        12,
        {
            "ex3-answer": "depth_2 = 3\ndepth_2b = 32",
            "ex4-answer": "width_2 = 128\nwidth_2b = 101",
        },
    ),
    MadeUpStudent(
        "dev",
        "pads every side alike: the right size by luck, the wrong zeros",
        14,
        {"ex5-answer": "pads_2 = ((1, 1), (1, 1))\npads_2b = ((2, 2), (2, 2))"},
    ),
    MadeUpStudent("eli", "swaps height and width", 14, {"ex7-answer": SWAPPED}),
    MadeUpStudent("fay", "rounds down where the formula rounds up", 14, {"ex7-answer": FLOORED}),
    MadeUpStudent(
        "jo",
        "copies the answers of exercise 8 from ada",
        14,
        {"ex8-answer": own_answers("ada")},
    ),
    MadeUpStudent("gus", "everything right, two days late", 16, late=timedelta(days=2)),
    MadeUpStudent(
        "hana",
        "one cell stops with an error, the others are right",
        14,
        {"ex2-answer": "params_2 = 32 * F * F * 3 + 32\nparams_2b = 2400"},
    ),
    MadeUpStudent(
        "ivo",
        "ends the kernel in the middle of the notebook",
        4,
        {"ex3-answer": "import os\n\nos._exit(1)"},
    ),
    MadeUpStudent(
        "lea", "a cell pasted twice, all tests deleted, marks lost", 16, change=falls_apart
    ),
    MadeUpStudent(
        "mallory", "wrong answers, and code that is to have them scored", 0, change=breaks_in
    ),
)


def hand_in(
    student: MadeUpStudent, solved: nbformat.NotebookNode, released: nbformat.NotebookNode
) -> nbformat.NotebookNode:
    """The notebook that this student hands in, made from the release."""
    notebook: nbformat.NotebookNode = nbformat.from_dict(released)
    solutions = {cell.id: without_marks(cell.source) for cell in solved.cells}
    for cell in notebook.cells:
        if not student.attempted or not cell.metadata.get("nbgrader", {}).get("solution"):
            continue
        right = own_answers(student.name) if cell.id == "ex8-answer" else solutions[cell.id]
        cell.source = student.answers.get(cell.id, right)
    if student.change:
        student.change(notebook)
    return notebook


def without_marks(source: str) -> str:
    """An answer cell of the source as a student would have written it.

    >>> without_marks("x = (\\n    ### BEGIN SOLUTION\\n    3\\n    ### END SOLUTION\\n)")
    'x = (\\n    3\\n)'
    """
    kept = [line for line in source.splitlines() if "# BEGIN " not in line and "# END " not in line]
    return "\n".join(kept)
