"""Convolution by numbers in JupyterLab: moved by mouse and keyboard, its numbers the engine's."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import numpy as np
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from course import samples
from course.errors import CourseError
from course.pictures.convolution import ConvolutionState, worked
from course.pictures.grids import number
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import OPENING, Notebook
from tests.browser.server import Server

START = "from course.explorers import convolution\nconvolution({})"
IMAGE, KERNEL = samples.example_image(), samples.example_filter()

Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def output(shown: Shown) -> Locator:
    return shown.grid(re.compile("output"))


def image(shown: Shown, channel: int = 1) -> Locator:
    return shown.picture_of(f"channel {channel} of the image")


def shows(shown: Shown, row: int, column: int, **state: Any) -> None:
    """Wait until the picture is that of this output cell, and compare its numbers."""
    arguments = {"image": IMAGE, "kernel": KERNEL} | state
    work = worked(ConvolutionState(row=row, column=column, **arguments))
    rows, columns = work.output.shape
    here = f"Output row {row + 1} of {rows}, column {column + 1} of {columns}:"
    expect(shown.said).to_contain_text(here)
    expect(shown.said).to_contain_text(f"The sum is {number(work.output[row, column].item())}.")
    cells = [number(value) for value in work.output.ravel().tolist()]
    expect(output(shown).get_by_role("gridcell")).to_have_text(cells)
    chosen = output(shown).get_by_role("gridcell", selected=True)
    expect(chosen).to_have_attribute("data-row", str(row))
    expect(chosen).to_have_attribute("data-column", str(column))
    products = np.moveaxis(work.products, -1, 0).ravel().tolist()
    expect(shown.root.locator(".products b")).to_have_text([number(p) for p in products])
    for place, total in enumerate(work.sums.tolist()):
        told = shown.root.get_by_text(f"sum of channel {place + 1}: {number(total)}", exact=True)
        expect(told).to_be_visible()


def test_the_7x9x3_example_is_written_out(opened: Opener) -> None:
    _, shown = opened()
    shows(shown, 0, 0)
    expect(shown.root.locator(".total")).to_have_text("1841 + 2019 + 1989 + 0 = 5849")
    first = shown.root.locator(".products").first.locator("span").first
    expect(first).to_have_text("58 × 5290")
    for channel in range(3):
        values = [str(value) for value in IMAGE[..., channel].ravel()]
        expect(image(shown, channel + 1).locator("text")).to_have_text(values)


def test_a_cell_chosen_by_keyboard_shows_the_same_as_by_mouse(opened: Opener) -> None:
    _, shown = opened("strides=2, padding='same'")
    same = {"strides": 2, "padding": "same"}
    shown.cell(output(shown), 2, 3).click()
    shows(shown, 2, 3, **same)
    clicked = shown.root.locator(".convdims").inner_html()
    shown.cell(output(shown), 0, 0).click()
    shows(shown, 0, 0, **same)
    for key in ["ArrowDown", "ArrowDown", *["ArrowRight"] * 3]:
        shown.page.keyboard.press(key)
    shows(shown, 2, 3, **same)
    assert shown.root.locator(".convdims").inner_html() == clicked


KEYS = {
    "ArrowUp": (1, 3),
    "ArrowLeft": (2, 2),
    "Home": (2, 0),
    "End": (2, 6),
    "PageUp": (0, 3),
    "PageDown": (4, 3),
    "Control+Home": (0, 0),
    "Control+End": (4, 6),
}
"""Where each key leads to from row 3, column 4."""


def test_each_key_leads_to_the_cell_that_it_does_in_any_grid(opened: Opener) -> None:
    _, shown = opened()
    for key, place in KEYS.items():
        shown.cell(output(shown), 2, 3).click()
        shows(shown, 2, 3)
        shown.page.keyboard.press(key)
        shows(shown, *place)
        expect(shown.cell(output(shown), *place)).to_be_focused()


@pytest.mark.slow
def test_the_window_is_dragged_over_the_image(opened: Opener) -> None:
    _, shown = opened()
    shown.drag(image(shown, 2), (1, 1), (4, 5))
    shows(shown, 3, 4)
    shown.drag(image(shown), (4, 5), (6, 8))
    shows(shown, 4, 6)
    shown.page.keyboard.press("ArrowLeft")
    shows(shown, 4, 5)


def test_every_control_can_be_moved_by_keyboard(opened: Opener) -> None:
    _, shown = opened("image=[[1, 2, 3, 4]] * 6, bias=-7")
    mine = np.array([[1, 2, 3, 4]] * 6)
    example = samples.example_filter(depth=1)
    shows(shown, 0, 0, image=mine, kernel=example, bias=-7)
    shown.press("strides", "ArrowRight")
    shows(shown, 0, 0, image=mine, kernel=example, bias=-7, strides=2)
    shown.press("strides", "ArrowLeft")
    shown.root.get_by_role("button", name="same").press("Enter")
    shown.press("dilation", "ArrowRight")
    state = {"padding": "same", "dilation_rate": 2, "bias": -7}
    shows(shown, 0, 0, image=mine, kernel=example, **state)
    shown.pick("filter", "vertical edge")
    shown.press("filter size", "ArrowRight", "ArrowRight")
    shows(shown, 0, 0, image=mine, kernel=samples.vertical_edge(5, 1), **state)
    shown.pick("image", "the 7x9x3 example")
    shows(shown, 0, 0, kernel=samples.vertical_edge(5, 3), **state)
    shown.root.get_by_role("button", name="Next").press("Enter")
    shows(shown, 0, 1, kernel=samples.vertical_edge(5, 3), **state)
    shown.root.get_by_role("button", name="Back").press("Enter")
    shows(shown, 0, 0, kernel=samples.vertical_edge(5, 3), **state)


@pytest.mark.slow
def test_playing_fills_the_output_cell_by_cell(opened: Opener) -> None:
    _, shown = opened()
    play = shown.root.get_by_role("button", name="Play or pause")
    play.click()
    expect(shown.said).to_contain_text("Output row 1 of 5, column 3 of 7")
    texts = output(shown).locator("text")
    assert texts.nth(34).text_content() == ""
    assert texts.nth(0).text_content() == "5849"
    play.click()
    expect(texts.nth(34)).to_have_text("6179")
    shown.root.get_by_role("button", name="Stop").click()
    shows(shown, 0, 0)
    whole = shown.root.get_by_role("checkbox")
    whole.uncheck()
    expect(texts.nth(1)).to_have_text("")
    shown.root.get_by_role("button", name="Next").click()
    expect(texts.nth(1)).to_have_text("7463")


def test_what_cannot_be_is_explained_in_place_and_undone(opened: Opener) -> None:
    _, shown = opened("image=[[1, 2], [3, 4]]")
    with pytest.raises(CourseError) as refused:
        worked(ConvolutionState([[1, 2], [3, 4]], KERNEL[..., :1]))
    expect(shown.error).to_have_text(f"{refused.value.problem}; {refused.value.fix}")
    expect(output(shown)).to_have_count(0)
    shown.pick("image", "the 7x9x3 example")
    shows(shown, 0, 0)
    shown.press("strides", "ArrowRight")
    shown.press("dilation", "ArrowRight")
    expect(shown.error).to_contain_text("both above 1")
    shown.press("strides", "ArrowLeft")
    shows(shown, 0, 0, dilation_rate=2)
    expect(shown.error).to_have_count(0)


@pytest.mark.slow
def test_a_large_image_and_a_tiny_one_can_be_explored(opened: Opener) -> None:
    _, shown = opened(
        "np.arange(64 * 64).reshape(64, 64) % 251, [[1, 0, -1]] * 3", "import numpy as np"
    )
    large = np.arange(64 * 64).reshape(64, 64) % 251
    work = worked(ConvolutionState(large, [[1, 0, -1]] * 3, row=61, column=40))
    shown.drag(image(shown), (10, 10), (63, 41))
    expect(shown.said).to_contain_text("Output row 62 of 62, column 41 of 62")
    expect(shown.said).to_contain_text(f"The sum is {number(work.output[61, 40].item())}.")
    shown.page.keyboard.press("ArrowUp")
    expect(shown.said).to_contain_text("Output row 61 of 62, column 41 of 62")
    _, shown = opened("[[5]], [[3]]")
    shows(shown, 0, 0, image=[[5]], kernel=[[3]])


@pytest.mark.slow
def test_a_key_held_down_skips_old_states(opened: Opener) -> None:
    """With a kernel that needs a tenth of a second for each, 58 presses don't queue up."""
    arguments = "np.ones((60, 60)), np.ones((1, 1)), dilation_rate=1"
    before = (
        "import numpy as np, time",
        "from course.explorers.picture import Picture",
        "drawn = []",
        "def slow(change):",
        "    time.sleep(0.1)",
        "    drawn.append(change)",
        "make = Picture.__init__",
        "def made(self, **traits):",
        "    make(self, **traits)",
        "    self.observe(slow, 'value')",
        "Picture.__init__ = made",
    )
    notebook, shown = opened(arguments, *before)
    current = output(shown).locator('[tabindex="0"]')
    current.focus()
    for _ in range(58):
        shown.page.keyboard.press("ArrowRight")
    expect(shown.said).to_contain_text("column 59 of 60")
    notebook.type_into("after", "len(drawn)")
    assert int(notebook.run("after").strip()) < 40


@pytest.mark.slow
def test_everything_that_takes_the_keyboard_has_a_name(opened: Opener) -> None:
    _, shown = opened()
    expect(shown.slider("strides")).to_be_visible()
    assert nameless(shown.root) == []


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened("padding='same', dilation_rate=2")
    shown.cell(output(shown), 3, 4).click()
    shows(shown, 3, 4, padding="same", dilation_rate=2)
    assert_readable_and_fitting(notebook, shown, f"{shots}/convolution", 900)


@pytest.mark.parametrize("kept", ["state", "no state"])
def test_a_converted_notebook_shows_the_picture_once(
    browser: Browser, tmp_path: Path, kept: str
) -> None:
    """On a page without a kernel and without the network, whatever nbconvert makes of it."""
    cells = [nbformat.v4.new_code_cell(START.format(""))]
    notebook = nbclient.NotebookClient(nbformat.v4.new_notebook(cells=cells)).execute()
    if kept == "no state":
        del notebook.metadata["widgets"]
    path = tmp_path / "page.html"
    path.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    expect(page.get_by_role("gridcell", name="5849")).to_have_count(1)
    expect(page.get_by_role("gridcell", name="5849")).to_be_visible()
    context.close()


@pytest.mark.slow
def test_a_notebook_opened_again_shows_the_picture(
    opened: Opener, server: Server, context: BrowserContext
) -> None:
    """The kernel that knew the widget is gone; JupyterLab alone would say 'model not found'."""
    _, shown = opened()
    shows(shown, 0, 0)
    dirty = shown.page.locator(".jp-mod-current.jp-mod-dirty")
    shown.page.keyboard.press("ControlOrMeta+s")
    expect(dirty).to_have_count(0)
    address = shown.page.url
    shown.page.close()
    server.end_kernels()
    again = context.new_page()  # one that may log JupyterLab's error
    again.goto(address)
    cell = again.locator(".jp-Cell").first
    expect(cell.get_by_role("gridcell", name="5849")).to_be_visible(timeout=OPENING)
    expect(cell.get_by_role("gridcell", name="5849")).to_have_count(1)
    expect(cell.get_by_text("model not found")).to_be_hidden()
    expect(cell.get_by_role("slider")).to_have_count(0)
    again.close()
