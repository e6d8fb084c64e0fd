"""The demo: a unit released, a made-up class graded and answered, the grades printed."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from autograder.demo.students import CLASS, UNIT, MadeUpStudent, hand_in
from autograder.grading import nbgrader_api
from autograder.grading.class_grading import Row, rows
from autograder.grading.gradebook import Score, scores


@dataclass(frozen=True)
class DemoResult:
    """Where the demo wrote, and what came of each student."""

    folder: Path
    scores: dict[str, Score]
    rows: dict[str, Row]


def run_demo(course: Path, target: Path, console: Console) -> DemoResult:
    """Release the unit, make up a class, grade it, write feedback and grades, print the table.

    `course` is the course folder that is read; everything is written into a new folder in
    `target`. Errors: GradingError when a step fails that no student can be blamed for.
    """
    if UNIT not in nbgrader_api.units(course):
        raise nbgrader_api.GradingError(
            f"{course / 'source'} holds no {UNIT}", "run the demo on the course"
        )
    folder = _fresh_folder(target)
    shutil.copy(course / nbgrader_api.CONFIG, folder)
    shutil.copytree(course / "source" / UNIT, folder / "source" / UNIT)
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("releasing the unit", total=2 + 2 * len(CLASS))
        api = nbgrader_api.open_course(folder)
        _must(nbgrader_api.generate_release(api, UNIT), "releasing the unit")
        progress.update(task, advance=1, description="making up the class")
        _write_submissions(api, folder)
        progress.advance(task)
        failures: dict[str, str] = {}
        for student in CLASS:
            progress.update(task, description=f"grading {student.name}")
            outcome = nbgrader_api.autograde(api, UNIT, student.name)
            if not outcome.success:
                failures[student.name] = outcome.reason
            progress.advance(task)
        for student in CLASS:
            progress.update(task, description=f"feedback for {student.name}")
            if student.name not in failures:
                _must(nbgrader_api.write_feedback(api, UNIT, student.name), "writing feedback")
            progress.advance(task)
        progress.update(task, description="done")
    names = [student.name for student in CLASS]
    result = DemoResult(
        folder,
        scores(api, UNIT),
        {row.student: row for row in rows(api, folder, UNIT, names, failures)},
    )
    _write_grades(folder / "grades.csv", result)
    _print(result, console)
    return result


def _fresh_folder(target: Path) -> Path:
    """A new folder named after the time; a second demo within the second gets a number."""
    stamp = datetime.now().strftime("demo-%Y-%m-%d-%H%M%S")
    for number in range(1, 1000):
        folder = target / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise nbgrader_api.GradingError(
                f"cannot write into {target}: {error}", "choose another folder"
            ) from None
        return folder
    raise nbgrader_api.GradingError(f"{target} is full of demos of this second", "try again")


def _must(outcome: nbgrader_api.Outcome, step: str) -> None:
    if not outcome.success:
        raise nbgrader_api.GradingError(
            f"{step} failed: {outcome.reason}", f"the whole log:\n{outcome.log}"
        )


def _write_submissions(api: Any, folder: Path) -> None:
    due = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(days=7)
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment(UNIT, duedate=due)
    file = f"{UNIT}/{UNIT}.ipynb"
    solved = nbformat.read(folder / "source" / file, as_version=4)
    released = nbformat.read(folder / "release" / file, as_version=4)
    for student in CLASS:
        home = folder / "submitted" / student.name
        (home / UNIT).mkdir(parents=True)
        nbformat.write(hand_in(student, solved, released), home / file)
        handed_in = due - timedelta(hours=1) if not student.late else due + student.late
        (home / UNIT / "timestamp.txt").write_text(f"{handed_in} UTC\n")


def _write_grades(path: Path, result: DemoResult) -> None:
    import csv

    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "points", "max_points", "late_days", "note"])
        for student in CLASS:
            row = result.rows[student.name]
            note = "; ".join((*row.needs, *row.notes))
            days = round(_late_days(result, student), 2)
            points = "" if row.points is None else row.points
            writer.writerow([student.name, points, row.most, days, note])


def _late_days(result: DemoResult, student: MadeUpStudent) -> float:
    score = result.scores.get(student.name)
    return score.late_seconds / 86400 if score else 0.0


def _print(result: DemoResult, console: Console) -> None:
    table = Table(title=f"{UNIT}: grades", title_justify="left")
    table.add_column("student")
    table.add_column("points", justify="right")
    table.add_column("should be", justify="right")
    table.add_column("what was handed in")
    table.add_column("note")
    for student in CLASS:
        points, note = _points_and_note(result, student)
        table.add_row(student.name, points, f"{student.points:g}", student.story, note)
    console.print(table)
    console.print("Written:")
    for label, path in (
        ("release", f"release/{UNIT}"),
        ("submissions", "submitted"),
        ("graded notebooks", "autograded"),
        ("feedback", "feedback"),
        ("grades", "grades.csv"),
        ("gradebook", "gradebook.db"),
    ):
        console.print(f"  {label:<17} {result.folder / path}", soft_wrap=True, highlight=False)


def _points_and_note(result: DemoResult, student: MadeUpStudent) -> tuple[str, str]:
    row = result.rows[student.name]
    days = _late_days(result, student)
    said = [*([f"{days:.0f} days late"] if days else []), *row.needs, *row.notes]
    points = "-" if row.points is None else f"{row.points:g} / {row.most:g}"
    return points, "\n".join(said)
