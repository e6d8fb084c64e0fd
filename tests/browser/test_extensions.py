"""nbgrader's extensions work in JupyterLab: its menu, the assignment list and the formgrader."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.notebook import OPENING
from tests.browser.server import Server


@pytest.fixture
def lab(page: Page, server: Server) -> Page:
    """JupyterLab with nothing open but its launcher."""
    page.goto(server.page("/lab/workspaces/extensions"))
    expect(page.locator(".lm-MenuBar-item", has_text="Nbgrader")).to_be_visible(timeout=OPENING)
    return page


def test_the_menu_has_nbgraders_commands_and_opens_the_assignment_list(lab: Page) -> None:
    lab.locator(".lm-MenuBar-item", has_text="Nbgrader").click()
    for command in ("assignment-list", "create-assignment", "course-list", "formgrader"):
        expect(
            lab.locator(f'.lm-Menu-item[data-command="nbgrader:open-{command}"]')
        ).to_be_visible()
    lab.locator('.lm-Menu-item[data-command="nbgrader:open-assignment-list"]').click()
    panel = lab.locator("#nbgrader-assignment-list")
    expect(panel).to_contain_text("There are no assignments to fetch.", timeout=OPENING)


def test_the_formgrader_lists_every_unit_and_not_the_start_page(page: Page, server: Server) -> None:
    page.goto(server.page("/formgrader/manage_assignments"))
    for unit in sorted((server.course / "source").glob("*/")):
        expect(page.get_by_role("link", name=unit.name, exact=True)).to_be_visible(timeout=OPENING)
    expect(page.get_by_role("link", name="index.ipynb")).to_have_count(0)  # no assignment
    expect(page.locator("body")).not_to_contain_text("not writable")
