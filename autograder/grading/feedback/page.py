"""What both pages are given besides nbgrader's template: filters for `page.html.j2`."""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape, unescape
from pathlib import Path
from typing import Any

from nbconvert.filters.highlight import Highlight2HTML

from course.pictures.page import STYLE_SHEET

_PYTHON = Highlight2HTML(pygments_lexer="ipython3")
PAGE_STYLE = Path(__file__).with_name("page.css")

_SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
_MATHJAX = re.compile(r"<!-- Load mathjax -->.*?<!-- End of mathjax configuration -->", re.DOTALL)
# The formgrader's script goes to the first thing to grade when MathJax has ended.
_NO_MATHJAX = """<script>
window.MathJax = {Hub: {Startup: {signal: {Interest: (tell) => setTimeout(tell, 0, "End")}}}};
</script>"""
_FONT = re.compile(r"@font-face\s*\{[^}]*\}")
_HANDLER = re.compile(r'\son\w+="([^"]*)"')

_NOWHERE = "base-uri 'none'; form-action 'none'"
_NOTHING = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {_NOWHERE}"
_OWN_SERVER = f"object-src 'none'; frame-src 'none'; img-src 'self' data:; {_NOWHERE}"


def highlight_code(source: str, **_: Any) -> str:
    """A cell's code as HTML. It is Python, whatever the notebook's metadata says."""
    return str(_PYTHON(source))


def feedback_head(head: str) -> str:
    """The head of the feedback: no script and none allowed, and no font from a file."""
    head = _FONT.sub("", _SCRIPT.sub("", head))
    return head.replace("<head>", f"<head>{_policy(_NOTHING)}", 1).replace("</head>", _styles(), 1)


def formgrader_head(head: str, navigation: str) -> str:
    """The head of the formgrader: its own scripts, and after them none besides those that are in
    the page's `navigation`. Formulas need no MathJax."""
    scripts = [
        _hash(script.partition(">")[2][: -len("</script>")])
        for script in _SCRIPT.findall(navigation)
    ]
    handlers = [_hash(unescape(handler)) for handler in _HANDLER.findall(navigation)]
    # Not 'self': files that were handed in lie on this server, too.
    allowed = " ".join(["'unsafe-hashes'", *scripts, *handlers])
    policy = _policy(f"script-src {allowed}; {_OWN_SERVER}")
    return _MATHJAX.sub(_NO_MATHJAX, head).replace("</head>", policy + _styles(), 1)


def _policy(rules: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(rules)}">'


def _hash(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def _styles() -> str:
    """The styles of the course's pictures and of this page, and the head's end."""
    sheets = (path.read_text(encoding="utf-8") for path in (STYLE_SHEET, PAGE_STYLE))
    return "".join(f"<style>{sheet}</style>" for sheet in sheets) + "</head>"
