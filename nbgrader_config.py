"""nbgrader's settings for this course; every plain `nbgrader` command run here reads them."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it when it reads this file)

c.CourseDirectory.course_id = "convdims"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# An answer cell reads `width = ( ... )` in the release; the checks call `...` not attempted.
c.ClearSolutions.code_stub = {"python": "..."}

# Loading TensorFlow and training a small network fit into this many seconds; an endless loop does
# not, and is then interrupted and scored 0 while the rest of the notebook goes on.
c.ExecutePreprocessor.timeout = 120

# As nbgrader's own list, with an Execute that tells the notebook whose it is: personal exercises
# are graded by that and by nothing that the submission says.
c.Autograde.autograde_preprocessors = [
    "autograder.grading.execute.ExecuteAs",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# No history on disk, and no warnings of the kernel about itself on the instructor's terminal.
c.ExecutePreprocessor.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.log_level=ERROR",
]

# A notebook runs with this environment's Python, whatever kernel a student had chosen.
c.ExecutePreprocessor.kernel_name = "python3"

# Training takes long, ends a little differently each time, and nothing graded depends on it: cells
# with this tag are left out when a notebook is autograded or validated.
c.Execute.skip_cells_with_tag = "training"
