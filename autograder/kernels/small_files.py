"""Files that students hand in beside a notebook, copied without trust."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

MOST_FILES, MOST_BYTES, MOST_LOOKED_AT, MOST_DEEP = 200, 20 * 1024**2, 2_000, 4


def regular(path: Path, most: int) -> bytes | None:
    """What a regular file holds; None for any other kind of file, and for one over `most` bytes.

    Nothing is followed and nothing waits, as it would for a link, a pipe or a device.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    about = os.fstat(opened)
    if not stat.S_ISREG(about.st_mode) or about.st_size > most:
        os.close(opened)
        return None
    with os.fdopen(opened, "rb") as file:
        return file.read(most)


def copy_small_files(source: Path, target: Path) -> list[str]:
    """Copy the regular files in a folder, notebooks left out, as long as they are few and small:
    modules first, then the smallest. The names of those that were left out."""
    left = MOST_BYTES
    found = sorted(
        (file for file in files_below(source) if file.suffix != ".ipynb"), key=_modules_first
    )
    left_out = [file.name for file in found[MOST_FILES:]]
    for file in found[:MOST_FILES]:
        held = regular(file, left)
        if held is None:
            left_out.append(file.name)
            continue
        left -= len(held)
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(held)
    return left_out


def _modules_first(file: Path) -> tuple[bool, int, str]:
    return file.suffix != ".py", file.lstat().st_size, str(file)


def files_below(folder: Path, depth: int = MOST_DEEP) -> Iterator[Path]:
    """The files below a folder as far as it is worth looking; no link to a folder is followed."""
    looked_at = 0
    for where, folders, names in os.walk(folder):
        if len(Path(where).relative_to(folder).parts) >= depth:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names, key=lambda name: (not name.endswith(".py"), name)):
            looked_at += 1
            if looked_at > MOST_LOOKED_AT:
                return
            yield Path(where, name)
