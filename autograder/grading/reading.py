"""The cells of a notebook file that nobody vouches for.

    python -m autograder.grading.reading < notebook.ipynb

A file may be of any size, encoding and version, cut off in the middle or no notebook at all. A
large one is read in a process of its own, so that it cannot take the grader's memory.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.kernels.small_files import regular
from course.errors import CourseError

MOST_BYTES = 256 * 1024**2
SMALL = 4 * 1024**2
"""A file up to this size is read at once, in this process."""
MOST_CELLS, LONGEST_SOURCE, LONGEST_OF_ALL = 2_000, 1_000_000, 3_000_000
PICTURES, LARGEST_PICTURE = ("image/png", "image/jpeg", "image/gif"), 5_000_000
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
MOST_TRIED = 20_000
"""Places in a broken file at which a cell may begin."""
MEMORY, SECONDS = 4 * 1024**3, 60
"""What reading a large file may take."""


class NoNotebook(CourseError):
    """A file that is no notebook, or none that can be read."""


@dataclass(frozen=True)
class HandedIn:
    """A cell as it was handed in: all that is ever used of it."""

    kind: str
    source: str
    id: str = ""
    grade_id: str = ""
    pictures: tuple[tuple[str, str, str], ...] = ()
    """Pictures in a text: their names, types and data."""


def read_notebook(path: Path) -> tuple[list[HandedIn], bytes, str]:
    """The cells of a notebook file, what the file holds, and a note where something was lost.

    Errors: NoNotebook, with the reason.
    """
    if path.is_symlink():
        raise NoNotebook("it is a symbolic link", "hand in the notebook itself")
    raw = regular(path, MOST_BYTES)
    if raw is None:
        raise NoNotebook(
            f"it is no ordinary file, or larger than {MOST_BYTES // 1024**2} MB",
            "clear its outputs, and hand in the notebook itself",
        )
    if len(raw) <= SMALL:
        cells, note = cells_of(raw)
        return cells, raw, note
    command = [sys.executable, "-P", "-m", "autograder.grading.reading"]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)
        said = json.loads(done.stdout)
    except (ValueError, subprocess.TimeoutExpired):
        raise NoNotebook("it is too large to be read", "clear its outputs") from None
    if "refused" in said:
        raise NoNotebook(said["refused"], "hand it in again")
    cells = [
        HandedIn(**cell | {"pictures": tuple(map(tuple, cell["pictures"]))})
        for cell in said["cells"]
    ]
    return cells, raw, said["note"]


def cells_of(raw: bytes) -> tuple[list[HandedIn], str]:
    """The cells of a notebook, and a note where the file is cut off. Errors: NoNotebook."""
    if not raw.strip(b"\0 \t\r\n"):
        raise NoNotebook("the file is empty", "save the notebook, and hand it in again")
    text = _text(raw)
    try:
        cells, note = _listed(json.loads(text, strict=False)), ""
    except RecursionError:
        raise NoNotebook("the file is nested too deep for a notebook", "hand it in again") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        cells = list(_whole_cells(text))
        note = f"The file is damaged or cut off: {len(cells)} cells of it could be read."
    found = [read for cell in cells[:MOST_CELLS] if (read := _cell(cell))]
    left = LONGEST_OF_ALL
    for place, one in enumerate(found):
        left -= len(one.source)
        if left < 0:
            note = "The notebook's cells are too long; the last ones were left out."
            found = found[:place]
            break
    if not found:
        raise NoNotebook("the file holds no cells of a notebook", "hand in the .ipynb file")
    if len(cells) > MOST_CELLS:
        note = f"The notebook has more than {MOST_CELLS:,} cells; the rest was left out."
    return found, note


def _text(raw: bytes) -> str:
    """The file as text, in the encoding that it seems to have."""
    for encoding in (json.detect_encoding(raw), "utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _listed(data: Any) -> list[Any]:
    """The cells of a notebook of format 4, or 3, which keeps them in worksheets."""
    if isinstance(data.get("worksheets"), list):
        return [cell for sheet in data["worksheets"] for cell in sheet["cells"]]
    if not isinstance(data["cells"], list):
        raise TypeError
    return data["cells"]


def _whole_cells(text: str) -> Iterator[Any]:
    """The cells that stand whole in a file that is not."""
    decoder, place = json.JSONDecoder(strict=False), text.find("{", 1)
    for _ in range(MOST_TRIED):
        if place < 0:
            return
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            found, end = None, place + 1
        if isinstance(found, dict) and ("source" in found or "input" in found):
            yield found
        elif isinstance(found, dict) and "cells" in found:
            end = place + 1
        place = text.find("{", end)


def _cell(data: Any) -> HandedIn | None:
    """What is used of a cell; None for what is none."""
    if not isinstance(data, dict):
        return None
    source = data.get("source", data.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str)).replace("\r\n", "\n")
    marks = data.get("metadata")
    marks = marks.get("nbgrader") if isinstance(marks, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    kind = data.get("cell_type")
    return HandedIn(
        kind if kind in ("code", "markdown", "raw") else "markdown",
        text[:LONGEST_SOURCE].encode("utf-8", "replace").decode(),
        _word(data.get("id")),
        _word(grade_id),
        tuple(_pictures(data.get("attachments"))),
    )


def _pictures(data: Any) -> Iterator[tuple[str, str, str]]:
    """The pictures that a text shows, as long as they are small."""
    for name, kinds in data.items() if isinstance(data, dict) else ():
        for kind, held in kinds.items() if isinstance(kinds, dict) else ():
            small = isinstance(held, str) and len(held) < LARGEST_PICTURE
            if kind in PICTURES and small and BASE64.fullmatch(held):
                yield name[:200], kind, held


def _word(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def main() -> None:
    """Read the notebook on standard input, and print its cells as JSON."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    except ImportError:  # Windows
        pass
    try:
        cells, note = cells_of(sys.stdin.buffer.read())
        said: dict[str, Any] = {"cells": [asdict(cell) for cell in cells], "note": note}
    except NoNotebook as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "the file takes too much memory to be read"}
    print(json.dumps(said))


if __name__ == "__main__":
    main()
