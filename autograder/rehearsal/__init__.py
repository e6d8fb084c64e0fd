"""Do the tests test? Simulated students answer a unit as misconceptions would have them answer.

    cells.py       the exercises of a notebook, and what their test cells ask
    students.py    one simulated student per misconception and pair, and what each answers
    playing.py     the students' answers put through the test cells

A student is let through an exercise if all its points are earned although a misconception
concerns it. Then the exercise does not tell the two apart: choose other numbers, or name the
coincidence in a test cell's metadata, as {"convdims": {"coincidences": ["ceil-for-floor"]}}.
"""

from autograder.rehearsal.cells import exercises
from autograder.rehearsal.playing import Played, rehearse

__all__ = ["Played", "exercises", "rehearse"]
