"""Pictures read as a browser would: well-formed XML, the text on it, where things lie."""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def parsed(page: str) -> ElementTree.Element:
    """A page's elements; fails where a tag is left open or a sign is not escaped."""
    return ElementTree.fromstring(f"<html>{page}</html>")


def text_of(element: ElementTree.Element) -> str:
    """The text that is shown, style sheets left out."""
    shown = "" if element.tag == "style" else element.text or ""
    return shown + "".join(text_of(child) + (child.tail or "") for child in element)


def svg_of(page: str) -> ElementTree.Element:
    """The one drawing of a page."""
    (drawing,) = parsed(page).iter(f"{SVG}svg")
    return drawing


def corners(drawing: ElementTree.Element) -> list[tuple[float, float]]:
    """All corners of all polygons, and the places where texts stand."""
    found = [
        (float(x), float(y))
        for polygon in drawing.iter(f"{SVG}polygon")
        for x, y in (corner.split(",") for corner in polygon.attrib["points"].split())
    ]
    texts = [
        (float(text.attrib["x"]), float(text.attrib["y"])) for text in drawing.iter(f"{SVG}text")
    ]
    return found + texts


def labels(drawing: ElementTree.Element) -> list[str]:
    """The texts of a drawing, in order."""
    return ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]


def frame(drawing: ElementTree.Element) -> tuple[float, float]:
    """Width and height of the part that is seen."""
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    return width, height


def table_row(text: str) -> list[str]:
    """The cells of the last row of a table drawn with lines, wrapped ones made whole again."""
    last = re.split(r"[├┡].*\n", text)[-1]
    lines = [line.strip("│").split("│") for line in last.splitlines() if line.startswith("│")]
    return [" ".join(filter(None, map(str.strip, cell))) for cell in zip(*lines, strict=True)]


def words(text: str) -> str:
    """A text with every run of blanks made one."""
    return re.sub(r"\s+", " ", text)
