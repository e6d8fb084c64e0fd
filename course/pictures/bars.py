"""Counts as bars on a log scale, each with its number in full (HTML)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

HEIGHT = 16
LABELS = 5
"""The most labels that the scale has beside its first."""
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Bar:
    """A count with its name, what it counts, and notes (HTML) below it.

    >>> Bar("shared", 3860, "parameters").count
    3860
    """

    name: str
    count: int
    unit: str
    notes: tuple[str, ...] = ()
    chosen: bool = False


def log_bars(bars: Sequence[Bar]) -> str:
    """The bars below each other over a scale of powers of ten, from 1 to the next above all counts.

    Counts are at least 1.

    >>> page = log_bars([Bar("shared", 1000, "parameters"), Bar("unshared", 10**6, "parameters")])
    >>> page.count('width="50%"'), page.count('width="100%"'), "1,000,000" in page
    (1, 4, True)
    """
    top = max(1, *(len(str(bar.count - 1)) for bar in bars))
    step = -(-top // LABELS)
    powers = range(0, -(-top // step) * step + 1, step)
    shown = "".join(_bar(bar, powers) for bar in bars)
    return f'<div class="bars">{shown}{_scale(powers)}</div>'


def _bar(bar: Bar, powers: range) -> str:
    chosen = ' chosen" aria-current="true' if bar.chosen else ""
    notes = "".join(f'<p class="note">{note}</p>' for note in bar.notes)
    lines = "".join(
        f'<line x1="{at}" x2="{at}" y2="{HEIGHT}"/>'
        for at in (_across(power, powers) for power in powers)
    )
    box = f'<rect width="{_across(log10(bar.count), powers)}" height="{HEIGHT}"/>'
    return (
        f'<div class="bar{chosen}"><p>{bar.name}: <b>{bar.count:,}</b> {bar.unit}</p>'
        f"{_drawing(lines + box)}{notes}</div>"
    )


def _scale(powers: range) -> str:
    sides = {powers[0]: "first", powers[-1]: "last"}
    labels = "".join(
        f'<text class="{sides.get(power, "")}" x="{_across(power, powers)}" y="12">'
        f"{_power(power)}</text>"
        for power in powers
    )
    note = "A log scale: each step to the right is the same factor."
    return f'{_drawing(labels)}<p class="note">{note}</p>'


def _drawing(inside: str) -> str:
    """Hidden from screen readers, which have the numbers as text."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" width="100%" '
        f'height="{HEIGHT}">{inside}</svg>'
    )


def _across(power: float, powers: range) -> str:
    """Where a power of ten lies on the scale."""
    return f"{power / powers[-1] * 100:.4g}%"


def _power(power: int) -> str:
    return str(10**power) if power < 2 else f"10{str(power).translate(SUPERSCRIPTS)}"
