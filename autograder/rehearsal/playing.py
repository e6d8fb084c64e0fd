"""The simulated students' answers put through a unit's test cells."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.errors import NotAttempted, WrongAnswer
from autograder.rehearsal.cells import Exercise, TestCell, exercises, run
from autograder.rehearsal.students import Student, students


@dataclass(frozen=True)
class Played:
    """How one student came through one exercise."""

    exercise: str
    misconceptions: tuple[str, ...]
    earned: float
    fair: float
    """What the answers may earn, those that are right by luck counted as right."""
    points: float
    named: bool
    """Whether the exercise names this coincidence."""

    @property
    def let_through(self) -> bool:
        """Whether all points were earned in spite of the misconception."""
        return self.earned >= self.points

    @property
    def is_fault(self) -> bool:
        """Whether wrong answers score, or the exercise does not tell this student from others.

        The student without a misconception has the solution's own answers, and must be let through.
        """
        if not self.misconceptions:
            return not self.let_through
        return self.earned > self.fair or (self.let_through and not self.named)


def rehearse(notebook: Path) -> Iterator[Played]:
    """Play every simulated student through every exercise of a source notebook.

    The first of each exercise has no misconception and gives the solution's answers. Personal
    exercises are played with the plain variant.

    Errors: SpecError for a notebook that cannot be read; ReferenceDisagreement as in `check`.
    """
    with _nobody():
        yield from _rehearse(notebook)


def _rehearse(notebook: Path) -> Iterator[Played]:
    for exercise in exercises(notebook):
        named = frozenset().union(*(test.coincidences for test in exercise.tests))
        for student in (Student((), {}), *students(exercise)):
            yield Played(
                exercise=exercise.name,
                misconceptions=student.misconceptions,
                earned=sum(_earned(test, exercise, student) for test in exercise.tests),
                fair=sum(map(student.fair_points, exercise.tests)),
                points=exercise.points,
                named="+".join(student.misconceptions) in named,
            )


@contextmanager
def _nobody() -> Iterator[None]:
    """While this lasts, no student is known."""
    before = dict(os.environ)
    os.environ.pop("JUPYTERHUB_USER", None)
    os.environ.pop("NBGRADER_EXECUTION", None)
    with TemporaryDirectory() as empty:
        os.environ["JUPYTER_CONFIG_DIR"] = empty
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _earned(test: TestCell, exercise: Exercise, student: Student) -> float:
    """The points of a cell as nbgrader counts them: its last number, all of them without one."""
    try:
        value = run(test.source, exercise.right | student.answers)
    except (WrongAnswer, NotAttempted):
        return 0.0
    return float(value) if type(value) in (int, float) else test.points
