"""Keras models on their way to the judge: the same architecture, none of anybody's code."""

import json
from typing import Any

import numpy as np
import pytest

from autograder.answers import Foreign
from autograder.kernels.networks import READS_FILES, RUNS_CODE
from autograder.kernels.plain_data import Writer, read
from course.errors import SpecError
from course.keras_bridge import LocallyConnected2D, keras, read_model

layers = keras.layers


def sent(value: Any, *, with_weights: bool = False) -> Any:
    """A value as it arrives on the other side."""
    return read(json.loads(json.dumps(Writer(with_weights=with_weights).write(value))))


def sequential() -> Any:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu", name="first"),
            LocallyConnected2D(3, 2),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def branching() -> Any:
    image = keras.Input((8, 8, 4))
    shared = layers.Conv2D(4, 3, padding="same")
    both = layers.Add()([shared(image), shared(shared(image))])
    return keras.Model(image, layers.Dense(3)(layers.Flatten()(both * 2.0 + 1.0)))


def nested() -> Any:
    return keras.Sequential([keras.Input((8, 8, 4)), branching(), layers.Dense(2)])


@pytest.mark.parametrize("make", [sequential, branching, nested])
def test_a_built_model_arrives_with_its_architecture(make: Any) -> None:
    model = make()
    arrived = sent(model)
    assert type(arrived) is type(model)
    assert read_model(arrived).summary() == read_model(model).summary()
    assert arrived.count_params() == model.count_params()


def test_a_compiled_model_arrives_without_how_it_was_compiled() -> None:
    model = sequential()
    model.compile(optimizer="adam", loss="mse", metrics=["accuracy"])
    assert sent(model).count_params() == model.count_params()


def test_a_model_of_any_size_costs_nothing() -> None:
    from course.keras_bridge import no_weights

    with no_weights():
        model = keras.Sequential([keras.Input((10**6,)), layers.Dense(10**6)])
    assert sent(model).count_params() == 10**12 + 10**6


def test_weights_travel_where_they_are_wanted() -> None:
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
    ones = np.ones((2, 4))
    arrived = sent(model, with_weights=True)
    assert np.array_equal(arrived.predict(ones, verbose=0), model.predict(ones, verbose=0))


def test_weights_that_are_not_the_models_are_left_behind() -> None:
    kind, config, _ = Writer().write(keras.Sequential([keras.Input((4,)), layers.Dense(3)]))
    arrived = read([kind, config, Writer().write([np.ones(7)])])
    assert arrived.count_params() == 15


def test_functions_of_a_student_become_stand_ins() -> None:
    def own(values: Any) -> Any:
        raise RuntimeError

    arrived = sent(keras.Sequential([layers.Dense(3, activation=own)]))
    assert arrived.layers[0].activation is not own
    assert arrived.layers[0].activation(5) == 5


def test_tensorflows_own_functions_are_known() -> None:
    import sys

    softmax = sys.modules["tensorflow"].nn.softmax
    arrived = sent(keras.Sequential([layers.Dense(3, activation=softmax)]))
    assert arrived.layers[0].activation is softmax


class Own(layers.Layer):  # type: ignore[misc]
    """A layer of a student's own."""

    def call(self, inputs: Any) -> Any:
        return inputs


@pytest.mark.parametrize("make", [Own, lambda: keras.Sequential([layers.Flatten(), Own()])])
def test_layers_of_ones_own_arrive_as_what_they_are(make: Any) -> None:
    arrived = sent(make())
    assert isinstance(arrived, Foreign)
    assert type(arrived).__name__ == "Own"
    assert arrived.bases == ("Layer",)


def test_layers_that_run_code_are_refused() -> None:
    with pytest.raises(SpecError, match="a model with Lambda"):
        sent(keras.Sequential([layers.Lambda(lambda values: values)]))


@pytest.mark.parametrize("name", sorted(RUNS_CODE | READS_FILES))
def test_every_layer_that_runs_code_or_reads_a_file_is_refused_by_name(name: str) -> None:
    config = {"module": "keras.layers", "class_name": name, "config": {}, "registered_name": None}
    with pytest.raises(SpecError, match=f"a model with {name}"):
        read(["keras", json.dumps(config), ["none"]])


def test_a_file_named_in_a_config_is_not_read(tmp_path: Any) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("secret\n")
    config = {
        "module": "keras.layers",
        "class_name": "StringLookup",
        "config": {"vocabulary": str(file)},
        "registered_name": None,
    }
    with pytest.raises(SpecError):
        read(["keras", json.dumps({"class_name": "__tuple__", "items": [config]}), ["none"]])
