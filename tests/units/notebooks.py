"""The units' notebooks, read, executed in real kernels, and run through nbgrader's commands."""

import builtins
import os
import shutil
import subprocess
import symtable
import sys
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from filelock import FileLock
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
UNITS = sorted(path.name for path in ROOT.glob("source/[!.]*/"))
"""Every folder in source/, so that one without a notebook of its name is missed."""
TO_HAVE_IT = {
    "source": "a folder in source/ holds a notebook of its own name",
    "release": "run `convdims release`",
}
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
CELL_SECONDS = 120
PLAIN = {"CONVDIMS_STUDENT": "", "CONVDIMS_COURSE_KEY": "convdims"}
"""The environment in which the plain numbers count, which the solutions have."""
EXECUTED = Path()
"""A folder that all workers of a run of the tests have; conftest.py sets it."""


def path_of(folder: str, unit: str) -> Path:
    """Where a unit's notebook lies in source/ or release/."""
    return ROOT / folder / unit / f"{unit}.ipynb"


def read(folder: str, unit: str) -> Any:
    """A unit's notebook, from source/ or release/."""
    path = path_of(folder, unit)
    assert path.is_file(), f"there is no {path}: {TO_HAVE_IT[folder]}"
    return nbformat.read(path, as_version=4)


@cache
def executed(folder: str, unit: str) -> Any:
    """The notebook run from top to bottom in a kernel of its own; errors stay in its outputs.

    It is run once, by the worker that asks first.
    """
    kept = EXECUTED / f"{folder}-{unit}.ipynb"
    with FileLock(f"{kept}.lock"):
        if not kept.exists():
            notebook = read(folder, unit)
            where = {"metadata": {"path": str(ROOT)}}
            client = NotebookClient(
                notebook,
                timeout=CELL_SECONDS,
                kernel_name="python3",
                allow_errors=True,
                resources=where,
            )
            client.execute(env=os.environ | (PLAIN if folder == "source" else {}))
            nbformat.write(notebook, kept)
    return nbformat.read(kept, as_version=4)


def marked(cell: Any, mark: str) -> bool:
    """Whether nbgrader's metadata say that the cell is a 'grade' or a 'solution' cell."""
    return bool(cell.metadata.get("nbgrader", {}).get(mark))


def outputs(cell: Any, kind: str) -> list[Any]:
    """A cell's outputs of one kind, such as 'error' or 'execute_result'."""
    return [output for output in cell.get("outputs", ()) if output.output_type == kind]


def printed(cell: Any, stream: str) -> str:
    """What a cell wrote to stdout or stderr."""
    return "".join(output.text for output in outputs(cell, "stream") if output.name == stream)


def between(source: str, begin: str, end: str) -> list[str]:
    """The lines between two marks, without their indentation; blank ones are left out."""
    inside, found = False, []
    for line in map(str.strip, source.splitlines()):
        if line in (begin, end):
            inside = line == begin
        elif inside and line:
            found.append(line)
    return found


def names_bound(source: str) -> set[str]:
    """What a cell leaves behind in the notebook: what it assigns, imports or defines."""
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return {found.get_name() for found in symbols if found.is_assigned() or found.is_imported()}


def names_needed(source: str) -> set[str]:
    """What a cell uses, also inside functions, and neither binds itself nor finds in Python."""
    used, tables = set(), [symtable.symtable(source, "cell", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outside = table.get_type() == "module"
        used |= {
            found.get_name()
            for found in table.get_symbols()
            if found.is_referenced() and (outside or found.is_global())
        }
    return used - names_bound(source) - set(dir(builtins))


def course_copy(folder: Path) -> Path:
    """A course folder of its own: the configuration and all sources."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "source", folder / "source")
    return folder


def command(folder: Path, *words: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
    """A command of this environment run in a folder, as one would type it there."""
    beside = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        [str(beside / words[0]), *words[1:]],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
