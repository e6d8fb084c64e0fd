"""nbgrader's step that runs a submission and scores it: here, a kernel answers and a judge decides.

The cells of a notebook run one after another in the submission's own kernel, as they always did.
A test cell does not: the judge runs it, in another process, and asks the kernel for what the
student's names hold.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import KernelManager
from nbgrader.preprocessors import AssignLatePenalties, Execute
from nbgrader.utils import is_grade, is_solution
from traitlets import Integer

from autograder.grading import outputs, receipts
from autograder.grading.gradebook import save
from autograder.grading.judge_process import Conclusion
from autograder.grading.judging import judge, names_used, needs_weights
from autograder.grading.kernel_client import KernelGone, SubmissionKernel, started
from autograder.kernels.provisioner import SandboxProvisioner
from autograder.kernels.small_files import MOST_BYTES, MOST_FILES, copy_small_files
from autograder.personal.identity import COURSE_KEY, DEFAULT_KEY, STUDENT, nearest_key
from course.errors import CourseError

NOT = "NotJudged"
NOT_RUN = "this cell was not run, because the notebook's kernel had ended: {reason}"
NOT_JUDGED = (
    "this could not be judged any more, because the notebook's kernel had ended: {reason}. What "
    "stands before it was judged"
)


@dataclass
class Judged:
    """A test cell, what its names held and its calls were answered, and what came of it."""

    name: str
    source: str
    points: float
    values: dict[str, Any] = field(default_factory=dict)
    calls: list[list[Any]] = field(default_factory=list)
    conclusion: Conclusion = field(default_factory=Conclusion)

    def to_json(self) -> dict[str, Any]:
        """As what `json` can write; the test itself by its hash."""
        return {
            "name": self.name,
            "test_sha256": receipts.sha256(self.source),
            "max_points": self.points,
            "answers": self.values,
            "calls": self.calls,
            "conclusion": self.conclusion.to_json(),
        }


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
        self.whose = (student, key_of(root, unit))
        self.end = time.monotonic() + self.notebook_timeout
        self.gone = self.gone_at = ""
        with ExitStack() as stack:
            stack.enter_context(handed_over(*self.whose))
            folder, left_out = stack.enter_context(_files(taken_in.folder, released))
            manager = KernelManager(kernel_name=self.kernel_name, config=self.config)
            kernel = self._start(stack, manager, folder)
            provisioner: Any = manager.provisioner
            self.facts = provisioner.facts if isinstance(provisioner, SandboxProvisioner) else {}
            judged = [one for cell in nb.cells if (one := self._through(cell, kernel))]
        self._settle(nb, judged, left_out)
        receipts.write(
            root,
            graded,
            about["notebook"],
            self._stated(about, taken_in, nb.metadata.convdims.notes, judged),
        )
        points = {one.name: one.conclusion.points for one in judged}
        save(about, nb, points, AssignLatePenalties(parent=self.parent))
        return nb, resources

    def _stated(
        self, about: Any, taken_in: Any, notes: Any, judged: list[Judged]
    ) -> dict[str, Any]:
        """What the receipt says."""
        return {
            "student": about["student"],
            "unit": about["assignment"],
            "notebook": about["notebook"],
            "submission": {"file": taken_in.file, "sha256": taken_in.sha256},
            "course_key": self.whose[1],
            "notes": list(notes),
            "ended": self.gone,
            "sandboxed": bool(self.facts.get("sandboxed")),
            "landlock": self.facts.get("landlock", 0),
            "limits": self.facts.get("limits", {})
            | {"cell_seconds": self.timeout, "notebook_seconds": self.notebook_timeout}
            | {"output_bytes": self.output_limit},
            "exercises": [one.to_json() for one in judged],
        }

    def _start(self, stack: ExitStack, manager: Any, folder: str) -> SubmissionKernel | None:
        arguments = list(self.extra_arguments)
        try:
            return stack.enter_context(
                started(manager, folder, self.startup_timeout, self.output_limit, arguments)
            )
        except KernelGone as error:
            self.gone = error.reason
            return None

    def _through(self, cell: Any, kernel: SubmissionKernel | None) -> Judged | None:
        """Run a cell, or have it judged."""
        if cell.cell_type != "code":
            return None
        cell.outputs, cell.execution_count = [], None
        if is_grade(cell) and not is_solution(cell):
            return self._judge(cell, kernel)
        if self.skip_cells_with_tag not in cell.metadata.get("tags", ()):
            cell.outputs = nbformat.from_dict(self._run(cell, kernel))
        return None

    def _seconds(self) -> float:
        return min(float(self.timeout or self.notebook_timeout), self.end - time.monotonic())

    def _run(self, cell: Any, kernel: SubmissionKernel | None) -> list[Any]:
        try:
            self._require_time()
            if kernel is None or self.gone:
                return [outputs.error("NotRun", NOT_RUN.format(reason=self.gone))]
            return kernel.run(cell.source, self._seconds()).outputs
        except KernelGone as error:
            self.gone, self.gone_at = error.reason, str(cell.get("id", ""))
            return [outputs.error("KernelEnded", f"the notebook's kernel ended here: {self.gone}")]

    def _require_time(self) -> None:
        if not self.gone and self._seconds() <= 0:
            raise KernelGone(f"the notebook ran longer than {self.notebook_timeout} s")

    def _judge(self, cell: Any, kernel: SubmissionKernel | None) -> Judged:
        marks = cell.metadata.nbgrader
        made = Judged(marks["grade_id"], cell.source, float(marks["points"]))
        try:
            self._require_time()
            if kernel is None or self.gone:
                raise KernelGone(self.gone)
            names = sorted(names_used(cell.source))
            weights = needs_weights(cell.source)
            made.values = kernel.values(names, weights=weights, seconds=self._seconds())
        except KernelGone as error:
            self.gone = error.reason
            said = NOT_JUDGED.format(reason=self.gone)
            made.conclusion = Conclusion(error=(NOT, said))
        except SyntaxError as error:
            fault = f"the test {made.name} is no Python: {error}"
            made.conclusion = Conclusion(points=None, fault=fault)
        else:
            asked = {"source": cell.source, "points": made.points}
            call = _Caller(kernel, made, self._seconds)
            made.conclusion = judge().judge(asked, made.values, call, self.whose)
        cell.outputs = nbformat.from_dict(shown(made.conclusion, made.points))
        return made

    def _settle(self, nb: Any, judged: list[Judged], left_out: int) -> None:
        """Say in the notebook and in the log what a person has to know."""
        about = nb.metadata.setdefault("convdims", {})
        notes = about.setdefault("notes", [])
        if left_out:
            notes.append(
                f"{left_out:,} files beside the notebook were left out: at most {MOST_FILES} of "
                f"{MOST_BYTES // 1024**2} MB together are looked at."
            )
        if self.gone:
            where = f" in the cell {self.gone_at}" if self.gone_at else ""
            lost = [one.name for one in judged if (one.conclusion.error or ("",))[0] == NOT]
            notes.append(
                f"The notebook's kernel ended{where}: {self.gone}. "
                f"Not judged after that: {', '.join(lost) or 'nothing'}."
            )
        for one in judged:
            if one.conclusion.fault:
                notes.append(f"{one.name} could not be judged; your instructor looks at it.")
                self.log.error("%s: %s", one.name, one.conclusion.fault)
        for note in notes:
            self.log.warning(note)


class _Caller:
    """Calls a student's functions for the judge, and keeps what they said."""

    def __init__(self, kernel: SubmissionKernel, made: Judged, seconds: Any) -> None:
        self._kernel, self._made, self._end = kernel, made, time.monotonic() + seconds()
        self._seconds = seconds()
        self._gone = ""

    def __call__(self, asked: list[Any]) -> list[Any]:
        left = self._end - time.monotonic()
        if self._gone:
            answer = ["error", "KernelEnded", self._gone]
        elif left <= 0:
            answer = ["error", "TimeoutError", f"all calls ran longer than {self._seconds:g} s"]
        else:
            try:
                answer = self._kernel.call(asked, left)
            except KernelGone as error:
                self._gone = error.reason
                answer = ["error", "KernelEnded", self._gone]
        self._made.calls.append([asked, answer])
        return answer


def shown(conclusion: Conclusion, points: float) -> list[Any]:
    """What a test cell shows in the graded notebook, as if it had run there."""
    made = [outputs.printed(conclusion.printed)] if conclusion.printed else []
    if conclusion.error:
        made.append(outputs.error(*conclusion.error))
    elif conclusion.points is not None and conclusion.points < points:
        made.append(outputs.result(f"{conclusion.points:g}"))
    return made


@contextmanager
def _files(handed_in: Path, released: Path) -> Iterator[tuple[str, int]]:
    """A folder with the small files that lie beside a notebook, the released ones as released; and
    how many were left out."""
    with tempfile.TemporaryDirectory(prefix="convdims-beside-") as folder:
        left_out = 0
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
