"""How far a student has come: what the notebooks on the disk say of themselves."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.errors import CourseError
from course.html_table import html_table


@dataclass(frozen=True)
class UnitProgress:
    """One unit as it was last saved: its tests, those passed, and the answers noted for later."""

    unit: str
    tests: int
    """Test cells that say at once whether an answer is right."""
    passed: int
    later: int
    """Test cells that judge when the unit is graded."""
    noted: int
    problem: str = ""
    """Why the notebook could not be read; empty where it could."""


@dataclass(frozen=True)
class Progress:
    """All units of a folder; shown in a notebook as a table.

    >>> Progress((UnitProgress("03-padding", tests=5, passed=2, later=5, noted=1),))
    03-padding              2 of 5 right  1 of 5 noted
    """

    units: tuple[UnitProgress, ...]

    def __repr__(self) -> str:
        return "\n".join("  ".join((f"{row.unit:22}", *_said(row))).rstrip() for row in self.units)

    def _repr_html_(self) -> str:
        cells = [(row.unit, *_said(row)) for row in self.units]
        return html_table(("Unit", "Tests", "For grading"), cells, align="left")


def progress(folder: Path | None = None) -> Progress:
    """The progress over the units in a folder, the notebook's own if none is given.

    It is read from the outputs in the notebooks as they were last saved, and nothing is kept
    elsewhere: a unit counts as it would look if it were opened now.

    Errors: CourseError where there is no unit.
    """
    here = folder or Path.cwd()
    found = sorted(here.glob("[0-9][0-9]-*/"))
    paths = [unit / f"{unit.name}.ipynb" for unit in found]
    paths = [path for path in paths if path.is_file()]
    if not paths:
        raise CourseError(
            f"{here} holds no unit", "open the start page in the folder of the units", "progress"
        )
    return Progress(tuple(map(_read, paths)))


def _read(path: Path) -> UnitProgress:
    import nbformat

    try:
        cells = nbformat.read(path, as_version=4).cells
        graded = [
            cell
            for cell in cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
        ]
        later = [cell for cell in graded if "attempted(" in cell.source]
        tests = [cell for cell in graded if cell not in later]
        passed, noted = sum(map(_is_passed, tests)), sum(map(_is_passed, later))
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        # What nbformat raises for a file that is no notebook; the other units go on.
        return UnitProgress(path.stem, 0, 0, 0, 0, "cannot be read: this file is no notebook")
    return UnitProgress(path.stem, len(tests), passed, len(later), noted)


def _is_passed(cell: Any) -> bool:
    """Whether a cell was run to its end."""
    return bool(cell.execution_count) and all(
        output.output_type != "error" for output in cell.outputs
    )


def _said(row: UnitProgress) -> tuple[str, str]:
    if row.problem:
        return row.problem, ""
    return f"{row.passed} of {row.tests} right", f"{row.noted} of {row.later} noted"
