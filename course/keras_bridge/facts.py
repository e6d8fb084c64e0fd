"""What real Keras layers say of a spec: shapes, counts, pads and receptive fields."""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from IPython.utils.capture import capture_output

from course import layers as L
from course.errors import SpecError
from course.keras_bridge.convert import to_keras
from course.keras_bridge.loading import keras, no_weights
from course.layers.base import Shape
from course.layers.depthwise import Depthwise, Separable
from course.layers.sliding import Sliding
from course.layers.transposed import ConvTranspose
from course.stack import Stack, snake_case


@dataclass(frozen=True)
class KerasFacts:
    """What a real Keras model says of a layer or stack on one input; the batch is left out."""

    output_shape: Shape
    weight_count: int
    bias_count: int
    param_count: int
    trainable_count: int
    macs: int


def ask(spec: L.Layer | Stack, input_shape: Shape) -> KerasFacts:
    """Build the spec as a real Keras model, without allocating weights, and read it.

    MACs are counted from Keras's own kernels and output shapes: each number of a kernel is used
    once at every place of the output. Errors: whatever Keras raises for what it cannot build.

    >>> ask(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3)).output_shape
    (64, 64, 32)
    """
    with no_weights():
        model = _model(spec, input_shape)
        weights = [(v.name, math.prod(v.shape)) for v in model.weights]
        biases = sum(size for name, size in weights if name == "bias")
        total = sum(size for _, size in weights)
        return KerasFacts(
            output_shape=tuple(model.output_shape[1:]),
            weight_count=total - biases,
            bias_count=biases,
            param_count=model.count_params(),
            trainable_count=sum(math.prod(v.shape) for v in model.trainable_weights),
            macs=sum(_macs(layer) for layer in _flat(model)),
        )


def ask_summary(spec: L.Layer, input_shape: Shape, line_length: int = 72) -> str:
    """The table of Keras's model.summary() for a model of one layer, as text without the totals.

    >>> print(ask_summary(L.Conv2D(32, 3, name="conv"), (28, 28, 1)).splitlines()[3])
    │ conv (Conv2D)                 │ (None, 26, 26, 32)    │          320 │
    """
    lines: list[str] = []
    with no_weights(), _wide_terminal(), capture_output():
        # Captured, because in a notebook Keras's table also displays itself, empty.
        _model(spec, input_shape).summary(line_length=line_length, print_fn=lines.append)
    table = [line for line in "".join(lines).splitlines() if line[:1] in tuple("┏┃┡│├└")]
    return "\n".join(table)


@contextmanager
def _wide_terminal() -> Iterator[None]:
    """Keras cuts its table to the terminal's width, digits and all."""
    kept = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = "200"
    try:
        yield
    finally:
        if kept is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = kept


def _flat(layer: Any) -> list[Any]:
    if isinstance(layer, keras.Model):
        return [leaf for part in layer.layers for leaf in _flat(part)]
    return [layer]


def _model(spec: Any, input_shape: Any) -> Any:
    """A real Keras model of the spec; a merge layer takes a tuple of shapes.

    All parts get names, so that the automatic ones stay for the models that the student builds.
    """
    if not isinstance(spec, Stack) and spec.name is None:
        spec = replace(spec, name=snake_case(type(spec).__name__))
    if isinstance(input_shape[0], tuple):
        inputs = [keras.Input(shape, name=f"input_{i}") for i, shape in enumerate(input_shape)]
        return keras.Model(inputs, to_keras(spec)(inputs), name="asked")
    return keras.Sequential([keras.Input(input_shape, name="input"), to_keras(spec)], name="asked")


def _macs(layer: Any) -> int:
    """Every number of a kernel is used once at each place of the output; there are exceptions."""
    if isinstance(layer, keras.layers.Dot):
        axes = (layer.axes,) * 2 if isinstance(layer.axes, int) else layer.axes
        summed: int = layer.input[0].shape[axes[0]]
        values: int = math.prod(layer.output.shape[1:])
        return summed * values
    kernels = ("kernel", "depthwise_kernel", "pointwise_kernel")
    size: int = sum(
        math.prod(getattr(layer, name).shape) for name in kernels if hasattr(layer, name)
    )
    if not size or type(layer).__name__ == "LocallyConnected2D":
        return size
    spreads = "Transpose" in type(layer).__name__  # once for each place of the input
    _, *shape = layer.input.shape if spreads else layer.output.shape
    channels_first = getattr(layer, "data_format", "") == "channels_first"
    places: int = math.prod(shape[1:] if channels_first else shape[:-1])
    return size * places


def ask_receptive_field(spec: L.Layer | Stack, input_shape: Shape) -> Shape:
    """How many input rows and columns one output sees, found by walking back through Keras.

    From one output backwards, a window of k that moves by s widens a field of r to (r - 1) × s + k.
    """
    with no_weights():
        model = _model(spec, input_shape)
        layers = _flat(model)
        first = any(getattr(one, "data_format", "") == "channels_first" for one in layers)
        image = tuple(input_shape[1:] if first else input_shape[:-1])
        field = (1,) * len(image)
        for layer in reversed(layers):
            if isinstance(layer, keras.layers.Dense) and len(layer.input.shape) == 2:
                return image
            window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
            if window is None:
                continue
            gaps = getattr(layer, "dilation_rate", (1,) * len(window))
            field = tuple(
                (r - 1) * s + d * (k - 1) + 1
                for r, s, d, k in zip(field, layer.strides, gaps, window, strict=True)
            )
    return field


def ask_padding(spec: L.Layer, input_shape: Shape) -> tuple[tuple[int, int], ...]:
    """The zeros that Keras adds before and after each axis, found by letting it compute.

    Along one axis the input is the ramp 1, 2, 3, …, and each of F filters has a single 1, at its
    own place. An output that is not zero then tells which input cell lay under that place, and so
    how far the first window stood outside the input.
    """
    if type(spec).__name__.startswith("ZeroPadding"):
        given = to_keras(spec).padding
        return tuple(map(tuple, given if isinstance(given[0], tuple) else (given,)))
    if not isinstance(spec, Sliding) or isinstance(spec, ConvTranspose):
        raise SpecError("this layer adds no padding", "ask a layer with a window", spec.label)
    return tuple(
        _axis_padding(spec, axis, size) for axis, size in enumerate(spec.spatial(input_shape))
    )


def _axis_padding(spec: Sliding, axis: int, size: int) -> tuple[int, int]:
    if not isinstance(spec.padding, str):
        given = to_keras(spec).layers[0].padding
        before, after = given if spec.rank == 1 else given[axis]
        return before, after
    if spec.padding == "causal":
        before = to_keras(spec)._compute_causal_padding()[
            1 if spec.data_format == "channels_last" else 2
        ][0]
        return before, 0
    k = getattr(spec, "kernel_size", spec.window_size)[axis]
    d = getattr(spec, "dilation_rate", (1,) * spec.rank)[axis]
    s = spec.strides[axis]
    out, d = _probe(spec, size, k, d, s)
    if not out.any():  # every tap of a dilated window fell outside: a closed one pads alike
        out, d = _probe(spec, size, d * (k - 1) + 1, 1, s)
    place, tap = (int(found[0]) for found in np.nonzero(out))
    cell = int(out[place, tap]) - 1
    before = place * s + d * tap - cell
    if spec.padding == "valid":
        return before, 0
    return before, max((len(out) - 1) * s + spec.window_size[axis] - before - size, 0)


def _probe(spec: Sliding, size: int, k: int, d: int, s: int) -> tuple[Any, int]:
    """What k one-hot filters give along a ramp of this size, and the dilation they had."""
    ramp = np.arange(1, size + 1, dtype="float64")[None, :, None]
    one_hot = np.eye(k)[:, None, :]
    # Only the depthwise operation takes strides and a dilation rate above 1 together.
    depthwise = isinstance(spec, Depthwise | Separable)
    run = keras.ops.depthwise_conv if depthwise else keras.ops.conv
    out = run(ramp, one_hot, strides=s, padding=spec.padding, dilation_rate=d)
    return np.asarray(out)[0], d
