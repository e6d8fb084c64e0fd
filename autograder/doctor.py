"""`convdims doctor`: what is installed, what is missing, and what is left out without it."""

import shutil
import sys
from importlib import metadata

from rich.console import Console

PACKAGES = (
    "jupyterlab",
    "nbgrader",
    "numpy",
    "ipywidgets",
    "anywidget",
    "matplotlib",
    "tensorflow",
)
PROGRAMS = (
    (("bwrap",), "bubblewrap", "nothing yet; the sandbox that grading is to get needs it"),
    (
        ("chromium", "chromium-browser", "google-chrome"),
        "chromium",
        "the browser tests are skipped",
    ),
)


def examine(console: Console) -> bool:
    """Print what was found; True when everything that the course itself needs is there."""
    complete = sys.version_info >= (3, 11)
    console.print(
        f"Python {sys.version.split()[0]}" + ("" if complete else ": too old, 3.11 is needed")
    )
    for package in PACKAGES:
        try:
            console.print(f"{package} {metadata.version(package)}", highlight=False)
        except metadata.PackageNotFoundError:
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
