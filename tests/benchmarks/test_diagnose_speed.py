"""A wrong answer is diagnosed before the student notices, all pairs of misconceptions searched."""

from time import perf_counter
from typing import Any

import pytest

from autograder import Question, diagnose
from autograder.misconceptions.wrong_answers import _believed, wrong_answers
from course import layers as L
from course.layers import Layer
from tests.benchmarks.conftest import Ratio
from tests.course.networks import MNIST

ROUNDS = 25
ALLOWED = 0.020
"""Seconds for one answer to a question about a layer that was never asked before."""
IMAGE = (128, 128, 3)
LAYERS = {
    "parameters of a Conv2D": (
        L.Conv2D(32, 3, strides=2, padding="same"),
        IMAGE,
        "param_count",
        864,
    ),
    "shape of a Conv2D": (
        L.Conv2D(32, (3, 5), strides=(2, 1), padding=((0, 1), (2, 3))),
        IMAGE,
        "output_shape",
        (1, 2, 3),
    ),
    "multiplications of a Conv2D": (L.Conv2D(32, 3, padding="same"), IMAGE, "macs", 871),
    "parameters of a LocallyConnected2D": (
        L.LocallyConnected2D(20, 8, strides=2, padding=1),
        (32, 32, 3),
        "param_count",
        871,
    ),
}


def forget() -> None:
    """As if nothing had been asked before."""
    wrong_answers.cache_clear()
    _believed.cache_clear()


def quickest(answer: Any, question: Question) -> float:
    """The best of several rounds, in seconds: what the search takes, not what the machine does."""
    times = []
    for _ in range(ROUNDS):
        forget()
        start = perf_counter()
        diagnose(answer, question)
        times.append(perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("what", LAYERS)
def test_a_layer_is_diagnosed_in_time(benchmark: Any, record: Any, what: str) -> None:
    layer, shape, quantity, answer = LAYERS[what]
    assert isinstance(layer, Layer)
    question = Question(layer, shape, quantity)
    benchmark.pedantic(diagnose, (answer, question), setup=forget, rounds=5)
    taken = quickest(answer, question)
    record(Ratio(f"diagnosis of the {what}, against the 20 ms allowed", taken, ALLOWED, 1))
    assert taken <= ALLOWED


def test_a_whole_network_is_diagnosed_within_a_blink(benchmark: Any, record: Any) -> None:
    """Of seven layers each may be the one where something went wrong: 0.3 s in place of 20 ms."""
    question = Question(MNIST, (28, 28, 1), "param_count")
    benchmark.pedantic(diagnose, (871, question), setup=forget, rounds=3)
    taken = quickest(871, question)
    what = "diagnosis of all parameters of the MNIST network, against 300 ms"
    record(Ratio(what, taken, 0.3, 1))
    assert taken <= 0.3


def test_a_question_that_was_asked_before_is_answered_at_once(compare: Any) -> None:
    question = Question(*LAYERS["parameters of a Conv2D"][:3])

    def anew() -> Any:
        forget()
        return diagnose(871, question)

    ratio = compare(
        "diagnosis of a second answer to the same question, against the first",
        lambda: diagnose(871, question),
        anew,
        wanted=5,
        ours_times=200,
    )
    assert ratio.times >= ratio.wanted
