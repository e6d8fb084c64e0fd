"""A network followed through on given inputs: a row per layer, totals, and a summary table."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import prod
from typing import Any

from course.errors import SpecError
from course.html_table import html_table
from course.layers.base import Shape

BYTES_PER_VALUE = 4
"""Keras stores weights and values as float32 unless it is told otherwise."""


@dataclass(frozen=True)
class Row:
    """One layer of a trace.

    Shapes leave the batch out; a layer with several inputs has a tuple of shapes as its
    `input_shape`. `inputs` names the layers whose outputs come in. Counts are None for a layer
    that the course does not know. `receptive_field` is how many input rows and columns one output
    can see: one number where height and width agree, else (height, width); None where there is no
    image or no window describes it. `jump` is how many input pixels lie between neighbouring
    outputs, given alike.
    """

    name: str
    layer: Any
    inputs: tuple[str, ...]
    input_shape: Any
    output_shape: Any
    weight_count: int | None
    bias_count: int | None
    param_count: int | None
    trainable_count: int | None
    macs: int | None
    receptive_field: int | Shape | None
    jump: int | Shape | None

    @property
    def kind(self) -> str:
        """The kind of layer, as Keras calls it."""
        return getattr(self.layer, "kind", None) or type(self.layer).__name__

    @property
    def activation_count(self) -> int:
        """How many values the layer gives for one image."""
        shapes = self.output_shape if _is_several(self.output_shape) else (self.output_shape,)
        return sum(prod(shape) for shape in shapes)

    @property
    def activation_bytes(self) -> int:
        """The memory of the layer's values for one image, as float32."""
        return self.activation_count * BYTES_PER_VALUE


@dataclass(frozen=True)
class Trace:
    """A network followed through on one input: a row per layer, and the totals.

    Totals raise a SpecError that names the layers which the course does not know, if there are any.

    >>> from course import Stack, layers as L
    >>> layers = [L.Conv2D(32, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)]
    >>> trace = Stack(layers).trace((28, 28, 1))
    >>> [row.output_shape for row in trace]
    [(26, 26, 32), (13, 13, 32), (5408,), (10,)]
    >>> trace.param_count, trace["conv2d"].macs
    (54410, 194688)
    """

    name: str
    input_shape: Any
    output_shape: Any
    rows: tuple[Row, ...]
    sequential: bool = True

    @property
    def weight_count(self) -> int:
        """Weights of all layers, biases not counted."""
        return self._total("weight_count")

    @property
    def bias_count(self) -> int:
        """Biases of all layers."""
        return self._total("bias_count")

    @property
    def param_count(self) -> int:
        """Parameters of all layers."""
        return self._total("param_count")

    @property
    def trainable_count(self) -> int:
        """Parameters that training changes."""
        return self._total("trainable_count")

    @property
    def macs(self) -> int:
        """Multiply-accumulates of all layers for one image, biases left out."""
        return self._total("macs")

    @property
    def activation_bytes(self) -> int:
        """The memory of all layers' values for one image, as float32, none of them freed."""
        return sum(row.activation_bytes for row in self.rows)

    @property
    def receptive_field(self) -> int | Shape | None:
        """How much of the input one output of the last layer can see."""
        return self.rows[-1].receptive_field

    @property
    def unknown(self) -> tuple[Row, ...]:
        """The layers that the course does not know."""
        return tuple(row for row in self.rows if row.param_count is None)

    def _total(self, quantity: str) -> int:
        if self.unknown:
            names = ", ".join(f"{row.name!r} ({row.kind})" for row in self.unknown)
            raise SpecError(
                f"there is no total, because the course does not know {names}",
                "read the rows of the layers that it knows",
                self.name,
            )
        return sum(getattr(row, quantity) for row in self.rows)

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

        Like Keras's, it is 88 characters wide (108 for a network with branches), less where the
        terminal is narrower. Source of the layout: Keras 3, whose tables are drawn by rich too.
        """
        from rich.console import Console
        from rich.table import Column, Table

        headings = ["Layer (type)", "Output Shape", "Param #"]
        shares, usual = (0.45, 0.8, 1.0), 88
        if not self.sequential:
            headings.append("Connected to")
            shares, usual = (0.3, 0.56, 0.74, 1.0), 108  # type: ignore[assignment]
        terminal = shutil.get_terminal_size().columns
        width = line_length or min(usual, terminal - 4)
        ends = [0, *(int(share * width) for share in shares)]
        columns = [
            Column(name, width=end - start, justify="right" if name == "Param #" else "left")
            for name, (start, end) in zip(headings, pairwise(ends), strict=True)
        ]
        table = Table(*columns, width=width, show_lines=True)
        for row in self.rows:
            cells = [
                f"{row.name} ({row.kind})",
                keras_shape(row.output_shape),
                _count(row.param_count),
            ]
            if not self.sequential:
                cells.append(", ".join(f"{name}[0][0]" for name in row.inputs) or "-")
            table.add_row(*cells)
        console = Console(
            width=max(width, terminal),
            highlight=False,
            markup=False,
            color_system=None,
            force_terminal=False,
            force_jupyter=False,  # in a notebook rich would display the table besides giving it
        )
        with console.capture() as captured:
            console.print(f'Model: "{self.name}"')
            console.print(table)
            for line in self._totals():
                console.print(line)
        return captured.get()

    def _totals(self) -> list[str]:
        if self.unknown:
            return [f" No totals: {', '.join(row.name for row in self.unknown)} is not known"]
        return [
            f" {label} params: {count:,} ({memory_size(count * BYTES_PER_VALUE)})"
            for label, count in (
                ("Total", self.param_count),
                ("Trainable", self.trainable_count),
                ("Non-trainable", self.param_count - self.trainable_count),
            )
        ]

    def table(self) -> list[dict[str, Any]]:
        """One dict per layer, with a column for all that is known of it."""
        return [
            {
                "layer": row.name,
                "kind": row.kind,
                "output_shape": row.output_shape,
                "param_count": row.param_count,
                "trainable_count": row.trainable_count,
                "macs": row.macs,
                "activation_bytes": row.activation_bytes,
                "receptive_field": row.receptive_field,
                "jump": row.jump,
            }
            for row in self.rows
        ]

    def to_dataframe(self) -> Any:
        """The table as a pandas DataFrame; pandas is not installed with the course.

        Errors: ModuleNotFoundError with the command that installs pandas.
        """
        try:
            import pandas as pd
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError("to_dataframe needs pandas: pip install pandas") from error
        return pd.DataFrame(self.table())

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        headings = ("layer", "output shape", "parameters", "MACs", "memory", "receptive field")
        cells = [
            (
                f"{row.name} ({row.kind})",
                keras_shape(row.output_shape),
                _count(row.param_count),
                _count(row.macs),
                memory_size(row.activation_bytes),
                "-" if row.receptive_field is None else str(row.receptive_field),
            )
            for row in self.rows
        ]
        totals = "<br>".join(escape(line.strip()) for line in self._totals())
        return f"{html_table(headings, cells, caption=self.name)}<p>{totals}</p>"


def keras_shape(shape: Any) -> str:
    """A shape as Keras's summary writes it, the batch as None.

    >>> keras_shape((26, 26, 32)), keras_shape((10,))
    ('(None, 26, 26, 32)', '(None, 10)')
    """
    if _is_several(shape):
        return f"[{', '.join(map(keras_shape, shape))}]"
    return f"({', '.join(map(str, (None, *shape)))})"


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


def _count(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _is_several(shape: Any) -> bool:
    """Whether this is a tuple of shapes rather than one shape."""
    return bool(shape) and isinstance(shape[0], tuple)
