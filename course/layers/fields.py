"""How a layer declares its arguments: with the type that it holds, a converter and a default.

    strides: tuple[int, ...] = argument_by_kind(sizes_for, 1)

A converter takes what was given and the argument's name, and returns what the layer holds or
raises a SpecError. `LayerType` has them applied where layers are made, to defaults once a class.
"""

from collections.abc import Callable
from dataclasses import MISSING, field, fields
from functools import lru_cache
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from course.layers.arguments import Pads, pads, positive_int, sizes, window_padding

Convert = Callable[[Any, str], Any]


class Conversion(NamedTuple):
    """A converter, and the same as an expression of {0} for what nearly everybody gives."""

    convert: Convert
    short: str = ""


def argument(convert: Convert, default: Any = MISSING, **options: Any) -> Any:
    """An argument that is converted alike in all kinds of layers; options as of `field`."""
    plain = "{0} if type({0}) is int and {0} > 0" if convert is positive_int else ""
    return argument_by_kind(lambda kind: Conversion(convert, plain), default, **options)


def argument_by_kind(
    make: Callable[[Any], Conversion], default: Any = MISSING, **options: Any
) -> Any:
    """An argument whose converter depends on the layer's class: on its rank, for instance."""
    return field(default=default, metadata={"conversion": make}, **options)


def as_given(value: Any, name: str) -> Any:
    """The argument as it is."""
    return value


def optional(convert: Convert) -> Convert:
    """The converter, with None let pass."""
    return lambda value, name: None if value is None else convert(value, name)


def sizes_for(kind: Any) -> Conversion:
    """One size for each axis of this kind of layer."""

    def convert(value: Any, name: str) -> tuple[int, ...]:
        return sizes(value, kind.rank, name)

    return Conversion(convert, f"({{0}},) * {kind.rank} if type({{0}}) is int and {{0}} > 0")


def optional_sizes_for(kind: Any) -> Conversion:
    """The same, or None."""
    return Conversion(optional(lambda value, name: sizes(value, kind.rank, name)))


def added_sizes_for(kind: Any) -> Conversion:
    """One number of at least 0 for each axis, or None."""
    return Conversion(optional(lambda value, name: sizes(value, kind.rank, name, 0)))


def window_padding_for(kind: Any) -> Conversion:
    """The padding of a layer with a window."""

    def convert(value: Any, name: str) -> str | Pads:
        return window_padding(value, kind.rank, kind.padding_names)

    return Conversion(convert, f"{{0}} if type({{0}}) is str and {{0}} in {kind.padding_names}")


def border_for(kind: Any) -> Conversion:
    """Rows on both sides of each axis in Keras's form: for a single axis one pair, no tuple."""
    if kind.rank == 1:
        return Conversion(lambda value, name: pads((value,), 1, name)[0])
    return Conversion(lambda value, name: pads(value, kind.rank, name))


class Arguments(NamedTuple):
    """What a class of layers takes: how it is called, defaults as they are held, its __init__."""

    signature: Signature
    defaults: dict[str, Any]
    init: Callable[..., None]


@lru_cache(maxsize=256)
def arguments_of(kind: Any) -> Arguments:
    """What a class of layers declares."""
    known = sorted((f for f in fields(kind) if f.init), key=lambda f: bool(f.kw_only))
    conversions = {f.name: f.metadata["conversion"](kind) for f in known}
    defaults = {
        f.name: conversions[f.name].convert(f.default, f.name)
        for f in known
        if f.default is not MISSING
    }
    signature = Signature(
        [
            Parameter(
                f.name,
                Parameter.KEYWORD_ONLY if f.kw_only else Parameter.POSITIONAL_OR_KEYWORD,
                default=Parameter.empty if f.default is MISSING else f.default,
            )
            for f in known
        ]
    )
    keywords = tuple(f.name for f in known if f.kw_only)
    return Arguments(signature, defaults, _written(kind, conversions, defaults, keywords))


def _written(
    kind: Any,
    conversions: dict[str, Conversion],
    defaults: dict[str, Any],
    keywords: tuple[str, ...],
) -> Callable[..., None]:
    """An __init__ that converts what differs from its default, and calls the layer's `settle`.

    Written out and compiled, as dataclasses do with theirs: matching arguments to names by hand
    takes longer than all of a layer's arithmetic. Nothing else writes what a frozen layer holds.
    """
    # Copied first, with a place for each argument: a dict that grows is made several times over.
    names: dict[str, Any] = {
        "start": dict.fromkeys(conversions) | defaults | {"_checked": object()}
    }
    parameters, lines = ["self"], ["held = self.__dict__", "held.update(start)"]
    for name, (convert, short) in conversions.items():
        names[f"convert_{name}"], given = convert, f"convert_{name}({name}, {name!r})"
        if short:
            given = f"{short.format(name)} else {given}"
        if name in keywords[:1]:
            parameters.append("*")
        differs = ""
        if name in defaults:
            names[f"default_{name}"] = defaults[name]
            differs = f"if {name} is not default_{name}: "
        parameters.append(f"{name}=default_{name}" if differs else name)
        lines.append(f"{differs}held[{name!r}] = {given}")
    if kind.settled is None:
        lines.append("self.settle(held)")
    elif kind.settled:
        lines.append("if " + " or ".join(f"{name} is not default_{name}" for name in kind.settled))
        lines[-1] += ": self.settle(held)"
    exec(f"def init({', '.join(parameters)}):\n    " + "\n    ".join(lines), names)
    init: Callable[..., None] = names["init"]
    return init
