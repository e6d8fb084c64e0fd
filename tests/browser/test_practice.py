"""Practice and hints as a student uses them, by keyboard: the verdict, the score, the next one."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autograder.hints import hints
from autograder.misconceptions import answer_under
from autograder.practice import Session
from autograder.questions import Question
from course import layers as L
from tests.browser.explorers import made_notebook
from tests.browser.looks import unreadable
from tests.browser.notebook import Notebook
from tests.browser.server import Server

CELLS = {
    "practice": 'from autograder import practice\npractice("parameters", seed=7)',
    "hint": "from autograder import Question, hint\n"
    "from course import layers as L\n"
    'hint(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count"))',
}
ASKED = Question(L.Conv2D(32, 3), (128, 128, 3), "param_count")


@pytest.fixture
def notebook(page: Page, server: Server) -> Notebook:
    """A notebook with practice and a hint, not run yet."""
    return made_notebook(page, server, CELLS)


def test_practice_is_answered_by_keyboard(notebook: Notebook, shots: Path) -> None:
    notebook.run("practice")
    cell, keyboard = notebook.cell("practice"), notebook.page.keyboard
    said, field = cell.get_by_role("status"), cell.get_by_role("textbox", name="Your answer")
    session = Session("parameters", seed=7)
    asked = session.question
    expect(cell).to_contain_text(repr(asked.layer))
    field.focus()
    keyboard.type("no idea")
    keyboard.press("Enter")
    expect(said).to_contain_text("'no idea' cannot be read")
    expect(cell).to_contain_text("Right at once: 0 of 0.")
    field.fill("")
    (without_biases,) = answer_under(asked, "no-bias") or ()
    keyboard.type(f"{without_biases}")
    keyboard.press("Enter")
    expect(said).to_contain_text("These are the weights alone.")
    expect(cell).to_contain_text("Right at once: 0 of 1. In a row: 0.")
    for _ in range(2):  # past the button Check
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(said).to_contain_text("Hint 1 of 3. The formula:")
    look(notebook, "practice", f"{shots}/practice-wrong")
    field.fill(f"{asked.expected():,}")
    field.press("Enter")
    expect(said).to_contain_text(f"Right: {asked.expected():,}.")
    expect(cell).to_contain_text("Right at once: 0 of 1.")  # the first answer counts
    field.press("Enter")
    session.next()
    expect(cell).to_contain_text(repr(session.question.layer))
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    expect(said).to_have_text("")
    keyboard.type(f"{session.question.expected()}")
    keyboard.press("Enter")
    expect(cell).to_contain_text("Right at once: 1 of 2. In a row: 1.")
    cell.get_by_label("practise").select_option("receptive field")
    expect(cell).to_contain_text("What is the receptive field of one output of this stack")
    expect(field).to_have_value("")
    look(notebook, "practice", f"{shots}/practice-field")


@pytest.mark.slow
def test_a_narrow_page_holds_all_of_it(notebook: Notebook, shots: Path) -> None:
    notebook.run("practice")
    page = notebook.page
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": 400, "height": 900})
    cell = notebook.cell("practice")
    cell.get_by_label("practise").select_option("stack")
    cell.get_by_role("button", name="Hint").click()
    expect(cell.get_by_role("status")).to_contain_text("Hint 1 of")
    explorer = cell.locator(".convdims-explorer")
    assert explorer.evaluate("shown => shown.scrollWidth <= shown.clientWidth")
    look(notebook, "practice", f"{shots}/practice-narrow")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_hints_are_opened_by_keyboard(notebook: Notebook, server: Server, shots: Path) -> None:
    notebook.run("hint")
    cell, stages = notebook.cell("hint"), hints(ASKED)
    expect(cell).to_contain_text("Hint 1 of 3. The formula:")
    expect(cell).not_to_contain_text("Hint 2 of 3.")
    button = cell.get_by_role("button", name="Show hint 2 of 3")
    button.focus()
    notebook.page.keyboard.press("Enter")
    expect(cell.get_by_role("button", name="Show hint 3 of 3")).to_be_focused()
    expect(cell.get_by_role("status")).to_contain_text("K = 32 (filters)")
    notebook.page.keyboard.press("Space")
    expect(cell).to_contain_text("parameters = 32 × 3 × 3 × 3 + ?")
    expect(cell.get_by_role("button", name="That was the last hint")).to_be_disabled()
    look(notebook, "hint", f"{shots}/hints")
    notebook.page.keyboard.press("ControlOrMeta+s")
    expect(notebook.page.locator(".jp-mod-dirty")).to_have_count(0)
    saved = max(server.course.glob("made-*.ipynb"), key=lambda path: path.stat().st_mtime)
    kept = [output["data"] for output in json.loads(saved.read_text())["cells"][1]["outputs"]]
    plain = "".join(kept[0]["text/plain"])
    assert all(stage in plain for stage in stages)
    assert "32 × 3 × 3 × 3 + ?" in "".join(kept[0]["text/html"])


def look(notebook: Notebook, name: str, picture: str) -> None:
    """All of its text can be read in both themes; a screenshot of each."""
    notebook.scroll_to(name)
    # Not the picture beside a widget, for where no widget runs.
    shown = notebook.cell(name).locator(".jp-OutputArea-output").filter(visible=True)
    for theme in notebook.themes():
        assert unreadable(shown) == []
        notebook.page.screenshot(path=f"{picture}-{theme}.png")
