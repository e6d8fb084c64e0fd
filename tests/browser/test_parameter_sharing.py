"""Parameter sharing in JupyterLab: the dial and the sliders, and the engine's three counts."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from course import layers as L
from course.pictures.connections import SHARINGS, connection_counts
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import parameter_sharing\nparameter_sharing({})"
QUIZ = {"filters": 20, "kernel_size": 8, "strides": 2, "padding": 1}
Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def counts(shape: tuple[int, ...], **arguments: Any) -> dict[str, int]:
    """The parameters of the three layers, asked of the engine apart from the picture."""
    conv = L.Conv2D(**arguments)
    (inputs,), (units,) = (
        L.Flatten().output_shape(volume) for volume in (shape, conv.output_shape(shape))
    )
    found = (
        L.Dense(units).param_count((inputs,)),
        L.LocallyConnected2D(**arguments).param_count(shape),
        conv.param_count(shape),
    )
    return dict(zip(SHARINGS, found, strict=True))


def shows(
    shown: Shown, sharing: str, shape: tuple[int, ...] = (32, 32, 3), **arguments: Any
) -> None:
    """Wait until this way of sharing is shown, and compare the numbers."""
    found = counts(shape, **QUIZ | arguments)
    expect(shown.said).to_contain_text(f"{sharing.capitalize()}: {found[sharing]:,} parameters.")
    written = [f"{count:,}" for count in found.values()]
    expect(shown.root.locator(".bar p > b")).to_have_text(written)
    expect(shown.root.locator(".bar.chosen")).to_contain_text(f"{found[sharing]:,} parameters")
    picture = shown.picture_of(f"{sharing}: 6 inputs and 4 outputs, {connection_counts(sharing)}")
    expect(picture).to_be_visible()
    different = {"fully connected": 24, "unshared": 12, "shared": 3}[sharing]
    names = picture.locator(".over").all_text_contents()
    assert len(set(names)) == different
    lengths = [bar.bounding_box() for bar in shown.root.locator(".bar rect").all()]
    widths = [box["width"] for box in lengths if box]
    assert sorted(widths, reverse=True) == widths


def test_the_dial_shows_the_same_by_mouse_and_by_keyboard(opened: Opener) -> None:
    _, shown = opened()
    shows(shown, "shared")
    expect(shown.said).to_contain_text("14 × 14 = 196")
    for sharing in ("fully connected", "unshared"):
        shown.root.get_by_role("button", name=sharing, exact=True).click()
        shows(shown, sharing)
        clicked = shown.root.locator(".convdims").inner_html()
        shown.root.get_by_role("button", name="shared", exact=True).click()
        shows(shown, "shared")
        shown.root.get_by_role("button", name=sharing, exact=True).press("Enter")
        shows(shown, sharing)
        assert shown.root.locator(".convdims").inner_html() == clicked
    assert nameless(shown.root) == []


def test_every_slider_can_be_moved_by_keyboard(opened: Opener) -> None:
    _, shown = opened()
    shown.press("height", "ArrowRight")
    shows(shown, "shared", (33, 32, 3))
    shown.press("width", "ArrowLeft")
    shown.press("depth", "ArrowLeft")
    shows(shown, "shared", (33, 31, 2))
    state = {"filters": 21, "kernel_size": 7, "strides": 3, "padding": 0}
    for name, value in state.items():
        shown.press(name, "ArrowRight" if value > QUIZ[name] else "ArrowLeft")
    shows(shown, "shared", (33, 31, 2), **state)


@pytest.mark.slow
def test_what_cannot_be_is_explained_in_place_and_undone(opened: Opener) -> None:
    _, shown = opened("(4, 9, 3), kernel_size=(5, 3), padding=0")
    expect(shown.error).to_contain_text("window 5 is larger than height 4")
    shown.press("F_h", "ArrowLeft")
    expect(shown.error).to_have_count(0)
    shows(shown, "shared", (4, 9, 3), kernel_size=(4, 3), padding=0)


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened("(400, 500, 3), 4, 3, 1, 0")
    shown.root.get_by_role("button", name="fully connected").click()
    large = {"filters": 4, "kernel_size": 3, "strides": 1, "padding": 0}
    shows(shown, "fully connected", (400, 500, 3), **large)
    expect(shown.root.get_by_text("475,689,600,000 weights")).to_be_visible()
    assert_readable_and_fitting(notebook, shown, f"{shots}/parameter-sharing", 1300)
