"""Files that nobody vouches for, read: in every encoding and version, cut off, or no notebook.

Nothing here runs nbgrader; test_broken.py has the same files graded by it.
"""

import json
import re
from pathlib import Path

import pytest

from autograder.grading.intake import put_together
from autograder.grading.reading import HandedIn, NoNotebook, cells_of, read_notebook
from tests.autograder.grading.broken import (
    Broken,
    also,
    beside_the_unit,
    conflict,
    cut,
    fifo,
    inside_a_folder,
    known,
    linked,
    named,
    own,
    raw,
    set_in_notebook,
    stripped,
    stub,
    then,
    worksheets,
    written,
)
from tests.autograder.grading.classroom import NONE_RIGHT, UNIT
from tests.autograder.grading.test_intake import earned, handed_in, released

# A row each: what the formatter would make of them is four times as long.
# fmt: off
READABLE = (
    Broken("utf16", "UTF-16", written(lambda t: t.encode("utf-16"))),
    Broken("utf16_bare", "UTF-16 without a mark", written(lambda t: t.encode("utf-16-be"))),
    Broken("utf32", "UTF-32", written(lambda t: t.encode("utf-32"))),
    Broken("bom", "a byte order mark", written(lambda t: t.encode("utf-8-sig"))),
    Broken("cp1252", "an old encoding", then(
        own("first", "café = 'Größe €'"), written(lambda t: t.encode("cp1252")))),
    Broken("latin1", "no encoding at all", then(
        own("first", "café = '\x81'"), written(lambda t: t.encode("latin-1")))),
    Broken("crlf", "CRLF", written(lambda t: t.replace("\n", "\r\n").encode())),
    Broken("nan", "NaN in JSON", set_in_notebook(metadata={"x": float("nan")})),
    Broken("surrogate", "half a letter", own("first", "half = '\ud83d'")),
    Broken("tabs", "a tab within a JSON string",
           written(lambda t: t.replace("scale = 2", "scale =\t2").encode())),
    Broken("trailing", "something behind the end", written(lambda t: f"{t}\n}}\x00x".encode())),
    Broken("zeros", "zeros behind the end", written(lambda t: t.encode() + bytes(512))),
    Broken("cut", "cut off", written(cut), frozenset({"ex5-test"}), "cut off"),
    Broken("conflict", "a merge that was not resolved", written(conflict), note="damaged"),
    Broken("worksheets", "format 3", worksheets),
    Broken("worksheets_bare", "format 3, no metadata", then(stripped, worksheets),
           note="ex1-answer"),
)
LOST = (
    Broken("empty", "an empty file", raw(b""), NONE_RIGHT, "is empty"),
    Broken("blank", "a file of zeros", raw(bytes(1000)), NONE_RIGHT, "is empty"),
    Broken("no_json", "a picture", raw(b"\x89PNG" + bytes(range(256))), NONE_RIGHT, "no cells"),
    Broken("page", "a page saved", raw(b"<!DOCTYPE html><html>"), NONE_RIGHT, "no cells"),
    Broken("number", "a number", raw(b"3"), NONE_RIGHT, "no cells"),
    Broken("null", "null", raw(b"null"), NONE_RIGHT, "no cells"),
    Broken("listed", "a list", raw(b"[]"), NONE_RIGHT, "no cells"),
    Broken("object", "no cells", raw(b"{}"), NONE_RIGHT, "no cells"),
    Broken("cells_of_junk", "cells of junk", raw(b'{"cells": {"a": 1}}'), NONE_RIGHT, "no cells"),
    Broken("nested_lists", "endless lists", raw(b'{"cells":' + b"[" * 99_999), NONE_RIGHT, "deep"),
    Broken("a_pipe", "a named pipe", fifo(f"{UNIT}.ipynb"), NONE_RIGHT, "no ordinary file"),
    Broken("a_link", "a link to nothing", linked(f"{UNIT}.ipynb", "x", instead=True), NONE_RIGHT,
           "link"),
    Broken("a_folder", "an empty folder of its name", then(
        raw(b""), lambda h: (h.file.unlink(), h.file.mkdir())), NONE_RIGHT,
           "no ordinary"),
    Broken("nothing", "an empty folder", lambda h: setattr(h, "write", False), NONE_RIGHT,
           "no notebook"),
)
ELSEWHERE = (
    Broken("fifos", "named pipes beside it", fifo("timestamp.txt", "data.csv")),
    Broken("stamp_words", "a time that is none", also("timestamp.txt", "noon"), note="time"),
    Broken("stamp_bytes", "the same, binary", also("timestamp.txt", bytes(range(256))),
           note="time"),
    Broken("stamp_zone", "another zone", also("timestamp.txt", "2026-01-01 10:00:00 Asia/Tokyo")),
    Broken("dangling", "a link to nothing beside it", linked("data.csv", "nothing")),
    Broken("shadows", "files that would shadow modules", then(
        also("numpy.py", "raise SystemExit"), also("course/__init__.py", "1 / 0"),
        also("json.py", "1 / 0"), also("sitecustomize.py", "1 / 0"))),
    Broken("copy_of_it", "called graded (1).ipynb", named("graded (1).ipynb"), note="taken from"),
    Broken("capital", "called Graded.ipynb", named("Graded.ipynb"), note="taken from"),
    Broken("upper", "called GRADED.IPYNB", named("GRADED.IPYNB"), note="taken from"),
    Broken("with_txt", "called graded.ipynb.txt", named("graded.ipynb.txt"), note="taken from"),
    Broken("with_json", "called graded.json", named("graded.json"), note="taken from"),
    Broken("nested", "in a folder of the folder", named("My Homework", "x", "graded.ipynb"),
           note="taken from"),
    Broken("deep", "four folders deep", named("a", "b", "c", "d", "graded.ipynb"),
           note="taken from"),
    Broken("in_folder", "a folder called graded.ipynb", inside_a_folder, note="taken from"),
    Broken("no_unit", "no folder for the unit", beside_the_unit("graded.ipynb"),
           note="taken from"),
    Broken("Unit", "a folder Graded", beside_the_unit("Graded/Graded.ipynb"), note="taken from"),
    Broken("two", "the answers beside an older copy", then(
        named("graded (2).ipynb"), lambda h: h.answer("ex1-answer", stub(h, "ex1-answer")),
        named("graded.ipynb")), frozenset({"ex1-test", "ex1-graded"}), r"graded \(2\)"),
    Broken("zoë o'hara 2", "a name with letters of all kinds", note=None),
)
# fmt: on


def written_to(student: Broken, course: Path) -> Path:
    """The student's file, in a course folder without nbgrader."""
    handing = handed_in(student, course)
    if handing.write:
        handing.file.write_text(json.dumps(handing.notebook), encoding="utf-8")
    return handing.file


@pytest.mark.parametrize("student", known(READABLE))
def test_every_file_with_cells_is_read(student: Broken, tmp_path: Path) -> None:
    file = written_to(student, tmp_path)
    cells, held, note = read_notebook(file)
    assert held == file.read_bytes()
    notebook, notes = put_together(released(), cells)
    assert earned(notebook, student.name) == NONE_RIGHT - student.missed
    assert re.search(student.note or "", "\n".join([note, *notes]))


@pytest.mark.parametrize(
    "student", [one for one in LOST if one.name != "nothing"], ids=lambda s: s.name
)
def test_a_file_without_cells_is_refused_with_the_reason(student: Broken, tmp_path: Path) -> None:
    with pytest.raises(NoNotebook, match=student.note or ""):
        read_notebook(written_to(student, tmp_path))


def test_a_large_file_is_read_in_another_process_to_the_same_cells(tmp_path: Path) -> None:
    small, large = tmp_path / "small.ipynb", tmp_path / "large.ipynb"
    notebook = released()
    small.write_text(json.dumps(notebook))
    output = {"output_type": "stream", "name": "stdout", "text": "é" * 5_000_000}
    notebook.cells[1].outputs = [output]
    large.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    assert read_notebook(large)[0] == read_notebook(small)[0]


def test_a_large_file_without_cells_is_refused_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "large.ipynb"
    file.write_bytes(b" " * 5_000_000)
    with pytest.raises(NoNotebook, match="is empty"):
        read_notebook(file)


def test_a_cell_is_what_it_says_or_text() -> None:
    written = [
        {"cell_type": "code", "source": ["a = 1\n", None, 3, "b = 2"], "id": 5},
        {"cell_type": "code", "input": "a", "metadata": {"nbgrader": {"grade_id": "x"}}},
        {"cell_type": ["code"], "source": None},
    ]
    cells, note = cells_of(json.dumps({"cells": written}).encode())
    assert note == ""
    assert cells == [
        HandedIn("code", "a = 1\nb = 2"),
        HandedIn("code", "a", grade_id="x"),
        HandedIn("markdown", ""),
    ]


@pytest.mark.parametrize("end", range(1, 40))
def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(end: int) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": f"a = {n}"} for n in range(9)]})
    whole = text[: len(text) * end // 40]
    try:
        cells, note = cells_of(whole.encode())
    except NoNotebook:
        assert whole.count("}") == 0
    else:
        assert [cell.source for cell in cells] == [f"a = {n}" for n in range(whole.count("}"))]
        assert str(len(cells)) in note
