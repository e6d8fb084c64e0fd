"""Jupyter's way to start a submission's kernel: in the sandbox, or not at all.

The kernelspec `convdims` names this provisioner, and nbgrader_config.py names the kernelspec, so
that `nbgrader autograde`, the formgrader and `nbgrader validate` of a submission all come here.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Bool, Integer

from autograder.kernels.process_limit import limit_processes, remove
from autograder.kernels.refused_calls import refused_calls
from autograder.kernels.sandbox import CONNECTION, SOCKETS, THREADS, Limits, command, why_not
from autograder.kernels.small_files import copy_small_files
from autograder.kernels.wall import landlock_version
from autograder.kernels.watching import Watch
from course.errors import CourseError

HANDED_OVER = (
    "NBGRADER_EXECUTION",
    "NBGRADER_VALIDATING",
    "CONVDIMS_STUDENT",
    "CONVDIMS_COURSE_KEY",
)
"""What a kernel is told of the grader's environment."""
SUBMISSIONS = ("submitted", "autograded")


class NoSandbox(CourseError):
    """A submission was to be run, and this machine has no sandbox for it."""


def refuse(reason: str) -> NoSandbox:
    """The error that says how to go on."""
    return NoSandbox(
        f"submissions are run in a sandbox only, and {reason}",
        "grade on a Linux machine that allows it; or, if you trust everybody who handed in with "
        "all that you can read and write, say so: `convdims grade --no-sandbox`, or "
        "c.SandboxProvisioner.required = False in nbgrader_config.py. Every grade made so says it",
    )


class SandboxProvisioner(LocalProvisioner):
    """Starts a submission's kernel in bubblewrap, and ends all of it when it ends.

    A notebook that nobody grades, as when a student presses Validate, runs as any other kernel.
    The limits are those of `Limits`, and hold for all processes of a submission together.

    Errors: NoSandbox where one is required and cannot be had.
    """

    required = Bool(True, help="Whether a submission is refused where there is no sandbox.").tag(
        config=True
    )
    memory = Integer(Limits.memory, help="MiB of memory, files in memory included.").tag(
        config=True
    )
    scratch = Integer(Limits.scratch, help="MiB that its files may take.").tag(config=True)
    file_size = Integer(Limits.file_size, help="MiB that one file may take.").tag(config=True)
    processes = Integer(Limits.processes, help="Processes at a time.").tag(config=True)
    open_files = Integer(Limits.open_files, help="Open files of each process.").tag(config=True)

    parent: Any
    watch: Watch | None = None
    _made: Path | None = None
    _group: Path | None = None

    @property
    def limits(self) -> Limits:
        """What a submission may use."""
        return Limits(**{name: getattr(self, name) for name in Limits().to_json()})

    @property
    def facts(self) -> dict[str, Any]:
        """What a receipt says of how a submission ran."""
        if not self.sandboxed:
            return {"sandboxed": False, "landlock": 0, "limits": {}}
        limits = self.limits.to_json()
        return {"sandboxed": True, "landlock": landlock_version(), "limits": limits}

    @property
    def reason(self) -> str:
        """Why the kernel was ended; empty where it was not."""
        return self.watch.reason if self.watch else ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Decide where it runs, and have the kernel listen on sockets that need no network."""
        folder = Path(kwargs.get("cwd") or Path.cwd()).resolve()
        self.graded = is_graded(folder)
        self.sandboxed = self.graded and not why_not()
        if self.graded and not self.sandboxed and self.required:
            raise refuse(why_not())
        if self.sandboxed:
            self.parent.transport, self.parent.ip = "ipc", f"{SOCKETS}/kernel"
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start it."""
        if self.graded:
            made = self._made = Path(tempfile.mkdtemp(prefix="convdims-"))
            given = made / "given"
            given.mkdir()
            copy_small_files(Path(kwargs.get("cwd") or "."), given)
            kwargs["cwd"] = str(given)
        if not self.sandboxed:
            return await super().launch_kernel(cmd, **kwargs)
        given = Path(kwargs["cwd"])
        # A copy: the manager's own says where the sockets lie as seen from outside.
        connection = given.parent / "connection.json"
        shutil.copyfile(self.parent.connection_file, connection)
        inside = [CONNECTION if word == self.parent.connection_file else word for word in cmd]
        (given.parent / "refused").write_bytes(refused_calls())
        read_end, write_end = os.pipe()
        with open(given.parent / "refused", "rb") as refused:
            try:
                words = command(
                    [*inside, "--sandboxed", json.dumps(self.limits.to_json())],
                    hidden=course_of(self.parent),
                    given=given,
                    connection=connection,
                    limits=self.limits,
                    environment={n: os.environ[n] for n in HANDED_OVER if n in os.environ},
                    info=write_end,
                    refused=refused.fileno() if refused_calls() else None,
                )
                nowhere = subprocess.DEVNULL
                self.process = subprocess.Popen(
                    words,
                    stdin=nowhere,
                    stdout=nowhere,
                    stderr=nowhere,
                    pass_fds=[write_end, refused.fileno()],
                    # Not the grader's: its first process stays in sight of the submission.
                    env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
                )
            finally:
                os.close(write_end)
        with os.fdopen(read_end) as pipe:
            told = pipe.read()
        if not told:
            raise refuse(f"bubblewrap ended with {self.process.wait()}")
        first = int(json.loads(told)["child-pid"])
        self.pid, self.pgid, self.cwd = self.process.pid, None, str(given)
        self.watch = Watch(first, self.limits, self._end)
        self.watch.start()
        self._group = limit_processes(first, self.limits.processes + THREADS)
        # From outside, its sockets lie in the folder that only it has.
        self.connection_info["ip"] = f"/proc/{first}/root{SOCKETS}/kernel"
        return self.connection_info

    def _end(self) -> None:
        """End the sandbox, and with it everything that was started there."""
        if self.process:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGKILL)

    def end(self) -> None:
        """End it, and wait until it has ended."""
        self._end()
        if self.watch and self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)

    async def cleanup(self, restart: bool = False) -> None:
        """Take away what was made for it."""
        if self.watch:
            self.watch.stop()
        remove(self._group)
        if self._made:
            shutil.rmtree(self._made, ignore_errors=True)
        await super().cleanup(restart)


def is_graded(folder: Path) -> bool:
    """Whether nbgrader runs somebody else's work: it grades, or validates what was handed in."""
    execution = os.environ.get("NBGRADER_EXECUTION")
    handed_in = any(part in SUBMISSIONS for part in folder.parts)
    return execution == "autograde" or (execution == "validate" and handed_in)


def course_of(manager: Any) -> Path:
    """The course folder, which no kernel sees."""
    return Path(manager.config.CourseDirectory.get("root", "") or Path.cwd())
