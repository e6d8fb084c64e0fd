"""What is asked: a layer or stack, an input shape, a quantity; in words, and by axis names, once.

quantities.py   what can be asked, and what the numbers of an answer are called
wording.py      a question in words
question.py     a question, and what each reference says of it
"""

from autograder.questions.quantities import AXES, AXIS_NAMES, COUNTS, QUANTITIES
from autograder.questions.question import Question, numbers
from autograder.questions.wording import layer_lines

__all__ = [
    "AXES",
    "AXIS_NAMES",
    "COUNTS",
    "QUANTITIES",
    "Question",
    "layer_lines",
    "numbers",
]
