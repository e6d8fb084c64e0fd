"""The same sizes under the conventions that people use, side by side.

W, F and S alone do not say how large an output is, nor what stands in it: that depends on who pads.
Two conventions give the same values where they give the same number of outputs and their first
windows stand at the same place.
"""

from dataclasses import dataclass
from typing import NamedTuple

from course.arithmetic import (
    explicit_size,
    larger_half,
    same_padding,
    same_size,
    smaller_half,
    valid_size,
)
from course.errors import SpecError
from course.html_table import html_table
from course.layers.arguments import at_least, positive_int


class ConventionSize(NamedTuple):
    """The output size along one axis under one convention.

    `size` is None where the convention has no answer, and `note` then says why. `pads` are the
    zeros before and after.
    """

    name: str
    written: str
    size: int | None
    pads: tuple[int, int] | None
    note: str = ""

    def same_values(self, other: "ConventionSize") -> bool:
        """Whether both read the same windows, so that all outputs are equal."""
        if self.size is None or other.size is None or self.pads is None or other.pads is None:
            return False
        return self.size == other.size and self.pads[0] == other.pads[0]


@dataclass(frozen=True)
class Comparison:
    """The conventions for one W, F, S and P; `rows` in a fixed order, each found by its name."""

    rows: tuple[ConventionSize, ...]

    def __getitem__(self, name: str) -> ConventionSize:
        """The row of a convention; a SpecError for a name that none has."""
        for row in self.rows:
            if row.name == name:
                return row
        names = ", ".join(repr(row.name) for row in self.rows)
        raise SpecError(f"there is no convention {name!r}", f"the conventions are {names}")

    def alike(self, row: ConventionSize) -> tuple[str, ...]:
        """The names of the other conventions that give the same values."""
        return tuple(r.name for r in self.rows if r is not row and r.same_values(row))

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                row.name,
                row.written,
                row.note if row.size is None else str(row.size),
                "" if row.pads is None else f"{row.pads[0]} before, {row.pads[1]} after",
                ", ".join(self.alike(row)) or "none",
            )
            for row in self.rows
        ]

    def __str__(self) -> str:
        lines = [HEADINGS, *self._cells()]
        widths = [max(len(line[i]) for line in lines) for i in range(len(HEADINGS))]
        return "\n".join(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        )

    def _repr_html_(self) -> str:
        return html_table(HEADINGS, self._cells())


HEADINGS = ("convention", "written as", "output size", "zeros added", "same values as")


def compare_conventions(W: int, F: int, S: int = 1, P: int = 0) -> Comparison:
    """The output size of a window F that moves by S over W values, under each convention.

    P is the padding per side for those conventions that take a number; D2L's book writes the
    total, 2 P. All numbers count cells along one axis.

    Errors: SpecError for a number below its least value.
    Sources: CS231n (explicit P); the Keras, PyTorch and TensorFlow documentation; Zhang et al.,
    "Dive into Deep Learning" (the total).

    >>> table = compare_conventions(32, 8, 2, 1)
    >>> [table[name].size for name in ("explicit P", "valid", "same", "D2L")]
    [14, 13, 16, 14]
    >>> compare_conventions(4, 3, 2, 1)["same"].pads
    (0, 1)
    """
    W, F, S = positive_int(W, "W"), positive_int(F, "F"), positive_int(S, "S")
    P = at_least(P, "P", 0)
    o = same_size(W, S)
    total = same_padding(W, F, S, o)
    same = ConventionSize("same", "padding='same'", o, (smaller_half(total), larger_half(total)))
    explicit = _padded(("explicit P", f"P={P}"), W, F, S, P)
    torch_same = ConventionSize(
        "PyTorch same", "padding='same'", None, None, "only for strides of 1"
    )
    if S == 1:
        pads = smaller_half(F - 1), larger_half(F - 1)
        torch_same = ConventionSize("PyTorch same", "padding='same'", W, pads)
    return Comparison(
        (
            explicit,
            _padded(("valid", "padding='valid'"), W, F, S, 0),
            same,
            explicit._replace(name="PyTorch", written=f"padding={P}"),
            torch_same,
            explicit._replace(name="D2L", written=f"p={2 * P} in all"),
            _whole_sizes_only(explicit, W, F, S, P),
        )
    )


def _padded(names: tuple[str, str], W: int, F: int, S: int, P: int) -> ConventionSize:
    name, written = names
    if F > W + 2 * P:
        return ConventionSize(name, written, None, None, "the window is larger than the input")
    if P == 0:
        return ConventionSize(name, written, valid_size(W, F, S), (0, 0))
    return ConventionSize(name, written, explicit_size(W, F, P, S), (P, P))


def _whole_sizes_only(explicit: ConventionSize, W: int, F: int, S: int, P: int) -> ConventionSize:
    """The school that calls a layer invalid where the division leaves a remainder."""
    strict = explicit._replace(name="no remainder allowed")
    if explicit.size is None or (W - F + 2 * P) % S == 0:
        return strict
    return strict._replace(size=None, pads=None, note="invalid: the windows do not fit exactly")
