"""Explorers in JupyterLab and Chromium: how soon the picture follows, and how soon it is there."""

from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from tests.benchmarks.conftest import Ratio
from tests.browser import conftest as lab
from tests.browser.explorers import Shown, made_notebook
from tests.browser.notebook import Notebook
from tests.browser.server import Server

browser, context, page, server = lab.browser, lab.context, lab.page, lab.server

pytestmark = pytest.mark.browser

ROUNDS = 15
WANTED = 8
FIRST = 0.5
"""Seconds from running the cell to the first picture."""
PACE = 250
"""Milliseconds from one press to the next, as by hand. Presses that follow within some tens of
milliseconds meet a delay of TCP: Jupyter's server holds back the second of two small messages until
the browser acknowledges the first, up to 40 ms (Nagle's algorithm and delayed acknowledgements)."""

OURS = "from course.explorers import convolution\nconvolution()"
THEIRS = """
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from course.samples import example_filter, example_image
from course.forward import convolve

image = example_image()
output = convolve(image, example_filter()[..., None])[..., 0]

def draw(cell=0):
    row, column = divmod(cell, 7)
    _, axes = plt.subplots(1, 2)
    for ax, values, size in zip(axes, (image[..., 0], output), (3, 1)):
        ax.imshow(values)
        for r, line in enumerate(values):
            for c, value in enumerate(line):
                ax.text(c, r, value, ha="center", va="center", fontsize=7)
        ax.add_patch(plt.Rectangle((column - 0.5, row - 0.5), size, size, fill=False))
    plt.show()

interact(draw, cell=(0, 34))
"""

# Resolves to the milliseconds from the next key to the first change in `part` that `counts`.
WATCH = """([part, counts]) => {
  window.changed = new Promise(resolve => {
    let pressed;
    const press = () => { pressed = performance.now(); };
    addEventListener('keydown', press, {capture: true, once: true});
    const watch = new MutationObserver(changes => {
      const now = performance.now();
      if (!changes.some(eval(counts))) return;
      watch.disconnect();
      resolve(now - pressed);
    });
    watch.observe(part, {childList: true, subtree: true, characterData: true});
  });
}"""
TEXT = "change => change.type === 'characterData'"
IMAGE = "change => [...change.addedNodes].some(n => n.matches?.('img') || n.querySelector?.('img'))"
PICTURE = "change => [...change.addedNodes].some(n => n.querySelector?.('.cell-grid'))"


def seconds(page: Page, part: Locator, counts: str, press: Callable[[], None]) -> float:
    """From a press of a key to the change that it makes in a part of the page."""
    page.evaluate(WATCH, [part.element_handle(), counts])
    press()
    found: float = page.evaluate("window.changed")
    return found / 1000


def pressed_in_turns(page: Page, *sides: tuple[Locator, Locator, str]) -> list[float]:
    """The median seconds of each side: what has the focus, the part that changes, and how."""
    times: list[list[float]] = [[] for _ in sides]
    for turn in range(2 * ROUNDS):
        key = ("ArrowRight", "ArrowLeft")[turn % 2]
        for (handle, part, counts), found in zip(sides, times, strict=True):
            handle.focus()
            page.wait_for_timeout(PACE)
            found.append(seconds(page, part, counts, lambda key=key: page.keyboard.press(key)))
    return [median(found[2:]) for found in times]  # both are warm after two presses


@pytest.fixture
def notebook(page: Page, server: Server) -> Notebook:
    """Both sides in one notebook, run."""
    made = made_notebook(page, server, {"ours": OURS, "theirs": THEIRS})
    made.run("ours")
    made.run("theirs")
    return made


def test_a_press_of_a_key_changes_the_picture_sooner_than_matplotlib(
    benchmark: Any, record: Callable[[Ratio], None], notebook: Notebook
) -> None:
    shown, theirs = Shown(notebook.cell("ours")), notebook.cell("theirs")
    drawn = (theirs.get_by_role("slider"), theirs.locator(".jp-OutputArea").first, IMAGE)
    cell = shown.root.locator('[role="gridcell"][tabindex="0"]')
    by_grid, by_slider, matplotlib = benchmark.pedantic(
        pressed_in_turns,
        (
            notebook.page,
            (cell, shown.said, TEXT),
            (shown.slider("dilation"), shown.said, TEXT),
            drawn,
        ),
    )
    against = "against interact with matplotlib drawing two of its grids"
    record(
        Ratio(f"a key pressed on the convolution's output, {against}", by_grid, matplotlib, WANTED)
    )
    record(Ratio(f"a key pressed on one of its sliders, {against}", by_slider, matplotlib, WANTED))
    assert matplotlib / by_grid >= WANTED
    assert matplotlib / by_slider >= WANTED


def test_the_first_picture_is_there_within_half_a_second(
    benchmark: Any, record: Callable[[Ratio], None], page: Page, server: Server
) -> None:
    """In a new kernel, with what it imports."""

    def first() -> float:
        made = made_notebook(page, server, {"ours": OURS, "loaded": ""})
        made.cell("ours").locator(".jp-InputPrompt").click()
        found = seconds(page, made.panel, PICTURE, lambda: page.keyboard.press("Control+Enter"))
        made.type_into("loaded", "import sys; 'tensorflow' in sys.modules")
        assert made.run("loaded").strip() == "False"
        return found

    found = min(benchmark.pedantic(lambda: [first() for _ in range(3)]))
    record(Ratio("first picture in a new kernel, against half a second", found, FIRST, 1))
    assert found <= FIRST
