"""Why a wrong answer is wrong: misconceptions as changes of the engine's own formulas.

layer_trees.py     how one layer's numbers come about, as trees
tree_edits.py      changes of trees that several misconceptions share
rules/             the misconceptions: names, what they change, what to reconsider; and their order
wrong_answers.py   the answers that one or two of them lead to, for any question
workings.py        what somebody works out on the way to an answer
localize.py        where in a stack the numbers go wrong
carry_forward.py   answers that follow from an earlier wrong one
messages.py        what a student is told
explained.py       what holds together, and what are alternatives
diagnosis.py       the search
"""

from autograder.misconceptions.carry_forward import Earlier
from autograder.misconceptions.diagnosis import CARRIED, diagnose, explain
from autograder.misconceptions.explained import MOST_TOLD, Diagnosis, Explained
from autograder.misconceptions.messages import what_has_a_bias
from autograder.misconceptions.wrong_answers import (
    NAMES,
    WrongWay,
    answer_under,
    coincidence,
    right_by_luck,
    wrong_answers,
)

__all__ = [
    "CARRIED",
    "MOST_TOLD",
    "NAMES",
    "Diagnosis",
    "Earlier",
    "Explained",
    "WrongWay",
    "answer_under",
    "coincidence",
    "diagnose",
    "explain",
    "right_by_luck",
    "what_has_a_bias",
    "wrong_answers",
]
