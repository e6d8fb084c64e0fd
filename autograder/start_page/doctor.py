"""What is installed, what is missing, and what to do about it: on the command line, and for the
start page of the course.
"""

import platform
import shutil
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from course.errors import CourseError

if TYPE_CHECKING:
    from rich.console import Console

OLDEST = (3, 11)
PACKAGES = (
    "jupyterlab",
    "nbgrader",
    "numpy",
    "ipywidgets",
    "anywidget",
    "matplotlib",
    "scikit-learn",
    "tensorflow",
)
PROGRAMS = (
    (("bwrap",), "bubblewrap", "grading refuses to run, because it has no sandbox"),
    (
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        "the browser tests are skipped",
    ),
)


def versions() -> dict[str, str]:
    """The version of every package that the course needs; empty where it is missing."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = ""
    return found


def examine(console: "Console") -> bool:
    """Print what was found; True when everything that the course itself needs is there."""
    complete = sys.version_info >= OLDEST
    python = platform.python_version()
    console.print(f"Python {python}" + ("" if complete else ": too old, 3.11 is needed"))
    for package, version in versions().items():
        if version:
            console.print(f"{package} {version}", highlight=False)
        else:
            complete = False
            console.print(f"{package} is missing: pip install {package}", style="red")
    for names, package, without in PROGRAMS:
        found = next(filter(None, map(shutil.which, names)), None)
        if found:
            console.print(f"{package}: {found}", highlight=False)
        else:
            console.print(
                f"{package} is missing (apt install {package}): {without}", style="yellow"
            )
    return complete


def check_installation() -> None:
    """Print, in a notebook, whether a student can begin, and what to do about what is missing.

    Python and the packages are looked for; then Keras is loaded and asked for the parameters of
    one layer, which have to be the engine's. That takes a few seconds.

    >>> check_installation()  # doctest: +ELLIPSIS
    Python 3..., and all packages that the course needs.
    Keras loads, and it agrees with the course's engine. You can begin.
    """
    troubles = [
        f"{package} is missing. Run this in a cell: %pip install {package}"
        for package, version in versions().items()
        if not version
    ]
    if sys.version_info < OLDEST:
        troubles.append(
            f"Python {platform.python_version()} is too old. Install Python 3.11 or newer, then "
            "the course again."
        )
    if not troubles:
        troubles = _keras_troubles()
    for trouble in troubles:
        print(trouble)
    if troubles:
        print("Then choose Kernel > Restart Kernel in the menu, and run this cell again.")
    else:
        print(f"Python {platform.python_version()}, and all packages that the course needs.")
        print("Keras loads, and it agrees with the course's engine. You can begin.")


def _keras_troubles() -> list[str]:
    from autograder.questions import Question
    from autograder.references import keras_trouble, truth
    from course import layers as L

    trouble = keras_trouble()
    if trouble:
        return [
            f"TensorFlow is installed and does not load: {trouble}",
            "Run this in a cell: %pip install --force-reinstall tensorflow",
        ]
    try:
        truth(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count"))
    except CourseError as error:
        return [str(error)]
    return []
