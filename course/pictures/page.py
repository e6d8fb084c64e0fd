"""What all pictures share: their style sheet, a page for where no kernel runs, explained errors."""

from html import escape
from pathlib import Path

from course.errors import CourseError

STYLE_SHEET = Path(__file__).with_name("picture.css")


def page(picture: str, name: str = "convdims-static") -> str:
    """A picture with its style sheet, to be shown anywhere: a saved notebook, the documentation.

    `name` is the class of the element around it.

    >>> page("<p>a picture</p>").startswith("<style>")
    True
    """
    style = STYLE_SHEET.read_text(encoding="utf-8")
    return f'<style>\n{style}</style><div class="{name}">{picture}</div>'


def framed(body: str) -> str:
    """The parts of a picture as one picture, in the colours of the style sheet.

    >>> framed("<p>a part</p>")
    '<div class="convdims"><p>a part</p></div>'
    """
    return f'<div class="convdims">{body}</div>'


def spoken(sentence: str) -> str:
    """What a picture shows, in words; a screen reader says them anew whenever they change.

    >>> spoken("The sum is 5.")
    '<p class="said" role="status" aria-live="polite">The sum is 5.</p>'
    """
    return f'<p class="said" role="status" aria-live="polite">{escape(sentence, quote=False)}</p>'


def heading(title: str) -> str:
    """A heading of one part of a picture.

    Not an h4: JupyterLab lists those of a cell's output among the notebook's own, and writes
    into them.

    >>> heading("Output shape")
    '<p class="heading" role="heading" aria-level="4">Output shape</p>'
    """
    return f'<p class="heading" role="heading" aria-level="4">{escape(title, quote=False)}</p>'


def explained(error: CourseError) -> str:
    """An error's own words, to stand where the picture would be.

    >>> from course.errors import ShapeError
    >>> "a &lt; b; make b larger" in explained(ShapeError("a < b", "make b larger"))
    True
    """
    message = "; ".join(filter(None, (error.problem, error.fix)))
    return f'<div class="convdims-error" role="alert">{escape(message)}</div>'
