"""The start page: it runs, and its table says of each unit what the unit says of itself."""

import re
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.units.notebooks import ROOT, UNITS, outputs, path_of, printed, read

PAGE = ROOT / "release" / "index.ipynb"
ROW = re.compile(r"\| \[(.+?)\]\((.+?)\) \| (.+?) \| (\d+) min \| (\d+) \|")


@pytest.fixture(scope="module")
def page() -> Any:
    """The start page run from top to bottom in release/."""
    notebook = nbformat.read(PAGE, as_version=4)
    where = {"metadata": {"path": str(PAGE.parent)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    return {cell.id: cell for cell in notebook.cells}


def rows() -> list[tuple[str, str, str, str, str]]:
    """Title, link, what is learnt, minutes and points of each unit in the table."""
    (table,) = (cell for cell in nbformat.read(PAGE, 4).cells if cell.id == "units")
    return ROW.findall(table.source)


def unit_of(link: str) -> str:
    """The unit that a link of the table leads to."""
    return link.split("/", maxsplit=1)[0]


def points(unit: str) -> int:
    """What nbgrader's metadata say that a unit is worth."""
    graded = (cell for cell in read("source", unit).cells if "nbgrader" in cell.metadata)
    return sum(cell.metadata.nbgrader.get("points", 0) for cell in graded)


def test_it_runs_and_says_that_all_is_well(page: Any) -> None:
    for cell in page.values():
        assert printed(cell, "stderr") == "", cell.id
    assert printed(page["check"], "stdout").endswith("You can begin.\n")
    assert any("<svg" in str(shown.data) for shown in outputs(page["picture"], "display_data"))
    (table,) = outputs(page["progress"], "execute_result")
    assert [unit for unit in UNITS if unit not in table.data["text/html"]] == []


def test_the_release_is_the_source() -> None:
    assert PAGE.read_bytes() == (ROOT / "source" / "index.ipynb").read_bytes()
    assert all(not cell.get("outputs") for cell in nbformat.read(PAGE, 4).cells)


def test_its_table_has_every_unit_in_order_and_the_links_lead_there() -> None:
    assert [link for _, link, *_ in rows()] == [f"{unit}/{unit}.ipynb" for unit in UNITS], (
        "write a row for each unit into the table of source/index.ipynb, and run `convdims release`"
    )
    for _, link, *_ in rows():
        assert (PAGE.parent / link).is_file()


def test_minutes_and_points_are_those_at_the_top_of_each_unit() -> None:
    for title, link, _, minutes, worth in rows():
        unit = unit_of(link)
        top = read("release", unit).cells[0].source
        assert top.startswith(f"# {title}:"), unit
        assert f"About {minutes} minutes. {worth} points:" in top, unit
        assert points(unit) == int(worth), unit


def test_the_course_is_worth_100_points() -> None:
    worth = {unit: points(unit) for unit in UNITS}
    assert sum(worth.values()) == 100, f"share 100 points out among the units: {worth}"
    (table,) = (cell for cell in nbformat.read(PAGE, 4).cells if cell.id == "units")
    assert table.source.splitlines()[-1].endswith("| 100 |")


def test_the_readme_lists_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for _, link, what, minutes, worth in rows():
        row = f"| {unit_of(link)} | {what} | {minutes} min | {worth} |"
        assert row in readme, f"README.md lacks the row {row}"


def test_the_units_need_nothing_that_lies_beside_them() -> None:
    """A student may have fetched one unit alone."""
    for unit in UNITS:
        assert [path.name for path in path_of("release", unit).parent.glob("[!.]*")] == [
            f"{unit}.ipynb"
        ]
