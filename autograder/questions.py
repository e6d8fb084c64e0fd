"""What is asked: a layer or stack, an input shape, a quantity; and what both references say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from autograder.errors import ReferenceDisagreement
from course import Stack
from course.derivation import Derivation, Step
from course.errors import SpecError
from course.layers import Layer
from course.layers.base import Shape

QUANTITIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "output_shape": ("shape", "the output shape"),
        "height": ("number", "the height of the output"),
        "width": ("number", "the width of the output"),
        "depth": ("number", "the depth of the output"),
        "weight_count": ("number", "the number of weights, biases not counted,"),
        "bias_count": ("number", "the number of biases"),
        "param_count": ("number", "the number of parameters"),
        "trainable_count": ("number", "the number of trainable parameters"),
        "padding_amounts": ("pads", "the zeros added on each side"),
        "macs": ("number", "the number of multiply-accumulates for one image"),
        "receptive_field": ("number", "the receptive field of one output"),
    }
)
"""Each quantity's kind of answer and its name in a sentence."""

AXES = ("height", "width", "depth")


@dataclass(frozen=True)
class Question:
    """One thing asked of a layer or a stack on one input shape (batch left out).

    With `at`, the name of one of the stack's layers, it is asked of that layer, in its place:
    of what comes out there, or of the parameters that this row of the summary shows.

    `quantity` is one of QUANTITIES. Two references answer it: `expected()` the engine,
    `ask_keras()` a real Keras model; `truth()` gives the answer on which both agree.

    Errors: SpecError for an unknown quantity or one that the layer does not have, ShapeError for
    a shape that does not suit the layer.

    >>> from course import layers as L
    >>> question = Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "width")
    >>> question.expected()
    64
    """

    layer: Layer | Stack
    input_shape: Shape
    quantity: str
    at: str | None = None
    place: int | None = field(default=None, init=False, repr=False)
    """Where `at` stands in the stack: stacks are equal whatever their layers are named."""

    def __post_init__(self) -> None:
        if self.quantity not in QUANTITIES:
            raise SpecError(
                f"unknown quantity {self.quantity!r}",
                f"ask for one of {', '.join(QUANTITIES)}",
                "Question",
            )
        if not isinstance(self.layer, Layer | Stack):
            raise SpecError(
                f"{self.layer!r} is no layer", "give a layer or a Stack of the course", "Question"
            )
        if isinstance(self.input_shape, list):
            object.__setattr__(self, "input_shape", tuple(self.input_shape))
        names = self.layer.names if isinstance(self.layer, Stack) else ()
        if self.at is not None and self.at not in names:
            raise SpecError(
                f"there is no layer {self.at!r}",
                f"the layers of the stack are {', '.join(names)}" if names else "leave at out",
                "Question",
            )
        if self.at is not None:
            object.__setattr__(self, "place", names.index(self.at))
        self.expected()

    @property
    def chain(self) -> tuple[Any, ...]:
        """The layers from the input to the one that is asked about, a stack's layers one by one."""
        if not isinstance(self.layer, Stack):
            return (self.layer,)
        end = len(self.layer) if self.at is None else self.layer.names.index(self.at) + 1
        return tuple(_flat(self.layer.layers[:end]))

    @property
    def asked_of(self) -> tuple[Any, Shape]:
        """The layer or stack that is asked about, and the shape that goes into it."""
        if not isinstance(self.layer, Stack) or self.at is None:
            return self.layer, self.input_shape
        rows = {row.name: row for row in self.layer.trace(self.input_shape).rows}
        return rows[self.at].layer, rows[self.at].input_shape

    @property
    def kind(self) -> str:
        """The kind of answer: 'number', 'shape' or 'pads'."""
        if self.quantity == "receptive_field" and not isinstance(self.expected(), int):
            return "shape"
        return QUANTITIES[self.quantity][0]

    @property
    def text(self) -> str:
        """The question in words, to be put into a sentence; the layer on its own line."""
        of = f"{self.layer!r}" if self.at is None else f"layer {self.at!r} in {self.layer!r}"
        return f"{QUANTITIES[self.quantity][1]} of\n    {of}\non an input of {self.input_shape}"

    @property
    def text_in_lines(self) -> str:
        """As `text`, with a stack's layers on lines of their own, or only the one asked about."""
        if not isinstance(self.layer, Stack):
            return self.text
        asked = QUANTITIES[self.quantity][1]
        if self.at is None:
            listed = "\n    ".join(map(repr, self.layer))
            asked += f" of all these layers in sequence:\n    {listed}"
            return f"{asked}\non an input of {self.input_shape}"
        layer, _ = self.asked_of
        asked += f" of\n    layer {self.at!r}: {layer!r}"
        return f"{asked}\nwhere the first layer's input is {self.input_shape}"

    def expected(self) -> Any:
        """The engine's answer: an int, a shape, or pairs of pads."""
        layer, shape = self.asked_of
        if self.quantity in AXES:
            return self.axis(layer.output_shape(shape))
        if self.quantity == "receptive_field":
            return self._receptive_field()
        if self.quantity == "padding_amounts" and isinstance(layer, Stack):
            raise SpecError("a stack has no pads of its own", "ask one of its layers", "Question")
        return getattr(layer, self.quantity)(shape)

    def _receptive_field(self) -> int | Shape:
        stack = self.layer if isinstance(self.layer, Stack) else Stack([self.layer])
        trace = stack.trace(self.input_shape)
        row = trace.rows[-1 if self.at is None else stack.names.index(self.at)]
        if row.receptive_field is None:
            raise SpecError("no image goes in", "ask for a shape or a count", repr(self.layer))
        return row.receptive_field

    def ask_keras(self) -> Any:
        """The answer of a real Keras model, built without allocating its weights."""
        from course import keras_bridge

        layer, shape = self.layer, self.input_shape
        if isinstance(layer, Stack) and self.at is not None:
            place = layer.names.index(self.at)
            if self.quantity == "receptive_field":
                layer = Stack(layer.layers[: place + 1])
            else:
                before, layer = layer.layers[:place], layer.layers[place]
                if before:
                    shape = keras_bridge.ask(Stack(before), shape).output_shape
        if self.quantity == "padding_amounts":
            assert isinstance(layer, Layer)
            return keras_bridge.ask_padding(layer, shape)
        if self.quantity == "receptive_field":
            field = keras_bridge.ask_receptive_field(layer, shape)
            return field[0] if len(set(field)) == 1 else field
        facts = keras_bridge.ask(layer, shape)
        if self.quantity in AXES:
            return self.axis(facts.output_shape)
        return getattr(facts, self.quantity)

    def truth(self) -> Any:
        """The answer on which engine and Keras agree, or a ReferenceDisagreement."""
        return _truth(self)

    def working(self) -> Derivation | None:
        """The derivation of the answer; None for a stack and for a receptive field."""
        layer, shape = self.asked_of
        if isinstance(layer, Stack) or self.quantity == "receptive_field":
            return None
        if self.quantity not in AXES:
            working: Derivation = layer.derivation(self.quantity, shape)
            return working
        whole = layer.derivation("output_shape", shape)
        assert isinstance(whole.result, tuple)
        wanted = self.axis(whole.result)
        steps = tuple(step for step in whole.steps if step.name == wanted or not _is_size(step))
        return Derivation(whole.title.replace("output_shape", self.quantity), steps, wanted)

    @property
    def channels_first(self) -> bool:
        """Whether the depth is the first number of the output shape."""
        return getattr(self.chain[-1], "data_format", "") == "channels_first"

    def axis(self, shape: tuple[Any, ...]) -> Any:
        """Of a shape, or of anything that stands for its numbers, what the question is about."""
        if len(shape) != len(AXES):
            raise SpecError(
                f"the output {shape} is no image",
                "ask for output_shape",
                f"{self.quantity} of {self.layer!r}",
            )
        place = AXES.index(self.quantity)
        return shape[(place + 1) % 3 if self.channels_first else place]


def _flat(layers: Iterable[Any]) -> Iterator[Any]:
    """The layers one by one, also those of stacks in the stack."""
    for layer in layers:
        yield from _flat(layer.layers) if isinstance(layer, Stack) else (layer,)


def _is_size(step: Step) -> bool:
    return step.name.endswith("_out")


@cache
def _truth(question: Question) -> Any:
    expected = question.expected()
    try:
        keras_says = question.ask_keras()
    except Exception as error:
        keras_says = f"{type(error).__name__}: {error}"
    if keras_says != expected:
        raise ReferenceDisagreement(
            f"the course's engine and Keras disagree on {question.text}: the engine says "
            f"{expected}, Keras says {keras_says}",
            "this is a fault of the course and not of any answer, so please report it to your "
            "instructor",
        )
    return expected
