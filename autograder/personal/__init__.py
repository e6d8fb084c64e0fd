"""Numbers of one's own: who the student is, and the same exercise with other numbers for each.

identity.py           the student and the course's key: handed over by a grader, or the notebook's
exercise_quality.py   which numbers make a good exercise
variants.py           an exercise's numbers for a student
templates.py          the personal exercises of the units
"""

from autograder.personal.identity import (
    Identity,
    acting_as,
    current_identity,
    introduce,
    plain_name,
    whoami,
)
from autograder.personal.variants import Template, Variant, fits_other, variant

__all__ = [
    "Identity",
    "Template",
    "Variant",
    "acting_as",
    "current_identity",
    "fits_other",
    "introduce",
    "plain_name",
    "variant",
    "whoami",
]
