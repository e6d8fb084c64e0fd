"""Faults put into a picture on a page, to see that the complaints about pictures name them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator


@dataclass(frozen=True)
class Fault:
    """What is done to a picture, in JavaScript, and words of the complaint that has to follow."""

    script: str
    complaint: str


def _cover(more: str = "") -> str:
    """A sheet of the paper's colour over the lower 30 %."""
    return f"""
        const cover = document.createElement('div');
        cover.style = 'position: absolute; inset: 70% 0 0 0; background: inherit; {more}';
        picture.style.position = 'relative';
        picture.append(cover);"""


def _first(selector: str) -> str:
    return f"picture.querySelector({selector!r})"


LABEL = "[...picture.querySelectorAll('text, td')].find(label => label.textContent)"
SWAPPED = """
    const style = getComputedStyle(picture);
    const [paper, ink] = ['--paper', '--ink'].map(name => style.getPropertyValue(name));
    picture.style.setProperty('--paper', ink);
    picture.style.setProperty('--ink', paper);"""

FAULTS = {
    "the lower 30 % covered": Fault(_cover(), "is covered by"),
    "the lower 30 % blanked": Fault(_cover("pointer-events: none"), "cannot be seen"),
    "the lower 30 % cut off": Fault(
        "picture.style.clipPath = 'inset(0 0 30% 0)';", "is covered by"
    ),
    "a panel hidden": Fault(
        f"{_first('.part, section, svg')}.style.display = 'none';", "is hidden"
    ),
    "a label missing": Fault(f"{LABEL}.remove();", " elements, not "),
    "a label without its text": Fault(f"{LABEL}.textContent = '';", ", not ("),
    "a drawing without room": Fault(f"{_first('svg')}.style.width = 0;", "takes no room"),
    "a drawing moved out": Fault(
        f"{_first('svg')}.style.transform = 'translate(-3000px)';", "sticks out of its frame"
    ),
    "text in the paper's colour": Fault(
        "picture.style.setProperty('--ink', 'var(--paper)');", "contrast 1.0"
    ),
    "the theme's colours swapped": Fault(SWAPPED, "the paper is not that"),
}
SHADES = "picture.querySelectorAll('.heat').forEach(heat => { heat.style.fillOpacity = 0.2; });"
MARKS = "mark.style.cssText = 'stroke: red; stroke-width: 1; stroke-dasharray: none';"
FAULTS_OF_SHADES = {
    "one of the shades changed": Fault(
        f"{_first('.heat')}.style.fillOpacity = 0.05;", "has the shades"
    ),
    "one shade for all values": Fault(SHADES, "have one shade"),
    "one colour for all marks": Fault(
        f"picture.querySelectorAll('.mark, .strokes').forEach(mark => {{ {MARKS} }});",
        "look the same",
    ),
    "one mark in another colour": Fault(
        f"{_first('.mark.edge')}.style.stroke = 'red';", "not every mark"
    ),
}
"""For a picture with shades, and with several marks of one kind."""


@contextmanager
def put_in(picture: Locator, fault: Fault) -> Iterator[None]:
    """Inside, the picture has this fault."""
    picture.evaluate("picture => { picture.faultless = picture.cloneNode(true); }")
    picture.evaluate(f"picture => {{ {fault.script} }}")
    yield
    picture.evaluate("picture => picture.replaceWith(picture.faultless)")
