"""Arguments as people mistype them: most are sound, some are not."""

from typing import Any

from hypothesis import strategies as st

from course import CourseError
from course import layers as L

Shape = tuple[int, ...]
Wild = tuple[type[L.Layer], dict[str, Any], Shape]


def mostly(sound: st.SearchStrategy[Any], odd: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Seven sound values for an odd one."""
    return st.sampled_from([sound] * 7 + [odd]).flatmap(lambda chosen: chosen)


counts = mostly(st.integers(1, 8), st.sampled_from([0, -1, -3, 2.0, 0.5, "3", None, True, (2,)]))
odd_sizes = st.sampled_from(
    [0, -1, (0, 1), (1, -2), 1.5, 2.0, (1.5, 2), "2", ("2", 2), None, True, (2,), (2, 2, 2), (), {}]
)
good_sizes = st.one_of(
    st.integers(1, 5),
    st.tuples(*[st.integers(1, 5)] * 2),
    st.lists(st.integers(1, 3), min_size=2, max_size=2),
)
sizes = mostly(good_sizes, odd_sizes)
steps = mostly(st.sampled_from([1, 1, 2, (1, 2), (2, 1), 3]), odd_sizes)
paddings = mostly(
    st.sampled_from(["valid", "same", "SAME", "Valid"]),
    st.sampled_from(["SAME ", "full", "causal", "", "same,valid", 1.5, None, ("same", "valid")]),
)
pads = mostly(
    st.sampled_from([0, 1, (1, 2), ((0, 1), (2, 0)), [1, 1]]),
    st.sampled_from([1.5, "same", (1, 2, 3), ((1, 2, 3), (1, 1)), (1,), None, ((1, "1"), (0, 0))]),
)
formats = mostly(
    st.sampled_from(["channels_last", "channels_first", None]),
    st.sampled_from(["NCHW", "channels last", 1, ""]),
)
activations = mostly(
    st.sampled_from(["relu", None, "softmax"]), st.sampled_from(["reLU", "relu ", "nothing", "", 3])
)
rates = mostly(st.floats(0, 1), st.sampled_from([-0.1, 1.5, 2, float("inf"), "half", None, True]))

WINDOW = {"strides": steps, "padding": paddings, "data_format": formats}
ARGUMENTS: dict[type[L.Layer], tuple[dict[str, Any], dict[str, Any]]] = {
    L.Activation: ({"activation": activations}, {}),
    L.AveragePooling2D: ({}, {"pool_size": sizes, **WINDOW}),
    L.Conv2D: (
        {"filters": counts, "kernel_size": sizes},
        {**WINDOW, "dilation_rate": steps, "groups": counts, "activation": activations},
    ),
    L.Dense: ({"units": counts}, {"activation": activations}),
    L.Dropout: ({"rate": rates}, {}),
    L.Flatten: ({}, {"data_format": formats}),
    L.MaxPooling2D: ({}, {"pool_size": sizes, **WINDOW}),
    L.ZeroPadding2D: ({}, {"padding": pads, "data_format": formats}),
}
"""Per kind, the arguments that are always given and those that may be left out."""


def wild(kind: type[L.Layer]) -> st.SearchStrategy[Wild]:
    """A kind of layer, arguments that may not make one, and a shape that may not suit it."""
    always, sometimes = ARGUMENTS[kind]
    arguments = st.fixed_dictionaries(always, optional=sometimes)
    ranks = mostly(st.just(3), st.sampled_from([1, 2, 4]))
    shape = ranks.flatmap(lambda rank: st.tuples(*[st.integers(1, 12)] * rank))
    return st.tuples(st.just(kind), arguments, shape)


def stricter_on_purpose(arguments: dict[str, Any]) -> bool:
    """Whether the engine may refuse what Keras lets pass: True as a number, or text or a fraction
    in a tuple of sizes, which Keras turns into an int."""
    pairs = (value for value in arguments.values() if isinstance(value, tuple))
    return any(value is True for value in arguments.values()) or any(
        not isinstance(size, int) for pair in pairs for size in pair
    )


def try_engine(kind: type[L.Layer], arguments: dict[str, Any], shape: Shape) -> Shape | CourseError:
    """The engine's output shape or its refusal; any other exception is a failure."""
    try:
        return kind(**arguments).output_shape(shape)
    except CourseError as error:
        return error
