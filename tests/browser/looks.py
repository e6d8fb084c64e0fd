"""What a pair of eyes would complain about, as far as it can be computed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.drawn import LINES, Box, Drawn, drawn_in
from tests.pictures.reading import parsed

BRAND = "var(--jp-brand-color1"
PIXEL, EDGE, VISIBLE = 1.0, 3, 10
"""How far a line may lie outside its frame; within how many pixels a box has an edge to be seen;
how far apart the lightest and the darkest are of what can be seen."""

# The contrast of WCAG 2, between each piece of text and the first background behind it that covers.
UNREADABLE = """
root => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.matches('style') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const front = parse(element.closest('svg') ? style.fill : style.color);
    const [low, high] = [light(front), light(behind(element))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < LEAST) found.push(`${contrast.toFixed(1)}: ${text.slice(0, 60)}`);
  }
  return found;
}
"""
LEAST = 4.5


def unreadable(part: Locator) -> list[str]:
    """The pieces of text whose contrast is below 4.5 to 1, each with its contrast.

    `part` may be several elements, and has to be in sight.
    """
    expect(part.last).not_to_have_text("", use_inner_text=True)
    script = UNREADABLE.replace("LEAST", str(LEAST))
    found: list[str] = part.evaluate_all(f"parts => parts.flatMap({script})")
    return found


def complaints(pictures: Locator, wanted: Sequence[str], theme: str) -> list[str]:
    """What is wrong with the pictures on a page, which should be those that Python has drawn.

    `pictures` are elements of the class `convdims`, all in sight; `wanted` holds the HTML of each.
    """
    assert pictures.count() == len(wanted), f"{pictures.count()} pictures, not {len(wanted)}"
    return [
        complaint
        for picture, html in zip(pictures.all(), wanted, strict=True)
        for complaint in _complaints(picture, html, theme)
    ]


def _complaints(picture: Locator, html: str, theme: str) -> Iterator[str]:
    drawn = drawn_in(picture)
    yield from _other_than(html, drawn)
    for element in drawn:
        if not element.left_out:
            yield from _misplaced(element)
    yield from _unpainted(picture, drawn)
    yield from _muddled(drawn)
    yield from _shaded_wrongly(drawn)
    if (_light_of(picture) > 0.5) != (theme == "light"):
        yield f"the paper is not that of the {theme} theme"
    yield from (f"contrast {found}" for found in unreadable(picture))


def _other_than(html: str, drawn: Sequence[Drawn]) -> Iterator[str]:
    """The first place where the page has another element, attribute or text than Python."""
    (root,) = parsed(html)
    wanted = list(root.iter())[1:]
    if len(wanted) != len(drawn):
        yield f"{len(drawn)} elements, not {len(wanted)}"
    for one, element in zip(wanted, drawn, strict=False):
        name, attributes = one.tag.rpartition("}")[2], _attributes(one)
        text = (one.text or "") + "".join(child.tail or "" for child in one)
        shown = (element.tag, element.attributes, element.text)
        if shown != (name, attributes, text):
            yield f"{shown}, not {(name, attributes, text)}"
            return


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """With the namespace, which ElementTree puts into the name."""
    space = {"xmlns": "http://www.w3.org/2000/svg"} if element.tag.endswith("}svg") else {}
    return space | element.attrib


def _misplaced(element: Drawn) -> Iterator[str]:
    """Hidden, without extent, outside of its frame, or covered by something else."""
    if not element.visible:
        yield f"{element} is hidden"
        return
    left, top, right, bottom = element.box
    width, height = right - left, bottom - top
    room = width + height if element.tag in LINES else width * height
    if element.is_drawn and not room:
        yield f"{element} takes no room"
    if element.is_drawn and not _inside(element.box, element.frame):
        yield f"{element} sticks out of its frame"
    if element.covered_by:
        yield f"{element} is covered by {element.covered_by}"


def _inside(box: Box, frame: Box) -> bool:
    (left, top, right, bottom), (first, upper, last, lower) = box, frame
    return (
        left >= first - PIXEL
        and top >= upper - PIXEL
        and right <= last + PIXEL
        and bottom <= lower + PIXEL
    )


def _unpainted(picture: Locator, drawn: Iterable[Drawn]) -> Iterator[str]:
    """Words and lower edges of boxes where a screenshot has one colour, whatever the page says."""
    shot = Image.open(BytesIO(picture.screenshot(animations="disabled", caret="hide")))
    pixels = np.asarray(shot.convert("RGB")).astype(int)
    for element in drawn:
        places = list(element.lines)
        if element.tag == "rect" and element.paints and element.visible:
            left, _, right, bottom = element.box
            places.append((left, bottom - EDGE, right, bottom + EDGE))
        for left, top, right, bottom in places:
            part = pixels[max(round(top), 0) : round(bottom), max(round(left), 0) : round(right)]
            if not part.size or np.ptp(part, axis=(0, 1)).max() < VISIBLE:
                yield f"{element} cannot be seen"


def _muddled(drawn: Sequence[Drawn]) -> Iterator[str]:
    """Kinds of one drawing that look alike, and elements of one kind that do not."""
    kinds: dict[Any, dict[Any, dict[str, set[Any]]]] = defaultdict(lambda: defaultdict(dict))
    for element in drawn:
        if element.drawing >= 0 and element.classes:
            first, *others = element.classes
            # A mark and the lines across it are one thing.
            family = "mark" if first == "strokes" else first
            looks = kinds[element.drawing, family][tuple(others)].setdefault(first, set())
            looks.add((element.tag, *element.looks))
    for (_, family), found in kinds.items():
        for kind, parts in found.items():
            if any(len(looks) > 1 for looks in parts.values()):
                yield f"not every {family} {' '.join(kind)} looks the same"
        told_apart = {tuple(sorted((k, *v) for k, v in parts.items())) for parts in found.values()}
        if len(told_apart) < len(found):
            yield f"two kinds of {family} look the same: {sorted(found)}"


def _shaded_wrongly(drawn: Sequence[Drawn]) -> Iterator[str]:
    """Cells of one value with two shades, and two values with one shade."""
    for drawing in {element.drawing for element in drawn if element.classes == ("heat",)}:
        inside = [element for element in drawn if element.drawing == drawing]
        heats = [element for element in inside if element.classes == ("heat",)]
        shades: dict[str, set[str]] = defaultdict(set)
        for cell in inside:
            for line in cell.lines:
                behind = (heat for heat in heats if _inside(line, heat.box))
                shades[cell.text].add(next((heat.style["fill-opacity"] for heat in behind), "0"))
        for value, found in shades.items():
            if len(found) > 1:
                yield f"the value {value} has the shades {sorted(found)}"
        if len(set().union(*shades.values())) < len(shades):
            yield f"two of the values {sorted(shades)} have one shade"


def _light_of(picture: Locator) -> float:
    """The lightness of a picture's paper, from 0 to 1."""
    colour: str = picture.evaluate("picture => getComputedStyle(picture).backgroundColor")
    parts = [float(part) for part in colour.strip("rgba()").split(",")]
    return sum(parts[:3]) / 3 / 255


def alike_in_both_themes(one: Sequence[Drawn], other: Sequence[Drawn]) -> list[str]:
    """The elements that have a colour of the one theme in the other theme, too.

    The colour of JupyterLab's brand is the same in both.
    """
    return [
        f"{first}: {name} {colour}"
        for first, second in zip(one, other, strict=True)
        for name, colour in first.paints.items()
        if second.paints.get(name) == colour and BRAND not in first.attributes.get(name, "")
    ]
