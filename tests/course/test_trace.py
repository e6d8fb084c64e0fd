"""Traces: rows, totals, and the summary beside Keras's."""

from dataclasses import replace

import pytest

from course import Stack
from course import layers as L
from course.keras_bridge import no_weights, to_keras
from tests.course.layers.test_shapes import CONV
from tests.course.networks import FASHION, MNIST
from tests.course.test_networks import IMAGE
from tests.strategies import Shape, for_all, stacks


def test_an_unknown_row_lists_the_layers() -> None:
    with pytest.raises(KeyError, match="no layer 'pool'; the layers are conv2d"):
        Stack([CONV]).trace((6, 6, 1))["pool"]


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


@pytest.mark.parametrize(
    ("columns", "line_length"),
    [("72", None), ("80", None), ("92", None), ("200", None), ("80", 64), ("200", 100)],
)
@pytest.mark.parametrize("stack", [MNIST, FASHION], ids=["mnist", "fashion"])
def test_a_summary_is_that_of_keras(
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


def test_summaries_of_random_stacks_are_those_of_keras() -> None:
    for_all(stacks().filter(without_explicit_padding), shown_alike, 40)


def test_a_different_summary_would_be_seen() -> None:
    other = keras_summary(FASHION, IMAGE)
    assert plain(MNIST.trace(IMAGE).summary()) != plain(other)


def test_frozen_layers_are_counted_apart() -> None:
    frozen = Stack([replace(FASHION.layers[0], trainable=False), *FASHION.layers[1:]])
    assert frozen.trace(IMAGE).trainable_count == 243_786 - 640
    assert plain(frozen.trace(IMAGE).summary()) == plain(keras_summary(frozen, IMAGE))
