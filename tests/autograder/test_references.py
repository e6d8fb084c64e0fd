"""Engine and Keras: both, one of them, neither; and whose fault it is."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder import Question, ReferenceDisagreement, WrongAnswer, check
from autograder.references import ENGINE, KERAS, Truth, keras_trouble, truth
from autograder.verdicts import OurFault, ReferenceFailure
from course import keras_bridge
from course import layers as L

ROOT = Path(__file__).parents[2]
COUNT = Question(L.Conv2D(32, 3), (28, 28, 1), "param_count")

WITHOUT_KERAS = """
import importlib.abc, os, sys

class NoKeras(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("keras", "tensorflow"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoKeras())
os.environ.update({"CONVDIMS_STUDENT": "ada", "CONVDIMS_COURSE_KEY": "k"})
import numpy as np
from autograder import *
from course import Stack, layers as L

count = Question(L.Conv2D(32, 3), (28, 28, 1), "param_count")
net = Stack([L.Flatten(), L.Dense(10)])
CHECKS = {
    "check": lambda answer: check(320 if answer else 288, count),
    "choice": lambda answer: check_choice(
        32 if answer else 3, Choice(Question(L.Conv2D(32, 3), (28, 28, 3), "depth"))
    ),
    "function": lambda answer: check_function(
        lambda K: 9 * K + (K if answer else 0), [((32,), count)]
    ),
    "model": lambda answer: check_model(
        net, Wanted(input_shape=(4, 4, 1), output_shape=(10 if answer else 9,))
    ),
    "array": lambda answer: check_array(
        [[[4 if answer else 5], [4]]],
        Computation(L.Conv2D(1, 2, use_bias=False), np.ones((2, 3, 1)), np.ones((2, 2, 1, 1))),
    ),
    "parts": lambda answer: check_parts({"count": (320 if answer else 288, count)}, points=1),
}
"""


def without_keras(code: str, **environment: str) -> str:
    """What a process prints in which Keras and TensorFlow are not installed."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_KERAS + code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_both_references_confirm_an_answer() -> None:
    assert truth(COUNT) == Truth(320, (ENGINE, KERAS))
    assert keras_trouble() == ""
    assert str(check(320, COUNT)) == "Right: 320. Keras agrees."


def test_the_engine_can_be_asked_alone() -> None:
    alone = truth(COUNT, (ENGINE,))
    assert alone == Truth(320, (ENGINE,))
    assert "alone" in str(alone.confirmation)


def test_without_keras_a_right_answer_is_judged_by_the_engine_alone() -> None:
    said = without_keras(
        "for name, ask in CHECKS.items():\n"
        "    result = ask(True)\n"
        "    if name != 'parts': print(name, result)"
    )
    rows = said.strip().splitlines()
    assert len(rows) == 6
    for row in rows:
        assert row.endswith("Judged by the course's engine alone: Keras cannot be loaded here.")


def test_without_keras_a_wrong_answer_is_wrong_all_the_same() -> None:
    said = without_keras(
        "for name, ask in CHECKS.items():\n"
        "    try: ask(False)\n"
        "    except WrongAnswer as wrong: print(name, wrong.judgement.outcome)"
    )
    assert said.split("\n")[:-1] == [
        f"{name} wrong" for name in ("check", "choice", "function", "model", "array", "parts")
    ]


def test_without_keras_grading_refuses_to_go_on() -> None:
    said = without_keras(
        "from autograder.verdicts import ReferenceMissing\n"
        "for ask in CHECKS.values():\n"
        "    for answer in (True, False):\n"
        "        try: ask(answer)\n"
        "        except ReferenceMissing as missing: print(missing)",
        NBGRADER_EXECUTION="autograde",
    )
    rows = said.strip().splitlines()
    assert len(rows) == 12
    for row in rows:
        assert row.startswith("Keras cannot be loaded (ModuleNotFoundError: No module named ")
        assert "nothing is graded by the course's engine alone" in row


def test_keras_that_stops_and_keras_that_differs_are_two_things(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = Question(L.Conv2D(31, 3), (28, 28, 1), "param_count")

    def stop(*_: object) -> None:
        raise ValueError("Keras has changed")

    with monkeypatch.context() as patched:
        patched.setattr(keras_bridge, "ask", stop)
        with pytest.raises(ReferenceFailure, match="Keras stops with ValueError: Keras has"):
            check(1, question)
    with monkeypatch.context() as patched:
        patched.setattr(Question, "ask_keras", lambda self: 7)
        with pytest.raises(ReferenceDisagreement, match="Keras says 7; this is a fault of the"):
            check(1, question)
    with pytest.raises(WrongAnswer):
        check(1, question)
    assert not issubclass(ReferenceFailure, ReferenceDisagreement)
    assert issubclass(ReferenceFailure, OurFault)
