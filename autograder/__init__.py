"""What the course asks and how it judges the answers."""

from autograder.answers import CheckResult, attempted
from autograder.arrays import Computation, check_array
from autograder.checks import check
from autograder.choices import Choice, check_choice
from autograder.doctor import check_installation
from autograder.errors import NotAttempted, ReferenceDisagreement, WrongAnswer
from autograder.functions import check_function
from autograder.hints import hint
from autograder.misconceptions import Diagnosis, diagnose
from autograder.models import Wanted, check_model
from autograder.parts import check_parts
from autograder.practice import practice
from autograder.progress import Progress, progress
from autograder.questions import Question
from autograder.students import introduce, whoami
from autograder.variants import Template, Variant, fits_other, variant

__all__ = [
    "CheckResult",
    "Choice",
    "Computation",
    "Diagnosis",
    "NotAttempted",
    "Progress",
    "Question",
    "ReferenceDisagreement",
    "Template",
    "Variant",
    "Wanted",
    "WrongAnswer",
    "attempted",
    "check",
    "check_array",
    "check_choice",
    "check_function",
    "check_installation",
    "check_model",
    "check_parts",
    "diagnose",
    "fits_other",
    "hint",
    "introduce",
    "practice",
    "progress",
    "variant",
    "whoami",
]
