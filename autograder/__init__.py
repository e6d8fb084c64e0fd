"""What the course asks and how it judges the answers."""

from autograder.answers import CheckResult, attempted
from autograder.checks import check
from autograder.errors import NotAttempted, ReferenceDisagreement, WrongAnswer
from autograder.functions import check_function
from autograder.misconceptions import Diagnosis, diagnose
from autograder.parts import check_parts
from autograder.questions import Question
from autograder.students import introduce, whoami
from autograder.variants import Template, Variant, fits_other, variant

__all__ = [
    "CheckResult",
    "Diagnosis",
    "NotAttempted",
    "Question",
    "ReferenceDisagreement",
    "Template",
    "Variant",
    "WrongAnswer",
    "attempted",
    "check",
    "check_function",
    "check_parts",
    "diagnose",
    "fits_other",
    "introduce",
    "variant",
    "whoami",
]
