"""Unit 07 in JupyterLab: blank, right and wrong answers, in the notebook and under Validate."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.looks import unreadable
from tests.browser.notebook import Notebook

UNIT = "07-conv-dims"
RIGHT = {
    "ex1-answer": """shape_1 = (100, 100, 16)
params_1 = 80
shape_1b = (74, 100, 24)
params_1b = 672""",
    "ex2-answer": "params_2 = 896\nparams_2b = 2400",
    "ex3-answer": "depth_2 = 32\ndepth_2b = 12",
    "ex4-answer": "width_2 = 64\nwidth_2b = 51",
    "ex5-answer": "pads_2 = ((0, 1), (0, 1))\npads_2b = ((1, 2), (0, 1))",
    "ex6-answer": (
        "def conv_params(filters, kernel_size, depth_in):\n"
        "    return filters * kernel_size * kernel_size * depth_in + filters"
    ),
    "ex7-answer": (
        "def conv_shape(input_shape, filters, kernel_size, strides, padding):\n"
        "    shorter = 0 if padding == 'same' else kernel_size - 1\n"
        "    height, width = (-(-(size - shorter) // strides) for size in input_shape[:2])\n"
        "    return height, width, filters"
    ),
    "ex8-answer": "shape_8, params_8 = (28, 43, 37), 4181\n"
    "shape_8b, params_8b = (43, 42, 40), 7040",
}

CONFIRMED = r"((\w+: )?Right(: .+| in all \d+ cases)\. Keras agrees\.\s*)+(1\.0)?"
NOTED = r"Noted\. This one is judged when the unit is graded\."
WRONG = {
    "ex1-answer": RIGHT["ex1-answer"].replace("100, 16)", "100, 1)"),
    "ex2-answer": "params_2 = 864\nparams_2b = 2400",
    "ex4-answer": "width_2 = 63\nwidth_2b = 51",
    "ex5-answer": "pads_2 = ((1, 1), (1, 1))\npads_2b = ((1, 2), (0, 1))",
    "ex6-answer": RIGHT["ex6-answer"].removesuffix(" + filters"),
}
SAID = {
    "ex1-test": (r"\(100, 100, 1\)", "output shape", "depth"),
    "ex2-test": (r"\b864\b", "number of parameters"),
    "ex4-test": (r"\b63\b", "width"),
    "ex5-test": (r"\(\(1, 1\), \(1, 1\)\)", "zeros", "height|top|left"),
    "ex6-test": (r"conv_params\(16, 2, 1\)", r"\b64\b", "number of parameters"),
}
"""What each message has to name: the answer that was given, what was asked, which part is wrong."""

GIVEN_AWAY = {
    "ex1-test": r"\(100, 100, 16\)",
    "ex2-test": r"\b896\b",
    "ex4-test": r"\b64\b",
    "ex5-test": r"\(0, 1\)",
    "ex6-test": r"\b80\b",
}


FORGET = """import os
for name in ("CONVDIMS_STUDENT", "CONVDIMS_COURSE_KEY"):
    os.environ.pop(name)"""


@pytest.fixture
def unit(open_notebook: Callable[[str], Notebook]) -> Notebook:
    """The released notebook of the unit, nothing answered."""
    return open_notebook(UNIT)


def test_a_blank_unit_says_of_every_exercise_that_it_is_not_attempted(unit: Notebook) -> None:
    unit.run_each()
    assert "The row that Keras prints" in unit.output("explorer")
    assert unit.tests
    for name in unit.tests:
        output = unit.output(name)
        assert output.startswith("NotAttempted: "), name
        assert_no_frames(output)
    said = unit.validate().text_content() or ""
    assert said.count("NotAttempted: ") == len(unit.tests)
    assert_no_frames(said)


def test_right_answers_are_confirmed_in_the_notebook_and_by_validate(unit: Notebook) -> None:
    for name, source in RIGHT.items():
        unit.type_into(name, source)
    unit.run_all()
    for name in unit.tests:
        output = unit.output(name)
        expected = CONFIRMED if name.endswith("-test") else NOTED
        assert re.fullmatch(expected, output.strip()), f"{name}: {output}"
    expect(unit.validate()).to_contain_text("Success! Your notebook passes all the tests.")


def test_wrong_answers_are_explained_in_the_notebook_and_by_validate(
    unit: Notebook, shots: Path
) -> None:
    for name, source in (RIGHT | WRONG).items():
        unit.type_into(name, source)
        unit.run(name)
    for name in unit.tests:
        output = unit.run(name)
        if name in SAID:
            assert_explained(name, output)
        else:
            assert "WrongAnswer" not in output, f"{name}: {output}"
    unit.scroll_to("ex2")
    for theme in unit.themes():
        assert unreadable(unit.cell("ex2-test").locator(".jp-OutputArea-output")) == []
        unit.page.screenshot(path=shots / f"unit-07-wrong-{theme}.png")
    dialog = unit.validate()
    messages = dialog.locator("pre", has_text=re.compile("^WrongAnswer: ")).all_text_contents()
    for name, message in zip(SAID, messages, strict=True):
        assert_explained(name, message)
    for theme in unit.themes():
        assert unreadable(dialog.locator("pre")) == []
        unit.page.screenshot(path=shots / f"unit-07-validate-{theme}.png")


def test_numbers_without_a_name_earn_nothing_until_there_is_one(
    unit: Notebook, shots: Path
) -> None:
    """As on a student's own computer, where nobody hands a name over."""
    unit.type_into("setup", FORGET)
    unit.run("setup")
    unit.run("ex8-first")
    assert "Numbers without a name" in unit.output("ex8-first")
    unit.type_into("ex8-answer", RIGHT["ex8-answer"])
    unit.run("ex8-answer")
    said = unit.run("ex8-test")
    assert said.startswith("NotAttempted: nothing counts here yet, because this notebook does not")
    assert "introduce('your name')" in said
    assert_no_frames(said)
    unit.scroll_to("ex8-first")
    unit.page.screenshot(path=shots / "unit-07-nameless.png")
    unit.type_into("setup", "from autograder import introduce\nintroduce('ada')")
    assert unit.run("setup").startswith("Hello ada. ")
    unit.run("ex8-first")
    assert "The numbers for ada" in unit.output("ex8-first")
    assert unit.run("ex8-test").startswith("WrongAnswer: shape_8: ")


def assert_explained(name: str, message: str) -> None:
    """The message is ours alone, says what is wrong, and does not give the answer away."""
    assert message.startswith("WrongAnswer: "), f"{name}: {message}"
    assert_no_frames(message)
    for named in SAID[name]:
        assert re.search(named, message), f"{name} does not name {named}: {message}"
    assert not re.search(GIVEN_AWAY[name], message), f"{name} gives the answer away: {message}"


def assert_no_frames(text: str) -> None:
    """A student sees what is wrong, and nothing of how we found out."""
    assert not re.search(r"Traceback|autograder/|course/|\.py\b|----> ", text), text
