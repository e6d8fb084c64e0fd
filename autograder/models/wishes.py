"""Each wish held against a model's trace: is it met, and if not, what is there instead."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from autograder.models.wanted import RowWanted, Wanted
from course.errors import CourseError
from course.layers import Layer
from course.trace import Row, Trace

OPPOSITES: dict[str, dict[Any, Any]] = {
    "use_bias": {True: False, False: True},
    "padding": {"valid": "same", "same": "valid"},
}
"""Arguments of which one value is easily taken for the other."""

ACTIVATION_LAYERS = {
    "ELU": "elu",
    "LeakyReLU": "leaky_relu",
    "ReLU": "relu",
    "Softmax": "softmax",
}

FEWER = "fewer filters or units, or more pooling before a Flatten, bring it down"


class Wish(NamedTuple):
    """One thing wanted, whether it is met, and what to say if it is not."""

    text: str
    met: bool
    instead: str

    def __str__(self) -> str:
        return f"met: {self.text}" if self.met else f"not met: {self.text}; {self.instead}"


def judge(trace: Trace, wanted: Wanted) -> tuple[Wish, ...]:
    """Every wish, the input first; `trace` has a row for each layer, InputLayers left out."""
    given = trace.input_shape
    found = [
        Wish(
            f"input {wanted.input_shape}",
            given == wanted.input_shape,
            f"yours takes {given}; begin a Keras model with one keras.Input({wanted.input_shape})",
        )
    ]
    for name, rule in RULES.items():
        value = getattr(wanted, name)
        if value is not None:
            found.append(rule(trace, value))
    found += [_kinds(trace, names, *span) for names, span in wanted.kinds.items()]
    if wanted.rows:
        found.append(_rows(trace, tuple(wanted.rows)))
    return tuple(found)


def opposite(layer: Any, argument: str) -> Layer | None:
    """The layer with the other value of this argument; None if it has no such argument."""
    values = OPPOSITES[argument]
    value = getattr(layer, argument, None)
    if not isinstance(value, bool | str) or value not in values:
        return None
    other: Layer = replace(layer, **{argument: values[value]})
    return other


# Shapes and counts ------------------------------------------------------------------------------


def _output(trace: Trace, wanted: Any) -> Wish:
    given = trace.output_shape
    if len(given) > len(wanted):
        hint = "Flatten or a global pooling makes one row of numbers of an image"
    elif len(given) < len(wanted):
        hint = "Flatten and global pooling leave no height and width"
    elif given[:-1] == wanted[:-1]:
        hint = "look at the filters or units of the last layer that has any"
    else:
        hint = "kernel_size, strides, padding and pooling decide height and width"
    return Wish(f"output {wanted}", given == wanted, f"yours gives {given}; {hint}")


def _exact_params(trace: Trace, wanted: int) -> Wish:
    total = trace.param_count
    hint = _biases(trace, wanted - total) or "filters, units and kernel_size change it"
    return Wish(f"exactly {wanted:,} parameters", total == wanted, f"{_params(trace)}; {hint}")


def _most_params(trace: Trace, wanted: int) -> Wish:
    met = trace.param_count <= wanted
    return Wish(f"at most {wanted:,} parameters", met, f"{_params(trace)}; {FEWER}")


def _least_params(trace: Trace, wanted: int) -> Wish:
    met = trace.param_count >= wanted
    hint = "more filters or units bring it up"
    return Wish(f"at least {wanted:,} parameters", met, f"{_params(trace)}; {hint}")


def _params(trace: Trace) -> str:
    return f"yours has {trace.param_count:,}{_largest(trace, 'param_count')}"


def _largest(trace: Trace, quantity: str) -> str:
    """The layer that has most of a quantity, where several layers have any."""
    counts = [getattr(row, quantity) for row in trace]
    if sum(map(bool, counts)) < 2:
        return ""
    row = trace[counts.index(max(counts))]
    return f", most of them in {row.name!r} ({row.kind}): {max(counts):,}"


def _biases(trace: Trace, missing: int) -> str:
    """Says so where biases added or left out, in one layer or in all, make the difference."""
    changes = {}
    for row in trace:
        other = opposite(row.layer, "use_bias")
        if other is not None and row.param_count is not None:
            changes[row.name] = other.param_count(row.input_shape) - row.param_count
    for name, change in changes.items():
        if change == missing:
            return f"look at use_bias of {name!r}"
    alike = [change for change in changes.values() if (change > 0) == (missing > 0)]
    return "look at use_bias of all layers" if alike and sum(alike) == missing else ""


def _most_macs(trace: Trace, wanted: int) -> Wish:
    text = f"at most {wanted:,} MACs"
    unknown = [f"{row.name!r} ({row.kind})" for row in trace if row.macs is None]
    if unknown:
        return Wish(text, False, f"the course cannot count those of {', '.join(unknown)}")
    hint = "a stride or a pooling earlier on, or fewer filters, bring it down"
    yours = f"yours makes {trace.macs:,}{_largest(trace, 'macs')}"
    return Wish(text, trace.macs <= wanted, f"{yours}; {hint}")


def _least_field(trace: Trace, wanted: int) -> Wish:
    text = f"a receptive field of at least {wanted}"
    field = trace.receptive_field
    if field is None:
        return Wish(text, False, "no window describes what yours sees of the input")
    smallest = field if isinstance(field, int) else min(field)
    hint = "a larger kernel_size, one more convolution, or a stride or pooling early on widen it"
    return Wish(text, smallest >= wanted, f"an output of yours sees {field}; {hint}")


# Layers -----------------------------------------------------------------------------------------


def _most_layers(trace: Trace, wanted: int) -> Wish:
    kinds = ", ".join(row.kind for row in trace)
    met = len(trace) <= wanted
    return Wish(f"at most {wanted} layers", met, f"yours has {len(trace)}: {kinds}")


def _kinds(trace: Trace, names: tuple[str, ...], least: int, most: int | None) -> Wish:
    found = [row.name for row in trace if row.kind in names]
    number = f"exactly {least}" if least == most else f"at least {least}"
    if most is not None and least != most:
        number = f"{least} to {most}" if least else f"at most {most}"
    met = len(found) >= least and (most is None or len(found) <= most)
    yours = f"{len(found)}: {', '.join(map(repr, found))}" if found else "none"
    return Wish(f"{number} {' or '.join(names)}", met, f"yours has {yours}")


def _last_activation(trace: Trace, wanted: str) -> Wish:
    # What only arranges the values anew leaves them as the activation made them.
    rows = [row for row in trace if row.kind not in ("Flatten", "Reshape")] or list(trace)
    last = rows[-1]
    given = ACTIVATION_LAYERS.get(last.kind) or getattr(last.layer, "activation", None) or "linear"
    met = given == wanted if isinstance(given, str) else _is_function(given, wanted)
    shown = f"the activation {given!r}" if isinstance(given, str) else "a function of your own"
    shown = "no activation" if given == "linear" else shown
    yours = f"yours ends with {last.name!r} ({last.kind}), which has {shown}"
    return Wish(f"the activation {wanted!r} at the end", met, yours)


def _is_function(given: Any, name: str) -> bool:
    """Whether this is Keras's or TensorFlow's own function of that name, as in tf.nn.softmax."""
    modules = (sys.modules.get("keras"), sys.modules.get("tensorflow"))
    homes = [getattr(m, home, None) for m in modules for home in ("activations", "ops", "nn")]
    return any(getattr(home, name, None) is given for home in homes)


# The rows of a summary --------------------------------------------------------------------------


def _rows(trace: Trace, wanted: tuple[RowWanted, ...]) -> Wish:
    text = f"the {len(wanted)} rows of the summary"
    for place, row in enumerate(trace, 1):
        label = f"row {place} {row.name!r}"
        if place > len(wanted):
            return Wish(text, False, f"{label} ({row.kind}) is one too many")
        shape, count = wanted[place - 1]
        wrong = []
        if shape not in (None, row.output_shape):
            wrong.append(f"gives {row.output_shape}, wanted {shape}")
        if count not in (None, row.param_count):
            wrong.append(f"has {row.param_count:,} parameters, wanted {count:,}")
        if wrong:
            return Wish(
                text, False, f"{label}: {' and '.join(wrong)}{_argument(row, shape, count)}"
            )
    if len(trace) < len(wanted):
        shape, count = wanted[len(trace)]
        parts = [] if shape is None else [f"{shape}"]
        parts += [] if count is None else [f"{count:,} parameters"]
        missing = " and ".join(parts) or "a layer"
        return Wish(text, False, f"row {len(trace) + 1} is missing: wanted {missing}")
    return Wish(text, True, "")


def _argument(row: Row, shape: Any, count: int | None) -> str:
    """Which argument to look at, where one that is easily mistaken makes the difference."""
    for argument in OPPOSITES:
        other = opposite(row.layer, argument)
        try:
            if (
                other is not None
                and shape in (None, other.output_shape(row.input_shape))
                and count in (None, other.param_count(row.input_shape))
            ):
                return f"; look at its {argument}"
        except CourseError:
            continue
    given = row.output_shape
    if shape in (None, given):
        names: tuple[str, ...] = ("kernel_size",) if count and row.param_count else ()
    elif shape[:-1] == given[:-1]:
        names = ("filters", "units")
    else:
        names = ("kernel_size", "pool_size", "strides", "padding")
    found = [name for name in names if hasattr(row.layer, name)]
    return f"; look at its {', '.join(found)}" if found else "; is another layer wanted here?"


RULES: dict[str, Callable[[Trace, Any], Wish]] = {
    "output_shape": _output,
    "param_count": _exact_params,
    "min_params": _least_params,
    "max_params": _most_params,
    "max_macs": _most_macs,
    "min_receptive_field": _least_field,
    "max_layers": _most_layers,
    "last_activation": _last_activation,
}
