"""Do the tests test? Simulated students answer a unit as misconceptions would have them answer.

    simulated_students.py   one student per misconception and pair, and what each answers
    running.py              the students' answers put through the test cells
    report.py               what comes of it, printed

A student is let through an exercise if all its points are earned although a misconception
concerns it. Then the exercise does not tell the two apart: choose other numbers, or name the
coincidence in a test cell's metadata, as {"convdims": {"coincidences": ["ceil-for-floor"]}}.
"""

from autograder.rehearsal.running import Played, rehearse

__all__ = ["Played", "rehearse"]
