"""The same layer fully connected, unshared and shared: who has which weight, and how many."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from course import layers as L
from course.derivation import Step
from course.errors import CourseError
from course.layers.arguments import one_of
from course.layers.base import Shape
from course.pictures.bars import Bar, log_bars
from course.pictures.captions import working
from course.pictures.connections import (
    FULLY_CONNECTED,
    SHARED,
    SHARINGS,
    UNSHARED,
    connection_counts,
    connections,
)
from course.pictures.grids import dims
from course.pictures.page import explained, framed, heading, spoken


@dataclass(frozen=True)
class SharingState:
    """A layer by the arguments of Conv2D, and which of the three ways of sharing is shown.

    Errors: SpecError or ShapeError for what makes no layer or no image; a window that does not
    fit is not one of them.

    >>> SharingState((32, 32, 3), 20, 8, 2, 1).sharing
    'shared'
    """

    input_shape: Any
    filters: int
    kernel_size: Any
    strides: Any = 1
    padding: Any = "valid"
    sharing: str = SHARED

    def __post_init__(self) -> None:
        L.Conv2D(1, 1).plain_shape(self.input_shape)
        self.layer(L.Conv2D)
        one_of(self.sharing, SHARINGS, "sharing", any_case=False)

    def layer(self, kind: type[Any]) -> Any:
        """A layer of this kind with the state's arguments."""
        return kind(self.filters, self.kernel_size, self.strides, self.padding)


class Count(NamedTuple):
    """One way of sharing: the layer, its own input's shape, its parameters and their formula."""

    layer: Any
    input_shape: Shape
    value: int
    step: Step


def counts(state: SharingState) -> dict[str, Count]:
    """The layer in its three ways. Errors: ShapeError where the window does not fit.

    >>> [count.value for count in counts(SharingState((32, 32, 3), 20, 8, 2, 1)).values()]
    [12046160, 756560, 3860]
    """
    shape, flatten = tuple(state.input_shape), L.Flatten()
    (units,) = flatten.output_shape(state.layer(L.Conv2D).output_shape(shape))
    layers = {
        FULLY_CONNECTED: (L.Dense(units), flatten.output_shape(shape)),
        UNSHARED: (state.layer(L.LocallyConnected2D), shape),
        SHARED: (state.layer(L.Conv2D), shape),
    }
    return {
        sharing: Count(
            layer, given, layer.param_count(given), layer.derivation("param_count", given).steps[-1]
        )
        for sharing, (layer, given) in layers.items()
    }


def parameter_sharing_html(state: SharingState) -> str:
    """HTML of a small picture of the way of sharing that is chosen, and of all three counts.

    A layer that cannot be made is explained in place of the picture.

    >>> "756,560" in parameter_sharing_html(SharingState((32, 32, 3), 20, 8, 2, 1))
    True
    """
    try:
        found = counts(state)
    except CourseError as error:
        return framed(explained(error))
    return framed(
        f'{spoken(said_of(state, found))}<div class="parts"><div class="part small">'
        f"{heading(f'In small: {state.sharing}')}"
        f"{_small(state.sharing)}</div>"
        f'<div class="part wide">{heading("This layer")}{_sizes(state, found)}{_bars(state, found)}'
        "</div></div>"
    )


def said_of(state: SharingState, found: dict[str, Count]) -> str:
    """The chosen way and its count, and what sharing saves.

    >>> state = SharingState((32, 32, 3), 20, 8, 2, 1)
    >>> said_of(state, counts(state))
    'Shared: 3,860 parameters. Sharing divides the unshared count by 14 × 14 = 196.'
    """
    rows, columns, _ = state.layer(L.Conv2D).output_shape(state.input_shape)
    saved = found[UNSHARED].value // found[SHARED].value
    return (
        f"{state.sharing.capitalize()}: {found[state.sharing].value:,} parameters. "
        f"Sharing divides the unshared count by {rows} × {columns} = {saved:,}."
    )


def _small(sharing: str) -> str:
    return (
        f'<div class="scroll">{connections(sharing)}</div><p>{connection_counts(sharing)}</p>'
        '<p class="note">The same weight has the same name, colour and pattern. '
        "Biases are left out.</p>"
    )


def _sizes(state: SharingState, found: dict[str, Count]) -> str:
    steps = found[SHARED].layer.derivation("output_shape", state.input_shape).steps
    output = found[SHARED].layer.output_shape(state.input_shape)
    shapes = f"<p>{dims(state.input_shape)} → <b>{dims(output)}</b></p>"
    return shapes + working(steps[:2], letters=True)


def _bars(state: SharingState, found: dict[str, Count]) -> str:
    output = found[SHARED].layer.output_shape(state.input_shape)
    (inputs,), units = found[FULLY_CONNECTED].input_shape, found[FULLY_CONNECTED].layer.units
    rows, columns, filters = output
    meanings = {
        FULLY_CONNECTED: f"each of {dims(output)} = {units:,} units sees all "
        f"{dims(state.input_shape)} = {inputs:,} inputs",
        UNSHARED: f"each unit sees its window only, and has weights of its own: {rows * columns:,} "
        f"places, {filters} filters",
        SHARED: f"the same {filters} filters at all {rows * columns:,} places",
    }
    return log_bars([_bar(state, sharing, found[sharing], meanings[sharing]) for sharing in found])


def _bar(state: SharingState, sharing: str, count: Count, meaning: str) -> Bar:
    layer, given = count.layer, count.input_shape
    weights, biases = layer.weight_count(given), layer.bias_count(given)
    notes = (
        meaning,
        f"{count.step.formula} = {count.step.substituted}",
        f"{weights:,} weights and {biases:,} biases",
    )
    name = f"{sharing} ({type(layer).__name__})"
    return Bar(name, count.value, "parameters", notes, chosen=sharing == state.sharing)
