"""Layers on the way to Keras and back."""

from typing import Any

import pytest

from course import CourseError
from course import layers as L
from course.keras_bridge import (
    from_keras,
    keras,
    to_keras,
)
from course.layers.arguments import ACTIVATIONS
from tests.course.keras_bridge.test_facts import amounts, kinds
from tests.strategies import Case, cases, for_all


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
