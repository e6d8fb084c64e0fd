"""What a submission's kernel can see and do: the command that starts it in bubblewrap.

Its root is empty but for the system's programs and libraries, this Python and its packages, all
read-only, and one scratch folder in memory that ends with it. It has no network, no other
process to see, and an environment of its own. Source: bwrap(1), "Sandboxing".
"""

import os
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

SCRATCH = "/tmp"
WORK, HOME, SOCKETS = (f"{SCRATCH}/{name}" for name in ("submission", "student", "kernel-sockets"))
GIVEN = "/run/given"
"""Where the sandbox sees the files that a notebook starts with."""
CONNECTION = "/run/connection.json"

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/nsswitch.conf",
    "/etc/ssl/certs",
)
# Who grades as root would lend the sandbox a right to write these; bubblewrap leaves them open.
KERNEL = ("/proc/sys", "/proc/sysrq-trigger", "/proc/fs", "/proc/acpi", "/proc/driver")
MiB = 1024**2
THREADS = 200 + 16 * (os.cpu_count() or 1)
"""What the system counts as processes besides: TensorFlow starts several for each core."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use, all of its processes together.

    `memory`, `scratch` (files and shared memory, which count as memory too) and `file_size` are in
    MiB; `processes`, without threads, and `open_files`, of each process, are counts.
    """

    memory: int = 4096
    scratch: int = 1024
    file_size: int = 256
    processes: int = 64
    open_files: int = 1024

    def to_json(self) -> dict[str, int]:
        """As what `json` can write."""
        return asdict(self)


@cache
def why_not() -> str:
    """Why there can be no sandbox here; empty where there can be one."""
    if not sys.platform.startswith("linux"):
        return f"there is no sandbox on {sys.platform}, only on Linux"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
    trial = [*_namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    done = subprocess.run(trial, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"bubblewrap cannot start here ({done.stderr.strip()})"
    return ""


def command(
    argv: Sequence[str],
    *,
    hidden: Path,
    given: Path,
    connection: Path,
    limits: Limits,
    environment: Mapping[str, str],
    info: int,
    refused: int | None = None,
) -> list[str]:
    """The command that runs `argv` in a sandbox.

    `hidden` is the course folder: nothing of it is seen even where it lies within a folder that
    is. `given` holds the files that the notebook starts with, `connection` says where the kernel
    listens; on the descriptor `info` bubblewrap writes the number of its first process, and from
    `refused` it reads which system calls are refused.
    """
    size = str(limits.scratch * MiB)
    inside = _environment() | dict(environment)
    return [
        *_namespaces(),
        *("--info-fd", str(info)),
        *(() if refused is None else ("--seccomp", str(refused))),
        *("--proc", "/proc", "--dev", "/dev"),
        *(word for name in KERNEL for word in ("--ro-bind-try", name, name)),
        *("--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        # Before what is seen of the machine: the packages themselves may lie in its /tmp.
        *("--size", size, "--tmpfs", SCRATCH, "--chmod", "0700", SCRATCH),
        *_read_only(hidden.resolve()),
        *(word for folder in (WORK, HOME, SOCKETS) for word in ("--dir", folder)),
        *("--ro-bind", str(Path(__file__).with_name("passwd")), "/etc/passwd"),
        *("--ro-bind", str(given), GIVEN, "--ro-bind", str(connection), CONNECTION),
        *("--remount-ro", "/", "--chdir", WORK, "--clearenv"),
        *(word for name, value in inside.items() for word in ("--setenv", name, value)),
        "--",
        *argv,
    ]


def _namespaces() -> list[str]:
    """Nothing shared, no rights, and an end together with whoever started it."""
    words = "--unshare-all --unshare-user --die-with-parent --new-session --cap-drop ALL"
    return ["bwrap", *words.split(), "--uid", "1000", "--gid", "1000", "--hostname", "kernel"]


def _read_only(hidden: Path) -> Iterator[str]:
    """What is seen of the machine; a folder within another comes after it."""
    for name in SYSTEM:
        if os.path.islink(name):
            yield from ("--symlink", os.readlink(name), name)
    folders = [name for name in SYSTEM if os.path.isdir(name) and not os.path.islink(name)]
    found = {Path(name) for name in (*folders, *SETTINGS) if os.path.exists(name)}
    found |= set(_python())
    covered = any(folder in (hidden, *hidden.parents) for folder in found)
    mounts = [*found, *([hidden] if covered else [])]
    for place in sorted(mounts, key=lambda place: len(place.parts)):
        if place == hidden:
            yield from ("--size", str(MiB), "--tmpfs", str(place))
        else:
            yield from ("--ro-bind", str(place), str(place))


def _python() -> Iterator[Path]:
    """The folders of this Python, of its packages, and of the two packages of the course.

    An editable install puts these beside source/ and gradebook.db, so each is named by itself.
    """
    import course

    roots = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    if site.ENABLE_USER_SITE:
        roots.add(site.getusersitepackages())
    roots |= {str(Path(__file__).parents[1]), str(Path(course.__file__ or "").parent)}
    for root in sorted(roots):
        folder = Path(root)
        if folder.is_dir() and Path("/usr") not in (folder, *folder.parents):
            yield folder


def _environment() -> dict[str, str]:
    """The environment of a kernel: nothing of the grader's own."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": HOME,
        "TMPDIR": SCRATCH,
        "LANG": "C.UTF-8",
        "USER": "student",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
    }
