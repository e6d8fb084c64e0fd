"""Submissions taken in before nbgrader looks at them.

nbgrader copies what lies beside a notebook, reads its time stamp and believes its metadata. So it
is shown a folder of notebooks put together anew, and never the students' own. It offers one
place, in its configuration, where that can be done before it begins: the exporter of
`nbgrader autograde`, which is made with the converter that is about to run.
"""

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Iterator
from copy import copy, deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import nbformat
from dateutil.parser import isoparse
from dateutil.tz import gettz
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters.base import NbGraderException

from autograder.grading.intake import put_together
from autograder.grading.reading import HandedIn, NoNotebook, read_notebook
from autograder.grading.receipts import sha256
from autograder.kernels.provisioner import SandboxProvisioner, refuse
from autograder.kernels.sandbox import why_not
from autograder.kernels.small_files import MOST_LOOKED_AT, files_below, regular

STAMP = "timestamp.txt"
LONGEST_STAMP = 100
STAMPED = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d(?:\.\d{1,6})?)"
    r"(?: ?(?P<offset>[+-]\d\d:?\d\d|Z)| (?P<zone>[A-Za-z_]+(?:/[A-Za-z_+0-9-]+)*))?"
)
MOST_NOTEBOOKS, MOST_DEEP = 5, 5


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
        staged = tempfile.mkdtemp(prefix="convdims-submitted-")
        weakref.finalize(self, shutil.rmtree, staged, ignore_errors=True)
        self._take_in(converter, Path(staged))

    def _take_in(self, converter: Any, staged: Path) -> None:
        """Stage every submission that the converter was to read, and have it read these."""
        courses = converter.coursedir
        unit = courses.assignment_id
        released = dict(_released(converter))
        for student, folder in _folders(converter):
            home = staged / student / unit
            home.mkdir(parents=True)
            notes = _copy_stamp(folder, home)
            for name, notebook in released.items():
                try:
                    made, about = _taken(folder, name, notebook, notes)
                except Exception as error:  # whatever it is, the others are graded
                    converter.log.error(
                        "%s: %s could not be taken in", student, name, exc_info=True
                    )
                    made, about = _refused(folder, notebook, f"{type(error).__name__}")
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


def _copy_stamp(folder: Path, home: Path) -> list[str]:
    """Keep the time of handing in, in nbgrader's form; what has to be said if it is none."""
    file = folder / STAMP
    if _is_linked(folder) or not os.path.lexists(file):
        return []
    stamp = time_of((regular(file, LONGEST_STAMP) or b"").decode(errors="replace"))
    if stamp is None:
        return [f"The time of handing in could not be read from {STAMP}; it counts as not known."]
    (home / STAMP).write_text(f"{stamp:%Y-%m-%d %H:%M:%S.%f} UTC\n")
    return []


def time_of(stamp: str) -> datetime | None:
    """The time that a stamp tells, in UTC; None for what is no stamp of nbgrader's.

    >>> print(time_of("2026-01-01 10:00:00.25 Asia/Tokyo"), time_of("noon"))
    2026-01-01 01:00:00.250000 None
    """
    found = STAMPED.fullmatch(stamp.strip())
    if found is None:
        return None
    try:
        told = isoparse(f"{found['day']}T{found['time']}{found['offset'] or ''}")
    except ValueError:
        return None
    if told.tzinfo is None:
        zone = gettz(found["zone"] or "UTC")
        if zone is None:
            return None
        told = told.replace(tzinfo=zone)
    moment: datetime = told.astimezone(UTC).replace(tzinfo=None)
    return moment


def _is_linked(folder: Path) -> bool:
    """Whether a student's folder is not where it seems to be."""
    return folder.is_symlink() or folder.parent.is_symlink()


def _stray(folder: Path, name: str) -> list[Path]:
    """Files below a folder that may be the notebook under another name or in another place."""
    if folder.is_symlink() or not folder.is_dir():
        return []
    found = files_below(folder, MOST_DEEP)
    # Not another unit's, whose name goes on: 07-conv-dims-2.ipynb is no 07-conv-dims.
    called = re.compile(rf"{re.escape(name)}(?![\w-])" if name else "", re.IGNORECASE)
    return [
        path
        for path in sorted(islice(found, MOST_LOOKED_AT))
        if called.match(path.name)
        and (".ipynb" in path.name.casefold() or (name and path.suffix == ".json"))
        and ".ipynb_checkpoints" not in path.parts
    ]


def _taken(folder: Path, name: str, released: Any, known: list[str]) -> tuple[Any, TakenIn]:
    """A submission's notebook put together anew, and what has to be said about it."""
    handed_in, file, raw, notes = _read(folder, name)
    notebook, said = put_together(released, handed_in) if raw else (deepcopy(released), [])
    notebook, plain = _with_notes(notebook, [*known, *notes, *said])
    return notebook, TakenIn(folder, file, sha256(raw), tuple(plain))


def _refused(folder: Path, released: Any, reason: str) -> tuple[Any, TakenIn]:
    """The released notebook in the place of one that could not be taken in."""
    notes = [f"What was handed in could not be taken in ({reason}); your instructor looks at it."]
    notebook, _ = _with_notes(deepcopy(released), notes)
    return notebook, TakenIn(folder, "", sha256(b""), tuple(notes))


def _with_notes(notebook: Any, notes: list[str]) -> tuple[Any, list[str]]:
    """The notebook with its whole tests, and with what has to be said."""
    for cell in notebook.cells:
        whole = cell.metadata.pop("convdims", {}).get("whole")
        cell.source = whole if whole is not None else cell.source
    plain = [note.encode("utf-8", "replace").decode() for note in notes]
    notebook.metadata["convdims"] = {"notes": plain}
    return notebook, plain


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
            notes.append(f"{path.name} was not read: {error}.")
            continue
        if path != named:
            notes.append(f"The notebook was taken from {path.name}; it should be {named.name}.")
        unread = [other.name for other in others if other != path and other.parent == folder]
        if unread:
            notes.append(f"Other notebooks beside it do not count: {', '.join(unread[:9])}.")
        return cells, os.path.relpath(path, folder), raw, [*notes, *([note] if note else [])]
    return [], "", b"", notes or ["There was no notebook."]


def _likely(folder: Path, name: str) -> list[Path]:
    """Where the notebook may be: under any name in its folder, under its own beside it."""
    found = [*_stray(folder, ""), *_stray(folder, name), *_stray(folder.parent, name)]
    return list(dict.fromkeys(found))[:MOST_NOTEBOOKS]
