"""Pooling in JupyterLab: moved by mouse and keyboard, its numbers the engine's."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course import samples
from course.forward import average_pool, max_pool
from course.pictures.grids import number
from course.samples import example_result
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import pooling\npooling({})"
Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


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


def test_every_control_can_be_moved_by_keyboard(opened: Opener) -> None:
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
def test_a_large_image_and_a_tiny_one_can_be_explored(opened: Opener) -> None:
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
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened()
    shown.cell(grid(shown, "same"), 1, 2).click()
    shows(shown, 1, 2)
    assert_readable_and_fitting(notebook, shown, f"{shots}/pooling", 1300)
