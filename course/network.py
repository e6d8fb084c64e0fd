"""What networks are made of, and how inputs are followed through them, layer by layer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from course.errors import CourseError
from course.layers import Layer, UnknownLayer
from course.layers.base import Shape, Sight
from course.layers.windows import Seen, joined
from course.trace import Row, Trace


class Node(NamedTuple):
    """One use of a layer: its name, the layer, and which values go in.

    Values are numbered: first the network's inputs, then the nodes' outputs, in order.
    """

    name: str
    layer: Any
    inputs: tuple[int, ...]


class Network:
    """What Stack and Graph share: all counts come from the trace."""

    name: str

    def trace(self, input_shape: Any) -> Trace:
        """Follow one input through all layers."""
        raise NotImplementedError

    def output_shape(self, input_shape: Any) -> Any:
        """What the network gives for one input."""
        return self.trace(input_shape).output_shape

    def weight_count(self, input_shape: Any) -> int:
        """Weights of all layers, biases not counted."""
        return self.trace(input_shape).weight_count

    def bias_count(self, input_shape: Any) -> int:
        """Biases of all layers."""
        return self.trace(input_shape).bias_count

    def param_count(self, input_shape: Any) -> int:
        """Parameters of all layers."""
        return self.trace(input_shape).param_count

    def trainable_count(self, input_shape: Any) -> int:
        """Parameters that training changes."""
        return self.trace(input_shape).trainable_count

    def macs(self, input_shape: Any) -> int:
        """Multiply-accumulates of all layers for one image."""
        return self.trace(input_shape).macs


def follow(
    name: str,
    nodes: Sequence[Node],
    input_shapes: tuple[Shape, ...],
    outputs: tuple[int, ...],
    *,
    sequential: bool = True,
) -> Trace:
    """Follow the inputs through the nodes, in order.

    Errors: those of the layers, each with the number, name and kind of its layer.
    """
    shapes: list[Any] = list(input_shapes)
    first = is_channels_first(node.layer for node in nodes)
    seen = [_start(shape, first) for shape in input_shapes]
    givers = [""] * len(input_shapes)
    rows: dict[str, Row] = {}
    for place, (node_name, layer, inputs) in enumerate(nodes, 1):
        given = shapes[inputs[0]] if len(inputs) == 1 else tuple(shapes[i] for i in inputs)
        sees = joined([seen[i] for i in inputs])
        try:
            sees = sees.after(_windows(layer, given))
            row = _row(node_name, layer, tuple(givers[i] for i in inputs), given, sees)
        except CourseError as error:
            kind = type(layer).__name__
            raise error.at(f"layer {place} {node_name!r} ({kind})") from None
        shapes.append(row.output_shape)
        seen.append(sees)
        givers.append(node_name)
        earlier = rows.get(node_name)
        if earlier and earlier.macs is not None and row.macs is not None:
            row = replace(row, macs=earlier.macs + row.macs, inputs=earlier.inputs + row.inputs)
        rows[node_name] = row
    found = tuple(shapes[i] for i in outputs)
    return Trace(
        name,
        input_shapes[0] if len(input_shapes) == 1 else input_shapes,
        found[0] if len(found) == 1 else found,
        tuple(rows.values()),
        sequential,
    )


def _windows(layer: Any, input_shape: Any) -> Sight:
    return layer.windows(input_shape) if isinstance(layer, Layer) else "unknown"


def is_channels_first(layers: Iterable[Any]) -> bool:
    """Whether a network of these layers takes images with the channels first."""
    return any(isinstance(layer, Layer) and layer.channels_first for layer in layers)


def _start(shape: Shape, channels_first: bool) -> Seen:
    image = shape[1:] if channels_first else shape[:-1]
    ones = (1,) * len(image)
    return Seen(image, ones, ones)


_COUNTS = ("weight_count", "bias_count", "param_count", "trainable_count", "macs")


def _row(name: str, layer: Any, inputs: tuple[str, ...], input_shape: Any, sees: Seen) -> Row:
    counts: Mapping[str, int | None]
    if isinstance(layer, UnknownLayer):
        output_shape, counts = layer.shape, dict.fromkeys(_COUNTS)
    elif isinstance(layer, Network):
        inner = layer.trace(input_shape)
        output_shape = inner.output_shape
        counts = {q: None if inner.unknown else getattr(inner, q) for q in _COUNTS}
    else:
        output_shape = layer.output_shape(input_shape)
        counts = {quantity: getattr(layer, quantity)(input_shape) for quantity in _COUNTS}
    return Row(
        name=name,
        layer=layer,
        inputs=tuple(filter(None, inputs)),
        input_shape=input_shape,
        output_shape=output_shape,
        receptive_field=_one_if_equal(sees.field),
        jump=_one_if_equal(sees.jump),
        **counts,
    )


def _one_if_equal(numbers: Shape) -> int | Shape | None:
    if not numbers:
        return None
    return numbers[0] if len(set(numbers)) == 1 else numbers
