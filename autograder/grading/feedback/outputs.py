"""One output of a cell as text or as clean HTML, nothing left of what it was besides."""

import base64
from collections.abc import Callable
from html import escape
from typing import Any

from nbformat.v4 import new_output

from autograder.grading.feedback.clean import PICTURE, clean_html
from autograder.grading.feedback.markdown import framed, latex, markdown


def safe_output(output: Any) -> Any:
    """The output, which may hold anything, as one that may be shown.

    A picture or a table becomes HTML, cleaned; a stream and an error stay text, which the page
    escapes. Of several forms of one thing the richest is taken that leaves something to be seen.
    """
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_text(output.get("text")))
    if kind == "error":
        return new_output(
            "error",
            ename=_text(output.get("ename")),
            evalue=_text(output.get("evalue")),
            traceback=_lines(output.get("traceback")),
        )
    data = output.get("data")
    return html_output(_shown(data if isinstance(data, dict) else {}))


def html_output(html: str) -> Any:
    """An output of HTML that is clean already."""
    return new_output("display_data", {"text/html": html})


def _shown(data: dict[str, Any]) -> str:
    for kind, show in _KINDS.items():
        found = _text(data.get(kind))
        html = show(found) if found else ""
        if html:
            return html
    others = escape(", ".join(map(str, data)) or "nothing")
    return framed(f"<p>An output that is not shown here: {others}</p>")


def _cleaned(html: str) -> str:
    clean = clean_html(html)
    return framed(clean) if clean.strip() else ""


def _picture(kind: str) -> Callable[[str], str]:
    def show(data: str) -> str:
        if kind == "image/svg+xml":
            data = base64.b64encode(data.encode()).decode()
        source = f"data:{kind};base64,{''.join(data.split())}"
        if not PICTURE.fullmatch(source):
            return ""
        return framed(f'<img src="{source}" alt="A picture that the cell has drawn">')

    return show


def _preformatted(text: str) -> str:
    return framed(f"<pre>{escape(text)}</pre>")


_KINDS: dict[str, Callable[[str], str]] = {
    "text/html": _cleaned,
    "text/markdown": markdown,
    "image/svg+xml": _picture("image/svg+xml"),
    "image/png": _picture("image/png"),
    "image/jpeg": _picture("image/jpeg"),
    "text/latex": latex,
    "text/plain": _preformatted,
}


def _text(found: Any) -> str:
    """Text as it stands in a notebook: in one piece, or in lines."""
    if isinstance(found, list):
        return "".join(map(_text, found))
    return found if isinstance(found, str) else ""


def _lines(found: Any) -> list[str]:
    return [_text(line) for line in found] if isinstance(found, list) else [_text(found)]
