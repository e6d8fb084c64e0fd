"""What a learner built, as a network of the course's own layers.

Nothing of the learner's own code runs: only the classes of Keras and of the course are read, known
by identity, and the course's layers are made again from their arguments.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from autograder.answers import Foreign, show
from autograder.verdicts import Message, Verdict, WrongAnswer, as_error, our_fault, text, wrong
from course import Stack
from course import layers as L
from course.errors import CourseError, SpecError
from course.layers import Layer
from course.stack import Graph, Network

KINDS = tuple(
    kind
    for kind in (getattr(L, name) for name in L.__all__)
    if isinstance(kind, type) and kind is not Layer
)
REPLACE = text(
    "advice.replace-layer",
    "use another one, or begin the model with keras.Input, so that Keras can count it",
)
AGAIN = text(
    "advice.fresh-kernel",
    "build the model again in a fresh kernel and change no layer afterwards; if this stays, it is "
    "a fault of the course, so please report it to your instructor",
)
BRANCHES = text("model.branches", "a part of your model has branches; begin it with keras.Input")
UNREADABLE = text("model.unreadable", "your model cannot be read ({error}); {advice}")
OF_COURSE = text("model.error", "{error}")
AT_PLACE = text("model.place", "place {place} of your list: {said}")
OWN_MODEL = text(
    "model.own-class",
    "your model is {part}, a class of its own, which does not say how its layers are connected; "
    "build it with Stack, keras.Sequential or keras.Model(inputs, outputs)",
)
OWN_LAYER = text(
    "model.own-layer",
    "there is {part}, a layer of a class of its own, which cannot be counted; use the layers of "
    "keras.layers or of course.layers",
)
NO_MODEL = text(
    "other-kind.model",
    "a Keras model or a Stack is wanted, not {part}; write Stack([L.Conv2D(32, 3), ...]) or "
    "keras.Sequential([...])",
)


def network_of(model: Any) -> tuple[Network, Any]:
    """The network of what was given, and the Keras model if it knows its input shape, else None.

    Where nothing branches the network is a Stack without stacks in it.

    Errors: WrongAnswer for what is no model, and for a model whose layers cannot be known.
    """
    try:
        kind = type(model)
        if kind is list or kind is tuple:
            network: Network = Stack(_listed(model))
        elif _is_keras_model(kind):
            if getattr(model, "inputs", None):
                return _unrolled(_read_built(model)), model
            network = _sequence(model)
        else:
            spec = _spec(model)
            network = spec if isinstance(spec, Network) else Stack([spec])
        if not stands_in_line(network):
            raise _unreadable(BRANCHES())
        return _unrolled(network), None
    except Verdict:
        raise
    except CourseError as error:
        raise as_verdict(error) from None
    except Exception as error:
        said = UNREADABLE(error=type(error).__name__, advice=AGAIN())
        raise as_error(our_fault(said)) from None


def as_verdict(error: CourseError) -> WrongAnswer:
    """An error of the course as a verdict on the answer."""
    return _unreadable(OF_COURSE(error=str(error)))


def _unreadable(said: Message) -> WrongAnswer:
    return WrongAnswer(wrong(said, ("unreadable-model",)))


# Sequences out of what was given ----------------------------------------------------------------


def _unrolled(network: Network) -> Network:
    """Networks in the network put in line where nothing branches and no layer is shared."""
    layers = _chain(network)
    if layers is None:
        return network
    try:
        return Stack(layers)
    except SpecError:  # two parts may use the same name, one network may not
        return Stack([replace(layer, name=None) for layer in layers])


def stands_in_line(network: Network) -> bool:
    """Whether nothing branches and no layer is shared, so that Keras can build it from layers."""
    return _chain(network) is not None


def _chain(network: Any) -> list[Layer] | None:
    if isinstance(network, Graph):
        names = {node.name for node in network.nodes}
        in_line = all(node.inputs == (n,) for n, node in enumerate(network.nodes))
        last = (len(network.nodes),)
        if not in_line or network.outputs != last or len(names) != len(network.nodes):
            return None
    parts = [node.layer for node in network.nodes] if isinstance(network, Graph) else network.layers
    found: list[Layer] = []
    for part in parts:
        inner = _chain(part) if isinstance(part, Network) else [part]
        if inner is None:
            return None
        found += inner
    return found


# Layers and Keras's own models ------------------------------------------------------------------


def _listed(parts: Any) -> Iterator[Any]:
    for place, part in enumerate(parts, 1):
        try:
            yield _spec(part)
        except Verdict as verdict:
            raise _unreadable(AT_PLACE(place=place, said=verdict.judgement.message)) from None
        except CourseError as error:
            raise error.at(error.where or f"place {place} of your list") from None


def _spec(part: Any) -> Any:
    """A layer of the course, a Stack or a Keras layer as a layer or network of the course."""
    kind = type(part)
    if kind is Stack:
        return Stack([_spec(layer) for layer in part.layers], part.given_name)
    if any(kind is known for known in KINDS):
        return replace(part)
    if not is_keras(kind):
        raise _refusal(part)
    from course.keras_bridge import from_keras, keras

    try:
        return from_keras(part)
    except SpecError as error:
        if _is_keras_model(kind):
            return _sequence(part) if kind is keras.Sequential else _read_built(part)
        raise SpecError(error.problem, str(REPLACE()), error.where) from None


def _sequence(model: Any) -> Stack:
    """A keras.Sequential that no input shape is known of."""
    return Stack([_spec(layer) for layer in model.layers], model.name)


def _read_built(model: Any) -> Network:
    from course.keras_bridge.models import read_network

    for part in parts_of(model):
        if not is_keras(type(part)):
            raise _refusal(part)
    return read_network(model)


def parts_of(model: Any) -> Iterator[Any]:
    """Everything that Keras computes in a model, models in the model and what is in them too."""
    for part in model.layers if _is_sequential(model) else model.operations:
        yield part
        if _is_keras_model(type(part)):
            yield from parts_of(part)


def _is_sequential(model: Any) -> bool:
    from course.keras_bridge import keras

    return type(model) is keras.Sequential


def _is_keras_model(kind: type) -> bool:
    """Whether this is one of the two kinds of model that say how their layers are connected."""
    if not is_keras(kind):
        return False
    from course.keras_bridge import keras

    return kind is keras.Sequential or kind is keras.src.models.Functional


def is_keras(kind: type) -> bool:
    """Whether a class is Keras's own, and not a learner's made from one; none is, unloaded."""
    return "keras" in sys.modules and id(kind) in _keras_classes()


@cache
def _keras_classes() -> frozenset[int]:
    from course.keras_bridge import LocallyConnected2D, keras

    homes = [module for name, module in sys.modules.items() if name.startswith("keras.src.")]
    found = [value for home in homes for value in vars(home).values() if isinstance(value, type)]
    own = {id(value) for value in found if issubclass(value, keras.Operation)}
    return frozenset(own | {id(LocallyConnected2D)})


def _refusal(part: Any) -> WrongAnswer:
    """What is wrong with something that is no layer and no model of Keras or of the course."""
    bases = bases_of(part)
    if "Network" in bases or "Model" in bases:
        return _unreadable(OWN_MODEL(part=show(part)))
    if "Layer" in bases:
        return _unreadable(OWN_LAYER(part=show(part)))
    return _unreadable(NO_MODEL(part=show(part)))


def bases_of(part: Any) -> tuple[str, ...]:
    """Which of Network, Model and Layer, of Keras's or the course's, something is made from."""
    kind = type(part)
    if issubclass(kind, Foreign):
        return tuple(part.bases)
    keras: Any = sys.modules.get("keras")
    classes = [Network, Layer, *([keras.Model, keras.Layer] if keras else [])]
    # As issubclass, past the class's own code.
    mro = type.__dict__["__mro__"].__get__(kind)
    return tuple(base.__name__ for base in classes if any(one is base for one in mro))
