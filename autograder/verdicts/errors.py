"""How a judgement shows in a kernel: a result that prints, or an error that shows its message.

    CourseError
    └── Verdict
        ├── NotAttempted               nothing was answered: not wrong, no points
        ├── WrongAnswer                the answer was judged, and the message says what is wrong
        └── OurFault                   nothing was judged, and no answer is to blame
            ├── ReferenceDisagreement  the engine and Keras give different answers
            ├── ReferenceFailure       Keras stopped with an error
            └── ReferenceMissing       Keras cannot be loaded, where it has to be there

Every one carries its `judgement`. In a notebook and in nbgrader's Validate dialog they render as
their message alone.
"""

import os
from dataclasses import dataclass

from autograder.verdicts.judgement import Judgement, Outcome
from autograder.verdicts.messages import text
from course.errors import CourseError


class Verdict(CourseError):
    """A check that ended without a right answer."""

    def __init__(self, judgement: Judgement) -> None:
        super().__init__(str(judgement.message))
        self.judgement = judgement

    def __reduce__(self) -> tuple[type, tuple[Judgement]]:
        return type(self), (self.judgement,)


class NotAttempted(Verdict):
    """The answer is still `...` or None."""


class WrongAnswer(Verdict):
    """The answer is wrong; the message says what is wrong and never what is right."""


class OurFault(Verdict):
    """Nothing could be judged. This is a fault of the course or of the machine: report it, and
    take no points off anyone for it."""


class ReferenceDisagreement(OurFault):
    """The engine and Keras give different answers, so no student's answer can be judged."""


class ReferenceFailure(OurFault):
    """Keras stopped with an error where the engine has an answer."""


class ReferenceMissing(OurFault):
    """Keras cannot be loaded, and grading never does without it."""


DISAGREE = text(
    "references-disagree",
    "the course's engine and Keras disagree on {what}: the engine says {engine}, Keras says "
    "{keras}; {advice}",
)
RAISED = text(
    "keras-raised",
    "the course's engine says {engine} for {what}, but Keras stops with {keras}; {advice}",
)
MISSING = text(
    "keras-missing",
    "Keras cannot be loaded ({reason}), and nothing is graded by the course's engine alone; "
    "mend the installation, as `convdims doctor` says, and grade again",
)
FAULTS = {
    DISAGREE.id: ReferenceDisagreement,
    RAISED.id: ReferenceFailure,
    MISSING.id: ReferenceMissing,
}


@dataclass(frozen=True)
class CheckResult:
    """A check that ended well; shown in a notebook as its one line of confirmation."""

    judgement: Judgement

    @property
    def message(self) -> str:
        """What the student is told."""
        return str(self.judgement.message)

    def __str__(self) -> str:
        return self.message

    def _ipython_display_(self) -> None:
        # Printed, because nbgrader reads the value of a test cell's last line as partial credit.
        print(self.message)


def as_error(judgement: Judgement) -> Verdict:
    """The error that shows a judgement, to be raised."""
    if judgement.outcome is Outcome.NOT_ATTEMPTED:
        return NotAttempted(judgement)
    if judgement.outcome is Outcome.OUR_FAULT:
        return FAULTS.get(judgement.message.id, OurFault)(judgement)
    return WrongAnswer(judgement)


def tell(judgement: Judgement, points: float | None = None) -> "CheckResult | float":
    """Show a judgement in the kernel that it was asked in, as nbgrader counts it.

    Right and noted answers give a result that prints; everything else is raised. Where a cell's
    points may be earned in part, the report is printed and the number that is earned comes back.

    Errors: a Verdict, for what is not right.
    """
    good = judgement.outcome in (Outcome.RIGHT, Outcome.NOTED)
    partly = judgement.outcome is Outcome.PARTLY
    # Validate shows an error's text, and of a number only that it is less than it could be.
    if not good and (not partly or "NBGRADER_VALIDATING" in os.environ):
        raise as_error(judgement)
    if points is None:
        return CheckResult(judgement)
    print(judgement.message)
    return round(points * judgement.share, 2)
