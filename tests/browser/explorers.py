"""An explorer in a notebook made for one test: what it shows, and how a reader moves it."""

import json
import re
from collections.abc import Mapping
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.browser.looks import unreadable
from tests.browser.notebook import Notebook
from tests.browser.server import Server

# JupyterLab says that a kernel is idle before it would take a cell.
CONNECTED = """() => {
  const session = window.jupyterapp.shell.currentWidget?.sessionContext;
  const kernel = session?.isReady && session.session?.kernel;
  return kernel && kernel.connectionStatus === "connected" && kernel.info && true;
}"""


def made_notebook(page: Page, server: Server, cells: Mapping[str, str]) -> Notebook:
    """A new notebook of code cells, by their ids, open in JupyterLab."""
    name = f"made-{uuid4().hex[:8]}"
    written = [
        {
            "id": cell,
            "cell_type": "code",
            "source": source,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for cell, source in cells.items()
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {
        "cells": written,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (server.course / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    opened = Notebook(page, server, f"{name}.ipynb", workspace=name)
    page.wait_for_function(CONNECTED)
    return opened


def open_explorer(
    page: Page, server: Server, start: str, arguments: str = "", *before: str
) -> tuple[Notebook, "Shown"]:
    """An explorer run in a new notebook, with a cell after it, and what it shows.

    `start` is the code with {} for the arguments, `before` are lines that go before it.
    """
    code = "\n".join([*before, start.format(arguments)])
    notebook = made_notebook(page, server, {"explorer": code, "after": ""})
    notebook.run("explorer")
    return notebook, Shown(notebook.cell("explorer"))


class Shown:
    """One explorer on the page, by the names that a reader sees or a screen reader says."""

    def __init__(self, cell: Locator) -> None:
        self.page = cell.page
        self.root = cell.locator(".convdims-explorer")
        self.error = self.root.get_by_role("alert")
        self.said = self.root.get_by_role("status")
        expect(self.root).to_be_visible()

    def slider(self, label: str) -> Locator:
        return self.root.get_by_role("slider", name=label, exact=True)

    def press(self, label: str, *keys: str) -> None:
        """Move a slider by keyboard, waiting for it after each key."""
        handle = self.slider(label)
        for key in keys:
            before = handle.get_attribute("aria-valuetext") or ""
            handle.press(key)
            expect(handle).not_to_have_attribute("aria-valuetext", before)

    def pick(self, label: str, option: str) -> None:
        self.root.get_by_label(label, exact=True).select_option(option)

    def grid(self, label: str | re.Pattern[str]) -> Locator:
        """A grid whose cells can be reached by keyboard."""
        return self.root.get_by_role("grid", name=label)

    def picture_of(self, label: str | re.Pattern[str]) -> Locator:
        """A grid that is only looked at, or pointed at."""
        return self.root.get_by_role("img", name=label)

    def cell(self, grid: Locator, row: int, column: int) -> Locator:
        return grid.locator(f'[data-row="{row}"][data-column="{column}"]')

    def place(self, grid: Locator, row: int, column: int) -> tuple[float, float]:
        """Where on the page a cell of any grid has its middle; rows and columns from 0."""
        grid.scroll_into_view_if_needed()
        box = grid.locator(".cells").bounding_box()
        rows, columns = (int(grid.get_attribute(f"data-{n}") or 1) for n in ("rows", "columns"))
        assert box is not None
        return (
            box["x"] + (column + 0.5) / columns * box["width"],
            box["y"] + (row + 0.5) / rows * box["height"],
        )

    def drag(self, grid: Locator, *path: tuple[int, int]) -> None:
        """Press on the first cell of the path, move over the others, let go on the last."""
        mouse = self.page.mouse
        for step, (row, column) in enumerate(path):
            mouse.move(*self.place(grid, row, column), steps=4)
            if step == 0:
                mouse.down()
        mouse.up()


FITS = """root => [...root.querySelectorAll(
  '.convdims > *, .parts > *, .line > *, .bars > *, .abreast > *, section > *'
)].filter(part => part.scrollWidth > part.clientWidth + 1)
.map(part => part.outerHTML.slice(0, 60))"""


def assert_readable_and_fitting(
    notebook: Notebook, shown: Shown, pictures: str, height: int
) -> None:
    """Its text has contrast in both themes, and on a narrow page it all fits; with screenshots.

    `pictures` is where these begin, `height` that of the narrow page.
    """
    for theme in notebook.themes():
        notebook.scroll_to("explorer")
        assert unreadable(shown.root.locator(".convdims")) == []
        notebook.page.screenshot(path=f"{pictures}-{theme}.png", animations="disabled")
    notebook.page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.page.set_viewport_size({"width": 512, "height": height})
    narrow = "() => document.querySelector('.convdims').clientWidth < 400"
    notebook.page.wait_for_function(narrow)
    assert shown.root.evaluate(FITS) == []
    notebook.page.screenshot(path=f"{pictures}-narrow.png", animations="disabled")


# Names as browsers reckon them, as far as ipywidgets and these pictures use them.
NAMELESS = """
root => [...root.querySelectorAll(
  'button, select, input, [tabindex="0"], [contenteditable="true"]'
)].filter(element => element.checkVisibility()).filter(element => !(
  element.getAttribute('aria-label') || element.title || element.textContent.trim()
  || element.labels?.length
) || (element.isContentEditable && !element.getAttribute('aria-label')))
.map(element => element.outerHTML.slice(0, 120))
"""


def nameless(root: Locator) -> list[str]:
    """What the keyboard reaches and a screen reader could not name."""
    found: list[str] = root.evaluate(NAMELESS)
    return found
