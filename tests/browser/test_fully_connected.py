"""The fully connected explorer in JupyterLab: moved by mouse and keyboard, the engine's counts."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course import layers as L
from course.errors import CourseError
from course.trace import memory_size
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import fully_connected\nfully_connected({})"
Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def shows(
    shown: Shown,
    shape: tuple[int, int, int] = (28, 28, 1),
    units: int = 784,
    filters: int = 4,
    kernel_size: int = 3,
) -> None:
    """Wait until both layers are those of the state, and compare their numbers."""
    (inputs,) = L.Flatten().output_shape(shape)
    dense, conv = L.Dense(units), L.Conv2D(filters, kernel_size)
    weights = dense.weight_count((inputs,))
    expect(shown.said).to_contain_text(f"{' × '.join(map(str, shape))} = {inputs:,} input")
    expect(shown.said).to_contain_text(f"{weights:,} weight")
    expect(shown.said).to_contain_text(f"{memory_size(4 * weights)}.")
    counts = [dense.param_count((inputs,)), conv.param_count(shape)]
    expect(shown.root.locator(".bar p > b")).to_have_text([f"{count:,}" for count in counts])
    expect(shown.root.locator(".bar code")).to_have_text([repr(dense), repr(conv)])
    expect(shown.picture_of(f"a fully connected layer on {inputs:,} inputs")).to_be_visible()


def test_every_control_can_be_moved_by_keyboard(opened: Opener) -> None:
    _, shown = opened()
    shows(shown)
    shown.press("height", "ArrowRight", "ArrowRight")
    shown.press("width", "ArrowLeft")
    shown.press("channels", "ArrowRight")
    shows(shown, (30, 27, 2))
    shown.root.get_by_role("button", name="As many units as inputs").press("Enter")
    shows(shown, (30, 27, 2), 1620)
    shown.press("units", "ArrowRight")
    shows(shown, (30, 27, 2), 2000)
    shown.press("filters", "ArrowRight")
    shown.press("kernel_size", "ArrowLeft")
    shows(shown, (30, 27, 2), 2000, 5, 2)
    assert nameless(shown.root) == []


def test_the_mouse_shows_the_same_as_the_keyboard(opened: Opener) -> None:
    _, shown = opened()
    shown.press("height", "End")
    shown.root.get_by_role("button", name="As many units as inputs").press("Enter")
    shows(shown, (500, 28, 1), 14_000)
    pressed = shown.root.locator(".convdims").inner_html()
    shown.press("height", "Home")
    expect(shown.said).to_contain_text("1 × 28 × 1 = 28 inputs")
    handle = shown.slider("height")
    box = handle.bounding_box()
    assert box is not None
    mouse = shown.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + 400, box["y"] + box["height"] / 2, steps=6)
    mouse.up()
    shown.root.get_by_role("button", name="As many units as inputs").click()
    shows(shown, (500, 28, 1), 14_000)
    assert shown.root.locator(".convdims").inner_html() == pressed


@pytest.mark.slow
def test_what_cannot_be_is_explained_in_place_and_undone(opened: Opener) -> None:
    _, shown = opened("(1, 1, 1), 1, kernel_size=2")
    with pytest.raises(CourseError) as refused:
        L.Conv2D(4, 2).output_shape((1, 1, 1))
    expect(shown.error).to_have_text(f"{refused.value.problem}; {refused.value.fix}")
    expect(shown.said).to_contain_text("1 input, joined to 1 unit: 1 weight")
    shown.press("kernel_size", "ArrowLeft")
    expect(shown.error).to_have_count(0)
    shows(shown, (1, 1, 1), 1, 4, 1)


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened("(400, 500, 3), 792_816")
    shows(shown, (400, 500, 3), 792_816)
    expect(shown.root.get_by_text("475,689,600,000 weights")).to_be_visible()
    assert_readable_and_fitting(notebook, shown, f"{shots}/fully-connected", 1300)
