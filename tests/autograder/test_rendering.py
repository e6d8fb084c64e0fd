"""What a notebook shows of a check: one line when right, the message alone when not."""

from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from autograder import CheckResult, NotAttempted, ReferenceDisagreement, WrongAnswer
from course.errors import CourseError, ShapeError, SpecError

VERDICTS = [NotAttempted, WrongAnswer, ReferenceDisagreement, SpecError, ShapeError, CourseError]
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


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda verdict: verdict.__name__)
def test_every_error_of_the_course_renders_as_its_message(verdict: type[CourseError]) -> None:
    error = verdict("this is wrong", "do that", "Conv2D")
    assert error._render_traceback_() == [f"{verdict.__name__}: Conv2D: this is wrong; do that"]


def test_a_result_has_no_number_for_nbgrader() -> None:
    """nbgrader takes a number on a test cell's last line for partial credit."""
    result = CheckResult("Right.")
    for convert in (float, int):
        with pytest.raises(TypeError):
            convert(result)  # type: ignore[arg-type]
