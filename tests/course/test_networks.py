"""The networks of units 01 and 08, row by row, by hand; their summaries beside Keras's."""

from dataclasses import replace

import pytest

from course import Stack
from course import layers as L
from course.keras_bridge import ask_receptive_field, no_weights, to_keras
from tests.course.networks import DENSE, FASHION, MNIST, VGG16, VGG16_BODY
from tests.strategies import Shape, for_all, stacks

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


def keras_summary(stack: Stack, shape: Shape, line_length: int | None = None) -> str:
    """What Keras's own model.summary() prints."""
    lines: list[str] = []
    with no_weights():
        model = to_keras(stack)
        model.build((None, *shape))
        model.summary(line_length=line_length, print_fn=lines.append)
    return "\n".join(lines)


def plain(summary: str) -> list[str]:
    """The lines without the blanks behind them, which nobody sees."""
    return [line.rstrip() for line in summary.strip().splitlines()]


def test_every_row_of_the_mnist_network() -> None:
    rows = [
        (row.name, row.output_shape, row.param_count, row.macs, row.receptive_field, row.jump)
        for row in MNIST.trace(IMAGE)
    ]
    assert rows[:-1] == MNIST_ROWS[:-1]
    assert rows[-1][:5] == MNIST_ROWS[-1][:5]


def test_every_row_of_the_fashion_network() -> None:
    rows = [(row.name, row.output_shape, row.param_count) for row in FASHION.trace(IMAGE)]
    assert rows == FASHION_ROWS


@pytest.mark.parametrize(
    ("stack", "total"), [(DENSE, 101_770), (MNIST, 34_826), (FASHION, 243_786)]
)
def test_totals(stack: Stack, total: int) -> None:
    trace = stack.trace(IMAGE)
    assert trace.param_count == trace.trainable_count == total == stack.param_count(IMAGE)
    assert trace.weight_count + trace.bias_count == total
    assert f"Total params: {total:,}" in trace.summary()


@pytest.mark.parametrize(("stack", "weights"), [(MNIST, 34_720), (FASHION, 243_520)])
def test_totals_without_biases(stack: Stack, weights: int) -> None:
    assert stack.weight_count(IMAGE) == weights


def test_macs_of_the_mnist_network() -> None:
    assert MNIST.macs(IMAGE) == 2_440_960


def test_the_smallest_network() -> None:
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


@pytest.mark.parametrize(
    ("columns", "line_length"),
    [("72", None), ("80", None), ("92", None), ("200", None), ("80", 64), ("200", 100)],
)
@pytest.mark.parametrize("stack", [MNIST, FASHION], ids=["mnist", "fashion"])
def test_summary_is_keras_s(
    stack: Stack, columns: str, line_length: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    ours = stack.trace(IMAGE).summary(line_length)
    assert plain(ours) == plain(keras_summary(stack, IMAGE, line_length))


def test_a_summary_wider_than_the_terminal_is_not_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here Keras's own loses its last column."""
    monkeypatch.setenv("COLUMNS", "60")
    narrow = MNIST.trace(IMAGE).summary(88)
    monkeypatch.setenv("COLUMNS", "200")
    assert plain(narrow) == plain(keras_summary(MNIST, IMAGE, 88))


def shown_alike(case: tuple[Stack, Shape]) -> None:
    """Keras prints the same table for a stack whose layers Keras has."""
    stack, shape = case
    assert plain(stack.trace(shape).summary()) == plain(keras_summary(stack, shape))


def without_explicit_padding(case: tuple[Stack, Shape]) -> bool:
    """Whether each layer is one in Keras too, where a convolution takes no zeros of one's own."""
    stack, _ = case
    return not any(type(x) is L.Conv2D and not isinstance(x.padding, str) for x in stack)


def test_summaries_of_random_stacks_are_keras_s() -> None:
    for_all(stacks().filter(without_explicit_padding), shown_alike, 40)


def test_a_different_summary_would_be_seen() -> None:
    other = keras_summary(FASHION, IMAGE)
    assert plain(MNIST.trace(IMAGE).summary()) != plain(other)


def test_frozen_layers_are_counted_apart() -> None:
    frozen = Stack([replace(FASHION.layers[0], trainable=False), *FASHION.layers[1:]])
    assert frozen.trace(IMAGE).trainable_count == 243_786 - 640
    assert plain(frozen.trace(IMAGE).summary()) == plain(keras_summary(frozen, IMAGE))
