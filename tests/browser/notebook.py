"""A notebook in JupyterLab, used as a student uses it: with mouse and keyboard."""

import json
import re
from collections.abc import Iterator

from playwright.sync_api import Locator, Page, expect

from tests.browser.server import Server

OPENING = 60_000
RUNNING = 90_000
"""Milliseconds that a noisy machine may take; a wait ends as soon as its condition holds."""

NUMBERED = re.compile(r"^\[\d+\]:$")


class Notebook:
    """One notebook, open in its own workspace."""

    def __init__(self, page: Page, server: Server, path: str, workspace: str) -> None:
        self.page = page
        cells = json.loads((server.course / path).read_text(encoding="utf-8"))["cells"]
        self.places = {cell["id"]: place for place, cell in enumerate(cells)}
        self.kinds = [cell["cell_type"] for cell in cells]
        self.tests = [
            cell["id"] for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")
        ]
        page.goto(server.page(f"/lab/workspaces/{workspace}/tree/{path}"))
        self.panel = page.locator(".jp-NotebookPanel")
        self._indicator = self.panel.locator(".jp-Notebook-ExecutionIndicator")
        expect(self.panel.locator(".jp-Cell")).to_have_count(len(cells), timeout=OPENING)
        self.wait_until_idle(OPENING)

    def cell(self, name: str) -> Locator:
        """The cell with this id."""
        return self._at(self.places[name])

    def output(self, name: str) -> str:
        """The text of a cell's outputs, also where the cell is scrolled out of sight."""
        return "\n".join(self.cell(name).locator(".jp-OutputArea-output").all_text_contents())

    def type_into(self, name: str, source: str) -> None:
        """Replace a cell's source through its editor."""
        editor = self.cell(name).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(source)
        expect(editor.locator(".cm-line")).to_have_text(source.split("\n"))
        self.page.keyboard.press("Escape")

    def run(self, name: str) -> str:
        """Run one cell with Ctrl+Enter; its output."""
        prompt = self._prompt(self.places[name])
        before = prompt.text_content() or ""
        prompt.click()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before, timeout=RUNNING)
        expect(prompt).to_have_text(NUMBERED, timeout=RUNNING)
        return self.output(name)

    def run_all(self) -> None:
        """Run > Run All Cells; the kernel stops at the first error."""
        self.page.locator(".lm-MenuBar-item", has_text=re.compile("^Run$")).click()
        self.page.locator('.lm-Menu-item[data-command="runmenu:run-all"]').click()
        last = max(place for place, kind in enumerate(self.kinds) if kind == "code")
        expect(self._prompt(last)).to_have_text(NUMBERED, timeout=RUNNING)
        self.wait_until_idle()

    def run_each(self) -> None:
        """Run cell by cell, from the first to the last, going on after an error."""
        self._at(0).click()
        for place, kind in enumerate(self.kinds):
            last = place == len(self.kinds) - 1  # below it Shift+Enter would open a new cell
            self.page.keyboard.press("Control+Enter" if last else "Shift+Enter")
            if kind == "code":
                expect(self._prompt(place)).to_have_text(NUMBERED, timeout=RUNNING)
        self.wait_until_idle()

    def wait_until_idle(self, patience: int = RUNNING) -> None:
        """Until the kernel is idle and no cell shows [*]."""
        expect(self._indicator).to_have_attribute("data-status", "idle", timeout=patience)
        expect(self.panel.locator(".jp-InputPrompt", has_text="[*]")).to_have_count(
            0, timeout=patience
        )

    def validate(self) -> Locator:
        """Press Validate; the body of the dialog that answers."""
        self.panel.get_by_text("Validate", exact=True).first.click()
        dialog = self.page.locator(".jp-Dialog", has_text="Validation Results")
        expect(dialog).to_be_visible(timeout=RUNNING)
        return dialog

    def themes(self) -> Iterator[str]:
        """Show the page in the dark theme, then in the light one; also under an open dialog."""
        for name in ("dark", "light"):
            self.page.evaluate(
                "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
                f"JupyterLab {name.title()}",
            )
            light = "true" if name == "light" else "false"
            expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)
            expect(self.page.locator("#jupyterlab-splash")).to_have_count(0)
            yield name

    def scroll_to(self, name: str) -> None:
        """Bring a cell to the top of the page."""
        self.cell(name).evaluate("cell => cell.scrollIntoView({block: 'start'})")

    def _at(self, place: int) -> Locator:
        return self.panel.locator(f'.jp-Cell[data-windowed-list-index="{place}"]')

    def _prompt(self, place: int) -> Locator:
        return self._at(place).locator(".jp-InputPrompt")
