"""Questions with options: what they are, where the right one stands, and what a letter earns."""

import os
import re
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from autograder import NotAttempted, OurFault, Question, WrongAnswer
from autograder.checks.choices import Choice, check_choice
from autograder.misconceptions import answer_under, diagnose
from autograder.questions import QUANTITIES, numbers
from course import Stack, keras_bridge
from course import layers as L
from course.errors import CourseError, SpecError
from tests.autograder.forms import NEVER_RIGHT
from tests.autograder.judged import cause_of
from tests.autograder.test_questions import DIGIT, MNIST_NET
from tests.strategies import any_case, for_all

SECOND = L.Conv2D(32, 3, strides=2, padding="same")
PARAMETERS = Choice(Question(SECOND, (128, 128, 3), "param_count"))
DEPTH = Choice(Question(SECOND, (128, 128, 3), "depth"))


def right_letter(choice: Choice) -> str:
    """The letter of the right option."""
    return next(k for k, option in choice.letters.items() if option == choice.question.expected())


def holds(choice: Choice) -> None:
    """What must hold of any choice."""
    options = choice.options
    assert 3 <= len(options) <= choice.count
    assert len(set(options)) == len(options)
    assert list(options) == sorted(options)
    assert options.count(choice.question.expected()) == 1
    for option in options:
        assert (not diagnose(option, choice.question)) == (option == choice.question.expected())


def test_the_options_are_the_truth_and_what_misconceptions_lead_to() -> None:
    assert DEPTH.letters == {"a": 1, "b": 3, "c": 32, "d": 96}


@pytest.mark.parametrize("quantity", [q for q in QUANTITIES if q != "receptive_field"])
@pytest.mark.parametrize("count", [3, 4, 5])
def test_every_quantity_makes_a_choice(quantity: str, count: int) -> None:
    holds(Choice(Question(SECOND, (128, 128, 3), quantity), count))


def test_stacks_and_poolings_make_choices_too() -> None:
    holds(Choice(Question(MNIST_NET, DIGIT, "param_count")))
    holds(Choice(Question(MNIST_NET, DIGIT, "output_shape", at="max_pooling2d_1")))
    holds(Choice(Question(MNIST_NET, DIGIT, "receptive_field", at="max_pooling2d_1")))
    holds(Choice(Question(L.MaxPooling2D(2), (26, 26, 32), "param_count")))


def test_any_question_makes_a_choice_or_has_too_few_wrong_answers() -> None:
    def claim(case: tuple[Any, tuple[int, ...]]) -> None:
        for quantity in ("output_shape", "param_count", "padding_amounts"):
            try:
                question = Question(*case, quantity)
            except SpecError:
                continue
            with suppress(SpecError):
                holds(Choice(question))

    for_all(any_case(), claim, 60)


def test_each_wrong_option_is_another_misconception_where_there_are_enough() -> None:
    causes = [
        diagnose(option, PARAMETERS.question)[0].misconceptions
        for option in PARAMETERS.options
        if option != 896
    ]
    assert len(set(causes)) == len(causes) == 3
    assert all(len(cause) == 1 for cause in causes)


def test_the_place_of_the_right_option_gives_nothing_away() -> None:
    """Each place is right in at least one of eight choices, and the same one twice is no rule."""
    places: Counter[str] = Counter()
    for K in range(4, 24):
        for size in (20, 29, 32):
            question = Question(L.Conv2D(K, 3, strides=2), (size, size, 2), "param_count")
            places[right_letter(Choice(question))] += 1
    assert set(places) == set("abcd")
    assert min(places.values()) >= 60 / 8


SCRIPT = """
from autograder.checks.choices import Choice, Question
from course import layers as L
question = Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "param_count")
print(Choice(question))
"""


def test_the_options_stay_where_they_are() -> None:
    """A solution that names a letter is right in every session, on every machine."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )
    assert done.stdout == f"{PARAMETERS}\n"


def test_a_choice_reads_as_a_list() -> None:
    assert str(DEPTH) == repr(DEPTH)
    assert str(DEPTH).splitlines() == [
        "What is the depth of the output of",
        "    Conv2D(32, 3, strides=2, padding='same')",
        "on an input of (128, 128, 3)?",
        "    a  1",
        "    b  3",
        "    c  32",
        "    d  96",
    ]


def test_the_html_shows_each_option_with_its_letter() -> None:
    html = PARAMETERS._repr_html_()
    items = re.findall(r"<li><b>(\w)</b>&emsp;(.*?)</li>", html)
    assert items == [(letter, f"{option:,}") for letter, option in PARAMETERS.letters.items()]
    named = Stack([L.Conv2D(4, 3, name="<i>"), L.Conv2D(8, 3)])
    assert "<i>" not in Choice(Question(named, (9, 9, 2), "depth", at="<i>"))._repr_html_()


@pytest.mark.parametrize("form", ["{}", " {} ", "({})", "{})", "{}."])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_the_right_letter_is_confirmed(form: str, case: Any) -> None:
    answer = form.format(case("c"))
    assert str(check_choice(answer, DEPTH)) == "Right: c, 32. Keras agrees."


def test_the_value_itself_will_do() -> None:
    letter = right_letter(PARAMETERS)
    assert str(check_choice(896, PARAMETERS)) == f"Right: {letter}, 896. Keras agrees."
    shape = Choice(Question(SECOND, (128, 128, 3), "output_shape"))
    assert "(64, 64, 32)" in str(check_choice([None, 64, 64, 32], shape))


@pytest.mark.parametrize("blank", [None, ...], ids=str)
def test_a_blank_answer_is_not_attempted(blank: Any) -> None:
    with pytest.raises(NotAttempted):
        check_choice(blank, PARAMETERS)


@pytest.mark.parametrize("answer", ["b", 3])
def test_a_wrong_option_brings_its_diagnosis(answer: Any) -> None:
    with pytest.raises(WrongAnswer, match=r"^b: 3 is not the depth of the output of") as caught:
        check_choice(answer, DEPTH)
    assert "What decides how many channels come out?" in str(caught.value)
    assert cause_of(caught.value) == ("depth-from-input",)


@pytest.mark.parametrize("answer", ["e", "", "32", "ab", 33, True, (32,)], ids=repr)
def test_what_is_no_option_is_told_the_letters(answer: Any) -> None:
    with pytest.raises(WrongAnswer, match="one of the letters 'a', 'b', 'c', 'd'"):
        check_choice(answer, DEPTH)


@pytest.mark.parametrize("name", NEVER_RIGHT)
def test_no_odd_object_is_right_or_breaks_anything(name: str) -> None:
    with pytest.raises(WrongAnswer):
        check_choice(NEVER_RIGHT[name](), PARAMETERS)


def test_no_message_names_the_right_option() -> None:
    for letter, option in PARAMETERS.letters.items():
        if option != 896:
            with pytest.raises(WrongAnswer) as caught:
                check_choice(letter, PARAMETERS)
            assert "896" not in str(caught.value)


def test_references_that_differ_are_no_fault_of_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choice = Choice(Question(L.Conv2D(7, 3, strides=2), (30, 30, 3), "param_count"))

    def fail(*_: Any) -> None:
        raise ValueError("Keras has changed")

    monkeypatch.setattr(keras_bridge, "ask", fail)
    for answer in ("a", "z", 7 * 27 + 7):
        with pytest.raises(OurFault):
            check_choice(answer, choice)
    with pytest.raises(NotAttempted):
        check_choice(..., choice)


@pytest.mark.parametrize("count", [2, 9, 4.0, True, "4"], ids=repr)
def test_a_count_of_options_that_makes_no_choice_is_refused(count: Any) -> None:
    with pytest.raises(SpecError, match="give a count from 3 to 8"):
        Choice(PARAMETERS.question, count)


def test_a_question_with_too_few_wrong_answers_is_refused() -> None:
    with pytest.raises(SpecError, match="lead to 0 wrong answers"):
        Choice(Question(L.Dropout(0.5), (9, 9, 1), "output_shape"))


def test_a_fraction_comes_last() -> None:
    question = Question(SECOND, (128, 128, 3), "width")
    assert Choice(question, 3).options == (63, 64, 128)
    assert set(Choice(question, 4).options) == {63, 64, 128, 64.5}
    assert answer_under(question, "fraction-kept") == numbers(64.5)
    with pytest.raises(CourseError, match=r"64\.5 is not the width"):
        check_choice(64.5, Choice(question, 4))


def test_a_choice_over_nobodys_numbers_confirms_nothing() -> None:
    nobodys = Choice(Question(SECOND, (128, 128, 3), "param_count", nobodys=True))
    for letter in nobodys.letters:
        with pytest.raises(NotAttempted, match="nothing counts here yet"):
            check_choice(letter, nobodys)
