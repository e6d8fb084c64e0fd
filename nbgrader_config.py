"""nbgrader's settings for this course; every plain `nbgrader` command run here reads them."""

from importlib.util import find_spec
from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it when it reads this file)

c.CourseDirectory.course_id = "convdims"
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# An answer cell reads `width = ( ... )` in the release; the checks call `...` not attempted.
c.ClearSolutions.code_stub = {"python": "..."}

# Submissions are taken in, run in a sandbox and judged by the course's own steps: docs/security.md
# says what they promise. The first puts notebooks together anew before anything else reads them,
# the second runs, judges and saves.
c.Autograde.exporter_class = "autograder.grading.staging.StagedExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["autograder.grading.grade.Grade"]

# The kernel that asks for the sandbox when somebody else's work is run. A notebook that nobody
# grades, as with Validate, runs in it as in any other, whatever kernel a student had chosen.
c.ExecutePreprocessor.kernel_name = "convdims"

# What a submission may take. Seconds for a cell: loading TensorFlow and training a small network
# fit; an endless loop does not, and is interrupted while the rest of the notebook goes on. Seconds
# for a notebook; bytes of output kept of each cell.
c.ExecutePreprocessor.timeout = 120
c.Grade.notebook_timeout = 900
c.Grade.output_limit = 1_000_000

# For all processes of a submission together: MiB of memory, files included; MiB of files, and of
# each file; processes. Then files that each process may have open.
c.SandboxProvisioner.memory = 4096
c.SandboxProvisioner.scratch = 1024
c.SandboxProvisioner.file_size = 256
c.SandboxProvisioner.processes = 64
c.SandboxProvisioner.open_files = 1024

# False grades without a sandbox on a machine that has none. Every receipt of such a grade says so.
c.SandboxProvisioner.required = True

# No history on disk, and no warnings of the kernel about itself on the instructor's terminal.
c.ExecutePreprocessor.extra_arguments = [
    "--HistoryManager.hist_file=:memory:",
    "--IPKernelApp.log_level=ERROR",
]

# Training takes long, ends a little differently each time, and nothing graded depends on it: cells
# that the release tags so are left out when a notebook is autograded or validated.
c.Execute.skip_cells_with_tag = "training"

# Receipts hold students' answers and what tests asked: they stay with the graded notebooks.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "*.receipt.json",
]

# What a student's notebook holds does nothing in the browser of whoever reads it, in the feedback
# or in the formgrader; and the feedback shows neither hidden tests nor mark schemes.
c.HTMLExporter.preprocessors = ["autograder.grading.feedback.safe_notebook.SafeNotebook"]
c.HTMLExporter.filters = {
    "markdown2html": "autograder.grading.feedback.markdown.markdown2html",
    "highlight_code": "autograder.grading.feedback.page.highlight_code",
    "feedback_head": "autograder.grading.feedback.page.feedback_head",
    "formgrader_head": "autograder.grading.feedback.page.formgrader_head",
}
c.HTMLExporter.template_file = str(
    Path(find_spec("autograder").origin).parent / "grading" / "feedback" / "page.html.j2"
)
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    "autograder.grading.feedback.student_view.StudentView",
]
