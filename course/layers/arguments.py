"""Arguments checked once on the way in, so that every layer afterwards holds plain ints.

Each function returns the argument in its one inner form or raises a SpecError; the layer's name
is added to the error where the layer is made.
"""

from collections.abc import Callable
from numbers import Integral, Real
from operator import index
from typing import Any

from course.errors import SpecError

Pair = tuple[int, int]
Pads = tuple[Pair, ...]
Function = str | Callable[..., Any] | None
"""An activation: its name in Keras, a function of one's own, or none."""
Numbers = int | float | tuple["Numbers", ...]
"""A number, or an array of numbers as tuples."""

ACTIVATIONS = frozenset(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh "
    "leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink "
    "softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh "
    "tanh_shrink threshold".split()
)


ALIASES: dict[str, str | None] = {"linear": None, "swish": "silu", "hard_swish": "hard_silu"}
"""Second names of activations; Keras forgets which of the two it was given."""

NAMES = ("valid", "same")


def integer(value: Any, name: str) -> int:
    """An int of any size; a NumPy integer will do, True and 3.0 will not.

    >>> integer(-1, "axis")
    -1
    """
    try:
        if isinstance(value, bool):
            raise TypeError
        return index(value)
    except TypeError:
        raise SpecError(
            f"{name} must be a whole number, not {value!r}", f"give an int, such as {name}=3"
        ) from None


def at_least(value: Any, name: str, minimum: int) -> int:
    """An integer of at least `minimum`.

    >>> at_least(0, "padding", 0)
    0
    """
    plain = integer(value, name)
    if plain < minimum:
        raise SpecError(
            f"{name} must be at least {minimum}, not {plain}",
            f"give {name} a {'positive ' if minimum else ''}whole number",
        )
    return plain


def positive_int(value: Any, name: str) -> int:
    """An integer of at least 1.

    >>> positive_int(32, "filters")
    32
    """
    return value if type(value) is int and value > 0 else at_least(value, name, 1)


def sizes(value: Any, rank: int, name: str, minimum: int = 1) -> tuple[int, ...]:
    """One whole number per axis; a single one stands for all axes.

    >>> sizes(3, 2, "kernel_size")
    (3, 3)
    """
    if not isinstance(value, tuple | list):
        return (at_least(value, name, minimum),) * rank
    if len(value) != rank:
        raise SpecError(
            f"{name} needs {rank} numbers, one per axis, not {len(value)}: {value!r}",
            f"give one int for all axes or a tuple of {rank}",
        )
    return tuple(at_least(entry, name, minimum) for entry in value)


def one_of(value: Any, options: tuple[str, ...], name: str, *, any_case: bool = True) -> str:
    """One of the named options; Keras takes most of them in capitals too, but not all.

    >>> one_of("SAME", ("valid", "same"), "padding")
    'same'
    """
    if isinstance(value, str):
        chosen = value.lower() if any_case else value
        if chosen in options:
            return chosen
    listed = " or ".join(repr(option) for option in options)
    raise SpecError(f"{name} must be {listed}, not {value!r}", f"write {name}={options[0]!r}")


def valid_or_same(value: Any, name: str) -> str:
    """The padding of layers that take no zeros of one's own choosing.

    >>> valid_or_same("SAME", "padding")
    'same'
    """
    return one_of(value, NAMES, name)


def named_exactly(value: Any, name: str) -> str:
    """The padding of pooling, whose name Keras does not take in capitals.

    >>> named_exactly("same", "padding")
    'same'
    """
    return one_of(value, NAMES, name, any_case=False)


def pads(value: Any, rank: int, name: str = "padding") -> Pads:
    """Zeros to add before and after each axis: P, one P per axis, or a pair per axis.

    >>> pads(1, 2), pads(((0, 1), (0, 1)), 2)
    (((1, 1), (1, 1)), ((0, 1), (0, 1)))
    """
    if isinstance(value, tuple | list):
        if len(value) != rank:
            raise SpecError(
                f"{name} needs one entry per axis ({rank}), not {len(value)}: {value!r}",
                f"give an int, a tuple of {rank} ints, or a tuple of {rank} pairs",
            )
        return tuple(_before_and_after(entry, name) for entry in value)
    return (_before_and_after(value, name),) * rank


def _before_and_after(entry: Any, name: str) -> Pair:
    if not isinstance(entry, tuple | list):
        both = at_least(entry, name, 0)
        return both, both
    if len(entry) != 2:
        raise SpecError(
            f"{name} needs two numbers for an axis, before and after, not {entry!r}",
            "give pairs such as ((0, 1), (0, 1))",
        )
    return at_least(entry[0], name, 0), at_least(entry[1], name, 0)


def window_padding(value: Any, rank: int, names: tuple[str, ...] = NAMES) -> str | Pads:
    """A layer's `padding`: 'valid', 'same', or the zeros themselves as in `pads`.

    >>> window_padding("same", 2), window_padding(1, 2)
    ('same', ((1, 1), (1, 1)))
    """
    if isinstance(value, str):
        return one_of(value, names, "padding")
    try:
        return pads(value, rank)
    except SpecError as error:
        raise SpecError(
            error.problem, "write padding='valid', 'same', P or one pair an axis"
        ) from None


def activation(value: Any, name: str = "activation") -> Function:
    """The name of an activation that Keras knows, a function, or None for no activation.

    >>> activation("relu")
    'relu'
    """
    if value is None:
        return None
    if callable(value):
        function: Callable[..., Any] = value
        return function
    if isinstance(value, str) and value in ACTIVATIONS:
        return ALIASES.get(value, value)
    raise SpecError(
        f"{name} {value!r} is not one that Keras knows",
        "give a name such as 'relu' or 'softmax', or None",
    )


def data_format(value: Any, name: str = "data_format") -> str:
    """Where the channels stand: 'channels_last' (also for None) or 'channels_first'.

    >>> data_format(None)
    'channels_last'
    """
    if value is None:
        return "channels_last"
    return one_of(value, ("channels_last", "channels_first"), name)


def boolean(value: Any, name: str) -> bool:
    """True or False.

    >>> boolean(True, "use_bias")
    True
    """
    if value is True or value is False:
        return bool(value)
    raise SpecError(f"{name} must be True or False, not {value!r}", f"write {name}=True")


def layer_name(value: Any, name: str) -> str | None:
    """What a layer is called; None leaves it to the network.

    >>> layer_name("conv1", "name")
    'conv1'
    """
    if value is None or isinstance(value, str):
        return value
    raise SpecError(f"{name} must be a string, not {value!r}", f"write {name}='conv1'")


def number(value: Any, name: str, minimum: float | None = None) -> int | float:
    """A plain number, of at least `minimum` if that is given; NumPy's numbers will do.

    >>> number(0.5, "scale")
    0.5
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise SpecError(f"{name} must be a number, not {value!r}", f"write {name}=0.5")
    if minimum is not None and value < minimum:
        raise SpecError(f"{name} must be at least {minimum}, not {value}", f"write {name}=0.5")
    return int(value) if isinstance(value, Integral) else float(value)


def not_negative(value: Any, name: str) -> int | float:
    """A plain number of at least 0.

    >>> not_negative(0.5, "threshold")
    0.5
    """
    return number(value, name, 0)


def share(value: Any, name: str) -> float:
    """A number from 0 to 1.

    >>> share(0.5, "rate")
    0.5
    """
    if isinstance(value, bool | str) or not isinstance(value, int | float):
        raise SpecError(f"{name} must be a number, not {value!r}", f"write {name}=0.5")
    if not 0 <= value <= 1:
        raise SpecError(
            f"{name} must lie between 0 and 1, not {value}", f"write {name}=0.5 for half"
        )
    return value


def numbers(value: Any, name: str) -> Numbers:
    """A number, or a list or array of numbers as tuples, so that specs can be compared.

    >>> numbers([0.5, 1], "mean")
    (0.5, 1)
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if not isinstance(value, tuple | list):
        return number(value, name)
    entries = tuple(numbers(entry, name) for entry in value)
    if not entries or len({extent(entry) for entry in entries}) > 1:
        raise SpecError(f"{name}={value!r} is no array of numbers", "give rows of equal length")
    return entries


def extent(value: Any) -> tuple[int, ...]:
    """The shape of what `numbers` gives.

    >>> extent(((1, 2, 3), (4, 5, 6)))
    (2, 3)
    """
    return (len(value), *extent(value[0])) if isinstance(value, tuple) else ()


def axes(value: Any, name: str = "axis") -> int | tuple[int, ...]:
    """One axis as an int, several as a tuple; the batch is axis 0, the last axis is -1 too.

    >>> axes([1, 2]), axes([-1])
    ((1, 2), -1)
    """
    if not isinstance(value, tuple | list):
        return integer(value, name)
    several = tuple(integer(entry, name) for entry in value)
    if not several:
        raise SpecError(f"{name} names no axis", f"write {name}=-1 for the last one")
    return several[0] if len(several) == 1 else several
