"""The layer stack in JupyterLab: layers added, moved and changed, and the engine's table."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from course import Stack
from course import layers as L
from course.errors import CourseError
from course.pictures.receptive_field import pixels_seen
from tests.browser.explorers import Shown, assert_readable_and_fitting, nameless, open_explorer
from tests.browser.notebook import Notebook
from tests.browser.server import Server

START = "from course import layers as L\nfrom course.explorers import layer_stack\nlayer_stack({})"
MNIST = [L.Conv2D(32, 3), L.MaxPooling2D(), L.Conv2D(64, 3), L.MaxPooling2D()]
Opener = Callable[..., tuple[Notebook, Shown]]


@pytest.fixture
def opened(page: Page, server: Server) -> Opener:
    """Run the explorer with these arguments in a new notebook."""
    return partial(open_explorer, page, server, START)


def output(shown: Shown, name: str) -> Locator:
    return shown.root.get_by_role("grid", name=f"output of {name},")


def shows(shown: Shown, layers: Iterable[L.Layer], shape: tuple[int, ...] = (28, 28, 1)) -> None:
    """Wait until the table is that of the stack, and compare its numbers."""
    trace = Stack(list(layers)).trace(shape)
    table = shown.root.locator("table.stack tbody tr")
    expect(table).to_have_count(len(trace))
    for at, row in enumerate(trace):
        cells = table.nth(at).locator("td")
        expect(table.nth(at).locator("th")).to_contain_text(f"{at + 1}. {row.name}")
        expect(cells.nth(0)).to_have_text(" × ".join(map(str, row.output_shape)))
        expect(cells.nth(1)).to_have_text(f"{row.param_count:,}")
        expect(cells.nth(2)).to_have_text(f"{row.macs:,}")
        field = row.receptive_field
        pair = field if isinstance(field, tuple) else (field, field)
        expect(cells.nth(4)).to_have_text(f"{pair[0]} × {pair[1]}")
    expect(shown.root.locator(".total b")).to_have_text(f"{trace.param_count:,}")


def sees(shown: Shown, layers: list[L.Layer], place: int, row: int, column: int) -> None:
    """Wait until this unit's receptive field is said and drawn."""
    rows = Stack(layers).trace((28, 28, 1)).rows[: place + 1]
    (top, bottom), (left, right) = pixels_seen(rows, (row, column)) or ((0, 0), (0, 0))
    expect(shown.said).to_contain_text(
        f"row {row + 1}, column {column + 1} sees rows {top + 1} to {bottom} and columns "
        f"{left + 1} to {right} of the image"
    )
    image = shown.picture_of("the image, 28 × 28, and what is seen of it")
    pixel = float(image.locator(".cells").get_attribute("width") or 0) / 28
    frame = image.locator(".mark.window")
    drawn = [float(frame.get_attribute(n) or 0) / pixel for n in ("y", "x", "height", "width")]
    assert drawn == pytest.approx([top, left, bottom - top, right - left])


def press(shown: Shown, name: str) -> None:
    shown.root.get_by_role("button", name=name, exact=True).press("Enter")


def test_a_unit_chosen_by_keyboard_shows_the_same_as_by_mouse(opened: Opener) -> None:
    _, shown = opened()
    shows(shown, MNIST)
    grid = output(shown, "max_pooling2d_1")
    shown.cell(grid, 2, 3).click()
    sees(shown, MNIST, 3, 2, 3)
    clicked = shown.root.locator(".convdims").inner_html()
    shown.cell(grid, 0, 0).click()
    sees(shown, MNIST, 3, 0, 0)
    for key in ["ArrowDown", "ArrowDown", *["ArrowRight"] * 3]:
        shown.page.keyboard.press(key)
    sees(shown, MNIST, 3, 2, 3)
    assert shown.root.locator(".convdims").inner_html() == clicked
    shown.page.keyboard.press("Control+End")
    sees(shown, MNIST, 3, 4, 4)


@pytest.mark.slow
def test_a_unit_of_a_large_output_is_dragged(opened: Opener) -> None:
    _, shown = opened()
    shown.root.get_by_label("layer", exact=True).select_option("1. Conv2D")
    grid = output(shown, "conv2d")
    shown.drag(grid, (3, 3), (20, 11))
    sees(shown, MNIST, 0, 20, 11)
    shown.page.keyboard.press("ArrowUp")
    sees(shown, MNIST, 0, 19, 11)


def test_layers_are_added_changed_moved_and_removed_by_keyboard(opened: Opener) -> None:
    _, shown = opened("[L.Conv2D(8, 3), L.MaxPooling2D()]")
    shown.pick("new layer", "Flatten")
    press(shown, "Add")
    shown.pick("new layer", "Dense")
    press(shown, "Add")
    stack: list[L.Layer] = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)]
    shows(shown, stack)
    expect(shown.said).to_contain_text("The output of dense is 10 values")
    shown.press("units", "ArrowRight", "ArrowRight")
    shows(shown, [*stack[:3], L.Dense(12)])
    press(shown, "Remove")
    press(shown, "Remove")
    shows(shown, stack[:2])
    press(shown, "Move up")
    shows(shown, [stack[1], stack[0]])
    press(shown, "Move down")
    shows(shown, stack[:2])
    shown.root.get_by_label("layer", exact=True).select_option(index=0)
    expect(shown.said).to_contain_text("The output of conv2d is")
    shown.press("kernel_size", "ArrowRight")
    shown.press("strides", "ArrowRight")
    shown.root.get_by_role("button", name="same").press("Enter")
    shows(shown, [L.Conv2D(8, 4, strides=2, padding="same"), stack[1]])
    shown.press("height", "Home")
    shown.press("width", "End")
    shown.press("channels", "ArrowRight")
    expect(shown.error).to_contain_text("window 2 is larger than height 1")
    shown.press("height", "End")
    shows(shown, [L.Conv2D(8, 4, strides=2, padding="same"), stack[1]], (64, 64, 2))


@pytest.mark.slow
def test_what_cannot_be_built_says_which_layer_and_why_in_its_row(opened: Opener) -> None:
    _, shown = opened("[L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 5), L.Dense(9)], (8, 8, 1)")
    layers = [L.Conv2D(8, 3), L.MaxPooling2D(), L.Conv2D(16, 5), L.Dense(9)]
    with pytest.raises(CourseError) as refused:
        Stack(layers).trace((8, 8, 1))
    row = shown.root.locator("table.stack tbody tr").nth(2)
    expect(row.get_by_role("alert")).to_have_text(f"{refused.value.problem}; {refused.value.fix}")
    expect(shown.said).to_contain_text("layer 3 does not fit")
    expect(shown.root.get_by_text("not reached")).to_be_visible()
    shown.root.get_by_label("layer", exact=True).select_option("3. Conv2D")
    shown.press("kernel_size", "ArrowLeft", "ArrowLeft")
    expect(shown.error).to_have_count(0)
    shows(shown, [*layers[:2], L.Conv2D(16, 3), layers[3]], (8, 8, 1))
    for _ in range(4):
        press(shown, "Remove")
    expect(shown.said).to_have_text("There is no layer yet.")
    press(shown, "Add")
    shows(shown, [L.Conv2D(16, 3)], (8, 8, 1))


@pytest.mark.slow
def test_a_slider_held_down_ends_where_it_stands(opened: Opener) -> None:
    _, shown = opened("[L.Conv2D(8, 3), L.Conv2D(8, 3)], (64, 64, 3)")
    handle = shown.slider("filters")
    handle.focus()
    for _ in range(60):
        shown.page.keyboard.press("ArrowRight")
    shows(shown, [L.Conv2D(8, 3), L.Conv2D(68, 3)], (64, 64, 3))
    expect(handle).to_have_attribute("aria-valuetext", "68")


@pytest.mark.slow
def test_the_explorer_can_be_read_in_both_themes_and_on_a_narrow_page(
    opened: Opener, shots: Path
) -> None:
    notebook, shown = opened()
    shown.cell(output(shown, "max_pooling2d_1"), 2, 3).click()
    sees(shown, MNIST, 3, 2, 3)
    assert nameless(shown.root) == []
    assert_readable_and_fitting(notebook, shown, f"{shots}/layer-stack", 1500)
