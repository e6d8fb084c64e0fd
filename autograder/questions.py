"""What is asked: a layer or stack, an input shape, a quantity; and what both references say."""

from collections.abc import Mapping
from dataclasses import dataclass
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
        self.expected()

    @property
    def kind(self) -> str:
        """The kind of answer: 'number', 'shape' or 'pads'."""
        if self.quantity == "receptive_field" and not isinstance(self.expected(), int):
            return "shape"
        return QUANTITIES[self.quantity][0]

    @property
    def text(self) -> str:
        """The question in words, to be put into a sentence; the layer on its own line."""
        return (
            f"{QUANTITIES[self.quantity][1]} of\n    {self.layer!r}\n"
            f"on an input of {self.input_shape}"
        )

    def expected(self) -> Any:
        """The engine's answer: an int, a shape, or pairs of pads."""
        if self.quantity in AXES:
            return self._axis(self.layer.output_shape(self.input_shape))
        if self.quantity == "receptive_field":
            stack = self.layer if isinstance(self.layer, Stack) else Stack([self.layer])
            field = stack.trace(self.input_shape).receptive_field
            if field is None:
                raise SpecError("no image goes in", "ask for a shape or a count", repr(self.layer))
            return field
        if self.quantity == "padding_amounts" and isinstance(self.layer, Stack):
            raise SpecError("a stack has no pads of its own", "ask one of its layers", "Question")
        return getattr(self.layer, self.quantity)(self.input_shape)

    def ask_keras(self) -> Any:
        """The answer of a real Keras model, built without allocating its weights."""
        from course import keras_bridge

        if self.quantity == "padding_amounts":
            assert isinstance(self.layer, Layer)
            return keras_bridge.ask_padding(self.layer, self.input_shape)
        if self.quantity == "receptive_field":
            field = keras_bridge.ask_receptive_field(self.layer, self.input_shape)
            return field[0] if len(set(field)) == 1 else field
        facts = keras_bridge.ask(self.layer, self.input_shape)
        if self.quantity in AXES:
            return self._axis(facts.output_shape)
        return getattr(facts, self.quantity)

    def truth(self) -> Any:
        """The answer on which engine and Keras agree, or a ReferenceDisagreement."""
        return _truth(self)

    def working(self) -> Derivation | None:
        """The derivation of the answer; None for a stack and for a receptive field."""
        if isinstance(self.layer, Stack) or self.quantity == "receptive_field":
            return None
        if self.quantity not in AXES:
            return self.layer.derivation(self.quantity, self.input_shape)
        whole = self.layer.derivation("output_shape", self.input_shape)
        assert isinstance(whole.result, tuple)
        wanted = self._axis(whole.result)
        steps = tuple(step for step in whole.steps if step.name == wanted or not _is_size(step))
        return Derivation(whole.title.replace("output_shape", self.quantity), steps, wanted)

    def _axis(self, shape: tuple[Any, ...]) -> Any:
        if len(shape) != len(AXES):
            raise SpecError(
                f"the output {shape} is no image",
                "ask for output_shape",
                f"{self.quantity} of {self.layer!r}",
            )
        last = self.layer.layers[-1] if isinstance(self.layer, Stack) else self.layer
        place = AXES.index(self.quantity)
        if getattr(last, "data_format", "channels_last") == "channels_first":
            place = (place + 1) % 3
        return shape[place]


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
