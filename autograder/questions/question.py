"""A question: a layer or stack, an input shape, a quantity; its words; what each reference says."""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from autograder.answers import Plain
from autograder.questions.quantities import (
    AXES,
    AXIS_NAMES,
    NUMBER_NAME,
    PAD_NAMES,
    PAIR_NAME,
    QUANTITIES,
)
from autograder.questions.wording import in_a_sentence, in_html
from autograder.verdicts import Message
from course import Stack
from course.derivation import Derivation, Step
from course.errors import SpecError
from course.expression import Number
from course.layers import Layer
from course.layers.base import Shape


@dataclass(frozen=True)
class Question:
    """One thing asked of a layer or a stack on one input shape (batch left out).

    With `at`, the name of one of the stack's layers, it is asked of that layer, in its place:
    of what comes out there, or of the parameters that this row of the summary shows.

    `quantity` is one of QUANTITIES. Two references answer it: `expected()` the engine,
    `ask_keras()` a real Keras model; `autograder.references` holds them against each other.
    `nobodys` marks the numbers of a personal exercise where nobody has said whose they are: no
    answer to them counts.

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
    nobodys: bool = field(default=False, kw_only=True, repr=False, compare=False)

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

    @cached_property
    def chain(self) -> tuple[Any, ...]:
        """The layers from the input to the one that is asked about, a stack's layers one by one."""
        if not isinstance(self.layer, Stack):
            return (self.layer,)
        end = None if self.place is None else self.place + 1
        return tuple(layer for _, layer in Stack(self.layer.layers[:end]).flat())

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
    def message(self) -> Message:
        """The question, to be put into a sentence: of a stack only what is asked about."""
        asked_of = self.asked_of[0] if isinstance(self.layer, Stack) and self.at else self.layer
        return in_a_sentence(self.quantity, asked_of, self.input_shape, self.at)

    @property
    def text(self) -> str:
        """The question in words."""
        return str(self.message)

    @property
    def sentence(self) -> str:
        """The question as it is asked."""
        return f"What {self.verb} {self.text}?"

    @property
    def verb(self) -> str:
        """That of the sentence: there are several pads."""
        return "are" if self.kind == "pads" else "is"

    def to_html(self) -> str:
        """The question as it is asked, the layer below it, a stack's layers line by line."""
        return in_html(self.verb, self.quantity, self.layer, self.input_shape, self.at)

    @property
    def number_names(self) -> tuple[Message, ...]:
        """What the numbers of the answer are called, in the order in which they stand."""
        length = len(numbers(self.expected()))
        if self.kind == "pads":
            flat = length == 2 * len(PAD_NAMES)
            pairs = [PAD_NAMES[n]() if flat else PAIR_NAME(place=n + 1) for n in range(length // 2)]
            return tuple(name for name in pairs for _ in ("before", "after"))
        if length != len(AXES):
            return tuple(NUMBER_NAME(place=place) for place in range(1, length + 1))
        names = tuple(AXIS_NAMES[axis]() for axis in AXES)
        return (names[2], *names[:2]) if self.channels_first else names

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
        row = trace.rows[-1 if self.place is None else self.place]
        if row.receptive_field is None:
            raise SpecError("no image goes in", "ask for a shape or a count", repr(self.layer))
        return row.receptive_field

    def ask_keras(self) -> Any:
        """The answer of a real Keras model, built without allocating its weights."""
        from course import keras_bridge

        layer, shape = self.layer, self.input_shape
        if isinstance(layer, Stack) and self.place is not None:
            place = self.place
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

    def working(self) -> Derivation | None:
        """The derivation of the answer; None for a stack's sizes and sums."""
        if self.quantity == "receptive_field":
            return self._field_working()
        layer, shape = self.asked_of
        if isinstance(layer, Stack):
            return None
        if self.quantity not in AXES:
            working: Derivation = layer.derivation(self.quantity, shape)
            return working
        whole = layer.derivation("output_shape", shape)
        assert isinstance(whole.result, tuple)
        wanted = self.axis(whole.result)
        steps = tuple(step for step in whole.steps if step.name == wanted or not _is_size(step))
        return Derivation(whole.title.replace("output_shape", self.quantity), steps, wanted)

    def _field_working(self) -> Derivation | None:
        """The working of a receptive field; None where a network lies on the way to it."""
        at = {} if self.at is None else {"at": self.at}
        try:
            return self.layer.derivation(self.quantity, self.input_shape, **at)
        except SpecError:
            return None

    @property
    def channels_first(self) -> bool:
        """Whether the depth is the first number of the output shape."""
        return bool(self.chain[-1].channels_first)

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


def numbers(answer: Plain) -> tuple[Number, ...]:
    """The numbers of an answer in a row: one, those of a shape, or the pads of all sides.

    >>> numbers(((0, 1), (0, 1)))
    (0, 1, 0, 1)
    """
    if isinstance(answer, tuple):
        return tuple(number for part in answer for number in numbers(part))
    assert answer is not None
    return (Fraction(answer),) if isinstance(answer, float) else (answer,)


def _is_size(step: Step) -> bool:
    return step.name.endswith("_out")
