"""nbgrader's step that runs a submission and scores it: here, a kernel answers and a judge decides.

The cells of a notebook run one after another in the submission's own kernel, as they always did.
A test cell does not: the judge runs it, in another process, and asks the kernel for what the
student's names hold.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from nbgrader.preprocessors import AssignLatePenalties, Execute
from traitlets import Integer

from autograder.grading import receipts
from autograder.grading.gradebook import save
from autograder.grading.kernel_client import KernelGone, started
from autograder.grading.outputs import plain
from autograder.grading.running import KERNEL_ENDED, NOT, Judged, RunThrough
from autograder.kernels.provisioner import SandboxProvisioner
from autograder.kernels.small_files import MOST_BYTES, MOST_FILES, copy_small_files
from autograder.personal.identity import COURSE_KEY, DEFAULT_KEY, STUDENT, nearest_key
from course.errors import CourseError

NAMED = 5
"""Files that are told by name."""


class Grade(Execute):  # type: ignore[misc]
    """Runs a submission in the sandbox, has its test cells judged, and saves all of its scores in
    one transaction, with a receipt.

    It stands in nbgrader_config.py for all of nbgrader's own steps of autograding, and takes the
    settings of nbgrader's Execute that still mean something: `timeout` is for a cell, `kernel_name`
    names the kernel, cells with `skip_cells_with_tag` in the release are left out. Students and the
    course's key decide whose numbers are graded: the key is the first line of course_key.txt in
    source/UNIT, in source/ or in the course folder, or else the environment's.
    """

    notebook_timeout = Integer(900, help="Seconds for all cells of a notebook together.").tag(
        config=True
    )
    output_limit = Integer(1_000_000, help="Bytes of output that are kept of each cell.").tag(
        config=True
    )

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> Any:
        """Run, judge, save. `resources` is what nbgrader knows of the submission."""
        about = resources["nbgrader"]
        student, unit = about["student"], about["assignment"]
        taken_in = self.parent.taken_in[student, about["notebook"]]
        courses = self.parent.parent.coursedir
        root = Path(courses.root)
        released = Path(courses.format_path(courses.release_directory, ".", unit))
        graded = Path(courses.format_path(courses.autograded_directory, student, unit))
        whose = (student, key_of(root, unit))
        with handed_over(*whose), _files(taken_in.folder, released) as (folder, left_out):
            way, judged, facts = self._through(nb, whose, folder)
        self._settle(nb, way, judged, left_out)
        stated = {
            "student": student,
            "unit": unit,
            "notebook": about["notebook"],
            "submission": {"file": taken_in.file, "sha256": taken_in.sha256},
            "course_key": whose[1],
            "notes": list(nb.metadata.convdims.notes),
            "ended": way.gone,
            "exercises": [one.to_json() for one in judged],
        }
        receipts.write(root, graded, about["notebook"], stated | facts)
        points = {one.name: one.conclusion.points for one in judged}
        save(about, nb, points, AssignLatePenalties(parent=self.parent))
        return nb, resources

    def _through(
        self, nb: Any, whose: tuple[str, str], folder: str
    ) -> tuple[RunThrough, list[Judged], dict[str, Any]]:
        """Go through the notebook, and say how it was run."""
        manager = KernelManager(kernel_name=self.kernel_name, config=self.config)
        most, left_out = float(self.notebook_timeout), self.skip_cells_with_tag
        way = RunThrough(None, whose, float(self.timeout or most), most, left_out)
        with ExitStack() as stack:
            arguments, seconds = list(self.extra_arguments), self.startup_timeout
            try:
                way.kernel = stack.enter_context(
                    started(manager, folder, seconds, self.output_limit, arguments)
                )
            except KernelGone as error:
                way.gone = error.reason
            judged = [one for cell in nb.cells if (one := way.cell(cell))]
            provisioner: Any = manager.provisioner
            facts = provisioner.facts if isinstance(provisioner, SandboxProvisioner) else {}
        limits = {"cell_seconds": way.cell_seconds, "notebook_seconds": most}
        limits |= {"output_bytes": self.output_limit} | facts.get("limits", {})
        return way, judged, {"sandboxed": False, "landlock": 0} | facts | {"limits": limits}

    def _settle(self, nb: Any, way: RunThrough, judged: list[Judged], left_out: list[str]) -> None:
        """Say in the notebook and in the log what a person has to know."""
        about = nb.metadata.setdefault("convdims", {})
        notes = about.setdefault("notes", [])
        if left_out:
            names = plain(", ".join(left_out[:NAMED]))
            more = f" and {len(left_out) - NAMED:,} more" if len(left_out) > NAMED else ""
            notes.append(
                f"Files beside the notebook were left out: {names}{more}. At most {MOST_FILES} "
                f"ordinary files of {MOST_BYTES // 1024**2} MB together are used."
            )
        if way.gone:
            where = f" in the cell {way.gone_at}" if way.gone_at else ""
            lost = [one.name for one in judged if (one.conclusion.error or ("",))[0] == NOT]
            notes.append(
                f"{KERNEL_ENDED}{where}: {way.gone}. "
                f"Not judged after that: {', '.join(lost) or 'nothing'}."
            )
        for one in judged:
            if one.conclusion.fault:
                notes.append(f"{one.name} could not be judged; your instructor looks at it.")
                self.log.error("%s: %s", one.name, one.conclusion.fault)
        for note in notes:
            self.log.warning(note)


@contextmanager
def _files(handed_in: Path, released: Path) -> Iterator[tuple[str, list[str]]]:
    """A folder with the small files that lie beside a notebook, the released ones as released; and
    the names of those that were left out."""
    with tempfile.TemporaryDirectory(prefix="convdims-beside-") as folder:
        left_out: list[str] = []
        for source in (handed_in, released):
            if source.is_dir() and not source.is_symlink():
                left_out += copy_small_files(source, Path(folder))
        yield folder, left_out


def key_of(course: Path, unit: str) -> str:
    """The key that a unit is graded with.

    Errors: CourseError where the environment has another key than the course.
    """
    source = course / "source"
    kept = nearest_key((source / unit, source, course))
    given = os.environ.get(COURSE_KEY, "").strip()
    if given and kept not in (given, DEFAULT_KEY):
        raise CourseError(
            f"{COURSE_KEY} in the environment is not the key in {course}",
            "take one of the two away, as students have numbers of one of them only",
        )
    return given or kept


@contextmanager
def handed_over(student: str, key: str) -> Iterator[None]:
    """While this lasts, processes that are started are told whose notebook they run."""
    before = {name: os.environ.get(name) for name in (STUDENT, COURSE_KEY)}
    os.environ.update({STUDENT: student, COURSE_KEY: key})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
