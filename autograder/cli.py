"""The `convdims` command: a thin shell around the functions that do the work."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from course.errors import CourseError

app = typer.Typer(
    help="A Jupyter course on the arithmetic of convolutional networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()


@app.command()
def demo(
    into: Annotated[Path, typer.Option(help="Where the demo's own new folder is made.")] = Path(
        "."
    ),
) -> None:
    """Grade a made-up class, write its feedback, and print the grades and where everything lies."""
    from autograder.demo.run import run_demo
    from autograder.grading.nbgrader_api import find_course

    run_demo(find_course(), into.resolve(), console)


@app.command()
def release() -> None:
    """Write release/ anew from source/, solutions and hidden tests taken out."""
    from autograder.grading import nbgrader_api

    folder = nbgrader_api.find_course()
    api = nbgrader_api.open_course(folder)
    for unit in nbgrader_api.units(folder):
        outcome = nbgrader_api.generate_release(api, unit)
        if not outcome.success:
            raise nbgrader_api.GradingError(
                f"releasing {unit} failed: {outcome.reason}", outcome.log
            )
        console.print(f"release/{unit}")
    if nbgrader_api.copy_start_page(folder):
        console.print(f"release/{nbgrader_api.START_PAGE}")


@app.command()
def lab() -> None:
    """Open JupyterLab on the start page, with nbgrader's extensions."""
    from autograder.grading.nbgrader_api import START_PAGE, GradingError, find_course, units

    folder = find_course()
    if not units(folder):
        raise GradingError(f"{folder / 'source'} holds no unit", "open the course's own folder")
    first = f"{units(folder)[0]}/{units(folder)[0]}.ipynb"
    page = START_PAGE if (folder / "release" / START_PAGE).is_file() else first
    os.chdir(folder)
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--LabApp.default_url=/lab/tree/release/{page}",
        f"--LabApp.app_settings_dir={Path(__file__).parent / 'lab_settings'}",
        # The kernel that grades is nbgrader's business, and none to open a notebook with.
        "--KernelSpecManager.allowed_kernelspecs=python3",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--ServerApp.allow_root=True")  # in a container there is often nobody else
    os.execv(sys.executable, command)


@app.command()
def rehearse(
    unit: Annotated[str, typer.Argument(help="The unit's name, such as 07-conv-dims.")],
    every: Annotated[
        bool, typer.Option("--every", help="List every simulated student with the points earned.")
    ] = False,
) -> None:
    """Play students with every misconception through a unit's tests: which would score points?"""
    from autograder.grading.nbgrader_api import GradingError, find_course, units
    from autograder.rehearsal.report import report

    folder = find_course()
    if unit not in units(folder):
        raise GradingError(
            f"{folder / 'source'} has no unit {unit}",
            f"the units are {', '.join(units(folder)) or 'none yet'}",
        )
    notebook = folder / "source" / unit / f"{unit}.ipynb"
    raise typer.Exit(0 if report(notebook, console, every=every) else 1)


@app.command()
def grade(
    units: Annotated[list[str], typer.Argument(help="Units, such as 07-conv-dims.")],
    student: Annotated[str, typer.Option(help="Only this student.")] = "",
    no_sandbox: Annotated[
        bool,
        typer.Option("--no-sandbox", help="Grade also on a machine without a sandbox."),
    ] = False,
) -> None:
    """Grade all that was handed in for these units, and say what needs a person."""
    from autograder.grading.class_grading import grade_class, print_class
    from autograder.grading.nbgrader_api import find_course

    graded = grade_class(find_course(), units, student, console, needs_sandbox=not no_sandbox)
    raise typer.Exit(0 if print_class(graded, console) else 1)


@app.command()
def verify(
    units: Annotated[list[str] | None, typer.Argument(help="Units; all, if none is given.")] = None,
) -> None:
    """Judge every grade again from its receipt, and say what was changed since."""
    from autograder.grading.class_grading import print_verified
    from autograder.grading.nbgrader_api import find_course, open_course
    from autograder.grading.verifying import verify as verified

    folder = find_course()
    url = open_course(folder).coursedir.db_url
    found = verified(folder, url, tuple(units or ()))
    raise typer.Exit(0 if print_verified(found, console) else 1)


@app.command()
def doctor() -> None:
    """Check what this machine has, and say what is missing and what that leaves out."""
    from autograder.start_page.doctor import examine

    raise typer.Exit(0 if examine(console) else 1)


def main() -> None:
    """Run the command; errors of the course are told in one line, without a traceback."""
    try:
        app()
    except CourseError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
