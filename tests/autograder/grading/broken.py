"""A class whose answers are right, and whose notebooks are not as they were handed out.

Each has one thing wrong with the file, its cells or what lies beside it. `missed` and `note` are
what a fair teacher gives and says.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest

from tests.autograder.grading.classroom import (
    TESTS,
    UNIT,
    Handing,
    Student,
    cell_of,
)

Change = Callable[[Handing], None]


@dataclass(frozen=True)
class Broken(Student):
    """A student whose notebook is put right. `note` is searched for in what is said about it; with
    "" nothing has to be said, and with None nothing may be.
    """

    note: str | None = ""


def code(text: str, **metadata: Any) -> Any:
    """A code cell, without an id."""
    return nbformat.NotebookNode(
        cell_type="code",
        source=text,
        metadata=metadata,
        outputs=[],
        execution_count=None,
    )


def place(h: Handing, name: str) -> int:
    """Where a cell stands."""
    return next(n for n, cell in enumerate(h.notebook.cells) if cell.get("id") == name)


def beside(h: Handing, name: str, text: str, *, after: int = 1) -> None:
    """Put a code cell of the student's own beside another: below, or above with after=0."""
    h.notebook.cells.insert(place(h, name) + after, code(text))


def drop(h: Handing, *names: str) -> None:
    """Delete cells."""
    h.notebook.cells = [cell for cell in h.notebook.cells if cell.get("id") not in names]


def copied(h: Handing, name: str, text: str, *, after: int = 1, **changed: Any) -> None:
    """Paste a copy of a cell, its metadata included, beside it, with another text."""
    cell = nbformat.from_dict(cell_of(h.notebook, name))
    cell.update({"id": f"copy-of-{name}", "source": text, **changed})
    h.notebook.cells.insert(place(h, name) + after, cell)


def stub(h: Handing, name: str) -> str:
    """An answer cell's text as it was handed out."""
    folder = h.course / "release" / UNIT / f"{UNIT}.ipynb"
    return str(cell_of(nbformat.read(folder, as_version=4), name).source)


def text_of(h: Handing, name: str) -> str:
    """A cell's text."""
    return str(cell_of(h.notebook, name).source)


def each(change: Callable[[Any], Any]) -> Change:
    """The same thing done to every cell."""

    def do(h: Handing) -> None:
        for cell in h.notebook.cells:
            change(cell)

    return do


def stripped(h: Handing) -> None:
    """All metadata and ids gone, as after a trip through another program."""
    for cell in h.notebook.cells:
        cell.metadata = {}
        cell.pop("id", None)
    h.notebook.nbformat_minor = 0


def then(*changes: Change) -> Change:
    """One change after another."""

    def do(h: Handing) -> None:
        for change in changes:
            change(h)

    return do


def written(how: Callable[[str], bytes]) -> Change:
    """The notebook's JSON, with letters as they are, written by `how`."""

    def do(h: Handing) -> None:
        h.write = False
        h.file.write_bytes(how(json.dumps(h.notebook, ensure_ascii=False, indent=1)))

    return do


def raw(data: bytes) -> Change:
    """Something else in the notebook's place."""
    return written(lambda text: data)


def named(*parts: str) -> Change:
    """The notebook in another place, as seen from the submission's folder."""

    def do(h: Handing) -> None:
        h.write = False
        path = h.folder.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(h.notebook), encoding="utf-8")

    return do


def also(name: str, data: str | bytes) -> Change:
    """A file beside the notebook."""

    def do(h: Handing) -> None:
        path = h.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    return do


def own(name: str, text: str, *, after: int = 1) -> Change:
    """A code cell of the student's own beside another."""
    return lambda h: beside(h, name, text, after=after)


def answered(name: str, text: str) -> Change:
    """Another text in an answer cell."""
    return lambda h: h.answer(name, text)


def pasted(name: str, *texts: str | None, after: int = 1, **changed: Any) -> Change:
    """Copies of an answer cell; None is the text that it was handed out with."""

    def do(h: Handing) -> None:
        for text in texts:
            copied(h, name, stub(h, name) if text is None else text, after=after, **changed)

    return do


def below_the_stub(h: Handing) -> None:
    text = text_of(h, "ex1-answer")
    h.answer("ex1-answer", stub(h, "ex1-answer"))
    beside(h, "ex1-answer", text)


def split(name: str, line: int) -> Change:
    """Split a cell before a line; both halves keep the metadata."""

    def do(h: Handing) -> None:
        lines = text_of(h, name).splitlines()
        h.answer(name, "\n".join(lines[:line]))
        copied(h, name, "\n".join(lines[line:]))

    return do


def merged(*names: str) -> Change:
    """Join cells to one with the first one's metadata."""

    def do(h: Handing) -> None:
        text = "\n\n".join(text_of(h, name) for name in names)
        drop(h, *names[1:])
        h.answer(names[0], text)

    return do


def moved(name: str, to: str) -> Change:
    """A cell and its tests moved above another."""

    def do(h: Handing) -> None:
        gone = [c for c in h.notebook.cells if str(c.get("id")).startswith(name)]
        drop(h, *(c["id"] for c in gone))
        start = place(h, to)
        h.notebook.cells[start:start] = gone

    return do


def reordered(order: Callable[[list[Any]], list[Any]]) -> Change:
    def do(h: Handing) -> None:
        h.notebook.cells = order(h.notebook.cells)

    return do


def retyped(kind: str, *names: str) -> Change:
    def do(h: Handing) -> None:
        for name in names:
            cell_of(h.notebook, name).cell_type = kind

    return do


def set_in_notebook(**values: Any) -> Change:
    return lambda h: h.notebook.update(values)


def older_release(h: Handing) -> None:
    """Tests of another form and other points, an exercise that is gone, and one not there yet."""
    marks = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "points": 40}
    beside(h, "ex1-answer", "padding = 'same'", after=0)
    old = code("assert padding == 'same'", nbgrader=marks | {"grade_id": "ex0-test"})
    h.notebook.cells.insert(place(h, "ex1-answer"), old)
    for name in TESTS:
        cell = cell_of(h.notebook, name)
        cell.source, cell.metadata.nbgrader["points"] = "assert False, 'the older test'", 7
    drop(h, "ex5-answer", "ex5-test")


def other_names(h: Handing) -> None:
    """A release whose cells had other names."""
    for cell in h.notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader["grade_id"] = cell.id = f"old-{cell.id}"


def worksheets(h: Handing) -> None:
    """A notebook of format 3, as very old programs write it."""
    old = nbformat.convert(nbformat.from_dict(h.notebook), 3)
    written(lambda text: json.dumps(old).encode())(h)


def heavy(megabytes: int) -> Change:
    output = {
        "output_type": "stream",
        "name": "stdout",
        "text": "0123456789" * (megabytes * 100_000),
    }
    return lambda h: cell_of(h.notebook, "first").update(outputs=[output])


def fifo(*names: str) -> Change:
    def do(h: Handing) -> None:
        h.write = f"{UNIT}.ipynb" not in names
        for name in names:
            os.mkfifo(h.folder / name)

    return do


def linked(name: str, to: str, *, instead: bool = False) -> Change:
    def do(h: Handing) -> None:
        h.write = not instead
        (h.folder / name).symlink_to(to)

    return do


def thousands(h: Handing) -> None:
    for number in range(3_000):
        (h.folder / f"data-{number}.csv").write_text("1,2,3")


def inside_a_folder(h: Handing) -> None:
    """A folder that is called like the notebook, as some programs unpack it."""
    named(f"{UNIT}.ipynb", f"{UNIT}.ipynb")(h)


def beside_the_unit(name: str) -> Change:
    """No folder of the unit's name: the notebook lies one higher."""

    def do(h: Handing) -> None:
        named(os.pardir, *name.split("/"))(h)
        h.folder.rmdir()

    return do


def conflict(text: str) -> bytes:
    """Both sides of a merge that nobody resolved, in the cell before the first answer."""
    line = '"id": "train"'
    assert line in text
    return text.replace(line, f"\n<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> mine\n").encode()


def cut(text: str) -> bytes:
    """The file as far as the beginning of the fifth exercise."""
    return text[: text.index("ex5-answer")].encode()


def known(students: Iterable[Broken]) -> list[Any]:
    """Students as pytest's parameters, by their names."""
    return [pytest.param(one, id=one.name) for one in students]


def by_name(students: Iterable[Broken], names: str) -> list[Broken]:
    """Those of the students, in this order."""
    found = {one.name: one for one in students}
    return [found[name] for name in names.split()]


def lost_from(first: str, to: str = "ex9") -> frozenset[str]:
    """The tests of an exercise and of all that come after it."""
    return frozenset(name for name in TESTS if first <= name[:3] <= to)
