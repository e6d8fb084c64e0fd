"""In Chromium nothing of a hostile notebook runs, loads or covers the page, on either page."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.server_extensions.formgrader import handlers
from playwright.sync_api import Browser, BrowserContext, Page, Route

from course import explorers
from course.pictures.page import page as static_page
from tests.autograder.grading import hostile
from tests.autograder.grading.pages import Pages, make_course, task_cell

ADDRESS = "http://grader.test/"
STATIC = "formgrader/static/"
BOTH = pytest.mark.parametrize("kind", ["feedback", "formgrader"])

EVERYTHING = """() => {
  const events = ["click", "mouseover", "mouseenter", "focus", "load", "error", "toggle",
                  "animationend", "submit", "input", "pointerdown"];
  for (const element of document.querySelectorAll("main *"))
    for (const event of events)
      element.dispatchEvent(new Event(event, {bubbles: false, cancelable: true}));
  for (const link of document.querySelectorAll("main a[href]"))
    if (!/^(https?:|mailto:)/.test(link.protocol)) link.click();
}"""
RAN = "() => [...new Set(top.ran.map(name => name.source))]"
OUTSIDE = """() => [...document.querySelectorAll(".convdims-notebook *")].filter(element => {
  const style = getComputedStyle(element);
  return style.position === "fixed" || style.position === "absolute" || style.zIndex > 0;
}).map(element => element.outerHTML)"""
ALIVE = """() => {
  const actors = "script, iframe, object, embed, form, meta, base, link, style, animate, set, use";
  const found = [...document.querySelectorAll(actors.replace(/(\\w+)/g, "main $1"))];
  for (const element of document.querySelectorAll("main *"))
    for (const attribute of element.attributes)
      if (attribute.name.startsWith("on") || /^\\s*(javascript|vbscript):/i.test(attribute.value))
        found.push(element);
  return found.map(element => element.outerHTML);
}"""


class Visit:
    """A page opened at an address of its own; whatever it asks for besides is noted and refused."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.page.add_init_script("if (window === top) window.ran = []")
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, html: str) -> Page:
        """Load the page, and let the scripts that it has come to an end."""
        self.page.route("**/*", lambda route: self._answer(route, html))
        self.page.goto(ADDRESS, wait_until="load")
        self.page.wait_for_function("document.readyState === 'complete'")
        return self.page

    def ran(self) -> list[str]:
        """The fragments whose script ran, after every event has been tried on everything."""
        self.page.evaluate(EVERYTHING)
        self.page.evaluate("() => new Promise(done => setTimeout(done, 100))")
        found: list[str] = self.page.evaluate(RAN)
        return found

    def _answer(self, route: Route, html: str) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        file = Path(handlers.static_path, path.removeprefix(STATIC).partition("?")[0])
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html")
        elif path.startswith(STATIC) and file.is_file():
            kind = mimetypes.guess_type(file)[0] or "text/plain"
            route.fulfill(body=file.read_bytes(), content_type=kind)
        elif path.startswith("formgrader/api/"):
            route.fulfill(body="[]", content_type="application/json")
        else:
            self.asked.append(route.request.url)
            route.abort()

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield Visit(context)
    context.close()


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("feedback") / "course")


@BOTH
def test_nothing_of_a_hostile_notebook_acts(course: Path, visit: Visit, kind: str) -> None:
    cells = hostile.cells()
    page = visit.open(getattr(Pages(course), kind)(*cells.values(), **hostile.metadata()))
    assert page.evaluate(ALIVE) == []
    assert page.evaluate(OUTSIDE) == []
    assert visit.ran() == []
    assert (visit.asked, visit.dialogs, visit.errors) == ([], [], [])
    assert page.url.startswith(ADDRESS)


@BOTH
def test_nothing_is_laid_over_the_page(course: Path, visit: Visit, kind: str) -> None:
    cover = '<div style="margin: -90px; width: 900px; height: 300px; background: red">x</div>'
    page = visit.open(getattr(Pages(course), kind)(task_cell("task", cover)))
    covered = """heading => {
      const {left, top, height} = heading.getBoundingClientRect();
      const seen = document.elementFromPoint(left + 250, top + height / 2);
      return !!seen.closest(".convdims-notebook");
    }"""
    assert not page.locator(".nbgrader_cell .panel-heading").evaluate(covered)


@BOTH
def test_the_policy_alone_keeps_scripts_from_running(course: Path, visit: Visit, kind: str) -> None:
    """Should something get past the sanitiser."""
    html = getattr(Pages(course), kind)(new_markdown_cell("# Unit"))
    bad = "<script>ran.push(/a/)</script><img src=x onerror=ran.push(/b/)>"
    bad += f"<script src='{hostile.LEAK}'></script><a href='javascript:ran.push(/c/)'>x</a>"
    page = visit.open(html.replace("<main>", f"<main>{bad}"))
    assert page.locator("main script").count() == 2
    assert visit.ran() == []
    assert hostile.LEAK not in visit.asked


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Your element with mimetype:UserWarning")
@pytest.mark.filterwarnings("ignore:No lexer found:UserWarning")
def test_on_nbgraders_own_pages_the_fragments_do_act(tmp_path: Path, visit: Visit) -> None:
    """So that they are worth something: each by itself, as one may end the page.

    Others need MathJax or an address that answers, are for other browsers, or are held off by one
    part of nbgrader's page alone.
    """
    pages = Pages(make_course(tmp_path / "course", plain=True))
    acted = set()
    for name, cell in hostile.cells().items():
        if name.startswith("attachment"):
            continue  # nbgrader makes no page of some of them
        visit.open(pages.formgrader(cell))
        acted.update(visit.ran())
        visit.page.unroute_all()
    assert len(acted) >= 25


def test_the_formgraders_own_scripts_work(course: Path, visit: Visit) -> None:
    page = visit.open(Pages(course).formgrader(task_cell("task", "Why?")))
    assert page.locator("input.score").count() == 1
    assert not page.locator(".breadcrumb a.name-shown").is_visible()
    page.locator("span.glyphicon.name-hidden").click()
    assert page.locator(".breadcrumb a.name-shown").is_visible()
    assert "Lovelace, Ada" in page.locator(".breadcrumb").inner_text()
    assert (visit.asked, visit.errors) == ([], [])


@BOTH
def test_formulas_and_pictures_are_drawn_without_a_network(
    course: Path, visit: Visit, kind: str
) -> None:
    picture = static_page(explorers.stride().picture.value, "convdims-twin")
    drawn = new_code_cell("stride()", outputs=[new_output("display_data", {"text/html": picture})])
    formula = new_markdown_cell(r"$$W_{out} = \frac{W_{in} - F}{S} + 1$$")
    page = visit.open(getattr(Pages(course), kind)(formula, drawn))
    fraction, top = page.locator("mfrac").bounding_box(), page.locator("mfrac > *").first
    assert fraction
    assert fraction["height"] > 1.5 * top.bounding_box()["height"]  # type: ignore[index]
    grid = page.locator(".cell-grid").first
    assert grid.bounding_box()["width"] > 100  # type: ignore[index]
    filled = "node => getComputedStyle(node).stroke"
    assert grid.locator(".cells").first.evaluate(filled) == "rgb(198, 204, 211)"
    assert (visit.asked, visit.errors) == ([], [])
