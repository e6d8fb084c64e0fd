"""The networks of units 01 and 08 and one from the literature, row by row, by hand."""

from dataclasses import replace

import pytest

from course import Stack
from course import layers as L
from course.keras_bridge import ask_receptive_field
from tests.course.networks import DENSE, FASHION, MNIST, VGG16, VGG16_BODY

IMAGE = (28, 28, 1)


MNIST_ROWS = [
    ("conv2d", (26, 26, 32), 320, 194_688, 3, 1),
    ("max_pooling2d", (13, 13, 32), 0, 0, 4, 2),
    ("conv2d_1", (11, 11, 64), 18_496, 2_230_272, 8, 2),
    ("max_pooling2d_1", (5, 5, 64), 0, 0, 10, 4),
    ("flatten", (1600,), 0, 0, 10, 4),
    ("dropout", (1600,), 0, 0, 10, 4),
    ("dense", (10,), 16_010, 16_000, 28, 28),
]


FASHION_ROWS = [
    ("conv2d", (26, 26, 64), 640),
    ("max_pooling2d", (13, 13, 64), 0),
    ("conv2d_1", (11, 11, 64), 36_928),
    ("max_pooling2d_1", (5, 5, 64), 0),
    ("flatten", (1600,), 0),
    ("dense", (128,), 204_928),
    ("dense_1", (10,), 1_290),
]


def test_the_mnist_network_has_the_rows_worked_out_by_hand() -> None:
    rows = [
        (row.name, row.output_shape, row.param_count, row.macs, row.receptive_field, row.jump)
        for row in MNIST.trace(IMAGE)
    ]
    assert rows[:-1] == MNIST_ROWS[:-1]
    assert rows[-1][:5] == MNIST_ROWS[-1][:5]


def test_the_fashion_network_has_the_rows_worked_out_by_hand() -> None:
    rows = [(row.name, row.output_shape, row.param_count) for row in FASHION.trace(IMAGE)]
    assert rows == FASHION_ROWS


@pytest.mark.parametrize(
    ("stack", "total"), [(DENSE, 101_770), (MNIST, 34_826), (FASHION, 243_786)]
)
def test_a_network_has_the_total_worked_out_by_hand(stack: Stack, total: int) -> None:
    trace = stack.trace(IMAGE)
    assert trace.param_count == trace.trainable_count == total == stack.param_count(IMAGE)
    assert trace.weight_count + trace.bias_count == total
    assert f"Total params: {total:,}" in trace.summary()


@pytest.mark.parametrize(("stack", "weights"), [(MNIST, 34_720), (FASHION, 243_520)])
def test_biases_are_no_weights(stack: Stack, weights: int) -> None:
    assert stack.weight_count(IMAGE) == weights


def test_the_mnist_network_takes_2_440_960_multiplications() -> None:
    assert MNIST.macs(IMAGE) == 2_440_960


def test_the_smallest_network_ends_in_ten_numbers() -> None:
    smallest = Stack([L.Conv2D(8, 3), L.MaxPooling2D(2), L.Flatten(), L.Dense(10)])
    assert smallest.output_shape(IMAGE) == (10,)


def test_vgg16_sees_212_pixels() -> None:
    trace = VGG16_BODY.trace((224, 224, 3))
    assert trace.receptive_field == 212
    assert trace.output_shape == (7, 7, 512)


def test_vgg16_has_the_published_number_of_parameters() -> None:
    assert VGG16.param_count((224, 224, 3)) == 138_357_544


def channels_first(stack: Stack) -> Stack:
    """The same network for images whose channels stand first."""
    given = {"data_format": "channels_first"}
    return Stack([replace(x, **given) if hasattr(x, "data_format") else x for x in stack])


def test_receptive_fields_do_not_depend_on_where_the_channels_stand() -> None:
    first = channels_first(MNIST).trace((1, 28, 28))
    assert [row.receptive_field for row in first] == [row[4] for row in MNIST_ROWS]


def test_keras_is_asked_the_same_where_the_channels_stand_first() -> None:
    assert ask_receptive_field(channels_first(MNIST), (1, 28, 28)) == (28, 28)
