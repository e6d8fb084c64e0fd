"""An autograded notebook as the two pages on which it is read: the feedback and the formgrader."""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder.grading.nbgrader_api import open_course, write_feedback
from tests.units.notebooks import ROOT

LINES = """
# What a student's notebook holds does nothing in the browser of whoever reads it, in the feedback
# or in the formgrader; and the feedback shows neither hidden tests nor mark schemes.
c.HTMLExporter.preprocessors = ["autograder.grading.feedback.safe_notebook.SafeNotebook"]
c.HTMLExporter.filters = {
    "markdown2html": "autograder.grading.feedback.markdown.markdown2html",
    "highlight_code": "autograder.grading.feedback.page.highlight_code",
    "feedback_head": "autograder.grading.feedback.page.feedback_head",
    "formgrader_head": "autograder.grading.feedback.page.formgrader_head",
}
c.HTMLExporter.template_file = str(
    Path(find_spec("autograder").origin).parent / "grading" / "feedback" / "page.html.j2"
)
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "autograder.grading.feedback.student_view.StudentView",
]
"""
UNIT, STUDENT = "unit", "ada"
FORMGRADER = {
    "assignment_id": UNIT,
    "notebook_id": UNIT,
    "submission_id": "0123456789abcdef",
    "index": 0,
    "total": 1,
    "base_url": "",
    "student": STUDENT,
    "last_name": "Lovelace",
    "first_name": "Ada",
    "notebook_path": f"autograded/{STUDENT}/{UNIT}/{UNIT}.ipynb",
}


def judged_cell(name: str, source: str, *outputs: Any, points: float = 1.0) -> Any:
    """A test cell of the course, with what the judge wrote below it."""
    about = {"grade": True, "solution": False, "locked": True, "points": points}
    return graded(new_code_cell(source, outputs=list(outputs)), name, about)


def task_cell(name: str, source: str, points: float = 2.0) -> Any:
    """A question that is marked by hand."""
    about = {"grade": False, "solution": False, "task": True, "locked": True, "points": points}
    return graded(new_markdown_cell(source), name, about)


def answer_cell(name: str, cell: Any) -> Any:
    """A cell that the student has filled in."""
    return graded(cell, name, {"grade": False, "solution": True, "locked": False})


def graded(cell: Any, name: str, about: dict[str, Any]) -> Any:
    """The cell with nbgrader's metadata."""
    cell.metadata["nbgrader"] = {"task": False, "schema_version": 3, "grade_id": name, **about}
    return cell


def error(name: str, value: str, *traceback: str) -> Any:
    """An error's output; its traceback is the message alone where none is given."""
    return new_output("error", ename=name, evalue=value, traceback=list(traceback or (value,)))


def faults(html: str) -> list[str]:
    """What a page has that runs, loads or submits, and does not come from nbgrader's templates.

    Besides, within what comes from a notebook, ids, data-, classes of the page's own controls, and
    styles that take a thing out of its place.
    """
    page: Any = BeautifulSoup(html, "html.parser")
    found = [f"in the main part: {tag}" for tag in page.main.find_all(RUNS)]
    found += [f"in the head: {tag}" for tag in page.head.find_all(RUNS) if not _own(tag)]
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            if not _harmless(tag, name, " ".join(value) if isinstance(value, list) else value):
                found.append(f"{tag.name}: {name}={value}")
    for frame in page.select(".convdims-notebook"):
        for tag in frame.find_all(True):
            ours = {"id", "name", "tabindex"} & set(tag.attrs)
            ours |= {name for name in tag.attrs if name.startswith("data-")}
            if ours or tag.name in CONTROLS or OWN_CLASSES & set(tag.get("class", ())):
                found.append(f"in the notebook: {tag}")
    return found


RUNS = "script iframe object embed link meta base form style video audio source".split()
CONTROLS = "input button textarea select".split()
OWN_CLASSES = frozenset("nbgrader_cell score comment full-credit modal navbar-fixed-top".split())


def _own(tag: Any) -> bool:
    """Whether a tag of the head is one of the templates'."""
    if tag.name == "script":
        return str(tag.get("src", "/formgrader/static/")).startswith("/formgrader/static/")
    if tag.name == "link":
        return str(tag["href"]).startswith("/formgrader/static/")
    return tag.name == "style" or "charset" in tag.attrs or "content" in tag.attrs


def _harmless(tag: Any, name: str, value: str) -> bool:
    if name.startswith("on"):
        return value in ("toggle_name(true);", "toggle_name(false);") and tag.name == "span"
    if name in ("href", "src"):
        return value.startswith(("#", "/formgrader/", "http://", "https://", "data:image/")) and (
            tag.name in ("a", "script", "link") or value.startswith("data:image/")
        )
    if name == "style":
        return not any(word in value for word in ("url", "position", "expression", "\\"))
    return name not in ("srcdoc", "srcset", "action", "formaction", "poster", "background")


def make_course(folder: Path, *, plain: bool = False) -> Path:
    """A course folder with this course's settings; `plain` is without those for the pages."""
    (folder / "source").mkdir(parents=True)
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    if "HTMLExporter" not in settings:
        settings += "from importlib.util import find_spec\n" + LINES
    if plain:
        settings += "del c.HTMLExporter, c.GenerateFeedback\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return folder


@dataclass
class Pages:
    """One student of a course folder, whose autograded notebook is written and shown.

    `scores` are the points of the graded cells by name, `comments` what a grader wrote, and
    `resources` what the formgrader knows of the submission.
    """

    folder: Path
    scores: dict[str, float] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=lambda: dict(FORMGRADER))

    def __post_init__(self) -> None:
        self.api = open_course(self.folder)

    def feedback(self, *cells: Any, **metadata: Any) -> str:
        """The student's page of a notebook with these cells, written by nbgrader."""
        self._write(cells, metadata)
        with self.api.gradebook as gradebook:
            self._enter(gradebook, cells)
        done = write_feedback(self.api, UNIT, STUDENT)
        assert done.success, done.log
        page = self.folder / "feedback" / STUDENT / UNIT / f"{UNIT}.html"
        return page.read_text(encoding="utf-8")

    def formgrader(self, *cells: Any, **metadata: Any) -> str:
        """The instructor's page of it, as the formgrader's handler makes it."""
        config = Config(self.api.config)
        # As FormgradeExtension.build_extra_config.
        config.HTMLExporter.template_name = "formgrade"
        config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
        exporter = HTMLExporter(config=config)
        notebook = str(self._write(cells, metadata))
        html, _ = exporter.from_filename(notebook, resources=dict(self.resources))
        return str(html)

    def _write(self, cells: tuple[Any, ...], metadata: dict[str, Any]) -> Path:
        path = self.folder / "autograded" / STUDENT / UNIT / f"{UNIT}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        # Not by nbformat, which complains of what a student may have done to a notebook.
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def _enter(self, gradebook: Gradebook, cells: tuple[Any, ...]) -> None:
        with suppress(MissingEntry):
            gradebook.remove_assignment(UNIT)  # another test's
        gradebook.add_assignment(UNIT)
        gradebook.update_or_create_student(STUDENT)
        gradebook.add_notebook(UNIT, UNIT)
        for cell in cells:
            about = cell.metadata.get("nbgrader", {})
            name = about.get("grade_id")
            worth = {"max_score": about.get("points"), "cell_type": cell.cell_type}
            if about.get("task"):
                gradebook.add_task_cell(name, UNIT, UNIT, **worth)
            if about.get("grade"):
                gradebook.add_grade_cell(name, UNIT, UNIT, **worth)
            if about.get("solution"):
                gradebook.add_solution_cell(name, UNIT, UNIT)
        gradebook.add_submission(UNIT, STUDENT)
        for name, score in self.scores.items():
            gradebook.find_grade(name, UNIT, UNIT, STUDENT).auto_score = score
        for name, comment in self.comments.items():
            gradebook.find_comment(name, UNIT, UNIT, STUDENT).manual_comment = comment
        gradebook.db.commit()
