"""Networks as plain data: layers in sequence (Stack) or with branches (Graph), and their trace."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from course.derivation import Derivation
from course.errors import SpecError
from course.layers import Layer
from course.layers.base import Shape, whole_shape
from course.layers.windows import field_steps
from course.network import Network, Node, follow, is_channels_first
from course.trace import Trace

__all__ = ["Graph", "Network", "Node", "Stack", "follow", "snake_case"]


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

    def flat(self) -> tuple[tuple[str, Layer], ...]:
        """Names and layers one by one and in order, those of stacks in the stack too.

        A Graph in the stack is left as it is.

        >>> from course import layers as L
        >>> [name for name, _ in Stack([L.Conv2D(8, 3), Stack([L.Flatten()])]).flat()]
        ['conv2d', 'flatten']
        """
        found: list[tuple[str, Layer]] = []
        for name, layer in zip(self.names, self.layers, strict=True):
            found += layer.flat() if isinstance(layer, Stack) else [(name, layer)]
        return tuple(found)

    def derivation(self, quantity: str, input_shape: Shape, at: str | None = None) -> Derivation:
        """The working of the receptive field of the last layer, or of the one named `at`.

        A stack's counts are sums of its layers' counts: ask a layer for the working of its own.

        Errors: SpecError for another quantity, for a name that no layer has, and where no window
        describes what is seen: after a layer that mixes places up, or in a stack of stacks.

        >>> from course import layers as L
        >>> layers = [L.Conv2D(8, 3, strides=2), L.MaxPooling2D(), L.Conv2D(8, 3)]
        >>> print(Stack(layers).derivation("receptive_field", (28, 28, 1)))
        layer 'conv2d_1' of 'sequential' on (28, 28, 1): receptive_field
        r = 1 + (F_1 - 1) + (F_2 - 1) × S_1 + (F_3 - 1) × S_1 × S_2
          = 1 + (3 - 1) + (2 - 1) × 2 + (3 - 1) × 2 × 2
          = 13
        where F_1 = 3 (window 1), F_2 = 2 (window 2), F_3 = 3 (window 3), S_1 = 2 (strides of \
window 1), S_2 = 2 (strides of window 2)
        """
        name = self.names[-1] if at is None else at
        where = f"layer {name!r} of {self.name!r}"
        if quantity != "receptive_field":
            raise SpecError(
                f"a stack does not show the working of {quantity!r}", "ask one of its layers", where
            )
        if name not in self.names:
            raise SpecError(
                f"there is no layer {name!r}",
                f"the layers of the stack are {', '.join(self.names)}",
                "Stack",
            )
        rows = self.trace(input_shape).rows[: self.names.index(name) + 1]
        way = [
            (row.layer.window_letters(), row.layer.windows(row.input_shape))
            if isinstance(row.layer, Layer)
            else ((), "unknown")
            for row in rows
        ]
        shape = rows[0].input_shape
        image = shape[1:] if is_channels_first(self.layers) else shape[:-1]
        steps, result = field_steps(image, way, where)
        return Derivation(f"{where} on {shape}: {quantity}", steps, result)

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
