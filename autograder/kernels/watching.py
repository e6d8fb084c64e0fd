"""Limits on all of a sandbox together, held from outside of it.

The system's own limits are each process's. What all of them use is added up here, a few times a
second: memory that several share is divided among them, files in the scratch folder and memory
that only a descriptor holds are counted once. A submission over a limit is ended as a whole.
"""

import os
import threading
from collections.abc import Callable
from contextlib import suppress

import psutil

from autograder.kernels.sandbox import SCRATCH, Limits, MiB

PAUSE = 0.1
"""Seconds between two looks."""
FILE_BYTES = 1024
"""About what a file takes besides what is in it."""


def processes(first: int) -> list[int]:
    """The numbers of the process `first` and of all that came of it."""
    try:
        parent = psutil.Process(first)
        return [first, *(one.pid for one in parent.children(recursive=True))]
    except psutil.Error:
        return []


def memory(family: list[int], most: int) -> int:
    """Bytes that these processes take together, the first one's files included.

    Shared memory is told apart from each process's own, which takes long, only where all together
    seem to take more than `most` bytes.
    """
    held = sum(map(_resident, family))
    if held > most:
        held = sum(map(_proportional, family))
    tables = sum(_kilobytes(pid, "status", "VmPTE:") for pid in family)
    return held + tables + _shared(family) + sum(map(_files, family[:1]))


def _resident(pid: int) -> int:
    """Memory that it holds, but for what it shares by name: that is counted once, with files."""
    return sum(_kilobytes(pid, "status", kind) for kind in ("RssAnon:", "RssFile:"))


def _proportional(pid: int) -> int:
    """The same, what several processes hold divided among them."""
    return _kilobytes(pid, "smaps_rollup", "Pss_Anon:") + _kilobytes(
        pid, "smaps_rollup", "Pss_File:"
    )


def _kilobytes(pid: int, file: str, name: str) -> int:
    """A line of one of the system's files about a process, in bytes; 0 where it has ended."""
    with suppress(OSError, ValueError), open(f"/proc/{pid}/{file}", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def _files(first: int) -> int:
    """Bytes of files in the scratch folder and in shared memory, and of there being files."""
    total = 0
    for folder in (SCRATCH, "/dev/shm"):
        with suppress(OSError):
            held = os.statvfs(f"/proc/{first}/root{folder}")
            total += (held.f_blocks - held.f_bfree) * held.f_frsize
            total += (held.f_files - held.f_ffree) * FILE_BYTES
    return total


def _shared(family: list[int]) -> int:
    """Bytes of memory that is shared and has no name: each stretch once, and whole, as what was
    let go of it may still be held."""
    sizes: dict[str, int] = {}
    for pid in family:
        with suppress(OSError, ValueError), open(f"/proc/{pid}/maps", encoding="utf-8") as lines:
            for line in lines:
                place, rights, _, device, inode, *name = line.split()
                if rights[3] == "s" and name and "(deleted)" in name:
                    begin, end = (int(part, 16) for part in place.split("-"))
                    known = f"{device} {inode}"
                    sizes[known] = max(sizes.get(known, 0), end - begin)
    return sum(sizes.values())


class Watch(threading.Thread):
    """Looks after one sandbox until it ends. `reason` says why it was ended, if it was."""

    def __init__(self, first: int, limits: Limits, end: Callable[[], None]) -> None:
        super().__init__(daemon=True, name="watch")
        self.reason = ""
        self._first, self._limits, self._end = first, limits, end
        self._done = threading.Event()

    def run(self) -> None:
        """Look, wait, look again."""
        with suppress(OSError):
            # The system limits how many processes a user starts, but never root: who grades as
            # root may and must get to run among thousands.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -20)
        while not self._done.wait(PAUSE):
            with suppress(Exception):  # what ends while it is looked at must not end the watch
                self.reason = self._look()
            if self.reason:
                self._end()
                return

    def _look(self) -> str:
        """Why the sandbox has to end; empty where it has not."""
        most = self._limits.memory * MiB
        family = processes(self._first)
        # First what is quickly seen: among too many processes this one hardly gets to run.
        # bubblewrap's own first process is not the submission's.
        if len(family) - 1 > self._limits.processes:
            return f"it started more than {self._limits.processes} processes"
        if memory(family, most) > most:
            return f"it took more than {self._limits.memory:,} MiB of memory"
        return ""

    def stop(self) -> None:
        """Look no longer."""
        self._done.set()
