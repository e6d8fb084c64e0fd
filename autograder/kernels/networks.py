"""Layers, stacks and Keras models on their way to the judge: by their architecture.

A Keras model travels as its config. Before Keras makes it anew, every class in the config must be
one of Keras's own; functions of the student's own become stand-ins. Weights travel only where a
test asks for them; without them none are made, so a model of any size costs nothing.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from autograder.checks.models.reading import KINDS, bases_of, is_keras, parts_of
from autograder.kernels.type_names import type_name
from course import Stack
from course.errors import SpecError

Written = list[Any]
LONGEST_CONFIG = 2_000_000
MOST_LAYERS = 300
RUNS_CODE = {"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"}
READS_FILES = {"StringLookup", "IntegerLookup", "TextVectorization"}
"""Layers of Keras's that run code of their own, or read a file that they are told of."""
PLAIN_CLASSES = {"__keras_tensor__", "__tuple__"}
"""What Keras's configs name a class without being one."""


# Writing ----------------------------------------------------------------------------------------


def write(value: Any, writer: Any, depth: int) -> Written | None:
    """A layer, a stack, or a layer or model of Keras's as data; None for anything else."""
    kind = type(value)
    if kind is Stack:
        layers = [writer.write(layer, depth + 1) for layer in value.layers]
        return ["stack", layers, writer.write(value.given_name, depth + 1)]
    if any(kind is known for known in KINDS):
        held = [(f.name, getattr(value, f.name)) for f in fields(kind) if f.init]
        return ["layer", kind.__name__, [[n, writer.write(v, depth + 1)] for n, v in held]]
    return _write_keras(value, writer, depth) if is_keras(kind) else None


def _write_keras(value: Any, writer: Any, depth: int) -> Written | None:
    from course.keras_bridge import keras

    if not issubclass(type(value), keras.layers.Layer):
        return None
    parts = parts_of(value) if issubclass(type(value), keras.Model) else ()
    own = next((part for part in parts if not is_keras(type(part))), None)
    if own is not None:
        return ["foreign", type_name(own), list(bases_of(own))]
    config = json.dumps(keras.saving.serialize_keras_object(value))
    weights = value.get_weights() if writer.with_weights and value.built else None
    return ["keras", config, writer.write(weights, depth + 1)]


# Reading ----------------------------------------------------------------------------------------


def read(tag: str, rest: list[Any], read_part: Callable[[Any], Any]) -> Any:
    """What `write` wrote. Errors: SpecError for anything else."""
    if tag == "stack":
        if len(rest[0]) > MOST_LAYERS:
            raise SpecError("a stack has too many layers", f"give at most {MOST_LAYERS}")
        return Stack([read_part(layer) for layer in rest[0]], read_part(rest[1]))
    if tag == "layer":
        kind = next(kind for kind in KINDS if kind.__name__ == rest[0])
        return kind(**{str(name): read_part(value) for name, value in rest[1]})
    if tag == "keras":
        return _read_keras(str(rest[0]), read_part(rest[1]))
    raise SpecError(f"there is no kind of value {tag!r}", "send plain data")


def _read_keras(written: str, weights: Any) -> Any:
    from course.keras_bridge import keras, no_weights

    if len(written) > LONGEST_CONFIG:
        raise SpecError("a model has too many layers", "give a smaller one")
    config = json.loads(written)
    known = {name: _stand_in(name) for name in _own_functions(config)}
    with no_weights():
        model = keras.saving.deserialize_keras_object(config, known, safe_mode=True)
    if weights is None or model.count_params() != sum(array.size for array in weights):
        return model
    model = keras.saving.deserialize_keras_object(config, known, safe_mode=True)
    model.set_weights(weights)
    return model


def _own_functions(config: Any) -> set[str]:
    """The names of functions that a config mentions and Keras does not know.

    How the model was compiled is taken out of the config.

    Errors: SpecError for a class that is not one of Keras's own.
    """
    found: set[str] = set()
    waiting, layers = [config], 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            one.pop("compile_config", None)
            if one.get("module") == "builtins" and one.get("class_name") == "function":
                found.add(str(one["config"]))
            elif "class_name" in one:
                _require_keras(one)
                layers += "build_config" in one or one.get("module") == "keras.layers"
                if layers > MOST_LAYERS:
                    raise SpecError("a model has too many layers", f"give at most {MOST_LAYERS}")
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return found


def _require_keras(one: dict[str, Any]) -> None:
    module, name = str(one.get("module")), str(one["class_name"])
    if name in PLAIN_CLASSES and "module" not in one:
        return
    kind = getattr(_module(module), name, None)
    if (
        not isinstance(kind, type)
        or not issubclass(kind, _trusted())
        or name in RUNS_CODE | READS_FILES
    ):
        raise SpecError(f"a model with {name}", "use the layers of keras.layers")


def _module(name: str) -> Any:
    """A module of Keras's that is loaded, found by its name alone."""
    from course import keras_bridge

    if name == keras_bridge.LocallyConnected2D.__module__:
        return keras_bridge
    home: Any = keras_bridge.keras
    first, *rest = name.split(".")
    for part in rest:
        home = vars(home).get(part) if isinstance(home, type(sys)) else None
    return home if first == "keras" else None


@cache
def _trusted() -> tuple[type, ...]:
    from course.keras_bridge import keras

    return (
        keras.Operation,
        keras.initializers.Initializer,
        keras.regularizers.Regularizer,
        keras.constraints.Constraint,
        keras.dtype_policies.DTypePolicy,
    )


def _stand_in(name: str) -> Callable[[Any], Any]:
    """TensorFlow's own function of that name, or one that stands for a student's."""
    nn = getattr(sys.modules.get("tensorflow"), "nn", None)  # loaded with Keras
    known: Iterator[Any] = (getattr(nn, each) for each in dir(nn))
    found = (one for one in known if getattr(one, "__name__", None) == name)
    return next(found, lambda values: values)
