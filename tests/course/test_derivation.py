"""The working shown for a number leads to it, in each form, with every letter explained."""

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from html.parser import HTMLParser
from math import ceil, floor
from typing import Any

import pytest

from course import arithmetic
from course import layers as L
from course.derivation import Derivation, Step, Value
from tests.strategies import Case, any_case, for_all

EXAMPLES = 400
PADDED = (L.AveragePooling2D, L.Conv2D, L.MaxPooling2D, L.ZeroPadding2D)


def evaluate(written: str, letters: dict[str, int]) -> Any:
    """What a formula in plain text comes to, in exact fractions."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", written).replace("×", "*").replace("÷", "/")
    text = re.sub(r"\b\d+\b", r"Number(\g<0>)", text)
    known = {"Number": Fraction, "floor": floor, "ceil": ceil, "max": max, **letters}
    return eval(text, {"__builtins__": {}}, known)


def workings(case: Case) -> Iterator[tuple[Derivation, Value]]:
    """Every derivation that a layer can give, with the engine's own answer."""
    layer, shape = case
    for quantity in L.QUANTITIES:
        if quantity != "padding_amounts" or isinstance(layer, PADDED):
            yield layer.derivation(quantity, shape), getattr(layer, quantity)(shape)


def leads_to_the_answer(case: Case) -> None:
    """The derivation's value is the engine's answer."""
    for working, answer in workings(case):
        assert working.value == answer


def formulas_evaluate(case: Case) -> None:
    """Each formula, in numbers and in letters, comes to the step's value."""
    for working, _ in workings(case):
        for step in working.steps:
            letters = {symbol.letter: symbol.value for symbol in step.symbols}
            assert evaluate(step.substituted, {}) == step.value, step.substituted
            assert evaluate(step.formula, letters) == step.value, step.formula


def letters_are_explained(case: Case) -> None:
    """Every letter of a formula is a symbol in words or the result of an earlier step."""
    for working, _ in workings(case):
        explained = {symbol.letter: symbol.meaning for symbol in working.symbols}
        used: set[str] = set()
        results: set[str] = set()
        for step in working.steps:
            letters = set(re.findall(r"[A-Za-z]\w*", step.formula)) - {"floor", "ceil", "max"}
            assert letters <= explained.keys() | results, step.formula
            used |= letters
            results.add(step.name)
        assert explained.keys() == used - results
        for letter, meaning in explained.items():
            assert re.fullmatch(r"[a-z][a-z, ]+[a-z]", meaning), (letter, meaning)


def letters_keep_their_values(case: Case) -> None:
    """No letter stands for two numbers, and the result of a step is used as it came out."""
    for working, _ in workings(case):
        values: dict[str, int] = {}
        for step in working.steps:
            for symbol in step.symbols:
                assert values.setdefault(symbol.letter, symbol.value) == symbol.value
            assert values.setdefault(step.name, step.value) == step.value


class Balanced(HTMLParser):
    """Reads HTML and complains about a tag that is closed out of turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def read_html(text: str) -> str:
    """The text of a well-formed piece of HTML."""
    parser = Balanced()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    return parser.words


def html_is_well_formed(case: Case) -> None:
    """Tags are closed in turn, and title, values and meanings are all there."""
    for working, _ in workings(case):
        words = read_html(working._repr_html_())
        assert working.title in words
        for step in working.steps:
            assert f"{step.value:,}" in words
        for symbol in working.symbols:
            assert f"({symbol.meaning})" in words


def check_latex(latex: str) -> None:
    """Braces are balanced, \\left goes with \\right, and no sign is left in plain text."""
    depth = 0
    for sign in re.findall(r"[{}]", latex):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))
    assert latex.startswith(r"\begin{aligned} ")
    assert latex.endswith(r" \end{aligned}")
    assert latex.isascii()
    assert not re.search(r"_(?!\{)", latex.replace(r"\_", ""))


def latex_is_well_formed(case: Case) -> None:
    """LaTeX that MathJax can read, with a value for each step."""
    for working, _ in workings(case):
        check_latex(working.latex)
        assert working._repr_latex_() == f"${working.latex}$"
        for step in working.steps:
            assert f"{step.value:,}".replace(",", "{,}") in working.latex


def text_tells_the_working(case: Case) -> None:
    """The text begins with what was asked and has each step's name, formula and value."""
    for working, answer in workings(case):
        lines = str(working).splitlines()
        assert lines[0] == working.title
        for step in working.steps:
            assert f"{step.name} = {step.formula}" in lines
            assert any(line.strip().endswith(f"= {step.value:,}") for line in lines)
        if isinstance(answer, tuple):
            assert f"answer: {answer}" in lines


CLAIMS = [
    leads_to_the_answer,
    formulas_evaluate,
    letters_are_explained,
    letters_keep_their_values,
    html_is_well_formed,
    latex_is_well_formed,
    text_tells_the_working,
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_every_working_keeps_its_promises(claim: Callable[[Case], None]) -> None:
    for_all(any_case(), claim, EXAMPLES)


TEXTS = [
    (L.Conv2D(32, 3), (128, 128, 3), "param_count", ["parameters = K × F × F × D_in + K",
      "= 32 × 3 × 3 × 3 + 32", "= 896",
      "where K = 32 (filters), F = 3 (window size), D_in = 3 (depth of the input)"]),
    (L.Conv2D(20, 8, strides=2, padding=1), (32, 32, 3), "output_shape", [
      "H_out = floor((H_in - F + 2 × P) ÷ S) + 1", "= floor((32 - 8 + 2 × 1) ÷ 2) + 1", "= 14",
      "D_out = K", "= 20", "answer: (14, 14, 20)"]),
    (L.Conv2D(8, 3, strides=2, padding="same"), (128, 128, 3), "padding_amounts", [
      "P_height = max((H_out - 1) × S + F - H_in, 0)", "= max((64 - 1) × 2 + 3 - 128, 0)",
      "P_bottom = ceil(P_height ÷ 2)", "answer: ((0, 1), (0, 1))"]),
    (L.Conv2D(16, 3, groups=4), (9, 9, 8), "weight_count", [
      "weights = K × F × F × D_in ÷ g", "= 16 × 3 × 3 × 8 ÷ 4", "= 288"]),
    (L.Conv2D(4, (3, 5)), (28, 28, 1), "weight_count", ["weights = K × F_h × F_w × D_in", "= 60"]),
    (L.Dense(784), (784,), "param_count", ["parameters = D_in × U + U", "= 784 × 784 + 784",
      "= 615,440"]),
    (L.Flatten(), (5, 5, 64), "output_shape", ["D_out = H_in × W_in × D_in", "= 1,600"]),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape", "quantity", "pieces"), TEXTS)
def test_a_working_reads_as_people_write_it(
    layer: L.Layer, shape: Any, quantity: str, pieces: list[str]
) -> None:
    lines = [line.strip() for line in layer.derivation(quantity, shape).text.splitlines()]
    assert lines[0] == f"{layer!r} on {shape}: {quantity}"
    for piece in pieces:
        assert piece in lines


def test_zero_needs_no_explaining() -> None:
    assert "where" not in L.Flatten().derivation("param_count", (8, 8, 1)).text
    assert "where" not in L.Conv2D(8, 3, padding=1).derivation("padding_amounts", (8, 8, 1)).text


def test_a_dilated_window_is_worked_out_along_each_axis() -> None:
    layer = L.Conv2D(8, (5, 3), dilation_rate=(1, 2))
    letters = {symbol.letter for symbol in layer.derivation("output_shape", (8, 8, 1)).symbols}
    assert {"F_h", "F_w", "d_h", "d_w"} <= letters


def test_a_name_cannot_break_the_html() -> None:
    html = L.Dense(3, name="<b>&amp;").derivation("macs", (4,)).html
    assert "name='<b>&amp;'" in read_html(html)


def test_a_formula_that_does_not_fit_would_be_seen() -> None:
    wrong = Step("H_out", arithmetic.valid_size, (28, 3, 2))
    assert evaluate(wrong.substituted, {}) == 13
    assert evaluate(wrong.substituted.replace("floor", "ceil"), {}) == 14
    with pytest.raises(AssertionError):
        check_latex(r"\begin{aligned} {{1} \end{aligned}")
    with pytest.raises(AssertionError):
        read_html("<div><b></div></b>")
