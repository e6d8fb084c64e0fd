"""Right, wrong and blank answers, what each message says, and what none ever says."""

import re
from typing import Any

import pytest
from hypothesis import strategies as st

from autograder import NotAttempted, Question, WrongAnswer, check
from autograder.questions import QUANTITIES
from course import Stack
from course import layers as L
from course.errors import SpecError
from tests.autograder.judged import cause_of
from tests.autograder.test_questions import HAND_WORKED
from tests.strategies import any_case, for_all, stacks

SECOND = Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "param_count")


def off_by_one(answer: Any) -> Any:
    """An answer of the same form with every number one too large."""
    return tuple(map(off_by_one, answer)) if isinstance(answer, tuple) else answer + 1


def numbers(text: str) -> set[int]:
    """All whole numbers in a text, also those written with commas."""
    return {int(found.replace(",", "")) for found in re.findall(r"\d+(?:,\d{3}(?!\d))*", text)} | {
        int(found) for found in re.findall(r"\d+", text)
    }


def flat(answer: Any) -> set[int]:
    """The numbers of an answer."""
    return set().union(*map(flat, answer)) if isinstance(answer, tuple) else {answer}


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
def test_the_right_answer_is_confirmed(layer: Any, shape: Any, quantity: str, right: Any) -> None:
    shown = f"{right:,}" if isinstance(right, int) else right
    assert str(check(right, Question(layer, shape, quantity))) == f"Right: {shown}. Keras agrees."


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
def test_a_wrong_answer_is_wrong(layer: Any, shape: Any, quantity: str, right: Any) -> None:
    question = Question(layer, shape, quantity)
    with pytest.raises(WrongAnswer, match=f"(is|are) not {re.escape(question.text)}"):
        check(off_by_one(right), question)


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
@pytest.mark.parametrize("blank", [None, ...], ids=str)
def test_a_blank_answer_is_not_attempted(
    layer: Any, shape: Any, quantity: str, right: Any, blank: Any
) -> None:
    with pytest.raises(NotAttempted):
        check(blank, Question(layer, shape, quantity))


def test_a_wrong_count_brings_its_cause() -> None:
    with pytest.raises(WrongAnswer) as caught:
        check(864, SECOND)
    assert str(caught.value).splitlines() == [
        "864 is not the number of parameters of",
        "    Conv2D(32, 3, strides=2, padding='same')",
        "on an input of (128, 128, 3).",
        "864 = 32 × 3 × 3 × 3. These are the weights alone. What does each filter have besides its "
        "weights?",
    ]
    assert cause_of(caught.value) == ("no-bias",)


def test_a_wrong_count_without_a_cause_brings_its_formula() -> None:
    with pytest.raises(WrongAnswer) as caught:
        check(871, SECOND)
    assert str(caught.value).splitlines() == [
        "871 is not the number of parameters of",
        "    Conv2D(32, 3, strides=2, padding='same')",
        "on an input of (128, 128, 3).",
        "Go through it again:",
        "    parameters = K × F × F × D_in + K",
    ]


@pytest.mark.parametrize(
    ("answer", "layer", "shape", "quantity", "says"),
    [
        (
            (7, 6, 2),
            L.Conv2D(2, 3),
            (8, 8, 3),
            "output_shape",
            "Wrong: the height. Right: the width, the depth.",
        ),
        (
            (5, 5, 3),
            L.Conv2D(2, 3),
            (8, 8, 3),
            "output_shape",
            "Wrong: the height, the width, the depth.",
        ),
        (
            (6, 6),
            L.Conv2D(2, 3),
            (8, 8, 3),
            "output_shape",
            "It has 2 numbers where 3 are wanted, the batch left out.",
        ),
        (
            (8, 31, 18),
            L.Conv2D(8, 3, data_format="channels_first"),
            (3, 32, 20),
            "output_shape",
            "Wrong: the height. Right: the depth, the width.",
        ),
        ((9,), L.Dense(10), (4,), "output_shape", "Wrong: number 1."),
        (
            (9, 5),
            L.Dense(10),
            (4,),
            "output_shape",
            "It has 2 numbers where 1 is wanted, the batch left out.",
        ),
        (
            ((1, 1), (0, 1)),
            SECOND.layer,
            (128, 128, 3),
            "padding_amounts",
            "Wrong: the height (top, bottom). Right: the width (left, right).",
        ),
    ],
    ids=str,
)
def test_a_wrong_shape_is_taken_apart(
    answer: Any, layer: Any, shape: Any, quantity: str, says: str
) -> None:
    with pytest.raises(WrongAnswer) as caught:
        check(answer, Question(layer, shape, quantity))
    assert says in str(caught.value).splitlines()


def gives_nothing_away(case: tuple[Any, tuple[int, ...], str, int]) -> None:
    """The message of a wrong answer holds no number of the right one.

    Left aside are the numbers that the student wrote or was given, the 1 and 2 of formulas, and
    how many numbers a shape has.
    """
    layer, shape, quantity, step = case
    try:
        question = Question(layer, shape, quantity)
    except SpecError:
        return
    truth = question.expected()
    wrong = truth
    for _ in range(step):
        wrong = off_by_one(wrong)
    count = len(truth) if isinstance(truth, tuple) else 0
    known = numbers(question.text) | flat(wrong) | {1, 2} | set(range(1, count + 1))
    with pytest.raises(WrongAnswer) as caught:
        check(wrong, question)
    said = str(caught.value).replace(", 0)", ")")  # the 0 of max(..., 0) is part of the formula
    given_away = (flat(truth) - known) & numbers(said)
    assert not given_away, str(caught.value)


def test_a_message_never_holds_the_right_answer() -> None:
    quantities = st.sampled_from(list(QUANTITIES))
    asked = st.one_of(any_case(), any_case(), stacks(3))
    cases = st.builds(
        lambda case, quantity, step: (*case, quantity, step), asked, quantities, st.integers(1, 50)
    )
    for_all(cases, gives_nothing_away, 150)


@pytest.mark.parametrize(
    "case",
    [
        (L.MaxPooling2D(2), (26, 26, 32), "param_count", 4),
        (L.Conv2D(4, 3, use_bias=False), (9, 9, 1), "bias_count", 4),
        (L.Conv2D(4, 3, trainable=False), (9, 9, 1), "trainable_count", 4),
        (L.Conv2D(4, 3), (9, 9, 1), "padding_amounts", 3),
        (L.Dropout(0.5), (9, 9, 1), "macs", 3),
    ],
    ids=str,
)
def test_a_message_does_not_tell_that_the_answer_is_none_at_all(case: Any) -> None:
    """Zero is an answer too: that pooling has no parameters is what a student should find."""
    gives_nothing_away(case)


def test_no_message_of_the_wrong_kind_holds_the_right_answer() -> None:
    for answer in ("x", {1}, (1, (2, 3)), True, float("nan"), [...][:0]):
        with pytest.raises(WrongAnswer) as caught:
            check(answer, SECOND)
        assert "896" not in str(caught.value)


def test_a_message_lists_the_layers_of_a_stack() -> None:
    net = Stack([L.Conv2D(8, 3, name="conv"), L.Flatten(), L.Dense(10, name="last")])
    with pytest.raises(WrongAnswer) as caught:
        check(99_999, Question(net, (9, 9, 1), "param_count"))
    assert str(caught.value) == (
        "99999 is not the number of parameters of all these layers in sequence:\n"
        "    Conv2D(8, 3, padding='valid', name='conv')\n"
        "    Flatten()\n"
        "    Dense(10, name='last')\n"
        "on an input of (9, 9, 1).\n"
        "Go through it layer by layer: what comes out of one goes into the next."
    )


def test_a_message_about_a_layer_in_a_stack_leaves_the_others_out() -> None:
    net = Stack([L.Conv2D(8, 3, name="conv"), L.Flatten(), L.Dense(10, name="last")])
    with pytest.raises(WrongAnswer) as caught:
        check(99_999, Question(net, (9, 9, 1), "param_count", at="last"))
    assert str(caught.value).startswith(
        "99999 is not the number of parameters of\n"
        "    layer 'last': Dense(10, name='last')\n"
        "where the first layer's input is (9, 9, 1).\n"
    )


def test_a_stack_is_judged_like_a_layer() -> None:
    stack = Stack([L.Conv2D(32, 3), L.Flatten(), L.Dense(10)])
    question = Question(stack, (28, 28, 1), "param_count")
    right = 320 + 26 * 26 * 32 * 10 + 10
    assert str(check(right, question)) == f"Right: {right:,}. Keras agrees."
    with pytest.raises(WrongAnswer):
        check(right - 1, question)


def test_the_property_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a message that tells the answer it does."""
    telling = "autograder.checks.numbers._wrong_numbers"
    monkeypatch.setattr(telling, lambda given, wanted, question: f"{wanted}")
    with pytest.raises(AssertionError, match="896"):
        gives_nothing_away((SECOND.layer, SECOND.input_shape, "param_count", 4))
