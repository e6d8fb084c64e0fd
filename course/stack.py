"""Networks as plain data: layers in sequence (Stack) or with branches (Graph), and their trace."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from course.errors import CourseError, SpecError
from course.layers import Layer, UnknownLayer
from course.layers.base import Shape, whole_shape
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


class Stack(Network):
    """Layers in sequence, as in keras.Sequential; equal layers may stand in it twice.

    Errors: SpecError for what is no layer and for a name used twice; `trace` and the counts raise
    a ShapeError that names the layer when one layer's output does not suit the next.

    >>> from course import layers as L
    >>> Stack([L.Conv2D(8, 3), L.Conv2D(8, 5)]).output_shape((6, 6, 1))
    Traceback (most recent call last):
        ...
    course.errors.ShapeError: layer 2 'conv2d_1' (Conv2D): window 5 is larger than height 4; use a \
smaller kernel_size or padding='same'
    """

    def __init__(self, layers: Iterable[Any], name: str | None = None) -> None:
        if isinstance(layers, Layer | Network) or not isinstance(layers, Iterable):
            raise SpecError(
                f"a stack is made of a list of layers, not of {layers!r}",
                "write Stack([L.Conv2D(32, 3), L.Flatten()])",
                "Stack",
            )
        self.layers = tuple(layers)
        self.given_name = name
        self.name = name or "sequential"
        for place, layer in enumerate(self.layers, 1):
            if not isinstance(layer, Layer | Network):
                raise SpecError(
                    f"place {place} of the stack holds {layer!r}, which is no layer",
                    "give layers of course.layers, such as L.Conv2D(32, 3)",
                    "Stack",
                )
        if not self.layers:
            raise SpecError(
                "a stack needs at least one layer", "give Stack a list of layers", "Stack"
            )
        self.names = _names(self.layers)

    def trace(self, input_shape: Shape) -> Trace:
        """Follow one input through all layers."""
        shape = whole_shape(input_shape, "Stack")
        chain = enumerate(zip(self.names, self.layers, strict=True))
        nodes = [Node(name, layer, (place,)) for place, (name, layer) in chain]
        return follow(self.name, nodes, (shape,), (len(nodes),))

    def __len__(self) -> int:
        return len(self.layers)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stack) and self.layers == other.layers

    def __hash__(self) -> int:
        return hash(self.layers)

    def __repr__(self) -> str:
        return f"Stack([{', '.join(map(repr, self.layers))}])"


@dataclass(frozen=True)
class Graph(Network):
    """A network with branches, as keras.Model builds from inputs and outputs.

    `nodes` are in an order in which every value is there before it is used; `outputs` are the
    numbers of the values that the network gives. A layer that several nodes share is counted once.

    >>> from course import layers as L
    >>> conv = Node("conv", L.Conv2D(8, 3, padding="same"), (0,))
    >>> graph = Graph("skip", (conv, Node("add", L.Add(), (0, 1))), outputs=(2,))
    >>> graph.output_shape((28, 28, 8)), graph.param_count((28, 28, 8))
    ((28, 28, 8), 584)
    """

    name: str
    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]
    input_count: int = 1
    sequential: bool = False

    def trace(self, input_shape: Any) -> Trace:
        """Follow one input, or a tuple of them if the network has several, through all layers."""
        shapes = (input_shape,) if self.input_count == 1 else tuple(input_shape)
        plain = tuple(whole_shape(shape, self.name) for shape in shapes)
        if len(plain) != self.input_count:
            raise SpecError(
                f"the network has {self.input_count} inputs, not {len(plain)}",
                "give a tuple with a shape for each input",
                self.name,
            )
        return follow(self.name, self.nodes, plain, self.outputs, sequential=self.sequential)


@dataclass(frozen=True)
class _Sight:
    """What one value sees of the input image, along each axis; r = 1 + sum (k - 1) × jump."""

    image: Shape
    field: Shape
    jump: Shape

    def after(self, layer: Any, input_shape: Any) -> "_Sight":
        windows = layer.windows(input_shape) if isinstance(layer, Layer) else "unknown"
        if windows == "unchanged" or not self.field:
            return self
        if windows == "whole":
            return _Sight(self.image, self.image, self.image)
        if windows == "unknown" or len(windows) != len(self.field):
            return _Sight(self.image, (), ())
        field = tuple(
            r + (k - 1) * j for r, j, (k, _) in zip(self.field, self.jump, windows, strict=True)
        )
        jump = tuple(j * s for j, (_, s) in zip(self.jump, windows, strict=True))
        return _Sight(self.image, field, jump)


def _joined(sights: Sequence[_Sight]) -> _Sight:
    """What a value sees that is made of several: the widest; unknown where the jumps differ."""
    first = sights[0]
    if len(sights) == 1:
        return first
    if any(not s.field or s.jump != first.jump for s in sights):
        return _Sight(first.image, (), ())
    widest = tuple(map(max, *(s.field for s in sights)))
    return _Sight(first.image, widest, first.jump)


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
    first = _is_channels_first(nodes)
    sights = [_start(shape, first) for shape in input_shapes]
    givers = [""] * len(input_shapes)
    rows: dict[str, Row] = {}
    for place, (node_name, layer, inputs) in enumerate(nodes, 1):
        given = shapes[inputs[0]] if len(inputs) == 1 else tuple(shapes[i] for i in inputs)
        sight = _joined([sights[i] for i in inputs])
        try:
            sight = sight.after(layer, given)
            row = _row(node_name, layer, tuple(givers[i] for i in inputs), given, sight)
        except CourseError as error:
            kind = type(layer).__name__
            raise error.at(f"layer {place} {node_name!r} ({kind})") from None
        shapes.append(row.output_shape)
        sights.append(sight)
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


def _is_channels_first(nodes: Sequence[Node]) -> bool:
    return any(getattr(node.layer, "data_format", "") == "channels_first" for node in nodes)


def _start(shape: Shape, channels_first: bool) -> _Sight:
    image = shape[1:] if channels_first else shape[:-1]
    ones = (1,) * len(image)
    return _Sight(image, ones, ones)


_COUNTS = ("weight_count", "bias_count", "param_count", "trainable_count", "macs")


def _row(name: str, layer: Any, inputs: tuple[str, ...], input_shape: Any, sight: _Sight) -> Row:
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
        receptive_field=_one_if_equal(sight.field),
        jump=_one_if_equal(sight.jump),
        **counts,
    )


def _one_if_equal(numbers: Shape) -> int | Shape | None:
    if not numbers:
        return None
    return numbers[0] if len(set(numbers)) == 1 else numbers


def _names(layers: tuple[Any, ...]) -> tuple[str, ...]:
    """Each layer's own name, or Keras's: the kind in snake case, numbered from the second on."""
    names: list[str] = []
    counts: dict[str, int] = {}
    for layer in layers:
        name = layer.given_name if isinstance(layer, Stack) else layer.name
        if name is None:
            kind = snake_case("Sequential" if isinstance(layer, Stack) else type(layer).__name__)
            number = counts.get(kind, 0)
            counts[kind] = number + 1
            name = f"{kind}_{number}" if number else kind
        if name in names:
            raise SpecError(f"two layers are named {name!r}", "give each its own name", "Stack")
        names.append(name)
    return tuple(names)


def snake_case(name: str) -> str:
    """A class's name as Keras turns it into a layer's name.

    >>> snake_case("MaxPooling2D"), snake_case("Conv2D")
    ('max_pooling2d', 'conv2d')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
