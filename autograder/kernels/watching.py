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
    running = list(_family(first))
    held = sum(_own(one, exactly=False) for one in running)
    if held > most:
        held = sum(_own(one, exactly=True) for one in running)
    return Usage(held + _files(first) + _loose(running), len(running))


def _family(first: int) -> Iterator[psutil.Process]:
    with suppress(psutil.Error):
        parent = psutil.Process(first)
        yield parent
        yield from parent.children(recursive=True)


def _own(process: psutil.Process, *, exactly: bool) -> int:
    with suppress(psutil.Error, OSError):
        if exactly:
            with suppress(psutil.AccessDenied):
                return int(process.memory_full_info().pss)
        return int(process.memory_info().rss)
    return 0


def _files(first: int) -> int:
    """Bytes of files in the scratch folder and in shared memory."""
    total = 0
    for folder in (SCRATCH, "/dev/shm"):
        with suppress(OSError):
            held = os.statvfs(f"/proc/{first}/root{folder}")
            total += (held.f_blocks - held.f_bfree) * held.f_frsize
    return total


def _loose(running: list[psutil.Process]) -> int:
    """Bytes of memory files that have no name, each once."""
    sizes: dict[int, int] = {}
    for process in running:
        folder = f"/proc/{process.pid}/fd"
        with suppress(OSError):
            for number in os.listdir(folder):
                with suppress(OSError):
                    if os.readlink(f"{folder}/{number}").startswith("/memfd:"):
                        about = os.stat(f"{folder}/{number}")
                        sizes[about.st_ino] = about.st_blocks * 512
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
