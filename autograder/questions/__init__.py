"""What is asked: a layer or stack, an input shape, a quantity; in words, and by axis names, once.

quantities.py   what can be asked, and what the numbers of an answer are called
question.py     a question, its words, and what each reference says of it
"""

from autograder.questions.quantities import AXES, AXIS_NAMES, COUNTS, QUANTITIES
from autograder.questions.question import Question, layer_lines, numbers

__all__ = [
    "AXES",
    "AXIS_NAMES",
    "COUNTS",
    "QUANTITIES",
    "Question",
    "layer_lines",
    "numbers",
]
