"""nbconvert's preprocessor for the feedback and the formgrader: nothing of a notebook can act."""

import re
from html import escape
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.grading.feedback.outputs import safe_output

_NAME = re.compile(r"[\w.-]{1,100}", re.ASCII)
_FLAGS = ("grade", "solution", "task", "locked")


class SafeNotebook(Preprocessor):
    """Makes the notebook anew, of what is known to do nothing.

    That is each cell's text, nbgrader's own metadata of it, and its outputs as text and clean HTML.
    Text stays text: the page's filters make code, Markdown and streams into HTML (`page.py`).
    Notes that grading has left in the notebook's metadata are kept for the page's head.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook made anew, and what the page knows besides, the names in it escaped."""
        for name in ("student", "first_name", "last_name", "notebook_path", "notebook_id"):
            if resources.get(name):
                resources[name] = escape(str(resources[name]))
        about = nb.metadata.get("convdims")
        notes = about.get("notes") if isinstance(about, dict) else None
        resources["notes"] = [str(note) for note in notes] if isinstance(notes, list) else []
        cells = [safe_cell(cell, number) for number, cell in enumerate(nb.cells)]
        python = {"language_info": {"name": "python"}}
        return new_notebook(cells=cells, metadata=python), resources


def safe_cell(cell: Any, number: int) -> Any:
    """A cell with its text and its outputs; `number` makes an id where its own is none."""
    source = cell.get("source")
    source = source if isinstance(source, str) else ""
    known = {
        "id": _name(cell.get("id")) or f"cell-{number}",
        "metadata": {"nbgrader": about} if (about := _of_nbgrader(cell)) else {},
    }
    if cell.get("cell_type") == "code":
        count = cell.get("execution_count")
        return new_code_cell(
            source,
            execution_count=count if isinstance(count, int) else None,
            outputs=[safe_output(output) for output in cell.get("outputs", [])],
            **known,
        )
    if cell.get("cell_type") != "markdown":
        # As code: what a raw cell holds is not said to be Markdown.
        return new_markdown_cell("".join(f"    {line}\n" for line in source.splitlines()), **known)
    return new_markdown_cell(source, attachments=_attachments(cell.get("attachments")), **known)


def _of_nbgrader(cell: Any) -> dict[str, Any] | None:
    """nbgrader's metadata of a cell, or None where the page could not show it as it is."""
    about = cell.get("metadata", {}).get("nbgrader")
    if not isinstance(about, dict) or not _name(about.get("grade_id")):
        return None
    points = about.get("points")
    kept: dict[str, Any] = {name: about.get(name) is True for name in _FLAGS}
    kept["grade_id"] = about["grade_id"]
    kept["points"] = points if isinstance(points, int | float) else 0
    return kept


def _name(found: Any) -> str:
    return found if isinstance(found, str) and _NAME.fullmatch(found) else ""


def _attachments(found: Any) -> dict[str, dict[str, str]]:
    """Those that are pictures written out: name, kind, and the picture in base64."""
    if not isinstance(found, dict):
        return {}
    return {
        str(name): {str(kind): data for kind, data in kinds.items() if isinstance(data, str)}
        for name, kinds in found.items()
        if isinstance(kinds, dict)
    }
