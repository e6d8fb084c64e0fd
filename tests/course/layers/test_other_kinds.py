"""Normalization, merging, reshaping, borders, noise and activations, against a real Keras."""

import math
import warnings
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course import CourseError
from course.keras_bridge import from_keras, keras, to_keras
from course.layers import activations as act
from course.layers import borders, merging, preprocessing, regularization, reshaping
from course.layers import normalization as norm
from course.layers.base import QUANTITIES, Layer
from course.layers.dot import Dot

Case = tuple[type[Layer], dict[str, Any], Any]
COUNTS = ("output_shape", "weight_count", "bias_count", "param_count", "trainable_count")


class Facts(NamedTuple):
    """What is compared: Keras has no say in multiply-accumulates."""

    output_shape: tuple[int, ...]
    weight_count: int
    bias_count: int
    param_count: int
    trainable_count: int


def mostly(sound: st.SearchStrategy[Any], *odd: Any) -> st.SearchStrategy[Any]:
    """Fifteen sound values for an odd one."""
    return st.sampled_from([sound] * 15 + [st.sampled_from(odd)]).flatmap(lambda chosen: chosen)


def pads(rank: int) -> st.SearchStrategy[Any]:
    """Rows on both sides in each of the forms that Keras takes, and in some that it does not."""
    pair = st.tuples(st.integers(0, 2), st.integers(0, 2))
    per_axis = st.tuples(*[st.one_of(st.integers(0, 2), pair)] * rank)
    forms = st.one_of(st.integers(0, 2), pair if rank == 1 else per_axis)
    return mostly(forms, (1, 2, 3, 4), (1,), "1", None, True, 1.5, ((1, 2, 3), 1), -1, (), (0, -2))


def sizes(rank: int) -> st.SearchStrategy[Any]:
    """Factors of an upsampling."""
    forms = st.one_of(st.integers(1, 3), st.tuples(*[st.integers(1, 3)] * rank))
    whole = st.integers(1, 3) if rank == 1 else forms
    return mostly(whole, 0, -1, (2, 0), 1.5, "2", None, True, (1,) * 4, ())


flags = mostly(st.booleans(), None, "yes", 1)
numbers = mostly(st.one_of(st.floats(0, 2), st.integers(0, 3)), -0.5, "x", None, True)
shares = mostly(st.floats(0, 1), -0.1, 1.5, 2, math.inf, "half", None, True)
formats = mostly(st.sampled_from(["channels_last", "channels_first", None]), "NCHW", 1)
axis = mostly(st.sampled_from([-1, -1, 1, 2, 3, -2]), 0, 4, 5, -4, -5, -9, 1.5, "1", None, True)
several = mostly(
    st.one_of(axis, st.lists(st.integers(1, 3), min_size=1, max_size=3, unique=True)),
    (1, 1),
    [],
    (0, 1),
    (-1, 3),
    (1.5,),
    ((1,), 2),
    "12",
)
scalars = st.sampled_from([0.5, 2, [1.0, 2.0], (3,), np.array([1.0, 2.0, 3.0]), [[1.0], [2.0]]])
GAMMA = {"epsilon": numbers, "center": flags, "scale": flags}
DIMS = st.integers(1, 4).flatmap(lambda n: st.permutations(range(1, n + 1)))
TARGETS = st.lists(st.sampled_from([-1, 1, 2, 3, 4, 6]), min_size=1, max_size=4)

ARGUMENTS: dict[type[Layer], tuple[dict[str, Any], dict[str, Any]]] = {
    norm.BatchNormalization: ({}, {"axis": axis, "momentum": numbers, "renorm": flags, **GAMMA}),
    norm.LayerNormalization: ({}, {"axis": several, "rms_scaling": flags, **GAMMA}),
    norm.GroupNormalization: (
        {"groups": mostly(st.sampled_from([1, 2, 3, -1]), 0, -2, 32, 1.5, "1", None)},
        {"axis": axis, **GAMMA},
    ),
    norm.UnitNormalization: ({}, {"axis": several}),
    preprocessing.Normalization: (
        {},
        {
            "axis": st.one_of(several, st.none()),
            "invert": flags,
            "mean": st.one_of(st.none(), scalars),
            "variance": st.one_of(st.none(), scalars),
        },
    ),
    preprocessing.Rescaling: (
        {"scale": mostly(scalars, None, "x", [], True)},
        {"offset": mostly(scalars, None, [[1, 2], [1]])},
    ),
    merging.Add: ({}, {}),
    merging.Subtract: ({}, {}),
    merging.Multiply: ({}, {}),
    merging.Average: ({}, {}),
    merging.Maximum: ({}, {}),
    merging.Minimum: ({}, {}),
    merging.Concatenate: ({}, {"axis": axis}),
    Dot: (
        {
            "axes": st.one_of(
                axis, st.tuples(axis, axis), st.sampled_from([(1,), (1, 2, 3), [1, 2], ()])
            )
        },
        {"normalize": flags},
    ),
    reshaping.Reshape: (
        {"target_shape": mostly(TARGETS.map(tuple), (), (0,), (-2, 3), 6, "12", (2.0, 3), None)},
        {},
    ),
    reshaping.Permute: ({"dims": mostly(DIMS, (), (0, 1), (1, 1), 1, (2, 3), "12", (1.0,))}, {}),
    reshaping.RepeatVector: ({"n": mostly(st.integers(1, 5), 0, -1, 2.0, "2", None, (2,))}, {}),
    reshaping.UpSampling1D: ({}, {"size": sizes(1)}),
    reshaping.UpSampling2D: (
        {},
        {
            "size": sizes(2),
            "data_format": formats,
            "interpolation": mostly(
                st.sampled_from(["nearest", "bilinear", "Bicubic", "lanczos3"]), "area", "", None
            ),
        },
    ),
    reshaping.UpSampling3D: ({}, {"size": sizes(3), "data_format": formats}),
    borders.Cropping1D: ({}, {"cropping": pads(1)}),
    borders.Cropping2D: ({}, {"cropping": pads(2), "data_format": formats}),
    borders.Cropping3D: ({}, {"cropping": pads(3), "data_format": formats}),
    borders.ZeroPadding1D: ({}, {"padding": pads(1), "data_format": formats}),
    borders.ZeroPadding2D: ({}, {"padding": pads(2), "data_format": formats}),
    borders.ZeroPadding3D: ({}, {"padding": pads(3), "data_format": formats}),
    regularization.GaussianNoise: ({"stddev": shares}, {}),
    regularization.GaussianDropout: ({"rate": shares}, {}),
    regularization.AlphaDropout: ({"rate": shares}, {}),
    regularization.SpatialDropout1D: ({"rate": shares}, {}),
    regularization.SpatialDropout2D: ({"rate": shares}, {"data_format": formats}),
    regularization.SpatialDropout3D: ({"rate": shares}, {"data_format": formats}),
    act.ReLU: ({}, {"max_value": numbers, "negative_slope": numbers, "threshold": numbers}),
    act.LeakyReLU: ({}, {"negative_slope": numbers}),
    act.ELU: ({}, {"alpha": numbers}),
    act.Softmax: ({}, {"axis": several}),
    act.PReLU: ({}, {"shared_axes": st.one_of(several, st.none())}),
}
"""Per kind, the arguments that are always given and those that may be left out."""


@st.composite
def shapes_together(draw: st.DrawFn) -> Any:
    """Shapes for a merging layer: often alike, save for one axis, some 1s or some axes left out."""
    first = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    shapes = [tuple(first)]
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 3]))):
        other = list(first)
        match draw(st.sampled_from(["same", "one axis", "ones", "shorter", "turned"])):
            case "one axis":
                other[draw(st.integers(0, len(other) - 1))] = draw(st.integers(1, 6))
            case "ones":
                other = [draw(st.sampled_from([n, 1])) for n in other]
            case "shorter":
                other = other[draw(st.integers(0, len(other) - 1)) :]
            case "turned":
                other = other[::-1]
        shapes.append(tuple(other))
    return draw(mostly(st.just(tuple(shapes)), tuple(first)))


def shapes(kind: type[Layer]) -> st.SearchStrategy[Any]:
    """Mostly shapes of the rank that this kind wants, if it wants one."""
    if issubclass(kind, merging.Merge):
        return shapes_together()
    wanted = {"RepeatVector": 0}.get(kind.__name__, getattr(kind, "rank", 2))
    ranks = mostly(st.just(wanted + 1), 1, 2, 3, 4)
    return ranks.flatmap(lambda rank: st.tuples(*[st.sampled_from([1, 2, 3, 4, 6])] * rank))


def fitting(shape: Any) -> dict[type[Layer], st.SearchStrategy[dict[str, Any]]]:
    """For the kinds that random arguments seldom fit, some that often do."""
    if isinstance(shape[0], tuple):
        pairs = [
            (a + 1, b + 1)
            for a, m in enumerate(shape[0])
            for b, n in enumerate(shape[-1])
            if m == n
        ]
        return {Dot: st.sampled_from([*pairs, -1, 1]).map(lambda axes: {"axes": axes})}
    turned = st.permutations(shape).map(tuple)
    left_out = st.tuples(turned, st.integers(0, len(shape) - 1)).map(
        lambda drawn: (*drawn[0][: drawn[1]], -1, *drawn[0][drawn[1] + 1 :])
    )
    targets = st.one_of(turned, left_out, left_out.map(lambda t: (*t, 1)), st.just((-1, shape[-1])))
    order = st.permutations(range(1, len(shape) + 1))
    return {
        reshaping.Reshape: targets.map(lambda target: {"target_shape": target}),
        reshaping.Permute: order.map(lambda dims: {"dims": dims}),
    }


def cases(kind: type[Layer]) -> st.SearchStrategy[Case]:
    """A kind of layer, arguments that may not make one, and a shape that may not suit it."""
    always, sometimes = ARGUMENTS[kind]
    wild = st.fixed_dictionaries(always, optional=sometimes)

    def with_arguments(shape: Any) -> st.SearchStrategy[Case]:
        fit = fitting(shape).get(kind, wild)
        return st.tuples(st.just(kind), st.one_of(wild, fit, fit), st.just(shape))

    return shapes(kind).flatmap(with_arguments)


def try_engine(kind: type[Layer], arguments: dict[str, Any], shape: Any) -> Facts | CourseError:
    """The engine's facts or its refusal; any other exception is a failure."""
    try:
        layer = kind(**arguments)
        facts = Facts(*(getattr(layer, name)(shape) for name in COUNTS))
    except CourseError as error:
        return error
    for name in (*COUNTS, "macs"):
        assert layer.derivation(name, shape).value == getattr(layer, name)(shape), name
    return facts


def try_keras(kind: type[Layer], arguments: dict[str, Any], shape: Any) -> Facts | Exception:
    """Keras's facts, from a model and from numbers sent through, or what it raises."""
    several = isinstance(shape[0], tuple)
    try:
        with warnings.catch_warnings(action="ignore"):
            with keras.StatelessScope(initialize_variables=False):
                layer = getattr(keras.layers, kind.__name__)(**arguments)
                given = [keras.Input(s) for s in shape] if several else keras.Input(shape)
                output = tuple(layer(given).shape[1:])
                weights = [(v.name, math.prod(v.shape)) for v in layer.weights]
                trainable = sum(math.prod(v.shape) for v in layer.trainable_weights)
            ones = [np.ones((7, *s), "float32") for s in (shape if several else [shape])]
            layer = getattr(keras.layers, kind.__name__)(**arguments)
            real = tuple(layer(ones if several else ones[0]).shape[1:])
    except Exception as error:
        return error
    if real != output or min(real, default=0) < 1:
        return ValueError(f"said {output}, gave {real}")
    total, biases = sum(n for _, n in weights), sum(n for name, n in weights if name == "bias")
    return Facts(output, total - biases, biases, total, trainable)


def flat(value: Any) -> list[Any]:
    """What stands in a nested argument."""
    if isinstance(value, tuple | list):
        return [leaf for entry in value for leaf in flat(entry)]
    return [value]


def stricter_on_purpose(kind: type[Layer], arguments: dict[str, Any], shape: Any) -> bool:
    """Whether the engine may refuse what Keras lets pass; each line is one of the reasons."""
    flags = () if kind is preprocessing.Rescaling else FLAGS
    rank = len(shape[0] if isinstance(shape[0], tuple) else shape) + 1
    axes = flat([arguments.get(name, 1) for name in ("axis", "axes", "shared_axes")])
    odd_axis = any(type(n) is not int or not 0 < n % rank or not -rank <= n < rank for n in axes)
    if any(
        leaf is True for name in arguments if name not in flags for leaf in flat(arguments[name])
    ):
        return True  # a number is wanted
    if any(not isinstance(arguments.get(name, True), bool) for name in flags):
        return True  # True or False is wanted
    match kind.__name__:
        case "BatchNormalization":
            return any(type(n) is not int for n in axes)  # Keras rounds 1.5 and reads "1"
        case "LayerNormalization" | "UnitNormalization" | "Normalization":
            if arguments.get("epsilon", 0) is None:
                return True  # TensorFlow has an epsilon of its own in some cases
            return not axes or len({n % rank for n in axes}) < len(axes) or odd_axis
        case "Concatenate":
            return odd_axis  # the batch, and what Keras does not look at for a single input
        case "Dot":
            return odd_axis  # Keras takes -5 modulo the number of axes
        case "PReLU":
            return any(n < 1 for n in axes)  # 0 shares the last axis, -1 the one before
        case "Softmax":
            return arguments["axis"] is None  # Keras then sums over the batch too, undocumented
        case "UpSampling2D":
            return arguments.get("interpolation") == "area"  # TensorFlow's own, not Keras's
        case "ZeroPadding2D" | "ZeroPadding3D":
            return arguments.get("padding") == -1  # Keras cuts off
    return False


FLAGS = ("center", "scale", "renorm", "rms_scaling", "invert", "normalize")


def agree(case: Case) -> None:
    """Shapes and counts are Keras's, what Keras refuses is refused, and hardly more; and a layer
    made into Keras's and read again is the same."""
    engine, real = try_engine(*case), try_keras(*case)
    if isinstance(real, Exception):
        assert isinstance(engine, CourseError), f"Keras: {real}, engine: {engine}"
    elif isinstance(engine, CourseError):
        assert stricter_on_purpose(*case), f"Keras gives {real}, the engine: {engine}"
    else:
        assert engine == real
        spec = case[0](**case[1])
        with warnings.catch_warnings(action="ignore"):
            assert from_keras(to_keras(spec)) == spec


def run(kind: type[Layer], examples: int) -> None:
    """`agree` on this many cases of a kind."""
    quick = settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    quick(given(cases(kind))(agree))()


@pytest.mark.parametrize("kind", ARGUMENTS, ids=lambda kind: kind.__name__)
def test_engine_and_keras_agree(kind: type[Layer]) -> None:
    run(kind, 50)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ARGUMENTS, ids=lambda kind: kind.__name__)
def test_engine_and_keras_agree_thoroughly(kind: type[Layer]) -> None:
    run(kind, 2000)


def test_a_disagreement_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: with a count that forgets the shift it does."""
    monkeypatch.setattr(norm.LayerNormalization, "vectors", lambda self: 1)
    with pytest.raises(AssertionError):
        agree((norm.LayerNormalization, {}, (4, 4, 3)))


def test_layers_of_other_kinds_give_the_numbers_worked_out_by_hand() -> None:
    image = (26, 26, 32)
    batch, plain = norm.BatchNormalization(), norm.BatchNormalization(scale=False)
    assert (batch.param_count(image), batch.trainable_count(image)) == (128, 64)
    assert (plain.param_count(image), plain.trainable_count(image)) == (96, 32)
    assert norm.BatchNormalization(trainable=False).trainable_count(image) == 0
    assert norm.BatchNormalization(1).param_count((32, 26, 26)) == 128
    bare = norm.BatchNormalization(center=False, scale=False)
    assert (bare.param_count(image), bare.trainable_count(image)) == (64, 0)
    assert norm.LayerNormalization([1, 2, 3]).param_count((20, 30, 40)) == 48_000
    assert norm.GroupNormalization().param_count(image) == 64
    assert preprocessing.Normalization(axis=None).param_count(image) == 3
    assert act.PReLU().param_count(image) == 21_632
    assert act.PReLU(shared_axes=[1, 2]).param_count(image) == 32
    inception = ((28, 28, 64), (28, 28, 128), (28, 28, 32), (28, 28, 32))
    assert merging.Concatenate(axis=3).output_shape(inception) == (28, 28, 256)
    dot = Dot(axes=(1, 2))
    assert dot.output_shape(((3, 5), (10, 3))) == (5, 10)
    assert dot.macs(((3, 5), (10, 3))) == 150
    assert reshaping.Reshape((7, 7, -1)).output_shape((784,)) == (7, 7, 16)
    assert borders.ZeroPadding1D((2, 1)).padding_amounts((5, 1)) == ((2, 1),)


def test_a_sum_of_several_inputs_is_shown_step_by_step() -> None:
    working = merging.Concatenate().derivation("output_shape", ((4, 64), (4, 128), (4, 32)))
    assert working.value == (4, 224)
    assert "D_1to2 = D_1 + D_2" in working.text
    assert "D_out = D_1to2 + D_3" in working.text


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (merging.Add(), (8, 8, 3), "one for each input"),
        (merging.Add(name="join"), ((8, 8, 3), (8, 8, 5)), "Add 'join': .* have 3 and 5"),
        (merging.Subtract(), ((3,), (3,), (3,)), "exactly 2 inputs, not 3"),
        (merging.Concatenate(0), ((3,), (3,)), "names the batch"),
        (merging.Concatenate(1), ((3, 4), (3, 5)), "differ on other axes"),
        (Dot(1), ((3, 4), (5, 4)), "pairs 3 numbers"),
        (reshaping.Reshape((5, -1)), (12,), "12 values"),
        (borders.Cropping2D(2), (4, 9, 1), "leaves nothing of height 4"),
        (norm.GroupNormalization(3), (4, 4, 8), "does not divide the 8"),
        (norm.BatchNormalization(4), (4, 4, 8), "axis=4 is not there"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_refusals_say_what_is_wrong(layer: Layer, shape: Any, message: str) -> None:
    with pytest.raises(CourseError, match=message):
        layer.output_shape(shape)


def test_the_sight_is_unknown_only_where_places_move() -> None:
    moving = [
        reshaping.UpSampling2D(),
        reshaping.Permute((2, 1, 3)),
        reshaping.Reshape((-1, 3)),
    ]
    assert {layer.windows((4, 4, 3)) for layer in moving} == {"unknown"}
    still = [borders.Cropping2D(1), norm.BatchNormalization(), act.ReLU(), merging.Add()]
    assert {layer.windows((4, 4, 3)) for layer in still} == {"unchanged"}


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_working_can_be_written(quantity: str) -> None:
    images = ((4, 4, 3), (4, 4, 3), (1, 4, 3))
    for layer, shape in [
        (merging.Add(), images),
        (merging.Concatenate(1), images),
        (Dot(-1), images[:2]),
        (norm.BatchNormalization(), images[0]),
        (preprocessing.Normalization(), images[0]),
        (act.PReLU(shared_axes=[1, 2, 3]), images[0]),
        (reshaping.Reshape((2, -1)), images[0]),
        (borders.Cropping2D(1), images[0]),
        (borders.ZeroPadding2D(1), images[0]),
        (reshaping.UpSampling2D((1, 2)), images[0]),
    ]:
        if quantity == "padding_amounts" and not isinstance(layer, borders.ZeroPadding):
            with pytest.raises(CourseError, match="adds no padding"):
                layer.derivation(quantity, shape)
            continue
        working = layer.derivation(quantity, shape)
        assert working.text
        assert working.latex
        assert working.html
