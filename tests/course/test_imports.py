"""Who imports whom, and what `import course` loads."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"tensorflow", "keras", "matplotlib", "numpy", "ipywidgets", "rich", "sklearn"}

BASE = {"errors", "arithmetic", "derivation", "layers"}
SEQUENCES = BASE | {"stack", "__init__"}
ALLOWED = {
    "errors": set(),
    "arithmetic": {"errors"},
    "expression": {"arithmetic"},
    "writing": {"expression"},
    "derivation": {"errors", "arithmetic", "expression", "writing"},
    "layers": {"errors", "arithmetic", "derivation"},
    "html_table": set(),
    "trace": BASE | {"html_table"},
    "network": BASE | {"trace"},
    "stack": BASE | {"network", "trace"},
    "conventions": BASE | {"html_table"},
    "design": SEQUENCES,
    "networks": SEQUENCES,
    "forward": SEQUENCES,
    "pictures": SEQUENCES | {"conventions", "forward", "trace"},
    "keras_bridge": SEQUENCES | {"trace"},
    "datasets": {"keras_bridge"},
    "training": {"datasets", "keras_bridge", "pictures"},
    "samples": {"forward"},
    "explorers": SEQUENCES | {"forward", "pictures", "keras_bridge", "datasets", "samples"},
    "__init__": {"errors", "layers", "stack", "trace"},
}
"""For each part of course, the other parts that it may import; docs/architecture.md draws this."""
KERAS = {"keras", "tensorflow"}

Arrow = tuple[str, str]


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """The dotted names that a module imports, also inside functions; `package` is its own."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def module_name(path: Path) -> str:
    """course/layers/base.py as course.layers.base, a package's own file as its __init__."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def arrows(package: str) -> Iterator[Arrow]:
    """Each module of a package with each name that it imports."""
    for path in sorted((ROOT / package).rglob("*.py")):
        module = module_name(path)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name in imported(tree, module.rpartition(".")[0]):
            yield module, name


def part(name: str) -> str:
    """The part of course that an imported name lies in; `course.Stack` lies in its __init__."""
    head = (name.split(".")[1:] or ["__init__"])[0]
    beside = ROOT / "course" / head
    known = head in ALLOWED or beside.is_dir() or beside.with_suffix(".py").exists()
    return head if known else "__init__"


def fault(module: str, name: str) -> str | None:
    """What is wrong with `module` importing `name`, or None."""
    package, here = module.split(".")[:2]
    target = name.split(".", maxsplit=1)[0]
    if target in KERAS and (package, here) != ("course", "keras_bridge"):
        return "only course/keras_bridge.py imports Keras"
    if package != "course" or target not in ("course", "autograder"):
        return None
    if target == "autograder":
        return "course never imports autograder"
    if here not in ALLOWED:
        return f"{here} is not in ALLOWED: say what it may import, here and in docs/architecture.md"
    there = part(name)
    if there != here and there not in ALLOWED[here]:
        return f"{here} may not import {there}"
    return None


@pytest.mark.parametrize("package", ["course", "autograder"])
def test_imports_point_the_right_way(package: str) -> None:
    found = list(arrows(package))
    assert found
    faults = [f"{m} imports {n}: {fault(m, n)}" for m, n in found if fault(m, n)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("course.stack", "course.keras_bridge"),
        ("course.stack", "course.keras_bridge.ask"),
        ("course.arithmetic", "course.derivation.Step"),
        ("course.layers.base", "course.stack.Stack"),
        ("course.layers.base", "course.Stack"),
        ("course.errors", "course.layers"),
        ("course.pictures.blocks", "course.explorers.frame"),
        ("course.forward.layer_runner", "course.pictures.grids"),
        ("course.__init__", "course.keras_bridge"),
        ("course.layers.base", "autograder.checks"),
        ("course.stack", "keras"),
        ("course.explorers.frame", "keras.layers"),
        ("autograder.checks", "tensorflow"),
        ("autograder.checks", "keras"),
        ("course.surprise", "course.errors"),
    ],
)
def test_a_wrong_arrow_is_seen(module: str, name: str) -> None:
    assert fault(module, name)


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("course.layers.core", "course.layers.arguments"),
        ("course.layers.core", "course.arithmetic"),
        ("course.derivation", "course.arithmetic"),
        ("course.keras_bridge", "course.layers"),
        ("course.keras_bridge", "keras"),
        ("course.explorers.conv_dims", "course.keras_bridge"),
        ("autograder.checks", "course.Stack"),
        ("autograder.checks", "course.keras_bridge"),
        ("course.stack", "rich.table.Table"),
    ],
)
def test_a_right_arrow_is_let_pass(module: str, name: str) -> None:
    assert fault(module, name) is None


def test_relative_imports_and_imports_inside_functions_are_seen() -> None:
    tree = ast.parse("def f():\n    from ..stack import Trace\n    from . import core\nimport os")
    found = set(imported(tree, "course.layers"))
    assert found == {"course.stack.Trace", "course.layers.core", "os"}


def loaded_by(statement: str) -> set[str]:
    """The top-level modules in a fresh process after a statement."""
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_import_course_loads_nothing_heavy() -> None:
    assert not loaded_by("import course") & HEAVY


def test_reckoning_loads_nothing_heavy() -> None:
    reckon = "from course import Stack, layers as L; Stack([L.Conv2D(8, 3)]).macs((28, 28, 1))"
    assert not loaded_by(reckon) & HEAVY


def test_a_heavy_import_would_be_seen() -> None:
    assert "numpy" in loaded_by("import course, numpy")
