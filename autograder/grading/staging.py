"""Submissions taken in before nbgrader looks at them.

nbgrader copies what lies beside a notebook, reads its time stamp and believes its metadata. So it
is shown a folder of notebooks put together anew, and never the students' own. It offers one
place, in its configuration, where that can be done before it begins: the exporter of
`nbgrader autograde`, which is made with the converter that is about to run.
"""

import os
import tempfile
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import parse_utc

from autograder.grading.intake import put_together
from autograder.grading.reading import HandedIn, NoNotebook, read_notebook
from autograder.grading.receipts import sha256
from autograder.kernels.provisioner import SandboxProvisioner, refuse
from autograder.kernels.sandbox import why_not
from autograder.kernels.small_files import MOST_LOOKED_AT, regular

STAMP = "timestamp.txt"
LONGEST_STAMP = 100
MOST_NOTEBOOKS = 50


@dataclass(frozen=True)
class TakenIn:
    """A notebook that was taken in: the folder that a submission is looked for in, the file that
    it was found in, as seen from there, and its hash."""

    folder: Path
    file: str
    sha256: str
    notes: tuple[str, ...]


class StagedExporter(NotebookExporter):
    """nbconvert's exporter to notebooks, which first takes in all that its converter is to grade.

    Errors: NbGraderException where the unit was never released, and where there has to be a
    sandbox and is none.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.taken_in: dict[tuple[str, str], TakenIn] = {}
        converter = self.parent
        if SandboxProvisioner(config=self.config).required and why_not():
            _stop(converter, str(refuse(why_not())))
        self._staged = tempfile.TemporaryDirectory(prefix="convdims-submitted-")
        self._take_in(converter, Path(self._staged.name))

    def _take_in(self, converter: Any, staged: Path) -> None:
        """Stage every submission that the converter was to read, and have it read these."""
        courses = converter.coursedir
        unit = courses.assignment_id
        released = dict(_released(converter))
        for student, folder in _folders(converter):
            home = staged / student / unit
            home.mkdir(parents=True)
            _copy_stamp(folder, home)
            for name, notebook in released.items():
                made, about = _taken(folder, name, notebook)
                self.taken_in[student, name] = about
                nbformat.write(made, home / f"{name}.ipynb")
        converter.coursedir = copy(courses)
        converter.coursedir.submitted_directory = str(staged)
        converter.init_notebooks()


def _stop(converter: Any, said: str) -> None:
    converter.log.error(said)
    raise NbGraderException(said)


def _released(converter: Any) -> Iterator[tuple[str, Any]]:
    """The unit's notebooks as they were released, with the whole tests of the gradebook."""
    courses, unit = converter.coursedir, converter.coursedir.assignment_id
    again = f"run `nbgrader generate_assignment {unit}` first"
    folder = Path(courses.format_path(courses.release_directory, ".", unit))
    with Gradebook(courses.db_url, courses.course_id) as gradebook:
        try:
            names = [notebook.name for notebook in gradebook.find_assignment(unit).notebooks]
        except MissingEntry:
            _stop(converter, f"the gradebook knows no unit {unit}; {again}")
        for name in names:
            try:
                notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
                _put_whole_tests(notebook, gradebook, name, unit)
            except (OSError, ValueError, MissingEntry) as error:
                _stop(converter, f"release/{unit} and the gradebook differ ({error}); {again}")
            yield name, notebook


def _put_whole_tests(notebook: Any, gradebook: Gradebook, name: str, unit: str) -> None:
    """Note beside each fixed cell what nbgrader keeps of it: hidden tests, schemes, points."""
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader")
        if not marks:
            continue
        kept = gradebook.find_source_cell(marks["grade_id"], name, unit)
        marks["checksum"] = kept.checksum
        if marks.get("locked"):
            cell.metadata["convdims"] = {"whole": kept.source}
        if marks.get("grade"):
            marks["points"] = gradebook.find_graded_cell(marks["grade_id"], name, unit).max_score


def _folders(converter: Any) -> Iterator[tuple[str, Path]]:
    """Each student who handed something in, with the folder that it lies in."""
    courses = converter.coursedir
    unit, step = courses.assignment_id, courses.submitted_directory
    left_out = courses.student_id_exclude.split(",")
    for home in sorted(Path(courses.root, step).glob(courses.student_id)):
        folder = Path(courses.format_path(step, home.name, unit))
        if home.name not in left_out and (os.path.lexists(folder) or _stray(home, unit)):
            yield home.name, folder


def _copy_stamp(folder: Path, home: Path) -> None:
    """Keep the time of handing in, if it is one."""
    raw = None if _is_linked(folder) else regular(folder / STAMP, LONGEST_STAMP)
    try:
        stamp = (raw or b"").decode().strip()
        if parse_utc(stamp or None):
            (home / STAMP).write_text(f"{stamp}\n")
    except (ValueError, OverflowError):
        return


def _is_linked(folder: Path) -> bool:
    """Whether a student's folder is not where it seems to be."""
    return folder.is_symlink() or folder.parent.is_symlink()


def _stray(folder: Path, name: str) -> list[Path]:
    """Files below a folder that may be the notebook under another name or in another place."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    found = (path for depth in ("*", "*/*", "*/*/*") for path in folder.glob(depth))
    likely = [path for path in islice(found, MOST_LOOKED_AT) if name in path.name]
    return [path for path in likely if ".ipynb" in path.name.lower()]


def _taken(folder: Path, name: str, released: Any) -> tuple[Any, TakenIn]:
    """A submission's notebook put together anew, and what has to be said about it."""
    handed_in, file, raw, notes = _read(folder, name)
    notebook, said = put_together(released, handed_in) if raw else (deepcopy(released), [])
    for cell in notebook.cells:
        whole = cell.metadata.pop("convdims", {}).get("whole")
        cell.source = whole if whole is not None else cell.source
    notes = [*notes, *said]
    notebook.metadata["convdims"] = {"notes": notes}
    return notebook, TakenIn(folder, file, sha256(raw), tuple(notes))


def _read(folder: Path, name: str) -> tuple[list[HandedIn], str, bytes, list[str]]:
    """The cells that were handed in, their file, what it holds, and what has to be said."""
    if _is_linked(folder):
        return [], "", b"", ["What was handed in is a symbolic link, and was not read."]
    named = folder / f"{name}.ipynb"
    notes = []
    others = [path for path in _likely(folder, name) if path != named]
    for path in (named, *others):
        if not os.path.lexists(path):
            continue
        try:
            cells, raw, note = read_notebook(path)
        except NoNotebook as error:
            notes.append(f"{path.name} was not read: {error.problem}.")
            continue
        if path != named:
            notes.append(f"The notebook was taken from {path.name}; it should be {named.name}.")
        return cells, os.path.relpath(path, folder), raw, [*notes, *([note] if note else [])]
    return [], "", b"", notes or ["There was no notebook."]


def _likely(folder: Path, name: str) -> list[Path]:
    """Where the notebook may be: under any name in its folder, under its own beside it."""
    inside = _stray(folder, "")
    beside = _stray(folder.parent, name)
    return list(dict.fromkeys(inside + beside))[:MOST_NOTEBOOKS]
