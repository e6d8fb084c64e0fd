"""Answers that are only noted, to be judged when the unit is graded."""

from typing import Any

from autograder.answers import require_attempt
from autograder.judge import Asked, ask_judge
from autograder.verdicts import CheckResult, Judgement, noted, text

NOTED = text("noted", "Noted. This one is judged when the unit is graded.")


def attempted(answer: Any) -> CheckResult:
    """Raise NotAttempted while an answer, or a part of it, is still `...` or None.

    >>> print(attempted(64))
    Noted. This one is judged when the unit is graded.
    >>> attempted(...)
    Traceback (most recent call last):
        ...
    autograder.verdicts.errors.NotAttempted: this is not attempted yet; replace the ... by your \
answer
    """

    def decide() -> Judgement:
        require_attempt(answer)
        return noted(NOTED())

    result: CheckResult = ask_judge(Asked("attempted", answer), decide)
    return result
