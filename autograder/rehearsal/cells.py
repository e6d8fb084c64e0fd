"""The exercises of a notebook: the answers, the test cells, and what these ask."""

import ast
import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat

import autograder
from autograder.answers import CheckResult
from course.errors import SpecError


@dataclass(frozen=True)
class Asked:
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
    asked: tuple[Asked, ...]
    __test__ = False  # the name is nbgrader's, and no test of pytest's


@dataclass(frozen=True)
class Exercise:
    """An answer cell and the test cells behind it; `right` holds the names of its solution."""

    name: str
    right: dict[str, Any]
    tests: list[TestCell] = field(default_factory=list)

    @property
    def asked(self) -> tuple[Asked, ...]:
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


def run(source: str, names: dict[str, Any]) -> Any:
    """Run a cell with these names, and give the value of its last line if that is an expression."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(ast.Module(body, []), "<cell>", "exec"), names)
        if isinstance(last, ast.Expr):
            return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
    return None


def _asked(source: str, right: dict[str, Any]) -> Iterator[Asked]:
    """What a test cell checks, found out by running it with checks that only take note."""
    made: list[Asked] = []
    names = {name: Placeholder(name) for name in right if not name.startswith("__")}
    with _recording(made):
        run(source, dict(names))
    for asked in made:
        if asked.check != "check_parts":
            yield asked
            continue
        for answer, of in asked.of:
            kind = "check" if isinstance(of, autograder.Question) else "check_function"
            yield Asked(kind, answer.name, of, part=True)


@contextlib.contextmanager
def _recording(made: list[Asked]) -> Iterator[None]:
    """While this lasts, `from autograder import check` gives checks that only note their call."""

    def note(check: str) -> Any:
        def noted(answer: Any, *given: Any, **named: Any) -> Any:
            of = [*given, *named.values(), None][0]
            if check == "check_parts":
                made.append(Asked(check, "", tuple(answer.values())))
            elif check != "attempted":
                made.append(Asked(check, answer.name, of))
            return CheckResult("")

        return noted

    stand_in = ModuleType("autograder")
    stand_in.__path__ = autograder.__path__  # its modules are found as ever
    for name in autograder.__all__:
        is_check = name == "attempted" or name.startswith("check")
        setattr(stand_in, name, note(name) if is_check else getattr(autograder, name))
    before = sys.modules["autograder"]
    sys.modules["autograder"] = stand_in
    try:
        yield
    finally:
        sys.modules["autograder"] = before
