"""Padding in JupyterLab: moved by mouse and keyboard, its numbers the engine's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course.pictures.grids import number
from course.pictures.padding import PaddingState, conventions
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import padding\npadding({})"

Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def output(shown: Shown, name: str) -> Locator:
    return shown.root.locator(f'[data-grid="{name}"]')


def shows(shown: Shown, *state: Any) -> None:
    """Wait until the picture is that of the state, and compare its numbers."""
    wanted = PaddingState(*state)
    for place, convention in enumerate(conventions(wanted)):
        panel = shown.root.locator("section").nth(place)
        expect(panel.get_by_role("heading")).to_have_text(convention.name)
        if convention.error:
            problem = f"{convention.error.problem}; {convention.error.fix}"
            expect(panel.get_by_role("alert")).to_have_text(problem)
            continue
        image = [number(value) for value in convention.padded.ravel().tolist()]
        expect(panel.get_by_role("img").locator("text")).to_have_text(image)
        values = [number(value) for value in convention.output.ravel().tolist()]
        expect(panel.get_by_role("gridcell")).to_have_text(values)
        rows, columns = convention.output.shape
        row, column = min(wanted.row, rows - 1), min(wanted.column, columns - 1)
        told = f"row {row + 1}, column {column + 1}: {values[row * columns + column]}"
        expect(panel.get_by_text(told, exact=True)).to_be_visible()
        for step in convention.layer.derivation("output_shape", (*wanted.input_shape, 1)).steps[:2]:
            expect(panel).to_contain_text(f"{step.substituted} = {step.value}")
        (top, bottom), (left, right) = convention.pads
        zeros = f"zeros: top {top}, bottom {bottom}, left {left}, right {right}"
        expect(panel).to_contain_text(zeros)


def test_every_slider_can_be_moved_by_keyboard(opened: Opener) -> None:
    _, shown = opened("(4, 4), 3, 2")
    shows(shown, 4, 3, 2, 1)
    expect(shown.said).to_contain_text("'same' and P = 1 give one size, 4 of 4 values differ.")
    shown.press("strides", "ArrowLeft")
    shows(shown, 4, 3, 1, 1)
    expect(shown.said).to_contain_text("'same' and P = 1 give one size, the same values.")
    shown.press("kernel_size", "ArrowRight")
    shown.press("P", "ArrowRight")
    shown.press("width", "ArrowRight")
    shows(shown, (4, 5), 4, 1, 2)
    shown.press("height", "ArrowLeft", "ArrowLeft")
    shown.press("P", "Home")
    shows(shown, (2, 5), 4, 1, 0)
    expect(shown.error).to_have_count(2)
    shown.press("kernel_size", "ArrowLeft", "ArrowLeft")
    shows(shown, (2, 5), 2, 1, 0)
    expect(shown.error).to_have_count(0)
    assert nameless(shown.root) == []


def test_a_cell_chosen_by_keyboard_shows_the_same_as_by_mouse(opened: Opener) -> None:
    _, shown = opened("(5, 6), (2, 3), P=(1, 2)")
    state = ((5, 6), (2, 3), 1, (1, 2))
    explicit = output(shown, "P = (1, 2)")
    shown.cell(explicit, 3, 4).click()
    shows(shown, *state, 3, 4)
    clicked = shown.root.locator(".convdims").inner_html()
    shown.page.keyboard.press("Control+Home")
    shows(shown, *state, 0, 0)
    for key in [*["ArrowDown"] * 3, *["ArrowRight"] * 4]:
        shown.page.keyboard.press(key)
    shows(shown, *state, 3, 4)
    expect(shown.cell(explicit, 3, 4)).to_be_focused()
    assert shown.root.locator(".convdims").inner_html() == clicked
    shown.page.keyboard.press("Control+Home")
    shows(shown, *state, 0, 0)
    before = output(shown, "'same'").bounding_box()
    shown.drag(output(shown, "'same'"), (0, 0), (4, 5))
    shows(shown, *state, 4, 5)
    assert output(shown, "'same'").bounding_box() == before
    expect(shown.cell(output(shown, "'same'"), 4, 5)).to_be_focused()


@pytest.mark.slow
def test_the_cells_of_a_large_image_can_be_chosen(opened: Opener) -> None:
    _, shown = opened("64, 3, 2")
    same, explicit = conventions(PaddingState(64, 3, 2, 1))[1:]
    shown.drag(output(shown, "'same'"), (2, 2), (31, 31))
    last = f"{same.output[31, 31]} with 'same', {explicit.output[31, 31]} with P = 1."
    expect(shown.said).to_contain_text(last)
    shown.page.keyboard.press("Control+Home")
    first = f"{same.output[0, 0]} with 'same', {explicit.output[0, 0]} with P = 1."
    expect(shown.said).to_contain_text(first)


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened("(4, 6), 3, 2")
    shows(shown, (4, 6), 3, 2, 1)
    assert_readable_and_fitting(notebook, shown, f"{shots}/padding", 1600)
