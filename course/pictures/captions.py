"""What stands beside a grid: the working of its size, and what its marks mean."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np

from course.derivation import Step
from course.pictures.grids import grid
from course.pictures.marks import Mark


def working(steps: Iterable[Step], *, letters: bool = False) -> str:
    """HTML of steps with their numbers, a line each; those that read alike share one.

    With `letters` the formula stands first. A step without a formula is left out.

    >>> from course.layers import Conv2D
    >>> steps = Conv2D(1, 3).derivation("output_shape", (5, 5, 1)).steps
    >>> working(steps[:2])
    '<p class="note">H_out = W_out = floor((5 - 3) ÷ 1) + 1 = <b>3</b></p>'
    """
    lines: dict[tuple[Any, ...], list[Step]] = {}
    for step in steps:
        if step.substituted != str(step.value):
            formula = f"{escape(step.formula)} = " if letters else ""
            same = (step.function, formula, escape(step.substituted), step.value)
            lines.setdefault(same, []).append(step)
    shown = [
        f"{' = '.join(step.name for step in alike)} = {formula}{substituted} = <b>{value}</b>"
        for (_, formula, substituted, value), alike in lines.items()
    ]
    return f'<p class="note">{"<br/>".join(shown)}</p>' if shown else ""


def key(kinds: Mapping[str, str]) -> str:
    """What the kinds of marks on a picture mean, each beside a cell that has it (HTML).

    >>> key({"zero": "a zero"}).count("<svg"), "a zero" in key({"zero": "a zero"})
    (1, True)
    """
    cell, empty = np.zeros((1, 1), int), np.zeros((1, 1), bool)
    entries = (
        f"<span>{grid(cell, meaning, [Mark(kind, 0, 0)], shown=empty)} {escape(meaning)}</span>"
        for kind, meaning in kinds.items()
    )
    return f'<p class="note key" aria-hidden="true">{"".join(entries)}</p>'
