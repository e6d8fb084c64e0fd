"""Matrices beside each other, to be compared by eye in a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from course.errors import ShapeError
from course.forward.arrays import numbers_of
from course.pictures.grids import Array, dims, figure, grid
from course.pictures.page import framed, page


@dataclass(frozen=True, eq=False, repr=False)
class SideBySide:
    """Matrices, each below its caption; shows itself where it is the last line of a cell.

    `matrices` holds for each caption an array (rows, columns) or (rows, columns, 1). Small ones
    are shown with their values, large ones as shades of gray, the largest value white.

    Errors: ShapeError for what is no such array.

    >>> SideBySide({"before": [[1, 2]], "after": [[2]]})
    before
    [[1 2]]
    after
    [[2]]
    """

    matrices: Mapping[str, Any]

    def __post_init__(self) -> None:
        matrices = {caption: _matrix(caption, values) for caption, values in self.matrices.items()}
        object.__setattr__(self, "matrices", matrices)

    def __repr__(self) -> str:
        return "\n".join(f"{caption}\n{matrix}" for caption, matrix in self.matrices.items())

    def _repr_html_(self) -> str:
        return page(side_by_side_html(self))


def side_by_side_html(shown: SideBySide) -> str:
    """The same as HTML, without the style sheet.

    >>> side_by_side_html(SideBySide({"before": [[1, 2]], "after": [[2]]})).count("<figure>")
    2
    """
    figures = (
        figure(escape(caption), grid(matrix, f"{caption}, {dims(matrix.shape)} values"))
        for caption, matrix in shown.matrices.items()
    )
    return framed(f'<div class="parts">{"".join(figures)}</div>')


def _matrix(caption: str, values: Any) -> Array:
    array = numbers_of(values, caption)
    if array.ndim == 3 and array.shape[-1] == 1:
        array = array[..., 0]
    if array.ndim != 2 or not array.size:
        raise ShapeError(
            f"{caption!r} has the shape {array.shape}",
            "give one channel, (rows, columns) or (rows, columns, 1)",
            "SideBySide",
        )
    return array
