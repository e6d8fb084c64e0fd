"""The `convdims` command as one types it, and what `convdims doctor` finds."""

import shutil
import stat
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from rich.console import Console

from autograder.demo.students import UNIT
from autograder.start_page import doctor
from tests.units.notebooks import ROOT, command


def one_line(done: CompletedProcess[str]) -> str:
    """The single line that a command which failed has to print."""
    assert done.returncode == 1, done.stdout + done.stderr
    printed = done.stdout + done.stderr
    assert "Traceback" not in printed, printed
    (line,) = printed.splitlines()
    return line


def course(folder: Path) -> Path:
    """A course folder with the real settings and no unit."""
    (folder / "source").mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    return folder


@pytest.mark.parametrize(
    "words", [["demo"], ["release"], ["lab"], ["demo", "--into", "x"]], ids=" ".join
)
def test_outside_a_course_each_command_says_so_in_one_line(
    tmp_path: Path, words: list[str]
) -> None:
    line = one_line(command(tmp_path, "convdims", *words))
    assert line == (
        f"no course at or above {tmp_path.resolve()}: a course folder holds nbgrader_config.py "
        "and source/; change into the course folder first"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["demo"], ["lab"]], ids=" ".join)
def test_a_course_without_units_is_told_in_one_line(tmp_path: Path, words: list[str]) -> None:
    folder = course(tmp_path / "convdims")
    assert one_line(command(folder, "convdims", *words))
    assert sorted(path.name for path in folder.iterdir()) == ["nbgrader_config.py", "source"]


def test_a_target_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    folder = course(tmp_path / "convdims")
    (folder / "source" / UNIT).mkdir()
    (folder / "source" / UNIT / f"{UNIT}.ipynb").touch()
    (tmp_path / "file").touch()
    line = one_line(command(folder, "convdims", "demo", "--into", str(tmp_path / "file")))
    assert line.startswith(f"cannot write into {tmp_path / 'file'}")
    assert line.endswith("; choose another folder")


@pytest.mark.slow
def test_a_source_that_nbgrader_refuses_fails_with_its_reason(tmp_path: Path) -> None:
    folder = course(tmp_path / "convdims")
    (folder / "source" / "broken").mkdir()
    (folder / "source" / "broken" / "broken.ipynb").write_text("this is no notebook")
    done = command(folder, "convdims", "release")
    assert done.returncode == 1
    assert "Traceback (most recent call last)" not in done.stderr
    assert "releasing broken failed" in done.stdout + done.stderr


@pytest.mark.slow
def test_release_names_what_it_wrote(tmp_path: Path) -> None:
    folder = course(tmp_path / "convdims")
    shutil.copytree(ROOT / "source" / "07-conv-dims", folder / "source" / "07-conv-dims")
    shutil.copy(ROOT / "source" / "index.ipynb", folder / "source")
    done = command(folder, "convdims", "release")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["release/07-conv-dims", "release/index.ipynb"]
    for name in ("07-conv-dims/07-conv-dims.ipynb", "index.ipynb"):
        file = f"release/{name}"
        assert (folder / file).read_bytes() == (ROOT / file).read_bytes()


def test_an_unknown_command_is_an_error_of_use(tmp_path: Path) -> None:
    done = command(tmp_path, "convdims", "nothing")
    assert done.returncode == 2
    assert "nothing" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_lists_the_commands(tmp_path: Path) -> None:
    said = command(tmp_path, "convdims", "--help").stdout
    for name in ("demo", "release", "lab", "doctor"):
        assert name in said


def test_doctor_runs_anywhere(tmp_path: Path) -> None:
    done = command(tmp_path, "convdims", "doctor")
    assert done.returncode == 0, done.stdout
    assert "nbgrader 0." in done.stdout
    assert list(tmp_path.iterdir()) == []


def examined() -> tuple[bool, str]:
    """Whether the machine is complete, and what the doctor printed."""
    console = Console(file=StringIO(), width=200)
    return doctor.examine(console), console.file.getvalue()  # type: ignore[attr-defined]


def test_doctor_says_what_is_left_out_without_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    complete, said = examined()
    assert complete  # the course itself needs neither
    assert "bubblewrap is missing (apt install bubblewrap): grading refuses to run" in said
    assert "chromium is missing (apt install chromium): the browser tests are skipped" in said


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_doctor_takes_any_chromium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    browser = tmp_path / name
    browser.touch()
    browser.chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert f"chromium: {browser}" in examined()[1]


def test_doctor_says_which_package_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package-of-ours"))
    complete, said = examined()
    assert not complete
    assert "no-such-package-of-ours is missing: pip install no-such-package-of-ours" in said
    assert "numpy 2." in said


def test_a_student_is_told_that_all_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    doctor.check_installation()
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.endswith("agrees with the course's engine. You can begin.\n")


def test_a_student_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package-of-ours"))
    doctor.check_installation()
    said = capsys.readouterr().out
    assert "Run this in a cell: %pip install no-such-package-of-ours\n" in said
    assert "Restart Kernel" in said
    assert "begin" not in said
