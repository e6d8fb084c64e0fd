"""Answers are read as plain data, and whatever is of the wrong kind is a WrongAnswer saying so."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder import NotAttempted, Question, WrongAnswer, attempted, check
from autograder.answers import KINDS, plain_answer, show
from course import layers as L
from tests.autograder.forms import NEVER_RIGHT, NUMBER_FORMS, PADS_FORMS, SHAPE_FORMS
from tests.strategies import for_all

LAYER = L.Conv2D(32, 3, strides=2, padding="same")
IMAGE = (128, 128, 3)
QUESTIONS = {
    "number": Question(LAYER, IMAGE, "param_count"),
    "shape": Question(LAYER, IMAGE, "output_shape"),
    "pads": Question(LAYER, IMAGE, "padding_amounts"),
}
FITTING_KINDS = {  # these are read, and are then wrong for their value
    "huge int": "number",
    "huge negative int": "number",
    "huge float": "number",
    "huge ints": "shape",
    "a million numbers": "shape",
}


def by_name(forms: dict[str, Callable[..., Any]]) -> pytest.MarkDecorator:
    """One test per form, by its name."""
    params = [pytest.param(form, id=name) for name, form in forms.items()]
    return pytest.mark.parametrize("form", params)


@by_name(NUMBER_FORMS)
@pytest.mark.parametrize("number", [0, 1, 896, 2048])
def test_a_number_may_be_written_in_any_form(form: Any, number: int) -> None:
    plain = plain_answer(form(number), "number")
    assert plain == number
    assert type(plain) is int


@by_name(SHAPE_FORMS)
@pytest.mark.parametrize("shape", [(64, 64, 32), (10,), (16, 14, 30, 8)])
def test_a_shape_may_be_written_in_any_form(form: Any, shape: tuple[int, ...]) -> None:
    plain = plain_answer(form(shape), "shape")
    assert plain == shape
    assert all(type(n) is int for n in plain)


@by_name(PADS_FORMS)
@pytest.mark.parametrize("pads", [((0, 1), (0, 1)), ((1, 2), (0, 1)), ((0, 0),)])
def test_pads_may_be_written_in_any_form(form: Any, pads: Any) -> None:
    assert plain_answer(form(pads), "pads") == pads


@by_name(SHAPE_FORMS)
def test_every_form_of_a_right_shape_is_right(form: Any) -> None:
    assert "(64, 64, 32)" in str(check(form((64, 64, 32)), QUESTIONS["shape"]))


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("name", NEVER_RIGHT)
def test_what_is_no_answer_is_a_wrong_answer(name: str, kind: str) -> None:
    with pytest.raises(WrongAnswer) as caught:
        check(NEVER_RIGHT[name](), QUESTIONS[kind])
    message = str(caught.value)
    if FITTING_KINDS.get(name) != kind:
        assert str(KINDS[kind](answer=show(NEVER_RIGHT[name]()))) in message
    assert len(message) < 1000


def test_a_hostile_object_is_shown_by_its_type_alone() -> None:
    for name in ("raising", "lying", "raising on every name"):
        answer = NEVER_RIGHT[name]()
        assert show(answer) == f"something of type {type(answer).__name__}"


def test_quotes_around_a_number_are_pointed_at() -> None:
    with pytest.raises(WrongAnswer, match="leave the quotes out"):
        check("896", QUESTIONS["number"])


@pytest.mark.parametrize(
    "form", [float, np.float64, np.float32, np.array], ids=lambda f: f.__name__
)
def test_half_a_pixel_is_refused_in_words(form: Any) -> None:
    with pytest.raises(WrongAnswer, match=r"(?s)64\.5 is not.*there is no part of a place"):
        check(form(64.5), Question(LAYER, IMAGE, "width"))


def test_half_a_pixel_in_a_shape_is_wrong() -> None:
    with pytest.raises(WrongAnswer, match=r"\(64\.5, 64, 32\) is not the output shape"):
        check((64.5, 64, 32), QUESTIONS["shape"])


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("blank", [..., None], ids=str)
def test_what_is_still_blank_is_not_attempted(blank: Any, kind: str) -> None:
    with pytest.raises(NotAttempted, match=r"not attempted yet; replace the \.\.\."):
        check(blank, QUESTIONS[kind])


@pytest.mark.parametrize("part", [(..., 64, 32), [64, ..., 32], (64, 64, ...), (...,)], ids=str)
def test_a_shape_with_a_blank_in_it_is_not_attempted(part: Any) -> None:
    with pytest.raises(NotAttempted):
        check(part, QUESTIONS["shape"])


def test_attempted_lets_every_answer_pass() -> None:
    for name, answer in NEVER_RIGHT.items():
        assert "judged when the unit is graded" in str(attempted(answer())), name
    assert attempted((None, 64, 64, 32)) == attempted(0)


def test_reading_leaves_the_answer_as_it_was() -> None:
    answer = [None, 64.0, np.int64(64), 32]
    plain_answer(answer, "shape")
    assert answer == [None, 64.0, np.int64(64), 32]
    assert type(answer[1]) is float


def test_reading_needs_no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "numpy")
    assert plain_answer([None, 64.0, 64], "shape") == (64, 64)
    with pytest.raises(WrongAnswer, match="something of type set"):
        plain_answer({64}, "shape")


def test_any_plain_data_is_read_or_refused_in_words() -> None:
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=9),
        st.binary(max_size=9),
    )
    plain = st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner), st.sets(st.integers())),
    )

    def claim(case: tuple[Any, str]) -> None:
        answer, kind = case
        try:
            found = plain_answer(answer, kind)
        except (NotAttempted, WrongAnswer) as verdict:
            told = str(verdict)
        else:
            assert isinstance(found, tuple) == (kind != "number")
            return
        other_kind = str(KINDS[kind](answer=show(answer)))
        assert ("not attempted" if answer is None else other_kind) in told

    for_all(st.tuples(plain, st.sampled_from(list(KINDS))), claim, 200)


def test_a_gap_one_level_deeper_is_not_attempted_either() -> None:
    with pytest.raises(NotAttempted):
        check(((..., ...), (0, 1)), QUESTIONS["pads"])
