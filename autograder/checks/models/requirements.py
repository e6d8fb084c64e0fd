"""What a model has to be: shapes, counts, budgets, kinds of layers, rows of a summary."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from course import layers as L
from course.errors import CourseError, SpecError
from course.layers import arguments
from course.layers.base import Shape, whole_shape

RowWanted = tuple[Shape | None, int | None]
"""The output shape and the parameters of one row of a summary; None for any."""

Span = tuple[int, int | None]
"""The least and the most, both allowed; None for no limit."""

BUDGETS = (
    "param_count", "min_params", "max_params", "max_macs", "min_receptive_field", "max_layers"
)  # fmt: skip
LEAST = {"min_receptive_field": 1, "max_layers": 1}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is wanted of a model; whatever is left out may be anything.

    Shapes leave the batch out, counts are those of the whole model, MACs for one image. `kinds`
    says how many layers of a kind there are to be: a number or (least, most), None for no limit;
    a tuple of names stands for layers of any of these kinds. `rows` are the rows of the model's
    summary in their order, as (output shape, parameters), None for any. `last_activation` is what
    the values go through last, as a name or a layer of its own. An InputLayer is no row and no
    layer here.

    Errors: SpecError where nothing is wanted, for a budget below 0, and for wishes that no model
    can meet together.

    >>> budget = Wanted(input_shape=(28, 28, 1), output_shape=(10,), max_params=5000)
    >>> smallest = Wanted(
    ...     input_shape=(28, 28, 1),
    ...     kinds={"Conv2D": 1, ("MaxPooling2D", "AveragePooling2D"): 1, "Dense": (1, None)},
    ... )
    """

    input_shape: Shape
    output_shape: Shape | None = None
    param_count: int | None = None
    min_params: int | None = None
    max_params: int | None = None
    max_macs: int | None = None
    min_receptive_field: int | None = None
    max_layers: int | None = None
    last_activation: str | None = None
    kinds: Mapping[Any, Any] = field(default_factory=dict, hash=False)
    rows: Sequence[RowWanted] = ()

    def __post_init__(self) -> None:
        try:
            for name, value in self._checked():
                object.__setattr__(self, name, value)
        except CourseError as error:
            raise SpecError(error.problem, error.fix, "Wanted") from None
        for contradiction, problem in _contradictions(self):
            if contradiction:
                raise SpecError(problem, "want what one model can meet", "Wanted")

    def _checked(self) -> Iterator[tuple[str, Any]]:
        """Each field that is not left out, in its one inner form."""
        yield "input_shape", whole_shape(self.input_shape, "Wanted")
        wishes = [getattr(self, each.name) for each in fields(self)[1:]]
        if all(wish in (None, {}, (), []) for wish in wishes):
            raise SpecError("nothing is wanted", "say at least one thing, such as max_params=5000")
        if self.output_shape is not None:
            yield "output_shape", whole_shape(self.output_shape, "Wanted")
        for name in BUDGETS:
            value = getattr(self, name)
            if value is not None:
                yield name, arguments.at_least(value, name, LEAST.get(name, 0))
        if self.last_activation is not None:
            if not isinstance(self.last_activation, str):
                raise SpecError("last_activation is no name", "write last_activation='softmax'")
            yield "last_activation", arguments.activation(self.last_activation) or "linear"
        if not isinstance(self.kinds, Mapping):
            raise SpecError("kinds must be a dict", "write kinds={'Conv2D': (1, None)}")
        yield "kinds", dict(_kind(names, span) for names, span in self.kinds.items())
        if not isinstance(self.rows, Sequence):
            raise SpecError("rows must be a list", "write rows=[((26, 26, 32), 320), ...]")
        yield "rows", tuple(_row(place, row) for place, row in enumerate(self.rows, 1))


def _kind(names: Any, span: Any) -> tuple[tuple[str, ...], Span]:
    listed = (names,) if isinstance(names, str) else tuple(names)
    for name in listed:
        if name not in L.__all__:
            raise SpecError(f"{name!r} is no kind of layer", "give names such as 'Conv2D'")
    least, most = span if isinstance(span, tuple | list) and len(span) == 2 else (span, span)
    label = f"kinds[{' or '.join(listed)!r}]"
    lower = 0 if least is None else arguments.at_least(least, label, 0)
    return listed, (lower, None if most is None else arguments.at_least(most, label, lower))


def _row(place: int, row: Any) -> RowWanted:
    if not isinstance(row, tuple | list) or len(row) != 2:
        raise SpecError(
            f"row {place} is {row!r}", "give each row as (output_shape, param_count), None for any"
        )
    shape, count = row
    return (
        None if shape is None else whole_shape(shape, "Wanted"),
        None if count is None else arguments.at_least(count, f"the count of row {place}", 0),
    )


def _contradictions(wanted: Wanted) -> Iterator[tuple[bool, str]]:
    """What cannot be met together, and whether it is wanted."""
    total, least, most = wanted.param_count, wanted.min_params, wanted.max_params
    rows, layers = wanted.rows, wanted.max_layers
    if least is not None and most is not None:
        yield least > most, f"min_params={least} is above max_params={most}"
    if total is not None:
        below, above = least is not None and total < least, most is not None and total > most
        yield below or above, f"param_count={total} lies outside the budget"
    counts = [count for _, count in rows if count is not None]
    if rows and len(counts) == len(rows):
        summed = sum(counts)
        outside = (
            (total is not None and summed != total)
            or (least is not None and summed < least)
            or (most is not None and summed > most)
        )
        yield outside, f"the rows have {summed} parameters in all"
    if rows and rows[-1][0] and wanted.output_shape:
        last = rows[-1][0]
        yield last != wanted.output_shape, f"the last row gives {last}, not output_shape"
    if layers is not None:
        yield len(rows) > layers, f"there are {len(rows)} rows, and max_layers={layers}"
        needed = sum(lower for lower, _ in wanted.kinds.values())
        yield needed > layers, f"kinds ask for {needed} layers, and max_layers={layers}"
