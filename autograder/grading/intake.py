"""A notebook that was handed in, put together anew.

The released notebook says which cells there are, in which order, what they are, and what is
tested. From what was handed in come the answer cells, the cells that a student may change, and
the student's own. So a cell that is missing, there twice, moved, split, joined with another,
retyped or without its marks is put right, and nothing else of the file counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat

from autograder.grading.reading import HandedIn

SAID = {
    "found": "Answer cells that had lost their marks were found by the names in them: {}.",
    "missing": "Answer cells that were missing count as not attempted: {}.",
    "repeated": "Answer cells that were there more than once: {}. The last attempt counts.",
    "retyped": "Answer cells of another type were made code or text again: {}.",
    "put-back": "Cells of the course that were missing were put back: {}.",
    "restored": "Cells of the course that were changed are judged as they were released: {}.",
}
"""What is told of a notebook that was put right, with the cells that it is about."""
DEFINES = re.compile(r"^(?:def\s+(\w+)\s*\(|(\w+)\s*(?::[^=\n]+)?=(?!=))", re.MULTILINE)


@dataclass
class Place:
    """A released cell, the cells that were handed in for it, and those that follow it."""

    cell: Any
    handed_in: list[HandedIn] = field(default_factory=list)
    own: list[HandedIn] = field(default_factory=list)

    @property
    def marks(self) -> Any:
        """nbgrader's marks."""
        return self.cell.metadata.get("nbgrader") or {}

    @property
    def is_answer(self) -> bool:
        """Whether the student writes it."""
        return bool(self.marks.get("solution"))

    @property
    def is_fixed(self) -> bool:
        """Whether it is the course's: a test, a task, or a cell that is locked."""
        marks = self.marks
        return not self.is_answer and any(marks.get(mark) for mark in ("grade", "task", "locked"))

    @property
    def name(self) -> str:
        """How it is called."""
        return str(self.marks.get("grade_id") or self.cell.get("id", ""))

    @property
    def defines(self) -> frozenset[str]:
        """The names that its released form asks the student to define."""
        return defined(self.cell.source)


def defined(source: str) -> frozenset[str]:
    """The names that a cell's lines define, as far as its text shows.

    >>> sorted(defined("width = ( ... )\\ndef area(a, b):\\n    c = a * b\\n    return c"))
    ['area', 'width']
    """
    return frozenset(name for found in DEFINES.findall(source) for name in found if name)


def put_together(released: Any, handed_in: Sequence[HandedIn]) -> tuple[Any, list[str]]:
    """The notebook to be graded, made from the released one, and what has to be said about it."""
    places = [Place(cell) for cell in released.cells]
    before = Place(nbformat.v4.new_raw_cell(""))
    own = _match(places, handed_in)
    put_right = [*_found_answers(places, handed_in, own)]
    _keep_own(before, places, handed_in, own)
    notebook = nbformat.from_dict(released)
    cells = [_own(one) for one in before.own]
    for place in places:
        put_right += [(what, place.name) for what in _put_right(place)]
        cells += [*_filled(place), *map(_own, place.own)]
    for number, cell in enumerate(cells):
        if "id" not in cell:
            cell["id"] = f"own-{number}"
    notebook.cells = cells
    return notebook, list(_notes(put_right))


def _notes(put_right: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each kind of thing that was put right."""
    for what, words in SAID.items():
        names = [name for kind, name in put_right if kind == what]
        if names:
            yield words.format(", ".join(names))


def _match(places: list[Place], handed_in: Sequence[HandedIn]) -> list[HandedIn]:
    """Put each cell with the released one that it is: by its mark, its id or its text.

    What is none of them comes back.
    """
    by_mark = {place.name: place for place in places if place.marks}
    by_id = {str(place.cell.get("id")): place for place in places}
    left: list[HandedIn] = []
    for one in handed_in:
        place = by_mark.get(one.grade_id) or by_id.get(one.id)
        if place is None or (place.handed_in and not place.marks):
            left.append(one)
        else:
            place.handed_in.append(one)
    by_text: dict[str, list[Place]] = {}
    for place in places:
        if not place.handed_in:
            by_text.setdefault(place.cell.source.strip(), []).append(place)
    own = []
    for one in left:
        same = by_text.get(one.source.strip())
        if same and one.source.strip():
            same.pop(0).handed_in.append(one)
        else:
            own.append(one)
    return own


def _found_answers(
    places: list[Place], handed_in: Sequence[HandedIn], own: list[HandedIn]
) -> Iterator[tuple[str, str]]:
    """Look for answers that lost their marks by the names that they define.

    They are taken from the student's own cells, and from tests that were changed, as by joining
    cells; what is found leaves `own`.
    """
    changed = [
        one
        for place in places
        if place.is_fixed
        for one in place.handed_in
        if one.source.strip() not in place.cell.source
    ]
    for place in places:
        if not place.is_answer or place.handed_in or place.cell.cell_type != "code":
            continue
        loose = [one for one in handed_in if one in own or one in changed]
        found = [one for one in loose if one.kind == "code" and defined(one.source) & place.defines]
        if found:
            place.handed_in += found
            own[:] = [one for one in own if one not in found]
            yield "found", place.name


def _keep_own(
    before: Place, places: list[Place], handed_in: Sequence[HandedIn], own: list[HandedIn]
) -> None:
    """Put the student's own cells behind the released one that they follow.

    Where cells were moved, so that the next one comes earlier in the release, before that one.
    """
    numbers = {id(one): n for n, place in enumerate(places) for one in place.handed_in}
    following: list[int] = []
    later = len(places)
    for one in reversed(handed_in):
        later = numbers.get(id(one), later)
        following.append(later)
    last = -1
    loose = {id(one) for one in own}
    for one, after in zip(handed_in, reversed(following), strict=True):
        last = numbers.get(id(one), last)
        if id(one) in loose:
            anchor = min(last, after - 1)
            (places[anchor] if anchor >= 0 else before).own.append(one)


def _filled(place: Place) -> list[Any]:
    """A released cell with what was handed in for it, earlier attempts before it."""
    cell = nbformat.from_dict(place.cell)
    if place.is_fixed or not place.handed_in:
        return [cell]
    if not place.is_answer:
        cell.source = place.handed_in[0].source
        return [cell]
    untouched = ("", cell.source.strip())
    tried = [one for one in place.handed_in if one.source.strip() not in untouched]
    if tried:
        cell.source = tried[-1].source
    return [*map(_own, tried[:-1]), cell]


def _put_right(place: Place) -> Iterator[str]:
    """What was wrong with the cells that were handed in for a released one."""
    texts = {one.source.strip() for one in place.handed_in}
    if place.is_fixed:
        if not texts:
            yield "put-back"
        elif texts != {place.cell.source.strip()}:
            yield "restored"
    elif place.is_answer:
        if not texts:
            yield "missing"
        if len(place.handed_in) > 1:
            yield "repeated"
        if any(one.kind != place.cell.cell_type for one in place.handed_in):
            yield "retyped"


def _own(one: HandedIn) -> Any:
    """A cell of the student's own: its kind and its text, and nothing else of it."""
    make: dict[str, Any] = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    cell = make[one.kind](one.source)
    cell.pop("id", None)
    return cell
