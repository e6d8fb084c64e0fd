"""The cause of a wrong answer is found, a random number has none, and nothing is given away."""

import random
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import strategies as st

from autograder import Question, WrongAnswer, check, diagnose
from autograder.misconceptions import wrong_answers
from autograder.misconceptions.messages import number_text
from autograder.questions import AXES, QUANTITIES, numbers
from course import Stack
from course import layers as L
from course.errors import CourseError
from tests.autograder.misconceptions.mistakes import FACTS, GLOBAL, OTHERS, SAME, Mistake
from tests.course.networks import FASHION, MNIST
from tests.strategies import any_case, for_all, stacks

COUNT = Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "param_count")
SHAPE = Question(L.Conv2D(8, 3), (20, 30, 3), "output_shape")
DIGIT = (28, 28, 1)
OUT_OF_REACH = {
    # One must first take the formula of 'valid' to forget its + 1.
    109: "valid-for-same+plus-one-forgotten",
    # The height taken for both sides of a rectangular window.
    220: "kernel-not-squared",
    # Pairs for which there is no room among numbers up to 32.
    28: "padding-ignored+stride-ignored",
    (27, 27, 8): "valid-for-same+stride-ignored",
}


def names(answer: Any, question: Question) -> list[str]:
    """The causes that are named, in order."""
    return ["+".join(found.misconceptions) for found in diagnose(answer, question)]


def is_named(mistake: Mistake) -> bool:
    """Whether the cause is among the first two."""
    found = diagnose(mistake.answer, mistake.question)[:2]
    return mistake.names in [frozenset(one.misconceptions) for one in found]


@pytest.mark.parametrize("mistake", FACTS, ids=repr)
def test_the_cause_of_a_mistake_is_among_the_first_two_that_are_named(mistake: Mistake) -> None:
    assert is_named(mistake)


def test_so_it_is_on_other_layers() -> None:
    missed = [mistake for mistake in OTHERS if not is_named(mistake)]
    known = {(answer, frozenset(cause.split("+"))) for answer, cause in OUT_OF_REACH.items()}
    assert {(mistake.answer, mistake.names) for mistake in missed} == known, missed
    assert len(OTHERS) > len(FACTS)
    assert len(missed) < 0.05 * len(OTHERS)


# A random number ----------------------------------------------------------------------------------

ASKED = tuple(dict.fromkeys(mistake.question for mistake in (*FACTS, *OTHERS)))


def numbers_asked() -> list[Question]:
    """All questions about one number, those about a shape's axes with them."""
    asked = list(ASKED)
    for question in ASKED:
        for axis in AXES:
            try:
                asked.append(Question(question.layer, question.input_shape, axis, question.at))
            except CourseError:
                continue  # no image comes out
    return [q for q in dict.fromkeys(asked) if q.kind == "number" and q.expected() > 0]


def explained(answers: list[tuple[Any, Question]]) -> float:
    """The share of wrong answers that are given a cause."""
    wrong = [(answer, asked) for answer, asked in answers if answer != asked.expected()]
    return sum(bool(diagnose(*pair)) for pair in wrong) / len(wrong)


def drawn(asked: list[Question], up_to: int, times: int = 25) -> list[tuple[Any, Question]]:
    """Numbers drawn evenly from 1 to so many times the right one."""
    draw = random.Random(1)
    return [(draw.randint(1, up_to * q.expected()), q) for q in asked for _ in range(times)]


def test_a_random_number_has_no_cause() -> None:
    """Up to ten times the right one, whatever is asked; most right answers here are small."""
    assert explained(drawn(numbers_asked(), up_to=10)) < 0.03


def test_a_random_number_near_a_large_one_has_no_cause() -> None:
    large = [question for question in numbers_asked() if question.expected() >= 100]
    assert explained(drawn(large, up_to=2)) < 0.02


def test_a_random_count_near_the_right_one_has_no_cause() -> None:
    counts = [q for q in numbers_asked() if q.quantity not in (*AXES, "receptive_field")]
    assert explained(drawn(counts, up_to=2)) < 0.02


@pytest.mark.parametrize("up_to", [2, 10])
def test_a_random_shape_has_no_cause(up_to: int) -> None:
    draw = random.Random(2)
    asked = [q for q in ASKED if q.kind == "shape" and len(q.expected()) > 1]
    shapes = [
        (tuple(draw.randint(1, up_to * size) for size in q.expected()), q)
        for q in asked
        for _ in range(60)
    ]
    assert explained(shapes) < 0.06


def test_there_is_room_for_pairs_where_numbers_are_large() -> None:
    """The same two mistakes are taken for a coincidence where the numbers are small."""
    layer = L.Conv2D(8, 3, strides=2, padding="same")
    assert names(127, Question(layer, (129, 129, 3), "width")) == ["valid-for-same+stride-ignored"]
    assert names(13, Question(layer, (15, 15, 3), "width")) == []


# Shapes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "causes"),
    [
        ((28, 18, 8), ["height-width-swapped"]),
        ((1, 18, 28, 8), ["batch-counted"]),
        ((64, 18, 28, 8), ["batch-counted"]),
        ((None, 20, 30, 8), ["same-for-valid"]),
        ((1, 20, 30, 8), ["batch-counted", "same-for-valid"]),
        ((18, 28), ["channels-lost"]),
        ((20, 30), ["channels-lost", "same-for-valid"]),
        ((8, 18, 28), ["channels-moved"]),
        ((28, 8, 18), ["channels-moved"]),
        ((17, 27, 8), ["plus-one-forgotten"]),
        ((17, 28, 8), ["plus-one-forgotten"]),
        ((20, 30, 3), ["same-for-valid", "depth-from-input"]),
        ((20, 30, 5), ["same-for-valid"]),
        ((30, 20, 8), ["same-for-valid+height-width-swapped"]),
        ((18, 99, 3), ["depth-from-input"]),
        ((77, 99, 3), []),
        ((18, 28, 8, 8), []),
        ((8,), []),
    ],
    ids=str,
)
def test_a_shape_is_explained_axis_by_axis(answer: Any, causes: list[str]) -> None:
    assert names(answer, SHAPE) == causes


def test_the_axes_that_are_wrong_are_named() -> None:
    assert str(diagnose((20, 30, 3), SHAPE)[0]).startswith("The height and the width: 20 = ceil(")
    assert str(diagnose((20, 30, 3), SHAPE)[1]).startswith("The depth: ")
    assert str(diagnose((18, 30, 8), SHAPE)[0]).startswith("The width: 30 = ceil(30 ÷ 1)")


def test_a_shape_that_is_moved_and_swapped_alike_is_told_both_ways() -> None:
    question = Question(L.Activation("relu"), (1, 5, 1), "output_shape")
    assert names((5, 1, 1), question) == ["channels-moved", "height-width-swapped"]


def test_the_shape_of_one_number_may_come_without_brackets() -> None:
    question = Question(L.Flatten(), (5, 5, 64), "output_shape")
    assert names(25, question) == names((25,), question) == ["channels-lost"]


@pytest.mark.parametrize(
    ("given", "found"),
    [(6.67, True), (6.667, True), (20 / 3, True), (6.7, True), (6.6, False), (6.66, False)],
)
def test_a_fraction_may_be_rounded(given: float, found: bool) -> None:
    question = Question(L.MaxPooling2D(3), (20, 20, 8), "height")
    assert names(given, question) == ["fraction-kept"] * found


def test_a_kept_fraction_is_a_fraction() -> None:
    """Of the two sizes that another formula gives, the whole one is no kept fraction."""
    question = Question(L.AveragePooling2D(2, padding="same"), (13, 500, 1), "output_shape")
    assert names((7, 251, 1), question) == []
    transposed = Question(L.Conv2DTranspose(6, 5, strides=2, padding="same"), (7, 7, 2), "width")
    assert names(4, transposed) == []


# What is no wrong answer --------------------------------------------------------------------------


@pytest.mark.parametrize("question", ASKED, ids=lambda q: f"{q.layer!r:.40} {q.quantity}")
def test_the_right_answer_has_no_cause(question: Question) -> None:
    assert diagnose(question.expected(), question) == ()


class Odd:
    """An object whose own code must not run."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


ODD_ANSWERS = (
    None,
    ...,
    "864",
    "",
    True,
    float("nan"),
    float("inf"),
    -1,
    0,
    10**400,
    -(10**400),
    1e308,
    1e-300,
    (),
    [],
    {},
    (None,),
    (None, None, 1),
    ((1, 2), (3,)),
    (1, (2, (3, (4,)))),
    [[1, 2], [3, 4]],
    (1.5, 2.5, 3.5),
    (1,) * 50,
    ("a", "b", "c"),
    Odd(),
    (Odd(), 2, 3),
    Odd,
)


@pytest.mark.parametrize(
    "question",
    [
        COUNT,
        SHAPE,
        Question(L.Dense(4), (9,), "output_shape"),
        Question(L.Conv2D(8, 3, padding="same"), (9, 9, 1), "padding_amounts"),
        Question(L.Conv2D(8, (3, 5)), (9, 9, 1), "receptive_field"),
        Question(MNIST, DIGIT, "output_shape", at="flatten"),
        Question(MNIST, DIGIT, "macs"),
        Question(L.MaxPooling2D(), (9, 9, 1), "param_count"),
    ],
    ids=lambda q: q.quantity,
)
def test_an_odd_answer_has_a_cause_only_where_any_number_has_one(question: Question) -> None:
    """Where there is nothing to count, every number counts something: -1 and 10^400 too."""
    explained = [answer for answer in ODD_ANSWERS if diagnose(answer, question)]
    nothing_to_count = isinstance(question.layer, L.MaxPooling2D)
    assert explained == ([-1, 10**400, -(10**400), 1e308, 1e-300] if nothing_to_count else [])
    for answer in explained:
        (found,) = diagnose(answer, question)
        assert found.misconceptions == ("counts-pooling-parameters",)
        reads_well(str(found))


def test_any_number_of_parameters_where_there_are_none_is_explained() -> None:
    for layer in (L.MaxPooling2D(), L.Dropout(0.5), L.GlobalMaxPooling2D()):
        question = Question(layer, (9, 9, 4), "param_count")
        assert names(12_345, question) == ["counts-pooling-parameters"]
    frozen = Question(L.Conv2D(4, 3, trainable=False), (9, 9, 4), "trainable_count")
    assert names(12_345, frozen) == names(148, frozen) == ["not-trainable-counted"]
    unbiased = Question(L.Conv2D(4, 3, use_bias=False), (9, 9, 4), "bias_count")
    assert names(12_345, unbiased) == names(4, unbiased) == ["biases-counted"]


# For any layer and stack --------------------------------------------------------------------------

Case = tuple[Any, tuple[int, ...], str, int | None]


def asked(case: Case) -> Question | None:
    """The question of a drawn case, of one of a stack's layers if its number is given."""
    layer, shape, quantity, place = case
    at = None
    if isinstance(layer, Stack) and place is not None:
        at = layer.names[place % len(layer)]
    try:
        return Question(layer, shape, quantity, at)
    except CourseError:
        return None  # this layer has no such quantity


def cases() -> st.SearchStrategy[Case]:
    """Any quantity of any layer, stack, or layer in a stack."""
    drawn = st.one_of(any_case(), any_case(), stacks(4))
    places = st.one_of(st.none(), st.integers(0, 3))
    quantities = st.sampled_from(list(QUANTITIES))
    return st.builds(lambda case, *rest: (*case, *rest), drawn, quantities, places)


def like(truth: Any, values: list[Any]) -> Any:
    """The values in the form of the truth."""
    if isinstance(truth, tuple):
        return tuple(like(part, values) for part in truth)
    value = values.pop(0)
    return float(value) if isinstance(value, Fraction) else value


def said(text: str) -> set[float]:
    """The numbers in a message, apart from those in names of layers, in 'number 3' for an axis,
    and in max(..., 0)."""
    text = re.sub(r"'[^']*'|[Nn]umber \d+|, 0\)", "", text)
    found = re.findall(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?", text)
    return {float(number.replace(",", "")) for number in found}


def every_single_mistake_is_found_again(case: Case) -> None:
    question = asked(case)
    if question is None:
        return
    truth = question.expected()
    assert diagnose(truth, question) == ()
    for wrong in wrong_answers(question):
        answer = like(truth, list(wrong.values))
        found = diagnose(answer, question)
        assert found == diagnose(answer, question)
        if len(wrong.names) == 1 and wrong.only is None:
            assert wrong.names in [one.misconceptions for one in found], (answer, wrong.names)


def nothing_is_given_away(case: Case) -> None:
    """The right numbers stand in no message, but for those that the student wrote, 1 and 2."""
    question = asked(case)
    if question is None:
        return
    for wrong in wrong_answers(question):
        keeps_the_secret(like(question.expected(), list(wrong.values)), question)


def keeps_the_secret(answer: Any, question: Question) -> None:
    """What is told of one wrong answer reads well and holds no number of the right one."""
    truth = question.expected()
    secret = set(numbers(truth)) - set(numbers(answer)) - {1, 2}
    for found in diagnose(answer, question):
        assert not secret & said(str(found)), (truth, str(found))
        reads_well(str(found))


def reads_well(text: str) -> None:
    """Whole sentences, no hole that was left unfilled, not too long."""
    assert re.fullmatch(r"[A-Z0-9].*[.?]", text), text
    assert not re.search(r"[{}]|  |Leaf|Fraction|\.\.| \.|_out = \d", text), text
    assert len(text) < 700, text


def test_every_single_mistake_is_found_again() -> None:
    for_all(cases(), every_single_mistake_is_found_again, 150)


def test_no_message_gives_the_right_answer_away() -> None:
    for_all(cases(), nothing_is_given_away, 150)


@pytest.mark.slow
def test_both_hold_for_many_more() -> None:
    for_all(cases(), every_single_mistake_is_found_again, 1500)
    for_all(cases(), nothing_is_given_away, 1500)


def test_nothing_is_given_away_of_the_mistakes_of_the_tables() -> None:
    for mistake in (*FACTS, *OTHERS):
        keeps_the_secret(mistake.answer, mistake.question)


def test_equal_questions_have_equal_diagnoses() -> None:
    for one, other in (
        (L.Conv2D(32, 3, name="a"), L.Conv2D(32, (3, 3), strides=1)),
        (Stack([L.Conv2D(32, 3), L.Flatten()]), Stack((L.Conv2D(32, 3), L.Flatten()))),
    ):
        for answer in (288, 289, 26 * 26, 26 * 26 * 32):
            for quantity in ("param_count", "output_shape"):
                first, second = (Question(layer, DIGIT, quantity) for layer in (one, other))
                assert diagnose(answer, first) == diagnose(answer, second)


# What the student reads ---------------------------------------------------------------------------

NET = Stack(
    [
        Stack([L.Conv2D(8, 3, name="inner"), L.MaxPooling2D(name="halved")], name="base"),
        L.Flatten(name="flat"),
        L.Dense(10, name="last"),
    ]
)
MESSAGES = [
    (
        COUNT,
        864,
        "864 = 32 × 3 × 3 × 3. These are the weights alone. What does each filter have besides its "
        "weights?",
    ),
    (
        COUNT,
        320,
        "320 = 32 × 3 × 3 + 32. Here the filters are one channel deep. How many channels of its "
        "input does a filter see?",
    ),
    (
        COUNT,
        288,
        "288 = 32 × 3 × 3. Two things at once. These are the weights alone. What does each filter "
        "have besides its weights? Here the filters are one channel deep. How many channels of its "
        "input does a filter see?",
    ),
    (
        Question(L.Dense(10), (1600,), "param_count"),
        16_000,
        "16,000 = 1,600 × 10. These are the weights alone. What does each unit have besides its "
        "weights?",
    ),
    (
        Question(L.DepthwiseConv1D(3), (9, 4), "param_count"),
        13,
        "13 = 3 × 4 × 1 + 1. Here one bias serves the whole layer. Does every channel make do with "
        "the same bias?",
    ),
    (
        Question(COUNT.layer, COUNT.input_shape, "bias_count"),
        64,
        "64 = 2 × K. Here each bias is counted twice. How many biases does one filter have?",
    ),
    (
        Question(L.Conv2D(20, 8, strides=2, padding=1), (32, 32, 3), "width"),
        13,
        "13 = floor((32 - 8) ÷ 2) + 1. Here the padding is left out. How much larger do its zeros "
        "make the input?",
    ),
    (
        Question(L.MaxPooling2D(), (11, 11, 64), "height"),
        5.5,
        "5.5 = (11 - 2) ÷ 2 + 1. A size counts the places where the window stands, and there is no "
        "part of a place. Which way is this rounded here?",
    ),
    (
        SHAPE,
        (28, 18, 8),
        "The height and the width: 28 = floor((30 - 3) ÷ 1) + 1 and 18 = floor((20 - 3) ÷ 1) + 1. "
        "Height and width have changed places. Which of them comes first in a shape?",
    ),
    (
        Question(L.LocallyConnected2D(16, 3), (12, 10, 4), "output_shape"),
        (9, 7, 16),
        # In letters, because the 10 of the input is also the right height.
        "The height and the width: 9 = floor((H_in - F) ÷ S) and 7 = floor((W_in - F) ÷ S). This "
        "counts how often the window moves. Where does it stand before it moves at all?",
    ),
    (
        Question(L.Conv2D(64, 5), (28, 28, 16), "macs"),
        13_542_400,
        "13,542,400 = 23 × 23 × 64 × 5 × 5 × 16, with 23 = floor((28 - 5) ÷ 1). This counts how "
        "often the window moves. Where does it stand before it moves at all?",
    ),
    (
        Question(MNIST, DIGIT, "output_shape", at="flatten"),
        (2304,),
        "2,304 = 6 × 6 × 64. In layer 'max_pooling2d_1': 6 = ceil((11 - 2) ÷ 2) + 1. Here the "
        "quotient is rounded up. Does a window count that sticks out over the edge?",
    ),
    (
        Question(MNIST, DIGIT, "param_count"),
        34_720,
        "In layer 'conv2d' and in others: 288 = 32 × 3 × 3 × 1. These are the weights alone. What "
        "does each filter have besides its weights?",
    ),
    (
        Question(SAME, (32, 32, 3), "param_count"),
        448 + 4640 + 20_480,
        "In layer 'd': 20,480 = 2,048 × 10. These are the weights alone. What does each unit have "
        "besides its weights?",
    ),
    (
        Question(Stack([L.MaxPooling2D((5, 2)), L.Dropout(0.5)]), (224, 23, 3), "output_shape"),
        (44, 11.5, 3),
        "The width, in layer 'max_pooling2d': 11.5 = (23 - 2) ÷ 2 + 1. A size counts the places "
        "where the window stands, and there is no part of a place. Which way is this rounded here?",
    ),
    (
        Question(NET, (28, 28, 3), "param_count"),
        224 + 13 * 13 * 8 * 10,
        "In layer 'last': 13,520 = 1,352 × 10. These are the weights alone. What does each unit "
        "have besides its weights?",
    ),
]


@pytest.mark.parametrize(
    ("question", "answer", "text"), MESSAGES, ids=lambda value: str(value)[:30]
)
def test_what_the_student_reads(question: Question, answer: Any, text: str) -> None:
    assert str(diagnose(answer, question)[0]) == text


def test_a_number_on_the_way_that_is_also_the_right_answer_is_not_shown() -> None:
    """The first layer's wrong height happens to be what comes out of the second."""
    stack = Stack([L.Conv2D(1, 9, padding=2, name="a"), L.Conv2D(1, 5, padding=0, name="b")])
    question = Question(stack, (128, 128, 3), "height")
    assert question.expected() == 120
    texts = [str(found) for found in diagnose(116, question)]
    assert not any("120" in text for text in texts)
    assert "In layer 'a': H_out = floor((H_in - F) ÷ S) + 1. Here the padding" in texts[0]


def test_a_check_tells_the_simplest_causes() -> None:
    with pytest.raises(WrongAnswer) as caught:
        check(320, COUNT)
    *_, first, second = str(caught.value).splitlines()
    assert first.startswith("320 = ")
    assert second.startswith("320 = ")
    explanations = caught.value.judgement.explanations
    assert explanations == (("input-channels-ignored",), ("kernel-not-squared",))


# Answers that follow from earlier ones ------------------------------------------------------------


def at(name: str, quantity: str = "output_shape", net: Stack = MNIST) -> Question:
    """A question about a layer of the network for digits."""
    return Question(net, DIGIT, quantity, name)


CARRIED = ["carried-forward"]
WRONG_CONV = [((13, 13, 64), at("conv2d_1"))]
WRONG_POOL = [((6, 6, 64), at("max_pooling2d_1"))]


@pytest.mark.parametrize(
    ("answer", "question", "earlier"),
    [
        ((6, 6, 64), at("max_pooling2d_1"), WRONG_CONV),
        ((2304,), at("flatten"), WRONG_POOL),
        ((2304,), at("flatten"), [*WRONG_CONV, *WRONG_POOL]),
        ((2304,), at("flatten"), [((None, 6, 6, 64), at("max_pooling2d_1"))]),
        (2304 * 10 + 10, at("dense", "param_count"), [((2304,), at("flatten"))]),
        (2304 * 10 + 10, at("dense", "param_count"), [((2304,), at("dropout"))]),
        (2304 * 10 + 10, at("dense", "param_count"), WRONG_CONV),
        (2304 * 10, at("dense", "macs"), WRONG_POOL),
        (64 * 9 * 31 + 64, at("conv2d_1", "param_count"), [((13, 13, 31), at("max_pooling2d"))]),
        (12, at("conv2d_1", "height"), [((14, 14, 32), at("max_pooling2d"))]),
        # Totals: of the student's own rows, and with the student's own shapes.
        (34_826 + 4, Question(MNIST, DIGIT, "param_count"), [(324, at("conv2d", "param_count"))]),
        (
            34_826 + 4 - 64,
            Question(MNIST, DIGIT, "param_count"),
            [
                (16_010, at("dense", "param_count")),
                (324, at("conv2d", "param_count")),
                (18_432, at("conv2d_1", "param_count")),
            ],
        ),
        (320 + 18_496 + 23_050, Question(MNIST, DIGIT, "param_count"), WRONG_POOL),
        (
            194_688 + 2_230_272 + 23_040,
            Question(MNIST, DIGIT, "macs"),
            [((2304,), at("flatten"))],
        ),
    ],
    ids=str,
)
def test_what_follows_from_an_earlier_wrong_answer_is_recognised(
    answer: Any, question: Question, earlier: Any
) -> None:
    found = diagnose(answer, question, earlier)
    assert ["+".join(one.misconceptions) for one in found][:1] == CARRIED
    assert repr(earlier[-1][1].at) in str(found[0])
    result = check(answer, question, earlier=earlier, carried_forward=True)
    assert str(result) == f"Taken as right. {found[0]}"
    with pytest.raises(WrongAnswer) as caught:
        check(answer, question, earlier=earlier)
    assert ("carried-forward",) in caught.value.judgement.explanations
    assert str(found[0]) in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "question", "earlier"),
    [
        ((6, 6, 64), at("max_pooling2d_1"), [((11, 11, 64), at("conv2d_1"))]),  # it was right
        ((6, 6, 64), at("max_pooling2d_1"), [((14, 14, 64), at("conv2d_1"))]),  # gives 7
        ((6, 6, 64), at("max_pooling2d_1"), [((13, 13), at("conv2d_1"))]),
        ((6, 6, 64), at("max_pooling2d_1"), [("13, 13, 64", at("conv2d_1"))]),
        ((6, 6, 64), at("max_pooling2d_1"), [((13.5, 13, 64), at("conv2d_1"))]),
        ((6, 6, 64), at("max_pooling2d_1"), [(None, at("conv2d_1")), (..., at("conv2d"))]),
        ((6, 6, 64), at("max_pooling2d_1"), [((1, 1, 64), at("conv2d_1"))]),  # too small to pool
        ((6, 6, 64), at("max_pooling2d_1"), [((6, 6, 64), at("max_pooling2d_1"))]),
        ((6, 6, 64), at("max_pooling2d_1"), [((2304,), at("flatten"))]),  # it comes later
        ((6, 6, 64), at("max_pooling2d_1"), [((13, 13, 64), at("conv2d_1", net=FASHION))]),
        (
            (6, 6, 64),
            at("max_pooling2d_1"),
            [((13, 13, 64), Question(MNIST, (32, 32, 1), "output_shape", "conv2d_1"))],
        ),
        (23_050, Question(MNIST, DIGIT, "param_count"), WRONG_POOL),  # the last row, no total
        (34_826 + 5, Question(MNIST, DIGIT, "param_count"), [(324, at("conv2d", "param_count"))]),
        (34_826 + 4, Question(MNIST, DIGIT, "param_count"), [(324, at("conv2d", "weight_count"))]),
    ],
    ids=str,
)
def test_what_does_not_follow_is_not(answer: Any, question: Question, earlier: Any) -> None:
    found = diagnose(answer, question, earlier)
    assert "carried-forward" not in [name for one in found for name in one.misconceptions]
    with pytest.raises(WrongAnswer):
        check(answer, question, earlier=earlier, carried_forward=True)


def test_the_right_answer_is_right_whatever_came_before() -> None:
    assert diagnose((5, 5, 64), at("max_pooling2d_1"), WRONG_CONV) == ()
    result = check((5, 5, 64), at("max_pooling2d_1"), earlier=WRONG_CONV, carried_forward=True)
    assert str(result).startswith("Right")


def test_earlier_answers_may_come_from_a_generator() -> None:
    found = diagnose((6, 6, 64), at("max_pooling2d_1"), iter(WRONG_CONV))
    assert found[0].misconceptions == ("carried-forward",)


def test_a_layer_behind_a_global_pooling_follows_too() -> None:
    first = Question(GLOBAL, (65, 65, 3), "output_shape", "g")
    then = Question(GLOBAL, (65, 65, 3), "param_count", "d")
    found = diagnose(65 * 10 + 10, then, [((65,), first)])
    assert found[0].misconceptions == ("carried-forward",)


def test_a_receptive_field_follows_from_no_earlier_shape() -> None:
    net = Stack([L.Conv2D(8, 3, name="a"), L.Conv2D(8, 3, name="b")])
    field = Question(net, (9, 9, 1), "receptive_field", at="b")
    earlier = [((8, 8, 8), Question(net, (9, 9, 1), "output_shape", at="a"))]
    with pytest.raises(WrongAnswer):
        check(3, field, earlier=earlier, carried_forward=True)
    assert check(5, field, earlier=earlier, carried_forward=True)


def test_what_is_told_and_what_is_noted_are_the_same() -> None:
    """Height and width by the two misconceptions that explain both, and both are told."""
    question = Question(L.AveragePooling2D(2), (5, 10, 3), "output_shape")
    with pytest.raises(WrongAnswer) as caught:
        check((9, 4, 3), question)
    for names in caught.value.judgement.explanations:
        assert set(names) == {"stride-ignored", "height-width-swapped"}
    assert "stride of one" in str(caught.value)
    assert "changed places" in str(caught.value)


def test_a_whole_number_has_no_stop_after_it() -> None:
    assert number_text(Fraction(13_520)) == "13,520"
    assert number_text(Fraction(129, 2)) == "64.5"


def test_numbers_of_any_length_among_earlier_answers_are_no_trouble() -> None:
    net = Stack([L.Dense(4, name="a"), L.Dense(5, name="b")])
    rows = [(0.5, "a"), (10**400, "b")]
    earlier = [(given, Question(net, (3,), "param_count", at=name)) for given, name in rows]
    with pytest.raises(WrongAnswer):
        check(7, Question(net, (3,), "param_count"), earlier=earlier)
