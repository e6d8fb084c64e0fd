"""Which released cell each cell is that was handed in, however it was pasted, moved or stripped."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from autograder.grading.reading import HandedIn

DEFINES = re.compile(r"^(?:def\s+(\w+)\s*\(|(\w+)\s*(?::[^=\n]+)?=(?!=))", re.MULTILINE)


@dataclass
class Place:
    """A released cell, and which of the cells that were handed in are it, by their numbers."""

    cell: Any
    given: list[int] = field(default_factory=list)
    stripped: bool = False
    """Whether what was handed in for it had lost nbgrader's marks."""

    @property
    def marks(self) -> Any:
        """nbgrader's marks."""
        return self.cell.metadata.get("nbgrader") or {}

    @property
    def is_answer(self) -> bool:
        """Whether the student writes it."""
        return bool(self.marks.get("solution"))

    @property
    def is_test(self) -> bool:
        """Whether it is a test."""
        return bool(self.marks.get("grade")) and not self.is_answer

    @property
    def is_fixed(self) -> bool:
        """Whether it is the course's: a test, a task, or a cell that is locked."""
        locked = any(self.marks.get(mark) for mark in ("grade", "task", "locked"))
        return locked and not self.is_answer

    @property
    def name(self) -> str:
        """How it is called."""
        return str(self.marks.get("grade_id") or self.cell.get("id", ""))

    @property
    def text(self) -> str:
        """What stands in it as released."""
        return str(self.cell.source).strip()


@lru_cache(maxsize=4096)
def defined(source: str) -> frozenset[str]:
    """The names that a cell defines, for one that is no Python as far as its lines show.

    >>> sorted(defined("width = ( ... )\\n(a, b), *c = 1\\ndef area(x):\\n    y = x"))
    ['a', 'area', 'b', 'c', 'width']
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(name for found in DEFINES.findall(source) for name in found if name)
    named = {one.name for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef)}
    bound = (one for one in body if isinstance(one, ast.Assign | ast.AnnAssign))
    stored = (inner for one in bound for inner in ast.walk(one) if isinstance(inner, ast.Name))
    return frozenset(named | {one.id for one in stored if isinstance(one.ctx, ast.Store)})


def match(places: Sequence[Place], cells: Sequence[HandedIn]) -> None:
    """Fill in for each released cell which ones were handed in for it; what is in none is own.

    A cell is known by its mark, its id or its text, an answer last of all by the names in it.
    """
    left = list(_by_mark_or_id(places, cells))
    _by_text(places, cells, left)
    for n, place in enumerate(places):
        if place.is_fixed:
            place.given = list(_not_worked_in(place, cells))
        elif place.is_answer:
            place.given = _before_tests(places, n, place.given, cells)
    for n, place in enumerate(places):
        if place.is_answer and not place.given:
            look = _by_names if place.cell.cell_type == "code" else _by_place
            look(places, n, cells)


def _by_mark_or_id(places: Sequence[Place], cells: Sequence[HandedIn]) -> Iterator[int]:
    """Place what says which cell it is, and yield the others."""
    by_mark = {place.name: place for place in places if place.marks}
    by_id = {str(place.cell.get("id")): place for place in places}
    for number, one in enumerate(cells):
        place = by_mark.get(one.grade_id) or by_id.get(one.id)
        if place is None or (place.given and not place.marks):
            yield number
        else:
            place.given.append(number)


def _by_text(places: Sequence[Place], cells: Sequence[HandedIn], left: Sequence[int]) -> None:
    waiting: dict[str, list[Place]] = {}
    for place in places:
        if not place.given and place.text:
            waiting.setdefault(place.text, []).append(place)
    for number in left:
        same = waiting.get(cells[number].source.strip())
        if same:
            same.pop(0).given.append(number)


def _not_worked_in(place: Place, cells: Sequence[HandedIn]) -> Iterator[int]:
    """Those of a course's cell that are just that: a copy that was worked in is the student's."""
    own = defined(place.text)
    for number in place.given:
        text = cells[number].source
        if text.strip() == place.text or len(place.given) == 1 or not defined(text) - own:
            yield number


def worked_in(place: Place, one: HandedIn) -> str:
    """What a student wrote into a cell of the course's that other cells may need: imports and
    definitions that the released cell has not."""
    try:
        released, written = ast.parse(place.text).body, ast.parse(one.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    known = {ast.dump(statement) for statement in released}
    useful = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
    return "\n".join(
        ast.unparse(statement)
        for statement in written
        if isinstance(statement, useful)
        and ast.dump(statement) not in known
        and not defined(ast.unparse(statement)) & defined(place.text)
    )


def _before_tests(
    places: Sequence[Place], n: int, given: Sequence[int], cells: Sequence[HandedIn]
) -> list[int]:
    """Those attempts that stand before their tests, where there are any: a copy further down is
    one to play with. Attempts of the released type go before those of another."""
    tests = [place.given[0] for place in _tests_of(places, n) if place.given]
    tried = [number for number in given if is_tried(places[n], cells[number])]
    early = [number for number in tried if number < min(tests, default=len(cells))]
    kept = early or tried
    typed = [number for number in kept if cells[number].kind == places[n].cell.cell_type]
    return (typed or kept) if kept else list(given)


def _tests_of(places: Sequence[Place], n: int) -> Iterator[Place]:
    """The tests between an answer cell and the next one."""
    for place in places[n + 1 :]:
        if place.is_answer:
            return
        if place.is_test:
            yield place


def is_tried(place: Place, one: HandedIn) -> bool:
    """Whether an answer is more than the released cell."""
    return one.source.strip() not in ("", place.text)


def _by_place(places: Sequence[Place], n: int, cells: Sequence[HandedIn]) -> None:
    """Find an answer in words that has lost its marks: the text that follows the cell before it."""
    before = [number for place in places[:n] for number in place.given]
    placed = {number for place in places for number in place.given}
    number = max(before, default=-1) + 1
    if number < len(cells) and number not in placed and cells[number].kind == "markdown":
        places[n].given = [number]
        places[n].stripped = True


def _by_names(places: Sequence[Place], n: int, cells: Sequence[HandedIn]) -> None:
    """Find an answer that has lost its marks by the names that it defines.

    It may be any code that a student wrote: a cell of its own, or part of another, as where cells
    were joined. A cell of the course's that it was joined with is then taken from the release.
    """
    place = places[n]
    wanted = defined(place.text)
    holders = {number: other for other in places for number in other.given}
    found = [
        number
        for number, one in enumerate(cells)
        if one.kind == "code" and defined(one.source) & wanted and is_tried(place, one)
        if number not in holders or one.source.strip() != holders[number].text
    ]
    place.given = _before_tests(places, n, found, cells)
    place.stripped = bool(place.given)
    for number in place.given:
        holder = holders.get(number)
        if holder and not holder.marks:
            holder.given.remove(number)
