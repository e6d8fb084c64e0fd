"""What nbgrader's gradebook says of one unit, as plain rows."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Score:
    """One student's points in one unit.

    `cells` maps each graded cell to (points, points at most); `late_seconds` is 0 when in time.
    """

    student: str
    points: float
    max_points: float
    late_seconds: float
    cells: dict[str, tuple[float, float]]


def scores(api: Any, unit: str) -> dict[str, Score]:
    """The scores of all graded submissions of a unit, by student."""
    found = {}
    with api.gradebook as gradebook:
        for submission in gradebook.assignment_submissions(unit):
            cells = {
                grade.name: (grade.score, grade.max_score)
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            found[submission.student.id] = Score(
                submission.student.id,
                submission.score,
                submission.max_score,
                submission.total_seconds_late,
                cells,
            )
    return found
