"""nbgrader's gradebook: a submission's scores written at once, and a unit's read as plain rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task


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


def save(about: Any, nb: Any, points: Mapping[str, float | None], penalties: Any) -> None:
    """Write all scores of a submission in one transaction, late penalty included.

    `about` is what nbgrader knows of the submission, `points` holds those of the cells that were
    judged; None marks a cell that a person has to look at. A score that a person gave before
    stays, and is marked to be looked at again. `penalties` is nbgrader's preprocessor for them.
    """
    where = (about["notebook"], about["assignment"], about["student"])
    with Gradebook(about["db_url"]) as gradebook:
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if is_grade(cell):
                grade = gradebook.find_grade(marks["grade_id"], *where)
                judged = marks["grade_id"] in points
                given = points[marks["grade_id"]] if judged else determine_grade(cell)[0]
                grade.auto_score = given
                grade.needs_manual_grade = given is None or grade.manual_score is not None
            if is_solution(cell) or is_task(cell):
                comment = gradebook.find_comment(marks["grade_id"], *where)
                untouched = marks.get("checksum") == compute_checksum(cell)
                comment.auto_comment = "No response." if untouched and is_solution(cell) else None
        gradebook.db.flush()
        _set_penalty(gradebook, about, penalties)
        gradebook.db.commit()


def _set_penalty(gradebook: Any, about: Any, penalties: Any) -> None:
    submission = gradebook.find_submission(about["assignment"], about["student"])
    notebook = gradebook.find_submission_notebook(
        about["notebook"], about["assignment"], about["student"]
    )
    notebook.late_submission_penalty = None
    late = submission.total_seconds_late
    if late > 0:
        gradebook.db.refresh(notebook)
        penalties.init_plugin()
        penalty = penalties.plugin_inst.late_submission_penalty(
            about["student"], notebook.score, late
        )
        if penalty is not None:
            notebook.late_submission_penalty = penalties._check_late_penalty(notebook, penalty)
