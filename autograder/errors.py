"""How a check can end other than well.

    CourseError
    └── Verdict
        ├── NotAttempted           nothing was answered: not wrong, no points
        ├── WrongAnswer            the answer was judged and is wrong, and the message says how
        └── ReferenceDisagreement  our own two references differ: nothing is judged

All of them render as their message alone, in a notebook and in nbgrader's Validate dialog.
"""

from course.errors import CourseError


class Verdict(CourseError):
    """A check that ended without a right answer."""


class NotAttempted(Verdict):
    """The answer is still `...` or None."""


class WrongAnswer(Verdict):
    """The answer is wrong; the message says what is wrong and never what is right.

    `causes` holds the identifiers of the mistakes that explain it, for a teacher to count.
    """

    def __init__(
        self, problem: str, fix: str = "", where: str = "", causes: tuple[str, ...] = ()
    ) -> None:
        super().__init__(problem, fix, where)
        self.causes = causes

    def at(self, where: str) -> "WrongAnswer":
        return WrongAnswer(self.problem, self.fix, where, self.causes)


class ReferenceDisagreement(Verdict):
    """The engine and Keras give different answers, so no student's answer can be judged.

    This is a fault of the course: report it, and give nobody's points away to it.
    """
