"""What the feedback and the formgrader show of a notebook, and what they leave out."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.grading.feedback.safe_notebook import SafeNotebook
from tests.autograder.grading import hostile
from tests.autograder.grading.pages import (
    LINES,
    Pages,
    answer_cell,
    error,
    faults,
    judged_cell,
    make_course,
    task_cell,
)
from tests.units.notebooks import ROOT

SECRET = "check(width_b, 1234567)"
HIDDEN = f"attempted(width_b)\n### BEGIN HIDDEN TESTS\n{SECRET}\n### END HIDDEN TESTS"
SCHEME = "Why?\n\n=== BEGIN MARK SCHEME ===\n\nTwo points for 7654321.\n\n=== END MARK SCHEME ==="
BOTH = pytest.mark.parametrize("kind", ["feedback", "formgrader"])


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One course folder for all tests, as its gradebook takes seconds to make."""
    return make_course(tmp_path_factory.mktemp("feedback") / "course")


@pytest.fixture
def pages(course: Path) -> Pages:
    return Pages(course)


def text_of(html: str) -> str:
    """The words of a page's main part, as they are read."""
    page: Any = BeautifulSoup(html, "html.parser")
    return " ".join(page.main.get_text(" ").split())


def shown(data: dict[str, Any]) -> Any:
    return new_code_cell("show()", outputs=[new_output("display_data", data)])


def test_the_course_is_set_up_so() -> None:
    assert LINES.strip() in (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")


@BOTH
def test_nothing_of_a_hostile_notebook_is_left_that_acts(pages: Pages, kind: str) -> None:
    cells = hostile.cells()
    assert len(cells) > 90
    html = getattr(pages, kind)(*cells.values(), **hostile.metadata())
    assert faults(html) == []
    assert hostile.LEAK not in re.sub(r">[^<]*<", "><", html)


@pytest.mark.slow
@pytest.mark.parametrize("name", hostile.cells())
def test_nothing_of_a_fragment_by_itself_is_left_that_acts(pages: Pages, name: str) -> None:
    cell = hostile.cells()[name]
    assert faults(pages.feedback(cell)) == []
    assert faults(pages.formgrader(cell)) == []


def test_nbgraders_own_pages_have_such_faults(tmp_path: Path) -> None:
    """So that the fragments and the search for faults are worth something."""
    plain = Pages(make_course(tmp_path / "course", plain=True))
    found = "".join(faults(plain.feedback(hostile.cells()["script"])))
    assert "ran.push(/script/)" in found
    assert "mathjax" in found


def test_cells_that_are_none_become_cells() -> None:
    notebook = new_notebook(metadata=hostile.metadata())
    notebook.cells = hostile.broken()
    safe, _ = SafeNotebook().preprocess(notebook, {})  # type: ignore[no-untyped-call]
    nbformat.validate(safe)
    assert safe.metadata == {"language_info": {"name": "python"}}
    assert [cell.cell_type for cell in safe.cells] == [
        *["code"] * 3,
        "markdown",
        "markdown",
        "code",
    ]
    assert "<script>" not in str([(cell.id, cell.get("execution_count")) for cell in safe.cells])


@pytest.mark.parametrize("about", [None, {}, {"notes": None}, {"notes": "no list"}, ["notes"]])
def test_a_notebook_without_notes_has_no_box_for_them(pages: Pages, about: Any) -> None:
    metadata = {} if about is None else {"convdims": about}
    assert "convdims-notes" not in pages.formgrader(**metadata).partition("<main>")[2]


@BOTH
def test_notes_stand_at_the_top_as_text(pages: Pages, kind: str) -> None:
    notes = ["A test cell was moved.", "<b>bold</b>"]
    html = getattr(pages, kind)(new_markdown_cell("# Unit"), convdims={"notes": notes})
    assert text_of(html).startswith("A test cell was moved. <b>bold</b> Unit")


def test_the_students_name_is_text_in_the_formgrader(pages: Pages) -> None:
    pages.resources["last_name"] = "<script>go()</script>"
    pages.resources["notebook_path"] = '" onmouseover="go()'
    html = pages.formgrader()
    assert faults(html) == []
    page: Any = BeautifulSoup(html, "html.parser")
    assert "<script>go()" in page.nav.get_text()


# What a student sees.


def test_each_test_has_its_verdict_its_points_and_its_message(pages: Pages) -> None:
    pages.scores = {"right": 1, "partly": 0.5, "wrong": 0, "blank": 0, "ours": 0}
    diagnosis = "864 = 32 × 3 × 3 × 3. What does each filter have besides its weights?"
    html = pages.feedback(
        judged_cell("right", "check(a, 1)", new_output("stream", text="✓ 896: right")),
        judged_cell("partly", "parts()", new_output("stream", text="half"), points=2),
        judged_cell("wrong", HIDDEN, error("WrongAnswer", diagnosis)),
        judged_cell("blank", "check(c, 1)", error("NotAttempted", "Nothing yet.")),
        judged_cell("ours", "check(d, 1)", error("ReferenceMissing", "Keras is missing.")),
    )
    said = text_of(html)
    for told in (
        "Right: 1 of 1 points ✓ 896: right",
        "Partly right: 0.5 of 2 points half",
        f"Not right yet: 0 of 1 points {diagnosis}",
        "Not attempted: 0 of 1 points Nothing yet.",
        "Could not be graded, through no fault of yours: 0 of 1 points Keras is missing.",
    ):
        assert told in said
    assert "unit (Score: 1.5 / 6.0)" in html


def test_hidden_tests_and_mark_schemes_are_for_the_formgrader_alone(pages: Pages) -> None:
    pages.scores = {"hidden": 0, "task": 1.5}
    cells = [
        judged_cell("hidden", HIDDEN, error("WrongAnswer", "64 is the width at stride 1.")),
        task_cell("task", SCHEME),
    ]
    feedback, formgrader = pages.feedback(*cells), pages.formgrader(*cells)
    for secret in ("1234567", "7654321", "HIDDEN TESTS", "MARK SCHEME"):
        assert secret not in feedback
        assert secret in formgrader
    assert "attempted" in feedback
    assert "64 is the width at stride 1." in text_of(feedback)
    assert "Score: 1.5 / 2.0" in text_of(feedback)


def test_the_delimiters_are_those_of_the_course(pages: Pages) -> None:
    pages.api.config.ClearHiddenTests.begin_test_delimeter = "VERSTECKT"
    pages.api.config.ClearHiddenTests.end_test_delimeter = "SICHTBAR"
    cell = judged_cell("hidden", f"a = 1\n# VERSTECKT\n{SECRET}\n# SICHTBAR\nb = 2")
    said = text_of(pages.feedback(cell))
    assert "1234567" not in said
    assert "b = 2" in said


def test_a_delimiter_in_a_students_own_text_changes_nothing(pages: Pages) -> None:
    mine = "### BEGIN HIDDEN TESTS\nmy_own = 1"
    said = text_of(pages.feedback(answer_cell("a", new_code_cell(mine)), new_code_cell(mine)))
    assert said.count("my_own") == 2


FRAMES = (
    "\x1b[0;31mAssertionError\x1b[0m  Traceback (most recent call last)",
    f"File /srv/course/autograded/ada/unit/tests.py:3\n----> 3 {SECRET}",
    "AssertionError: 1234567 expected",
)


@pytest.mark.parametrize(
    ("name", "value", "hidden", "told"),
    [
        (
            "NameError",
            "name 'width' is not defined",
            True,
            "NameError: name 'width' is not defined",
        ),
        ("WrongAnswer", "Too wide.", True, "Too wide."),
        ("AssertionError", "1234567 expected", True, "A hidden test does not pass."),
        ("AssertionError", "not a shape", False, "AssertionError: not a shape"),
        ("FileNotFoundError", "'/srv/course/x.npy'", False, "FileNotFoundError: 'x.npy'"),
    ],
)
def test_of_a_test_that_another_grader_ran_only_the_message_is_shown(
    pages: Pages, name: str, value: str, hidden: bool, told: str
) -> None:
    source = HIDDEN if hidden else "assert width"
    html = pages.feedback(judged_cell("t", source, error(name, value, *FRAMES)))
    assert text_of(html).endswith(f"Not right yet: 0 of 1 points {told}")
    for secret in ("1234567", "/srv", "Traceback"):
        assert secret not in text_of(html)


def test_a_value_that_a_test_displays_is_not_shown(pages: Pages) -> None:
    cell = judged_cell("t", HIDDEN, new_output("display_data", {"text/html": "1234567"}))
    assert "1234567" not in pages.feedback(cell)


def test_a_students_own_error_is_shown_without_the_graders_folders(pages: Pages) -> None:
    frames = ["File /srv/grading/env/lib/course/layers.py:12, in width", "ZeroDivisionError: 1/0"]
    cell = new_code_cell("1/0", outputs=[error("ZeroDivisionError", "1/0", *frames)])
    said = text_of(pages.feedback(cell))
    assert "File layers.py:12, in width" in said
    assert "ZeroDivisionError: 1/0" in said


def test_a_graders_comment_is_shown_and_cleaned(pages: Pages) -> None:
    pages.comments["a"] = "**Well done**, $K$. <script>go()</script><img src=x onerror=go()>"
    html = pages.feedback(answer_cell("a", new_code_cell("width = 64")))
    assert faults(html) == []
    assert "<strong>Well done</strong>" in html
    assert "<mi>K</mi>" in html


@BOTH
def test_the_students_work_is_shown(pages: Pages, kind: str) -> None:
    html = getattr(pages, kind)(
        new_markdown_cell("| a | b |\n|---|---|\n| *one* | `two` |"),
        answer_cell("a", new_code_cell("width = 64\n!ls")),
        shown({"image/png": hostile.PIXEL}),
        shown({"application/vnd.jupyter.widget-view+json": {}, "text/html": "<b>picture</b>"}),
        shown({"application/javascript": "go()"}),
        new_raw_cell("*raw* <b>text</b>"),
    )
    page: Any = BeautifulSoup(html, "html.parser").main
    assert page.table.em.string == "one"
    assert page.img["src"] == f"data:image/png;base64,{hostile.PIXEL}"
    assert page.find("b", string="picture")
    for told in ("width = 64", "*raw* <b>text</b>", "not shown here: application/javascript"):
        assert told in text_of(html)


# Readable without a network.


def test_the_feedback_has_no_script_and_allows_none(pages: Pages) -> None:
    html = pages.feedback(new_markdown_cell("$K$"))
    page: Any = BeautifulSoup(html, "html.parser")
    assert page.find_all(["script", "link"]) == []
    assert "default-src 'none'" in page.find("meta", attrs={"http-equiv": True})["content"]
    assert not re.search(r"url\((?!data:)", html)


def test_the_formgrader_has_its_own_scripts_and_no_other_may_run(pages: Pages) -> None:
    page: Any = BeautifulSoup(pages.formgrader(new_markdown_cell("$K$")), "html.parser")
    assert len(page.find_all("script", src=True)) == 11
    policy = page.find_all("meta")[-1]["content"]
    assert "unsafe-inline" not in policy
    assert policy.count("'sha256-") == 3  # one script and two handlers of the navigation
