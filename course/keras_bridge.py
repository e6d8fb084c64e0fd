"""The one door to Keras: layer specs to Keras layers and back, and the facts that Keras gives.

Importing this module loads TensorFlow (some seconds) and keeps its log off stderr: nbgrader gives
no points for a test cell that writes there. Nothing else in the project imports keras.
"""

import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from course import layers as L
from course.errors import SpecError
from course.layers.base import Shape
from course.layers.sliding import Sliding
from course.stack import Stack, Trace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@contextmanager
def _quiet() -> Iterator[None]:
    """Send what C++ writes to stderr nowhere: TensorFlow logs before its log level is read."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


with _quiet():
    import keras

LAYERS = (
    L.Activation,
    L.AveragePooling2D,
    L.Conv2D,
    L.Dense,
    L.Dropout,
    L.Flatten,
    L.MaxPooling2D,
    L.ZeroPadding2D,
)
"""The layer kinds that go both ways, each by its own name."""


@contextmanager
def no_weights() -> Iterator[None]:
    """Inside, Keras builds and counts real layers without allocating or filling their weights."""
    with keras.StatelessScope(initialize_variables=False):
        yield


def to_keras(spec: L.Layer | Stack) -> Any:
    """The Keras layer for a layer spec, or a keras.Sequential for a Stack; not yet built.

    Keras's convolutions take no zeros of one's own choosing, so a spec with explicit padding
    becomes a keras.Sequential of ZeroPadding2D and a 'valid' convolution.

    >>> to_keras(L.Dense(10)).units
    10
    """
    if isinstance(spec, Stack):
        named = zip(spec.layers, spec.names, strict=True)
        return keras.Sequential([_to_layer(layer, name) for layer, name in named], name=spec.name)
    return _to_layer(spec, spec.name)


def _to_layer(spec: L.Layer, name: str | None) -> Any:
    kind = type(spec)
    if kind not in LAYERS:
        raise SpecError(f"Keras has no layer for {kind.__name__}", "use a layer of course.layers")
    arguments = {f.name: getattr(spec, f.name) for f in fields(spec) if f.init}
    arguments |= dict(spec.keras_options) | {"name": name}
    if isinstance(spec, L.Conv2D) and not isinstance(spec.padding, str):
        pad = keras.layers.ZeroPadding2D(spec.padding, data_format=spec.data_format)
        convolution = keras.layers.Conv2D(**arguments | {"padding": "valid", "name": None})
        return keras.Sequential([pad, convolution], name=name, trainable=spec.trainable)
    return getattr(keras.layers, kind.__name__)(**arguments)


def from_keras(layer: Any) -> L.Layer:
    """The spec of a Keras layer; initializers and other options that change no count are left out.

    Errors: SpecError, naming the layer, for a kind that the course does not know.

    >>> from_keras(keras.layers.Conv2D(32, 3, strides=2, padding="same", name="first"))
    Conv2D(32, 3, strides=2, padding='same', name='first')
    """
    padded = _explicitly_padded(layer)
    if padded is not None:
        return padded
    kind = next(
        (kind for kind in LAYERS if type(layer) is getattr(keras.layers, kind.__name__)), None
    )
    if kind is None:
        known = ", ".join(kind.__name__ for kind in LAYERS)
        raise SpecError(
            f"{type(layer).__name__} is a layer that the course does not know",
            f"known are {known}",
            f"layer {getattr(layer, 'name', layer)!r}",
        )
    if getattr(layer, "lora_rank", None):
        raise SpecError(
            "the layer has LoRA weights, which the course does not count",
            "read it before enable_lora",
            f"layer {layer.name!r}",
        )
    names = [f.name for f in fields(kind) if f.init]
    arguments = {name: getattr(layer, name) for name in names}
    if "activation" in arguments:
        arguments["activation"] = _activation_name(layer.activation)
    spec: L.Layer = kind(**arguments)
    return spec


def _activation_name(function: Any) -> Any:
    if function is None or not hasattr(keras.activations, getattr(function, "__name__", "")):
        return function
    return function.__name__


def _explicitly_padded(layer: Any) -> L.Layer | None:
    """The convolution with explicit padding that `to_keras` made into two layers."""
    if not isinstance(layer, keras.Sequential):
        return None
    kinds = [type(part) for part in layer.layers]
    if kinds != [keras.layers.ZeroPadding2D, keras.layers.Conv2D]:
        return None
    pad, convolution = layer.layers
    if convolution.padding != "valid":
        return None
    spec = from_keras(convolution)
    arguments = {f.name: getattr(spec, f.name) for f in fields(spec) if f.init}
    return L.Conv2D(
        **arguments | {"padding": pad.padding, "name": layer.name, "trainable": layer.trainable}
    )


def read_model(model: Any) -> Trace:
    """The trace of a built keras.Sequential: its layers as specs, with all shapes and counts.

    Errors: SpecError for a model that is no Sequential or has no input shape, or for a layer that
    the course does not know.

    >>> model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3)])
    >>> read_model(model).param_count
    320
    """
    if not isinstance(model, keras.Sequential):
        raise SpecError(
            f"{type(model).__name__} is no keras.Sequential",
            "give a Sequential model",
            "read_model",
        )
    if not model.built:
        raise SpecError(
            "the model has no input shape yet", "begin it with keras.Input", "read_model"
        )
    return Stack([from_keras(layer) for layer in model.layers], model.name).trace(
        model.input_shape[1:]
    )


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
        model = keras.Sequential([keras.Input(input_shape), to_keras(spec)])
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


def summary_table(spec: L.Layer, input_shape: Shape, line_length: int = 64) -> str:
    """The table of Keras's model.summary() for a model of one layer, as text without the totals.

    >>> print(summary_table(L.Conv2D(32, 3, name="conv"), (28, 28, 1)).splitlines()[3])
    │ conv (Conv2D)              │ (None, 26, 26, 32)    │         320 │
    """
    with no_weights():
        model = keras.Sequential([keras.Input(input_shape), to_keras(spec)])
        lines: list[str] = []
        model.summary(line_length=line_length, print_fn=lines.append)
    table = [line for line in "".join(lines).splitlines() if line[:1] in "┏┃┡│├└"]
    return "\n".join(table)


def _flat(layer: Any) -> list[Any]:
    if isinstance(layer, keras.Sequential):
        return [leaf for part in layer.layers for leaf in _flat(part)]
    return [layer]


def _macs(layer: Any) -> int:
    kernel = getattr(layer, "kernel", None)
    if kernel is None:
        return 0
    _, *output = layer.output.shape
    channels_first = getattr(layer, "data_format", "") == "channels_first"
    places = output[1:] if channels_first else output[:-1]
    return int(math.prod(kernel.shape) * math.prod(places))


def ask_receptive_field(spec: L.Layer | Stack, input_shape: Shape) -> Shape:
    """How many input rows and columns one output sees, found by walking back through Keras.

    From one output backwards, a window of k that moves by s widens a field of r to (r - 1) × s + k.
    """
    with no_weights():
        model = keras.Sequential([keras.Input(input_shape), to_keras(spec)])
        field = (1,) * (len(input_shape) - 1)
        for layer in reversed(_flat(model)):
            if isinstance(layer, keras.layers.Dense) and len(layer.input.shape) == 2:
                return tuple(input_shape[:-1])
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
    """The zeros that Keras adds before and behind each axis, found by letting it compute.

    Along one axis the input is the ramp 1, 2, 3, …, and each of F filters has a single 1, at its
    own place. An output that is not zero then tells which input cell lay under that place, and so
    how far the first window stood outside the input.
    """
    if isinstance(spec, L.ZeroPadding2D):
        return tuple(map(tuple, to_keras(spec).padding))
    if not isinstance(spec, Sliding):
        raise SpecError("this layer adds no padding", "ask a layer with a window", spec.label)
    return tuple(
        _axis_padding(spec, axis, size) for axis, size in enumerate(spec.spatial(input_shape))
    )


def _axis_padding(spec: Sliding, axis: int, size: int) -> tuple[int, int]:
    if not isinstance(spec.padding, str):
        pad = to_keras(spec).layers[0]
        before, behind = pad.padding[axis]
        return before, behind
    k = getattr(spec, "kernel_size", spec.window_size)[axis]
    d = getattr(spec, "dilation_rate", (1,) * spec.rank)[axis]
    s = spec.strides[axis]
    ramp = np.arange(1, size + 1, dtype="float64")[None, :, None]
    one_hot = np.eye(k)[:, None, :]
    padding = spec.padding
    out = np.asarray(keras.ops.conv(ramp, one_hot, strides=s, padding=padding, dilation_rate=d))[0]
    place, tap = (int(found[0]) for found in np.nonzero(out))
    cell = int(out[place, tap]) - 1
    before = place * s + d * tap - cell
    if padding == "valid":
        return before, 0
    return before, max((len(out) - 1) * s + d * (k - 1) + 1 - before - size, 0)
