"""A real JupyterLab server and a real browser, each started once for this folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.browser import server as lab
from tests.browser.notebook import Notebook
from tests.browser.server import Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SETTLING = 15_000
"""Milliseconds that the page may take to follow; waits end as soon as their condition holds."""

expect.set_options(timeout=SETTLING)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, so that no file forgets to."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or Playwright's own where it is installed.

    It ends with this folder: while it lives, no other test here can run an asyncio loop.
    """
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, BROWSERS)), None)
        own = Path(playwright.chromium.executable_path)
        if found is None and not own.exists():
            pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is on the PATH, and no {own}")
        arguments = list(QUIET)
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            arguments.append("--no-sandbox")  # Chromium as root starts no other way
        chromium = playwright.chromium.launch(executable_path=found, args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab in a folder of its own; asked for after the browser, which may be missing."""
    folder = tmp_path_factory.mktemp("lab")
    course, log = lab.make_course(folder), folder / "jupyterlab.log"
    process, told = lab.start(course, folder / "home", log)
    try:
        yield lab.wait_until_ready(process, told, course, log)
    finally:
        lab.stop(process)


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One context for all pages, so that JupyterLab's scripts are fetched once."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Iterator[Page]:
    """A fresh page; the test fails if the page logs an error or asks another machine."""
    page = context.new_page()
    page.set_default_timeout(SETTLING)
    faults: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{message.text} ({message.location.get('url')})")

    def on_request(request: Request) -> None:
        if not request.url.startswith((server.url, "data:", "blob:")):
            faults.append(f"asked for {request.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"uncaught: {error}"))
    page.on("request", on_request)
    yield page
    page.close()
    server.end_kernels()
    assert not faults, "in the browser's console:\n" + "\n".join(faults)


@pytest.fixture
def open_notebook(page: Page, server: Server) -> Callable[[str], Notebook]:
    """Open a unit's released notebook, as a copy that this test alone changes."""

    def opened(unit: str) -> Notebook:
        name = f"copy-{len(list(server.course.iterdir()))}"
        shutil.copytree(server.course / "release" / unit, server.course / name)
        return Notebook(page, server, f"{name}/{unit}.ipynb", workspace=name)

    return opened


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go: CONVDIMS_SHOTS, or the test's own temporary folder."""
    folder = Path(os.environ.get("CONVDIMS_SHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
