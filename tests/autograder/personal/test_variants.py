"""Numbers of one's own: fair, distinct, the same on every machine, and right.

Distinct enough means, of 200 students: at least 95 in 100 have a layer and an input that nobody
else has, and no answer is right for more than 2 in 100. The zeros of padding='same' are small
numbers and there are few of them: there an answer may be right for 8 in 100.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from autograder.misconceptions.wrong_answers import _answers
from autograder.personal import templates
from autograder.personal.exercise_quality import LARGEST_COUNT, LARGEST_SIZE, formulas, refusal
from autograder.personal.identity import Identity, current_identity
from autograder.personal.templates import (
    CONV_SAME,
    CONV_VALID,
    DENSE,
    SAME_PADS,
    SUMMARY,
    TEMPLATES,
)
from autograder.personal.variants import Template, Variant, _draws, fits_other, variant
from autograder.questions import Question, numbers
from course import Stack
from course import layers as L
from course.errors import SpecError
from tests.strategies import for_all

KEY = "a key of the tests"
FEW, ALL = 5, 200
few_and_all = pytest.mark.parametrize("students", [FEW, pytest.param(ALL, marks=pytest.mark.slow)])
each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.exercise)


@pytest.fixture(autouse=True)
def known_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and no name, whatever the machine holds."""
    monkeypatch.setenv("CONVDIMS_COURSE_KEY", KEY)
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)


def test_every_template_is_among_those_that_are_tried() -> None:
    written = [value for value in vars(templates).values() if isinstance(value, Template)]
    missing = [template.exercise for template in written if template not in TEMPLATES]
    assert not missing, f"add {missing} to TEMPLATES in {templates.__file__}"


@cache
def variants(template: Template, students: int) -> tuple[Variant, ...]:
    """The plain variant and those of other students, so many in all."""
    names = ["", *(f"student{number}" for number in range(1, students))]
    return tuple(variant(template, name) for name in names)


def numbers_in(found: Variant) -> list[str]:
    """All numbers that a student is given, in order."""
    return re.findall(r"\d+", found.task)


# What is judged -----------------------------------------------------------------------------------


@each_template
@few_and_all
def test_no_mistake_gives_the_right_answer_or_that_of_another(
    template: Template, students: int
) -> None:
    for found in variants(template, students):
        for question in found.questions:
            truth, causes = numbers(question.expected()), dict[Any, set[str]]()
            for wrong in _answers(question):
                if wrong.only is not None:
                    continue  # somebody with a misconception has it at all layers
                if wrong.values == truth:
                    assert {*wrong.names} <= harmless(question)
                elif len(wrong.rules) == 1:
                    causes.setdefault(wrong.values, set()).add(wrong.names[0])
            assert causes, "nothing can be got wrong"
            assert max(map(len, causes.values())) == 1, (question, causes)


def harmless(question: Question) -> set[str]:
    """What cannot go wrong here: without strides nothing is divided, and a product of height and
    width is the same in either order.
    """
    names = {"height-width-swapped"} if question.kind == "number" else set()
    if all({*getattr(layer, "strides", ())} <= {1} for layer in question.chain):
        names |= {"stride-ignored", "ceil-for-floor", "floor-for-ceil", "fraction-kept"}
    return names


@each_template
@few_and_all
def test_engine_and_keras_agree(template: Template, students: int) -> None:
    for found in variants(template, students):
        for question in found.questions:
            assert question.ask_keras() == question.expected(), question


@each_template
@few_and_all
def test_all_variants_are_equally_difficult(template: Template, students: int) -> None:
    """The same layers and formulas, numbers of the same length, and small ones."""
    first, *others = variants(template, students)
    kinds = [type(layer) for layer in first.questions[0].chain]
    for found in others:
        assert [type(layer) for layer in found.questions[0].chain] == kinds
        assert formulas(found.questions) == formulas(first.questions)
        assert list(map(len, numbers_in(found))) == list(map(len, numbers_in(first)))
        for question in found.questions:
            most = LARGEST_SIZE if question.kind == "shape" else LARGEST_COUNT
            assert max(numbers(question.expected())) <= most


@each_template
def test_a_handful_of_students_have_different_exercises(template: Template) -> None:
    found = variants(template, FEW)
    assert len({(repr(one.layer), one.input_shape) for one in found}) == FEW


@each_template
@pytest.mark.slow
def test_students_have_distinct_exercises(template: Template) -> None:
    found = variants(template, ALL)
    exercises = Counter((repr(one.layer), one.input_shape) for one in found)
    assert sum(times == 1 for times in exercises.values()) >= 0.95 * ALL
    for place, question in enumerate(found[0].questions):
        answers = Counter(one.questions[place].expected() for one in found)
        most = 0.08 if question.kind == "pads" else 0.02
        assert answers.most_common(1)[0][1] <= most * ALL, question.quantity


# The same for everybody who asks ------------------------------------------------------------------

GOLDEN = {
    (DENSE, ""): ("    Dense(50)\non an input of (473,)"),
    (DENSE, "ada"): ("    Dense(31)\non an input of (328,)"),
    (CONV_VALID, ""): ("    Conv2D(54, 7, strides=3, padding='valid')\non an input of (79, 47, 3)"),
    (CONV_VALID, "ada"): (
        "    Conv2D(53, 5, strides=3, padding='valid')\non an input of (90, 59, 3)"
    ),
    (CONV_VALID, "bo"): (
        "    Conv2D(45, 7, strides=3, padding='valid')\non an input of (82, 57, 5)"
    ),
    (CONV_SAME, "ada"): (
        "    Conv2D(20, 6, strides=3, padding='same')\non an input of (88, 76, 7)"
    ),
    (SAME_PADS, "ada"): ("    Conv2D(52, (9, 8), padding='same')\non an input of (60, 28, 6)"),
    (SUMMARY, "ada"): (
        "    conv2d         Conv2D(12, 4, padding='valid')\n"
        "    max_pooling2d  MaxPooling2D(pool_size=4, strides=2, padding='valid')\n"
        "    conv2d_1       Conv2D(25, 4, padding='valid')\n"
        "    flatten        Flatten()\n"
        "    dense          Dense(6)\n"
        "on an input of (30, 22, 5)"
    ),
}
"""What KEY gives. Students have these numbers in their notebooks: whatever changes them, in the
drawing, in a template or in the misconceptions, needs a line in the changelog."""


@pytest.mark.parametrize(("template", "student"), GOLDEN, ids=lambda v: getattr(v, "exercise", v))
def test_nobody_gets_other_numbers_than_before(template: Template, student: str) -> None:
    assert variant(template, student).task == GOLDEN[template, student]


def test_another_process_draws_the_same() -> None:
    """Whatever the order of its sets and hashes."""
    source = (
        "from autograder.personal.templates import CONV_VALID as template\n"
        "from autograder.personal.variants import variant\n"
        "print(variant(template, 'ada').task)"
    )
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", source],
            env=environment,
            cwd=Path(__file__).parents[3],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.rstrip("\n") == GOLDEN[CONV_VALID, "ada"]


def test_the_same_name_however_it_is_typed() -> None:
    ada = variant(CONV_VALID, "ada")
    for typed in ("ada", "Ada", " ADA ", "ada\n", "ａｄａ"):  # noqa: RUF001  (wide letters)
        assert variant(CONV_VALID, typed) == ada
    assert variant(CONV_VALID, "jose\u0301") == variant(CONV_VALID, "jos\u00e9")


def test_everything_that_is_drawn_with_changes_the_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = [
        variant(CONV_VALID, "ada"),
        variant(CONV_VALID, "bo"),
        variant(replace(CONV_VALID, version=2), "ada"),
        variant(replace(CONV_VALID, exercise="07-conv-dims/ex9"), "ada"),
    ]
    monkeypatch.setenv("CONVDIMS_COURSE_KEY", "another key")
    drawn.append(variant(CONV_VALID, "ada"))
    assert len({one.task for one in drawn}) == len(drawn)


def test_no_name_and_exercise_run_together() -> None:
    """Else exercise 1 of student 2x would be exercise 12 of student x."""
    one = replace(CONV_VALID, exercise="ex1")
    other = replace(CONV_VALID, exercise="ex12")
    assert next(_draws(one, Identity("2x", KEY))) != next(_draws(other, Identity("x", KEY)))


def test_all_values_are_drawn_equally_often() -> None:
    """Within five standard deviations of a fair draw, which fails once in a million."""
    seen: dict[Any, Counter[int]] = {}
    students = 4000
    for number in range(students):
        arguments, shape = next(_draws(CONV_VALID, Identity(f"student{number}", KEY)))
        for name, value in (*arguments.items(), *enumerate(shape)):
            seen.setdefault(name, Counter())[value] += 1
    wanted = {**CONV_VALID.choices, **dict(enumerate(CONV_VALID.input_shape))}
    for name, values in wanted.items():
        assert seen[name].keys() == set(values)
        share = 1 / len(values)
        spread = 5 * (students * share * (1 - share)) ** 0.5
        assert all(abs(times - students * share) <= spread for times in seen[name].values())


@pytest.mark.parametrize("examples", [10, pytest.param(200, marks=pytest.mark.slow)])
def test_any_name_and_any_key_give_a_variant(examples: int) -> None:
    def claim(drawn: tuple[str, str]) -> None:
        student, key = drawn
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CONVDIMS_COURSE_KEY", key)
            found = variant(DENSE, student)
        assert refusal(found.questions) == ""

    keys = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
    for_all(st.tuples(st.text(), keys), claim, examples)


# What is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "shape", "quantity", "reason"),
    [
        (L.Conv2D(16, 1), (20, 30, 3), "param_count", "a size, depth or window is 1"),
        (L.Conv2D(1, 3), (20, 30, 3), "param_count", "a size, depth or window is 1"),
        (L.Conv2D(16, 5), (20, 30, 1), "param_count", "a size, depth or window is 1"),
        (L.Conv2D(16, 20), (20, 30, 3), "param_count", "a size, depth or window is 1"),
        (L.MaxPooling2D((1, 2)), (20, 30, 3), "output_shape", "a size, depth or window is 1"),
        (L.Dense(1), (20,), "param_count", "a size, depth or window is 1"),
        (
            L.Conv2DTranspose(16, 2, strides=(2, 9)),
            (8, 8, 3),
            "output_shape",
            "a stride is longer than the input",
        ),
        (L.Conv2D(16, 5), (251, 30, 3), "param_count", "a size is above 250"),
        (L.Conv2D(251, 5), (20, 30, 3), "param_count", "a size is above 250"),
        (L.Dense(400), (400,), "param_count", "param_count is above 100,000"),
        (
            L.Conv2D(16, 3, strides=2, padding="same"),
            (40, 60, 3),
            "output_shape",
            "floor-for-ceil gives the right output_shape",
        ),
        (
            L.Conv2D(16, 4, strides=2),
            (41, 61, 3),
            "output_shape",
            "plus-one-forgotten with ceil-for-floor gives the right output_shape",
        ),
        (
            L.Conv2D(16, 5, strides=2),
            (41, 41, 3),
            "output_shape",
            "ceil-for-floor gives the right output_shape",
        ),
        (
            L.Conv2D(16, 5, padding=2),
            (20, 30, 3),
            "output_shape",
            "same-for-valid gives the right output_shape",
        ),
        (
            L.Conv2D(16, 5, strides=2, padding=1),
            (40, 61, 3),
            "output_shape",
            "padding-ignored and plus-one-forgotten give the same output_shape",
        ),
        (
            L.MaxPooling2D(2),
            (20, 31, 8),
            "output_shape",
            "same-for-valid and ceil-for-floor give the same output_shape",
        ),
        (
            L.Conv2D(16, 3),
            (20, 30, 3),
            "weight_count",
            "input-channels-ignored and kernel-not-squared give the same weight_count",
        ),
        (
            L.Conv2D(16, 3),
            (20, 30, 2),
            "param_count",
            "bias-per-input-channel and bias-twice give the same param_count",
        ),
        (
            Stack([L.Conv2D(16, 5), L.Flatten()]),
            (20, 30, 3),
            "output_shape",
            "channels-lost and filters-ignored give the same output_shape",
        ),
        (  # the pooling leaves no rest; the convolution behind it divides nothing
            Stack([L.Conv2D(16, 4), L.MaxPooling2D(3, 2), L.Conv2D(20, 4)]),
            (20, 30, 3),
            "output_shape",
            "ceil-for-floor gives the right output_shape",
        ),
        (
            Stack(
                [L.Conv2D(16, 4), L.MaxPooling2D(3, 2), L.Conv2D(20, 4), L.Flatten(), L.Dense(5)]
            ),
            (20, 30, 3),
            "param_count",
            "ceil-for-floor gives the right param_count",
        ),
        (
            Stack(
                [L.Conv2D(16, 4), L.MaxPooling2D(3, 2), L.Conv2D(20, 4), L.Flatten(), L.Dense(5)]
            ),
            (21, 30, 3),
            "param_count",
            "",
        ),
        (L.Conv2D(16, 5), (20, 30, 3), "output_shape", ""),
        (L.Conv2D(16, 5, strides=2), (41, 60, 3), "output_shape", ""),
        (L.MaxPooling2D(3, strides=2), (20, 31, 8), "output_shape", ""),
    ],
)
def test_what_makes_a_bad_exercise(layer: Any, shape: Any, quantity: str, reason: str) -> None:
    assert refusal([Question(layer, shape, quantity)]) == reason


def test_a_square_output_is_refused_only_where_axes_could_be_swapped() -> None:
    layer, shape = L.Conv2D(16, 5), (30, 30, 3)
    assert refusal([Question(layer, shape, "param_count")]) == ""
    assert refusal([Question(layer, shape, "output_shape")]) == (
        "height-width-swapped gives the right output_shape"
    )


def test_every_question_must_be_a_good_one() -> None:
    layer, shape = L.Conv2D(16, 5), (30, 30, 3)
    both = [Question(layer, shape, "param_count"), Question(layer, shape, "output_shape")]
    assert refusal(both) == refusal(both[::-1]) != ""


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"choices": {"filters": (8, 16)}}, "filters has [8, 16] to choose from"),
        ({"choices": {"filters": ()}}, "filters has [] to choose from"),
        (
            {"choices": {"kernel_size": ((3, 5), (3, 11))}},
            "kernel_size has [(3, 5), (3, 11)] to choose from",
        ),
        (
            {"input_shape": ((20,), (9, 10), (3,))},
            "size 2 of the input has [9, 10] to choose from",
        ),
        (
            {"choices": {"filters": range(10, 60)}, "input_shape": ((20,), (30,), (3, 4))},
            "there are 100 ways to choose, and 1,000 are the fewest",
        ),
    ],
)
def test_a_template_with_too_little_or_unlike_choice_is_none(
    changes: dict[str, Any], problem: str
) -> None:
    with pytest.raises(SpecError) as caught:
        replace(CONV_VALID, **changes)
    assert caught.value.problem == problem
    assert caught.value.where == "07-conv-dims/ex8"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quantities": ("height",)}, "same-for-valid and ceil-for-floor give the same height"),
        ({"quantities": ("params",)}, "300 of them because unknown quantity 'params'"),
        ({"quantities": (("depth", "conv"),)}, "300 of them because there is no layer 'conv'"),
        ({"layer": L.Dense}, "300 of them because unknown argument 'filters'"),
        (
            {"choices": {**CONV_VALID.choices, "kernel_size": (90,)}},
            "larger than",
        ),
    ],
)
def test_where_no_draw_is_good_it_is_said_why(changes: dict[str, Any], reason: str) -> None:
    hopeless = replace(CONV_VALID, **changes)
    with pytest.raises(SpecError, match="none of 300 draws makes a good exercise") as caught:
        variant(hopeless, "ada")
    assert reason in str(caught.value)
    assert caught.value.where == "07-conv-dims/ex8"


def test_draws_that_need_other_formulas_are_refused() -> None:
    """A bias more or less is another sum, and nobody's is longer than another's."""
    mixed = replace(CONV_VALID, choices={**CONV_VALID.choices, "use_bias": (True, False)})
    found = [variant(mixed, f"student{number}") for number in range(20)]
    assert {one.layer.use_bias for one in found} == {variant(mixed, "").layer.use_bias}


# What a student sees ------------------------------------------------------------------------------


def test_a_student_sees_whose_numbers_these_are() -> None:
    ada = variant(CONV_VALID, "Ada")
    assert ada.text == (
        f"The numbers for ada:\n{GOLDEN[CONV_VALID, 'ada']}\nThey count if you hand in under the "
        "name ada. If you do not, run introduce('your name') with the name under which you hand "
        "in, and then this cell again."
    )
    assert str(ada) == ada.text
    assert repr(ada.layer) in ada.task


def test_who_gave_no_name_is_told_to() -> None:
    plain = variant(CONV_VALID, "")
    assert plain.text.startswith(f"Numbers without a name:\n{GOLDEN[CONV_VALID, '']}\n")
    assert "You will be graded on numbers of your own. To see them, run introduce(" in plain.text


def test_a_stack_is_shown_layer_by_layer() -> None:
    lines = variant(SUMMARY, "ada").task.splitlines()
    assert [line.split()[0] for line in lines] == [
        "conv2d",
        "max_pooling2d",
        "conv2d_1",
        "flatten",
        "dense",
        "on",
    ]


def test_the_page_shows_the_text_and_no_markup_of_a_name() -> None:
    html = variant(CONV_VALID, "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "padding='valid'" in html


@each_template
def test_the_text_holds_no_answer(template: Template) -> None:
    for found in variants(template, FEW):
        given = set(numbers_in(found))
        for question in found.questions:
            if question.kind == "number":
                assert str(question.expected()) not in given
            else:
                assert str(question.expected()) not in found.text


def test_a_question_is_found_by_what_it_asks() -> None:
    ada = variant(SUMMARY, "ada")
    assert ada.question("param_count") == Question(ada.layer, ada.input_shape, "param_count")
    deep = ada.question("output_shape", "conv2d_1")
    assert deep.at == "conv2d_1"
    with pytest.raises(SpecError) as caught:
        ada.question("output_shape")
    assert str(caught.value) == (
        "output_shape is not asked here; ask for output_shape at conv2d_1, param_count"
    )


# Whose numbers an answer fits ---------------------------------------------------------------------


def test_an_answer_is_found_to_be_that_of_another_name() -> None:
    names = ["", "ada", "bo", "cleo"]
    bo = variant(CONV_VALID, "bo").question("output_shape").expected()
    assert fits_other(bo, CONV_VALID, "output_shape", names) == ("bo",)
    assert fits_other((None, *bo), CONV_VALID, "output_shape", names) == ("bo",)
    plain = variant(SUMMARY, "").question("output_shape", "conv2d_1").expected()
    assert fits_other(plain, SUMMARY, ("output_shape", "conv2d_1"), names) == ("",)


@pytest.mark.parametrize("answer", [7, (1, 2, 3), None, ..., "bo", object(), [[]]])
def test_other_answers_fit_nobody(answer: Any) -> None:
    assert fits_other(answer, CONV_VALID, "output_shape", ["", "ada"]) == ()


def test_without_a_name_it_is_whoever_sits_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVDIMS_STUDENT", "bo")
    monkeypatch.setenv("CONVDIMS_COURSE_KEY", current_identity().course_key)
    assert variant(CONV_VALID) == variant(CONV_VALID, "bo")
    assert variant(CONV_VALID, "").student == ""
