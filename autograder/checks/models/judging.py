"""Each requirement held against a model's trace: is it met, and if not, what is there instead."""

import sys
from collections.abc import Callable
from typing import Any

from autograder.checks.models.requirement import Requirement, opposite
from autograder.checks.models.requirements import Wanted
from autograder.checks.models.summary_rows import rows_requirement
from autograder.verdicts import Message, text
from course.trace import Row, Trace

ACTIVATION_LAYERS = {
    "ELU": "elu",
    "LeakyReLU": "leaky_relu",
    "ReLU": "relu",
    "Softmax": "softmax",
}

WITH_HINT = text("model.with-hint", "{yours}; {hint}")
INPUT = text("model.input", "input {shape}")
TAKES = text(
    "model.takes", "yours takes {given}; begin a Keras model with one keras.Input({shape})"
)


def requirements(trace: Trace, wanted: Wanted) -> tuple[Requirement, ...]:
    """Every requirement, the input first; `trace` has no rows for InputLayers."""
    given = trace.input_shape
    found = [
        Requirement(
            "other-input",
            INPUT(shape=wanted.input_shape),
            given == wanted.input_shape,
            TAKES(given=given, shape=wanted.input_shape),
        )
    ]
    for name, rule in RULES.items():
        value = getattr(wanted, name)
        if value is not None:
            found.append(rule(trace, value))
    found += [_kinds(trace, names, *span) for names, span in wanted.kinds.items()]
    if wanted.rows:
        found.append(rows_requirement(trace, tuple(wanted.rows)))
    return tuple(found)


# Shapes and counts ------------------------------------------------------------------------------

OUTPUT = text("model.output", "output {shape}")
GIVES = text("model.gives", "yours gives {given}; {hint}")
TOO_MANY_AXES = text(
    "model.hint.flatten", "Flatten or a global pooling makes one row of numbers of an image"
)
TOO_FEW_AXES = text("model.hint.no-image", "Flatten and global pooling leave no height and width")
OTHER_DEPTH = text(
    "model.hint.depth", "look at the filters or units of the last layer that has any"
)
OTHER_SIZES = text(
    "model.hint.sizes", "kernel_size, strides, padding and pooling decide height and width"
)
EXACTLY = text("model.params.exactly", "exactly {count:,} parameters")
AT_MOST = text("model.params.at-most", "at most {count:,} parameters")
AT_LEAST = text("model.params.at-least", "at least {count:,} parameters")
HAS = text("model.has", "yours has {count:,}")
HAS_MOST_IN = text(
    "model.has-most-in", "yours has {count:,}, most of them in {name!r} ({kind}): {most:,}"
)
CHANGE_IT = text("model.hint.change-params", "filters, units and kernel_size change it")
FEWER = text(
    "model.hint.fewer-params",
    "fewer filters or units, or more pooling before a Flatten, bring it down",
)
MORE = text("model.hint.more-params", "more filters or units bring it up")
USE_BIAS_OF = text("model.hint.use-bias-of", "look at use_bias of {name!r}")
USE_BIAS_OF_ALL = text("model.hint.use-bias-of-all", "look at use_bias of all layers")
MACS = text("model.macs", "at most {count:,} MACs")
UNCOUNTED = text("model.macs.uncounted", "the course cannot count those of {layers:comma}")
MAKES = text("model.makes", "yours makes {count:,}")
MAKES_MOST_IN = text(
    "model.makes-most-in", "yours makes {count:,}, most of them in {name!r} ({kind}): {most:,}"
)
FEWER_MACS = text(
    "model.hint.fewer-macs",
    "a stride or a pooling earlier on, or fewer filters, bring it down",
)
FIELD = text("model.field", "a receptive field of at least {size}")
NO_FIELD = text("model.no-field", "no window describes what yours sees of the input")
SEES = text(
    "model.sees",
    "an output of yours sees {field}; a larger kernel_size, one more convolution, or a stride or "
    "pooling early on widen it",
)


def _output(trace: Trace, wanted: Any) -> Requirement:
    given = trace.output_shape
    if len(given) > len(wanted):
        hint = TOO_MANY_AXES()
    elif len(given) < len(wanted):
        hint = TOO_FEW_AXES()
    elif given[:-1] == wanted[:-1]:
        hint = OTHER_DEPTH()
    else:
        hint = OTHER_SIZES()
    instead = GIVES(given=given, hint=hint)
    return Requirement("other-output", OUTPUT(shape=wanted), given == wanted, instead)


def _exact_params(trace: Trace, wanted: int) -> Requirement:
    total = trace.param_count
    hint = _biases(trace, wanted - total) or CHANGE_IT()
    instead = WITH_HINT(yours=_params(trace), hint=hint)
    return Requirement("other-param-count", EXACTLY(count=wanted), total == wanted, instead)


def _most_params(trace: Trace, wanted: int) -> Requirement:
    met, instead = trace.param_count <= wanted, WITH_HINT(yours=_params(trace), hint=FEWER())
    return Requirement("too-many-params", AT_MOST(count=wanted), met, instead)


def _least_params(trace: Trace, wanted: int) -> Requirement:
    met, instead = trace.param_count >= wanted, WITH_HINT(yours=_params(trace), hint=MORE())
    return Requirement("too-few-params", AT_LEAST(count=wanted), met, instead)


def _params(trace: Trace) -> Message:
    row = _largest(trace, "param_count")
    if row is None:
        return HAS(count=trace.param_count)
    count, most = trace.param_count, row.param_count
    return HAS_MOST_IN(count=count, name=row.name, kind=row.kind, most=most)


def _largest(trace: Trace, quantity: str) -> Row | None:
    """The layer that has most of a quantity, where several layers have any."""
    counts = [getattr(row, quantity) for row in trace]
    return trace[counts.index(max(counts))] if sum(map(bool, counts)) > 1 else None


def _biases(trace: Trace, missing: int) -> Message | None:
    """Says so where biases added or left out, in one layer or in all, make the difference."""
    changes = {}
    for row in trace:
        other = opposite(row.layer, "use_bias")
        if other is not None and row.param_count is not None:
            changes[row.name] = other.param_count(row.input_shape) - row.param_count
    for name, change in changes.items():
        if change == missing:
            return USE_BIAS_OF(name=name)
    alike = [change for change in changes.values() if (change > 0) == (missing > 0)]
    return USE_BIAS_OF_ALL() if alike and sum(alike) == missing else None


def _most_macs(trace: Trace, wanted: int) -> Requirement:
    unknown = tuple(f"{row.name!r} ({row.kind})" for row in trace if row.macs is None)
    if unknown:
        instead = UNCOUNTED(layers=unknown)
        return Requirement("too-many-macs", MACS(count=wanted), False, instead)
    row = _largest(trace, "macs")
    makes = MAKES(count=trace.macs)
    if row is not None:
        makes = MAKES_MOST_IN(count=trace.macs, name=row.name, kind=row.kind, most=row.macs)
    instead = WITH_HINT(yours=makes, hint=FEWER_MACS())
    return Requirement("too-many-macs", MACS(count=wanted), trace.macs <= wanted, instead)


def _least_field(trace: Trace, wanted: int) -> Requirement:
    field, size = trace.receptive_field, FIELD(size=wanted)
    if field is None:
        return Requirement("receptive-field-too-small", size, False, NO_FIELD())
    smallest = field if isinstance(field, int) else min(field)
    instead = SEES(field=field)
    return Requirement("receptive-field-too-small", size, smallest >= wanted, instead)


# Layers -----------------------------------------------------------------------------------------

LAYERS = text("model.layers", "at most {count} layers")
HAS_LAYERS = text("model.has-layers", "yours has {count}: {kinds:comma}")
KINDS = {
    "exactly": text("model.kinds.exactly", "exactly {least} {names:or}"),
    "at least": text("model.kinds.at-least", "at least {least} {names:or}"),
    "at most": text("model.kinds.at-most", "at most {most} {names:or}"),
    "between": text("model.kinds.between", "{least} to {most} {names:or}"),
}
HAS_NONE = text("model.kinds.none", "yours has none")
ACTIVATION = text("model.activation", "the activation {name!r} at the end")
ENDS_WITH = text("model.ends-with", "yours ends with {name!r} ({kind}), which has {activation}")
NAMED_ACTIVATION = text("model.activation.named", "the activation {name!r}")
OWN_FUNCTION = text("model.activation.own", "a function of your own")
NO_ACTIVATION = text("model.activation.none", "no activation")


def _most_layers(trace: Trace, wanted: int) -> Requirement:
    instead = HAS_LAYERS(count=len(trace), kinds=tuple(row.kind for row in trace))
    return Requirement("too-many-layers", LAYERS(count=wanted), len(trace) <= wanted, instead)


def _kinds(trace: Trace, names: tuple[str, ...], least: int, most: int | None) -> Requirement:
    found = tuple(repr(row.name) for row in trace if row.kind in names)
    how = "exactly" if least == most else "at least" if most is None else "between"
    number = KINDS["at most" if how == "between" and not least else how]
    met = len(found) >= least and (most is None or len(found) <= most)
    yours = HAS_LAYERS(count=len(found), kinds=found) if found else HAS_NONE()
    return Requirement("other-layers", number(least=least, most=most, names=names), met, yours)


def _last_activation(trace: Trace, wanted: str) -> Requirement:
    # What only arranges the values anew leaves them as the activation made them.
    rows = [row for row in trace if row.kind not in ("Flatten", "Reshape")] or list(trace)
    last = rows[-1]
    given = ACTIVATION_LAYERS.get(last.kind) or getattr(last.layer, "activation", None) or "linear"
    met = given == wanted if isinstance(given, str) else _is_function(given, wanted)
    has = NAMED_ACTIVATION(name=given) if isinstance(given, str) else OWN_FUNCTION()
    has = NO_ACTIVATION() if given == "linear" else has
    yours = ENDS_WITH(name=last.name, kind=last.kind, activation=has)
    return Requirement("other-activation", ACTIVATION(name=wanted), met, yours)


def _is_function(given: Any, name: str) -> bool:
    """Whether this is Keras's or TensorFlow's own function of that name, as in tf.nn.softmax."""
    modules = (sys.modules.get("keras"), sys.modules.get("tensorflow"))
    homes = [getattr(m, home, None) for m in modules for home in ("activations", "ops", "nn")]
    return any(getattr(home, name, None) is given for home in homes)


RULES: dict[str, Callable[[Trace, Any], Requirement]] = {
    "output_shape": _output,
    "param_count": _exact_params,
    "min_params": _least_params,
    "max_params": _most_params,
    "max_macs": _most_macs,
    "min_receptive_field": _least_field,
    "max_layers": _most_layers,
    "last_activation": _last_activation,
}
