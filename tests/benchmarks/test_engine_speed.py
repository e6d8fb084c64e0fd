"""The engine against Keras: the same layer, the same answers, both timed here."""

from itertools import cycle

from course import layers as L
from course.keras_bridge import keras, no_weights, read_model

SHAPE = (128, 128, 3)
BATCH = (None, *SHAPE)


def make_ours():
    return L.Conv2D(32, 3, strides=2, padding="same")


def make_theirs():
    return keras.layers.Conv2D(32, 3, strides=2, padding="same")


def build_theirs():
    layer = make_theirs()
    layer.build(BATCH)
    return layer.compute_output_shape(BATCH), layer.count_params()


def build_theirs_without_weights():
    with no_weights():
        return build_theirs()


def test_shape_and_parameters_against_building_in_keras(compare):
    spec = make_ours()
    ratio = compare(
        "shape and parameters of a Conv2D, against building it in Keras",
        lambda: (spec.output_shape(SHAPE), spec.param_count(SHAPE)),
        build_theirs,
        wanted=1000,
    )
    assert ratio.times >= ratio.wanted


def test_shape_and_parameters_against_building_without_weights(compare):
    spec = make_ours()
    ratio = compare(
        "the same, against building it in Keras without allocating",
        lambda: (spec.output_shape(SHAPE), spec.param_count(SHAPE)),
        build_theirs_without_weights,
        wanted=250,
        theirs_times=100,
    )
    assert ratio.times >= ratio.wanted


def test_shape_against_compute_output_shape(compare):
    spec = make_ours()
    ratio = compare(
        "shape of a Conv2D, against making it in Keras and compute_output_shape",
        lambda: spec.output_shape(SHAPE),
        lambda: make_theirs().compute_output_shape(BATCH),
        wanted=80,
        theirs_times=100,
    )
    assert ratio.times >= ratio.wanted


def make_and_ask():
    spec = make_ours()
    return spec.output_shape(SHAPE), spec.param_count(SHAPE)


def test_making_the_spec_too_against_building_in_keras(compare):
    ratio = compare("making the spec each time, too", make_and_ask, build_theirs, wanted=1000)
    assert ratio.times >= ratio.wanted


def test_making_the_spec_too_against_building_without_weights(compare):
    ratio = compare(
        "making the spec each time, against building it in Keras without allocating",
        make_and_ask,
        build_theirs_without_weights,
        wanted=250,
        theirs_times=100,
    )
    assert ratio.times >= ratio.wanted


def test_making_another_spec_each_time_against_building_without_weights(compare):
    """Nothing is gained by having seen the arguments before."""
    filters = cycle(range(1, 100_000))

    def ours():
        spec = L.Conv2D(next(filters), 3, strides=2, padding="same")
        return spec.output_shape(SHAPE), spec.param_count(SHAPE)

    ratio = compare(
        "the same with other filters each time",
        ours,
        build_theirs_without_weights,
        wanted=220,
        theirs_times=100,
    )
    assert ratio.times >= ratio.wanted


def test_table_of_resnet50_against_building_it(compare):
    with no_weights():
        model = keras.applications.ResNet50(weights=None)

    def build():
        keras.backend.clear_session()
        with no_weights():
            keras.applications.ResNet50(weights=None)

    ratio = compare(
        "table of a built ResNet50, against building it in Keras without allocating",
        lambda: read_model(model).param_count,
        build,
        wanted=5,
        ours_times=5,
        theirs_times=1,
    )
    assert read_model(model).param_count == model.count_params() == 25_636_712
    assert ratio.times >= ratio.wanted


def test_counting_costs_the_same_however_large_the_layer(compare):
    small, large = L.Dense(10), L.Dense(200_000)
    ratio = compare(
        "a layer of 40,000,000,000 weights, against one of 7,840",
        lambda: large.param_count((200_000,)),
        lambda: small.param_count((784,)),
        wanted=0.5,
        theirs_times=10_000,
    )
    assert ratio.times >= ratio.wanted
