"""Wrong numbers and what leads to them, worked out by hand and apart from the code: mistakes.txt.

There a question has its wrong answers below it, each with its cause. "a b" are two causes that give
the same number, of which both should be named; "a+b" is one cause of two misconceptions.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from autograder import Question
from course import Stack
from course import layers as L
from tests.course.networks import FASHION, MNIST

SAME = Stack(
    [
        L.Conv2D(16, 3, padding="same", name="c1"),
        L.MaxPooling2D(name="p1"),
        L.Conv2D(32, 3, padding="same", name="c2"),
        L.MaxPooling2D(name="p2"),
        L.Flatten(name="f"),
        L.Dense(10, name="d"),
    ]
)
ODD = Stack(
    [
        L.Conv2D(8, 5, name="a"),
        L.MaxPooling2D(name="p"),
        L.Conv2D(16, 5, name="b"),
        L.MaxPooling2D(name="q"),
        L.Flatten(name="f"),
        L.Dense(120, name="d"),
        L.Dense(10, name="e"),
    ]
)
GLOBAL = Stack(
    [
        L.Conv2D(32, 3, strides=2, name="a"),
        L.Conv2D(64, 3, strides=2, name="b"),
        L.GlobalAveragePooling2D(name="g"),
        L.Dense(10, name="d"),
    ]
)
KNOWN = vars(L) | {
    "Stack": Stack,
    "MNIST": MNIST,
    "FASHION": FASHION,
    "SAME": SAME,
    "ODD": ODD,
    "GLOBAL": GLOBAL,
}


TABLE = Path(__file__).with_suffix(".txt")


class Mistake(NamedTuple):
    """A wrong answer to a question, and the misconceptions that should be named."""

    question: Question
    answer: Any
    names: frozenset[str]

    def __repr__(self) -> str:
        asked = self.question
        at = f" at {asked.at}" if asked.at else ""
        names = "+".join(sorted(self.names))
        return f"{asked.layer!r:.60} {asked.quantity}{at}: {self.answer} {names}"


def read(section: str) -> Iterator[Mistake]:
    """The mistakes of a section of the file."""
    text = TABLE.read_text(encoding="utf-8")
    question: Question | None = None
    for part in re.split(r"^== (?=\w)", text, flags=re.MULTILINE):
        name, *rows = part.splitlines() or [""]
        for row in rows if name == section else ():
            asked = re.fullmatch(r"(\S.*) on (\(.*\)): (\w+)(?: at (\w+))?", row)
            if asked:
                layer, shape, quantity, at = asked.groups()
                question = Question(eval(layer, KNOWN), eval(shape), quantity, at)
            elif row.startswith("    ") and question:
                answer, causes = re.split(r" {2,}", row.strip())
                for cause in causes.split(" "):
                    yield Mistake(question, eval(answer), frozenset(cause.split("+")))
            else:
                assert row.startswith("#"), row


FACTS = tuple(read("FACTS"))
"""The mistakes that the course is built on."""
OTHERS = tuple(read("OTHERS"))
"""As many again and more, on other layers."""
