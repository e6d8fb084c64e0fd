"""Notebooks put together anew: what was right in what was handed in stays right.

No kernel and no nbgrader: the cells are run here, and each test looks at the names that it is
about. test_broken.py has the same class graded by nbgrader.
"""

import json
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

import autograder
from autograder.grading.intake import put_together
from autograder.grading.reading import HandedIn, cells_of
from tests.autograder.grading.broken import (
    Broken,
    answered,
    below_the_stub,
    code,
    copied,
    drop,
    each,
    known,
    merged,
    moved,
    older_release,
    other_names,
    own,
    pasted,
    reordered,
    retyped,
    set_in_notebook,
    split,
    stripped,
    stub,
    text_of,
    then,
)
from tests.autograder.grading.classroom import (
    ANSWERS,
    NONE_RIGHT,
    TESTS,
    UNIT,
    Handing,
    own_numbers,
    solved,
    source,
)

COUNTS = "def count(f, k, d):\n    return f * (k * math.prod((k, d)) + 1)"
PLAY = "width = 5\nparams = 5"
TUPLE = "width, params, width_b = 64, 896, 47"
OWN = "# mine: kept as I wrote it"


def swallowed_answer(h: Handing) -> None:
    """The answer stands above the test, in the test's cell."""
    h.answer("ex1-test", f"{text_of(h, 'ex1-answer')}\n\n{text_of(h, 'ex1-test')}")
    drop(h, "ex1-answer")


def two_in_one(h: Handing) -> None:
    """Two exercises in the first one's cell."""
    h.answer("ex1-answer", f"{text_of(h, 'ex1-answer')}\n\n{text_of(h, 'ex2-answer')}")
    drop(h, "ex2-answer")


# A row each: what the formatter would make of them is four times as long.
# fmt: off
CELLS = (
    Broken("untouched", "as it should be", note=None),
    Broken("stub_below", "pasted, the stub last", pasted("ex1-answer", None), note="ex1-answer"),
    Broken("stub_above", "pasted, the stub first", pasted("ex2-answer", None, after=0)),
    Broken("attempts", "two attempts", pasted("ex1-answer", "width = 1", after=0), note="last"),
    Broken("three", "copied twice", pasted("ex3-answer", None, None), note="ex3-answer"),
    Broken("below_the_stub", "the answer below the stub", below_the_stub),
    Broken("old_attempt_raw", "an old attempt put aside as raw text below",
           pasted("ex1-answer", "width, params = 1, 1", cell_type="raw")),
    Broken("copy_to_play", "a copy of the cell far below, to play with",
           lambda h: copied(h, "ex1-answer", PLAY, after=12)),
    Broken("test_copy", "works in a copy of a test cell", then(
        lambda h: copied(h, "ex1-test", f"import math\n\n\n{COUNTS}", after=2),
        answered("ex2-answer", "conv_params = lambda filters, kernel_size, depth:"
                 " count(filters, kernel_size, depth)"))),
    Broken("split_between", "split between two answers", split("ex1-answer", 3)),
    Broken("split_inside", "split in a function", split("ex2-answer", 1), note="ex2-answer"),
    Broken("with_test", "answer and test in one", merged("ex1-answer", "ex1-test"),
           note="ex1-test"),
    Broken("swallowed", "the answer in the test's cell", swallowed_answer, note="ex1-answer"),
    Broken("with_code", "joined with the cell above", merged("train", "ex1-answer")),
    Broken("with_text", "joined with the Markdown above", merged("text", "ex1-answer"),
           frozenset({"ex1-test", "ex1-graded"}), "ex1-answer"),
    Broken("two_in_one", "two exercises in one cell", two_in_one),
    Broken("stripped", "no metadata and no ids", stripped, note="ex1-answer"),
    Broken("stripped_tuple", "the same, answers in one line", then(
        answered("ex1-answer", TUPLE), stripped)),
    Broken("stripped_play", "the same, and plays with the names later", then(
        own("ex2-test", PLAY), stripped)),
    Broken("own_tuple", "deleted the cell, wrote another", then(
        own("ex1-answer", TUPLE), lambda h: drop(h, "ex1-answer"))),
    Broken("new_ids", "other ids", each(lambda c: c.update(id=f"new-{c.id}")), note=None),
    Broken("one_id", "one id for all", each(lambda c: c.update(id="x")), note=None),
    Broken("no_ids", "no ids", each(lambda c: c.pop("id")), note=None),
    Broken("id_numbers", "ids of another type", each(lambda c: c.update(id=7)), note=None),
    Broken("no_marks", "nbgrader's marks gone", each(lambda c: c.update(metadata={})), note=None),
    Broken("null_marks", "null for metadata", each(lambda c: c.update(metadata=None)), note=None),
    Broken("junk_marks", "marks of another type", each(
        lambda c: c.update(metadata={"nbgrader": [1]})), note=None),
    Broken("lines", "source as lists", note=None, change=each(
        lambda c: c.update(source=c.source.splitlines(keepends=True)))),
    Broken("windows_lines", "Windows ends of lines", note=None, change=each(
        lambda c: c.update(source=c.source.replace("\n", "\r\n")))),
    Broken("spaces", "spaces at all ends", note=None, change=each(
        lambda c: c.update(source=f"\n{c.source}  \n\n"))),
    Broken("junk_cells", "cells of unknown types", lambda h: h.notebook.cells.extend(
        [{"cell_type": "heading", "level": 1, "source": "x"}, {"cell_type": 3}, {}, None, [7]])),
    Broken("more_keys", "keys that no notebook has", set_in_notebook(author="me", version=[1])),
    Broken("no_format", "no format", lambda h: h.notebook.pop("nbformat")),
    Broken("junk_format", "metadata of another type", set_in_notebook(metadata=7, nbformat="x")),
    Broken("no_kernel", "a kernel that nobody has", set_in_notebook(
        metadata={"kernelspec": {"name": "fortran", "language": "fortran", "display_name": "F"}})),
    Broken("as_text", "answers as Markdown", retyped("markdown", *ANSWERS), note="ex5-answer"),
    Broken("as_raw", "answers as raw text", retyped("raw", *ANSWERS), note="ex5-answer"),
    Broken("tests_as_text", "tests as Markdown", retyped("markdown", *TESTS)),
    Broken("no_tests", "tests deleted", lambda h: drop(h, *TESTS), note="ex4-graded"),
    Broken("edited", "tests edited", lambda h: [h.answer(t, "1 / 0") for t in TESTS],
           note="ex4-graded"),
    Broken("tests_on_top", "tests first", reordered(
        lambda cells: sorted(cells, key=lambda c: c["id"] not in TESTS))),
    Broken("reversed", "all cells reversed", reordered(lambda cells: cells[::-1])),
    Broken("out_of_order", "did the second exercise first, and uses it", then(
        moved("ex2", "ex1-answer"),
        answered("ex1-answer", "width, params, width_b = 64, conv_params(32, 3, 3), 47")),
           frozenset({"ex1-test", "ex1-graded"}), "another order"),
    Broken("no_answer", "an answer cell deleted", lambda h: drop(h, "ex3-answer"),
           frozenset({"ex3-test", "ex3-graded"}), "ex3-answer"),
    Broken("helpers", "own cells that answers need", then(
        own("ex1-graded", f"import math\n\n\n{COUNTS}\n{OWN}"),
        answered("ex2-answer", "conv_params = count")), note=None),
    Broken("imports", "edits the first cell", then(
        answered("first", "import math as m\nimport numpy as np"),
        answered("ex3-answer", "sums = np.cumsum([3, 4, 4])\nsums_b = [[m.sqrt(9), 3.5]]")),
        note=None),
    Broken("worked_in", "writes a helper into a test cell", then(
        lambda h: h.answer("ex1-test", f"import math\n\n{COUNTS}\n{text_of(h, 'ex1-test')}"),
        answered("ex2-answer", "conv_params = count")), note="ex1-test"),
    Broken("one_cell", "all code in one cell", merged(
        "first", "train", *sorted([*ANSWERS, *TESTS], key=lambda n: (n[:3], n not in ANSWERS))),
        note="ex5-answer"),
    Broken("copied_on", "writes the next answer in a copy of the one before", lambda h: (
        copied(h, "ex1-answer", text_of(h, "ex2-answer"), after=4),
        h.answer("ex2-answer", stub(h, "ex2-answer")))),
    Broken("twice", "everything pasted twice", lambda h: h.notebook.cells.extend(
        nbformat.from_dict(h.notebook).cells)),
    Broken("commented", "an attempt put aside in comments", pasted("ex1-answer", "# width = 1")),
    Broken("older", "an older release", older_release, frozenset({"ex5-test"}), "ex5-answer"),
    Broken("other_names", "a release with other names", other_names, note="ex1-answer"),
    Broken("many_cells", "thousands of cells", lambda h: h.notebook.cells.extend(
        [code("1")] * 2_500), note="cells"),
    Broken("long_cell", "a table pasted into a cell", own(
        "train", f"table = '''{'1, 2, 3 ' * 40_000}'''"), note=None),
)
# fmt: on

SOLUTION = re.compile(r" *### BEGIN SOLUTION.*?### END SOLUTION", re.DOTALL)
numbers = cache(own_numbers)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*", re.DOTALL)


def released() -> Any:
    """The unit as nbgrader releases it."""
    notebook = source()
    for cell in notebook.cells:
        cell.source = HIDDEN.sub("", SOLUTION.sub("    ...", cell.source)).strip()
    return notebook


def earned(notebook: Any, student: str) -> set[str]:
    """The tests whose names hold what is right when they are reached."""
    names: dict[str, Any] = {}
    found = set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            with suppress(Exception):
                found |= (
                    {marks["grade_id"]} if is_right(marks["grade_id"], names, student) else set()
                )
        else:
            with suppress(Exception):
                exec(cell.source, names)
    return found


def is_right(test: str, names: dict[str, Any], student: str) -> bool:
    """Whether a test's names hold what is right."""
    match test:
        case "ex1-test":
            return (names["width"], names["params"]) == (64, 896)
        case "ex1-graded":
            return bool(names["width_b"] == 47)
        case "ex2-test" | "ex2-graded":
            return bool(names["conv_params"](32, 3, 3) == 896)
        case "ex3-test":
            return np.asarray(names["sums"]).tolist() == [3, 7, 11]
        case "ex3-graded":
            return np.asarray(names["sums_b"]).tolist() == [[3.0, 3.5]]
        case "ex4-test":
            return bool(names["shape"] == numbers(student)["SHAPE"])
        case "ex4-graded":
            return bool(names["count"] == numbers(student)["COUNT"])
    return [type(layer).__name__ for layer in names["design"]] == ["Conv2D", "Flatten", "Dense"]


def handed_in(student: Broken, course: Path) -> Handing:
    """The student's change made in a course folder without nbgrader."""
    release = course / "release" / UNIT
    release.mkdir(parents=True)
    nbformat.write(released(), release / f"{UNIT}.ipynb")
    folder = course / "submitted" / student.name / UNIT
    folder.mkdir(parents=True)
    handing = Handing(student.name, solved(released(), student.name), folder, course)
    student.change(handing)
    return handing


def put_right(notebook: Any) -> tuple[Any, list[str]]:
    """A notebook put together from what JSON makes of one."""
    cells, note = cells_of(json.dumps(notebook).encode())
    made, notes = put_together(released(), cells)
    return made, [*([note] if note else []), *notes]


@pytest.mark.parametrize("student", known(CELLS))
def test_right_answers_stay_right(
    student: Broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("check", "check_function", "check_array", "check_parts", "check_model"):
        monkeypatch.setattr(autograder, name, lambda *asked, **named: None)
    notebook, notes = put_right(handed_in(student, tmp_path).notebook)
    assert earned(notebook, student.name) == NONE_RIGHT - student.missed
    fixed = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    for cell in released().cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            assert fixed[cell.id].source == cell.source
            assert fixed[cell.id].metadata == cell.metadata
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    nbformat.validate(notebook)
    if student.note is None:
        assert notes == []
    else:
        assert re.search(student.note, "\n".join(notes)), notes


@pytest.mark.parametrize("student", known(CELLS))
def test_nothing_that_was_written_is_lost(student: Broken, tmp_path: Path) -> None:
    """Every line of a student's own stands in the graded notebook."""
    handing = handed_in(student, tmp_path)
    notebook, _ = put_right(handing.notebook)
    ours = {line.strip() for cell in released().cells for line in cell.source.splitlines()}
    kept = {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}
    texts = [c.get("source", "") for c in handing.notebook.cells if isinstance(c, dict)]
    lines = [line.strip() for text in texts for line in "".join(text).splitlines()]
    tests = {"1 / 0", "assert False, 'the older test'"}
    assert set(lines) - ours - tests <= kept


def test_a_picture_in_an_answer_in_words_is_kept() -> None:
    picture = {"sketch.png": {"image/png": "iVBORw0KGgo="}}
    notebook = released()
    essay = next(cell for cell in notebook.cells if cell.id == "essay")
    essay.source, essay.attachments = "![sketch](attachment:sketch.png)", picture
    put, _ = put_right(notebook)
    (kept,) = (cell for cell in put.cells if cell.id == "essay")
    assert kept.source == essay.source
    assert kept.attachments == picture


def test_an_answer_in_words_that_lost_its_marks_is_not_called_missing() -> None:
    marks = {"schema_version": 3, "grade_id": "essay", "grade": True, "solution": True}
    unit = released()
    unit.cells[-1].metadata = {"nbgrader": marks | {"locked": False, "task": False, "points": 2}}
    words = "Because the stride halves it."
    cells = [HandedIn(cell.cell_type, cell.source) for cell in unit.cells[:-1]]
    put, notes = put_together(unit, [*cells, HandedIn("markdown", words)])
    assert any(cell.source == words for cell in put.cells)
    assert not any("missing" in note and "essay" in note for note in notes), notes
