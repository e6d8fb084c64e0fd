"""A limit on processes that holds for root too, where the grader may make a cgroup.

The system limits how many processes a user starts, but never root; a watch from outside comes too
late for one that doubles itself. Source: Linux's "Control Group v2", and "PIDs" of version 1.
"""

import time
from contextlib import suppress
from pathlib import Path

from autograder.kernels.watching import processes

HOMES = (Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup"))
"""Where groups are made: of the older kind, of the newer one."""
PATIENCE = 3.0
"""Seconds in which what was ended has to be gone."""


def limit_processes(first: int, most: int) -> Path | None:
    """Put the process `first`, and all that came and will come of it, into a group of at most so
    many processes and threads. The group's folder, or None where none can be made."""
    for home in HOMES:
        group = home / f"convdims-{first}"
        with suppress(OSError):
            group.mkdir()
            try:
                (group / "pids.max").write_text(str(most))
                moved: set[int] = set()
                while found := set(processes(first)) - moved:
                    for pid in found:
                        with suppress(ProcessLookupError):
                            (group / "cgroup.procs").write_text(str(pid))
                    moved |= found
                return group
            except OSError:
                group.rmdir()
    return None


def remove(group: Path | None) -> None:
    """Take the group away, once nothing is in it any more."""
    end = time.monotonic() + PATIENCE
    while group is not None and group.exists():
        try:
            group.rmdir()
        except OSError:  # what was ended in it is not yet gone
            if time.monotonic() > end:
                return
            time.sleep(0.01)
