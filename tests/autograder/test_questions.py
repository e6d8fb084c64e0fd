"""What is asked, and that engine and Keras both answer it or the fault is told as ours."""

from typing import Any

import pytest
from hypothesis import strategies as st

from autograder import (
    Question,
    ReferenceDisagreement,
    WrongAnswer,
    check,
    check_function,
    references,
)
from autograder.questions import AXES, QUANTITIES
from autograder.references import truth
from autograder.verdicts import ReferenceFailure
from course import Stack, keras_bridge
from course import layers as L
from course.errors import CourseError, ShapeError, SpecError
from tests.strategies import any_case, for_all, stacks

FIRST = L.Conv2D(16, 2, strides=2, padding="valid", activation="relu")
SECOND = L.Conv2D(32, 3, strides=2, padding="same", activation="relu")
RECTANGULAR = L.Conv2D(4, (3, 5))
CHANNELS_FIRST = L.Conv2D(8, 3, data_format="channels_first")
MNIST_NET = Stack(
    [
        L.Conv2D(32, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Conv2D(64, 3, activation="relu"),
        L.MaxPooling2D(),
        L.Flatten(),
        L.Dropout(0.5),
        L.Dense(10, activation="softmax"),
    ]
)
CONVOLUTIONS = Stack(MNIST_NET.layers[:4])
UNSHARED = L.Dense(4 * 398 * 498)  # fully connected, 400x500 RGB to four channels
DIGIT = (28, 28, 1)

HAND_WORKED: list[tuple[Any, tuple[int, ...], str, Any]] = [
    (FIRST, (200, 200, 1), "output_shape", (100, 100, 16)),
    (FIRST, (200, 200, 1), "param_count", 80),
    (SECOND, (128, 128, 3), "param_count", 896),
    (SECOND, (128, 128, 3), "weight_count", 864),
    (SECOND, (128, 128, 3), "bias_count", 32),
    (SECOND, (128, 128, 3), "trainable_count", 896),
    (SECOND, (128, 128, 3), "depth", 32),
    (SECOND, (128, 128, 3), "width", 64),
    (SECOND, (128, 128, 3), "height", 64),
    (SECOND, (128, 128, 3), "macs", 32 * 3 * 3 * 3 * 64 * 64),
    (SECOND, (128, 128, 3), "receptive_field", 3),
    (SECOND, (128, 128, 3), "padding_amounts", ((0, 1), (0, 1))),
    (L.Conv2D(8, 6, strides=5, padding="same"), (13, 30, 1), "padding_amounts", ((1, 2), (0, 1))),
    (L.Conv2D(20, 8, strides=2, padding=1), (32, 32, 3), "output_shape", (14, 14, 20)),
    (L.Conv2D(20, 8, strides=2, padding=1), (32, 32, 3), "param_count", 3860),
    (L.Conv2D(32, 3, use_bias=False), (128, 128, 3), "param_count", 864),
    (L.Conv2D(32, 3, trainable=False), (128, 128, 3), "trainable_count", 0),
    (L.MaxPooling2D(), (26, 26, 32), "param_count", 0),
    (L.MaxPooling2D(padding="same"), (5, 5, 1), "padding_amounts", ((0, 1), (0, 1))),
    (RECTANGULAR, DIGIT, "output_shape", (26, 24, 4)),
    (RECTANGULAR, DIGIT, "height", 26),
    (RECTANGULAR, DIGIT, "width", 24),
    (RECTANGULAR, DIGIT, "receptive_field", (3, 5)),
    (CHANNELS_FIRST, (3, 32, 20), "output_shape", (8, 30, 18)),
    (CHANNELS_FIRST, (3, 32, 20), "height", 30),
    (CHANNELS_FIRST, (3, 32, 20), "width", 18),
    (CHANNELS_FIRST, (3, 32, 20), "depth", 8),
    (MNIST_NET, DIGIT, "param_count", 34826),
    (MNIST_NET, DIGIT, "weight_count", 34720),
    (MNIST_NET, DIGIT, "output_shape", (10,)),
    (MNIST_NET, DIGIT, "macs", 2440960),
    (CONVOLUTIONS, DIGIT, "receptive_field", 10),
    (CONVOLUTIONS, DIGIT, "depth", 64),
    (L.Dense(784), (784,), "weight_count", 614656),
    (L.Dense(784), (784,), "param_count", 615440),
    (UNSHARED, (400 * 500 * 3,), "weight_count", 475_689_600_000),
]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Agreed answers are kept; a test that changes a reference must not meet an older one."""
    references._truth.cache_clear()


def test_a_layer_of_the_same_name_in_another_place_is_another_question() -> None:
    one = Stack([L.Conv2D(8, 3, name="a"), L.Conv2D(8, 3, name="b")])
    other = Stack([L.Conv2D(8, 3, name="b"), L.Conv2D(8, 3, name="a")])
    asked = [Question(stack, (9, 9, 1), "output_shape", at="a") for stack in (one, other)]
    assert asked[0] != asked[1]
    assert [question.expected() for question in asked] == [(7, 7, 8), (5, 5, 8)]


def test_every_quantity_is_worked_by_hand() -> None:
    assert {quantity for _, _, quantity, _ in HAND_WORKED} == set(QUANTITIES)


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
def test_both_references_give_the_hand_worked_answer(
    layer: Any, shape: Any, quantity: str, right: Any
) -> None:
    question = Question(layer, shape, quantity)
    assert question.expected() == right
    assert question.ask_keras() == right
    assert truth(question).value == right


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
def test_the_working_leads_to_the_answer(layer: Any, shape: Any, quantity: str, right: Any) -> None:
    working = Question(layer, shape, quantity).working()
    if isinstance(layer, Stack) and quantity != "receptive_field":
        assert working is None
    else:
        assert working is not None
        assert working.value == right


def test_the_working_of_one_axis_shows_no_other() -> None:
    working = Question(RECTANGULAR, DIGIT, "width").working()
    assert working is not None
    assert [step.name for step in working.steps] == ["W_out"]


def test_billions_of_weights_are_asked_of_keras_without_being_made() -> None:
    """475 billion weights would take 1.9 TB; what is built holds no weight at all."""
    assert truth(Question(UNSHARED, (600_000,), "param_count")).value == 475_689_600_000 + 792_816
    with keras_bridge.no_weights():
        layer = keras_bridge.to_keras(UNSHARED)
        layer.build((None, 600_000))
        assert [variable._value for variable in layer.weights] == [None, None]


def test_engine_and_keras_agree_on_questions_of_all_kinds() -> None:
    def claim(case: tuple[Any, tuple[int, ...]]) -> None:
        for quantity in QUANTITIES:
            try:
                question = Question(*case, quantity)
            except SpecError:
                continue  # this layer has no such quantity
            assert truth(question).value == question.expected()
            assert str(case[1]) in question.text

    for_all(st.one_of(any_case(), stacks(3)), claim, 60)


@pytest.mark.parametrize(
    ("layer", "shape", "quantity", "error", "says"),
    [
        (FIRST, DIGIT, "size", SpecError, "unknown quantity 'size'; ask for one of output_shape"),
        (L.Dense(3), (4,), "height", SpecError, "is no image; ask for output_shape"),
        (L.Flatten(), DIGIT, "depth", SpecError, "is no image"),
        (L.Dense(3), (4,), "padding_amounts", SpecError, "adds no padding"),
        (L.Dense(3), (4,), "receptive_field", SpecError, "no image goes in"),
        (CONVOLUTIONS, DIGIT, "padding_amounts", SpecError, "ask one of its layers"),
        (FIRST, (1, 1, 1), "output_shape", ShapeError, "window 2 is larger than height 1"),
        (FIRST, (None, 28, 28, 1), "width", ShapeError, "stands for the batch"),
        (FIRST, (28, 28), "param_count", ShapeError, ""),
        (FIRST, (28, 28, 0), "param_count", ShapeError, "not made of sizes"),
        (FIRST, 28, "param_count", ShapeError, "must be a tuple"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_refused_at_once(
    layer: Any, shape: Any, quantity: str, error: type[CourseError], says: str
) -> None:
    with pytest.raises(error) as caught:
        Question(layer, shape, quantity)
    assert says in str(caught.value)


def test_a_list_will_do_for_a_shape() -> None:
    assert Question(FIRST, [200, 200, 1], "depth") == Question(FIRST, (200, 200, 1), "depth")  # type: ignore[arg-type]


DISAGREEING = [
    (L.Conv2D, "param_count", lambda self, shape: 5, "param_count"),
    (L.Conv2D, "output_shape", lambda self, shape: (1, 2, 3), "output_shape"),
    (L.Conv2D, "output_shape", lambda self, shape: (1, 2, 3), "width"),
    (L.Conv2D, "padding_amounts", lambda self, shape: ((9, 9), (9, 9)), "padding_amounts"),
    (keras_bridge, "ask", lambda spec, shape: KERAS_SAYS, "param_count"),
    (keras_bridge, "ask", lambda spec, shape: KERAS_SAYS, "output_shape"),
    (keras_bridge, "ask_padding", lambda spec, shape: ((9, 9), (9, 9)), "padding_amounts"),
    (keras_bridge, "ask_receptive_field", lambda spec, shape: (9, 9), "receptive_field"),
]
KERAS_SAYS = keras_bridge.KerasFacts((1, 2, 3), 4, 5, 6, 7, 8)


@pytest.mark.parametrize(("where", "name", "lie", "quantity"), DISAGREEING)
def test_references_that_differ_are_our_fault(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, lie: Any, quantity: str
) -> None:
    question = Question(SECOND, (128, 128, 3), quantity)
    right = question.expected()
    monkeypatch.setattr(where, name, lie)
    for answer in (right, question.expected(), 12345, (1, 1, 1), "896"):
        with pytest.raises(
            ReferenceDisagreement, match=r"(?s)disagree on .*fault of the course"
        ) as caught:
            check(answer, question)
        assert not isinstance(caught.value, WrongAnswer)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    "answer", [lambda K: 9 * K + K, lambda K: 0, lambda K: 1 // 0, lambda K: None]
)
def test_references_that_differ_are_no_fault_of_a_function(
    monkeypatch: pytest.MonkeyPatch, answer: Any, hidden: bool
) -> None:
    cases = [((K,), Question(L.Conv2D(K, 3), (9, 9, 1), "param_count")) for K in (1, 2)]
    monkeypatch.setattr(keras_bridge, "ask", lambda spec, shape: KERAS_SAYS)
    with pytest.raises(ReferenceDisagreement, match="fault of the course"):
        check_function(answer, cases, hidden=hidden)


def test_keras_failing_is_our_fault_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("Keras has changed")

    monkeypatch.setattr(keras_bridge, "ask", fail)
    with pytest.raises(ReferenceFailure, match="Keras stops with ValueError: Keras has changed"):
        check(896, Question(SECOND, (128, 128, 3), "param_count"))


def test_a_disagreement_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    question = Question(SECOND, (128, 128, 3), "param_count")
    with monkeypatch.context() as patched:
        patched.setattr(keras_bridge, "ask", lambda spec, shape: KERAS_SAYS)
        with pytest.raises(ReferenceDisagreement):
            truth(question)
    assert truth(question).value == 896


@pytest.mark.parametrize("quantity", AXES)
def test_a_question_reads_as_a_sentence(quantity: str) -> None:
    text = Question(FIRST, (200, 200, 1), quantity).text
    assert text == f"the {quantity} of the output of\n    {FIRST!r}\non an input of (200, 200, 1)"
