"""A second wall inside the sandbox: Landlock, where the kernel has it.

bubblewrap decides what a submission sees. Landlock denies it, by the system's own rules and for
good, to write anywhere but in its scratch folder, to use the network, and to reach processes and
sockets outside. Source: Linux's "Landlock: unprivileged access control".
"""

import sys
from functools import cache

from autograder.kernels.sandbox import SCRATCH

DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/urandom", "/dev/random")


@cache
def landlock_version() -> int:
    """The version of Landlock that this machine has; 0 where it has none."""
    if not sys.platform.startswith("linux"):
        return 0
    from py_landlock import LandlockError, get_abi_version

    try:
        return int(get_abi_version())
    except LandlockError:
        return 0


def build_wall() -> None:
    """Restrict this process and all that it starts, as far as this machine's Landlock can."""
    if not landlock_version():
        return
    from py_landlock import AccessFs, Landlock

    everything = AccessFs(0)
    for right in AccessFs:
        everything |= right
    looking = AccessFs.READ_FILE | AccessFs.READ_DIR | AccessFs.EXECUTE
    wall = Landlock(strict=False)
    wall.add_path_rule("/", access=looking)
    # Commands in a notebook, as !ls, run on a terminal of their own.
    wall.add_path_rule(SCRATCH, "/dev/shm", "/dev/pts", access=everything)
    wall.add_path_rule(*DEVICES, access=AccessFs.WRITE_FILE | AccessFs.READ_FILE)
    wall.apply()
