"""What `convdims rehearse` prints: the wrong answers that would score points."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table

from autograder.rehearsal.running import Played, rehearse


def report(notebook: Path, console: Console, *, every: bool = False) -> bool:
    """Rehearse a unit and print who was let through; whether nobody was.

    Errors: those of `rehearse`.
    """
    played = rehearse(notebook)
    table = Table(title=f"{notebook.stem}: simulated students", title_justify="left")
    for heading in ("exercise", "misconceptions", "points", ""):
        table.add_column(heading)
    for exercise, group in groupby(played, key=lambda one: one.exercise):
        for one in group:
            if every or one.is_fault or (one.misconceptions and one.let_through):
                points = f"{one.earned:g} of {one.points:g}"
                table.add_row(exercise, " + ".join(one.misconceptions), points, _note(one))
    if table.row_count:
        console.print(table)
    faults = sum(one.is_fault for one in played if one.misconceptions)
    console.print(_summary(played, faults), highlight=False, soft_wrap=True)
    return not any(one.is_fault for one in played)


def _note(one: Played) -> str:
    if not one.misconceptions:
        return "the solution does not earn its points" if one.is_fault else "the solution"
    if one.earned > one.fair:
        return f"wrong answers score: {one.fair:g} would be fair"
    if one.is_fault:
        return "let through: choose other numbers, or name the coincidence"
    return "a coincidence that the exercise names" if one.let_through else ""


def _summary(played: Sequence[Played], faults: int) -> str:
    exercises = len({one.exercise for one in played})
    students = sum(1 for one in played if one.misconceptions)
    wrong = any(one.is_fault and not one.misconceptions for one in played)
    who = {0: "none was let through", 1: "1 was let through"}
    return (
        f"{students} simulated students in {exercises} exercise{'s' * (exercises != 1)}: "
        f"{who.get(faults, f'{faults} were let through')}."
        + (" A solution does not earn its points." if wrong else "")
    )
