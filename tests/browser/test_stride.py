"""Stride in JupyterLab: moved by mouse and keyboard, its numbers the engine's."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course.errors import CourseError
from course.pictures.stride import StrideState, reads
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course.explorers import stride\nstride({})"

Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def part(shown: Shown, name: str) -> Locator:
    return shown.root.locator(f'[data-grid="{name}"]')


def shows(shown: Shown, *state: Any, at: tuple[int, int], pixel: tuple[int, int]) -> None:
    """Wait until the picture is that of the state, and compare its numbers."""
    places = {"row": at[0], "column": at[1], "pixel_row": pixel[0], "pixel_column": pixel[1]}
    wanted = StrideState(*state, **places)
    found = reads(wanted)
    (row, column), (rows, columns) = found.at, found.windows
    here = f"Output row {row + 1} of {rows}, column {column + 1} of {columns} reads"
    expect(shown.said).to_contain_text(here)
    expect(shown.said).to_contain_text(f"Pixel in row {pixel[0] + 1}, column {pixel[1] + 1}:")
    counts = zip(found.counts.ravel().tolist(), found.inside.ravel().tolist(), strict=True)
    texts = [str(count) if inside else "" for count, inside in counts]
    expect(part(shown, "input").get_by_role("gridcell")).to_have_text(texts)
    sums = [str(value) for value in found.sums.ravel().tolist()]
    expect(part(shown, "output").get_by_role("gridcell")).to_have_text(sums)
    rings = part(shown, "output").locator(".mark.winner")
    expect(rings).to_have_count(int(found.readers.sum()))
    never = int((found.image == 0).sum())
    expect(part(shown, "input").locator(".mark.unread")).to_have_count(never)
    pixels = found.image.size
    told = (
        f"{never} of {pixels} pixels are never read" if never else f"All {pixels} pixels are read"
    )
    expect(shown.root.locator(".convdims")).to_contain_text(told)
    for step in found.layer.derivation("output_shape", wanted.image_shape).steps[:2]:
        numbers = f"{step.formula} = {step.substituted} = {step.value}"
        expect(shown.root.locator(".convdims")).to_contain_text(numbers)


def test_every_control_can_be_moved_by_keyboard(opened: Opener) -> None:
    _, shown = opened("")
    first = {"at": (0, 0), "pixel": (2, 2)}
    shows(shown, (7, 7), **first)
    shown.press("strides", "ArrowRight", "ArrowRight")
    shows(shown, (7, 7), 3, 4, **first)
    shown.press("height", "ArrowRight")
    shown.press("width", "ArrowLeft")
    shown.press("kernel_size", "ArrowLeft")
    shows(shown, (8, 6), 2, 4, **first)
    shown.root.get_by_role("button", name="same").press("Enter")
    shows(shown, (8, 6), 2, 4, "same", **first)
    shown.root.get_by_role("button", name="valid").press("Enter")
    shown.press("kernel_size", *["ArrowRight"] * 5)
    with pytest.raises(CourseError) as refused:
        reads(StrideState((8, 6), 7, 4))
    expect(shown.error).to_have_text(f"{refused.value.problem}; {refused.value.fix}")
    shown.press("kernel_size", *["ArrowLeft"] * 4)
    shows(shown, (8, 6), 3, 4, **first)
    expect(shown.error).to_have_count(0)
    assert nameless(shown.root) == []


def test_cells_chosen_by_keyboard_show_the_same_as_by_mouse(opened: Opener) -> None:
    _, shown = opened("(6, 8), (2, 3), 2, 'same'")
    state = ((6, 8), (2, 3), 2, "same")
    image, output = part(shown, "input"), part(shown, "output")
    shown.cell(output, 2, 3).click()
    expect(shown.cell(output, 2, 3)).to_be_focused()
    shown.cell(image, 4, 6).click()
    shows(shown, *state, at=(2, 3), pixel=(4, 6))
    clicked = shown.root.locator(".convdims").inner_html()
    shown.page.keyboard.press("Control+Home")
    shows(shown, *state, at=(2, 3), pixel=(0, 0))
    for key in [*["ArrowDown"] * 4, *["ArrowRight"] * 6]:
        shown.page.keyboard.press(key)
    shows(shown, *state, at=(2, 3), pixel=(4, 6))
    expect(shown.cell(image, 4, 6)).to_be_focused()
    shown.page.keyboard.press("Tab")
    expect(shown.cell(output, 2, 3)).to_be_focused()
    shown.page.keyboard.press("Control+Home")
    shows(shown, *state, at=(0, 0), pixel=(4, 6))
    for key in ["ArrowDown", "End", "ArrowDown"]:
        shown.page.keyboard.press(key)
    shows(shown, *state, at=(2, 3), pixel=(4, 6))
    assert shown.root.locator(".convdims").inner_html() == clicked
    before = image.bounding_box()
    shown.drag(image, (0, 0), (3, 7))
    shows(shown, *state, at=(2, 3), pixel=(3, 7))
    assert image.bounding_box() == before


@pytest.mark.slow
def test_the_pixels_of_a_large_image_can_be_chosen(opened: Opener) -> None:
    _, shown = opened("64, 2, 5")
    shown.drag(part(shown, "input"), (2, 2), (60, 61))
    expect(shown.said).to_contain_text("Pixel in row 61, column 62: read once.")
    shown.page.keyboard.press("ArrowLeft")
    expect(shown.said).to_contain_text("Pixel in row 61, column 61: read once.")
    shown.page.keyboard.press("ArrowLeft")
    expect(shown.said).to_contain_text("Pixel in row 61, column 60: never read.")


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened("(8, 10), (2, 3), (3, 2), 'same'")
    shown.cell(part(shown, "output"), 1, 2).click()
    expect(shown.said).to_contain_text("Output row 2 of 3, column 3 of 5")
    assert_readable_and_fitting(notebook, shown, f"{shots}/stride", 1100)
