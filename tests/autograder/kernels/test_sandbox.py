"""What a sandbox sees, may do, and is counted for; a real one is started."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.kernels import sandbox
from autograder.kernels.refused_calls import REFUSED, refused_calls
from autograder.kernels.sandbox import SCRATCH, Limits, MiB, command, why_not
from autograder.kernels.small_files import MOST_BYTES, MOST_FILES, copy_small_files, regular
from autograder.kernels.watching import Watch, memory, processes

needs_sandbox = pytest.mark.skipif(bool(why_not()), reason=why_not())


@pytest.fixture
def place(tmp_path: Path) -> SimpleNamespace:
    """A course folder to be hidden, files that are given, and where a kernel would listen."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "gradebook.db").write_text("secret")
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "data.csv").write_text("1,2")
    (tmp_path / "connection.json").write_text("{}")
    return SimpleNamespace(
        hidden=tmp_path / "course",
        given=tmp_path / "given",
        connection=tmp_path / "connection.json",
    )


def started(place: Any, *argv: str) -> "subprocess.Popen[str]":
    """A command that runs in a sandbox, the number of its first process in `first`."""
    read_end, write_end = os.pipe()
    words = command(
        argv,
        hidden=place.hidden,
        given=place.given,
        connection=place.connection,
        limits=Limits(scratch=64),
        environment={"CONVDIMS_STUDENT": "ada"},
        info=write_end,
    )
    process = subprocess.Popen(
        words, pass_fds=[write_end], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    os.close(write_end)
    with os.fdopen(read_end) as told:
        first = told.read().partition('"child-pid":')[2].partition(",")[0]
    process.first = int(first)  # type: ignore[attr-defined]
    return process


def said(place: Any, script: str) -> str:
    """What a shell script prints in a sandbox."""
    with started(place, "sh", "-c", script) as process:
        assert process.stdout is not None
        return process.stdout.read()


@needs_sandbox
def test_it_sees_the_packages_and_the_given_files_and_nothing_else(place: Any) -> None:
    import course

    packages = Path(course.__file__ or "").parent.parent
    assert {"autograder", "course"} <= set(said(place, f"ls -A {packages}").split())
    assert "tests" not in said(place, f"ls -A {packages}")
    assert said(place, "cat /run/given/data.csv") == "1,2"
    assert "No such file" in said(place, f"cat {place.hidden}/gradebook.db")
    assert said(place, "ls -A ~ /home 2>/dev/null; ls /etc/shadow 2>&1").count("No such") == 1


@needs_sandbox
def test_a_course_folder_within_a_folder_that_it_sees_is_hidden(place: Any) -> None:
    place.hidden = Path("/usr/share")
    assert said(place, "ls -A /usr/share") == ""


@needs_sandbox
def test_packages_that_lie_in_the_machines_tmp_are_seen(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with TemporaryDirectory(dir=SCRATCH) as packages:
        Path(packages, "module.py").write_text("")
        monkeypatch.setattr(sandbox, "_python", lambda: [Path(packages)])
        assert said(place, f"ls {packages}") == "module.py\n"
        assert "Read-only" in said(place, f"touch {packages}/x")


@needs_sandbox
def test_it_writes_in_its_scratch_folder_alone(place: Any) -> None:
    script = "for f in / /usr /etc /dev /run /proc/sys/kernel /run/given; do touch $f/x; done 2>&1"
    assert len(said(place, script).splitlines()) == 7
    assert said(place, "touch /tmp/x /dev/shm/x && echo done") == "done\n"
    assert "No space left" in said(place, "head -c 100000000 /dev/zero > /tmp/big")
    kernel = "echo 1 > /proc/sys/kernel/printk"
    assert "Read-only" in said(place, kernel) or "denied" in said(place, kernel)


@needs_sandbox
def test_its_environment_and_its_processes_are_its_own(
    place: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "secret")
    environment = said(place, "env")
    assert "SECRET" not in environment
    assert "CONVDIMS_STUDENT=ada" in environment
    assert len(said(place, "ls -d /proc/[0-9]*").split()) <= 4
    assert said(place, "cat /proc/net/dev").count(":") == 1
    assert "0000000000000000" in said(place, "grep CapEff /proc/self/status")


def test_where_there_is_no_bubblewrap_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    why_not.cache_clear()
    try:
        assert why_not().startswith("bubblewrap is not installed")
        monkeypatch.setattr(sandbox.sys, "platform", "darwin")
        why_not.cache_clear()
        assert why_not() == "there is no sandbox on darwin, only on Linux"
    finally:
        monkeypatch.undo()
        why_not.cache_clear()


def test_the_refused_calls_are_told_for_this_machine() -> None:
    import platform

    program = refused_calls()
    assert bool(program) == (platform.machine() in REFUSED)
    assert len(program) % 8 == 0


USERS = {
    "memory": "kept = bytearray(200 << 20)",
    "files": f"open('{SCRATCH}/x', 'wb').write(bytes(50 << 20))",
    "shared": "import mmap; kept = mmap.mmap(-1, 200 << 20)",
    "children": "import subprocess; kept = [subprocess.Popen(['sleep', '60']) for _ in range(9)]",
}


@pytest.fixture
def idle(place: Any) -> Iterator[Any]:
    """Starts a Python in a sandbox that runs a line and waits; ends it."""
    running = []

    def start(line: str) -> int:
        script = f"{line}\nprint('ready', flush=True)\nimport time; time.sleep(60)"
        process = started(place, sys.executable, "-c", script)
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return int(process.first)  # type: ignore[attr-defined]

    yield start
    for process in running:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@needs_sandbox
@pytest.mark.parametrize("kind", USERS)
def test_what_all_of_it_uses_is_added_up(idle: Any, kind: str) -> None:
    least = {"memory": 200, "files": 50, "shared": 200, "children": 0}[kind]
    family = processes(idle(USERS[kind]))
    assert len(family) == (11 if kind == "children" else 2)
    for most in (10**12, 0):  # roughly, and exactly
        assert least * MiB <= memory(family, most) < (least + 100) * MiB


@needs_sandbox
@pytest.mark.parametrize(
    ("limits", "kind", "reason"),
    [
        (Limits(memory=100), "memory", "it took more than 100 MiB of memory"),
        (Limits(memory=40), "files", "it took more than 40 MiB of memory"),
        (Limits(processes=5), "children", "it started more than 5 processes"),
        (Limits(), "memory", ""),
    ],
)
def test_what_is_over_its_limits_is_ended(
    idle: Any, limits: Limits, kind: str, reason: str
) -> None:
    ended: list[bool] = []
    watch = Watch(idle(USERS[kind]), limits, lambda: ended.append(True))
    watch.start()
    watch.join(0.7 if not reason else 10)
    watch.stop()
    assert watch.reason == reason
    assert bool(ended) == bool(reason)


def test_only_regular_files_are_read_and_nothing_waits(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    (tmp_path / "link").symlink_to(file)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    began = time.monotonic()
    assert regular(file, 10) == b"text"
    for name in ("link", "pipe", "folder", "nothing"):
        assert regular(tmp_path / name, 10) is None
    assert regular(file, 3) is None
    assert time.monotonic() - began < 5


def test_files_are_copied_as_long_as_they_are_few_and_small(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "inner").mkdir(parents=True)
    target.mkdir()
    for number in range(MOST_FILES + 50):
        (source / f"data-{number:03}.csv").write_text("1")
    (source / "inner" / "z.py").write_text("x = 1")
    (source / "notebook.ipynb").write_text("{}")
    (source / "link").symlink_to("/etc")
    os.mkfifo(source / "pipe")
    assert {"link", "pipe"} & {*copy_small_files(source, target)}
    copied = {file.relative_to(target).as_posix() for file in target.rglob("*") if file.is_file()}
    assert len(copied) <= MOST_FILES
    assert "inner/z.py" in copied
    assert not {"notebook.ipynb", "link", "pipe"} & copied


def test_a_large_file_is_left_out_and_counted(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    target.mkdir()
    (source / "large.bin").write_bytes(bytes(MOST_BYTES + 1))
    (source / "small.csv").write_text("1")
    assert copy_small_files(source, target) == ["large.bin"]
    assert [file.name for file in target.iterdir()] == ["small.csv"]
