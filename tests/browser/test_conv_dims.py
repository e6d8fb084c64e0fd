"""The conv-dims explorer: its controls move it, and its numbers are the engine's and Keras's."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from course import CourseError
from course import layers as L
from course.keras_bridge import ask
from course.pictures.conv_dims import keras_code
from tests.browser.explorers import nameless
from tests.browser.looks import unreadable
from tests.browser.notebook import RUNNING, Notebook

Shape = tuple[int, int, int]


class Explorer:
    """The explorer's controls and what it shows, by the names that a reader sees."""

    def __init__(self, notebook: Notebook) -> None:
        self.cell = notebook.cell("explorer").locator(".convdims-explorer")
        self.keyboard = notebook.page.keyboard
        self.mouse = notebook.page.mouse
        self.error = self.cell.get_by_role("alert")
        self.ask_keras = self.cell.get_by_role("button", name="Ask Keras for its row")

    def slider(self, label: str) -> Locator:
        named = self.cell.page.get_by_text(label, exact=True)
        return self.cell.locator(".widget-slider").filter(has=named)

    def press(self, label: str, *keys: str) -> None:
        handle = self.slider(label).get_by_role("slider")
        for key in keys:
            before = handle.get_attribute("aria-valuetext") or ""
            handle.press(key)
            expect(handle).not_to_have_attribute("aria-valuetext", before)

    def drag(self, label: str, by: int) -> int:
        """Pull the handle to the right by some pixels; the value that the slider then shows."""
        handle = self.slider(label).get_by_role("slider")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        before = handle.get_attribute("aria-valuetext") or ""
        self.mouse.move(x, y)
        self.mouse.down()
        self.mouse.move(x + by, y, steps=5)
        self.mouse.up()
        expect(handle).not_to_have_attribute("aria-valuetext", before)
        return int(handle.get_attribute("aria-valuetext") or "")

    def copies(self, layer: L.Conv2D, shape: Shape) -> None:
        """One click selects the code, whole and nothing besides."""
        self.cell.locator("pre.code").click()
        chosen = self.cell.page.evaluate("String(getSelection())")
        assert chosen.strip() == keras_code(layer, shape)

    def row(self, of: str) -> Locator:
        """The table below the heading that names the engine or Keras."""
        return self.cell.locator(f'.heading:has-text("{of}") + pre')

    def expect_numbers(self, layer: L.Conv2D, shape: Shape) -> None:
        """Wait until everything shown is what the engine and Keras say of this layer."""
        expect(self.cell.locator("pre.code")).to_have_text(keras_code(layer, shape))
        output, count = layer.output_shape(shape), layer.param_count(shape)
        expect(self.cell.get_by_role("img")).to_contain_text(" × ".join(map(str, output)))
        shown = self.cell.locator("section").filter(has_text="Output shape").locator("b")
        expect(shown).to_have_text([str(number) for number in output])
        shown = self.cell.locator("section").filter(has_text="parameters").locator("b")
        expect(shown).to_have_text([f"{count:,}"])
        expect(self.row("engine")).to_contain_text(row(output, count))
        facts = ask(layer, shape)
        expect(self.row("Keras")).to_contain_text(row(facts.output_shape, facts.param_count))


def row(shape: tuple[int, ...], count: int) -> re.Pattern[str]:
    """A row of a summary that holds this shape and this number of parameters."""
    inside = ", ".join(map(str, (None, *shape)))
    return re.compile(rf"│ \({re.escape(inside)}\) +│ +{count:,} │")


@pytest.fixture
def notebook(open_notebook: Callable[[str], Notebook]) -> Notebook:
    """Unit 07 with its explorer run and Keras not loaded."""
    opened = open_notebook("07-conv-dims")
    opened.type_into("setup", "from course.explorers import conv_dims")
    opened.run("setup")
    opened.run("explorer")
    return opened


def test_every_control_moves_the_formulas_the_code_and_both_rows(
    notebook: Notebook, shots: Path
) -> None:
    explorer = Explorer(notebook)
    expect(explorer.row("engine")).to_contain_text(row((26, 26, 8), 80))
    expect(explorer.row("Keras")).to_have_count(0)
    explorer.ask_keras.click()
    expect(explorer.row("Keras")).to_be_visible(timeout=RUNNING)
    expect(explorer.ask_keras).to_be_hidden()
    explorer.expect_numbers(L.Conv2D(8, 3, activation="relu"), (28, 28, 1))
    assert nameless(explorer.cell) == []
    explorer.copies(L.Conv2D(8, 3, activation="relu"), (28, 28, 1))
    move(explorer)
    look(notebook, explorer, f"{shots}/unit-07-explorer")
    refuse(explorer)
    look(notebook, explorer, f"{shots}/unit-07-refused")
    recover(explorer)


def move(explorer: Explorer) -> None:
    """Every control, by keyboard or by mouse."""
    explorer.press("filters", *["ArrowRight"] * 4)
    explorer.expect_numbers(L.Conv2D(12, 3, activation="relu"), (28, 28, 1))
    explorer.press("kernel_size", "ArrowRight", "ArrowRight")
    explorer.press("strides", "ArrowRight", "ArrowRight")
    explorer.expect_numbers(L.Conv2D(12, 5, strides=3, activation="relu"), (28, 28, 1))
    height, width = explorer.drag("height", 40), explorer.drag("width", 30)
    channels = explorer.drag("channels", 60)
    explorer.expect_numbers(
        L.Conv2D(12, 5, strides=3, activation="relu"), (height, width, channels)
    )
    explorer.cell.get_by_role("button", name="same").click()
    layer = L.Conv2D(12, 5, strides=3, padding="same", activation="relu")
    explorer.expect_numbers(layer, (height, width, channels))
    bias = explorer.cell.get_by_role("checkbox", name="use_bias")
    bias.press("Space")
    explorer.cell.get_by_label("activation").select_option("none")
    layer = L.Conv2D(12, 5, strides=3, padding="same", use_bias=False)
    explorer.expect_numbers(layer, (height, width, channels))
    bias.check()
    explorer.cell.get_by_label("activation").select_option("relu")


def refuse(explorer: Explorer) -> None:
    """A kernel larger than the input is explained in place of the numbers."""
    explorer.cell.get_by_role("button", name="valid").click()
    explorer.press("height", "Home")
    with pytest.raises(CourseError) as refused:
        L.Conv2D(12, 5, strides=3).output_shape((1, 28, 1))
    expect(explorer.error).to_contain_text(refused.value.problem)
    expect(explorer.error).to_contain_text(refused.value.fix)
    expect(explorer.row("Keras")).to_have_count(0)


def recover(explorer: Explorer) -> None:
    """'same' can do it, and so can a smaller kernel."""
    for label in ("width", "channels", "filters", "strides"):
        explorer.press(label, "Home")
    explorer.cell.get_by_role("button", name="same").click()
    explorer.expect_numbers(L.Conv2D(1, 5, padding="same", activation="relu"), (1, 1, 1))
    expect(explorer.error).to_have_count(0)
    explorer.cell.get_by_role("button", name="valid").click()
    expect(explorer.error).to_be_visible()
    explorer.press("kernel_size", "Home")
    explorer.expect_numbers(L.Conv2D(1, 1, activation="relu"), (1, 1, 1))
    expect(explorer.error).to_have_count(0)


def look(notebook: Notebook, explorer: Explorer, picture: str) -> None:
    """All of its text can be read in both themes; a screenshot of each."""
    notebook.scroll_to("explorer")
    for theme in notebook.themes():
        assert unreadable(explorer.cell) == []
        notebook.page.screenshot(path=f"{picture}-{theme}.png")
