"""Whole Keras models read as a Trace: sequences, branches, several inputs, models in models."""

from typing import Any

from course import layers as L
from course.errors import SpecError
from course.keras_bridge.convert import from_keras
from course.keras_bridge.loading import keras
from course.stack import Graph, Node, Stack
from course.trace import Trace

OPERATIONS = {
    "Add": L.Add,
    "Divide": L.Multiply,
    "Maximum": L.Maximum,
    "Minimum": L.Minimum,
    "Multiply": L.Multiply,
    "Subtract": L.Subtract,
    "TrueDivide": L.Multiply,
}
"""What x + y and the like become in a functional model: operations without a layer."""


def read_model(model: Any, input_shape: Any = None) -> Trace:
    """The trace of a built Keras model: its layers as specs, with all shapes and counts.

    `input_shape` (a tuple of shapes for several inputs, batch left out) is needed only where the
    model leaves sizes open. Functional models may have several inputs and branches, and models may
    stand in models. A layer
    that the course does not know stands in the table by its kind, with Keras's output shape and no
    counts; the totals then raise a SpecError that names it.

    Errors: SpecError for what is no model, for a model without an input shape, and for one written
    as a class of its own, which does not say how its layers are connected.

    >>> model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3)])
    >>> read_model(model).param_count
    320
    """
    network = read_network(model)
    if input_shape is None:
        shapes = [tuple(tensor.shape[1:]) for tensor in model.inputs]
        for shape in shapes:
            if None in shape:
                raise SpecError(
                    f"the input shape {shape} leaves a size open",
                    "say it: read_model(model, input_shape=(224, 224, 3))",
                    f"model {model.name!r}",
                )
        input_shape = shapes[0] if len(shapes) == 1 else tuple(shapes)
    return network.trace(input_shape)


def read_network(model: Any) -> Stack | Graph:
    """The layers of a Keras model as a Stack or a Graph, whatever its input shape."""
    where = f"model {getattr(model, 'name', model)!r}"
    if not isinstance(model, keras.Model):
        raise SpecError(f"{type(model).__name__} is no Keras model", "give a keras.Model", where)
    if isinstance(model, keras.Sequential):
        if not model.built:
            raise SpecError("the model has no input shape yet", "begin it with keras.Input", where)
        return Stack([_read_layer(layer) for layer in model.layers], model.name)
    if not hasattr(model, "_nodes_by_depth"):
        raise SpecError(
            f"{type(model).__name__} is a class of its own, which does not say how its layers "
            "are connected",
            "build the model from inputs and outputs with keras.Model(inputs, outputs)",
            where,
        )
    return _read_graph(model)


def _read_layer(layer: Any, input_count: int = 1) -> Any:
    """A spec, a network for a model inside the model, or an UnknownLayer with Keras's shape."""
    kind = type(layer)
    if kind.__module__.startswith("keras.src.ops") and kind.__name__ in OPERATIONS:
        name = layer.name
        return (
            OPERATIONS[kind.__name__](name=name) if input_count > 1 else L.Rescaling(1.0, name=name)
        )
    try:
        if isinstance(layer, keras.Model):
            try:
                return from_keras(layer)  # a convolution with explicit padding is a model of two
            except SpecError:
                return read_network(layer)
        return from_keras(layer)
    except SpecError:
        shape = keras.tree.map_structure(lambda tensor: tuple(tensor.shape[1:]), layer.output)
        if isinstance(shape, list):
            shape = tuple(shape)
        name = getattr(layer, "name", None)
        return L.UnknownLayer(kind.__name__, shape, name=name)


def _read_graph(model: Any) -> Graph:
    """The nodes of a functional model in Keras's own order, from the inputs to the outputs."""
    # Keras's summary reads the same two private attributes; there is no public way to the nodes.
    numbers: dict[int, int] = {}
    used = {id(node) for nodes in model._nodes_by_depth.values() for node in nodes}
    order = {id(tensor): place for place, tensor in enumerate(model.inputs)}
    nodes: list[Node] = []
    specs: dict[int, Any] = {}
    pending = [
        (operation, node)
        for operation in model.operations
        for node in operation._inbound_nodes
        if id(node) in used
    ]
    while pending:
        waiting = []
        for operation, node in pending:
            if any(id(tensor) not in numbers for tensor in node.input_tensors):
                waiting.append((operation, node))  # a shared layer's second use comes later
                continue
            if id(operation) not in specs:
                specs[id(operation)] = _read_layer(operation, len(node.input_tensors))
            inputs = tuple(numbers[id(tensor)] for tensor in node.input_tensors)
            if isinstance(operation, keras.layers.InputLayer):
                inputs = (order[id(node.output_tensors[0])],)
            nodes.append(Node(operation.name, specs[id(operation)], inputs))
            numbers[id(node.output_tensors[0])] = len(model.inputs) + len(nodes) - 1
        pending = waiting
    outputs = tuple(numbers[id(tensor)] for tensor in model.outputs)
    return Graph(model.name, tuple(nodes), outputs, len(model.inputs))
