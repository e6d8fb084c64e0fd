"""Hostile students whose notebook, or what lies beside it, is the attack."""

import json
import os
from collections.abc import Callable
from typing import Any

import nbformat

from tests.autograder.grading.classroom import UNIT, Handing, cell_of
from tests.autograder.grading.hostile_students import MARK, Attack, code

NOTHING_LOST: frozenset[str] = frozenset()


def notebook(change: Callable[[Handing], None]) -> Callable[[Handing], None]:
    """Wrong answers, and the notebook changed."""

    def both(handing: Handing) -> None:
        handing.answer_wrong()
        change(handing)

    return both


def text(change: Callable[[str], str | bytes]) -> Callable[[Handing], None]:
    """Wrong answers, and the file's text changed."""

    def both(handing: Handing) -> None:
        handing.answer_wrong()
        made = change(json.dumps(handing.notebook))
        handing.file.write_bytes(made if isinstance(made, bytes) else made.encode())
        handing.write = False

    return both


def beside(*names: str) -> Callable[[Handing], None]:
    """Wrong answers, and modules beside the notebook that agree with everything."""
    always = "def __getattr__(name): return lambda *arguments, **named: 1.0\n"

    def both(handing: Handing) -> None:
        handing.answer_wrong()
        for name in names:
            file = handing.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"import os\nopen({MARK!r}, 'w').close()\n{always}")

    return both


def instead(make: Callable[[Handing], object]) -> Callable[[Handing], None]:
    """Something else in the notebook's place."""

    def both(handing: Handing) -> None:
        handing.write = False
        make(handing)

    return both


def _everywhere(change: Callable[[Any], None]) -> Callable[[Handing], None]:
    def both(handing: Handing) -> None:
        for cell in handing.notebook.cells:
            change(cell)

    return notebook(both)


def _forge_outputs(cell: Any) -> None:
    if cell.cell_type == "code":
        data = {"text/plain": "1.0"}
        cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
        cell.execution_count = 1
        cell.metadata["execution"] = {"shell.execute_reply": "ok"}


def _forge_marks(cell: Any) -> None:
    marks = cell.metadata.get("nbgrader", {})
    if marks.get("grade"):
        cell.source = "1.0"
        marks |= {"grade": False, "solution": True, "locked": False, "points": 99, "checksum": ""}


def _of_others(handing: Handing) -> None:
    names = [f"ex{n}-{kind}" for n in range(1, 6) for kind in ("answer", "test")]
    for name, other in zip(names, reversed(names), strict=True):
        cell_of(handing.notebook, name).metadata["nbgrader"]["grade_id"] = other


def _paths(handing: Handing) -> None:
    for number, cell in enumerate(handing.notebook.cells):
        cell["id"] = "../" * 8 + f"tmp/{MARK}-{number}"
        cell.metadata.setdefault("nbgrader", {})["grade_id"] = f"../../{MARK}/{number}"
    handing.notebook.metadata["name"] = f"../../{MARK}"


def _other_kernel(handing: Handing) -> None:
    spec = {"name": "bash", "language": "bash", "display_name": "x", "argv": ["touch", MARK]}
    handing.notebook.metadata["kernelspec"] = spec
    handing.notebook.metadata["language_info"] = {"name": "R", "file_extension": f"/../{MARK}"}


def _huge_metadata(handing: Handing) -> None:
    handing.notebook.metadata["x"] = "x" * 30_000_000
    for cell in handing.notebook.cells:
        cell.metadata["x"] = {str(n): [n] * 10 for n in range(5000)}


def _scripts(handing: Handing) -> None:
    script = "<script>fetch('/x')</script><img src=x onerror=alert(1)>"
    cell = nbformat.v4.new_markdown_cell(script, attachments={script: {script: script}})
    handing.notebook.cells.append(cell)
    handing.add_first(
        f"from IPython.display import HTML\ndisplay(HTML({script!r}))\nprint({script!r})"
    )


def _linked(target: Callable[[Handing], Any], name: str) -> Callable[[Handing], None]:
    return instead(lambda handing: (handing.folder / name).symlink_to(target(handing)))


def _source(handing: Handing) -> Any:
    return handing.course / "source" / UNIT


def _classmate(handing: Handing) -> Any:
    return handing.course / "submitted" / "aa-first" / UNIT


def _links_beside(handing: Handing) -> None:
    handing.answer_wrong()
    (handing.folder / "all.txt").symlink_to("/etc/hostname")
    (handing.folder / "source").symlink_to(_source(handing))
    (handing.folder / "root").symlink_to("/")
    os.mkfifo(handing.folder / "pipe")


def _whole_folder(handing: Handing) -> None:
    handing.folder.rmdir()
    handing.folder.symlink_to(_source(handing))


def _stamped_by_a_folder(handing: Handing) -> None:
    handing.answer_wrong()
    (handing.folder / "timestamp.txt").mkdir()


def _many_cells(handing: Handing) -> None:
    handing.answer_wrong()
    cells = [cell for cell in handing.notebook.cells if "-answer" not in cell.get("id", "")]
    alike = "#" * 50_000
    cells += [nbformat.v4.new_code_cell(f"{alike}{n:06d}") for n in range(1200)]
    handing.notebook.cells = cells


FILES = [
    Attack(
        "training-tags",
        "all cells are tagged as training",
        _everywhere(lambda cell: cell.metadata.setdefault("tags", []).append("training")),
    ),
    Attack("forged-outputs", "outputs with full points", _everywhere(_forge_outputs)),
    Attack(
        "forged-marks", "tests are marked as answers worth 99 points", _everywhere(_forge_marks)
    ),
    Attack("marks-of-others", "the marks of tests and answers are exchanged", notebook(_of_others)),
    Attack("ids-that-are-paths", "ids lead out of the folder", notebook(_paths)),
    Attack("another-kernel", "another kernel and another language", notebook(_other_kernel)),
    Attack("huge-metadata", "40 MB of metadata", notebook(_huge_metadata)),
    Attack("scripts", "scripts in Markdown and in outputs", _scripts, missed=NOTHING_LOST),
    Attack(
        "keys-twice",
        "keys of the file's JSON are there twice",
        text(lambda made: '{"cells": [{"cell_type": "code", "source": "1.0"}], ' + made[1:]),
    ),
    Attack("nested-deep", "a file nested 200,000 deep", text(lambda made: "[" * 200_000 + made)),
    Attack(
        "odd-numbers",
        "NaN, endless numbers and halves of letters in the file",
        text(
            lambda made: (
                made[:-1] + ', "x": [NaN, -Infinity, 1e99999, ' + "7" * 9999 + r'], "y": "\ud800"}'
            )
        ),
    ),
    Attack(
        "half-letters",
        "an answer with half a letter in it",
        text(lambda made: made.replace("return 7", r"return 7  # \ud800")),
    ),
    Attack(
        "200-mb",
        "a file of 200 MB",
        text(lambda made: made[:-1] + ', "x": "' + "x" * 200_000_000 + '"}'),
    ),
    Attack(
        "json-bomb",
        "a file of 60 MB that takes gigabytes once it is read",
        text(lambda made: made[:-1] + ', "x": [' + "[]," * 20_000_000 + "[]]}"),
    ),
    Attack(
        "sparse-file",
        "a file of nothing but zeros, 200 MB long",
        instead(lambda handing: os.truncate(_touched(handing), 200 << 20)),
    ),
    Attack(
        "linked-notebook",
        "the notebook is a link to the source",
        _linked(lambda handing: _source(handing) / f"{UNIT}.ipynb", f"{UNIT}.ipynb"),
    ),
    Attack("linked-folder", "the whole folder is a link to the source", instead(_whole_folder)),
    Attack(
        "linked-inside",
        "a folder beside is a link to the source",
        _linked(_source, "work"),
    ),
    Attack(
        "linked-classmate",
        "a folder beside is a link to a classmate's",
        _linked(_classmate, "w"),
    ),
    Attack(
        "named-pipe",
        "the notebook is a named pipe",
        instead(lambda handing: os.mkfifo(handing.file)),
    ),
    Attack(
        "device",
        "the notebook is a link to an endless device",
        _linked(lambda handing: "/dev/zero", f"{UNIT}.ipynb"),
    ),
    Attack(
        "folder-as-notebook",
        "the notebook is a folder",
        instead(lambda handing: handing.file.mkdir()),
    ),
    Attack("folder-as-time-stamp", "the time stamp is a folder", _stamped_by_a_folder),
    Attack("links-beside", "links and a pipe beside the notebook", _links_beside),
    Attack(
        "modules-beside",
        "modules of the names of those that grade",
        beside(
            "numpy.py",
            "autograder.py",
            "autograder/__init__.py",
            "course.py",
            "ipykernel.py",
            "sitecustomize.py",
            "usercustomize.py",
            "json.py",
            "ipython_config.py",
            "keras.py",
            "nbgrader_config.py",
            ".ipython/profile_default/startup/a.py",
            "course_key.txt",
        ),
    ),
    Attack(
        "receipt-beside",
        "a receipt and a graded notebook of one's own",
        code("""\
            import os
            os.makedirs("autograded/receipt-beside/graded", exist_ok=True)
            for name in ("graded.receipt.json", "autograded/receipt-beside/graded/graded.ipynb"):
                open(name, "w").write("{}")"""),
    ),
]


def _touched(handing: Handing) -> Any:
    handing.file.touch()
    return handing.file


def _name_of_no_encoding(handing: Handing) -> None:
    os.close(os.open(os.fsencode(handing.folder) + b"/\xff.ipynb", os.O_CREAT))


ALONE = [
    Attack(
        "name-of-no-encoding",
        "a file beside whose name is in no encoding",
        instead(_name_of_no_encoding),
    ),
    Attack(
        "many-cells-alike",
        "1,200 long cells that differ at their ends, and no answers",
        _many_cells,
    ),
]
