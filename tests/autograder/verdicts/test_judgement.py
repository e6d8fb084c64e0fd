"""A verdict as data: what it holds, and its way through JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import autograder
from autograder import (
    Choice,
    Judgement,
    Question,
    Wanted,
    check,
    check_array,
    check_choice,
    check_function,
    check_model,
    check_parts,
)
from autograder.checks.arrays import wrong_arrays
from autograder.checks.models import near_misses
from autograder.judge import Asked, Decide, decided, in_charge
from autograder.verdicts import MISCONCEPTIONS, Outcome, Part, right, text, wrong
from course import layers as L
from course.errors import SpecError
from tests.autograder.forms import NEVER_RIGHT
from tests.autograder.misconceptions.mistakes import FACTS, OTHERS
from tests.course.networks import MNIST

SECOND = L.Conv2D(32, 3, strides=2, padding="same")
COUNT = Question(SECOND, (128, 128, 3), "param_count")
WIDTH = Question(SECOND, (128, 128, 3), "width")
SAID = text("test-judgement", "{answer} is what it is")


ASKED: set[str] = set()
"""The checks that `judged` was used for."""


def judged(check: Any, *given: Any, **options: Any) -> Judgement:
    """What a check concludes, told to nobody."""

    def judge(asked: Asked, decide: Decide) -> Judgement:
        ASKED.add(asked.check)
        return decided(decide)

    with in_charge(judge):
        judgement: Judgement = check(*given, **options)
    return judgement


def wrong_judgements() -> Iterator[tuple[str, Judgement]]:
    """Some hundreds of wrong answers: numbers, shapes, pads, choices, functions, arrays, models."""
    for mistake in (*FACTS, *OTHERS):
        yield mistake.question.kind, judged(check, mistake.answer, mistake.question)
    for make in NEVER_RIGHT.values():
        yield "other kind", judged(check, make(), COUNT)
    choice = Choice(COUNT)
    for letter in "abcdz":
        yield "choice", judged(check_choice, letter, choice)
    cases = [((K,), Question(L.Conv2D(K, 3), (9, 9, 2), "param_count")) for K in (2, 5)]
    functions = [lambda K: 18 * K, lambda K: 18 * K + 1, lambda K: 1 // 0, lambda K: 7]
    for function in (*functions, 5):
        for hidden in (False, True):
            yield "function", judged(check_function, function, cases, hidden=hidden)
    for _, array in wrong_arrays(np.arange(12).reshape(3, 4) * 2):
        yield "array", judged(check_array, array, np.arange(12).reshape(3, 4) * 2)
    wanted = Wanted(input_shape=(28, 28, 1), output_shape=(10,), max_params=34_826, max_layers=7)
    for model in near_misses(MNIST, wanted):
        yield "model", judged(check_model, model, wanted)
    for answer in ((64, 64, 3), (1, 2, 3), ..., "no"):
        parts = {
            "shape": (answer, Question(SECOND, (128, 128, 3), "output_shape")),
            "count": (864, COUNT),
        }
        yield "parts", judged(check_parts, parts, points=2)


def test_hundreds_of_wrong_answers_of_all_kinds_survive_json() -> None:
    ASKED.clear()
    kinds: Counter[str] = Counter()
    for kind, judgement in wrong_judgements():
        written = json.dumps(judgement.to_json())
        back = Judgement.from_json(json.loads(written))
        assert back == judgement
        assert str(back.message) == str(judgement.message)
        kinds[kind] += judgement.outcome in (Outcome.WRONG, Outcome.PARTLY)
    assert min(kinds.values()) > 1, kinds
    assert kinds.total() > 200, kinds
    checks = {name for name in autograder.__all__ if name.startswith("check")}
    missing = sorted(checks - ASKED - {"check_installation"})
    assert not missing, f"add wrong answers to `wrong_judgements` in {__file__} for {missing}"


def test_every_outcome_survives_json() -> None:
    for outcome in Outcome:
        judgement = Judgement(outcome, 0.25, SAID(answer="this"), (("no-bias", "shared"),))
        whole = Judgement(Outcome.PARTLY, 0.5, SAID(answer=2), parts=(Part("a", judgement),))
        assert Judgement.from_json(json.loads(json.dumps(whole.to_json()))) == whole


def test_alternatives_are_alternatives() -> None:
    judgement = judged(check, 320, COUNT)
    assert judgement.explanations == (("input-channels-ignored",), ("kernel-not-squared",))


def test_a_pair_holds_together() -> None:
    judgement = judged(check, 126, WIDTH)
    assert judgement.explanations == (("valid-for-same", "stride-ignored"),)


def test_what_is_wrong_with_several_axes_holds_together() -> None:
    question = Question(SECOND, (128, 128, 3), "output_shape")
    judgement = judged(check, (63, 63, 3), question)
    assert judgement.explanations == (("valid-for-same", "depth-from-input"),)
    both = Question(L.Conv2D(20, 8, strides=2, padding=1), (32, 32, 3), "output_shape")
    assert judged(check, (13, 13, 3), both).explanations == (
        ("padding-ignored", "depth-from-input"),
        ("plus-one-forgotten", "depth-from-input"),
        ("padding-one-side", "depth-from-input"),  # floor((32 - 8 + 1) / 2) + 1
    )


def test_a_part_keeps_its_own_judgement() -> None:
    parts = {"count": (864, COUNT), "width": (126, WIDTH), "again": (896, COUNT)}
    judgement = judged(check_parts, parts, points=3)
    assert judgement.outcome is Outcome.PARTLY
    assert judgement.share == pytest.approx(1 / 3)
    assert [part.judgement.outcome for part in judgement.parts] == [
        Outcome.WRONG,
        Outcome.WRONG,
        Outcome.RIGHT,
    ]
    assert dict(judgement.explained()) == {
        "count": (("no-bias",),),
        "width": (("valid-for-same", "stride-ignored"),),
    }


def test_a_model_names_all_that_it_misses_together() -> None:
    wanted = Wanted(input_shape=(4, 4, 1), output_shape=(9,), max_params=100, max_layers=2)
    judgement = judged(check_model, [L.Flatten(), L.Dense(10)], wanted)
    assert judgement.explanations == (("other-output", "too-many-params"),)


def test_an_unknown_identifier_or_share_makes_no_judgement() -> None:
    with pytest.raises(SpecError, match="'no-biass' is no identifier"):
        wrong(SAID(answer=1), ("no-bias", "no-biass"))
    for share in (-0.1, 1.1):
        with pytest.raises(SpecError, match="give one from 0 to 1"):
            Judgement(Outcome.PARTLY, share, SAID(answer=1))


def test_a_judgement_can_be_counted() -> None:
    found = [judged(check, answer, COUNT) for answer in (864, 864, 865, 896)]
    names = Counter(name for one in found for together in one.explanations for name in together)
    assert names == {"no-bias": 2, "bias-once": 1}
    assert names.keys() <= MISCONCEPTIONS.keys()
    assert len({*found, right(SAID(answer=1))}) == 4
