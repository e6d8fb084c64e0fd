"""Receipts looked at again: is each as it was signed, and does the judge still say the same?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from autograder.grading import receipts
from autograder.grading.judging import judge
from autograder.grading.kernel_client import failed
from autograder.grading.reading import MOST_BYTES
from autograder.kernels.small_files import regular

CLOSE = 1e-9


@dataclass(frozen=True)
class Verified:
    """A receipt, and what is not as it says: nothing, if all is well."""

    student: str
    unit: str
    notebook: str
    points: float
    differences: tuple[str, ...]


def verify(course: Path, db_url: str, units: tuple[str, ...] = ()) -> Iterator[Verified]:
    """Every receipt of these units, of all if none is named, one after another.

    Each is judged again from what it holds: no student's code runs.
    """
    key = receipts.signing_key(course)
    for file in sorted(course.glob(f"autograded/*/*/*{receipts.SUFFIX}")):
        student, unit = file.parts[-3:-1]
        notebook = file.name.removesuffix(receipts.SUFFIX)
        if units and unit not in units:
            continue
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            genuine = receipts.is_genuine(content, key)
            said = list(_differences(course, db_url, content, (student, unit, notebook)))
            points = sum(one["conclusion"]["points"] or 0 for one in content["exercises"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            genuine, said, points = False, [f"the receipt cannot be read ({error})"], 0.0
        if not genuine:
            said.insert(0, "the receipt is not as it was signed with this course's key")
        yield Verified(student, unit, notebook, points, tuple(said))


def _differences(
    course: Path, db_url: str, content: dict[str, Any], where: tuple[str, str, str]
) -> Iterator[str]:
    student, unit, notebook = where
    if (content["student"], content["unit"], content["notebook"]) != where:
        yield f"it is the receipt of {content['student']}'s {content['unit']}"
    yield from _of_submission(course / "submitted" / student / unit, content["submission"])
    for name, version in receipts.versions().items():
        if content["versions"].get(name) != version:
            yield f"graded with {name} {content['versions'].get(name)}, this is {version}"
    with Gradebook(db_url) as gradebook:
        for one in content["exercises"]:
            try:
                test = gradebook.find_source_cell(one["name"], notebook, unit)
                grade = gradebook.find_grade(one["name"], notebook, unit, student)
            except MissingEntry:
                yield f"{one['name']}: the gradebook knows no such test or grade"
                continue
            stated = one["conclusion"]["points"]
            if not _same(grade.auto_score, stated):
                yield f"{one['name']}: the gradebook has {grade.auto_score}, the receipt {stated}"
            if receipts.sha256(test.source) != one["test_sha256"]:
                yield f"{one['name']}: the test was changed since"
            yield from _of_judge(one, test.source, (student, content["course_key"]))


def _of_submission(folder: Path, stated: dict[str, str]) -> Iterator[str]:
    """Whether the file that was handed in is still the same."""
    if not stated["file"]:
        return
    raw = regular(folder / stated["file"], MOST_BYTES)
    if raw is None:
        yield f"what was handed in is gone ({stated['file']})"
    elif receipts.sha256(raw) != stated["sha256"]:
        yield "what was handed in was changed since"


def _of_judge(one: dict[str, Any], source: str, whose: tuple[str, str]) -> Iterator[str]:
    """Whether the judge, told the same, concludes the same."""
    stated = one["conclusion"]
    if stated["error"] and stated["error"][0] == "NotJudged":
        return
    given = [*one["answers"].values(), *(answer for _, answer in one["calls"])]
    if not all(isinstance(answer, str) for answer in given):
        return  # too large to be kept: only its hash is there
    answers = dict(one["calls"])
    unasked = failed("LookupError", "this was not asked when it was graded")
    again = judge().judge(
        {"source": source, "points": one["max_points"]},
        one["answers"],
        lambda asked: answers.get(asked, unasked),
        whose,
    )
    if not _same(again.points, stated["points"]):
        yield f"{one['name']}: judged again it earns {again.points}, the receipt says " + str(
            stated["points"]
        )
    elif again.judgements != stated["judgements"]:
        yield f"{one['name']}: judged again it is told otherwise"


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < CLOSE
