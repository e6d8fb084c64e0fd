"""Who imports whom inside autograder; docs/architecture.md draws this."""

import pytest

from tests.course.test_imports import arrows

LOWEST = {"verdicts"}
READ = LOWEST | {"answers"}
ASKED = READ | {"questions"}
EXPLAINED = ASKED | {"misconceptions"}
ALLOWED: dict[str, set[str]] = {
    "verdicts": set(),
    "judge": LOWEST,
    "answers": LOWEST,
    "questions": READ,
    "references": LOWEST | {"judge", "questions"},
    "misconceptions": ASKED,
    "checks": EXPLAINED | {"judge", "references"},
    "personal": EXPLAINED | {"judge"},
    "hints": {"questions"},
    "practice": EXPLAINED | {"hints", "personal"},
    "exercises": {"judge", "questions"},
    "rehearsal": {"checks", "exercises", "misconceptions", "personal", "questions", "verdicts"},
    "kernels": {"answers", "checks"},
    "grading": {"answers", "checks", "exercises", "judge", "kernels", "personal", "verdicts"},
    "start_page": {"questions", "references"},
    "demo": {"grading", "personal", "rehearsal"},
    "cli": {"demo", "grading", "rehearsal", "start_page"},
    "__init__": {
        "checks",
        "hints",
        "misconceptions",
        "personal",
        "practice",
        "questions",
        "start_page",
        "verdicts",
    },
}
"""For each room of autograder, the rooms that it may import."""


def room(name: str) -> str:
    """The room that a module, or a name imported from autograder, lies in."""
    head = (name.split(".")[1:] or ["__init__"])[0]
    return head if head in ALLOWED else "__init__"


def found() -> set[tuple[str, str]]:
    """The arrows between rooms."""
    own = ((module, name) for module, name in arrows("autograder") if name.startswith("autograder"))
    return {(room(module), room(name)) for module, name in own if room(module) != room(name)}


def faults(drawn: set[tuple[str, str]]) -> list[str]:
    """The arrows that are not allowed."""
    wrong = [(one, other) for one, other in drawn if other not in ALLOWED[one]]
    return sorted(f"{one} may not import {other}" for one, other in wrong)


def test_no_room_imports_what_it_may_not() -> None:
    assert faults(found()) == []


def test_no_arrow_is_allowed_that_is_not_there() -> None:
    """An arrow that is gone is taken out of the list, which else would hide its return."""
    assert {(one, other) for one in ALLOWED for other in ALLOWED[one]} == found()


def test_no_arrow_climbs() -> None:
    """The rooms stand in an order in which each imports only those above it in the list."""
    order = list(ALLOWED)
    assert [pair for pair in found() if order.index(pair[1]) > order.index(pair[0])] == []


@pytest.mark.parametrize("arrow", [("verdicts", "checks"), ("misconceptions", "references")])
def test_a_wrong_arrow_is_seen(arrow: tuple[str, str]) -> None:
    assert faults({arrow}) == [f"{arrow[0]} may not import {arrow[1]}"]
