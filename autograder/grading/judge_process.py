"""The judge in a process of its own: it runs test cells, and nothing of a student's.

    python -m autograder.grading.judge_process

It reads a cell to judge from its standard input, a line of JSON, with what the student's names
hold as plain data. Where the cell calls a student's function it writes the call on its standard
output, a line of JSON too, and reads the answer; in the end it writes what it concluded. It knows
no kernel and no gradebook.
"""

import contextlib
import io
import json
import os
import select
import sys
import traceback
from dataclasses import asdict, dataclass, field
from numbers import Real
from typing import Any

from autograder.answers import show
from autograder.checks.functions import NO_FUNCTION
from autograder.exercises import run
from autograder.judge import Asked, Decide, decided, in_charge
from autograder.kernels.plain_data import Writer, read, read_text, require_small
from autograder.personal.identity import Identity, acting_as
from autograder.verdicts import OurFault, Verdict, not_attempted, tell, text
from course.errors import CourseError

IDLE_SECONDS = 600
"""After so long without a question the process ends; it is started again when there is one."""
MOST_PRINTED, LONGEST_ERROR = 100_000, 2_000
MEMORY = 8 * 1024**3
"""Bytes that the judge may take, whatever it is given."""

UNDEFINED = text(
    "grading.undefined",
    "{name} is not defined: its answer cell was not run to its end, or does not define it; run the "
    "notebook from top to bottom",
)
NOT_YET_JUDGED = text(
    "grading.our-fault", "this could not be judged; your instructor has been told"
)
UNREADABLE = text("grading.unreadable", "{name} cannot be judged: {reason}")
NOT_A_NUMBER = text(
    "grading.too-many-points", "the cell gave {given} points, and it has {points:g} at most"
)


class StudentError(Exception):
    """What a student's function stopped with; its class is made anew, with that error's name."""


@dataclass
class Conclusion:
    """What came of a test cell.

    `points` is None where nothing was judged, and `fault` then says why. `error` is the name and
    the text of what the cell ended with, and `judgements` what its checks concluded.
    """

    points: float | None = 0.0
    fault: str = ""
    printed: str = ""
    error: tuple[str, str] | None = None
    judgements: list[Any] = field(default_factory=list)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As what `json` can write."""
        return asdict(self)


class Judge:
    """Judges one cell after another, as the lines on `questions` ask, and writes to `answers`."""

    def __init__(self, questions: Any, answers: Any) -> None:
        self._questions, self._answers = questions, answers

    def serve(self) -> None:
        """Judge until there is nobody to ask, or nobody has asked for long."""
        while select.select([self._questions], [], [], IDLE_SECONDS)[0]:
            line = self._questions.readline()
            if not line:
                return
            asked = json.loads(line)
            if "greeting" in asked:
                self._say(asked)
            else:
                self._say({"done": self._judge(asked).to_json()})

    def _say(self, what: Any) -> None:
        self._answers.write(json.dumps(what) + "\n")
        self._answers.flush()

    def _judge(self, asked: dict[str, Any]) -> Conclusion:
        conclusion, printed = Conclusion(), io.StringIO()

        def take_note(question: Asked, decide: Decide) -> Any:
            judgement = decided(decide)
            conclusion.judgements.append(judgement.to_json())
            return tell(judgement, question.points)

        names: dict[str, Any] = {"__name__": "__main__"}
        for name, written in asked["values"].items():
            try:
                names[name] = read_text(written, self._ask_each_once())
            except CourseError as error:
                _wrong(conclusion, UNREADABLE(name=name, reason=str(error)))
                return conclusion
        for name in asked["called"]:
            if name in names and not callable(names[name]):
                nothing = names[name] is None or names[name] is ...
                said = not_attempted().message if nothing else NO_FUNCTION(answer=show(names[name]))
                _wrong(conclusion, said, "NotAttempted" if nothing else "WrongAnswer")
                return conclusion
        identity = Identity(asked["student"], asked["key"])
        silent = contextlib.redirect_stderr(io.StringIO())
        with acting_as(identity), in_charge(take_note), contextlib.redirect_stdout(printed), silent:
            _conclude(conclusion, asked, names)
        conclusion.printed = printed.getvalue()[:MOST_PRINTED]
        return conclusion

    def _ask_each_once(self) -> Any:
        """A way to ask a student's function; asked the same again, its first word stands."""
        given: dict[str, Any] = {}

        def ask(place: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
            call = json.dumps([place, Writer().write(arguments), Writer().write(named)])
            if call not in given:
                self._say({"call": call})
                given[call] = json.loads(self._questions.readline())["answer"]
            return _answer_of(given[call])

        return ask


def _answer_of(written: str) -> Any:
    """What a student's function gave, or its error."""
    try:
        require_small(written)
        kind, first, *rest = json.loads(written)
        if kind == "value":
            return read(first)
    except (CourseError, TypeError, ValueError, RecursionError):
        raise _student_error("ValueError", "it gives what cannot be read") from None
    raise _student_error(str(first), str(rest[0])[:LONGEST_ERROR] if rest else "")


def _student_error(name: str, said: str) -> Exception:
    safe = name if name.isidentifier() else "Error"
    made: type[StudentError] = type(safe, (StudentError,), {})
    return made(said)


def _conclude(conclusion: Conclusion, asked: dict[str, Any], names: dict[str, Any]) -> None:
    """Run the cell with these names, and count its points as nbgrader does."""
    points = float(asked["points"])
    try:
        given = run(asked["cell"], names, quiet=False)
    except OurFault as error:
        conclusion.points, conclusion.fault = None, str(error)
        conclusion.error = (type(error).__name__, str(error))
    except Verdict as error:
        conclusion.error = (type(error).__name__, str(error))
    except StudentError as error:
        conclusion.error = (type(error).__name__, str(error))
    except NameError as error:
        if error.name not in asked["used"]:
            return _our_fault(conclusion, error)
        _wrong(conclusion, UNDEFINED(name=str(error.name)), "NameError")
    except BaseException as error:
        return _our_fault(conclusion, error)
    else:
        partly = isinstance(given, Real) and not isinstance(given, bool)
        conclusion.points = float(given) if partly else points
        if not 0 <= conclusion.points <= points:
            conclusion.fault = str(NOT_A_NUMBER(given=str(given), points=points))
            conclusion.points = None
    return None


def _wrong(conclusion: Conclusion, said: Any, name: str = "WrongAnswer") -> None:
    conclusion.points, conclusion.error = 0.0, (name, str(said))


def _our_fault(conclusion: Conclusion, error: BaseException) -> None:
    """An error in the cell or in a check: no answer is to blame."""
    conclusion.points = None
    said = f"the test stopped with {type(error).__name__}: {error}"
    conclusion.fault = f"{said}\n{traceback.format_exc()}"
    conclusion.error = ("OurFault", str(NOT_YET_JUDGED()))


def main() -> None:
    """Serve on the streams that the process was started with; what else prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    with contextlib.suppress(ImportError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    Judge(sys.stdin, answers).serve()


if __name__ == "__main__":
    main()
