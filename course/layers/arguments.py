"""Arguments checked once on the way in, so that every layer afterwards holds plain ints.

Each function returns the argument in its one inner form or raises a SpecError; the layer's name
is added to the error where the layer is made.
"""

from operator import index
from typing import Any

from course.errors import SpecError

Pair = tuple[int, int]
Pads = tuple[Pair, ...]

ACTIVATIONS = frozenset(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh "
    "leaky_relu linear log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink "
    "softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus swish tanh "
    "tanh_shrink threshold".split()
)


ALIASES = {"linear": None, "swish": "silu", "hard_swish": "hard_silu"}
"""Second names of activations; Keras forgets which of the two it was given."""

NAMES = ("valid", "same")


def whole(value: Any, name: str, minimum: int = 1) -> int:
    """An integer of at least `minimum`; a NumPy integer will do, True and 3.0 will not.

    >>> whole(32, "filters")
    32
    """
    if type(value) is not int:
        try:
            if isinstance(value, bool):
                raise TypeError
            value = index(value)
        except TypeError:
            raise SpecError(
                f"{name} must be a whole number, not {value!r}", f"give an int, such as {name}=3"
            ) from None
    if value < minimum:
        raise SpecError(
            f"{name} must be at least {minimum}, not {value}",
            f"give {name} a {'positive ' if minimum else ''}whole number",
        )
    return int(value)


def sizes(value: Any, rank: int, name: str, minimum: int = 1) -> tuple[int, ...]:
    """One whole number per axis; a single one stands for all axes.

    >>> sizes(3, 2, "kernel_size")
    (3, 3)
    """
    if type(value) is int and value >= minimum:
        return (value,) * rank
    if not isinstance(value, tuple | list):
        return (whole(value, name, minimum),) * rank
    if len(value) != rank:
        raise SpecError(
            f"{name} needs {rank} numbers, one per axis, not {len(value)}: {value!r}",
            f"give one int for all axes or a tuple of {rank}",
        )
    return tuple(whole(entry, name, minimum) for entry in value)


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


def pads(value: Any, rank: int, name: str = "padding") -> Pads:
    """Zeros to add before and behind each axis: P, one P per axis, or a pair per axis.

    >>> pads(1, 2), pads(((0, 1), (0, 1)), 2)
    (((1, 1), (1, 1)), ((0, 1), (0, 1)))
    """
    if isinstance(value, tuple | list):
        if len(value) != rank:
            raise SpecError(
                f"{name} needs one entry per axis ({rank}), not {len(value)}: {value!r}",
                f"give an int, a tuple of {rank} ints, or a tuple of {rank} pairs",
            )
        return tuple(_before_and_behind(entry, name) for entry in value)
    return (_before_and_behind(value, name),) * rank


def _before_and_behind(entry: Any, name: str) -> Pair:
    if not isinstance(entry, tuple | list):
        both = whole(entry, name, 0)
        return both, both
    if len(entry) != 2:
        raise SpecError(
            f"{name} needs two numbers for an axis, before and behind, not {entry!r}",
            "give pairs such as ((0, 1), (0, 1))",
        )
    return whole(entry[0], name, 0), whole(entry[1], name, 0)


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


def activation(value: Any) -> Any:
    """The name of an activation that Keras knows, a function, or None for no activation.

    >>> activation("relu")
    'relu'
    """
    if value is None or callable(value):
        return value
    if isinstance(value, str) and value in ACTIVATIONS:
        return ALIASES.get(value, value)
    raise SpecError(
        f"activation {value!r} is not one that Keras knows",
        "give a name such as 'relu' or 'softmax', or None",
    )


def data_format(value: Any) -> str:
    """Where the channels stand: 'channels_last' (also for None) or 'channels_first'.

    >>> data_format(None)
    'channels_last'
    """
    if value is None:
        return "channels_last"
    return one_of(value, ("channels_last", "channels_first"), "data_format")


def flag(value: Any, name: str) -> bool:
    """True or False.

    >>> flag(True, "use_bias")
    True
    """
    if value is True or value is False:
        return bool(value)
    raise SpecError(f"{name} must be True or False, not {value!r}", f"write {name}=True")
