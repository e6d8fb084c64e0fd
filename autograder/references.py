"""What is right: the engine's answer, once Keras has confirmed it.

Whatever is graded is worked out by the course's engine and by a real Keras model. Where the two
differ, or Keras stops, nothing is judged. Where Keras cannot be loaded, a student is judged by
the engine alone and told so, and nothing is graded.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from autograder.judge import is_grading
from autograder.questions import Question
from autograder.verdicts import DISAGREE, MISSING, RAISED, Message, Text, as_error, our_fault, text

ENGINE, KERAS = "engine", "Keras"
BOTH = (ENGINE, KERAS)

AGREES = text("confirmed.by-keras", "Keras agrees.")
ALONE = text(
    "confirmed.by-engine-alone",
    "Judged by the course's engine alone: Keras cannot be loaded here.",
)
REPORT = text(
    "advice.report",
    "this is a fault of the course and not of any answer, so please report it to your instructor",
)


@dataclass(frozen=True)
class Truth:
    """The right answer, and the references that gave it: both, or the engine alone."""

    value: Any
    references: tuple[str, ...] = BOTH

    @property
    def confirmation(self) -> Message:
        """Whose word it is, for the student."""
        return AGREES() if KERAS in self.references else ALONE()


def truth(question: Question, references: tuple[str, ...] = BOTH) -> Truth:
    """The answer to a question by these references, which must agree.

    Errors: ReferenceDisagreement where they differ; ReferenceFailure where Keras stops with an
    error; while nbgrader grades, ReferenceMissing where Keras cannot be loaded.

    >>> from course import layers as L
    >>> truth(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count"))
    Truth(value=896, references=('engine', 'Keras'))
    """
    if KERAS not in references:
        return Truth(question.expected(), (ENGINE,))
    return _truth(question, is_grading())


# The questions of a unit many times over. `grading` is in the key alone: it decides what happens
# without Keras.
@lru_cache(maxsize=4096)
def _truth(question: Question, grading: bool) -> Truth:
    return settled(question.expected(), question.ask_keras, question.message)


def settled(
    expected: Any,
    ask_keras: Callable[[], Any],
    what: Message,
    *,
    agree: Callable[[Any, Any], bool] = operator.eq,
    say: Callable[[Any], str] = str,
    advice: Text = REPORT,
) -> Truth:
    """The engine's answer, held against Keras's; `what` says in a message what was asked, `say`
    puts an answer into words.

    Errors: as `truth`.
    """
    trouble = keras_trouble()
    if trouble:
        if is_grading():
            raise as_error(our_fault(MISSING(reason=trouble)))
        return Truth(expected, (ENGINE,))
    try:
        found = ask_keras()
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        raised = RAISED(engine=say(expected), what=what, keras=said, advice=advice())
        raise as_error(our_fault(raised)) from None
    if not agree(found, expected):
        differ = DISAGREE(what=what, engine=say(expected), keras=say(found), advice=advice())
        raise as_error(our_fault(differ))
    return Truth(expected)


@cache
def keras_trouble() -> str:
    """Why Keras cannot be loaded, in a line; empty where it can."""
    try:
        import course.keras_bridge  # noqa: F401  (loading it is the question)
    except Exception as error:
        # Whatever TensorFlow stops with: a processor it was not built for, a library it misses.
        lines = str(error).strip().splitlines() or [""]
        return f"{type(error).__name__}: {lines[0]}".rstrip(": ")
    return ""
