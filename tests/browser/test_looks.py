"""The complaints about pictures: none about our own, and one about each fault put into a page."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from course import explorers
from course import layers as L
from course.pictures.page import page as static_page
from tests.browser.drawn import drawn_in
from tests.browser.faults import FAULTS, FAULTS_OF_SHADES, put_in
from tests.browser.looks import alike_in_both_themes, complaints

THEMES = ("light", "dark")


@pytest.fixture
def bare_page(browser: Browser) -> Iterator[Page]:
    """A page without JupyterLab, as wide as the ones that students have."""
    context = browser.new_context(viewport={"width": 1280, "height": 1500})
    yield context.new_page()
    context.close()


def shown(page: Page, name: str, theme: Any, *start: Any) -> tuple[Locator, list[str]]:
    """An explorer's first picture on the page, and its HTML as Python has drawn it."""
    page.emulate_media(color_scheme=theme)
    html = getattr(explorers, name)(*start).picture.value
    page.set_content(static_page(html))
    return page.locator(".convdims"), [html]


IMPOSSIBLE = [L.Conv2D(8, 40), L.Flatten()]


@pytest.mark.parametrize(
    ("name", "start"), [*((name, ()) for name in explorers.__all__), ("layer_stack", (IMPOSSIBLE,))]
)
def test_our_own_pictures_give_no_reason_to_complain(
    bare_page: Page, name: str, start: tuple[Any, ...]
) -> None:
    drawn = []
    for theme in THEMES:
        picture, wanted = shown(bare_page, name, theme, *start)
        assert complaints(picture, wanted, theme) == []
        drawn.append(drawn_in(picture))
    assert alike_in_both_themes(*drawn) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("fault", FAULTS | FAULTS_OF_SHADES)
def test_a_fault_put_into_a_picture_is_reported(bare_page: Page, fault: str, theme: str) -> None:
    """Into the others, too, once they are in JupyterLab: tests/browser/test_units.py."""
    picture, wanted = shown(bare_page, "stride", theme)
    put = (FAULTS | FAULTS_OF_SHADES)[fault]
    with put_in(picture, put):
        found = complaints(picture, wanted, theme)
    assert [complaint for complaint in found if put.complaint in complaint], found
    assert complaints(picture, wanted, theme) == []


def test_a_picture_that_keeps_its_colours_in_the_other_theme_is_reported(bare_page: Page) -> None:
    picture, _ = shown(bare_page, "pooling", "light")
    found = alike_in_both_themes(drawn_in(picture), drawn_in(picture))
    assert "rgb(33, 33, 33)" in " ".join(found) or "rgb(31, 35, 40)" in " ".join(found)
