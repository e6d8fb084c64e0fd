"""Every unit in JupyterLab as a student meets it: untouched, right, its explorer moved by hand."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from autograder.demo.students import without_marks
from course import layers as L
from course.networks import mnist_net
from tests.browser import (
    test_convolution,
    test_fully_connected,
    test_layer_stack,
    test_padding,
    test_parameter_sharing,
    test_pooling,
    test_stride,
)
from tests.browser.explorers import Shown, nameless
from tests.browser.looks import (
    assert_looks_as_stored,
    has_the_fonts_of_the_stored,
    unreadable,
)
from tests.browser.notebook import Notebook
from tests.units.notebooks import UNITS, marked, read

pytestmark = pytest.mark.slow

Opener = Callable[[str], Notebook]


@pytest.mark.parametrize("unit", UNITS)
def test_untouched_then_right(unit: str, open_notebook: Opener) -> None:
    notebook = open_notebook(unit)
    notebook.run_each()
    for name in notebook.tests:
        assert notebook.output(name).startswith("NotAttempted: "), name
    for cell in read("source", unit).cells:
        if marked(cell, "solution") and cell.cell_type == "code":
            notebook.type_into(cell.id, without_marks(cell.source))
            notebook.run(cell.id)
    for name in notebook.tests:
        said = notebook.run(name)
        assert re.search(r"Right|right|Noted", said), f"{name}: {said}"
        assert "Wrong" not in said, f"{name}: {said}"
    expect(notebook.validate()).to_contain_text("Success! Your notebook passes all the tests.")


def fully_connected(shown: Shown) -> None:
    test_fully_connected.shows(shown, units=100)
    shown.press("height", "ArrowRight")
    test_fully_connected.shows(shown, (29, 28, 1), 100)
    shown.root.get_by_role("button", name="As many units as inputs").click()
    test_fully_connected.shows(shown, (29, 28, 1), 812)


def convolution(shown: Shown) -> None:
    test_convolution.shows(shown, 0, 0)
    shown.cell(test_convolution.output(shown), 2, 3).click()
    test_convolution.shows(shown, 2, 3)
    shown.page.keyboard.press("ArrowRight")
    test_convolution.shows(shown, 2, 4)


def padding(shown: Shown) -> None:
    test_padding.shows(shown, 5, 3, 1, 1)
    shown.press("kernel_size", "ArrowRight")
    test_padding.shows(shown, 5, 4, 1, 1)
    shown.cell(test_padding.output(shown, "'same'"), 2, 3).click()
    test_padding.shows(shown, 5, 4, 1, 1, 2, 3)


def stride(shown: Shown) -> None:
    start = test_stride.shows
    start(shown, 7, 3, 2, at=(0, 0), pixel=(2, 2))
    shown.press("strides", "ArrowRight")
    start(shown, 7, 3, 3, at=(0, 0), pixel=(2, 2))
    shown.cell(test_stride.part(shown, "output"), 1, 1).click()
    start(shown, 7, 3, 3, at=(1, 1), pixel=(2, 2))


def pooling(shown: Shown) -> None:
    test_pooling.shows(shown, 0, 0)
    shown.cell(test_pooling.grid(shown, "same"), 2, 1).click()
    test_pooling.shows(shown, 2, 1)
    shown.page.keyboard.press("ArrowUp")
    test_pooling.shows(shown, 1, 1)


def parameter_sharing(shown: Shown) -> None:
    test_parameter_sharing.shows(shown, "shared")
    shown.root.get_by_role("button", name="unshared", exact=True).click()
    test_parameter_sharing.shows(shown, "unshared")
    shown.press("filters", "ArrowRight")
    test_parameter_sharing.shows(shown, "unshared", filters=21)


def layer_stack(shown: Shown) -> None:
    layers = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 3), L.MaxPooling2D()]
    test_layer_stack.shows(shown, layers, (20, 20, 3))
    shown.cell(test_layer_stack.output(shown, "max_pooling2d_1"), 1, 1).click()
    expect(shown.said).to_contain_text("row 2, column 2 sees rows 5 to 14")
    shown.root.get_by_role("button", name="Remove").press("Enter")
    test_layer_stack.shows(shown, layers[:-1], (20, 20, 3))


def mnist(shown: Shown) -> None:
    layers = list(mnist_net())
    test_layer_stack.shows(shown, layers)
    shown.root.get_by_role("button", name="Remove").click()
    test_layer_stack.shows(shown, layers[:-1])
    shown.press("height", "ArrowRight")
    test_layer_stack.shows(shown, layers[:-1], (29, 28, 1))


PLAYED: dict[str, Callable[[Shown], None]] = {
    "01-fully-connected": fully_connected,
    "02-convolution": convolution,
    "03-padding": padding,
    "04-stride": stride,
    "05-pooling": pooling,
    "06-parameter-sharing": parameter_sharing,
    "08-model-summary": layer_stack,
    "09-train-a-cnn": mnist,
}
"""How each unit's explorer is moved. That of unit 07 has a file of its own."""


@pytest.mark.parametrize("unit", UNITS)
def test_the_explorer_of_the_unit(unit: str, open_notebook: Opener) -> None:
    notebook = open_notebook(unit)
    notebook.page.set_viewport_size({"width": 1280, "height": 1500})
    notebook.run("setup")
    cell = "explorer-lecture" if unit == "02-convolution" else "explorer"
    notebook.run(cell)
    shown = Shown(notebook.cell(cell))
    PLAYED.get(unit, lambda _: None)(shown)
    assert nameless(shown.root) == []
    for _ in notebook.themes():
        notebook.scroll_to(cell)
        assert unreadable(shown.root.locator(".convdims")) == []
    if not has_the_fonts_of_the_stored():
        pytest.skip("the stored pictures are in DejaVu Sans, which this machine does not use")
    for theme in notebook.themes():
        assert_looks_as_stored(shown.root, f"{unit}-{theme}")
