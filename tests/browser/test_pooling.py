"""Pooling in JupyterLab: moved by mouse and keyboard, its numbers the engine's."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from course import samples
from course.forward import average_pool, max_pool
from course.pictures.grids import number
from course.pictures.page import page as static_page
from course.samples import example_result
from tests.browser.explorers import Shown, made_notebook, nameless
from tests.browser.looks import unreadable
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import pooling\npooling({})"
FITS = """root => [...root.querySelectorAll('.convdims > *, .parts > *, .line > *')]
  .every(part => part.scrollWidth <= part.clientWidth + 1)"""

Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""

    def run(arguments: str = "", before: str = "") -> tuple[Notebook, Shown]:
        notebook = made_notebook(page, server, {"explorer": before + START.format(arguments)})
        notebook.run("explorer")
        return notebook, Shown(notebook.cell("explorer"))

    return run


def grid(shown: Shown, name: str) -> Locator:
    return shown.root.locator(f'[data-grid="{name}"]')


def shows(shown: Shown, row: int, column: int, **state: Any) -> None:
    """Wait until the picture is that of this output cell, and compare its numbers."""
    arguments = {"image": example_result(), "pool_size": 2, "strides": None} | state
    pool = {"max": max_pool, "average": average_pool}[arguments.pop("kind", "max")]
    expect(shown.said).to_contain_text(f"Output row {row + 1}, column {column + 1}.")
    for padding in ("valid", "same"):
        output = pool(**arguments, padding=padding)[..., 0]
        texts = [number(value) for value in output.ravel().tolist()]
        expect(grid(shown, padding).locator("text")).to_have_text(texts)
        part = shown.root.locator(".part", has=shown.page.locator(f'[data-grid="{padding}"]'))
        window = grid(shown, f"{padding} input").locator(".mark.window")
        if row < output.shape[0] and column < output.shape[1]:
            value = number(output[row, column].item())
            expect(shown.said).to_contain_text(re.compile(f"'{padding}': [^.]* is {value}\\."))
            expect(part.locator(".total b")).to_have_text(value)
            expect(window).to_have_count(1)
        else:
            expect(part.locator(".total")).to_have_text("no window here")
            expect(window).to_have_count(0)


def test_the_examples_results_are_pooled_with_both_paddings(opened: Opener) -> None:
    _, shown = opened()
    shows(shown, 0, 0)
    totals = shown.root.locator(".total")
    expect(totals).to_have_text(["max(5849, 7463, 5580, 7161) = 7463"] * 2)
    expect(grid(shown, "valid").locator("text")).to_have_text(["7463", "7902", "7301", "6804"])
    expect(shown.root.get_by_text("Never read: row 5 and column 5.")).to_be_visible()
    assert nameless(shown.root) == []


def test_a_cell_chosen_by_keyboard_shows_the_same_as_by_mouse(opened: Opener) -> None:
    _, shown = opened()
    shown.page.mouse.click(*shown.place(grid(shown, "valid"), 1, 0))
    shows(shown, 1, 0)
    shown.cell(grid(shown, "same"), 1, 1).click()
    shows(shown, 1, 1)
    clicked = shown.root.locator(".convdims").inner_html()
    shown.page.keyboard.press("Control+Home")
    shows(shown, 0, 0)
    for key in ("ArrowDown", "ArrowRight"):
        shown.page.keyboard.press(key)
    shows(shown, 1, 1)
    assert shown.root.locator(".convdims").inner_html() == clicked
    shown.page.keyboard.press("Control+End")
    shows(shown, 2, 2)
    shown.drag(grid(shown, "same input"), (4, 4), (2, 3), (0, 2))
    shows(shown, 0, 1)
    shown.drag(grid(shown, "valid input"), (3, 0))
    shows(shown, 1, 0)


def test_every_control_by_keyboard(opened: Opener) -> None:
    _, shown = opened()
    shown.root.get_by_role("button", name="average").press("Enter")
    shows(shown, 0, 0, kind="average")
    shown.press("pool_size", "ArrowRight")
    shows(shown, 0, 0, kind="average", pool_size=3)
    shown.pick("strides", "1")
    shows(shown, 0, 0, kind="average", pool_size=3, strides=1)
    shown.root.get_by_role("button", name="max").press("Enter")
    shown.pick("image", "the 7x9x3 example")
    expect(shown.slider("channel")).to_have_attribute("aria-valuemax", "3.0")
    shown.press("channel", "ArrowRight")
    image = samples.example_image()[..., 1:2]
    shows(shown, 0, 0, image=image, pool_size=3, strides=1)
    expect(shown.said).to_contain_text("Channel 2 of 3")


@pytest.mark.slow
def test_what_cannot_be_is_explained_in_place_and_undone(opened: Opener) -> None:
    _, shown = opened("pool_size=(2, 6)")
    expect(shown.error).to_contain_text("window 6 is larger than width 5")
    expect(grid(shown, "same").locator("text")).to_have_text(["7902", "7450", "6917"])
    shown.press("F_w", *["ArrowLeft"] * 4)
    shows(shown, 0, 0)
    expect(shown.error).to_have_count(0)


@pytest.mark.slow
def test_large_and_tiny_images(opened: Opener) -> None:
    _, shown = opened("np.arange(64 * 64).reshape(64, 64) % 251, 3", "import numpy as np\n")
    shown.drag(grid(shown, "valid input"), (10, 10), (61, 40))
    expect(shown.said).to_contain_text("Output row 21, column 14.")
    output = (60 * 64 + 39 + (2 * 64 + 2)) % 251
    assert output > 130  # no wrap-around inside the window, so its last value is the largest
    expect(shown.root.locator(".total b").first).to_have_text(str(output))
    shown.page.keyboard.press("ArrowUp")
    expect(shown.said).to_contain_text("Output row 20, column 14.")
    _, shown = opened("[[5]], 1")
    shows(shown, 0, 0, image=[[[5]]], pool_size=1)


@pytest.mark.slow
def test_looks(opened: Opener, shots: Path) -> None:
    notebook, shown = opened()
    shown.cell(grid(shown, "same"), 1, 2).click()
    shows(shown, 1, 2)
    for theme in notebook.themes():
        notebook.scroll_to("explorer")
        assert unreadable(shown.root.locator(".convdims")) == []
        notebook.page.screenshot(path=shots / f"pooling-{theme}.png", animations="disabled")
    notebook.page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.page.set_viewport_size({"width": 512, "height": 1300})
    width = shown.root.locator(".convdims").bounding_box()
    assert width is not None
    assert width["width"] < 400
    assert shown.root.evaluate(FITS)
    notebook.page.screenshot(path=shots / "pooling-narrow.png", animations="disabled")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_bare_page_can_be_read_in_light_and_dark(browser: Browser, scheme: Any) -> None:
    from course.explorers import pooling

    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.set_content(static_page(pooling().picture.value))
    assert unreadable(page.locator(".convdims")) == []
    context.close()
