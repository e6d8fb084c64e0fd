"""What one value sees of the image: the pixels that change it, and the engine's receptive field."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course import Stack
from course import layers as L
from course.errors import CourseError
from course.forward import forward, weight_shapes
from course.pictures.receptive_field import NOTHING, pixels_seen
from tests.strategies import for_all

Shape = tuple[int, ...]


@st.composite
def windowed(draw: st.DrawFn, *, gaps: bool = True, borders: bool = True) -> L.Layer:
    """A layer that looks at windows, or puts zeros around; without gaps, no pixel is skipped."""
    window = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    steps = st.integers(1, 3) if gaps else st.integers(1, min(window))
    kinds = [L.Conv2D, L.MaxPooling2D, L.AveragePooling2D]
    kind: Any = draw(st.sampled_from([*kinds, L.ZeroPadding2D] if borders else kinds))
    if kind is L.ZeroPadding2D:
        pair = st.tuples(st.integers(0, 2), st.integers(0, 2))
        return L.ZeroPadding2D((draw(pair), draw(pair)))
    named = st.sampled_from(["valid", "same"]) if borders else st.just("valid")
    if kind is not L.Conv2D:
        return kind(window, draw(steps), padding=draw(named))
    padding = draw(st.one_of(named, st.integers(0, 2))) if borders else "valid"
    if gaps and draw(st.booleans()):
        return L.Conv2D(1, window, padding=padding, dilation_rate=2)
    return L.Conv2D(1, window, strides=draw(steps), padding=padding)


@st.composite
def cases(draw: st.DrawFn, **kinds: bool) -> tuple[Stack, Shape]:
    """Up to four such layers on a small image; a layer that does not fit is left out."""
    shape: Shape = (draw(st.integers(1, 9)), draw(st.integers(1, 9)), 1)
    layers: list[L.Layer] = []
    for layer in draw(st.lists(windowed(**kinds), min_size=1, max_size=4)):
        try:
            Stack([*layers, layer]).trace(shape)
        except CourseError:
            continue
        layers.append(layer)
    return Stack(layers or [L.Dropout(0.5)]), shape


def changed(stack: Stack, shape: Shape) -> np.ndarray:
    """For each output value, the pixels that change it: [row, column, pixel row, pixel column].

    With weights of 1 on an image of zeros, a pixel of 1 shows in every value that reads it.
    """
    height, width, depth = shape
    weights: list[list[np.ndarray]] = []
    at = shape
    for layer in stack:
        sizes = weight_shapes(layer, at).items()
        weights.append([np.full(size, int(name == "kernel")) for name, size in sizes])
        at = layer.output_shape(at)
    pixels = np.eye(height * width, dtype=int).reshape(-1, height, width, 1)
    seen = forward(stack, np.repeat(pixels, depth, -1), weights) != 0
    return np.moveaxis(seen[..., 0].reshape(height, width, *at[:2]), (0, 1), (2, 3))


def drawn(stack: Stack, shape: Shape, unit: tuple[int, int] | None) -> np.ndarray:
    """The pixels inside of what is drawn."""
    found = pixels_seen(stack.trace(shape).rows, unit)
    assert found is not None
    (top, bottom), (left, right) = found
    inside = np.zeros(shape[:2], bool)
    inside[top:bottom, left:right] = True
    return inside


def units(stack: Stack, shape: Shape) -> list[tuple[int, ...]]:
    return list(np.ndindex(stack.output_shape(shape)[:2]))


def test_the_field_is_exactly_the_pixels_that_change_the_unit() -> None:
    def claim(case: tuple[Stack, Shape]) -> None:
        found = changed(*case)
        for unit in units(*case):
            assert (drawn(*case, unit) == found[unit]).all(), (case, unit)

    for_all(cases(gaps=False), claim, 150)


def test_a_pixel_that_changes_the_unit_lies_inside_where_windows_skip_some() -> None:
    def claim(case: tuple[Stack, Shape]) -> None:
        found = changed(*case)
        for unit in units(*case):
            assert not (found[unit] & ~drawn(*case, unit)).any(), (case, unit)

    for_all(cases(), claim, 100)


def test_the_field_is_as_large_as_the_engines_away_from_the_border() -> None:
    def claim(case: tuple[Stack, Shape]) -> None:
        stack, shape = case
        rows = stack.trace(shape).rows
        field = rows[-1].receptive_field
        wanted = field if isinstance(field, tuple) else (field, field)
        for unit in units(*case):
            (top, bottom), (left, right) = pixels_seen(rows, unit) or (NOTHING, NOTHING)
            assert (bottom - top, right - left) == wanted, (case, unit)

    for_all(cases(borders=False), claim, 100)


def test_the_field_with_borders_is_at_most_the_engines() -> None:
    def claim(case: tuple[Stack, Shape]) -> None:
        stack, shape = case
        rows = stack.trace(shape).rows
        field = rows[-1].receptive_field
        high, wide = field if isinstance(field, tuple) else (field, field)
        for unit in units(*case):
            (top, bottom), (left, right) = pixels_seen(rows, unit) or (NOTHING, NOTHING)
            assert 0 <= bottom - top <= high, (case, unit)
            assert 0 <= right - left <= wide, (case, unit)

    for_all(cases(), claim, 100)


MNIST = [L.Conv2D(2, 3), L.MaxPooling2D(), L.Conv2D(2, 3), L.MaxPooling2D()]


def test_the_mnist_network_sees_what_was_worked_by_hand() -> None:
    stack = Stack(MNIST)
    for place, (row, column), wanted in [
        (0, (25, 0), ((25, 28), (0, 3))),
        (1, (12, 1), ((24, 28), (2, 6))),
        (2, (10, 10), ((20, 28), (20, 28))),
        (3, (4, 2), ((16, 26), (8, 18))),
    ]:
        assert pixels_seen(stack.trace((28, 28, 1)).rows[: place + 1], (row, column)) == wanted


def test_after_a_dense_layer_every_pixel_counts_that_a_window_reaches() -> None:
    stack = Stack([*MNIST, L.Flatten(), L.Dropout(0.5), L.Dense(2)])
    shape = (28, 28, 1)
    rows = stack.trace(shape).rows
    assert pixels_seen(rows) == ((0, 26), (0, 26))
    found = changed(Stack(MNIST), shape).any((0, 1))
    assert (drawn(stack, shape, None) == found).all()


def test_global_pooling_sees_all() -> None:
    rows = Stack([L.Conv2D(2, 3), L.GlobalAveragePooling2D()]).trace((7, 9, 1)).rows
    assert pixels_seen(rows) == ((0, 7), (0, 9))


def test_cropping_looks_further_in() -> None:
    layers = [L.Cropping2D(((2, 0), (1, 0))), L.Conv2D(2, 3)]
    assert pixels_seen(Stack(layers).trace((9, 9, 1)).rows, (0, 0)) == ((2, 5), (1, 4))


def test_a_unit_that_sees_only_padding_sees_nothing() -> None:
    layers = [L.ZeroPadding2D(((4, 0), (0, 0))), L.Conv2D(2, 3)]
    rows = Stack(layers).trace((9, 9, 1)).rows
    assert pixels_seen(rows, (0, 5)) == (NOTHING, NOTHING)
    assert pixels_seen(rows, (2, 5)) == ((0, 1), (5, 8))
    deeper = Stack([*layers, L.Conv2D(2, 1)]).trace((9, 9, 1)).rows
    assert pixels_seen(deeper, (0, 5)) == (NOTHING, NOTHING)


@pytest.mark.parametrize("layer", [L.UpSampling2D(2), L.Permute((2, 1, 3)), L.Reshape((4, 4, 1))])
def test_no_field_is_given_where_no_window_describes_it(layer: L.Layer) -> None:
    rows = Stack([layer, L.Conv2D(2, 3)]).trace((4, 4, 1)).rows
    assert rows[-1].receptive_field is None
    assert pixels_seen(rows, (0, 0)) is None
