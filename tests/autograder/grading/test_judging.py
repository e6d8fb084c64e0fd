"""The judge in its own process: what it concludes, and whose fault it is if it cannot."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.grading.judge_process import Conclusion
from autograder.grading.judging import JudgeProcess, names_used, needs_weights
from autograder.grading.running import shown
from autograder.kernels.plain_data import Writer

WHOSE = ("ada", "convdims")
WIDTH = """\
from autograder import Question, check
from course import layers as L

check(width, Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "width"))"""
FUNCTION = """\
from autograder import Question, check_function
from course import layers as L

cases = [
    ((K, F, D), Question(L.Conv2D(K, F), (16, 16, D), "param_count"))
    for K, F, D in ((16, 2, 1), (32, 3, 3))
]
check_function(conv_params, cases)"""


@pytest.fixture(scope="module")
def judge() -> Iterator[JudgeProcess]:
    """One judge for all: it stays warm."""
    made = JudgeProcess()
    yield made
    made.stop()


def concluded(
    judge: JudgeProcess, source: str, *, points: float = 1, call: Any = None, **values: Any
) -> Conclusion:
    """What comes of a cell where the student's names hold these values."""
    writer = Writer()
    written = {name: json.dumps(writer.write(value)) for name, value in values.items()}
    return judge.judge({"source": source, "points": points}, written, call, WHOSE)


def test_right_wrong_and_not_attempted(judge: JudgeProcess) -> None:
    assert concluded(judge, WIDTH, width=64).points == 1
    wrong = concluded(judge, WIDTH, width=63)
    assert wrong.points == 0
    assert wrong.error is not None
    assert wrong.error[0] == "WrongAnswer"
    assert wrong.error[1].startswith("63 is not the width of the output of")
    assert wrong.judgements[0]["outcome"] == "wrong"
    blank = concluded(judge, WIDTH, width=...)
    assert blank.points == 0
    assert blank.error is not None
    assert blank.error[0] == "NotAttempted"


def test_a_name_that_is_not_there_is_told(judge: JudgeProcess) -> None:
    missing = concluded(judge, WIDTH)
    assert missing.points == 0
    assert missing.error is not None
    assert missing.error[1].startswith("width is not defined: its answer cell was not run")


def test_what_is_printed_is_kept(judge: JudgeProcess) -> None:
    printed = concluded(judge, f"print('first')\n{WIDTH}", width=64)
    assert printed.printed == "first\n"


@pytest.mark.parametrize(
    ("line", "points"),
    [("0.25", 0.25), ("0", 0), ("1.0", 1), ("None", 1), ("'text'", 1), ("True", 1), ("x", 0.5)],
)
def test_the_last_line_counts_as_nbgrader_counts_it(
    judge: JudgeProcess, line: str, points: float
) -> None:
    assert concluded(judge, line, x=0.5).points == points


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("nowhere", "NameError"),
        ("import nowhere", "ModuleNotFoundError"),
        ("2.0", "the cell gave 2.0 points, and it has 1 at most"),
        ("raise SystemExit", "SystemExit"),
        (
            "from autograder.verdicts import OurFault, our_fault, text\n"
            "raise OurFault(our_fault(text('test-judging', 'engine and Keras differ')()))",
            "engine and Keras differ",
        ),
    ],
)
def test_a_fault_of_the_test_is_nobodys_answer(judge: JudgeProcess, source: str, said: str) -> None:
    conclusion = concluded(judge, source)
    assert conclusion.points is None or source == "nowhere"
    assert said in conclusion.fault or source == "nowhere"


def test_a_test_that_is_no_python_is_our_fault(judge: JudgeProcess) -> None:
    with pytest.raises(SyntaxError):
        names_used("check(width")


def test_a_judge_that_ends_is_started_again(judge: JudgeProcess) -> None:
    ended = concluded(judge, "import os\nos._exit(3)")
    assert ended.points is None
    assert ended.fault.startswith("the judge failed: it ended with 3")
    assert concluded(judge, WIDTH, width=64).points == 1


def test_a_judge_that_takes_too_long_is_ended(judge: JudgeProcess) -> None:
    cell = {"source": "while True: pass", "points": 1}
    slow = judge.judge(cell, {}, lambda asked: asked, WHOSE, seconds=0.5)
    assert slow.points is None
    assert "it took longer than 0.5 s" in slow.fault
    assert concluded(judge, WIDTH, width=64).points == 1


class Caller:
    """A kernel that answers calls of a function, and counts them."""

    def __init__(self, *answers: list[Any]) -> None:
        self.asked: list[Any] = []
        self._answers = list(answers)

    def __call__(self, asked: str) -> str:
        self.asked.append(asked)
        return json.dumps(self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])


def value(number: int) -> list[Any]:
    return ["value", Writer().write(number)]


def test_a_function_is_asked_each_case_once(judge: JudgeProcess) -> None:
    caller = Caller(value(80), value(896))
    right = concluded(judge, FUNCTION, call=caller, conv_params=lambda *numbers: 0)
    assert right.points == 1
    assert len(caller.asked) == 2
    again = Caller(value(80), value(896), value(0))
    twice = FUNCTION.replace("check_function(", "print(conv_params(16, 2, 1))\ncheck_function(")
    assert concluded(judge, twice, call=again, conv_params=len).points == 1
    assert len(again.asked) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (["error", "ValueError", "no"], "stopped with ValueError: no"),
        (["error", "<script>", "no"], "stopped with Error: no"),
        (["error", "KernelEnded", "it took too much"], "KernelEnded: it took too much"),
        (["value", ["foreign", "str2", []]], "something of type str2"),
        (["value", ["none"]], "gives nothing back yet"),
        (value(80), "80 is not the number of parameters"),
    ],
)
def test_what_a_function_gives_instead_is_told(
    judge: JudgeProcess, answer: list[Any], said: str
) -> None:
    wrong = concluded(judge, FUNCTION, call=Caller(answer), conv_params=len)
    assert wrong.points == 0
    assert wrong.error is not None
    assert said in wrong.error[1]


@pytest.mark.parametrize("answer", [["value", ["nothing"]], ["value"], ["value", None], ["what"]])
def test_a_forged_answer_earns_nothing(judge: JudgeProcess, answer: list[Any]) -> None:
    for source in (FUNCTION, "conv_params(1)"):
        forged = concluded(judge, source, call=Caller(answer), conv_params=len)
        assert forged.points == 0
        assert not forged.fault


def test_a_function_that_asks_the_engine_is_told_to_compute(judge: JudgeProcess) -> None:
    from course import layers as L

    def conv_params(filters: int, kernel_size: int, depth: int) -> int:
        return L.Conv2D(filters, kernel_size).param_count((16, 16, depth))

    wrong = concluded(judge, FUNCTION, conv_params=conv_params)
    assert wrong.error == (
        [
            "WrongAnswer",
            "conv_params asks the course's engine; do the sum yourself, from the "
            "function's arguments",
        ]
    )


def test_names_and_weights_are_read_off_the_cell() -> None:
    assert names_used(FUNCTION) == {"conv_params"}
    assert names_used("import numpy\nx = [a for a in b]\ndef f(c):\n    return c + d") == {"b", "d"}
    assert not needs_weights(FUNCTION)
    assert needs_weights("model.get_weights()[0]")


def test_what_a_test_cell_shows_is_scored_by_nbgrader_as_it_was_judged() -> None:
    from nbformat import from_dict
    from nbformat.v4 import new_code_cell
    from nbgrader.utils import determine_grade

    for conclusion, points in (
        (Conclusion(points=2.0, printed="Right."), 2.0),
        (Conclusion(points=0.5), 0.5),
        (Conclusion(points=0.0, error=("WrongAnswer", "no")), 0),
    ):
        marks = {"grade": True, "solution": False, "points": 2, "grade_id": "x"}
        cell = new_code_cell("", metadata={"nbgrader": marks})
        cell.outputs = from_dict(shown(conclusion, 2.0))
        assert determine_grade(cell) == (points, 2.0)
