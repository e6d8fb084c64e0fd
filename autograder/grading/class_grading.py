"""A whole class graded, and what of it needs a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from autograder.grading import nbgrader_api, receipts
from autograder.grading.gradebook import scores
from autograder.grading.running import KERNEL_ENDED
from autograder.grading.verifying import Verified


@dataclass(frozen=True)
class Row:
    """One graded submission: the points, what a person has to look at, and what was put right."""

    unit: str
    student: str
    points: float | None
    """None: not graded."""
    most: float = 0.0
    needs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def grade_class(
    folder: Path, units: Iterable[str], student: str, console: Console, *, needs_sandbox: bool
) -> list[Row]:
    """Grade what was handed in for these units, by one student or by all.

    Errors: GradingError for a unit that there is not, and where nothing was handed in.
    """
    api = nbgrader_api.open_course(folder)
    if not needs_sandbox:
        api.config.SandboxProvisioner.required = False
    known = nbgrader_api.units(folder)
    found: list[Row] = []
    for unit in units:
        if unit not in known:
            raise nbgrader_api.GradingError(
                f"{folder / 'source'} has no unit {unit}", f"the units are {', '.join(known)}"
            )
        students = [student] if student else nbgrader_api.handed_in(api, unit)
        if not students:
            raise nbgrader_api.GradingError(
                f"nobody has handed in {unit}", "collect first, or see what lies in submitted/"
            )
        failed = {}
        for name in students:
            with console.status(f"{unit}: {name}"):
                outcome = nbgrader_api.autograde(api, unit, name)
            if not outcome.success:
                failed[name] = outcome.reason
        found += rows(api, folder, unit, students, failed)
    return found


def rows(
    api: Any, folder: Path, unit: str, students: Iterable[str], failed: dict[str, str]
) -> Iterator[Row]:
    """What came of each of these students' submissions; `failed` are those that nbgrader gave up,
    with its reasons."""
    graded = scores(api, unit)
    for name in students:
        score = graded.get(name)
        if name in failed or score is None:
            yield Row(unit, name, None, needs=(failed.get(name, "not graded"),))
            continue
        needs: list[str] = []
        notes: list[str] = []
        for receipt in receipts.read_all(folder, name, unit):
            for note in receipt["notes"]:
                (needs if note.startswith(KERNEL_ENDED) else notes).append(note)
            if not receipt["sandboxed"]:
                needs.append("graded without a sandbox")
            for one in receipt["exercises"]:
                if one["conclusion"]["fault"]:
                    first = one["conclusion"]["fault"].splitlines()[0]
                    needs.append(f"{one['name']} was not judged: {first}")
        yield Row(unit, name, score.points, score.max_points, tuple(needs), tuple(notes))


def print_class(rows: list[Row], console: Console) -> bool:
    """Print what came of a class, and what needs a person; whether nothing does."""
    table = Table("unit", "student", "points")
    for row in rows:
        table.add_row(
            row.unit, row.student, "-" if row.points is None else f"{row.points:g} / {row.most:g}"
        )
    console.print(table)
    for title, lines in (
        ("Put right:", [(row, note) for row in rows for note in row.notes]),
        ("Needs a person:", [(row, need) for row in rows for need in row.needs]),
    ):
        if lines:
            console.print(title, style="bold")
        for row, line in lines:
            said = f"  {row.student} {row.unit}: {line}"
            console.print(said, markup=False, highlight=False, soft_wrap=True)
    waiting = [row for row in rows if row.needs]
    console.print(
        f"{len(rows)} submissions graded; {len(waiting) or 'none'} of them needing a person."
    )
    return not waiting


def print_verified(found: Iterable[Verified], console: Console) -> bool:
    """Print what came of looking at receipts again; whether all is as they say."""
    count = bad = 0
    for one in found:
        count += 1
        if one.differences:
            bad += 1
            console.print(f"{one.student} {one.unit}: {one.points:g} points", style="red")
            for difference in one.differences:
                console.print(f"    {difference}", markup=False, soft_wrap=True)
    if not count:
        console.print("There are no receipts in autograded/.")
        return False
    console.print(f"{count} receipts, {count - bad} of them as they say.")
    return not bad
