"""A notebook gone through from top to bottom: a kernel runs its cells, a judge its test cells."""

import time
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader.utils import is_grade, is_solution

from autograder.grading import outputs, receipts
from autograder.grading.judge_process import NOT_YET_JUDGED, Conclusion
from autograder.grading.judging import judge, names_used, needs_weights
from autograder.grading.kernel_client import KernelGone, SubmissionKernel, failed

JUDGING_SECONDS = 120.0
"""What the judge may think about all of a submission, students' functions left out."""
TOO_LONG = f"judging what was handed in took longer than {JUDGING_SECONDS:g} s"
NOT, KERNEL_ENDED = "NotJudged", "The notebook's kernel ended"
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
    values: dict[str, str] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    conclusion: Conclusion = field(default_factory=Conclusion)

    def to_json(self) -> dict[str, Any]:
        """As what `json` can write; the test itself by its hash."""
        return {
            "name": self.name,
            "test_sha256": receipts.sha256(self.source),
            "max_points": self.points,
            "answers": {name: receipts.kept(value) for name, value in self.values.items()},
            "calls": [[asked, receipts.kept(answer)] for asked, answer in self.calls],
            "conclusion": self.conclusion.to_json(),
        }


@dataclass
class RunThrough:
    """One way through a submission's notebook. `gone` says why its kernel has ended, `gone_at` in
    which cell; both are empty while it has not.

    `whose` are the student and the course's key. Cells with the tag `left_out` are not run.
    """

    kernel: SubmissionKernel | None
    whose: tuple[str, str]
    cell_seconds: float
    notebook_seconds: float
    left_out: str = ""
    gone: str = ""
    gone_at: str = ""

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.notebook_seconds
        self._judging = JUDGING_SECONDS

    def cell(self, cell: Any) -> Judged | None:
        """Run a cell, or have it judged, and write down what it shows."""
        if cell.cell_type != "code":
            return None
        cell.outputs, cell.execution_count, judged = [], None, None
        if is_grade(cell) and not is_solution(cell):
            judged = self._judge(cell)
            cell.outputs = nbformat.from_dict(shown(judged.conclusion, judged.points))
        elif self.left_out not in cell.metadata.get("tags", ()):
            cell.outputs = nbformat.from_dict(self._run(cell))
        return judged

    def _seconds(self) -> float:
        return min(self.cell_seconds, self._end - time.monotonic())

    def _alive(self) -> SubmissionKernel:
        """The kernel, as long as there is one and time. Errors: KernelGone."""
        if self.kernel is None or self.gone:
            raise KernelGone(self.gone)
        if self._seconds() <= 0:
            raise KernelGone(f"the notebook ran longer than {self.notebook_seconds:g} s")
        return self.kernel

    def _run(self, cell: Any) -> list[Any]:
        before = self.gone
        try:
            return self._alive().run(cell.source, self._seconds()).outputs
        except KernelGone as error:
            self.gone = error.reason
            if before:
                return [outputs.error("NotRun", NOT_RUN.format(reason=before))]
            self.gone_at = str(cell.get("id", ""))
            return [outputs.error("KernelEnded", f"the notebook's kernel ended here: {self.gone}")]

    def _judge(self, cell: Any) -> Judged:
        marks = cell.metadata.nbgrader
        made = Judged(marks["grade_id"], cell.source, float(marks["points"]))
        try:
            kernel = self._alive()
            names, weights = sorted(names_used(cell.source)), needs_weights(cell.source)
            made.values = kernel.values(names, weights=weights, seconds=self._seconds())
        except KernelGone as error:
            self.gone = error.reason
            made.conclusion = Conclusion(error=(NOT, NOT_JUDGED.format(reason=self.gone)))
            if self.kernel is None:  # which is nobody's answer
                made.conclusion = Conclusion(points=None, fault=self.gone)
        except SyntaxError as error:
            fault = f"the test {made.name} is no Python: {error}"
            made.conclusion = Conclusion(points=None, fault=fault)
        else:
            made.conclusion = self._concluded(made, _Caller(kernel, made, self._seconds()))
        return made

    def _concluded(self, made: Judged, call: "_Caller") -> Conclusion:
        if self._judging <= 0:
            return Conclusion(points=None, fault=TOO_LONG)
        asked = {"source": made.source, "points": made.points}
        conclusion = judge().judge(asked, made.values, call, self.whose, self._judging)
        self._judging -= conclusion.seconds
        return conclusion


class _Caller:
    """Calls a student's functions for the judge, and keeps what they said."""

    def __init__(self, kernel: SubmissionKernel, made: Judged, seconds: float) -> None:
        self._kernel, self._made, self._seconds = kernel, made, seconds
        self._end = time.monotonic() + seconds
        self._gone = ""

    def __call__(self, asked: str) -> str:
        left = self._end - time.monotonic()
        if self._gone:
            answer = failed("KernelEnded", self._gone)
        elif left <= 0:
            answer = failed("TimeoutError", f"all calls ran longer than {self._seconds:g} s")
        else:
            try:
                answer = self._kernel.call(asked, left)
            except KernelGone as error:
                self._gone = error.reason
                answer = failed("KernelEnded", self._gone)
        self._made.calls.append([asked, answer])
        return answer


def shown(conclusion: Conclusion, points: float) -> list[Any]:
    """What a test cell shows in the graded notebook, as if it had run there."""
    made = [outputs.printed(conclusion.printed)] if conclusion.printed else []
    if conclusion.error is not None:
        made.append(outputs.error(*conclusion.error))
    elif conclusion.points is None:
        made.append(outputs.error("OurFault", str(NOT_YET_JUDGED())))
    elif conclusion.points < points:
        made.append(outputs.result(f"{conclusion.points:g}"))
    return made
