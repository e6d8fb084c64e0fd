"""What all layers share: how they are made, asked and printed."""

from dataclasses import dataclass, field
from inspect import Signature
from typing import TYPE_CHECKING, Any, ClassVar

from course.arithmetic import unchanged
from course.derivation import Derivation, Names, Step
from course.errors import SpecError
from course.layers.arguments import Pads, boolean, layer_name
from course.layers.fields import Arguments, argument, arguments_of
from course.layers.shapes import AXES, SIZE_LETTERS, Shape, per_axis, size_letters, whole_shape
from course.layers.windows import Sight, field_steps

__all__ = [
    "AXES",
    "QUANTITIES",
    "SIZE_LETTERS",
    "Layer",
    "Shape",
    "Sight",
    "per_axis",
    "size_letters",
    "whole_shape",
]

QUANTITIES = (
    "output_shape",
    "weight_count",
    "bias_count",
    "param_count",
    "trainable_count",
    "macs",
    "padding_amounts",
)


class LayerType(type):
    """Makes layers: converts their arguments, and puts the layer's name into errors.

    A dataclass's own __init__ would cost more time than all of the layer's arithmetic.
    """

    keras_only: frozenset[str]

    @property
    def arguments(cls) -> Arguments:
        """What the class declares."""
        return arguments_of(cls)

    @property
    def __signature__(cls) -> Signature:
        """What help shows in a notebook."""
        return cls.arguments.signature

    def __init__(cls, *class_definition: Any) -> None:
        super().__init__(*class_definition)
        if "__init__" not in vars(cls):
            cls.__init__ = _first_init  # type: ignore[misc]

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        try:
            try:
                return super().__call__(*args, **kwargs)
            except TypeError:
                own, options = cls._options(args, kwargs)
                layer = super().__call__(*args, **own)
                layer.__dict__["keras_options"] = options
                return layer
        except SpecError as error:
            name = kwargs.get("name")
            where = f"{cls.__name__} {name!r}" if name else cls.__name__
            raise error.at(error.where or where) from None

    def _options(cls, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[dict[str, Any], Any]:
        """The arguments without those that are kept for Keras, and these; SpecError for others."""
        own = {name: value for name, value in kwargs.items() if name not in cls.keras_only}
        known = cls.arguments.signature.parameters
        listed = f"the arguments are {', '.join(known)}"
        for name in own:
            if name not in known:
                raise SpecError(f"unknown argument {name!r}", listed, cls.__name__)
        try:
            cls.arguments.signature.bind(*args, **own)
        except TypeError as error:
            raise SpecError(str(error), listed, cls.__name__) from None
        return own, tuple((name, kwargs[name]) for name in kwargs if name in cls.keras_only)


def _first_init(layer: Any, *args: Any, **kwargs: Any) -> None:
    """Gives a class its own __init__, written when all of it is known, and runs that."""
    kind = type(layer)
    kind.__init__ = kind.arguments.init
    kind.__init__(layer, *args, **kwargs)


@dataclass(frozen=True, repr=False, init=False)
class Layer(metaclass=LayerType):
    """A Keras layer as plain data: its arguments, checked, and the arithmetic that they imply.

    Shapes are (height, width, channels) without the batch. `name` is the layer's name in tables
    and errors; `trainable=False` counts its parameters as not trainable. Arguments of Keras that
    change no count (initializers, regularizers, constraints) are kept in `keras_options` for the
    bridge to Keras, and two layers that differ in them alone are equal.

    Errors: SpecError when the arguments make no layer, ShapeError when a shape does not suit it.
    """

    keras_only: ClassVar[frozenset[str]] = frozenset({"dtype"})
    name: str | None = argument(layer_name, None, kw_only=True, compare=False)
    trainable: bool = argument(boolean, True, kw_only=True)
    keras_options: tuple[tuple[str, Any], ...] = field(
        default=(), kw_only=True, init=False, compare=False
    )

    if TYPE_CHECKING:
        # Arguments are converted, so they may be of other types than the fields.
        def __init__(self, *args: Any, **kwargs: Any) -> None: ...

    # The last shape that was found to suit: one shape is asked for several numbers. A tuple of ints
    # does not change, so the very same one need not be checked again.
    _checked: ClassVar[object]

    # What a kind of layer says of itself ------------------------------------------------------

    settled: ClassVar[tuple[str, ...] | None] = ()
    """The arguments that `settle` is called for, where one is not at its default; None: always."""

    def settle(self, held: dict[str, Any]) -> None:
        """See to what concerns several arguments, which the layer has `held` since just now.

        Errors: SpecError for arguments that do not go together.
        """

    def shape_steps(self, input_shape: Shape) -> tuple[Step, ...]:
        """One step per number of the output shape; the shape has been checked."""
        letters = size_letters(input_shape)
        return tuple(
            Step(f"{letter}_out", unchanged, (n,), {"n": f"{letter}_in"})
            for letter, n in zip(letters, input_shape, strict=True)
        )

    def count_step(self, quantity: str, input_shape: Shape) -> Step | None:
        """The step for weight_count, bias_count, param_count or macs; None where it is 0."""
        return None

    def lead_steps(self) -> tuple[Step, ...]:
        """Steps that a derivation of the output shape shows first."""
        return ()

    def windows(self, input_shape: Shape) -> Sight:
        """What an output of the layer sees of the layer's input."""
        return "unchanged"

    def window_letters(self) -> tuple[str, ...]:
        """How the layer's window is written along each axis; none where it has no window."""
        return ()

    def trainable_step(self, input_shape: Shape) -> Step | None:
        """The step for the parameters that training changes, were the layer not frozen."""
        return self.count_step("param_count", input_shape)

    def padding_steps(self, input_shape: Shape) -> tuple[tuple[Step, ...], Names]:
        """The steps to the zeros added on each side, and their names as pairs per axis."""
        raise SpecError("this layer adds no padding", "ask a layer with a window", self.label)

    def check_input(self, input_shape: Shape) -> None:
        """Raise a ShapeError if the layer cannot take this (already plain) shape."""

    @property
    def channels_first(self) -> bool:
        """Whether the channels are the first number of the layer's shapes."""
        return False

    def spatial(self, input_shape: Shape) -> Shape:
        """The sizes of an input without its channels."""
        return input_shape[1:] if self.channels_first else input_shape[:-1]

    # What users ask ---------------------------------------------------------------------------

    @property
    def label(self) -> str:
        """The layer's kind and, if it has one, its name, as errors give it."""
        return f"{type(self).__name__} {self.name!r}" if self.name else type(self).__name__

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape that comes out for one input of `input_shape`, batch left out in both."""
        shape = self.plain_shape(input_shape)
        return tuple([step.function(*step.arguments) for step in self.shape_steps(shape)])

    def weight_count(self, input_shape: Shape) -> int:
        """How many weights the layer holds on such an input, biases not counted."""
        return self._count("weight_count", input_shape)

    def bias_count(self, input_shape: Shape) -> int:
        """How many biases the layer holds."""
        return self._count("bias_count", input_shape)

    def param_count(self, input_shape: Shape) -> int:
        """All parameters: weights and biases, trainable or not."""
        return self._count("param_count", input_shape)

    def trainable_count(self, input_shape: Shape) -> int:
        """The parameters that training changes: all of them, or none with trainable=False."""
        step = self.trainable_step(self.plain_shape(input_shape))
        return step.value if step and self.trainable else 0

    def macs(self, input_shape: Shape) -> int:
        """Multiply-accumulates for one image, biases left out."""
        return self._count("macs", input_shape)

    def padding_amounts(self, input_shape: Shape) -> Pads:
        """The zeros added before and after each spatial axis: ((top, bottom), (left, right))."""
        return self.derivation("padding_amounts", input_shape).value  # type: ignore[return-value]

    def derivation(self, quantity: str, input_shape: Shape) -> Derivation:
        """The working of one of QUANTITIES, or of 'receptive_field', for an input of `input_shape`.

        Errors: SpecError for an unknown quantity or one that the layer does not have, ShapeError
        for a shape that does not suit.
        """
        if quantity not in (*QUANTITIES, "receptive_field"):
            known = ", ".join((*QUANTITIES, "receptive_field"))
            raise SpecError(f"unknown quantity {quantity!r}", f"ask for one of {known}", self.label)
        shape = self.plain_shape(input_shape)
        title = f"{self!r} on {shape}: {quantity}"
        if quantity == "receptive_field":
            way = [(self.window_letters(), self.windows(shape))]
            return Derivation(title, *field_steps(self.spatial(shape), way, self.label))
        if quantity == "output_shape":
            steps = self.shape_steps(shape)
            return Derivation(
                title, (*self.lead_steps(), *steps), tuple(step.name for step in steps)
            )
        if quantity == "padding_amounts":
            steps, result = self.padding_steps(shape)
            return Derivation(title, steps, result)
        if quantity == "trainable_count":
            step = self.trainable_step(shape) if self.trainable else None
        else:
            step = self.count_step(quantity, shape)
        if step is None:
            step = Step(quantity, unchanged, (0,), {"n": "0"})
        return Derivation(title, (step,), step.name)

    def plain_shape(self, shape: Any) -> Shape:
        """The shape as a tuple of ints that this layer can take, or a ShapeError."""
        plain: Shape = shape
        if plain is self._checked:
            return plain
        if type(plain) is not tuple or not plain:
            plain = whole_shape(shape, self.label)
        for size in plain:
            if type(size) is not int or size < 1:
                plain = whole_shape(shape, self.label)
        self.check_input(plain)
        self.__dict__["_checked"] = plain
        return plain

    def _count(self, quantity: str, input_shape: Shape) -> int:
        step = self.count_step(quantity, self.plain_shape(input_shape))
        return step.value if step else 0

    def is_default(self, argument: str, value: Any) -> bool:
        """Whether an argument has the value that it has when left out."""
        return bool(value == type(self).arguments.defaults[argument])

    def __repr__(self) -> str:
        """The layer as one would type it: what is left at its default is left out."""
        shown = []
        known = type(self).arguments
        for name in known.signature.parameters:
            value = getattr(self, name)
            if name not in known.defaults:
                shown.append(_short(value))
            elif not self.is_default(name, value):
                shown.append(f"{name}={_short(value)}")
        return f"{type(self).__name__}({', '.join(shown)})"


def _short(value: Any) -> str:
    """Sizes that are equal on all axes as one number, as people write them."""
    if isinstance(value, tuple) and value and len(set(value)) == 1:
        first = value[0]
        if isinstance(first, int) or (isinstance(first, tuple) and len(set(first)) == 1):
            return _short(first)
    return getattr(value, "__name__", None) or repr(value)
