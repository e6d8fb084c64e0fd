"""Limits on all of a sandbox together, held from outside of it.

The system's own limits are each process's. What all of them use is added up here, a few times a
second: memory that several share is divided among them, files in the scratch folder and memory
that only a descriptor holds are counted once. A submission over a limit is ended as a whole.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil

from autograder.kernels.sandbox import SCRATCH, Limits, MiB

PAUSE = 0.1
"""Seconds between two looks."""
FILE_BYTES = 1024
"""About what a file takes besides what is in it."""


@dataclass(frozen=True)
class Usage:
    """What a sandbox uses now: bytes of memory, and processes."""

    memory: int
    processes: int


def usage(first: int, most: int) -> Usage:
    """What the process `first` and all that came of it use.

    Shared memory is told apart from each process's own, which takes long, only where all together
    seem to use more than `most` bytes.
    """
    family = [process.pid for process in _family(first)]
    held = sum(_resident(pid) for pid in family)
    if held > most:
        held = sum(_proportional(pid) for pid in family)
    tables = sum(_kilobytes(pid, "status", "VmPTE:") for pid in family)
    return Usage(held + tables + _files(first) + _shared(family), len(family))


def _family(first: int) -> Iterator[psutil.Process]:
    with suppress(psutil.Error):
        parent = psutil.Process(first)
        yield parent
        yield from parent.children(recursive=True)


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
        most = self._limits.memory * MiB
        while not self._done.wait(PAUSE):
            now = usage(self._first, most)
            # bubblewrap's own first process is not the submission's.
            if now.processes - 1 > self._limits.processes:
                self.reason = f"it started more than {self._limits.processes} processes"
            elif now.memory > most:
                self.reason = f"it took more than {self._limits.memory:,} MiB of memory"
            if self.reason:
                self._end()
                return

    def stop(self) -> None:
        """Look no longer."""
        self._done.set()
