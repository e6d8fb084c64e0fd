"""Who the student is, and which key the course has: in a notebook, on a hub, and when graded."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder import NotAttempted, check
from autograder.personal.identity import (
    COURSE_KEY,
    DEFAULT_KEY,
    KEY_FILE,
    NAME_FILE,
    STUDENT,
    Identity,
    acting_as,
    current_identity,
    introduce,
    plain_name,
    whoami,
)
from autograder.personal.templates import CONV_VALID
from autograder.personal.variants import fits_other, variant
from course.errors import CourseError, SpecError
from tests.units.notebooks import command, course_copy, printed


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer on which nobody has given a name, in a folder without a key."""
    for name in ("JUPYTERHUB_USER", "NBGRADER_EXECUTION", STUDENT, COURSE_KEY):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def saved(tmp_path: Path) -> Iterator[Path]:
    """The file that holds the name, its folder made."""
    (tmp_path / "config").mkdir()
    return tmp_path / "config" / NAME_FILE


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch) -> None:
    """nbgrader runs a submission of Ada's in the course whose key is 'autumn'."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setenv(STUDENT, "Ada")
    monkeypatch.setenv(COURSE_KEY, "autumn")


def user_is(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The system's user has this name, as on a hub that gives each student an account."""
    entry = pwd.struct_passwd((name, "x", os.getuid(), 0, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: entry)


# Names --------------------------------------------------------------------------------------------


def test_at_first_nobody_is_known() -> None:
    assert whoami() is None
    assert variant(CONV_VALID).student is None
    assert variant(CONV_VALID).task == variant(CONV_VALID, "").task


def test_a_name_is_given_once_and_replaced_by_another(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    introduce("  Ada ")
    assert capsys.readouterr().out.startswith("Hello ada. ")
    assert whoami() == "ada"
    assert variant(CONV_VALID) == variant(CONV_VALID, "ada")
    assert saved.read_text(encoding="utf-8") == "ada\n"
    introduce("Bo")
    assert whoami() == "bo"


def test_the_folder_for_the_name_is_made(tmp_path: Path) -> None:
    assert not (tmp_path / "config").exists()
    introduce("ada")
    assert whoami() == "ada"


def test_the_hub_knows_better_than_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    introduce("ada")
    user_is(monkeypatch, "jovyan")
    monkeypatch.setenv("JUPYTERHUB_USER", " Bo ")
    assert whoami() == "bo"
    capsys.readouterr()
    introduce("cleo")
    said = capsys.readouterr().out
    assert said == "Your name is known here: bo. There is nothing to be done.\n"
    monkeypatch.setenv("JUPYTERHUB_USER", " ")
    assert whoami() == "ada"


def test_on_a_hub_with_accounts_the_account_hands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """As nbgrader's exchange does, which knows nobody's name on the hub."""
    from nbgrader.utils import get_username

    monkeypatch.setenv("JUPYTERHUB_USER", "Bo")
    for user in ("jupyter-bo", "jovyan"):
        user_is(monkeypatch, user)
        assert whoami() == plain_name(get_username())


def test_a_grader_hands_over_whose_notebook_it_is(
    graded: None, monkeypatch: pytest.MonkeyPatch, saved: Path, tmp_path: Path
) -> None:
    saved.write_text("mallory\n", encoding="utf-8")
    monkeypatch.setenv("JUPYTERHUB_USER", "instructor")
    (tmp_path / "work" / KEY_FILE).write_text("what I like", encoding="utf-8")
    assert current_identity() == Identity("ada", "autumn")
    assert variant(CONV_VALID).student == "ada"
    introduce("cleo")
    assert saved.read_text(encoding="utf-8") == "mallory\n"


@pytest.mark.parametrize("missing", [STUDENT, COURSE_KEY])
@pytest.mark.parametrize("held", [None, "", " "])
def test_grading_without_an_identity_is_a_loud_error(
    graded: None, monkeypatch: pytest.MonkeyPatch, missing: str, held: str | None
) -> None:
    introduce("ada")
    if held is None:
        monkeypatch.delenv(missing)
    else:
        monkeypatch.setenv(missing, held)
    for ask in (whoami, current_identity, lambda: variant(CONV_VALID)):
        with pytest.raises(CourseError, match="nobody has said whose notebook is graded"):
            ask()


def test_no_folder_says_whose_notebook_is_graded(
    graded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "autograded" / "bo" / "07-conv-dims"
    elsewhere.mkdir(parents=True)
    (elsewhere / KEY_FILE).write_text("spring", encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    assert current_identity() == Identity("ada", "autumn")


def test_validating_is_not_grading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert whoami() is None
    introduce("bo")
    assert whoami() == "bo"


def test_an_identity_handed_over_in_the_process_comes_first(graded: None) -> None:
    with acting_as(Identity("bo", "spring")):
        assert current_identity() == Identity("bo", "spring")
        with acting_as(Identity("cleo")):
            assert whoami() == "cleo"
        assert whoami() == "bo"
    assert whoami() == "ada"


def test_numbers_that_are_nobodys_count_nothing() -> None:
    """Neither right nor wrong: whoever has no name sees numbers that are not graded."""
    question = variant(CONV_VALID).question("param_count")
    right = question.expected()
    for answer in (right, right + 1):
        with pytest.raises(NotAttempted, match=r"nothing counts here yet.*introduce"):
            check(answer, question)
    introduce("ada")
    own = variant(CONV_VALID).question("param_count")
    assert "Right" in str(check(own.expected(), own))


def test_the_solutions_plain_numbers_count_where_they_are_handed_over() -> None:
    with acting_as(Identity("")):
        question = variant(CONV_VALID).question("param_count")
        assert "Right" in str(check(question.expected(), question))
    assert variant(CONV_VALID).questions == variant(CONV_VALID, "").questions


@pytest.mark.parametrize(
    "name",
    ["ada", "ada.lovelace", "a_b-c", "ada@example.org", "Ada Lovelace", "2468", "Žofie", "陳"],
)
def test_names_that_people_hand_in_under(name: str) -> None:
    introduce(name)
    assert whoami() == plain_name(name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "''"),
        ("  ", "'  '"),
        ("...", "'...'"),
        ("../bo", "'../bo'"),
        ("ada+bo", "'ada+bo'"),
        ("<b>ada</b>", "'<b>ada</b>'"),
        ("ada\0", "'ada\\x00'"),
        ("a" * 65, "'aaaaaaaaaaaa...aaaaaaaaaaaaa'"),
        (..., "something of type ellipsis"),
        (None, "None"),
        (7, "7"),
        (b"ada", "something of type bytes"),
    ],
)
def test_what_is_no_name_is_refused_and_the_old_one_stays(name: Any, shown: str) -> None:
    introduce("ada")
    with pytest.raises(SpecError) as caught:
        introduce(name)
    assert str(caught.value).endswith(
        f"{shown} is no name; give a name of at most 64 letters, digits, spaces and . _ @ -, a "
        "letter or digit first, such as introduce('ada')"
    )
    assert whoami() == "ada"


@pytest.mark.parametrize(
    "held", [b"", b"\n", b"\xff\xfe\x00", b"../bo\n", b"a" * 5000, b"<script>\nada\n"]
)
def test_a_spoilt_file_is_reported_and_is_no_name(
    saved: Path, held: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    saved.write_bytes(held)
    assert whoami() is None
    said = capsys.readouterr()
    assert said.out == f"There is no name in {saved}. Run introduce with your name again.\n"
    assert said.err == "", "nbgrader scores a test cell 0 that writes to stderr"
    introduce("ada")
    assert whoami() == "ada"


def test_a_folder_in_the_place_of_the_file_is_reported(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved.mkdir()
    assert whoami() is None
    assert "There is no name in" in capsys.readouterr().out
    with pytest.raises(CourseError) as caught:
        introduce("ada")
    assert caught.value.problem == f"your name cannot be saved in {saved}: Is a directory"


@pytest.mark.parametrize(
    ("one", "other"), [("ada", "ADA"), ("ada", " ada\n"), ("straße", "STRASSE"), ("é", "e\u0301")]
)
def test_names_that_look_alike_are_the_same(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "ad a"), ("ada", "adá"), ("a1", "a2")])
def test_other_names_are_others(one: str, other: str) -> None:
    assert plain_name(one) != plain_name(other)


# The course's key ---------------------------------------------------------------------------------


def test_every_course_has_a_key() -> None:
    assert current_identity().course_key == DEFAULT_KEY


def test_the_nearest_key_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / "release" / "07-conv-dims"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    (tmp_path / KEY_FILE).write_text("  spring 2031\nwhat follows is no part of it\n", "utf-8")
    assert current_identity().course_key == "spring 2031"
    (deep / KEY_FILE).write_text("autumn 2031", encoding="utf-8")
    assert current_identity().course_key == "autumn 2031"
    monkeypatch.setenv("CONVDIMS_COURSE_KEY", "from the hub")
    assert current_identity().course_key == "from the hub"
    monkeypatch.setenv("CONVDIMS_COURSE_KEY", " ")
    assert current_identity().course_key == "autumn 2031"


@pytest.mark.parametrize("held", [b"", b"\xff\xfe", b"\n\n"])
def test_a_file_without_a_key_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bytes
) -> None:
    (tmp_path / KEY_FILE).write_text("spring 2031", encoding="utf-8")
    (tmp_path / "work" / KEY_FILE).write_bytes(held)
    assert current_identity().course_key == "spring 2031"


# In a real run of nbgrader ------------------------------------------------------------------------

ANSWER = "shape = ..."
SEEN = "mine"
TEST = """\
from autograder.checks.numbers import check
from autograder.personal.templates import CONV_VALID
from autograder.personal.variants import variant

check(shape, variant(CONV_VALID).question("output_shape"))"""
SETUP = """\
from autograder.personal.identity import introduce
from autograder.personal.templates import CONV_VALID
from autograder.personal.variants import variant
from course.keras_bridge import keras

introduce("mallory")
mine = variant(CONV_VALID)"""


def personal_unit() -> Any:
    """A unit of one exercise, worth a point, of which every student has a variant."""
    from nbformat import v4

    marks = {"schema_version": 3, "task": False}
    answer = {**marks, "grade_id": "answer", "grade": False, "solution": True, "locked": False}
    test = {**marks, "grade_id": "test", "grade": True, "solution": False, "locked": True}
    cells = [
        v4.new_code_cell(SETUP),
        v4.new_code_cell(SEEN),
        v4.new_code_cell(ANSWER, metadata={"nbgrader": answer}),
        v4.new_code_cell(TEST, metadata={"nbgrader": {**test, "points": 1}}),
    ]
    for name, cell in zip(("setup", "seen", "answer", "test"), cells, strict=True):
        cell.id = name
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


@pytest.mark.slow
def test_nbgrader_grades_each_student_on_the_numbers_of_their_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: Path
) -> None:
    """Whatever name and key the notebook and the grader's own computer hold."""
    folder = course_copy(tmp_path / "convdims")
    (folder / "source" / "unit").mkdir()
    nbformat.write(personal_unit(), folder / "source" / "unit" / "unit.ipynb")
    (folder / "source" / "unit" / KEY_FILE).write_text("of the course", encoding="utf-8")
    assert command(folder, "nbgrader", "generate_assignment", "unit").returncode == 0
    assert (folder / "release" / "unit" / KEY_FILE).read_text("utf-8") == "of the course"

    monkeypatch.setenv("CONVDIMS_COURSE_KEY", "of the course")
    shapes = {
        name: variant(CONV_VALID, name).question("output_shape").expected()
        for name in ("Ada", "bo", "")
    }
    monkeypatch.delenv("CONVDIMS_COURSE_KEY")
    handed_in = {"Ada": shapes["Ada"], "bo": shapes["Ada"], "cleo": shapes[""]}
    for name, shape in handed_in.items():
        home = folder / "submitted" / name / "unit"
        home.mkdir(parents=True)
        notebook = nbformat.read(folder / "release" / "unit" / "unit.ipynb", as_version=4)
        notebook.cells[2].source = f"shape = {shape}"
        nbformat.write(notebook, home / "unit.ipynb")
        (home / KEY_FILE).write_text("what I like", encoding="utf-8")

    saved.write_text("instructor\n", encoding="utf-8")
    monkeypatch.setenv("JUPYTERHUB_USER", "instructor")
    done = command(folder, "nbgrader", "autograde", "unit")
    assert done.returncode == 0, done.stderr
    done = command(folder, "nbgrader", "export", "--to=all.csv")
    assert done.returncode == 0, done.stderr
    rows = (folder / "all.csv").read_text(encoding="utf-8").splitlines()
    columns = rows[0].split(",")
    scores = {
        row["student_id"]: float(row["score"])
        for row in (dict(zip(columns, line.split(","), strict=True)) for line in rows[1:])
    }
    assert scores == {"Ada": 1, "bo": 0, "cleo": 0}
    assert saved.read_text(encoding="utf-8") == "instructor\n"

    monkeypatch.setenv("CONVDIMS_COURSE_KEY", "of the course")
    for name in handed_in:
        graded = nbformat.read(folder / "autograded" / name / "unit" / "unit.ipynb", as_version=4)
        shown = graded.cells[1].outputs[0].data["text/html"]
        assert shown == variant(CONV_VALID, name)._repr_html_()
        assert printed(graded.cells[3], "stderr") == ""
    assert fits_other(handed_in["bo"], CONV_VALID, "output_shape", ["ada", "cleo"]) == ("ada",)
    assert fits_other(handed_in["cleo"], CONV_VALID, "output_shape", ["", "ada"]) == ("",)


def test_names_of_an_identity_are_plain() -> None:
    assert Identity(" Ada ") == Identity("ada")
    assert Identity(None).student is None


def test_a_hub_without_an_account_for_its_user_says_the_name_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(uid: int) -> None:
        raise KeyError(f"uid not found: {uid}")

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setenv("JUPYTERHUB_USER", "Bo")
    assert whoami() == "bo"
