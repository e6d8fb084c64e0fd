"""Layers in sequence: every shape, count and receptive field on the way, and a summary table."""

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from course.errors import CourseError, SpecError
from course.layers import Layer
from course.layers.base import Shape, whole_shape

BYTES_PER_VALUE = 4
"""Keras stores weights as float32 unless it is told otherwise."""


@dataclass(frozen=True)
class Row:
    """One layer of a trace.

    Shapes leave the batch out. `receptive_field` is how many input rows and columns one output
    can see: one number where height and width agree, else (height, width); None where there is
    no image. `jump` is how many input pixels lie between two neighbouring outputs, given alike.
    """

    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    weight_count: int
    bias_count: int
    param_count: int
    trainable_count: int
    macs: int
    receptive_field: int | Shape | None
    jump: int | Shape | None


@dataclass(frozen=True)
class Trace:
    """A stack followed through on one input shape: a row per layer, and the totals.

    >>> from course import layers as L
    >>> stack = Stack([L.Conv2D(32, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)])
    >>> trace = stack.trace((28, 28, 1))
    >>> [row.output_shape for row in trace]
    [(26, 26, 32), (13, 13, 32), (5408,), (10,)]
    >>> trace.param_count, trace["conv2d"].macs
    (54410, 194688)
    """

    name: str
    input_shape: Shape
    rows: tuple[Row, ...]

    @property
    def output_shape(self) -> Shape:
        """What the last layer gives."""
        return self.rows[-1].output_shape

    @property
    def weight_count(self) -> int:
        """Weights of all layers, biases not counted."""
        return sum(row.weight_count for row in self.rows)

    @property
    def bias_count(self) -> int:
        """Biases of all layers."""
        return sum(row.bias_count for row in self.rows)

    @property
    def param_count(self) -> int:
        """Parameters of all layers."""
        return sum(row.param_count for row in self.rows)

    @property
    def trainable_count(self) -> int:
        """Parameters that training changes."""
        return sum(row.trainable_count for row in self.rows)

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all layers for one image, biases left out."""
        return sum(row.macs for row in self.rows)

    @property
    def receptive_field(self) -> int | Shape | None:
        """How much of the input one output of the last layer can see."""
        return self.rows[-1].receptive_field

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, key: int | str) -> Row:
        """A row by its place or by its layer's name."""
        if isinstance(key, int):
            return self.rows[key]
        for row in self.rows:
            if row.name == key:
                return row
        raise KeyError(f"no layer {key!r}; the layers are {', '.join(r.name for r in self.rows)}")

    def summary(self, line_length: int | None = None) -> str:
        """The table that Keras's `model.summary()` prints, as text.

        Like Keras's, it is 88 characters wide, less where the terminal is narrower.
        Source of the layout: Keras 3, whose tables are drawn by rich too.
        """
        from rich.console import Console
        from rich.table import Column, Table

        terminal = shutil.get_terminal_size().columns
        width = line_length or min(88, terminal - 4)
        ends = [0, *(int(share * width) for share in (0.45, 0.8, 1))]
        widths = [end - start for start, end in pairwise(ends)]
        table = Table(
            Column("Layer (type)", width=widths[0]),
            Column("Output Shape", width=widths[1]),
            Column("Param #", width=widths[2], justify="right"),
            width=width,
            show_lines=True,
        )
        for row in self.rows:
            shape = ", ".join(map(str, (None, *row.output_shape)))
            kind = type(row.layer).__name__
            table.add_row(f"{row.name} ({kind})", f"({shape})", f"{row.param_count:,}")
        console = Console(
            width=max(width, terminal),
            highlight=False,
            markup=False,
            color_system=None,
            force_terminal=False,
        )
        with console.capture() as captured:
            console.print(f'Model: "{self.name}"')
            console.print(table)
            frozen = self.param_count - self.trainable_count
            for label, count in (
                ("Total", self.param_count),
                ("Trainable", self.trainable_count),
                ("Non-trainable", frozen),
            ):
                console.print(
                    f" {label} params: {count:,} ({memory_size(count * BYTES_PER_VALUE)})"
                )
        return captured.get()

    def __str__(self) -> str:
        return self.summary()


class Stack:
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

    def __init__(self, layers: Iterable[Layer], name: str = "sequential") -> None:
        self.layers = tuple(layers)
        self.name = name
        for place, layer in enumerate(self.layers, 1):
            if not isinstance(layer, Layer):
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
        shape = first = whole_shape(input_shape, "Stack")
        seen = _Sight.start(first)
        rows = []
        for place, (layer, name) in enumerate(zip(self.layers, self.names, strict=True), 1):
            try:
                row, seen = _row(layer, name, shape, seen)
            except CourseError as error:
                raise error.at(f"layer {place} {name!r} ({type(layer).__name__})") from None
            rows.append(row)
            shape = row.output_shape
        return Trace(self.name, first, tuple(rows))

    def output_shape(self, input_shape: Shape) -> Shape:
        """What the last layer gives for one input."""
        return self.trace(input_shape).output_shape

    def weight_count(self, input_shape: Shape) -> int:
        """Weights of all layers, biases not counted."""
        return self.trace(input_shape).weight_count

    def bias_count(self, input_shape: Shape) -> int:
        """Biases of all layers."""
        return self.trace(input_shape).bias_count

    def param_count(self, input_shape: Shape) -> int:
        """Parameters of all layers."""
        return self.trace(input_shape).param_count

    def trainable_count(self, input_shape: Shape) -> int:
        """Parameters that training changes."""
        return self.trace(input_shape).trainable_count

    def macs(self, input_shape: Shape) -> int:
        """Multiply-accumulates of all layers for one image."""
        return self.trace(input_shape).macs

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
class _Sight:
    """What one value sees of the input image, along each axis; r = 1 + sum (k - 1) × jump."""

    image: Shape
    field: Shape
    jump: Shape

    @classmethod
    def start(cls, input_shape: Shape) -> "_Sight":
        ones = (1,) * (len(input_shape) - 1)
        return cls(input_shape[:-1], ones, ones)

    def after(self, layer: Layer, input_shape: Shape) -> "_Sight":
        windows = layer.windows(input_shape)
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


def _row(layer: Layer, name: str, shape: Shape, seen: _Sight) -> tuple[Row, _Sight]:
    output_shape = layer.output_shape(shape)
    seen = seen.after(layer, shape)
    row = Row(
        name=name,
        layer=layer,
        input_shape=shape,
        output_shape=output_shape,
        weight_count=layer.weight_count(shape),
        bias_count=layer.bias_count(shape),
        param_count=layer.param_count(shape),
        trainable_count=layer.trainable_count(shape),
        macs=layer.macs(shape),
        receptive_field=_one_if_equal(seen.field),
        jump=_one_if_equal(seen.jump),
    )
    return row, seen


def _one_if_equal(numbers: Shape) -> int | Shape | None:
    if not numbers:
        return None
    return numbers[0] if len(set(numbers)) == 1 else numbers


def _names(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """Each layer's own name, or Keras's: the kind in snake case, numbered from the second on."""
    names: list[str] = []
    counts: dict[str, int] = {}
    for layer in layers:
        if layer.name is None:
            kind = snake_case(type(layer).__name__)
            number = counts.get(kind, 0)
            counts[kind] = number + 1
            names.append(f"{kind}_{number}" if number else kind)
        elif layer.name in names:
            raise SpecError(
                f"two layers are named {layer.name!r}", "give each its own name", "Stack"
            )
        else:
            names.append(layer.name)
    return tuple(names)


def snake_case(name: str) -> str:
    """A class's name as Keras turns it into a layer's name.

    >>> snake_case("MaxPooling2D"), snake_case("Conv2D")
    ('max_pooling2d', 'conv2d')
    """
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def memory_size(size: int) -> str:
    """Bytes in the units of Keras's summary.

    >>> memory_size(34826 * 4)
    '136.04 KB'
    """
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024:
            return f"{amount:.2f} {unit}"
        amount /= 1024
    return f"{amount:.2f} PB"
