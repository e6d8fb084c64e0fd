"""Classes of hostile students: what they earn, what they find, and what is left of them."""

import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from autograder.grading.judge_process import Conclusion
from autograder.grading.judging import JudgeProcess
from tests.autograder.grading.classroom import (
    TESTS,
    Graded,
    Handing,
    Student,
    graded,
    hand_in,
    new_course,
    own_numbers,
)
from tests.autograder.grading.hostile_bombs import BOMBS
from tests.autograder.grading.hostile_files import ALONE, FILES
from tests.autograder.grading.hostile_lies import LIES
from tests.autograder.grading.hostile_networks import FLOODS, HEAVY, NETWORKS
from tests.autograder.grading.hostile_outside import LOOPS, OUTSIDE
from tests.autograder.grading.hostile_students import HOST, MARK, QUICK, Attack

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="there is a sandbox")

SECRETS = ("canary-environment", "canary-home", "canary-classmate", "canary-key", "SQLite format")
LARGEST = 12_000_000
"""Bytes that may be left of a submission: a few cells' outputs, and the answers."""
MOST_OUTPUTS = 5_000
"""Outputs that may be left of a cell."""
MOST_SECONDS = 120
"""Seconds that the judge may think about all of a submission."""
MOST_MEMORY = 1024**3
"""Bytes that the grading process may take, whatever is sent to it."""
KEY_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219)}.get(os.uname().machine, (248, 250))
WAY = "--ExecutePreprocessor.timeout="
CLASSES: dict[str, tuple[Sequence[Attack], tuple[str, ...]]] = {
    "quick": (QUICK, (f"{WAY}20",)),
    "lies": (LIES, (f"{WAY}20", "--SandboxProvisioner.memory=3000")),
    "outside": (OUTSIDE, (f"{WAY}20",)),
    "loops": (LOOPS, (f"{WAY}4",)),
    "bombs": (BOMBS, (f"{WAY}40", "--SandboxProvisioner.memory=700")),
    "files": (FILES, (f"{WAY}20",)),
    "networks": (NETWORKS, (f"{WAY}60",)),
    "floods": (FLOODS, (f"{WAY}30",)),
} | {one.name: ([one], (f"{WAY}20",)) for one in (*ALONE, *HEAVY)}


def _shown_to_nobody(handing: Handing) -> None:
    handing.add_first("# canary-classmate")


HONEST = (
    Student("aa-first", "right answers, before all others", _shown_to_nobody),
    Student("zz-last", "right answers, after all others"),
)


@dataclass
class Host:
    """What there is outside of the sandbox: a home, listeners, a process of somebody else."""

    folder: Path
    heard: list[str] = field(default_factory=list)

    def __enter__(self) -> "Host":
        self.home = self.folder / "home"
        self.home.mkdir()
        (self.home / "notes.txt").write_text("canary-home")
        (self.home / ".netrc").write_text("password canary-home")
        self.abstract = f"convdims-{uuid4().hex}"
        self._listeners = [
            self._listen(socket.AF_INET, ("127.0.0.1", 0)),
            self._listen(socket.AF_UNIX, str(self.folder / "socket")),
            self._listen(socket.AF_UNIX, f"\0{self.abstract}"),
        ]
        self.victim = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        libc = ctypes.CDLL(None)
        libc.syscall(KEY_CALLS[0], b"user", b"convdims", b"canary-key", 10, -3)
        return self

    def __exit__(self, *ignored: object) -> None:
        self.victim.kill()
        self.victim.wait()
        for one in self._listeners:
            one.close()

    def _listen(self, family: int, place: object) -> socket.socket:
        listener = socket.socket(family)
        listener.bind(place)  # type: ignore[arg-type]
        listener.listen(100)
        threading.Thread(target=self._hear, args=(listener,), daemon=True).start()
        return listener

    def _hear(self, listener: socket.socket) -> None:
        while True:
            try:
                one, _ = listener.accept()
            except OSError:
                return
            self.heard.append(str(listener))
            one.close()

    def words(self) -> dict[str, object]:
        """What the words in attacks stand for."""
        first = own_numbers("aa-first")
        return {
            "HOST_HOME": str(self.home),
            "HOST_SOCKET": str(self.folder / "socket"),
            "HOST_ABSTRACT": self.abstract,
            "HOST_PORT": self._listeners[0].getsockname()[1],
            "HOST_VICTIM": self.victim.pid,
            "KEY_CALLS": KEY_CALLS[1],
            "AA_SHAPE": first["SHAPE"],
            "AA_COUNT": first["COUNT"],
        }


@dataclass
class Class:
    """A graded class, and what was seen outside before and after."""

    of: Graded
    before: dict[str, str]
    after: dict[str, str]
    heard: list[str]
    victim: str
    left_over: list[str]
    marks: list[str]
    memory: int


def hashes(*folders: Path) -> dict[str, str]:
    """All files in these folders, but for what grading writes."""
    found = {}
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            inside = file.relative_to(folder).as_posix()
            written = ("autograded", ".convdims", "gradebook.db", HOST, ".keras", ".cache")
            if file.is_file() and not file.is_symlink() and not inside.startswith(written):
                found[f"{folder.name}/{inside}"] = sha256(file.read_bytes()).hexdigest()
    return found


def left_over(words: Sequence[str]) -> list[str]:
    """Processes that still run, and have one of these words about them."""
    found = []
    for one in psutil.process_iter():
        try:
            about = [*one.cmdline(), *map("=".join, one.environ().items())]
        except psutil.Error:
            continue
        if one.pid != os.getpid() and any(word in part for part in about for word in words):
            found.append(" ".join(about[:5]))
    return found


class Memory(threading.Thread):
    """Looks for how much memory a child that grades takes at most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.done = 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            for one in psutil.Process().children():
                try:
                    if "autograde" in one.cmdline():
                        self.most = max(self.most, one.memory_info().rss)
                except psutil.Error:
                    continue


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder whose unit is released, to be copied for each class."""
    return new_course(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory, released: Path) -> dict[str, Class]:
    """The classes; each is graded when it is first asked for."""
    return Classes(tmp_path_factory, released)


class Classes(dict[str, Class]):
    """The hostile classes, each graded when it is first asked for."""

    def __init__(self, folders: pytest.TempPathFactory, released: Path) -> None:
        self._folders, self._released = folders, released

    def __missing__(self, name: str) -> Class:
        folder = self._folders.mktemp(name)
        shutil.copytree(self._released, folder / "course")
        with Host(folder) as host, pytest.MonkeyPatch.context() as environment:
            environment.setenv("HOME", str(host.home))
            environment.setenv("CONVDIMS_CANARY", f"canary-environment-{folder.name}")
            self[name] = _grade(name, folder / "course", host)
        return self[name]


def _grade(name: str, course: Path, host: Host) -> Class:
    students, words = CLASSES[name]
    (course / HOST).write_text(json.dumps(host.words()))
    everybody = (HONEST[0], *students, HONEST[1])
    for student in everybody:
        hand_in(course, student)
    before = hashes(course, host.home)
    memory = Memory()
    memory.start()
    made = graded(course, [], *words)
    memory.done.set()
    time.sleep(0.5)
    marked = [
        str(one)
        for home in ("/tmp", "/dev/shm", "/var/tmp", "/")
        for one in Path(home).glob(f"*{MARK}*")
    ]
    for home in (host.home, course, Path(sys.prefix)):
        marked += [str(one) for one in home.rglob(f"*{MARK}*")]
    return Class(
        made,
        before,
        hashes(course, host.home),
        host.heard,
        psutil.Process(host.victim.pid).status(),
        left_over([MARK, f"canary-environment-{course.parent.name}"]),
        marked,
        memory.most,
    )


def _marked(kinds: Sequence[str]) -> list[object]:
    """Classes as pytest's parameters; all but the quick ones are slow."""
    slow = [pytest.mark.slow]
    return [pytest.param(kind, marks=[] if kind == "quick" else slow) for kind in kinds]


def _each_attack() -> list[object]:
    """The same for each student of each class."""
    return [
        pytest.param(
            kind,
            one,
            marks=[] if kind == "quick" else [pytest.mark.slow],
            id=f"{kind}-{one.name}",
        )
        for kind, (students, _) in CLASSES.items()
        for one in students
    ]


@pytest.mark.parametrize(("kind", "attack"), _each_attack())
def test_an_attack_earns_nothing_finds_nothing_and_is_graded(
    classes: dict[str, Class], kind: str, attack: Attack
) -> None:
    made = classes[kind].of
    points = {name: made.points[attack.name][name] for name in TESTS}
    assert points == {name: float(name not in attack.missed) for name in TESTS}, made.printed[
        -2000:
    ]
    receipt = made.receipt(attack.name)
    assert attack.ended in receipt["ended"]
    assert receipt["sandboxed"]
    notebook = made.notebook(attack.name)
    shown = json.dumps([cell.get("outputs") for cell in notebook.cells])
    assert [secret for secret in SECRETS if secret in shown] == []
    assert max(len(cell.get("outputs", ())) for cell in notebook.cells) < MOST_OUTPUTS
    kept = (made.folder / "autograded" / attack.name).rglob("*")
    assert sum(file.stat().st_size for file in kept if file.is_file()) < LARGEST
    assert sum(one["conclusion"]["seconds"] for one in receipt["exercises"]) < MOST_SECONDS
    assert classes[kind].memory < MOST_MEMORY


@pytest.mark.parametrize("kind", _marked([*CLASSES]))
def test_honest_classmates_keep_all_points(classes: dict[str, Class], kind: str) -> None:
    made = classes[kind].of
    for student in HONEST:
        assert student.name in made.points, made.printed[-3000:]
        points = {name: made.points[student.name][name] for name in TESTS}
        assert points == dict.fromkeys(TESTS, 1.0)
        assert made.receipt(student.name)["ended"] == ""


@pytest.mark.parametrize("kind", _marked([*CLASSES]))
def test_nothing_outside_is_changed_reached_or_left_running(
    classes: dict[str, Class], kind: str
) -> None:
    made = classes[kind]
    assert made.of.returncode == 0, made.of.printed[-3000:]
    assert made.after == made.before
    assert made.heard == []
    assert made.marks == []
    assert made.left_over == []
    assert made.victim in (psutil.STATUS_SLEEPING, psutil.STATUS_RUNNING)


def test_the_numbers_of_two_students_differ() -> None:
    assert own_numbers("aa-first") != own_numbers("somebody-elses-numbers")


def test_a_judge_that_ended_while_it_was_idle_is_started_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judge = JudgeProcess()
    cell = {"source": "1.0", "points": 1.0}
    try:
        first = judge.judge(cell, {}, lambda asked: asked, ("", "convdims"))
        process = judge._process
        assert process is not None
        process.kill()
        process.wait()
        # As in the moment between its decision to end and its end.
        monkeypatch.setattr(process, "poll", lambda: None)
        second = judge.judge(cell, {}, lambda asked: asked, ("", "convdims"))
    finally:
        judge.stop()
    assert (first.points, second.points, second.fault) == (1.0, 1.0, Conclusion().fault)
