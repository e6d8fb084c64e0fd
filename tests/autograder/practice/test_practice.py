"""Practice: which questions it asks, how it judges, counts and grows harder, and its widget."""

import json
import subprocess
import sys
import warnings
from collections import Counter
from random import Random
from typing import Any

import pytest

from autograder import Question
from autograder.hints import hints
from autograder.misconceptions import answer_under, diagnose, right_by_luck, wrong_answers
from autograder.practice import Session, practice
from autograder.practice.questions import KINDS, LEVELS, MAKERS, fair, make
from autograder.practice.session import DOWN_AFTER, UP_AFTER
from autograder.questions import numbers
from course import Stack
from course import layers as L
from course.errors import SpecError

ODD = [
    "",
    "   ",
    "no idea",
    "'896'",
    "8 9 6",
    "0896",
    "(1, 2",
    "1 + 2",
    "__import__('os').system('true')",
    "lambda: 1",
    "[" * 90,
    "9" * 5000,
    "1e999",
    "{1: 2}",
    "True",
    "None",
    "...",
    "\\d\x00",
    "\ud800",
    "'\\d'",
    "1if 2else 3",
    "[" + "1," * 200 + "]",
]


def typed(answer: Any) -> str:
    """A right answer as a student types it."""
    return str(answer)


def wrong(question: Question) -> str:
    """A wrong answer of the right kind."""
    answer = question.expected()
    return str(answer + 1 if isinstance(answer, int) else tuple(_more(part) for part in answer))


def _more(part: Any) -> Any:
    return part + 1 if isinstance(part, int) else tuple(number + 1 for number in part)


def layers_of(question: Question) -> list[Any]:
    """The layers of a question's stack, or its one layer."""
    return list(question.layer) if isinstance(question.layer, Stack) else [question.layer]


# Questions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_questions_are_fair_and_hardly_repeat(kind: str, level: int) -> None:
    asked = [make(kind, level, Random(f"{number}")) for number in range(15)]
    assert len(set(asked)) >= 12
    for question in asked:
        assert fair(question)
        assert max(numbers(question.expected())) <= 100_000
        assert wrong_answers(question), question.text


def test_a_recent_question_does_not_come_again() -> None:
    first = make("pooling", 1, Random("a"))
    assert make("pooling", 1, Random("a"), [first]) != first


def test_nothing_gets_a_fair_question_right_by_luck() -> None:
    even = Question(L.MaxPooling2D(2), (28, 28, 8), "output_shape")
    assert ("ceil-for-floor",) in [lucky.names for lucky in right_by_luck(even)]
    assert not fair(even)
    assert fair(Question(L.MaxPooling2D(2), (27, 27, 8), "output_shape"))
    assert not fair(Question(L.Conv2D(500, 9), (20, 20, 64), "param_count"))


def test_what_each_kind_asks() -> None:
    asked = {
        kind: {make(kind, level, Random(f"{n}")).quantity for level in (1, 3, 6) for n in range(12)}
        for kind in MAKERS
    }
    assert asked == {
        "parameters": {"param_count", "weight_count"},
        "output shape": {"output_shape"},
        "padding": {"output_shape", "padding_amounts"},
        "pooling": {"output_shape"},
        "stack": {"param_count", "output_shape"},
        "receptive field": {"receptive_field"},
    }


def test_a_mix_holds_every_kind() -> None:
    quantities = Counter(make("mix", 2, Random(f"{n}")).quantity for n in range(60))
    assert set(quantities) == {
        "param_count",
        "weight_count",
        "output_shape",
        "padding_amounts",
        "receptive_field",
    }


def test_the_first_level_is_plain() -> None:
    for number in range(20):
        for kind in ("parameters", "output shape"):
            question = make(kind, 1, Random(f"{number}"))
            (layer,) = layers_of(question)
            assert isinstance(layer, L.Conv2D)
            assert layer.strides == (1, 1)
            assert layer.padding == "valid"
            assert len(set(layer.kernel_size)) == len(set(question.input_shape[:2])) == 1


@pytest.mark.parametrize(
    ("level", "has"),
    [
        (2, lambda q, layer: layer.strides[0] > 1 and q.input_shape[-1] == 3),
        (3, lambda q, layer: layer.padding == "same"),
        (4, lambda q, layer: len(set(q.input_shape[:2])) > 1 and len(set(layer.window_size)) > 1),
        (5, lambda q, layer: type(layer) is not L.Conv2D or layer.groups > 1),
        (5, lambda q, layer: layer.dilation_rate != (1, 1)),
        (6, lambda q, layer: isinstance(q.layer, Stack) and q.at is not None),
    ],
)
def test_each_level_brings_something(level: int, has: Any) -> None:
    drawn = [make("output shape", level, Random(f"{n}")) for n in range(30)]
    assert any(has(question, layers_of(question)[-1]) for question in drawn)
    below = [make("output shape", level - 1, Random(f"{n}")) for n in range(30)]
    assert not any(has(question, layers_of(question)[-1]) for question in below)


def test_a_seed_asks_the_same_questions_again() -> None:
    def asked(seed: Any) -> list[Question]:
        session = Session("mix", seed)
        found = []
        for _ in range(10):
            found.append(session.question)
            session.next()
        return found

    assert asked(5) == asked(5)
    assert asked(5) != asked(6)
    assert asked(None) != asked(None)
    assert len(set(asked(5))) == 10


def test_another_process_asks_the_same_questions() -> None:
    script = "from autograder.practice import Session; print(Session('mix', 5).question.text)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == f"{Session('mix', 5).question.text}\n"


# Judging and counting -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_answer_counts(kind: str) -> None:
    session = Session(kind, seed=1)
    session.answer(typed(session.question.expected()))
    assert session.says.startswith("Right: ")
    assert (session.right, session.asked, session.streak, session.solved) == (1, 1, 1, True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_answer_is_told_why_and_never_what_is_right(kind: str) -> None:
    session = Session(kind, seed=2)
    truth = session.question.expected()
    session.answer(wrong(session.question))
    assert "is not right." in session.says
    assert str(truth) not in session.says
    assert (session.right, session.asked, session.streak, session.solved) == (0, 1, 0, False)


def test_a_wrong_answer_is_diagnosed_at_once() -> None:
    session = Session("parameters", seed=3)
    (answer,) = answer_under(session.question, "no-bias") or ()
    session.answer(str(answer))
    (found, *_) = diagnose(answer, session.question)
    assert found.message in session.says


def test_without_a_diagnosis_the_formula_is_named() -> None:
    session = Session("parameters", seed=3)
    session.answer("123456789")
    assert session.says.split("\n", 1)[1] == hints(session.question)[0]


def test_a_wrong_axis_is_named() -> None:
    session = Session("output shape", seed=3)
    height, width, depth = session.question.expected()
    session.answer(str((height + 77, width, depth)))
    assert "Look again at the height." in session.says


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("kind", ["parameters", "output shape", "padding"])
def test_odd_input_gets_a_message_and_loses_nothing(
    kind: str, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    session = Session(kind, seed=4)
    question = session.question
    session.answer(text)
    assert session.says
    assert "is not right" not in session.says
    assert (session.asked, session.streak, session.level, session.solved) == (0, 0, 1, False)
    assert session.question is question
    assert capfd.readouterr() == ("", "")


def test_what_python_thinks_of_the_spelling_is_not_passed_on() -> None:
    """A warning would be printed under the cell."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        Session("parameters", seed=4).answer("'\\d'")
    assert seen == []


@pytest.mark.parametrize("form", ["{:,}", " {} ", "{}.0"])
def test_a_number_in_other_spellings_is_right(form: str) -> None:
    sessions = (Session("parameters", seed) for seed in range(100))
    session = next(session for session in sessions if session.question.expected() > 999)
    session.answer(form.format(session.question.expected()))
    assert session.solved


@pytest.mark.parametrize("form", ["{}, {}, {}", "[{}, {}, {}]", "({}, {}, {},)", "(None,{},{},{})"])
def test_a_shape_in_other_spellings_is_right(form: str) -> None:
    session = Session("output shape", seed=1)
    session.answer(form.format(*session.question.expected()))
    assert session.solved


def test_a_question_counts_once() -> None:
    session = Session("parameters", seed=1)
    session.answer(wrong(session.question))
    session.answer(wrong(session.question))
    session.answer(typed(session.question.expected()))
    assert session.solved
    assert (session.right, session.asked, session.streak) == (0, 1, 0)


def test_a_question_that_is_passed_over_counts_for_nothing() -> None:
    session = Session("parameters", seed=1)
    first = session.question
    session.next()
    assert session.question != first
    assert (session.right, session.asked) == (0, 0)


def play(session: Session, *right: bool) -> None:
    """Answer one question after another."""
    for one in right:
        session.answer(typed(session.question.expected()) if one else wrong(session.question))
        session.next()


def test_the_level_goes_up_and_down() -> None:
    session = Session("parameters", seed=1)
    play(session, *[True] * (UP_AFTER - 1))
    assert session.level == 1
    play(session, True)
    assert session.level == 2
    play(session, *[False] * (DOWN_AFTER - 1), True, *[False] * (DOWN_AFTER - 1))
    assert session.level == 2
    play(session, False)
    assert session.level == 1
    play(session, *[False] * 2 * DOWN_AFTER)
    assert session.level == 1
    play(session, *[True] * UP_AFTER * LEVELS)
    assert session.level == LEVELS


def test_each_kind_has_its_own_level() -> None:
    session = Session("parameters", seed=1)
    play(session, *[True] * UP_AFTER)
    session.choose("pooling")
    assert (session.level, session.streak) == (1, UP_AFTER)
    session.choose("parameters")
    assert session.level == 2


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(SpecError, match="practise one of parameters, output shape"):
        practice("baking")


# The widget -----------------------------------------------------------------------------------


def enter(shown: Any, text: str) -> None:
    """What the front end does when Enter is pressed."""
    shown.field.typed = {"text": text, "at": len(shown.field.typed.get("text", "")) + len(text)}


def test_the_widget_shows_the_question_and_judges() -> None:
    shown = practice("parameters", seed=1)
    question = shown.session.question
    assert repr(question.layer) in shown.picture.value.replace("&#x27;", "'")
    assert str(question.input_shape) in shown.picture.value
    enter(shown, wrong(question))
    assert "is not right." in shown.said.value
    assert 'role="status"' in shown.said.value
    assert "Right at once: 0 of 1." in shown.said.value
    enter(shown, typed(question.expected()))
    assert f"<b>Right: {question.expected():,}.</b>" in shown.said.value


def test_enter_goes_on_when_the_question_is_solved() -> None:
    shown = practice("parameters", seed=1)
    question = shown.session.question
    enter(shown, typed(question.expected()))
    enter(shown, "")
    assert shown.session.question != question
    assert "Right: " not in shown.said.value


def test_the_buttons_show_hints_and_the_next_question() -> None:
    shown = practice("parameters", seed=1)
    for count in (1, 2, 3):
        assert not shown.hint.disabled
        shown.hint.click()
        assert f"Hint {count} of 3." in shown.said.value
    assert shown.hint.disabled
    before = shown.picture.value
    shown.next.click()
    assert shown.picture.value != before
    assert "Hint" not in shown.said.value
    assert not shown.hint.disabled


def test_the_kind_can_be_changed() -> None:
    shown = practice("parameters", seed=1)
    shown.kind.value = "padding"
    assert shown.session.kind == "padding"
    assert shown.session.question.text.split("\n")[0].split(" of")[0] in shown.picture.value
    assert practice("stack", seed=1).kind.value == "stack"


def test_a_stack_is_shown_with_the_names_of_its_layers() -> None:
    shown = practice("stack", seed=1)
    stack = shown.session.question.layer
    for name, layer in zip(stack.names, stack, strict=True):
        assert f"{name}  " in shown.picture.value
        assert repr(layer).replace("'", "&#x27;") in shown.picture.value


def test_a_saved_notebook_keeps_the_first_question() -> None:
    shown = practice("pooling", seed=1)
    bundle = shown._repr_mimebundle_()
    assert bundle["text/plain"] == shown.session.question.sentence
    assert "What is the output shape of this layer" in bundle["text/html"]
    assert json.dumps(bundle)


def test_practice_waits_for_no_tensorflow() -> None:
    script = (
        "import sys; from autograder.practice import practice; shown = practice(seed=1)\n"
        "shown.field.typed = {'text': '5', 'at': 0}\n"
        "assert 'is not right' in shown.said.value\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


def test_importing_practice_loads_nothing_heavy() -> None:
    script = (
        "import sys, autograder.practice, autograder.hints, autograder.checks.choices\n"
        "assert not {'ipywidgets', 'numpy', 'IPython', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
