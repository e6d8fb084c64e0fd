"""The simulated students' answers put through a unit's test cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.exercises import Exercise, TestCell, exercises, run
from autograder.personal import Identity, acting_as
from autograder.rehearsal.simulated_students import Student, students
from autograder.verdicts import NotAttempted, WrongAnswer


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


def rehearse(notebook: Path) -> list[Played]:
    """Play every simulated student through every exercise of a source notebook.

    The first of each exercise has no misconception and gives the solution's answers. Personal
    exercises are played with the plain variant.

    Errors: SpecError for a notebook that cannot be read; OurFault as in `check`.
    """
    with acting_as(Identity("")):
        return list(_rehearse(notebook))


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


def _earned(test: TestCell, exercise: Exercise, student: Student) -> float:
    """The points of a cell as nbgrader counts them: its last number, all of them without one."""
    try:
        value = run(test.source, exercise.right | student.answers)
    except (WrongAnswer, NotAttempted):
        return 0.0
    return float(value) if type(value) in (int, float) else test.points
