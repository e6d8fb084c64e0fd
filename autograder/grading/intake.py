"""A notebook that was handed in, put together anew.

The released notebook says which cells there are, in which order, what they are, and what is
tested. From what was handed in come the answer cells, the cells that a student may change, and
the student's own. So a cell that is missing, there twice, moved, split, joined with another,
retyped or without its marks is put right, and nothing else of the file counts.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import nbformat

from autograder.grading.matching import Place, is_tried, match, worked_in
from autograder.grading.reading import HandedIn

SAID = {
    "found": "Answer cells that had lost their marks were found by what is in them: {}.",
    "missing": "Answer cells that were missing count as not attempted: {}.",
    "repeated": "Answer cells that were there more than once: {}. The last attempt before the "
    "tests counts.",
    "retyped": "Answer cells of another type were made code or text again: {}.",
    "put-back": "Cells of the course that were missing were put back: {}.",
    "restored": "Cells of the course that were changed are judged as they were released: {}.",
}
"""What is told of a notebook that was put right, with the cells that it is about."""


def put_together(released: Any, cells: Sequence[HandedIn]) -> tuple[Any, list[str]]:
    """The notebook to be graded, made from the released one, and what has to be said about it."""
    places = [Place(cell) for cell in released.cells]
    marked = [_with_mark(place, cells) for place in places]
    match(places, cells)
    own = _own_cells(places, cells)
    made = list(own[-1])
    for n, place in enumerate(places):
        made += [*_filled(place, cells), *own[n]]
    for number, cell in enumerate(made):
        if "id" not in cell:
            cell["id"] = f"own-{number}"
    notebook = nbformat.from_dict(released)
    notebook.cells = made
    put_right = [
        (what, place.name)
        for place, copies in zip(places, marked, strict=True)
        for what in _put_right(place, cells, copies)
    ]
    return notebook, [*_notes(put_right), *_moved(places)]


def _moved(places: Sequence[Place]) -> Iterator[str]:
    """Whether exercises were handed in in another order."""
    answers = [place.given[-1] for place in places if place.is_answer and place.given]
    if answers != sorted(answers):
        yield "Exercises were in another order; they are judged in the order of the release."


def _with_mark(place: Place, cells: Sequence[HandedIn]) -> int:
    """How many of the cells bear the mark of a released one."""
    return sum(1 for one in cells if place.marks and one.grade_id == place.name)


def _notes(put_right: Sequence[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each kind of thing that was put right."""
    for what, words in SAID.items():
        names = [name for kind, name in put_right if kind == what]
        if names:
            yield words.format(", ".join(names))


def _own_cells(places: Sequence[Place], cells: Sequence[HandedIn]) -> dict[int, list[Any]]:
    """The student's own cells, by the number of the released one that they follow; -1 is none.

    Where cells were moved, so that the next one comes earlier in the release, they follow the one
    before that.
    """
    numbers = {number: n for n, place in enumerate(places) for number in place.given}
    after, later = [], len(places)
    for number in reversed(range(len(cells))):
        later = numbers.get(number, later)
        after.append(later)
    found: dict[int, list[Any]] = {n: [] for n in range(-1, len(places))}
    last = -1
    for number, following in zip(range(len(cells)), reversed(after), strict=True):
        last = numbers.get(number, last)
        if number not in numbers and not _is_stub(places, cells[number]):
            found[min(last, following - 1)].append(own_cell(cells[number]))
    return found


def _is_stub(places: Sequence[Place], one: HandedIn) -> bool:
    """Whether it is a copy of an answer cell that nobody wrote in."""
    return one.kind == "code" and any(
        place.is_answer and place.text == one.source.strip() for place in places
    )


def _filled(place: Place, cells: Sequence[HandedIn]) -> list[Any]:
    """A released cell with what was handed in for it, earlier attempts before it."""
    cell = nbformat.from_dict(place.cell)
    if place.is_fixed:
        code = place.cell.cell_type == "code"
        written = [worked_in(place, cells[number]) for number in place.given if code]
        return [*(own_cell(HandedIn("code", text)) for text in written if text), cell]
    if not place.given:
        return [cell]
    if not place.is_answer:
        return [_write(cell, cells[place.given[0]])]
    tried = [cells[number] for number in place.given if is_tried(place, cells[number])]
    if not tried:
        return [cell]
    *earlier, last = _joined(tried)
    return [*map(own_cell, earlier), _write(cell, last)]


def _write(cell: Any, one: HandedIn) -> Any:
    """A cell with a student's text in it, and the pictures that it shows."""
    cell.source = one.source
    if one.pictures and cell.cell_type == "markdown":
        cell.attachments = {name: {kind: held} for name, kind, held in one.pictures}
    return cell


def _joined(tried: Sequence[HandedIn]) -> list[HandedIn]:
    """Attempts of which two that are no Python are one that is, where a cell was split."""
    for n, (one, other) in enumerate(pairwise(tried)):
        both = f"{one.source}\n{other.source}"
        broken = not (_is_python(one.source) and _is_python(other.source))
        if broken and _is_python(both):
            return _joined([*tried[:n], HandedIn(one.kind, both), *tried[n + 2 :]])
    return list(tried)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _put_right(place: Place, cells: Sequence[HandedIn], copies: int) -> Iterator[str]:
    """What was wrong with the cells that were handed in for a released one."""
    given = [cells[number] for number in place.given]
    if place.is_fixed:
        if not given:
            yield "put-back"
        elif any(one.source.strip() != place.text for one in given):
            yield "restored"
    elif place.is_answer:
        if not given:
            yield "missing"
        if place.stripped:
            yield "found"
        if max(copies, len(given)) > 1:
            yield "repeated"
        if any(one.kind != place.cell.cell_type for one in given):
            yield "retyped"


def own_cell(one: HandedIn) -> Any:
    """A cell of the student's own: its kind and its text, and nothing else of it."""
    make: dict[str, Any] = {
        "code": nbformat.v4.new_code_cell,
        "markdown": nbformat.v4.new_markdown_cell,
        "raw": nbformat.v4.new_raw_cell,
    }
    cell = _write(make[one.kind](""), one)
    cell.pop("id", None)
    return cell
