"""Layer specs to Keras layers, and back."""

from dataclasses import fields
from functools import cache
from typing import Any

from course import layers as L
from course.errors import SpecError
from course.keras_bridge.loading import keras
from course.keras_bridge.locally_connected import LocallyConnected2D
from course.layers.convolution import Convolving
from course.stack import Stack

OWN = {"LocallyConnected2D": LocallyConnected2D}
"""Layers that the course brings, because Keras has none."""

WITH_APPLICATIONS = frozenset({"CustomScaleLayer", "LayerScale", "StochasticDepth"})
"""Layers that keras.applications keeps to itself; they are known by their names."""

UNSAID = {"SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"}
"""Layers that Keras gives no `trainable` argument; they have nothing to train."""

ATTRIBUTES = {
    ("Normalization", "mean"): "input_mean",
    ("Normalization", "variance"): "input_variance",
}
"""Arguments that a Keras layer keeps under another name."""


@cache
def keras_kinds() -> dict[type, type[L.Layer]]:
    """Each Keras layer class that the course knows, and the spec of the same name."""
    kinds = {}
    for name in L.__all__:
        spec = getattr(L, name)
        layer = OWN.get(name) or getattr(keras.layers, name, None)
        if layer is not None and isinstance(spec, type) and name not in ("Layer",):
            kinds[layer] = spec
    return kinds


@cache
def _keras_class(kind: type[L.Layer]) -> Any:
    return next((layer for layer, spec in keras_kinds().items() if spec is kind), None)


def to_keras(spec: Any) -> Any:
    """The Keras layer for a layer spec, or a keras.Sequential for a Stack; not yet built.

    Keras's convolutions take no zeros of one's own choosing, so a spec with explicit padding
    becomes a keras.Sequential of a zero padding and a 'valid' convolution.

    Errors: SpecError for a spec that Keras has no layer for.

    >>> to_keras(L.Dense(10)).units
    10
    """
    if isinstance(spec, Stack):
        named = zip(spec.layers, spec.names, strict=True)
        layers = [
            to_keras(layer) if isinstance(layer, Stack) else _to_layer(layer, name)
            for layer, name in named
        ]
        return keras.Sequential(layers, name=spec.name)
    return _to_layer(spec, spec.name)


def _to_layer(spec: L.Layer, name: str | None) -> Any:
    make = _keras_class(type(spec))
    if make is None:
        raise SpecError(f"Keras has no layer for {spec!r}", "use another layer of course.layers")
    arguments = _arguments(spec) | dict(spec.keras_options) | {"name": name}
    if type(spec).__name__ in UNSAID:
        del arguments["trainable"]
    if isinstance(spec, Convolving) and not isinstance(spec.padding, str):
        pads: Any = spec.padding[0] if spec.rank == 1 else spec.padding
        padding = getattr(keras.layers, f"ZeroPadding{spec.rank}D")
        border = padding(pads, data_format=spec.data_format)
        convolution = make(**arguments | {"padding": "valid", "name": None})
        return keras.Sequential([border, convolution], name=name, trainable=spec.trainable)
    if isinstance(spec, L.InputLayer):
        return make(shape=spec.shape, name=name)
    return make(**arguments)


def _arguments(spec: L.Layer) -> dict[str, Any]:
    return {field.name: getattr(spec, field.name) for field in fields(spec) if field.init}


def from_keras(layer: Any) -> L.Layer:
    """The spec of a Keras layer; initializers and other options that change no count are left out.

    Errors: SpecError, naming the layer, for a kind that the course does not know.

    >>> from_keras(keras.layers.Conv2D(32, 3, strides=2, padding="same", name="first"))
    Conv2D(32, 3, strides=2, padding='same', name='first')
    """
    padded = _explicitly_padded(layer)
    if padded is not None:
        return padded
    kind = _spec_kind(type(layer))
    where = f"layer {getattr(layer, 'name', layer)!r}"
    if kind is None:
        raise SpecError(
            f"{type(layer).__name__} is a layer that the course does not know",
            "known are the layers of course.layers",
            where,
        )
    if getattr(layer, "lora_rank", None):
        raise SpecError(
            "the layer has LoRA weights, which the course does not count",
            "read it before enable_lora",
            where,
        )
    if kind is L.InputLayer:
        return L.InputLayer(tuple(layer.batch_shape[1:]), name=layer.name)
    return kind(**_read_arguments(layer, kind))


def _spec_kind(made: Any) -> type[L.Layer] | None:
    kind = keras_kinds().get(made)
    if kind is None and made.__module__.startswith("keras.src.applications"):
        return getattr(L, made.__name__) if made.__name__ in WITH_APPLICATIONS else None
    return kind


def _read_arguments(layer: Any, kind: type[L.Layer]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    config: dict[str, Any] | None = None
    for field in fields(kind):
        if not field.init:
            continue
        name = ATTRIBUTES.get((kind.__name__, field.name), field.name)
        if hasattr(layer, name):
            value = getattr(layer, name)
        else:  # some arguments live on under another name, and only the config has them all
            config = config or layer.get_config()
            value = config[field.name]
        arguments[field.name] = _activation_name(value) if field.name == "activation" else value
    return arguments


def _activation_name(function: Any) -> Any:
    name = getattr(function, "__name__", "")
    return name if getattr(keras.activations, name, None) is function else function


def _explicitly_padded(layer: Any) -> L.Layer | None:
    """The convolution with explicit padding that `to_keras` made into two layers."""
    if not isinstance(layer, keras.Sequential) or len(layer.layers) != 2:
        return None
    border, convolution = layer.layers
    kind = keras_kinds().get(type(convolution))
    if (
        not type(border).__name__.startswith("ZeroPadding")
        or kind is None
        or not issubclass(kind, Convolving)
        or convolution.padding != "valid"
    ):
        return None
    pads = (border.padding,) if kind.rank == 1 else border.padding
    own = {"padding": pads, "name": layer.name, "trainable": layer.trainable}
    return kind(**_read_arguments(convolution, kind) | own)
