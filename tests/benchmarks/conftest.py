"""Benchmarks compare two sides in one run; a table of all ratios ends the run."""

import timeit
from collections.abc import Callable
from dataclasses import dataclass

import pytest

ROUNDS = 7


@dataclass(frozen=True)
class Ratio:
    """How many times quicker `ours` is than `theirs`, in one run on one machine."""

    what: str
    ours: float
    theirs: float
    wanted: float

    @property
    def times(self) -> float:
        return self.theirs / self.ours


_ratios: list[Ratio] = []


@pytest.fixture
def compare(benchmark) -> Callable[..., Ratio]:
    """Time both sides, best of several rounds each, in turns so that noise hits both alike."""

    def run(what, ours, theirs, *, wanted, ours_times=10_000, theirs_times=20) -> Ratio:
        ours(), theirs()
        both = [
            (timeit.timeit(ours, number=ours_times), timeit.timeit(theirs, number=theirs_times))
            for _ in range(ROUNDS)
        ]
        ratio = Ratio(
            what,
            min(mine for mine, _ in both) / ours_times,
            min(other for _, other in both) / theirs_times,
            wanted,
        )
        benchmark.extra_info["ratio"] = ratio.times
        benchmark.pedantic(ours, rounds=5, iterations=max(1, ours_times // 10))
        _ratios.append(ratio)
        return ratio

    return run


@pytest.fixture
def record() -> Callable[[Ratio], None]:
    """Put a ratio that a test measured in its own way into the table."""
    return _ratios.append


def pytest_terminal_summary(terminalreporter) -> None:
    if not _ratios:
        return
    terminalreporter.section("speed: both sides in this run")
    terminalreporter.line("| what | ours | theirs | times quicker | wanted |")
    terminalreporter.line("|---|---|---|---|---|")
    for r in _ratios:
        terminalreporter.line(
            f"| {r.what} | {_seconds(r.ours)} | {_seconds(r.theirs)} "
            f"| {r.times:,.2f} | {r.wanted:,.2f} |"
        )


def _seconds(value: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6)):
        if value * factor >= 1:
            return f"{value * factor:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"
