"""Whole Keras models: branches, several inputs, models in models, shared and unknown layers."""

import pytest

from course import CourseError, SpecError, Stack
from course import layers as L
from course.keras_bridge import keras, no_weights, read_model

APPLICATIONS = ["VGG16", "ResNet50", "MobileNetV2", "DenseNet121", "NASNetMobile", "ConvNeXtTiny"]


MORE = ["ResNet50V2", "MobileNet", "MobileNetV3Small", "EfficientNetB0", "EfficientNetV2B0"]


MOST = ["InceptionV3", "InceptionResNetV2", "Xception", "MobileNetV3Large"]


ALL = [
    pytest.param(name, marks=[pytest.mark.slow] if name in MORE + MOST else [])
    for name in APPLICATIONS + MORE + MOST
]


@pytest.mark.parametrize("name", ALL)
def test_every_layer_of_an_application_agrees(name: str) -> None:
    with no_weights():
        model = getattr(keras.applications, name)(weights=None)
        open_sizes = None in model.input_shape[1:]
        trace = read_model(model, (224, 224, 3) if open_sizes else None)
    assert trace.unknown == ()
    assert trace.param_count == model.count_params()
    assert trace.output_shape == model.output_shape[1:]
    for layer in model.layers:
        row = trace[layer.name]
        assert row.param_count == layer.count_params()
        if not open_sizes:
            assert row.output_shape == tuple(layer.output.shape[1:])


def test_two_inputs_a_nested_model_and_a_shared_layer_are_read() -> None:
    image, other = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    inside = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3)], name="inside")
    shared = keras.layers.Conv2D(4, 3, name="shared")
    added = keras.layers.Add(name="added")([inside(image), shared(image), shared(other)])
    model = keras.Model([image, other], keras.layers.Flatten(name="flat")(added * 2.0), name="two")
    trace = read_model(model)
    assert trace.param_count == model.count_params() == 2 * 112
    assert trace.output_shape == (144,)
    assert trace["inside"].param_count == 112
    assert trace["shared"].macs == 2 * trace["inside"].macs
    assert trace["added"].inputs == ("inside", "shared", "shared")
    assert trace["added"].receptive_field is None  # through a nested model it is not followed
    assert "Connected to" in trace.summary()


def test_a_skip_connection_sees_what_the_wider_branch_sees() -> None:
    image = keras.Input((16, 16, 3))
    wide = keras.layers.Conv2D(3, 5, padding="same")(image)
    model = keras.Model(image, keras.layers.Add(name="sum")([image, wide]))
    assert read_model(model)["sum"].receptive_field == 5


def test_an_unknown_layer_stands_in_the_table_and_is_not_guessed() -> None:
    image = keras.Input((8, 8, 3))
    odd = keras.layers.EinsumDense("bhwc,cd->bhwd", output_shape=(8, 8, 5), name="odd")
    model = keras.Model(image, keras.layers.Conv2D(2, 1)(odd(image)))
    trace = read_model(model)
    assert [row.name for row in trace.unknown] == ["odd"]
    assert trace["odd"].output_shape == (8, 8, 5)
    assert trace["odd"].param_count is None
    assert "odd (EinsumDense)" in trace.summary()
    with pytest.raises(SpecError, match=r"does not know 'odd' \(EinsumDense\)"):
        _ = trace.param_count


def test_open_sizes_have_to_be_said() -> None:
    model = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(SpecError, match="leaves a size open"):
        read_model(model)
    assert read_model(model, (9, 9, 3)).output_shape == (7, 7, 2)


def test_a_model_of_its_own_class_says_so() -> None:
    class Own(keras.Model):
        def call(self, inputs):
            return inputs

    with pytest.raises(SpecError, match="does not say how its layers are connected"):
        read_model(Own())


def test_table_dataframe_and_html_hold_the_same_numbers() -> None:
    stack = Stack([L.Conv2D(32, 3), L.MaxPooling2D(), L.Flatten(), L.Dense(10)])
    trace = stack.trace((28, 28, 1))
    frame = trace.to_dataframe()
    assert frame["param_count"].tolist() == [320, 0, 0, 54090]
    assert frame["activation_bytes"].tolist() == [86528, 21632, 21632, 40]
    html = trace._repr_html_()
    for row in trace:
        assert f"{row.param_count:,}" in html
        assert row.name in html


def test_models_that_cannot_be_read_say_why() -> None:
    with pytest.raises(CourseError, match=r"no input shape yet; begin it with keras\.Input"):
        read_model(keras.Sequential([keras.layers.Dense(3)]))
    with pytest.raises(CourseError, match=r"int is no Keras model"):
        read_model(3)
