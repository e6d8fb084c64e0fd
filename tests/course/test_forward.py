"""The forward pass gives what hand-worked examples and real Keras layers give."""

import subprocess
import sys
from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import ShapeError, SpecError, Stack
from course import layers as L
from course.forward import (
    activations,
    average_pool,
    convolve,
    dense,
    flatten,
    forward,
    max_pool,
    pad,
    relu,
    sigmoid,
    softmax,
    tanh,
    unshared,
    weight_shapes,
)
from course.forward.layer_runner import RUNS
from course.keras_bridge import keras, to_keras

C1 = [
    [58, 17, 75, 9, 51, 54, 21, 18, 91],
    [6, 65, 19, 93, 52, 36, 31, 23, 98],
    [24, 74, 69, 78, 82, 94, 48, 44, 44],
    [36, 65, 19, 49, 80, 88, 24, 32, 12],
    [83, 46, 37, 44, 65, 56, 85, 93, 26],
    [2, 55, 63, 45, 38, 63, 20, 44, 41],
    [5, 30, 79, 31, 82, 59, 23, 19, 60],
]
C2 = [
    [53, 99, 34, 78, 4, 86, 49, 69, 73],
    [24, 4, 68, 72, 75, 81, 17, 5, 15],
    [49, 89, 14, 91, 51, 58, 98, 8, 66],
    [63, 92, 73, 90, 48, 19, 72, 53, 52],
    [68, 80, 11, 34, 91, 24, 51, 10, 98],
    [40, 10, 66, 70, 61, 89, 48, 82, 65],
    [37, 27, 50, 20, 62, 3, 6, 82, 81],
]
C3 = [
    [38, 74, 31, 13, 20, 38, 39, 99, 82],
    [20, 27, 71, 99, 37, 20, 59, 74, 27],
    [49, 43, 67, 18, 47, 43, 26, 35, 60],
    [34, 55, 54, 4, 99, 49, 30, 59, 3],
    [96, 95, 70, 57, 16, 13, 62, 11, 43],
    [93, 42, 67, 89, 86, 59, 27, 91, 32],
    [6, 99, 18, 67, 65, 23, 83, 88, 17],
]
FILTERS = [
    [[5, 4, 1], [2, 1, 2], [6, 9, 7]],
    [[7, 2, 5], [6, 1, 5], [9, 3, 6]],
    [[9, 8, 5], [6, 4, 3], [4, 3, 2]],
]
RESULT = [
    [5849, 7463, 6193, 7261, 6177, 6309, 6484],
    [5580, 7161, 7311, 7902, 6699, 5329, 5375],
    [6690, 7301, 6211, 6464, 7450, 5865, 6553],
    [6826, 7003, 6740, 6804, 7072, 5875, 5869],
    [6917, 6605, 6838, 6247, 6121, 5410, 6179],
]
IMAGE = np.stack([C1, C2, C3], -1)
KERNEL = np.stack(FILTERS, -1)[..., None]
MAP = np.array(RESULT)[:, :5, None]


# Worked by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["int64", "uint8", "int16"])
def test_the_lecture_example_comes_out_exactly(kind: str) -> None:
    result = convolve(IMAGE.astype(kind), KERNEL.astype(kind))
    assert result.dtype == np.int64
    assert result[..., 0].tolist() == RESULT


def test_the_first_result_is_the_sum_of_its_channels() -> None:
    parts = [convolve(IMAGE[..., [c]], KERNEL[:, :, [c]])[0, 0, 0] for c in range(3)]
    assert parts == [1841, 2019, 1989]
    assert sum(parts) == 5849


@pytest.mark.parametrize(
    ("image", "kernel", "wrong"),
    [
        pytest.param(IMAGE, KERNEL[::-1, ::-1], 5971, id="flipped"),
        pytest.param(IMAGE, KERNEL[::-1, ::-1, ::-1], 6049, id="flipped-channels-too"),
        pytest.param(IMAGE, KERNEL.swapaxes(0, 1), 5889, id="transposed"),
        pytest.param(IMAGE[..., :1], KERNEL[:, :, :1], 1841, id="first-channel-only"),
        pytest.param(IMAGE, np.repeat(KERNEL[:, :, :1], 3, 2), 5793, id="first-filter-only"),
    ],
)
def test_the_wrong_ways_give_the_wrong_numbers(
    image: np.ndarray, kernel: np.ndarray, wrong: int
) -> None:
    assert convolve(image, kernel)[0, 0, 0] == wrong != RESULT[0][0]


def test_the_filter_can_be_solved_for() -> None:
    windows = np.lib.stride_tricks.sliding_window_view(IMAGE, (3, 3, 3)).reshape(35, 27)
    assert np.linalg.matrix_rank(windows) == 27
    solved = np.linalg.lstsq(windows, np.ravel(RESULT))[0].reshape(3, 3, 3)
    # A window of the view has its channels last, as the kernel has.
    assert np.array_equal(np.rint(solved), KERNEL[..., 0])


def test_pooling_drops_or_keeps_the_last_row() -> None:
    assert max_pool(MAP)[..., 0].tolist() == [[7463, 7902], [7301, 6804]]
    same = [[7463, 7902, 6699], [7301, 6804, 7450], [6917, 6838, 6121]]
    assert max_pool(MAP, padding="same")[..., 0].tolist() == same
    assert max_pool(MAP, strides=1).shape == (4, 4, 1)
    assert max_pool(MAP).dtype == MAP.dtype


def test_padding_takes_no_part_in_pooling() -> None:
    row = np.array([2, 4, 6]).reshape(1, 3, 1)
    assert average_pool(row, (1, 2), padding="same").ravel().tolist() == [3, 6]
    assert max_pool(-row, (1, 2), padding="same").ravel().tolist() == [-2, -6]
    assert max_pool(-1.0 * row, (1, 2), padding="same").ravel().tolist() == [-2, -6]


def test_same_and_symmetric_padding_give_other_values() -> None:
    row, ones = np.array([1, 2, 3, 4]).reshape(1, 4, 1), np.ones((1, 3, 1, 1), int)
    assert convolve(row, ones, strides=2, padding="same").ravel().tolist() == [6, 7]
    assert convolve(row, ones, strides=2, padding=(0, 1)).ravel().tolist() == [3, 9]


def test_the_padding_exercise_has_its_size() -> None:
    image, kernel = np.ones((32, 32, 3), int), np.ones((8, 8, 3, 20), int)
    assert convolve(image, kernel, strides=2, padding=1).shape == (14, 14, 20)


def test_bias_groups_and_batches() -> None:
    image = np.array([[[1, 10]]])
    kernel = np.array([2, 3]).reshape(1, 1, 1, 2)
    assert convolve(image, kernel, [100, 200], groups=2).tolist() == [[[102, 230]]]
    both = convolve(np.stack([IMAGE, 2 * IMAGE]), KERNEL)
    assert both[..., 0].tolist() == [RESULT, (2 * np.array(RESULT)).tolist()]


def test_unshared_with_one_filter_everywhere_is_convolution() -> None:
    everywhere = np.broadcast_to(KERNEL, (5, 7, *KERNEL.shape))
    assert unshared(IMAGE, everywhere)[..., 0].tolist() == RESULT
    offsets = np.arange(35).reshape(5, 7, 1)
    assert np.array_equal(
        unshared(IMAGE, everywhere, offsets) - offsets, np.array(RESULT)[..., None]
    )


def test_whole_numbers_past_float_precision_stay_exact() -> None:
    large = 2**53 + 1
    assert convolve([[[large]]], np.ones((1, 1, 1, 1), int)).item() == large
    assert dense([large], [[1]], [1]).item() == large + 1
    assert unshared([[[large]]], np.ones((1,) * 6, int)).item() == large
    assert convolve([[[True]]], np.full((1, 1, 1, 1), 7, np.uint8)).item() == 7


def test_floats_keep_their_precision() -> None:
    image, kernel = np.ones((4, 4, 1), np.float32), np.ones((3, 3, 1, 2), np.float32)
    bias = np.ones(2, np.float32)
    for output in (convolve(image, kernel, bias), max_pool(image), average_pool(image)):
        assert output.dtype == np.float32
    assert all(f(image).dtype == np.float32 for f in (relu, sigmoid, tanh, softmax, flatten))


def test_a_large_input_is_done_in_blocks_of_rows() -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.integers(-9, 9, (101, 5, 2)), rng.integers(-9, 9, (3, 3, 2, 4))
    whole = convolve(image, kernel)
    parts = [convolve(image[top : top + 3], kernel)[0] for top in range(99)]
    assert np.array_equal(whole, np.stack(parts))


def test_importing_course_does_not_load_the_forward_pass() -> None:
    code = "import sys, course; sys.exit('course.forward' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# Against Keras -------------------------------------------------------------------------------


def whole(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Small whole numbers, of which float32 sums are exact in whatever order."""
    return np.random.default_rng(seed).integers(-8, 9, shape)


def real(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Numbers as they stand in a network."""
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def ask_keras(spec: L.Layer, images: np.ndarray, weights: list[np.ndarray]) -> np.ndarray:
    """What the real layer makes of a batch."""
    layer = to_keras(spec)
    floats = images.astype(np.float32)
    layer.build(floats.shape)
    layer.set_weights(weights)
    return np.asarray(layer(floats))


Maker = Callable[[tuple[int, ...], int], np.ndarray]


def compare(spec: L.Layer, shape: tuple[int, ...], seed: int, make: Maker) -> None:
    """Ours is Keras's: exactly on whole numbers, nearly on others; alone and in a batch."""
    images = make((2, *shape), seed)
    wanted = weight_shapes(spec, shape)
    weights = [make(size, seed + 1 + i) for i, size in enumerate(wanted.values())]
    ours, theirs = forward(spec, images, weights), ask_keras(spec, images, weights)
    assert ours.shape == (2, *spec.output_shape(shape)) == theirs.shape
    if make is whole:
        assert np.array_equal(ours, theirs)
    else:
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(forward(spec, images[1], weights), ours[1], rtol=1e-4, atol=1e-5)


seeds = st.integers(0, 2**32 - 10)
makers = st.sampled_from([whole, real])
image_sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))


@st.composite
def convolutions(draw: st.DrawFn, *, shared: bool = True) -> tuple[L.Layer, tuple[int, ...]]:
    """A convolution with any stride, padding, dilation and groups, on an image that suits it."""
    height, width = draw(image_sizes)
    groups = draw(st.integers(1, 3)) if shared else 1
    depth, filters = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    side = st.integers(0, 2)
    pads = st.tuples(st.tuples(side, side), st.tuples(side, side))
    padding = draw(st.one_of(st.sampled_from(["valid", "same"]), pads))
    added = [0, 0] if isinstance(padding, str) else [sum(pair) for pair in padding]
    room = [6, 6] if padding == "same" else [height + added[0], width + added[1]]
    size = tuple(draw(st.integers(1, min(6, most))) for most in room)
    more: dict[str, Any] = {"padding": padding, "use_bias": draw(st.booleans())}
    dilation = tuple(
        draw(st.integers(1, min(3, (most - 1) // (f - 1) if f > 1 else 3)))
        for most, f in zip(room, size, strict=True)
    )
    if shared and draw(st.booleans()):
        more |= {"dilation_rate": dilation}
    else:
        more |= {"strides": draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))}
    if shared:
        more |= {"groups": groups, "activation": draw(st.sampled_from([None, "relu"]))}
    return (L.Conv2D if shared else L.LocallyConnected2D)(filters, size, **more), (
        height,
        width,
        depth,
    )


@st.composite
def poolings(draw: st.DrawFn) -> tuple[L.Layer, tuple[int, ...]]:
    """Max or average pooling with any stride and padding, on an image that suits it."""
    height, width = draw(image_sizes)
    padding = draw(st.sampled_from(["valid", "same"]))
    room = (5, 5) if padding == "same" else (height, width)
    size = tuple(draw(st.integers(1, min(5, most))) for most in room)
    strides = draw(st.one_of(st.none(), st.tuples(st.integers(1, 4), st.integers(1, 4))))
    kind = draw(st.sampled_from([L.MaxPooling2D, L.AveragePooling2D]))
    return kind(size, strides, padding), (height, width, draw(st.integers(1, 3)))


@st.composite
def plain_layers(draw: st.DrawFn) -> tuple[L.Layer, tuple[int, ...]]:
    """A layer that slides no window."""
    size = st.integers(1, 6)
    side = st.integers(0, 3)
    image = draw(st.tuples(size, size, size))
    shape = draw(st.sampled_from([image, image[:1]]))
    return draw(
        st.sampled_from(
            [
                (L.Dense(draw(size), use_bias=draw(st.booleans())), shape),
                (L.Flatten(), shape),
                (L.Flatten("channels_first"), image),
                (L.Dropout(0.5), shape),
                (L.Activation("linear"), shape),
                (
                    L.ZeroPadding2D(draw(st.tuples(st.tuples(side, side), st.tuples(side, side)))),
                    image,
                ),
            ]
        )
    )


@settings(max_examples=120, deadline=None)
@given(convolutions(), seeds, makers)
def test_convolution_is_that_of_keras(case: Any, seed: int, make: Maker) -> None:
    compare(*case, seed, make)


@settings(max_examples=40, deadline=None)
@given(convolutions(shared=False), seeds, makers)
def test_the_unshared_layer_is_that_of_the_bridge(case: Any, seed: int, make: Maker) -> None:
    compare(*case, seed, make)


@settings(max_examples=100, deadline=None)
@given(poolings(), seeds)
def test_pooling_is_that_of_keras(case: Any, seed: int) -> None:
    exact = whole if isinstance(case[0], L.MaxPooling2D) else real
    compare(*case, seed, exact)


@settings(max_examples=80, deadline=None)
@given(plain_layers(), seeds, makers)
def test_other_layers_are_those_of_keras(case: Any, seed: int, make: Maker) -> None:
    compare(*case, seed, make)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "softmax", "tanh"])
@settings(max_examples=30, deadline=None)
@given(shape=st.tuples(st.integers(1, 4), st.integers(2, 6)), seed=seeds, scale=st.integers(1, 99))
def test_activations_are_those_of_keras(
    name: str, shape: tuple[int, int], seed: int, scale: int
) -> None:
    values = scale * real((2, *shape), seed)
    ours = {"relu": relu, "sigmoid": sigmoid, "softmax": softmax, "tanh": tanh}[name](values)
    theirs = np.asarray(getattr(keras.activations, name)(values))
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    compare(L.Dense(3, name), shape, seed, real)
    compare(L.Activation(name), shape, seed, real)


@pytest.mark.parametrize("spec", [L.MaxPooling2D(2, data_format="channels_first")])
def test_channels_first_is_channels_last_turned_round(spec: Any) -> None:
    images = whole((2, 3, 6, 8), 0)
    turned = np.moveaxis(max_pool(np.moveaxis(images, 1, -1)), -1, 1)
    assert np.array_equal(forward(spec, images), turned)


def test_softmax_of_a_channels_first_convolution_runs_along_the_width() -> None:
    # Keras applies an activation to the tensor as it stands, whatever its axes mean.
    spec = L.Conv2D(3, 2, data_format="channels_first", activation="softmax")
    output = forward(spec, real((2, 5, 6), 0), [real((2, 2, 2, 3), 1), real((3,), 2)])
    np.testing.assert_allclose(output.sum(axis=-1), 1, rtol=1e-5)


def small_stack() -> Stack:
    """A layer of every kind that Keras computes, as a network would have them."""
    return Stack(
        [
            L.ZeroPadding2D(1),
            L.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            L.MaxPooling2D(2, strides=1, padding="same"),
            L.Conv2D(4, 3, padding=((1, 0), (0, 2)), groups=4, activation="tanh", name="own_pads"),
            L.AveragePooling2D(2, padding="same"),
            L.Dropout(0.5),
            L.Flatten(),
            L.Dense(16),
            L.Activation("sigmoid"),
            L.Dense(10, activation="softmax"),
        ]
    )


def test_a_stack_with_weights_from_keras_is_the_keras_model() -> None:
    stack, shape = small_stack(), (13, 11, 3)
    model = to_keras(stack)
    model.build((None, *shape))
    weights = [layer.get_weights() for layer in model.layers]
    images = real((2, *shape), 0)
    theirs = images
    for (name, ours), layer in zip(activations(stack, images, weights), model.layers, strict=True):
        theirs = np.asarray(layer(theirs))
        assert name == layer.name
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(forward(stack, images, weights), theirs, rtol=1e-4, atol=1e-6)
    alone = dict(activations(stack, images[0], weights))
    assert tuple(alone) == stack.names
    assert [output.shape for output in alone.values()] == [
        row.output_shape for row in stack.trace(shape)
    ]
    np.testing.assert_allclose(alone[stack.names[-1]], theirs[0], rtol=1e-4, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.one_of(convolutions(), convolutions(shared=False), plain_layers()))
def test_the_arrays_hold_as_many_numbers_as_the_engine_counts(case: Any) -> None:
    spec, shape = case
    assert sum(map(prod, weight_shapes(spec, shape).values())) == spec.param_count(shape)


# Errors --------------------------------------------------------------------------------------


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: convolve(IMAGE, KERNEL[..., 0]),
            r"expected a kernel of shape \(F_h, F_w, D_in / groups, K\), given \(3, 3, 3\)",
        ),
        (
            lambda: convolve(IMAGE, KERNEL[:, :, :2]),
            r"expected a kernel of shape \(3, 3, 3, 1\), given \(3, 3, 2, 1\)",
        ),
        (
            lambda: convolve(IMAGE, KERNEL, [1, 2]),
            r"expected a bias of shape \(1,\), given \(2,\)",
        ),
        (
            lambda: convolve(zeros(2, 9, 3), KERNEL),
            r"Conv2D: window 3 is larger than height 2; use a smaller kernel_size",
        ),
        (lambda: convolve(zeros(7, 9), KERNEL), r"Conv2D: .* give a grayscale image its 1"),
        (lambda: convolve(zeros(1, 1, 7, 9, 3), KERNEL), r"give a grayscale image its 1 channel"),
        (
            lambda: convolve(zeros(7, 9, 3), zeros(3, 3, 1, 2), groups=2),
            r"groups=2 does not divide the input's 3 channels",
        ),
        (
            lambda: unshared(IMAGE, zeros(5, 6, 3, 3, 3, 1)),
            r"expected a kernel of shape \(5, 7, 3, 3, 3, 1\), given \(5, 6, 3, 3, 3, 1\)",
        ),
        (
            lambda: unshared(IMAGE, zeros(5, 7, 3, 3, 3, 2), zeros(2)),
            r"expected a bias of shape \(5, 7, 2\), given \(2,\)",
        ),
        (
            lambda: dense(zeros(4), zeros(3, 2)),
            r"expected a kernel of shape \(4, 2\), given \(3, 2\)",
        ),
        (lambda: dense(3.0, zeros(3, 2)), r"Dense: the input shape \(\)"),
        (lambda: max_pool(zeros(1, 5, 1)), r"MaxPooling2D: window 2 is larger than height 1"),
        (lambda: average_pool(zeros(5, 5)), r"AveragePooling2D: .* give a grayscale image"),
        (lambda: pad(zeros(5, 5), 1), r"ZeroPadding2D: .* give a grayscale image"),
        (lambda: relu("seven"), r"the input holds <U5 values; give an array of numbers"),
        (lambda: relu([1j]), r"the input holds complex128 values"),
        (lambda: relu([[1, 2], [3]]), r"the input is ragged; give rows of equal length"),
        (
            lambda: forward(L.Conv2D(2, 3), IMAGE, [KERNEL, [0]]),
            r"Conv2D: expected weights of shape kernel \(3, 3, 3, 2\) and bias \(2,\), "
            r"given \(3, 3, 3, 1\) and \(1,\); give the list",
        ),
        (
            lambda: forward(L.Conv2D(1, 3), IMAGE, [KERNEL]),
            r"and bias \(1,\), given \(3, 3, 3, 1\); give the list",
        ),
        (
            lambda: forward(L.MaxPooling2D(name="pool"), IMAGE, [KERNEL]),
            r"MaxPooling2D 'pool': expected weights of shape none, given \(3, 3, 3, 1\)",
        ),
        (
            lambda: forward(L.Conv2D(1, 3), IMAGE),
            r"expected weights of shape kernel \(3, 3, 3, 1\) and bias \(1,\), given none",
        ),
        (
            lambda: forward(Stack([L.Flatten(), L.Dense(2)], "net"), IMAGE, [[]]),
            r"net: expected weights for 2 layers, given for 1; give a list of arrays for each",
        ),
        (
            lambda: activations(
                Stack([L.Flatten(), L.Dense(2, name="out")]), IMAGE, [[], [zeros(9, 2), zeros(2)]]
            ),
            r"layer 2 'out' \(Dense\): expected weights of shape kernel \(189, 2\)",
        ),
        (
            lambda: activations(Stack([L.MaxPooling2D(4), L.MaxPooling2D()]), IMAGE, [[], []]),
            r"layer 2 'max_pooling2d_1' \(MaxPooling2D\): window 2 is larger than height 1",
        ),
    ],
)
def test_what_does_not_fit_is_named(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        call()


def test_what_is_not_computed_here_is_named() -> None:
    with pytest.raises(SpecError, match=r"Conv3D 'deep': Conv3D is not computed in NumPy here"):
        forward(L.Conv3D(2, 3, name="deep"), zeros(5, 5, 5, 1), [])
    stack = Stack([L.GlobalMaxPooling2D(name="last")])
    with pytest.raises(SpecError, match=r"layer 1 'last' \(GlobalMaxPooling2D\): .*known are Act"):
        activations(stack, IMAGE, [[]])
    with pytest.raises(SpecError, match=r"Dense 'g': activation 'gelu' is not computed in NumPy"):
        forward(L.Dense(1, "gelu", name="g"), [1.0], [zeros(1, 1), zeros(1)])
    with pytest.raises(SpecError, match="the weights of Conv3D are not known here"):
        weight_shapes(L.Conv3D(2, 3), (5, 5, 5, 1))
    with pytest.raises(SpecError, match=r"strides=.* and dilation_rate=.* are both above 1"):
        convolve(IMAGE, KERNEL, strides=2, dilation_rate=2)


def test_a_function_of_ones_own_will_do_as_activation() -> None:
    double = L.Activation(lambda values: 2 * values)
    assert forward(double, [1, 2]).tolist() == [2, 4]


def test_every_kind_that_is_computed_is_tried() -> None:
    tried = {type(layer) for layer in small_stack()} | {L.InputLayer, L.LocallyConnected2D}
    assert set(RUNS) == tried
    assert forward(L.InputLayer((7, 9, 3)), IMAGE).tolist() == IMAGE.tolist()
