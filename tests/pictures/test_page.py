"""The style sheet that all pictures share: contrast in both themes, and no picture without it."""

import re

import pytest

from course.pictures.page import STYLE_SHEET, page
from tests.pictures.reading import parsed

STYLE = STYLE_SHEET.read_text(encoding="utf-8")
INK = {"light": "#212121", "dark": "#ffffff"}
PAPER = {"light": "#ffffff", "dark": "#111111"}
"""JupyterLab's own: text at 87 % black on white, white on #111111."""


def palettes() -> dict[str, dict[str, str]]:
    """The colours of the sheet's light and dark palettes, JupyterLab's text and paper put in."""
    blocks = re.findall(r"\{([^{}]*--accent:[^{}]*)\}", STYLE)
    light, dark, dark_page = (dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in blocks)
    assert dark == dark_page
    return {
        name: colours | {"ink": INK[name], "paper": PAPER[name]}
        for name, colours in (("light", light), ("dark", dark))
    }


def light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(c * share for c, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(light_of, (one, other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [
        ("ink", "paper", 4.5),
        ("ink", "tint", 4.5),
        ("ink", "faint", 4.5),
        ("ink", "warm-tint", 4.5),
        ("soft", "paper", 4.5),
        ("accent", "paper", 3),
        ("accent", "faint", 3),
        ("accent", "tint", 3),
        ("warm", "paper", 3),
        ("warm", "warm-tint", 3),
    ],
)
def test_the_colours_have_contrast_in_both_themes(
    theme: str, front: str, back: str, least: float
) -> None:
    """Text at least 4.5 to 1, frames and rings at least 3 to 1: WCAG 2, AA."""
    colours = palettes()[theme]
    assert contrast(colours[front], colours[back]) >= least


def test_the_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_only_the_palettes_name_colours() -> None:
    rules = re.sub(r"\{[^{}]*--accent:[^{}]*\}", "", STYLE)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", rules) == []


def test_a_page_carries_the_sheet_and_asks_the_network_for_nothing() -> None:
    html = page("<p>shown</p>")
    style, shown = parsed(html)
    assert style.text is not None
    assert "--accent" in style.text
    assert "".join(shown.itertext()) == "shown"
    assert not [tag for tag in ("@import", "url(", "http") if tag in html]
