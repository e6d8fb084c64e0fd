"""Markdown as clean HTML, its formulas as MathML."""

import re
import secrets
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import unquote

from jinja2 import pass_context
from jinja2.runtime import Context
from mistune.util import striptags
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.grading.feedback.clean import clean_html
from autograder.grading.feedback.formulas import formula

FRAME = "convdims-notebook"
"""The class of the element around all that comes from a notebook; page.css cuts it off."""


class Renderer(IPythonRenderer):
    """nbconvert's renderer, which leaves a mark where a formula stands: an element that no text of
    the notebook can write, as its class is drawn by lot."""

    def __init__(self, attachments: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.known = attachments
        self.mark = f"formula-{secrets.token_hex(8)}-"
        self.formulas: list[str] = []

    def inline_math(self, body: str) -> str:
        return self._marked(formula(body))

    def block_math(self, body: str) -> str:
        return self._marked(formula(body, block=True))

    def latex_environment(self, name: str, body: str) -> str:
        return self._marked(formula(rf"\begin{{{name}}}{body}\end{{{name}}}", block=True))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture that is attached or written out in its address; of any other the words."""
        prefix, _, name = url.partition(":")
        if prefix == "attachment":
            for kind, data in self.known.get(unquote(name), {}).items():
                url = f"data:{kind};base64,{''.join(data.split())}"
        return f'<img src="{escape(url)}" alt="{escape(striptags(text))}">'

    def block_mermaidjs(self, code: str) -> str:
        return f"<pre>{escape(code)}</pre>"

    def filled(self, html: str) -> str:
        """The cleaned HTML with the formulas. A quotation mark never stands unescaped in an
        attribute, so that a mark is replaced only where it is an element."""
        for number, written in enumerate(self.formulas):
            html = html.replace(f'<span class="{self.mark}{number}"></span>', written)
        return html

    def _marked(self, written: str) -> str:
        self.formulas.append(written)
        return f'<span class="{self.mark}{len(self.formulas) - 1}"></span>'


def markdown(source: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """The text as clean HTML, in a frame. Text that cannot be read is shown as it was typed.

    >>> markdown("**two** <script>go()</script>")
    '<div class="convdims-notebook"><p><strong>two</strong> </p>\\n</div>'
    """
    renderer = Renderer(attachments or {})
    try:
        html = MarkdownWithMath(renderer=renderer).render(source)
    except Exception:  # of any kind: a student's text must not keep anybody from the page
        return framed(f"<pre>{escape(source)}</pre>")
    return framed(renderer.filled(clean_html(html, renderer.mark)))


def latex(source: str) -> str:
    r"""An output in TeX as HTML: its formulas, and the words between them.

    >>> "<mi>K</mi>" in latex(r"\[K\]")
    True
    """
    return markdown(_BRACKETS.sub(lambda found: f"$${found[1]}$$", source))


# Not the \\\[2pt] between two lines of a formula.
_BRACKETS = re.compile(r"(?<!\\)\\\[(.+?)(?<!\\)\\\]", re.DOTALL)


def framed(html: str) -> str:
    """Clean HTML, in the element that holds it in its place."""
    return f'<div class="{FRAME}">{html}</div>'


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """nbconvert's filter of this name, for cells and for what a grader has written to a cell."""
    cell: Any = context.get("cell", {})
    return markdown(source, cell.get("attachments"))
