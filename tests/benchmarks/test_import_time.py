"""`import course` is quick: measured against `import numpy` on the same machine, in one run."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.conftest import Ratio

ROOT = Path(__file__).parents[2]
ROUNDS = 7
MOST = 3.0
"""How many times as long as `import numpy` `import course` may take."""


def seconds(module: str) -> float:
    """How long one import takes in a fresh process, the interpreter's own start left out."""
    code = f"from time import perf_counter as now; t = now(); import {module}; print(now() - t)"
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return float(done.stdout)


def quickest(module: str, yardstick: str) -> tuple[float, float]:
    """The quickest of several imports of each, taken in turn so that both meet the same load."""
    times = [(seconds(module), seconds(yardstick)) for _ in range(ROUNDS)]
    ours, theirs = (min(column) for column in zip(*times, strict=True))
    return ours, theirs


def test_import_course_takes_no_longer_than_three_imports_of_numpy(
    benchmark: BenchmarkFixture, record: Callable[[Ratio], None]
) -> None:
    benchmark.pedantic(seconds, args=("course",), rounds=1)
    ours, theirs = quickest("course", "numpy")
    record(Ratio("import course, against import numpy", ours, theirs, 1 / MOST))
    assert ours / theirs < MOST


def test_a_slow_import_would_be_seen(benchmark: BenchmarkFixture) -> None:
    """The bridge, which loads TensorFlow, is far over the limit."""
    slow = benchmark.pedantic(seconds, args=("course.keras_bridge",), rounds=1)
    assert slow > MOST * seconds("numpy")
