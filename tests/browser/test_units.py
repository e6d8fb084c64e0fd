"""Every unit in JupyterLab as a student meets it: untouched, right, its explorer moved by hand."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets
import pytest
from playwright.sync_api import Locator, expect

from autograder.demo.students import without_marks
from course import keras_bridge
from course import layers as L
from course.explorers.picture import Picture
from course.networks import mnist_net
from course.pictures.conv_dims import conv_dims_html
from course.pictures.convolution import ConvolutionState, convolution_html
from course.pictures.fully_connected import FullyConnectedState, fully_connected_html
from course.pictures.layer_stack import LayerStackState, layer_stack_html
from course.pictures.padding import PaddingState, padding_html
from course.pictures.page import framed, heading
from course.pictures.parameter_sharing import SharingState, parameter_sharing_html
from course.pictures.pooling import pooling_html
from course.pictures.pooling_windows import PoolingState
from course.pictures.stride import StrideState, stride_html
from course.samples import example_result
from tests.browser import (
    test_convolution,
    test_fully_connected,
    test_layer_stack,
    test_padding,
    test_parameter_sharing,
    test_pooling,
    test_stride,
)
from tests.browser.drawn import drawn_in
from tests.browser.explorers import Shown, nameless
from tests.browser.faults import FAULTS, put_in
from tests.browser.looks import alike_in_both_themes, complaints
from tests.browser.notebook import Notebook
from tests.units.notebooks import UNITS, marked, read

Opener = Callable[[str], Notebook]

CELL = {"02-convolution": "explorer-example"}
"""The cell of the explorer that is played, where it is not called `explorer`."""


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_an_untouched_unit_is_not_attempted_and_a_solved_one_is_right(
    unit: str, open_notebook: Opener
) -> None:
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


def fully_connected(shown: Shown) -> list[str]:
    test_fully_connected.shows(shown, units=100)
    shown.press("height", "ArrowRight")
    test_fully_connected.shows(shown, (29, 28, 1), 100)
    shown.root.get_by_role("button", name="As many units as inputs").click()
    test_fully_connected.shows(shown, (29, 28, 1), 812)
    return [fully_connected_html(FullyConnectedState((29, 28, 1), 812))]


def convolution(shown: Shown) -> list[str]:
    test_convolution.shows(shown, 0, 0)
    shown.cell(test_convolution.output(shown), 2, 3).click()
    test_convolution.shows(shown, 2, 3)
    shown.page.keyboard.press("ArrowRight")
    test_convolution.shows(shown, 2, 4)
    return [
        convolution_html(
            ConvolutionState(test_convolution.IMAGE, test_convolution.KERNEL, row=2, column=4)
        )
    ]


def padding(shown: Shown) -> list[str]:
    test_padding.shows(shown, 5, 3, 1, 1)
    shown.press("kernel_size", "ArrowRight")
    test_padding.shows(shown, 5, 4, 1, 1)
    shown.cell(test_padding.output(shown, "'same'"), 2, 3).click()
    test_padding.shows(shown, 5, 4, 1, 1, 2, 3)
    return [padding_html(PaddingState(5, 4, 1, 1, 2, 3))]


def stride(shown: Shown) -> list[str]:
    start = test_stride.shows
    start(shown, 7, 3, 2, at=(0, 0), pixel=(2, 2))
    shown.press("strides", "ArrowRight")
    start(shown, 7, 3, 3, at=(0, 0), pixel=(2, 2))
    shown.cell(test_stride.part(shown, "output"), 1, 1).click()
    start(shown, 7, 3, 3, at=(1, 1), pixel=(2, 2))
    return [stride_html(StrideState(7, 3, 3, "valid", 1, 1, 2, 2))]


def pooling(shown: Shown) -> list[str]:
    test_pooling.shows(shown, 0, 0)
    shown.cell(test_pooling.grid(shown, "same"), 2, 1).click()
    test_pooling.shows(shown, 2, 1)
    shown.page.keyboard.press("ArrowUp")
    test_pooling.shows(shown, 1, 1)
    return [pooling_html(PoolingState(example_result(), row=1, column=1))]


def parameter_sharing(shown: Shown) -> list[str]:
    test_parameter_sharing.shows(shown, "shared")
    shown.root.get_by_role("button", name="unshared", exact=True).click()
    test_parameter_sharing.shows(shown, "unshared")
    shown.press("filters", "ArrowRight")
    test_parameter_sharing.shows(shown, "unshared", filters=21)
    return [parameter_sharing_html(SharingState((32, 32, 3), 21, 8, 2, 1, "unshared"))]


def layer_stack(shown: Shown) -> list[str]:
    layers = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 3), L.MaxPooling2D()]
    test_layer_stack.shows(shown, layers, (20, 20, 3))
    shown.cell(test_layer_stack.output(shown, "max_pooling2d_1"), 1, 1).click()
    expect(shown.said).to_contain_text("row 2, column 2 sees rows 5 to 14")
    shown.root.get_by_role("button", name="Remove").press("Enter")
    test_layer_stack.shows(shown, layers[:-1], (20, 20, 3))
    return [layer_stack_html(LayerStackState(tuple(layers[:-1]), (20, 20, 3), 2, 1, 1))]


def mnist(shown: Shown) -> list[str]:
    layers = list(mnist_net())
    test_layer_stack.shows(shown, layers)
    shown.root.get_by_role("button", name="Remove").click()
    test_layer_stack.shows(shown, layers[:-1])
    shown.press("height", "ArrowRight")
    test_layer_stack.shows(shown, layers[:-1], (29, 28, 1))
    return [layer_stack_html(LayerStackState(tuple(layers[:-1]), (29, 28, 1), len(layers) - 2))]


def conv_dims(shown: Shown) -> list[str]:
    shown.press("filters", "ArrowRight")
    shown.press("strides", "ArrowRight")
    layer, shape = L.Conv2D(9, 3, strides=2, activation="relu"), (28, 28, 1)
    expect(shown.said).to_have_text(
        "Conv2D turns 28 × 28 × 1 into 13 × 13 × 9, with 90 parameters."
    )
    table = escape(keras_bridge.ask_summary(layer, shape))
    keras_row = f"{heading('The row that Keras prints')}<pre>{table}</pre>"
    return [conv_dims_html(layer, shape), framed(keras_row)]


PLAYED: dict[str, Callable[[Shown], list[str]]] = {
    "01-fully-connected": fully_connected,
    "02-convolution": convolution,
    "03-padding": padding,
    "04-stride": stride,
    "05-pooling": pooling,
    "06-parameter-sharing": parameter_sharing,
    "07-conv-dims": conv_dims,
    "08-model-summary": layer_stack,
    "09-train-a-cnn": mnist,
}
"""How each unit's explorer is moved, its numbers compared; what Python draws in the end."""


def test_the_explorer_of_every_unit_is_played() -> None:
    missing = sorted(set(UNITS) - set(PLAYED))
    assert not missing, (
        f"add {missing} to PLAYED in {__file__}: a function that moves the unit's explorer, "
        "compares its numbers, and returns the HTML of the pictures that Python then draws"
    )
    assert sorted(PLAYED) == UNITS, f"PLAYED has units that source/ has not: {sorted(PLAYED)}"


def explorer_cells(unit: str) -> dict[str, str]:
    """The cells of a unit that show an explorer, the one that is played first."""
    cells = [cell for cell in read("release", unit).cells if cell.cell_type == "code"]
    found = {cell.id: cell.source for cell in cells if "explorer" in cell.id}
    return dict(sorted(found.items(), key=lambda cell: cell[0] != CELL.get(unit, "explorer")))


def at_first(unit: str, source: str) -> list[str]:
    """The HTML of the pictures that Python draws for an explorer's cell."""
    (setup,) = (cell.source for cell in read("release", unit).cells if cell.id == "setup")
    scope: dict[str, Any] = {}
    exec(setup, scope)
    shown = eval(source, scope).children
    return [part.value for part in shown if isinstance(part, Picture | widgets.HTML)]


def look(notebook: Notebook, cell: str, wanted: list[str]) -> Locator:
    """Compare an explorer's pictures with Python's in both themes; where they are on the page."""
    pictures = notebook.cell(cell).locator(".convdims-explorer .convdims")
    expect(pictures).to_have_count(len(wanted))
    seen = []
    for theme in notebook.themes():
        notebook.scroll_to(cell)
        assert complaints(pictures, wanted, theme) == []
        seen.append([element for picture in pictures.all() for element in drawn_in(picture)])
    assert alike_in_both_themes(*seen) == []
    return pictures


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_the_explorers_of_the_unit_look_as_python_has_drawn_them(
    unit: str, open_notebook: Opener
) -> None:
    notebook = open_notebook(unit)
    notebook.page.set_viewport_size({"width": 1280, "height": 1500})
    notebook.run("setup")
    cells = explorer_cells(unit)
    for cell, source in cells.items():
        notebook.run(cell)
        look(notebook, cell, at_first(unit, source))
    first = next(iter(cells))
    shown = Shown(notebook.cell(first))
    wanted = PLAYED[unit](shown)
    assert nameless(shown.root) == []
    pictures = look(notebook, first, wanted)
    for fault in FAULTS.values():
        with put_in(pictures.first, fault):
            found = complaints(pictures, wanted, "light")
        assert [complaint for complaint in found if fault.complaint in complaint], found
