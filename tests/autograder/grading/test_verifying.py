"""Grades, their receipts, and what is said when something was changed since: a class of three."""

import json
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.grading.receipts import KEY_FILE, is_genuine, signing_key
from autograder.kernels.sandbox import why_not
from tests.autograder.grading.classroom import (
    NONE_RIGHT,
    POINTS,
    TESTS,
    UNIT,
    Graded,
    Handing,
    Student,
    graded,
    new_course,
)
from tests.units.notebooks import command

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


def stops(handing: Handing) -> None:
    handing.answer("ex3-answer", "import os\n\nos._exit(1)")


def has_no_answer_for_a_question(handing: Handing) -> None:
    handing.answer(
        "ex2-answer", "def conv_params(filters, kernel_size, depth):\n    return filters"
    )


CLASS = (
    Student("ada", "everything right"),
    Student("bo", "a wrong function", has_no_answer_for_a_question, frozenset({"ex2-test"})),
    Student("eli", "ends the kernel", stops, NONE_RIGHT),
)


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The class, graded once."""
    return graded(new_course(tmp_path_factory.mktemp("verifying") / "convdims"), CLASS)


def test_all_are_graded(school: Graded) -> None:
    assert school.returncode == 0, school.printed
    totals = {name: sum(points.values()) for name, points in school.points.items()}
    assert totals == {"ada": POINTS, "bo": POINTS - 2, "eli": 4}


def test_a_receipt_says_what_was_judged_and_how(school: Graded) -> None:
    receipt = school.receipt("ada")
    assert receipt["sandboxed"] is True
    assert receipt["limits"]["memory"] == 4096
    assert receipt["limits"]["cell_seconds"] == 120
    assert receipt["course_key"] == "convdims"
    assert set(receipt["versions"]) >= {"convdims", "nbgrader", "keras"}
    exercises = {one["name"]: one for one in receipt["exercises"]}
    assert list(exercises) == list(TESTS)
    assert exercises["ex1-test"]["answers"] == {
        "width": '["int", "0x40"]',
        "params": '["int", "0x380"]',
    }
    assert len(exercises["ex2-graded"]["calls"]) == 19
    (judgement,) = exercises["ex5-test"]["conclusion"]["judgements"]
    assert judgement["outcome"] == "right"
    assert is_genuine(receipt, signing_key(school.folder))


def test_the_key_is_private_and_made_once(school: Graded) -> None:
    file = school.folder / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signing_key(school.folder) == signing_key(school.folder)


def test_who_ended_the_kernel_keeps_what_was_judged(school: Graded) -> None:
    assert {name for name, points in school.points["eli"].items() if points} == {
        "ex1-test",
        "ex1-graded",
        "ex2-test",
        "ex2-graded",
    }
    receipt = school.receipt("eli")
    assert receipt["ended"] == "its code ended the kernel"
    (note,) = school.notebook("eli").metadata.convdims.notes
    assert note == (
        "The notebook's kernel ended in the cell ex3-answer: its code ended the kernel. Not judged "
        "after that: ex3-test, ex3-graded, ex4-test, ex4-graded, ex5-test."
    )
    later = next(cell for cell in school.notebook("eli").cells if cell.id == "ex4-test")
    assert "could not be judged any more" in later.outputs[0].evalue


def test_every_receipt_is_verified(school: Graded) -> None:
    done = command(school.folder, "convdims", "verify")
    assert done.returncode == 0, done.stdout
    assert "3 receipts, 3 of them as they say." in done.stdout


def change_receipt(course: Path, change: Callable[[Any], None]) -> None:
    """Change bo's receipt."""
    file = course / "autograded" / "bo" / UNIT / f"{UNIT}.receipt.json"
    file.chmod(0o644)
    receipt = json.loads(file.read_text(encoding="utf-8"))
    change(receipt)
    file.write_text(json.dumps(receipt), encoding="utf-8")


def give_points(course: Path) -> None:
    def change(receipt: Any) -> None:
        receipt["exercises"][2]["conclusion"]["points"] = 1.0

    change_receipt(course, change)


def give_answers(course: Path) -> None:
    def change(receipt: Any) -> None:
        for call in receipt["exercises"][2]["calls"]:
            call[1] = '["value", ["int", "0x50"]]'

    change_receipt(course, change)


def take_it_from_another(course: Path) -> None:
    file = course / "autograded" / "ada" / UNIT / f"{UNIT}.receipt.json"
    other = course / "autograded" / "bo" / UNIT / f"{UNIT}.receipt.json"
    other.chmod(0o644)
    shutil.copyfile(file, other)


def break_it(course: Path) -> None:
    file = course / "autograded" / "bo" / UNIT / f"{UNIT}.receipt.json"
    file.chmod(0o644)
    file.write_text("[]", encoding="utf-8")


def change_the_gradebook(course: Path) -> None:
    book = sqlite3.connect(course / "gradebook.db")
    book.execute("UPDATE grade SET auto_score = 1 WHERE auto_score = 0")
    book.commit()
    book.close()


def change_the_submission(course: Path) -> None:
    file = course / "submitted" / "bo" / UNIT / f"{UNIT}.ipynb"
    file.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")


def lose_the_submission(course: Path) -> None:
    (course / "submitted" / "bo" / UNIT / f"{UNIT}.ipynb").unlink()


def change_a_test(course: Path) -> None:
    book = sqlite3.connect(course / "gradebook.db")
    book.execute("UPDATE source_cell SET source = source || '\n# new' WHERE name = 'ex1-test'")
    book.commit()
    book.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (give_points, "the receipt is not as it was signed with this course's key"),
        (give_points, "ex2-test: judged again it earns 0.0, the receipt says 1.0"),
        (give_answers, "ex2-test: judged again it is told otherwise"),
        (take_it_from_another, "it is the receipt of ada's graded"),
        (break_it, "the receipt cannot be read"),
        (change_the_gradebook, "ex2-test: the gradebook has 1.0, the receipt 0.0"),
        (change_the_submission, "what was handed in was changed since"),
        (lose_the_submission, "what was handed in is gone (graded.ipynb)"),
        (change_a_test, "ex1-test: the test was changed since"),
    ],
)
def test_what_was_changed_is_said(
    school: Graded, tmp_path: Path, change: Callable[[Path], None], said: str
) -> None:
    course = tmp_path / "course"
    shutil.copytree(school.folder, course)
    change(course)
    done = command(course, "convdims", "verify")
    assert done.returncode == 1
    assert said in " ".join(done.stdout.split())
