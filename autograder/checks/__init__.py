"""What the test cells call: each check concludes a Judgement, and the judge in charge shows it.

numbers.py     a number, a shape or pads
choices.py     one of several options
functions.py   a function, on many cases
engines.py     whom a function asks in place of computing
arrays/        an array, value by value
models/        a model, by what is wanted of it
parts.py       several of these, for partial credit
attempts.py    answers that are noted, to be judged later
"""

from autograder.checks.arrays import Computation, check_array
from autograder.checks.attempts import attempted
from autograder.checks.choices import Choice, check_choice
from autograder.checks.functions import check_function
from autograder.checks.models import Wanted, check_model
from autograder.checks.numbers import check
from autograder.checks.parts import check_parts

__all__ = [
    "Choice",
    "Computation",
    "Wanted",
    "attempted",
    "check",
    "check_array",
    "check_choice",
    "check_function",
    "check_model",
    "check_parts",
]
