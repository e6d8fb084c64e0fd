"""Practice: endless questions of a chosen kind, each answer diagnosed at once.

questions.py      questions of a kind and a level
session.py        the question, the score, the level; reads and judges what was typed
widget.py         the controls around a session
answer_field.py   the field for the answer
"""

from typing import TYPE_CHECKING, Any

from autograder.practice.session import Session

if TYPE_CHECKING:
    from autograder.practice.widget import Practice

__all__ = ["Session", "practice"]


def practice(kind: str = "parameters", seed: Any = None) -> "Practice":
    """A widget that asks questions of a kind without end and diagnoses each answer at once.

    `kind` is "parameters", "output shape", "padding", "pooling", "stack", "receptive field" or
    "mix". Three right answers in a row raise the level, two wrong ones lower it. The same `seed`
    asks the same questions again.

    Errors: SpecError for a kind that there is not.

    >>> practice("padding", seed=1).session.level
    1
    """
    from autograder.practice.widget import Practice

    return Practice(Session(kind, seed))
