"""The rows of a model's summary held against the wanted ones, to the first that is another."""

from typing import Any

from autograder.checks.models.requirement import OPPOSITES, Requirement, opposite
from autograder.checks.models.requirements import RowWanted
from autograder.verdicts import Message, text
from course.errors import CourseError
from course.trace import Row, Trace

ROWS = text("model.rows", "the {count} rows of the summary")
ONE_TOO_MANY = text("model.row.one-too-many", "row {place} {name!r} ({kind}) is one too many")
ROW = text("model.row", "row {place} {name!r}: {wrong:and}; {hint}")
ROW_GIVES = text("model.row.gives", "gives {given}, wanted {shape}")
ROW_HAS = text("model.row.has", "has {given:,} parameters, wanted {count:,}")
ROW_MISSING = text("model.row.missing", "row {place} is missing: wanted {what:and}")
ROW_PARAMS = text("model.row.params", "{count:,} parameters")
ANY_LAYER = text("model.row.any", "a layer")
ARGUMENTS = text("model.hint.arguments", "look at its {names:comma}")
OTHER_LAYER = text("model.hint.other-layer", "is another layer wanted here?")


def rows_requirement(trace: Trace, wanted: tuple[RowWanted, ...]) -> Requirement:
    instead = _first_other_row(trace, wanted)
    return Requirement("other-rows", ROWS(count=len(wanted)), instead is None, instead)


def _first_other_row(trace: Trace, wanted: tuple[RowWanted, ...]) -> Message | None:
    """What is wrong with the first row that is not the wanted one."""
    for place, row in enumerate(trace, 1):
        if place > len(wanted):
            return ONE_TOO_MANY(place=place, name=row.name, kind=row.kind)
        shape, count = wanted[place - 1]
        wrong: list[Message] = []
        if shape not in (None, row.output_shape):
            wrong.append(ROW_GIVES(given=row.output_shape, shape=shape))
        if count not in (None, row.param_count):
            wrong.append(ROW_HAS(given=row.param_count, count=count))
        if wrong:
            hint = _argument(row, shape, count)
            return ROW(place=place, name=row.name, wrong=tuple(wrong), hint=hint)
    if len(trace) == len(wanted):
        return None
    shape, count = wanted[len(trace)]
    what: list[Message | str] = [] if shape is None else [str(shape)]
    what += [] if count is None else [ROW_PARAMS(count=count)]
    return ROW_MISSING(place=len(trace) + 1, what=tuple(what) or (ANY_LAYER(),))


def _argument(row: Row, shape: Any, count: int | None) -> Message:
    """Which argument to look at, where one that is easily mistaken makes the difference."""
    for argument in OPPOSITES:
        other = opposite(row.layer, argument)
        try:
            if (
                other is not None
                and shape in (None, other.output_shape(row.input_shape))
                and count in (None, other.param_count(row.input_shape))
            ):
                return ARGUMENTS(names=(argument,))
        except CourseError:
            continue
    given = row.output_shape
    if shape in (None, given):
        names: tuple[str, ...] = ("kernel_size",) if count and row.param_count else ()
    elif shape[:-1] == given[:-1]:
        names = ("filters", "units")
    else:
        names = ("kernel_size", "pool_size", "strides", "padding")
    found = tuple(name for name in names if hasattr(row.layer, name))
    return ARGUMENTS(names=found) if found else OTHER_LAYER()
