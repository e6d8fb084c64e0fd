"""A picture read from a live page: what its elements say, where they are, how they are painted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

READING = Path(__file__).with_name("drawn.js").read_text(encoding="utf-8")
LEFT_OUT = ".convdims-derivation > div:first-child"
"""What the style sheet takes out of the pictures."""
FILLED = ("rect", "circle", "path", "polygon", "text")
STROKED = (*FILLED, "line")
LINES = ("path", "line")


@dataclass(frozen=True)
class Drawn:
    """An element of a picture as the page has it.

    `drawing` is the number of its SVG, -1 outside of all. `frame` is the box that it has to stay
    in, `lines` are the boxes of its own words. All boxes count from the picture's corner.
    """

    tag: str
    attributes: dict[str, str]
    text: str
    drawing: int
    visible: bool
    left_out: bool
    box: Box
    frame: Box
    lines: Sequence[Box]
    covered_by: str
    style: dict[str, str]

    def __str__(self) -> str:
        named = self.attributes.get("class") or self.attributes.get("aria-label") or ""
        return f"<{self.tag} {named}> {self.text[:40]}".strip()

    @property
    def classes(self) -> tuple[str, ...]:
        return tuple(self.attributes.get("class", "").split())

    @property
    def is_drawn(self) -> bool:
        """Whether there is something to see of it itself, and not only of what it holds."""
        if self.text.strip() or self.tag == "svg":
            return True
        # One of the patterns has no lines.
        return self.tag in STROKED and self.tag != "text" and self.attributes.get("d") != ""

    @property
    def paints(self) -> dict[str, str]:
        """The colours that can be seen of it, by the names of CSS."""
        found = {"background-color": self.style["background-color"]}
        if self.drawing < 0:
            found |= {"color": self.style["color"]} if self.lines else {}
        else:
            found |= {"fill": self.style["fill"]} if self.tag in FILLED else {}
            found |= {"stroke": self.style["stroke"]} if self.tag in STROKED else {}
        clear = ("none", "rgba(0, 0, 0, 0)")
        return {name: colour for name, colour in found.items() if colour not in clear}

    @property
    def looks(self) -> tuple[str, ...]:
        """Colours and lines, by which one kind of element is told from another."""
        lines = [self.style[name] for name in ("stroke-width", "stroke-dasharray")]
        paints = self.paints
        return (paints.get("fill", ""), *([paints["stroke"], *lines] if "stroke" in paints else []))


def drawn_in(picture: Locator) -> list[Drawn]:
    """Every element inside a picture, in the page's order."""
    script = f"root => ({READING})(root, {LEFT_OUT!r})"
    return [Drawn(**found) for found in picture.evaluate(script)]
