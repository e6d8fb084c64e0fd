"""Layers on the way to Keras and back."""

from inspect import Parameter, signature
from typing import Any

import pytest

from course import CourseError
from course import layers as L
from course.keras_bridge import (
    from_keras,
    keras,
    to_keras,
)
from course.keras_bridge.convert import keras_kinds
from course.layers.arguments import ACTIVATIONS
from tests.course.keras_bridge.test_facts import amounts, kinds
from tests.strategies import Case, cases, for_all

NOT_TAKEN: dict[type[L.Layer], set[str]] = {
    L.Dense: {"lora_rank", "lora_alpha", "quantization_config"},  # weights that are not counted
    L.InputLayer: {"batch_size", "sparse", "ragged", "batch_shape", "input_tensor", "optional"},
}
"""Arguments of Keras that a kind of layer refuses on purpose."""
OTHER_ORDER = {L.Conv3DTranspose}
"""Keras has data_format before output_padding here, and the other way round in 1D and 2D."""


def positional(made: Any) -> list[str]:
    """The arguments that may be given without their names."""
    known = signature(made).parameters.values()
    return [one.name for one in known if one.kind is Parameter.POSITIONAL_OR_KEYWORD]


@pytest.mark.parametrize(
    ("made", "kind"), keras_kinds().items(), ids=[kind.__name__ for kind in keras_kinds().values()]
)
def test_every_kind_takes_what_keras_takes_in_the_same_order(made: Any, kind: Any) -> None:
    keras_has, has = positional(made), positional(kind)
    if kind not in OTHER_ORDER:
        assert has == keras_has[: len(has)]
    taken = {*signature(kind).parameters, *kind.keras_only, *NOT_TAKEN.get(kind, ())}
    unknown = sorted(set(keras_has) - taken)
    assert not unknown, (
        f"{kind.__name__} refuses {unknown}: make them arguments, or name them in its keras_only "
        "if they change no shape and no count"
    )


def comes_back(case: Case) -> None:
    """A spec made into a Keras layer and read again is the same spec."""
    spec, _ = case
    layer = to_keras(spec)
    again = from_keras(layer)
    assert again == spec
    assert again.trainable == spec.trainable
    assert again.name == layer.name
    assert spec.name in (None, again.name)


@kinds()
@amounts(60, 500)
def test_a_spec_survives_the_way_to_keras_and_back(kind: type[L.Layer], examples: int) -> None:
    for_all(cases(kind), comes_back, examples)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_every_activation_is_known_to_keras_and_comes_back(name: str) -> None:
    for spec in (L.Activation(name), L.Dense(4, name), L.Conv2D(4, 3, activation=name)):
        assert from_keras(to_keras(spec)) == spec


def test_every_activation_of_keras_is_known() -> None:
    public = {name for name in dir(keras.activations) if not name.startswith("_")}
    assert public - {"get", "serialize", "deserialize"} <= ACTIVATIONS


def test_options_that_change_no_count_reach_keras() -> None:
    layer = to_keras(L.Conv2D(8, 3, kernel_initializer="zeros", dtype="float16"))
    assert isinstance(layer.kernel_initializer, keras.initializers.Zeros)
    assert layer.compute_dtype == "float16"


def test_an_activation_of_ones_own_comes_back() -> None:
    def own(x: Any) -> Any:
        return x

    assert from_keras(to_keras(L.Dense(4, own))).activation is own


def test_a_layer_that_the_course_does_not_know_is_named() -> None:
    with pytest.raises(CourseError, match=r"layer 'odd': EinsumDense is a layer that"):
        from_keras(keras.layers.EinsumDense("ab,bc->ac", 3, name="odd"))
