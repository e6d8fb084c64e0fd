"""Why a wrong answer is wrong: misconceptions as changes of the engine's own formulas.

work.py              how one layer's numbers come about, as trees
changes.py           what misconceptions do to them
rule.py, rules.py    their names, what they concern, what to reconsider
pads.py              the same for the zeros of padding='same'
receptive_field.py   the same for receptive fields
wrong.py             the answers that one or two of them lead to, for any question
carrying.py          answers that follow from an earlier wrong one
words.py             what a student is told
diagnosis.py         the search
"""

from autograder.misconceptions.diagnosis import CARRIED, Diagnosis, diagnose
from autograder.misconceptions.wrong import NAMES, answer_under, wrong_answers

__all__ = ["CARRIED", "NAMES", "Diagnosis", "answer_under", "diagnose", "wrong_answers"]
