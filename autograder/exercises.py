"""The exercises of a notebook: the answers, the test cells, and what these ask."""

import ast
import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from autograder.judge import Asked, Decide, in_charge
from autograder.questions import Question
from course.errors import SpecError


@dataclass(frozen=True)
class Check:
    """One check that a test cell makes: which one, of which of the student's names, of what.

    `part` tells that it is one of an exercise's parts, which earn their points one by one.
    """

    check: str
    name: str
    of: Any
    part: bool = False


@dataclass(frozen=True)
class TestCell:
    """A test cell: its points, its source, and the coincidences that its metadata name."""

    id: str
    source: str
    points: float
    coincidences: frozenset[str]
    asked: tuple[Check, ...]
    __test__ = False  # the name is nbgrader's, and no test of pytest's


@dataclass(frozen=True)
class Exercise:
    """An answer cell and the test cells after it; `right` holds the names of its solution."""

    name: str
    right: dict[str, Any]
    tests: list[TestCell] = field(default_factory=list)

    @property
    def asked(self) -> tuple[Check, ...]:
        """Everything that the test cells check."""
        return tuple(asked for test in self.tests for asked in test.asked)

    @property
    def points(self) -> float:
        """What the exercise is worth."""
        return sum(test.points for test in self.tests)


class Placeholder:
    """Stands for one of the student's names while a test cell is asked what it checks."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, *arguments: Any) -> "Placeholder":
        return self


def exercises(notebook: Path) -> list[Exercise]:
    """The autograded exercises of a source notebook, in order.

    Errors: SpecError for a notebook that cannot be read.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells
    except (OSError, ValueError) as error:
        raise SpecError(
            f"{notebook} cannot be read: {error}", "give the unit's name, such as 07-conv-dims"
        ) from None
    found: list[Exercise] = []
    names: dict[str, Any] = {}
    for cell in cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or not marks:
            continue
        if marks.get("solution"):
            run(cell.source, names)
            found.append(Exercise(cell.id, dict(names)))
        elif marks.get("grade") and found:
            named = frozenset(cell.metadata.get("convdims", {}).get("coincidences", ()))
            asked = tuple(_asked(cell.source, names))
            points = float(marks["points"])
            found[-1].tests.append(TestCell(cell.id, cell.source, points, named, asked))
    return [exercise for exercise in found if exercise.tests]


def run(source: str, names: dict[str, Any], *, quiet: bool = True) -> Any:
    """Run a cell with these names, and give the value of its last line if that is an expression.

    What it prints is heard only where it is not `quiet`.
    """
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO() if quiet else sys.stdout):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return None


def _asked(source: str, right: dict[str, Any]) -> Iterator[Check]:
    """What a test cell checks, found out by running it before a judge that only takes note."""
    made: list[Asked] = []

    def take_note(asked: Asked, decide: Decide) -> None:
        made.append(asked)

    names = {name: Placeholder(name) for name in right if not name.startswith("__")}
    with in_charge(take_note):
        run(source, dict(names))
    for asked in made:
        if asked.check == "check_parts":
            for answer, of in asked.answer.values():
                kind = "check" if isinstance(of, Question) else "check_function"
                yield Check(kind, answer.name, of, part=True)
        elif asked.check != "attempted":
            yield Check(asked.check, asked.answer.name, asked.of)
