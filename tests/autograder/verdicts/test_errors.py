"""What a notebook shows of a check: one line when right, the message alone when not."""

import pickle
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from autograder import CheckResult, NotAttempted, OurFault, ReferenceDisagreement, WrongAnswer
from autograder.verdicts import Verdict, right, text, wrong
from course.errors import CourseError, ShapeError, SpecError

SAID = text("test-errors", "{what} is wrong")
VERDICTS = [NotAttempted, WrongAnswer, OurFault, ReferenceDisagreement]
CHECK = """
from autograder import Question, check
from course import layers as L
check({answer}, Question(L.Conv2D(32, 3), (28, 28, 1), "param_count"))
"""


@pytest.fixture(scope="module")
def shell() -> Any:
    """A real IPython shell of this process, without a history on disk."""
    shell = InteractiveShell(history_length=0)
    shell.history_manager.enabled = False
    shell.colors = "nocolor"
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def test_a_right_answer_prints_its_line(shell: Any) -> None:
    with capture_output() as captured:
        run = shell.run_cell(CHECK.format(answer=320))
    assert captured.stdout.removeprefix("Out[0]: ") == "Right: 320. Keras agrees.\n"
    assert captured.stderr == ""
    assert captured.outputs == []
    assert isinstance(run.result, CheckResult)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("288", "WrongAnswer: 288 is not the number of parameters of"),
        ("...", "NotAttempted: this is not attempted yet; replace the ... by your answer"),
        ("'320'", "WrongAnswer: your answer is '320', but a whole number is wanted"),
    ],
)
def test_a_verdict_is_its_message_alone(shell: Any, answer: str, says: str) -> None:
    with capture_output() as captured:
        run = shell.run_cell(CHECK.format(answer=answer))
    shown = captured.stdout + captured.stderr
    assert shown.startswith(says)
    assert "Traceback" not in shown
    assert "File" not in shown
    assert not run.success


@pytest.mark.parametrize("error", [SpecError, ShapeError, CourseError])
def test_every_error_of_the_course_renders_as_its_message(error: type[CourseError]) -> None:
    raised = error("this is wrong", "do that", "Conv2D")
    assert raised._render_traceback_() == [f"{error.__name__}: Conv2D: this is wrong; do that"]


@pytest.mark.parametrize("kind", VERDICTS)
def test_every_verdict_renders_as_its_message_and_keeps_its_judgement(kind: type[Verdict]) -> None:
    judgement = wrong(SAID(what="this"), ("no-bias",))
    verdict = kind(judgement)
    assert verdict._render_traceback_() == [f"{kind.__name__}: this is wrong"]
    copied = pickle.loads(pickle.dumps(verdict))
    assert type(copied) is kind
    assert copied.judgement == judgement


def test_a_result_has_no_number_for_nbgrader() -> None:
    """nbgrader takes a number on a test cell's last line for partial credit."""
    result = CheckResult(right(SAID(what="nothing")))
    for convert in (float, int):
        with pytest.raises(TypeError):
            convert(result)  # type: ignore[arg-type]
