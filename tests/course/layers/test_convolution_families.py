"""Convolutions and poolings of every rank and kind, against a real Keras, right and wrong alike."""

from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from course import CourseError
from course import layers as L
from course.keras_bridge import LocallyConnected2D, ask, ask_padding, from_keras, keras, to_keras
from course.layers.sliding import Sliding
from course.layers.transposed import ConvTranspose

Case = tuple[type[L.Layer], dict[str, Any], tuple[int, ...]]
COUNTS = (
    "output_shape",
    "weight_count",
    "bias_count",
    "param_count",
    "trainable_count",
    "macs",
)

KINDS = {
    kind: int(kind.__name__.removesuffix("Transpose")[-2])
    for kind in (
        *(L.Conv1D, L.Conv3D, L.DepthwiseConv1D, L.DepthwiseConv2D),
        *(L.SeparableConv1D, L.SeparableConv2D, L.LocallyConnected2D),
        *(L.Conv1DTranspose, L.Conv2DTranspose, L.Conv3DTranspose),
        *(L.MaxPooling1D, L.MaxPooling3D, L.AveragePooling1D, L.AveragePooling3D),
        *(L.GlobalMaxPooling1D, L.GlobalMaxPooling2D, L.GlobalMaxPooling3D),
        *(L.GlobalAveragePooling1D, L.GlobalAveragePooling2D, L.GlobalAveragePooling3D),
    )
}


def mostly(sound: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """Eleven sound values for an odd one."""
    return st.sampled_from([sound] * 11 + [st.sampled_from(odd)]).flatmap(lambda chosen: chosen)


def sizes(rank: int, most: int) -> st.SearchStrategy[Any]:
    """One size for all axes, or one for each."""
    each = st.tuples(*[st.integers(1, most)] * rank)
    return mostly(st.one_of(st.integers(1, most), each), 0, -1, (2,) * (rank + 1), "2", None)


def arguments(kind: type[L.Layer], rank: int) -> st.SearchStrategy[dict[str, Any]]:
    """Keyword arguments for a kind, most of them sound."""
    always: dict[str, Any] = {}
    counts = mostly(st.integers(1, 6), 0, -2, "3")
    sometimes: dict[str, Any] = {
        "data_format": mostly(st.sampled_from(["channels_last", "channels_first", None]), "NCHW")
    }
    fields = kind.__dataclass_fields__
    known = {
        "filters": counts,
        "kernel_size": sizes(rank, 4),
        "strides": sizes(rank, 3),
        "pool_size": sizes(rank, 4),
        "padding": mostly(st.sampled_from(["valid", "same", "SAME"]), "causal", "full", ""),
        "dilation_rate": mostly(st.sampled_from([1, 1, 1, 2]), 0, "1"),
        "groups": mostly(st.sampled_from([1, 1, 2]), 0, -1),
        "depth_multiplier": counts,
        "output_padding": mostly(st.sampled_from([None, 0, 1, 2]), -1),
        "activation": mostly(st.sampled_from([None, "relu"]), "reLU"),
        "use_bias": st.booleans(),
        "keepdims": st.booleans(),
    }
    for name, values in known.items():
        if name in fields:
            (always if name in ("filters", "kernel_size") else sometimes)[name] = values
    if kind is L.Conv1D:
        sometimes["padding"] = mostly(st.sampled_from(["valid", "same", "causal"]), "full")
    return st.fixed_dictionaries(always, optional=sometimes)


@st.composite
def cases(draw: st.DrawFn, kind: type[L.Layer]) -> Case:
    rank = KINDS[kind]
    given_arguments = draw(arguments(kind, rank))
    shape = draw(st.tuples(*[st.integers(1, 12)] * draw(mostly(st.just(rank + 1), rank, rank + 2))))
    return kind, given_arguments, shape


def make_in_keras(case: Case) -> Any:
    """A real layer on a real input, or what Keras raises."""
    kind, chosen, shape = case
    own = {L.LocallyConnected2D: LocallyConnected2D}
    make = own.get(kind) or getattr(keras.layers, kind.__name__)
    try:
        with keras.StatelessScope(initialize_variables=False):
            layer = make(**chosen)
            output = keras.Sequential([keras.Input(shape), layer]).output_shape[1:]
    except Exception as error:
        return error
    return layer if min(output, default=1) > 0 else ValueError(f"no size: {output}")


def engine_refusal(case: Case) -> CourseError | None:
    """The engine's error, if it has one."""
    kind, chosen, shape = case
    try:
        kind(**chosen).output_shape(shape)
    except CourseError as error:
        return error
    return None


def agree(case: Case) -> None:
    """Both refuse, or both accept and agree on everything."""
    kind, chosen, shape = case
    refusal, layer = engine_refusal(case), make_in_keras(case)
    if refusal:
        event("refused")
        assert isinstance(layer, Exception), f"only the engine refuses: {refusal}"
        return
    assert not isinstance(layer, Exception), f"only Keras refuses: {layer}"
    spec = kind(**chosen)
    facts = ask(spec, shape)
    for quantity in COUNTS:
        assert getattr(spec, quantity)(shape) == getattr(facts, quantity), quantity
        assert spec.derivation(quantity, shape).value == getattr(facts, quantity), quantity
    if isinstance(spec, Sliding) and not isinstance(spec, ConvTranspose):
        assert spec.padding_amounts(shape) == ask_padding(spec, shape)
    assert from_keras(to_keras(spec)) == spec == from_keras(layer)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("examples", [30, pytest.param(2000, marks=pytest.mark.slow)])
def test_engine_and_keras_agree(kind: type[L.Layer], examples: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run = settings(max_examples=examples, deadline=None, suppress_health_check=checks)
    run(given(cases(kind))(agree))()


@pytest.mark.parametrize(
    ("layer", "input_shape", "output_shape", "params"),
    [
        (L.Conv1D(16, 5, strides=2), (100, 8), (48, 16), 656),
        (L.Conv1D(16, 5, padding="causal"), (100, 8), (100, 16), 656),
        (L.Conv3D(8, 3), (16, 32, 32, 3), (14, 30, 30, 8), 656),
        (L.DepthwiseConv2D(3), (9, 9, 32), (7, 7, 32), 320),
        (L.DepthwiseConv2D(3, depth_multiplier=2), (9, 9, 32), (7, 7, 64), 640),
        (L.SeparableConv2D(64, 3), (9, 9, 32), (7, 7, 64), 2400),
        (L.Conv2DTranspose(16, 3, strides=2), (4, 4, 32), (9, 9, 16), 4624),
        (L.Conv2DTranspose(16, 2, strides=3), (4, 4, 1), (12, 12, 16), 80),
        (L.Conv2DTranspose(16, 3, strides=2, padding="same"), (4, 4, 32), (8, 8, 16), 4624),
        (
            L.Conv2DTranspose(16, 3, strides=2, padding="same", output_padding=0),
            (4, 4, 32),
            (7, 7, 16),
            4624,
        ),
        (L.GlobalAveragePooling2D(), (5, 5, 64), (64,), 0),
        (L.LocallyConnected2D(20, 8, strides=2, padding=1), (32, 32, 3), (14, 14, 20), 756_560),
    ],
    ids=repr,
)
def test_a_layer_of_each_family_gives_the_numbers_worked_out_by_hand(
    layer, input_shape, output_shape, params
) -> None:
    assert layer.output_shape(input_shape) == output_shape == ask(layer, input_shape).output_shape
    assert layer.param_count(input_shape) == params == ask(layer, input_shape).param_count
