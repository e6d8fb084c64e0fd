"""Any design that meets what is wanted is right; every other is told what it does not meet."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import strategies as st

from autograder import (
    CheckResult,
    NotAttempted,
    OurFault,
    ReferenceDisagreement,
    WrongAnswer,
)
from autograder.checks.models import Wanted, check_model, near_misses
from course import Stack
from course import layers as L
from course.errors import SpecError
from course.keras_bridge import keras, to_keras
from tests.autograder.forms import NEVER_RIGHT, refuse
from tests.course.networks import FASHION, MNIST
from tests.course.test_imports import HEAVY, loaded_by
from tests.strategies import for_all, stacks

K = keras.layers
IMAGE = (28, 28, 1)
VOLUME = (32, 32, 3)

SUMMARY = Wanted(
    input_shape=IMAGE,
    rows=[
        ((26, 26, 32), 320),
        ((13, 13, 32), 0),
        ((11, 11, 64), 18_496),
        ((5, 5, 64), 0),
        ((1600,), 0),
        ((1600,), 0),
        ((10,), 16_010),
    ],
    param_count=34_826,
    last_activation="softmax",
)
FASHION_SUMMARY = Wanted(
    input_shape=IMAGE,
    rows=[
        ((26, 26, 64), 640),
        (None, 0),
        (None, 36_928),
        ((5, 5, 64), None),
        ((1600,), None),
        (None, 204_928),
        ((10,), 1290),
    ],
    param_count=243_786,
)
BUDGET = Wanted(
    input_shape=IMAGE,
    output_shape=(10,),
    max_params=5000,
    max_macs=200_000,
    last_activation="softmax",
)
FIELD = Wanted(input_shape=IMAGE, min_receptive_field=10, max_params=34_826, kinds={"Conv2D": 2})
TRANSFORMATION = Wanted(input_shape=VOLUME, output_shape=(14, 14, 20), max_layers=2)
SMALLEST = Wanted(
    input_shape=IMAGE,
    output_shape=(10,),
    kinds={"Conv2D": 1, ("MaxPooling2D", "AveragePooling2D"): 1, "Dense": 1},
    max_layers=4,
)

OUTPUT = L.Dense(10, "softmax")
RIGHT: list[tuple[Wanted, Stack]] = [
    (SUMMARY, MNIST),
    (SUMMARY, Stack([replace(layer, name=f"my_{n}") for n, layer in enumerate(MNIST)])),
    (SUMMARY, Stack([*MNIST.layers[:4], L.Reshape((-1,)), L.GaussianNoise(0.1), OUTPUT])),
    (FASHION_SUMMARY, FASHION),
    (FASHION_SUMMARY, Stack([*FASHION.layers[:3], L.AveragePooling2D(2), *FASHION.layers[4:]])),
    (BUDGET, Stack([L.Conv2D(8, 9, strides=4), L.Flatten(), OUTPUT])),
    (BUDGET, Stack([L.MaxPooling2D(4), L.Flatten(), L.Dense(60, "relu"), OUTPUT])),
    (BUDGET, Stack([L.SeparableConv2D(10, 3), L.GlobalAveragePooling2D(), L.Softmax()])),
    (BUDGET, Stack([L.MaxPooling2D(2), L.Conv2D(10, 14), L.Activation("softmax"), L.Flatten()])),
    (FIELD, MNIST),
    (FIELD, Stack([L.Conv2D(4, 5), L.Conv2D(4, 6)])),
    (FIELD, Stack([L.Conv2D(4, 3, strides=2), L.MaxPooling2D(2), L.Conv2D(1, 3)])),
    (TRANSFORMATION, Stack([L.Conv2D(20, 8, strides=2, padding=1)])),
    (TRANSFORMATION, Stack([L.ZeroPadding2D(1), L.Conv2D(20, 8, strides=2)])),
    (TRANSFORMATION, Stack([L.Conv2D(20, 5, strides=2)])),
    (TRANSFORMATION, Stack([L.AveragePooling2D(5, strides=2), L.Dense(20)])),
    (SMALLEST, Stack([L.Conv2D(1, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)])),
    (SMALLEST, Stack([L.AveragePooling2D(7), L.Conv2D(9, 4), L.Flatten(), L.Dense(10)])),
]
"""Wishes, and designs that meet them in truly different ways."""

each_right_design = pytest.mark.parametrize(
    ("wanted", "design"), RIGHT, ids=[f"design {place}" for place in range(len(RIGHT))]
)


def unbuilt(design: Stack, _: Any = None) -> Any:
    """The design as learners write it in Keras, without an input shape."""
    return keras.Sequential([to_keras(layer) for layer in design])


def built(design: Stack, shape: Any) -> Any:
    """The same with one."""
    return keras.Sequential([keras.Input(shape), *(to_keras(layer) for layer in design)])


def functional(design: Stack, shape: Any) -> Any:
    """The same with Keras's functional interface."""
    value = image = keras.Input(shape)
    for layer in design:
        value = to_keras(layer)(value)
    return keras.Model(image, value)


def in_two_parts(design: Stack, shape: Any) -> Any:
    """A sequence of two sequences."""
    half = len(design) // 2
    parts = [unbuilt(Stack(part)) for part in (design.layers[:half], design.layers[half:]) if part]
    return keras.Sequential([keras.Input(shape), *parts])


FORMS: dict[str, Callable[[Stack, Any], Any]] = {
    "stack": lambda design, _: design,
    "list": lambda design, _: list(design),
    "tuple": lambda design, _: tuple(design),
    "stack in a stack": lambda design, _: Stack([Stack(design.layers)]),
    "stack with an input layer": lambda design, shape: Stack([L.InputLayer(shape), *design]),
    "Keras layers": lambda design, _: [to_keras(layer) for layer in design],
    "unbuilt": unbuilt,
    "built": built,
    "functional": functional,
    "in two parts": in_two_parts,
}


def message(model: Any, wanted: Wanted) -> str:
    """What the learner reads when the model is wrong."""
    with pytest.raises(WrongAnswer) as caught:
        check_model(model, wanted)
    return str(caught.value)


# Right designs ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@each_right_design
def test_every_design_that_meets_the_wishes_passes(
    wanted: Wanted, design: Stack, form: str
) -> None:
    result = check_model(FORMS[form](design, wanted.input_shape), wanted)
    count = design.param_count(wanted.input_shape)
    assert str(result).startswith(f"Right: {count:,} parameters, ")
    assert str(result).endswith(" Keras agrees.")


def test_the_confirmation_is_one_line() -> None:
    assert str(check_model(MNIST, SUMMARY)) == (
        "Right: 34,826 parameters, (28, 28, 1) to (10,). Keras agrees."
    )
    macs = Wanted(input_shape=IMAGE, max_macs=2_440_960)
    assert str(check_model(MNIST, macs)) == (
        "Right: 34,826 parameters, 2,440,960 MACs, (28, 28, 1) to (10,). Keras agrees."
    )


@pytest.mark.parametrize("model", [L.Conv2D(20, 5, strides=2), K.Conv2D(20, 5, strides=2)])
def test_a_single_layer_is_a_model_too(model: Any) -> None:
    assert check_model(model, TRANSFORMATION)


def exactly(design: Stack, shape: Any) -> Wanted:
    """The wishes that only numbers like this design's meet."""
    trace = design.trace(shape)
    return Wanted(
        input_shape=shape,
        output_shape=trace.output_shape,
        param_count=trace.param_count,
        max_macs=trace.macs,
        max_layers=len(trace),
        rows=[(row.output_shape, row.param_count) for row in trace],
    )


def meets_its_own_numbers(case: tuple[tuple[Stack, Any], str]) -> None:
    """In each form; and no longer with one parameter or one size more wanted."""
    (design, shape), form = case
    model = FORMS[form](design, shape)
    wanted = exactly(design, shape)
    assert isinstance(check_model(model, wanted), CheckResult)
    assert wanted.param_count is not None
    other = Wanted(input_shape=shape, param_count=wanted.param_count + 1)
    assert "not met: exactly" in message(model, other)
    last = design.output_shape(shape)
    other = Wanted(input_shape=shape, output_shape=(*last[:-1], last[-1] + 1))
    assert "not met: output" in message(model, other)


def test_any_network_meets_its_own_numbers_and_no_others() -> None:
    for_all(st.tuples(stacks(4), st.sampled_from(list(FORMS))), meets_its_own_numbers, 60)


def test_a_skip_connection_passes() -> None:
    image = keras.Input(IMAGE)
    added = K.Add()([image, K.Conv2D(1, 5, padding="same")(image)])
    model = keras.Model(image, K.Dense(10, "softmax")(K.Flatten()(added * 0.5)))
    wanted = Wanted(
        input_shape=IMAGE,
        output_shape=(10,),
        param_count=26 + 7850,
        max_macs=28 * 28 * 25 + 7840,
        min_receptive_field=5,
        kinds={"Add": 1, "Conv2D": 1},
        last_activation="softmax",
    )
    assert check_model(model, wanted)


def test_a_layer_used_twice_is_counted_once() -> None:
    image = keras.Input((784,))
    shared = K.Dense(784)
    model = keras.Model(image, shared(shared(image)))
    assert check_model(model, Wanted(input_shape=(784,), param_count=615_440))
    assert "yours makes 1,229,312" in message(model, Wanted(input_shape=(784,), max_macs=614_656))


def test_a_branching_model_in_a_model_is_taken_apart() -> None:
    inner = keras.Input((8, 8, 3))
    branches = [K.Conv2D(4, 3)(inner), K.Conv2D(4, 3)(inner)]
    nested = keras.Model(inner, K.Add()(branches))
    model = keras.Sequential([keras.Input((8, 8, 3)), nested, K.Flatten()])
    assert check_model(model, Wanted(input_shape=(8, 8, 3), kinds={"Conv2D": 2}, param_count=224))
    wanted = Wanted(input_shape=(8, 8, 3), param_count=224)
    said = message([nested, K.Flatten()], wanted)
    assert said == "a part of your model has branches; begin it with keras.Input"


def test_two_parts_may_use_the_same_name() -> None:
    part = Stack([L.Conv2D(2, 3, name="conv")])
    wanted = Wanted(input_shape=(9, 9, 2), rows=[((7, 7, 2), 38), ((5, 5, 2), 38)])
    assert check_model(Stack([part, part]), wanted)
    keras_parts = [keras.Sequential([to_keras(layer) for layer in part]) for _ in range(2)]
    assert check_model(keras.Sequential([keras.Input((9, 9, 2)), *keras_parts]), wanted)


def test_names_and_places_that_only_keras_refuses_do_no_harm() -> None:
    design = [L.Flatten(), L.InputLayer((784,)), L.Dense(10, name="dense/out")]
    wanted = Wanted(input_shape=IMAGE, rows=[((784,), 0), ((10,), 7850)])
    assert check_model(design, wanted)


def test_open_sizes_are_those_of_the_wanted_input() -> None:
    model = keras.Sequential([keras.Input((None, None, 1)), K.Conv2D(10, 3)])
    assert check_model(model, Wanted(input_shape=IMAGE, output_shape=(26, 26, 10)))


def test_a_layer_that_only_keras_knows_counts_as_keras_says() -> None:
    layers = [K.Reshape((28, 28)), K.LSTM(10)]
    model = keras.Sequential([keras.Input(IMAGE), *layers])
    assert check_model(model, Wanted(input_shape=IMAGE, output_shape=(10,), param_count=1560))
    said = message(model, Wanted(input_shape=IMAGE, max_macs=10**9))
    assert "the course cannot count those of 'lstm" in said
    for unseen in (keras.Sequential(layers), layers):
        said = message(unseen, SUMMARY)
        assert said.startswith("layer 'lstm")
        assert "begin the model with keras.Input" in said


def test_nothing_is_allocated() -> None:
    wide = Stack([L.Flatten(), L.Dense(200_000)])
    wanted = Wanted(input_shape=(400, 500, 1), min_params=40_000_000_000)
    assert check_model(wide, wanted)
    assert check_model(unbuilt(wide), wanted)


def test_softmax_has_many_names() -> None:
    from tensorflow import nn  # loaded by Keras before, and quietly

    functions = (nn.softmax, keras.ops.softmax, keras.activations.softmax)
    layers = [K.Dense(10, activation=function) for function in functions]
    for layer in (*layers, K.Activation(nn.softmax), K.Activation("softmax"), K.Softmax()):
        model = keras.Sequential([keras.Input((10,)), layer])
        assert check_model(model, Wanted(input_shape=(10,), last_activation="softmax"))
        said = message(model, Wanted(input_shape=(10,), last_activation="sigmoid"))
        assert "not met: the activation 'sigmoid' at the end" in said


# Wrong designs ----------------------------------------------------------------------------------


@each_right_design
def test_every_small_change_for_the_worse_is_refused(wanted: Wanted, design: Stack) -> None:
    broken = near_misses(design, wanted)
    assert len(set(broken)) == len(broken) > 0
    for model in broken:
        assert message(model, wanted)


@pytest.mark.parametrize(("wanted", "design"), [(SUMMARY, MNIST), (FASHION_SUMMARY, FASHION)])
def test_broken_keras_models_are_refused_too(wanted: Wanted, design: Stack) -> None:
    for model in near_misses(design, wanted):
        assert message(unbuilt(model), wanted)


def test_the_small_changes_are_those_that_learners_make() -> None:
    broken = near_misses(MNIST, SUMMARY)
    assert len(broken) > 40
    conv, pool, *rest = MNIST.layers
    for other in (
        replace(conv, filters=31),
        replace(conv, filters=33),
        replace(conv, kernel_size=2),
        replace(conv, kernel_size=4),
        replace(conv, strides=2),
        replace(conv, padding="same"),
        replace(conv, use_bias=False),
    ):
        assert Stack([other, pool, *rest]) in broken
    for other in (replace(pool, pool_size=3), replace(pool, strides=1)):
        assert Stack([conv, other, *rest]) in broken
    assert Stack([*MNIST.layers[:-1], L.Dense(10)]) in broken  # the softmax left out
    assert Stack([conv, *rest]) in broken
    assert Stack([pool, conv, *rest]) in broken
    harmless = Stack([conv, replace(pool, padding="same"), *rest])  # 26 is even
    assert harmless not in broken
    assert check_model(harmless, SUMMARY)
    assert near_misses(built(MNIST, IMAGE), SUMMARY) == broken


def test_no_broken_design_comes_twice() -> None:
    design = Stack([L.Dense(3), L.Dense(3)])  # without the first it is what it is without the last
    broken = near_misses(design, Wanted(input_shape=(3,), param_count=24))
    assert broken.count(Stack([L.Dense(3)])) == 1


def test_only_a_right_design_can_be_broken() -> None:
    with pytest.raises(SpecError, match="not right itself"):
        near_misses(FASHION, SUMMARY)
    image = keras.Input(IMAGE)
    branching = keras.Model(image, K.Add()([image, K.Conv2D(1, 1)(image)]))
    with pytest.raises(SpecError, match="has branches"):
        near_misses(branching, Wanted(input_shape=IMAGE, param_count=2))


def test_every_wish_is_judged_and_told() -> None:
    wanted = Wanted(
        input_shape=IMAGE,
        output_shape=(10,),
        param_count=34_826,
        min_params=34_000,
        max_params=35_000,
        max_macs=3_000_000,
        min_receptive_field=10,
        max_layers=6,
        last_activation="softmax",
        kinds={"Conv2D": 2, "Dropout": (None, 0), "Dense": (2, 3), ("Add", "Dot"): (1, None)},
    )
    assert message(built(replace_last(MNIST, L.Dense(12, name="out")), IMAGE), wanted) == (
        "your model does not meet all that is wanted:\n"
        "    met: input (28, 28, 1)\n"
        "    not met: output (10,); yours gives (12,); look at the filters or units of the last "
        "layer that has any\n"
        "    not met: exactly 34,826 parameters; yours has 38,028, most of them in 'out' (Dense): "
        "19,212; filters, units and kernel_size change it\n"
        "    met: at least 34,000 parameters\n"
        "    not met: at most 35,000 parameters; yours has 38,028, most of them in 'out' (Dense): "
        "19,212; fewer filters or units, or more pooling before a Flatten, bring it down\n"
        "    met: at most 3,000,000 MACs\n"
        "    met: a receptive field of at least 10\n"
        "    not met: at most 6 layers; yours has 7: Conv2D, MaxPooling2D, Conv2D, MaxPooling2D, "
        "Flatten, Dropout, Dense\n"
        "    not met: the activation 'softmax' at the end; yours ends with 'out' (Dense), which "
        "has no activation\n"
        "    met: exactly 2 Conv2D\n"
        "    not met: exactly 0 Dropout; yours has 1: 'dropout'\n"
        "    not met: 2 to 3 Dense; yours has 1: 'out'\n"
        "    not met: at least 1 Add or Dot; yours has none"
    ).replace("'dropout'", f"'{last_name('dropout')}'")


def replace_last(design: Stack, layer: L.Layer) -> Stack:
    """The design with another last layer."""
    return Stack([*design.layers[:-1], layer])


def last_name(kind: str) -> str:
    """The name that Keras gave to the latest layer of a kind."""
    name: str = K.Dropout(0.5).name
    number = int(name.removeprefix(f"{kind}_") if "_" in name else 0) - 1
    return f"{kind}_{number}" if number else kind


@pytest.mark.parametrize(
    ("design", "says"),
    [
        (
            [L.Conv2D(32, 3, use_bias=False)],
            "row 1 'conv2d': has 288 parameters, wanted 320; look at its use_bias",
        ),
        (
            [L.Conv2D(32, 3, padding="same")],
            "row 1 'conv2d': gives (28, 28, 32), wanted (26, 26, 32); look at its padding",
        ),
        (
            [L.Conv2D(16, 3)],
            "row 1 'conv2d': gives (26, 26, 16), wanted (26, 26, 32) and has 160 parameters, "
            "wanted 320; look at its filters",
        ),
        (
            [L.Conv2D(32, 5)],
            "row 1 'conv2d': gives (24, 24, 32), wanted (26, 26, 32) and has 832 parameters, "
            "wanted 320; look at its kernel_size, strides, padding",
        ),
        (
            [L.Conv2D(32, (1, 5), padding="same"), L.Cropping2D(1)],
            "row 1 'conv2d': gives (28, 28, 32), wanted (26, 26, 32) and has 192 parameters",
        ),
        (
            [L.Conv2D(32, 3), L.MaxPooling2D(3, name="pool")],
            "row 2 'pool': gives (8, 8, 32), wanted (13, 13, 32); look at its pool_size, strides",
        ),
        (
            [L.Conv2D(32, 3), L.Flatten()],
            "row 2 'flatten': gives (21632,), wanted (13, 13, 32); is another layer wanted here?",
        ),
        (
            MNIST.layers[:6],
            "row 7 is missing: wanted (10,) and 16,010 parameters",
        ),
        (
            [*MNIST, L.Activation("softmax")],
            "row 8 'activation' (Activation) is one too many",
        ),
    ],
    ids=str,
)
def test_the_first_row_that_differs_is_shown(design: Any, says: str) -> None:
    assert f"not met: the 7 rows of the summary; {says}" in message(Stack(design), SUMMARY)


def test_a_row_after_the_last_may_be_anything() -> None:
    wanted = Wanted(input_shape=IMAGE, rows=[((26, 26, 1), None), (None, None)])
    assert message(L.Conv2D(1, 3), wanted).endswith("row 2 is missing: wanted a layer")


@pytest.mark.parametrize(
    ("design", "says"),
    [
        ([L.Conv2D(8, 3, use_bias=False), L.Conv2D(4, 3)], "look at use_bias of 'conv2d'"),
        (
            [L.Conv2D(8, 3, use_bias=False), L.Conv2D(4, 3, use_bias=False)],
            "look at use_bias of all layers",
        ),
        ([L.Conv2D(8, 3), L.Conv2D(5, 3)], "filters, units and kernel_size change it"),
    ],
)
def test_forgotten_biases_are_found(design: Any, says: str) -> None:
    wanted = Wanted(input_shape=IMAGE, param_count=80 + 292)
    assert message(Stack(design), wanted).endswith(says)


@pytest.mark.parametrize(
    ("design", "wanted", "says"),
    [
        ([L.Conv2D(10, 3)], (10,), "yours gives (26, 26, 10); Flatten or a global pooling"),
        ([L.Flatten()], (28, 28, 1), "Flatten and global pooling leave no height and width"),
        ([L.Conv2D(10, 3)], (26, 26, 9), "look at the filters or units of the last layer"),
        ([L.Conv2D(10, 3)], (13, 13, 10), "kernel_size, strides, padding and pooling decide"),
    ],
)
def test_the_output_says_what_decides_it(design: Any, wanted: Any, says: str) -> None:
    said = message(Stack(design), Wanted(input_shape=IMAGE, output_shape=wanted))
    assert says in said


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ({"min_params": 101_771}, "at least 101,771 parameters; yours has 101,770, most of them"),
        ({"max_params": 101_769}, "at most 101,769 parameters; yours has 101,770, most of them"),
        (
            {"max_macs": 101_631},
            "at most 101,631 MACs; yours makes 101,632, most of them in 'large",
        ),
        ({"min_receptive_field": 29}, "a receptive field of at least 29; an output of yours sees"),
        ({"max_layers": 2}, "at most 2 layers; yours has 3: Flatten, Dense, Dense"),
    ],
    ids=str,
)
def test_a_limit_may_be_reached_and_not_passed(wish: dict[str, int], text: str) -> None:
    design = [L.Flatten(), L.Dense(128, name="large"), L.Dense(10)]
    assert f"not met: {text}" in message(design, Wanted(input_shape=IMAGE, **wish))
    ((name, limit),) = wish.items()
    reached = {name: limit - 1 if name.startswith("min") else limit + 1}
    assert check_model(design, Wanted(input_shape=IMAGE, **reached))


def test_a_model_that_begins_elsewhere_is_told_and_judged_all_the_same() -> None:
    said = message(built(MNIST, VOLUME), SUMMARY)
    assert "not met: input (28, 28, 1); yours takes (32, 32, 3); begin a Keras model" in said
    assert "met: the activation 'softmax' at the end" in said
    assert "row 1 'conv2d" in said


def test_several_inputs_and_outputs_are_told() -> None:
    first, second = keras.Input((4,)), keras.Input((4,))
    wanted = Wanted(input_shape=(4,), output_shape=(4,))
    said = message(keras.Model([first, second], K.Add()([first, second])), wanted)
    assert "not met: input (4,); yours takes ((4,), (4,))" in said
    said = message(keras.Model(first, [K.ReLU()(first), K.Dense(2)(first)]), wanted)
    assert "not met: output (4,); yours gives ((4,), (2,))" in said


def test_an_open_input_of_another_rank_is_told() -> None:
    model = keras.Sequential([keras.Input((None, 1)), K.Conv1D(10, 3)])
    assert "your model takes inputs of (None, 1), but (28, 28, 1) comes in" in message(
        model, SUMMARY
    )


@pytest.mark.parametrize("form", ["stack", "list", "unbuilt"])
def test_what_cannot_be_built_names_its_layer(form: str) -> None:
    design = Stack([L.Conv2D(8, 3), L.MaxPooling2D(9), L.Conv2D(8, 5, name="too_large")])
    said = message(FORMS[form](design, IMAGE), SUMMARY)
    assert said.startswith("layer 3 'too_large' (Conv2D): window 5 is larger than height 2; ")


def test_a_receptive_field_too_small_or_unknown_is_told() -> None:
    wanted = Wanted(input_shape=IMAGE, min_receptive_field=4)
    said = message(L.Conv2D(1, (3, 9)), wanted)
    assert "an output of yours sees (3, 9)" in said
    said = message(Stack([L.UpSampling2D(), L.Conv2D(1, 9)]), wanted)
    assert "no window describes what yours sees" in said


# No answers, and none of a model's kind ---------------------------------------------------------


@pytest.mark.parametrize("blank", [None, ..., [...], [L.Flatten(), ...]], ids=str)
def test_a_blank_is_not_attempted(blank: Any) -> None:
    with pytest.raises(NotAttempted):
        check_model(blank, SUMMARY)


@pytest.mark.parametrize("name", NEVER_RIGHT)
def test_what_is_no_model_is_told(name: str) -> None:
    said = message(NEVER_RIGHT[name](), SUMMARY)
    assert "a Keras model or a Stack is wanted, not " in said or "at least one layer" in said


class OwnModel(keras.Model):  # type: ignore[misc]
    """A learner's model whose own code must not run."""

    inputs = outputs = layers = property(refuse)
    call = count_params = get_config = refuse


class OwnLayer(keras.layers.Dense):  # type: ignore[misc]
    """A learner's layer that gives out other numbers."""

    count_params = refuse


class OwnSpec(L.Dense):
    """The same made from the course's layer."""

    output_shape = param_count = refuse


class OwnStack(Stack):
    """The same made from the course's stack."""

    trace = refuse


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (OwnModel, "OwnModel, a class of its own, which does not say how its layers"),
        (lambda: OwnStack([L.Dense(3)]), "OwnStack, a class of its own"),
        (lambda: OwnLayer(3), "OwnLayer, a layer of a class of its own"),
        (lambda: Stack([OwnSpec(3)]), "OwnSpec, a layer of a class of its own"),
        (lambda: keras.Sequential([keras.Input((3,)), OwnLayer(3)]), "OwnLayer, a layer"),
        (lambda: keras.Sequential([OwnLayer(3)]), "OwnLayer, a layer"),
        (lambda: [L.Flatten(), 4], "place 2 of your list: a Keras model or a Stack is wanted"),
        (list, "at least one layer"),
        (keras.Sequential, "at least one layer"),
        (lambda: keras.Model(*[keras.Input((3,))] * 2), "your model has no layers"),
        (keras.Model, "Model is a layer that the course does not know"),
        (lambda: MNIST.trace(IMAGE), "not something of type Trace"),
        (lambda: keras.Sequential, "not something of type type"),
    ],
)
def test_classes_of_a_learners_own_are_refused_unread(make: Any, says: str) -> None:
    assert says in message(make(), SUMMARY)


def test_a_function_of_the_learners_own_never_runs() -> None:
    model = [L.Flatten(), L.Activation(refuse), L.Dense(10, refuse)]
    assert check_model(model, Wanted(input_shape=IMAGE, output_shape=(10,)))
    said = message(model, Wanted(input_shape=IMAGE, last_activation="relu"))
    assert "which has a function of your own" in said


def test_numbers_that_a_learner_put_into_an_object_are_not_believed() -> None:
    wanted = Wanted(input_shape=(3,), output_shape=(99,), param_count=99)
    layer = L.Dense(10)
    vars(layer).update(output_shape=lambda shape: (99,), param_count=lambda shape: 99)
    assert "yours gives (10,)" in message(layer, wanted)
    model = built(Stack([L.Dense(10)]), (3,))
    vars(model).update(count_params=lambda: 99, output_shape=(None, 99))
    assert "yours has 40" in message(model, wanted)


def test_a_model_changed_after_it_was_built_is_not_judged() -> None:
    model = built(Stack([L.Dense(10)]), (3,))
    model.layers[0].units = 99
    with pytest.raises(ReferenceDisagreement, match="build the model again"):
        check_model(model, Wanted(input_shape=(3,), output_shape=(99,)))


@pytest.mark.parametrize("quantity", ["output_shape", "param_count", "macs"])
def test_references_that_differ_judge_nobody(
    quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course import keras_bridge

    ask = keras_bridge.ask
    monkeypatch.setattr(
        keras_bridge, "ask", lambda *given: replace(ask(*given), **{quantity: (7,)})
    )
    wanted = Wanted(input_shape=IMAGE, max_macs=1)
    with pytest.raises(ReferenceDisagreement, match=r"the engine says .* Keras says"):
        check_model(MNIST, wanted)


def test_keras_stopping_is_no_ones_wrong_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.keras_bridge.ask", refuse)
    with pytest.raises(OurFault, match="Keras stops with"):
        check_model(MNIST, SUMMARY)


# What is wanted ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "nothing is wanted"),
        ({"rows": [], "kinds": {}}, "nothing is wanted"),
        ({"input_shape": (28, None, 1), "max_params": 1}, "holds None"),
        ({"output_shape": 10}, "must be a tuple"),
        ({"param_count": -1}, "param_count must be at least 0"),
        ({"max_params": 1.5}, "max_params must be a whole number"),
        ({"max_macs": -1}, "max_macs must be at least 0"),
        ({"min_receptive_field": 0}, "min_receptive_field must be at least 1"),
        ({"max_layers": 0}, "max_layers must be at least 1"),
        ({"last_activation": "softmaxx"}, "is not one that Keras knows"),
        ({"last_activation": max}, "last_activation is no name"),
        ({"kinds": ["Conv2D"]}, "kinds must be a dict"),
        ({"kinds": {"Conv": 1}}, "'Conv' is no kind of layer"),
        ({"kinds": {("Conv2D", "Pool"): 1}}, "'Pool' is no kind of layer"),
        ({"kinds": {"Conv2D": (2, 1)}}, "kinds['Conv2D'] must be at least 2"),
        ({"kinds": {"Conv2D": -1}}, "kinds['Conv2D'] must be at least 0"),
        ({"rows": 5}, "rows must be a list"),
        ({"rows": [(26, 26, 32)]}, "row 1 is (26, 26, 32)"),
        ({"rows": [((10,), 1), ((10,), -1)]}, "the count of row 2 must be at least 0"),
        ({"min_params": 2, "max_params": 1}, "min_params=2 is above max_params=1"),
        ({"param_count": 3, "max_params": 2}, "param_count=3 lies outside the budget"),
        ({"param_count": 3, "min_params": 4}, "param_count=3 lies outside the budget"),
        ({"rows": [((4,), 1)], "param_count": 2}, "the rows have 1 parameters in all"),
        ({"rows": [((4,), 1)], "min_params": 2}, "the rows have 1 parameters in all"),
        ({"rows": [((4,), 1)], "max_params": 0}, "the rows have 1 parameters in all"),
        ({"rows": [((4,), 1)], "output_shape": (5,)}, "the last row gives (4,)"),
        ({"rows": [(None, 1)] * 3, "max_layers": 2}, "there are 3 rows, and max_layers=2"),
        ({"kinds": {"Add": 2, "Dot": (1, None)}, "max_layers": 2}, "kinds ask for 3 layers"),
    ],
    ids=str,
)
def test_wishes_that_make_no_sense_are_refused(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(SpecError, match=f"Wanted: .*{re.escape(problem)}"):
        Wanted(**{"input_shape": IMAGE} | given)


def test_wishes_can_be_compared_hashed_and_varied() -> None:
    assert len({SUMMARY, replace(SUMMARY), SMALLEST, replace(SMALLEST)}) == 2
    assert Wanted(input_shape=[3], kinds={"Dense": (None, 2)}) == Wanted(
        input_shape=(3,), kinds={("Dense",): [0, 2]}
    )


def test_importing_the_check_loads_nothing_heavy() -> None:
    assert not loaded_by("import autograder.checks.models") & HEAVY


def test_refusing_what_is_no_model_loads_nothing_heavy() -> None:
    code = """
from contextlib import suppress
from autograder.checks.models import Wanted, check_model
with suppress(Exception):
    check_model({1}, Wanted(input_shape=(3,), max_params=1))
"""
    assert not loaded_by(f"exec({code!r})") & HEAVY


def test_judging_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    check_model(MNIST, SUMMARY)
    check_model(built(MNIST, IMAGE), SUMMARY)
    assert capfd.readouterr() == ("", "")


def test_a_model_of_countless_parameters_is_refused_in_words() -> None:
    for units in (10**90, 10**5000):
        with pytest.raises(WrongAnswer, match="more parameters than there are atoms"):
            check_model([L.Dense(units)], Wanted(input_shape=(4,), max_params=3))
