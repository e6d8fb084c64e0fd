"""Why a wrong answer is wrong: misconceptions as changes of the engine's own formulas.

work.py              how one layer's numbers come about, as trees
trees.py             changes of trees that several misconceptions share
counts.py, sizes.py  what misconceptions do to them; kinds.py: to those of some layers only
rule.py, rules.py    their names, what they concern, what to reconsider: in count_rules.py
                     those about counts, in size_rules.py those about sizes and depths
pads.py              the same for the zeros that a layer adds
receptive_field.py   the same for receptive fields
wrong.py             the answers that one or two of them lead to, for any question
deviation.py         where in a stack they go wrong
carrying.py          answers that follow from an earlier wrong one
words.py             what a student is told
diagnosis.py         the search
"""

from autograder.misconceptions.diagnosis import CARRIED, Diagnosis, diagnose
from autograder.misconceptions.wrong import NAMES, answer_under, wrong_answers

__all__ = ["CARRIED", "NAMES", "Diagnosis", "answer_under", "diagnose", "wrong_answers"]
