"""A network followed through with the engine, and the same asked of Keras."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from math import prod
from typing import Any

from autograder.checks.models.reading import AGAIN, REPLACE, parts_of, stands_in_line
from autograder.references import Truth, settled
from autograder.verdicts import as_error, text, wrong
from course import Stack
from course import layers as L
from course.layers.base import Shape
from course.stack import Network
from course.trace import Row, Trace

YOUR_MODEL = text("your-model", "your model")
OTHER_INPUT = text(
    "model.other-input",
    "your model takes inputs of {own}, but {wanted} comes in; begin it with keras.Input({wanted})",
)
UNKNOWN_LAYER = text(
    "model.unknown-layer",
    "layer {name!r}: {kind} is a layer that the course does not know; {advice}",
)
EMPTY = text("model.empty", "your model has no layers; put layers of keras.layers into it")


def begins_with(network: Network, built: Any, wanted: Shape) -> Any:
    """The input shape that the model has itself; where it leaves sizes open, the wanted ones."""
    own: Any = wanted if built is None else _shapes(built.inputs)
    if isinstance(network, Stack) and isinstance(network.layers[0], L.InputLayer):
        own = network.layers[0].shape
    if len(own) == len(wanted):
        own = tuple(w if n is None else n for n, w in zip(own, wanted, strict=True))
    if None in own:
        raise as_error(wrong(OTHER_INPUT(own=own, wanted=wanted), ("other-input",)))
    return own


def complete(trace: Trace, built: Any) -> Trace:
    """The trace with a row for each layer, InputLayers left out.

    A network in it is taken apart, unless several inputs share it; a layer that only Keras knows
    has Keras's count.
    """
    counts = dict(_keras_counts(built)) if built is not None and trace.unknown else {}

    def rows(part: Trace) -> Iterator[Row]:
        for row in part:
            if isinstance(row.layer, Network) and len(row.inputs) < 2:
                yield from rows(row.layer.trace(row.input_shape))
            elif row.param_count is None:
                if row.name not in counts:
                    said = UNKNOWN_LAYER(name=row.name, kind=row.kind, advice=REPLACE())
                    raise as_error(wrong(said, ("unreadable-model",)))
                yield replace(row, param_count=counts[row.name])
            elif row.kind != "InputLayer":
                yield row

    found = tuple(rows(trace))
    if not found:
        raise as_error(wrong(EMPTY(), ("unreadable-model",)))
    return replace(trace, rows=found)


def confirmed(trace: Trace, network: Network, built: Any, *, macs: bool) -> Truth:
    """The engine's shape and counts, held against Keras's. Errors: OurFault as in
    `references.truth`.

    Asked are the learner's own model, if Keras built it, and one that Keras builds from the layers,
    if they stand in sequence.
    """
    ours = {"output_shape": trace.output_shape, "param_count": trace.param_count}
    if macs and all(row.macs is not None for row in trace):
        ours["macs"] = trace.macs

    def agree(theirs: list[dict[str, Any]], ours: dict[str, Any]) -> bool:
        return all(
            _fits(facts[name], ours[name]) for facts in theirs for name in ours if name in facts
        )

    def ask() -> list[dict[str, Any]]:
        return list(_keras_says(trace, network, built))

    return settled(ours, ask, YOUR_MODEL(), agree=agree, advice=AGAIN)


def _keras_says(trace: Trace, network: Network, built: Any) -> Iterator[dict[str, Any]]:
    from course.keras_bridge import ask

    if (
        isinstance(network, Stack)
        and stands_in_line(network)
        and all(row.macs is not None for row in trace)
    ):
        yield asdict(ask(_plain(network), trace.input_shape))
    if built is not None:
        yield {"output_shape": _shapes(built.outputs), "param_count": _count(built)}


def _plain(layers: Iterable[Any]) -> Stack:
    """The layers as Keras takes them: the engine allows names and an order that Keras does not."""
    inner = [layer for layer in layers if not isinstance(layer, L.InputLayer)]
    return Stack([replace(layer, name=None) for layer in inner])


def _fits(said: Any, ours: Any) -> bool:
    """Whether both are equal, sizes that Keras leaves open aside."""
    if isinstance(said, tuple) and isinstance(ours, tuple):
        return len(said) == len(ours) and all(map(_fits, said, ours))
    return said is None or bool(said == ours)


def _shapes(tensors: Any) -> Any:
    shapes = tuple(tuple(tensor.shape[1:]) for tensor in tensors)
    return shapes[0] if len(shapes) == 1 else shapes


def _keras_counts(model: Any) -> Iterator[tuple[str, int]]:
    return ((part.name, _count(part)) for part in parts_of(model))


def _count(part: Any) -> int:
    """The parameters of a Keras model or layer; an operation such as x + y has none."""
    return sum(prod(weight.shape) for weight in getattr(part, "weights", ()))
