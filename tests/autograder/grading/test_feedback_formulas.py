"""Formulas as MathML, and the course's own pictures and tables after cleaning."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from autograder.grading.feedback.clean import clean_html
from autograder.grading.feedback.formulas import formula
from autograder.grading.feedback.markdown import latex, markdown
from course import Stack, explorers
from course import layers as L
from course.pictures.page import STYLE_SHEET
from course.pictures.page import page as static_page
from tests.units.notebooks import UNITS, read


@pytest.mark.parametrize("unit", UNITS)
def test_every_formula_of_a_unit_is_mathml(unit: str) -> None:
    for cell in read("source", unit).cells:
        if cell.cell_type == "markdown":
            plain = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.DOTALL)
            html = markdown(plain)
            assert html.count("<math") == len(re.findall(r"\$\$.+?\$\$|\$.+?\$", plain, re.DOTALL))
            assert "<code>" not in html
            assert "$" not in html


@pytest.mark.parametrize("quantity", ["output_shape", "param_count", "padding_amounts", "macs"])
def test_derivations_are_mathml(quantity: str) -> None:
    written = L.Conv2D(8, 3, strides=2, padding="same").derivation(quantity, (29, 28, 3))
    html = latex(written._repr_latex_())
    assert html.count("<math") == 1
    assert "<code>" not in html
    if r"\\" in written.latex:
        assert html.count("<mtr>") == written.latex.count(r"\\") + 1


@pytest.mark.parametrize("tex", ["{", r"\unknown{x}", r"a & b", r"\newcommand{\a}{b}\a"])
def test_a_formula_that_is_not_understood_is_shown_as_it_was_typed(tex: str) -> None:
    assert formula(tex) == f"<code>{tex.replace('&', '&amp;')}</code>"


# The course's own pictures and tables.


def parts(html: str) -> tuple[Counter[str], list[str]]:
    """How many there are of each tag, and the words."""
    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all("style"):
        tag.decompose()
    return Counter(tag.name for tag in page.find_all(True)), page.get_text().split()


@pytest.mark.parametrize("name", explorers.__all__)
def test_an_explorers_picture_stays_as_it_is(name: str) -> None:
    picture = static_page(getattr(explorers, name)().picture.value, "convdims-twin")
    clean = clean_html(picture)
    assert parts(clean) == parts(picture)
    styles = re.compile(r'style="([^"]*)"')
    assert styles.findall(clean) == styles.findall(picture)
    assert with_rules(clean) == with_rules(picture)


def with_rules(html: str) -> list[str]:
    """The classes that the pictures' style sheet has rules for."""
    rules = set(re.findall(r"\.([a-z][\w-]*)", STYLE_SHEET.read_text(encoding="utf-8")))
    names = " ".join(re.findall(r'class="([^"]*)"', html)).split()
    return [name for name in names if name in rules]


def test_tables_and_derivations_stay_as_they_are() -> None:
    trace = Stack([L.Conv2D(8, 3), L.Flatten()]).trace((28, 28, 1))
    derivation = L.Conv2D(8, 3).derivation("output_shape", (28, 28, 1))
    for drawn in (trace._repr_html_(), derivation._repr_html_()):
        assert parts(clean_html(drawn)) == parts(drawn)
        assert clean_html(drawn).count("style=") == drawn.count("style=")


def test_of_a_data_frame_the_table_stays() -> None:
    pandas = pytest.importorskip("pandas")
    drawn = pandas.DataFrame({"layer": ["conv"], "count": [896]})._repr_html_()
    clean = clean_html(drawn)
    assert parts(clean) == parts(drawn)
    assert 'class="dataframe"' in clean
