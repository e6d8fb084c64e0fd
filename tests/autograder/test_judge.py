"""Who is asked when a test cell checks an answer."""

import sys
from typing import Any

import numpy as np
import pytest

import autograder
from autograder import (
    Choice,
    NotAttempted,
    Question,
    Wanted,
    WrongAnswer,
    attempted,
    check,
    check_array,
    check_choice,
    check_function,
    check_model,
    check_parts,
)
from autograder.judge import Asked, Decide, decided, in_charge, is_grading
from autograder.verdicts import Judgement, Outcome
from course import layers as L

COUNT = Question(L.Conv2D(32, 3), (28, 28, 1), "param_count")
CHOICE = Choice(Question(L.Conv2D(32, 3), (128, 128, 3), "depth"))
CALLS: dict[str, Any] = {
    "attempted": lambda: attempted(1),
    "check": lambda: check(288, COUNT),
    "check_array": lambda: check_array(np.ones(3), [1, 1, 2]),
    "check_choice": lambda: check_choice("a", CHOICE),
    "check_function": lambda: check_function(lambda K: 9 * K, [((32,), COUNT)]),
    "check_model": lambda: check_model(L.Dense(3), Wanted(input_shape=(4,), max_params=3)),
    "check_parts": lambda: check_parts({"a": (288, COUNT), "b": (320, COUNT)}, points=2),
}


def test_every_check_of_the_package_is_tried_here() -> None:
    checks = {name for name in autograder.__all__ if name.startswith("check")}
    missing = sorted(checks - CALLS.keys() - {"check_installation"})
    assert not missing, f"add a call with a wrong answer to CALLS in {__file__} for {missing}"


@pytest.mark.parametrize("name", CALLS)
def test_every_check_asks_the_judge_in_charge(name: str) -> None:
    seen: list[Asked] = []

    def judge(asked: Asked, decide: Decide) -> Any:
        seen.append(asked)
        return decided(decide)

    with in_charge(judge):
        judgement = CALLS[name]()
    assert [asked.check for asked in seen] == [name]
    assert isinstance(judgement, Judgement)
    wanted = {"attempted": Outcome.NOTED, "check_parts": Outcome.PARTLY}
    assert judgement.outcome is wanted.get(name, Outcome.WRONG)


def test_a_judge_that_takes_notes_decides_nothing() -> None:
    def explode() -> Any:
        raise AssertionError

    asked: list[Any] = []
    with in_charge(lambda one, decide: asked.append(one.of)):
        check(explode, COUNT)
    assert asked == [COUNT]


def test_the_judge_before_is_in_charge_again_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), in_charge(lambda asked, decide: 1 // 0):
        check(320, COUNT)
    assert "Right" in str(check(320, COUNT))
    with pytest.raises(WrongAnswer):
        check(288, COUNT)


def test_what_is_raised_on_the_way_is_a_judgement_too() -> None:
    def stop() -> Judgement:
        attempted(...)
        raise AssertionError

    assert decided(stop).outcome is Outcome.NOT_ATTEMPTED
    with pytest.raises(NotAttempted):
        attempted(...)


def test_taking_notes_swaps_no_module() -> None:
    before = dict(sys.modules)
    with in_charge(lambda asked, decide: None):
        assert sys.modules["autograder"] is autograder
        check(1, COUNT)
    assert {name: sys.modules[name] for name in before} == before


@pytest.mark.parametrize(("value", "grading"), [("autograde", True), ("validate", False)])
def test_nbgrader_says_itself_whether_it_grades(
    monkeypatch: pytest.MonkeyPatch, value: str, grading: bool
) -> None:
    assert not is_grading()
    monkeypatch.setenv("NBGRADER_EXECUTION", value)
    assert is_grading() == grading
