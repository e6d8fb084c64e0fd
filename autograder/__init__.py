"""What the course asks and how it judges the answers."""

from autograder.checks import (
    Choice,
    Computation,
    Wanted,
    attempted,
    check,
    check_array,
    check_choice,
    check_function,
    check_model,
    check_parts,
)
from autograder.hints import hint
from autograder.misconceptions import Diagnosis, diagnose
from autograder.personal import Template, Variant, fits_other, introduce, variant, whoami
from autograder.practice import practice
from autograder.questions import Question
from autograder.start_page import Progress, check_installation, progress
from autograder.verdicts import (
    CheckResult,
    Judgement,
    NotAttempted,
    OurFault,
    ReferenceDisagreement,
    WrongAnswer,
)

__all__ = [
    "CheckResult",
    "Choice",
    "Computation",
    "Diagnosis",
    "Judgement",
    "NotAttempted",
    "OurFault",
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
