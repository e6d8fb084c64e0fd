"""Arrays are judged value by value, and the mistakes behind wrong ones are recognised."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from autograder import NotAttempted, WrongAnswer
from autograder.checks.arrays import CAUSES, Computation, check_array, wrong_arrays
from course import layers as L
from course.forward import average_pool, convolve, dense, forward, max_pool, relu, unshared
from course.keras_bridge import keras
from tests.autograder.forms import NEVER_RIGHT, RaisingArray, RaisingOnEveryName, holding
from tests.autograder.judged import cause_of
from tests.course.test_forward import IMAGE, KERNEL, MAP, RESULT
from tests.strategies import for_all

LECTURE = Computation(L.Conv2D(1, 3, use_bias=False), IMAGE, KERNEL)
RIGHT = np.array(RESULT)

rng = np.random.default_rng(0)
TINY = Computation(
    L.Conv2D(1, 4, padding="same", use_bias=False), [[[2]]], np.arange(16).reshape(4, 4, 1, 1)
)
SMALL = rng.integers(0, 99, (8, 8, 3))
WEIGHTS = rng.integers(-9, 10, (3, 3, 3, 4))
BIAS = np.array([50, -200, 7, 300])
STRIDED = Computation(L.Conv2D(4, 3, 2, "same", activation="relu"), SMALL, WEIGHTS, BIAS)
PLAIN = Computation(L.Conv2D(4, 3), SMALL, WEIGHTS, BIAS)
UNSHARED = Computation(
    L.LocallyConnected2D(2, 3, use_bias=False),
    SMALL,
    rng.integers(-9, 10, (6, 6, 27, 2)),
)
REALS = Computation(
    L.Conv2D(2, (2, 3), padding=((1, 0), (2, 1)), dilation_rate=2, activation="sigmoid"),
    rng.normal(size=(9, 7, 4)),
    rng.normal(size=(2, 3, 4, 2)),
    rng.normal(size=2),
)
GROUPED = Computation(
    L.Conv2D(4, 2, groups=2, padding="same", use_bias=False),
    rng.normal(size=(5, 6, 6)),
    rng.normal(size=(2, 2, 3, 4)),
)
COMPUTATIONS = {
    "lecture": LECTURE,
    "strided": STRIDED,
    "plain": PLAIN,
    "unshared": UNSHARED,
    "reals": REALS,
    "grouped": GROUPED,
    "own padding": Computation(L.Conv2D(4, 3, 2, 1), SMALL, WEIGHTS, BIAS),
    "channels first": Computation(
        L.Conv2D(4, 3, data_format="channels_first", activation="relu"),
        np.moveaxis(SMALL, -1, 0),
        WEIGHTS,
        BIAS,
    ),
    "max": Computation(L.MaxPooling2D(3, 2, "same"), SMALL),
    "max, channels first": Computation(L.MaxPooling2D(data_format="channels_first"), SMALL),
    "average": Computation(L.AveragePooling2D(3, 2, "same"), SMALL),
    "flatten": Computation(L.Flatten(), SMALL),
    "flatten, channels first": Computation(L.Flatten("channels_first"), SMALL),
    "dense": Computation(L.Dense(2, "softmax"), [1.5, 2], [[1, -1], [0.5, 1]], [0, 1]),
    "relu": Computation(L.Activation("relu"), SMALL - 50),
    "relu of a matrix": Computation(L.Activation("relu"), SMALL[..., 0] - 50),
    "zero padding": Computation(L.ZeroPadding2D(1), SMALL),
    "a function": Computation(L.Activation(keras.activations.gelu), [1, 2, -3]),
}


def wrong(answer: Any, expected: Any) -> WrongAnswer:
    """The verdict on a wrong answer."""
    with pytest.raises(WrongAnswer) as caught:
        check_array(answer, expected)
    return caught.value


# Right answers -------------------------------------------------------------------------------


def test_the_lecture_example_is_confirmed() -> None:
    assert str(check_array(RESULT, LECTURE)) == (
        "Right: all 35 values of shape (5, 7). Keras agrees."
    )
    assert str(check_array(RIGHT, RESULT)) == "Right: all 35 values of shape (5, 7)."


@pytest.mark.parametrize("name", COMPUTATIONS)
def test_both_references_agree_and_their_answer_is_right(name: str) -> None:
    computation = COMPUTATIONS[name]
    expected = computation.expected()
    np.testing.assert_allclose(computation.ask_keras(), expected, rtol=1e-4, atol=1e-5)
    assert "Keras agrees." in str(check_array(expected, computation))
    assert "Keras agrees." in str(check_array(computation.ask_keras(), computation))
    assert "Keras" not in str(check_array(expected, expected))


FORMS: dict[str, Callable[[np.ndarray], Any]] = {
    "array": np.array,
    "lists": lambda array: array.tolist(),
    "tuples": lambda array: tuple(map(tuple, array.tolist())),
    "list of arrays": list,
    "lists of NumPy numbers": lambda array: [list(row) for row in array],
    "whole floats": lambda array: array.astype(float),
    "float32": lambda array: array.astype(np.float32),
    "uint16": lambda array: array.astype(np.uint16),
    "big-endian": lambda array: array.astype(">i4"),
    "Fortran order": np.asfortranarray,
    "what a Fourier transform gives": lambda array: array * (1 + 1e-12),
    "tensor": keras.ops.convert_to_tensor,
    "with a channel": lambda array: array[..., None],
    "with a batch": lambda array: array[None],
    "with a channel and a batch": lambda array: array[None, ..., None],
    "tensor with a batch": lambda array: keras.ops.convert_to_tensor(array[None, ..., None]),
    "list of one image": lambda array: [array.tolist()],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_right_answer_may_be_written_in_any_form(form: str) -> None:
    assert "Right: all 35 values" in str(check_array(FORMS[form](RIGHT), LECTURE))


def test_a_channel_in_front_may_be_missing_too() -> None:
    layer = L.Conv2D(1, 3, use_bias=False, data_format="channels_first")
    computation = Computation(layer, np.moveaxis(IMAGE, -1, 0), KERNEL)
    for answer in (RIGHT, RIGHT[None], RIGHT[None, None]):
        assert check_array(answer, computation)
    assert "row 1, column 2, where your answer has 0" in str(
        wrong(np.where(RIGHT == RIGHT[1, 2], 0, RIGHT), computation)
    )


def test_a_single_row_may_be_a_plain_list() -> None:
    row = Computation(L.Conv2D(1, 3, use_bias=False), IMAGE[:3], KERNEL)
    values = row.expected().ravel().tolist()
    for answer in (values, [values], np.array(values)):
        assert check_array(answer, row)
    assert "the first at row 0, column 0" in str(wrong([0, *values[1:]], row))
    assert "has the shape" in str(wrong(values[1:], row))
    assert "has the shape" in str(wrong(RIGHT.ravel().tolist(), RIGHT))


def test_floats_may_be_rounded_and_whole_numbers_may_not() -> None:
    values = REALS.expected()
    assert check_array(values.astype(np.float32), REALS)
    assert check_array(values * (1 + 5e-5), REALS)
    assert "differ" in str(wrong(values * (1 + 5e-4), REALS))
    assert "1 of 35 values differs" in str(wrong(RIGHT + 1e-3 * (RIGHT == 5849), LECTURE))
    large = np.array([2**53 + 1, 1])
    assert check_array(large, large)
    assert wrong(large - [1, 0], large)
    assert check_array(large.astype(np.float32), large)
    assert check_array(np.array([2**25 + 1, 1], dtype=np.float32), [2**25 + 1, 1])


def test_whole_numbers_given_as_floats_are_judged_as_whole_numbers() -> None:
    computation = Computation(L.Conv2D(1, 3, use_bias=False), IMAGE / 1, KERNEL / 1)
    assert computation.expected().dtype == np.int64
    assert cause_of(wrong(RIGHT + 0.25, computation)) == ("off-by-constant",)


# Blank answers, and what is no array -----------------------------------------------------------


@pytest.mark.parametrize("blank", [None, ..., [...], [[1, ...], [2, 3]], [[[...]]]], ids=str)
@pytest.mark.parametrize("expected", [LECTURE, RESULT], ids=["layer", "array"])
def test_what_is_still_blank_is_not_attempted(blank: Any, expected: Any) -> None:
    with pytest.raises(NotAttempted, match=r"not attempted yet; replace the \.\.\."):
        check_array(blank, expected)


@pytest.mark.parametrize("name", NEVER_RIGHT)
@pytest.mark.parametrize("expected", [LECTURE, RESULT, [64, 64, 32]], ids=["layer", "array", "row"])
def test_an_odd_object_is_a_wrong_answer_and_its_code_does_not_run(
    name: str, expected: Any
) -> None:
    assert len(str(wrong(NEVER_RIGHT[name](), expected))) < 1000


def nested(depth: int) -> Any:
    """A list that shares its parts: two entries at each level, 2**depth numbers in all."""
    listed: Any = [1, 2]
    for _ in range(depth):
        listed = [listed, listed]
    return listed


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("5849", "your answer is '5849', but an array is wanted; give a NumPy array of numbers"),
        (5849, "your answer is 5849, but an array is wanted"),
        ({}, "your answer is something of type dict, but an array is wanted"),
        (keras.Input((5, 7)), "something of type KerasTensor, but an array is wanted"),
        ([], "your lists hold no numbers, too many, or are nested too deep"),
        ([[]], "your lists hold no numbers, too many, or are nested too deep"),
        (nested(100), "your lists hold no numbers, too many, or are nested too deep"),
        ([[1] * 10**4] * 10**4, "your lists hold no numbers, too many, or are nested too deep"),
        ([np.broadcast_to(1, (10**6, 10**6))], "your lists hold arrays of several shapes, or too"),
        ([np.ones(2), np.ones(3)], "your lists hold arrays of several shapes"),
        ([[1, 2], [3]], "your rows differ in length; give a NumPy array"),
        ([[1, 2], 3], "your rows differ in length"),
        ([["a", 2]], "your lists hold 'a', but only numbers are wanted"),
        ([[1, True]], "your lists hold True, but only numbers are wanted"),
        ([[1, None]], "your lists hold None, but only numbers are wanted"),
        ([np.zeros(2, "i4,U1"), np.zeros(2)], "your array holds values of type void64, but whole"),
        ([np.ones(2), 3], "your lists hold (1, 1), but only numbers are wanted"),
        ([[10**400, 1.0]], "your lists hold a whole number of more digits than"),
        (np.matrix(RIGHT), "your answer is something of type matrix, but an array is wanted"),
        (np.ma.masked_array(RIGHT), "something of type MaskedArray, but an array is wanted"),
        (RIGHT.view(RaisingArray), "something of type RaisingArray, but an array is wanted"),
        (holding(RaisingOnEveryName()).reshape(1), "your array has the shape (1,)"),
        (RIGHT == 0, "your array holds True and False, but whole or real numbers are wanted"),
        (RIGHT.astype(str), "your array holds text, but whole or real numbers are wanted"),
        (RIGHT.astype(object), "your array holds objects, but whole or real numbers are wanted"),
        (RIGHT + 0j, "your array holds values of type complex128, but whole or real numbers"),
        ([["1"] * 7] * 5, "your lists hold '1', but only numbers are wanted"),
        (
            np.where(np.isin(RIGHT, (7161, 5410)), np.nan, RIGHT),
            "2 of 35 values are nan or infinite, the first at row 1, column 1; look for a division",
        ),
        (np.where(RIGHT == 5580, -np.inf, RIGHT), "1 of 35 values are nan or infinite"),
    ],
)
def test_what_holds_no_numbers_is_named(answer: Any, says: str) -> None:
    verdict = wrong(answer, LECTURE)
    assert says in str(verdict)
    if "has the shape" not in says:
        assert cause_of(verdict) == (("not-finite" if "infinite" in says else "other-kind"),)


def test_a_tensor_without_numbers_is_a_wrong_answer() -> None:
    tensor = keras.ops.convert_to_tensor(RESULT)
    bfloat16 = keras.ops.cast(tensor, "bfloat16")
    assert "holds values of type bfloat16" in str(wrong(bfloat16, LECTURE))
    assert "holds True and False" in str(wrong(tensor > 0, LECTURE))


def test_an_object_that_calls_itself_a_tensor_is_none() -> None:
    class EagerTensor:
        """Only its name is TensorFlow's."""

        def numpy(self) -> Any:
            raise RuntimeError("the answer's own code ran")

    EagerTensor.__module__ = "tensorflow.python.framework.ops"
    assert "your answer is something of type EagerTensor" in str(wrong(EagerTensor(), LECTURE))


def test_a_single_object_in_an_array_is_not_touched() -> None:
    answer = holding(RaisingOnEveryName()).reshape(1)
    assert "holds objects" in str(wrong(answer, [1]))


# Shapes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "computation", "says", "causes"),
    [
        ((5, 6), LECTURE, "shape (5, 6). Wrong: the width. Right: the height, the depth; work", ()),
        ((35,), LECTURE, "shape (35,). It should be made of height, width, depth; work out", ()),
        ((7, 5), LECTURE, "Wrong: the height, the width. Right: the depth.", ("transposed",)),
        ((7, 5, 1), LECTURE, "rows and columns changed places", ("transposed",)),
        ((7, 9), LECTURE, "the image was padded, as by 'same'", ("same-for-valid",)),
        ((5, 7, 3), LECTURE, "the channels of the input were kept apart", ("depth-from-input",)),
        ((1, 5, 7, 3), LECTURE, "has the shape (1, 5, 7, 3). Wrong: the", ("depth-from-input",)),
        ((8, 8, 4), STRIDED, "the window moved on by 1; the strides", ("stride-ignored",)),
        ((3, 3, 4), STRIDED, "the image was not padded", ("valid-for-same",)),
        ((4, 4), STRIDED, "the channels are missing", ("channels-lost",)),
        ((6, 6), PLAIN, "It should be made of height, width, depth.", ("channels-lost",)),
        ((4, 6, 6), PLAIN, "the channels stand first", ("channels-first",)),
        ((6, 6, 4), STRIDED, "It also looks as if", ("stride-ignored", "valid-for-same")),
        ((5, 5, 4), STRIDED, "work out the size of each axis again", ()),
        ((), STRIDED, "shape (). It should be made of", ()),
        ((3, 3, 4), COMPUTATIONS["own padding"], "the padding was left out", ("padding-ignored",)),
        ((2, 2, 3), COMPUTATIONS["max"], "Right: the depth", ()),
        ((8, 8, 3), COMPUTATIONS["max"], "the window moved", ("stride-ignored",)),
        ((8, 8, 3), COMPUTATIONS["flatten"], "It should be made of length", ()),
        ((191,), COMPUTATIONS["flatten"], "Wrong: the length; work out", ()),
        ((4, 6, 5), COMPUTATIONS["channels first"], "Wrong: the width. Right: the height, the", ()),
        ((6, 6, 4), COMPUTATIONS["channels first"], "Wrong: the width, the depth. Right", ()),
        ((), COMPUTATIONS["channels first"], "shape (). It should be made of", ()),
        ((), TINY, "work out the size of each axis again", ()),
    ],
    ids=str,
)
def test_a_wrong_shape_is_taken_apart(
    shape: Any, computation: Computation, says: str, causes: Any
) -> None:
    verdict = wrong(np.zeros(shape), computation)
    assert says in str(verdict)
    assert cause_of(verdict) == causes


def test_the_shape_of_a_plain_array_is_taken_apart_too() -> None:
    assert cause_of(wrong(RIGHT.T, RESULT)) == ("transposed",)
    assert cause_of(wrong(np.zeros((8, 8)), SMALL)) == ("channels-lost",)
    assert cause_of(wrong(np.moveaxis(SMALL, -1, 0), SMALL)) == ("channels-first",)
    assert "Wrong: the size of axis 1. Right: the size of axis 0, the size of axis 2" in str(
        wrong(np.zeros((2, 3, 2, 2)), np.zeros((2, 2, 2, 2)))
    )


@pytest.mark.parametrize(("S", "F"), [(2, 3), (3, 5)])
def test_the_shapes_of_the_padding_exercise_are_explained(S: int, F: int) -> None:
    shape = (20, 23, 3)
    computation = Computation(
        L.Conv2D(2, F, S, "same"), rng.integers(0, 9, shape), np.zeros((F, F, 3, 2)), [1, 2]
    )
    for layer, causes in [
        (L.Conv2D(2, F, 1, "same"), ("stride-ignored",)),
        (L.Conv2D(2, F, S, "valid"), ("valid-for-same",)),
        (L.Conv2D(2, F, 1, "valid"), ("stride-ignored", "valid-for-same")),
        (L.Conv2D(3, F, 1, "same"), ("stride-ignored", "depth-from-input")),
    ]:
        assert cause_of(wrong(np.zeros(layer.output_shape(shape)), computation)) == causes


# Values --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "kernel", "value", "cause"),
    [
        (IMAGE, KERNEL[::-1, ::-1], 5971, "flipped-kernel"),
        (IMAGE, KERNEL[::-1, ::-1, ::-1], 6049, "flipped-kernel-and-channels"),
        (IMAGE, KERNEL.swapaxes(0, 1), 5889, "transposed-kernel"),
        (IMAGE[..., :1], KERNEL[:, :, :1], 1841, "one-channel-only"),
        (IMAGE[..., 1:2], KERNEL[:, :, 1:2], 2019, "one-channel-only"),
        (IMAGE[..., 2:], KERNEL[:, :, 2:], 1989, "one-channel-only"),
        (IMAGE, np.repeat(KERNEL[:, :, :1], 3, 2), 5793, "first-slice-everywhere"),
    ],
)
def test_the_wrong_ways_of_the_lecture_are_recognised(
    image: np.ndarray, kernel: np.ndarray, value: int, cause: str
) -> None:
    verdict = wrong(convolve(image, kernel)[..., 0], LECTURE)
    assert cause_of(verdict) == (cause,)
    assert str(verdict) == (
        f"35 of 35 values differ, the first at row 0, column 0, where your answer has {value}.\n"
        f"It looks as if {CAUSES[cause]()}."
    )


def strided(image: np.ndarray = SMALL, kernel: Any = WEIGHTS, bias: Any = BIAS) -> np.ndarray:
    """The strided convolution on parts that may be wrong."""
    return relu(convolve(image, kernel, bias, 2, "same"))


def flipped(array: np.ndarray) -> np.ndarray:
    """Height and width turned round."""
    return array[::-1, ::-1]


PADDED = COMPUTATIONS["own padding"]
POOLED = Computation(L.MaxPooling2D(3, 2, "same"), SMALL)
BIG = SMALL * 300
MEANS = Computation(L.AveragePooling2D(2), SMALL + 150)
SQUARE = Computation(L.Dense(2, use_bias=False), [3, 5], [[1, 2], [4, 9]])
OF_EACH = rng.integers(-9, 10, (6, 6, 3, 3, 3, 2))
EVERYWHERE = Computation(
    L.LocallyConnected2D(2, 3, use_bias=False), SMALL, OF_EACH.reshape(6, 6, 27, 2)
)
ORDER = [2, 0, 3, 1]
SUMS = convolve(SMALL, WEIGHTS, BIAS, 2, "same")
MISTAKES: list[tuple[Any, np.ndarray, tuple[str, ...]]] = [
    (STRIDED, strided(bias=None), ("bias-forgotten",)),
    (STRIDED, SUMS, ("activation-forgotten",)),
    (PLAIN, relu(PLAIN.expected()), ("relu-added",)),
    (STRIDED, strided(kernel=flipped(WEIGHTS)), ("flipped-kernel",)),
    (STRIDED, strided(kernel=WEIGHTS[::-1, ::-1, ::-1]), ("flipped-kernel-and-channels",)),
    (STRIDED, strided(kernel=WEIGHTS.swapaxes(0, 1)), ("transposed-kernel",)),
    (STRIDED, strided(SMALL[..., 1:2], WEIGHTS[:, :, 1:2]), ("one-channel-only",)),
    (STRIDED, strided(kernel=WEIGHTS[:, :, [0, 0, 0]]), ("first-slice-everywhere",)),
    (STRIDED, strided(SMALL[..., ::-1]), ("channels-swapped",)),
    (STRIDED, strided(SMALL[..., [1, 2, 0]]), ("channels-swapped",)),
    (
        STRIDED,
        relu(convolve(SMALL, WEIGHTS, BIAS, 1, "same"))[:4, :4],
        ("stride-ignored",),
    ),
    (STRIDED, relu(convolve(SMALL, WEIGHTS, BIAS, 2, 1)), ("padding-other-side",)),
    (STRIDED, strided()[..., ORDER], ("filters-out-of-order",)),
    (STRIDED, strided().swapaxes(0, 1), ("transposed",)),
    (STRIDED, SUMS.astype(np.uint8), ("overflow",)),
    (STRIDED, relu(SUMS.astype(np.int8)).astype(int), ("overflow",)),
    (STRIDED, strided(kernel=flipped(WEIGHTS), bias=None), ("flipped-kernel", "bias-forgotten")),
    (
        STRIDED,
        convolve(SMALL, WEIGHTS, None, 2, "same"),
        ("bias-forgotten", "activation-forgotten"),
    ),
    (STRIDED, -strided(), ("sign-changed",)),
    (STRIDED, strided()[::-1], ("flipped-vertically",)),
    (PLAIN, PLAIN.expected() + 5, ("off-by-constant",)),
    (PLAIN, PLAIN.expected() / 9, ("off-by-factor",)),
    (PADDED, convolve(SMALL, WEIGHTS, BIAS, 2, "same"), ("padding-other-side",)),
    (POOLED, average_pool(SMALL, 3, 2, "same"), ("average-for-max",)),
    (POOLED, flipped(max_pool(flipped(SMALL), 3, 2, "same")), ("padding-other-side",)),
    (POOLED, max_pool(SMALL, 3, 1, "same")[:4, :4], ("stride-ignored",)),
    (POOLED, POOLED.expected()[..., [1, 0, 2]], ("channels-out-of-order",)),
    (COMPUTATIONS["average"], max_pool(SMALL, 3, 2, "same"), ("max-for-average",)),
    (MEANS, (4 * MEANS.expected()).astype(np.uint8) / 4, ("overflow",)),
    (SQUARE, dense([3, 5], [[1, 4], [2, 9]]), ("transposed-kernel",)),
    (COMPUTATIONS["dense"], np.array([2.5, 0.5]), ("bias-forgotten", "activation-forgotten")),
    (COMPUTATIONS["relu"], SMALL - 50, ("activation-forgotten",)),
    (COMPUTATIONS["flatten"], np.moveaxis(SMALL, -1, 0).ravel(), ("values-out-of-order",)),
    (EVERYWHERE, unshared(SMALL, OF_EACH[:, :, ::-1, ::-1]), ("flipped-kernel",)),
    (
        EVERYWHERE,
        unshared(SMALL[..., 2:], OF_EACH[..., 2:, :]),
        ("one-channel-only",),
    ),
    (
        REALS,
        forward(REALS.layer, REALS.image, [flipped(REALS.kernel), REALS.bias]),
        ("flipped-kernel",),
    ),
    (
        GROUPED,
        forward(GROUPED.layer, GROUPED.image, [flipped(GROUPED.kernel)]),
        ("flipped-kernel",),
    ),
    (RESULT, flipped(RIGHT)[:, ::-1], ("flipped-vertically",)),
    (RESULT, RIGHT[:, ::-1], ("flipped-horizontally",)),
    (RIGHT[:, :5], RIGHT[:, :5].T, ("transposed",)),
    (SMALL, SMALL[..., ::-1], ("channels-out-of-order",)),
    (SMALL, SMALL[..., [1, 2, 0]], ("channels-out-of-order",)),
    (
        [[[1, 1], [2, 3], [3, 2]]],
        np.array([[[1, 1], [3, 2], [2, 3]]]),
        ("channels-out-of-order",),
    ),
    ([3, 1, 2, 5], np.array([1, 2, 3, 5]), ("values-out-of-order",)),
    (RESULT, -RIGHT, ("sign-changed",)),
    (RESULT, RIGHT + 3, ("off-by-constant",)),
    (RIGHT / 7, RIGHT / 7 - 0.5, ("off-by-constant",)),
    (RESULT, RIGHT * 2, ("off-by-factor",)),
    (SMALL / 255, SMALL, ("not-scaled",)),
    (SMALL / 255, SMALL / 255**2, ("not-scaled",)),
    (BIG, BIG.astype(np.uint8), ("overflow",)),
    (BIG, BIG.astype(np.int8).astype(int), ("overflow",)),
]


@pytest.mark.parametrize(
    ("expected", "answer", "causes"),
    [
        pytest.param(*case, id=f"{place}-{'-and-'.join(case[2])}")
        for place, case in enumerate(MISTAKES)
    ],
)
def test_a_mistake_is_recognised(expected: Any, answer: np.ndarray, causes: Any) -> None:
    verdict = wrong(answer, expected)
    assert cause_of(verdict) == causes
    assert all(str(CAUSES[cause]()) in str(verdict) for cause in causes)
    assert f"of {answer.size} values differ" in str(verdict)
    if answer.dtype.kind == "f":
        assert cause_of(wrong(answer.astype(np.float32), expected)) == causes
    assert cause_of(wrong(answer.tolist(), expected)) == causes


def test_every_cause_is_tried() -> None:
    """The three that only a shape can show are tried with the shapes."""
    tried = {cause for _, _, causes in MISTAKES for cause in causes}
    by_shape = {
        "padding-ignored",
        "same-for-valid",
        "valid-for-same",
        "depth-from-input",
        "channels-lost",
        "channels-first",
    }
    assert tried | by_shape == set(CAUSES)


def test_channels_first_mistakes_are_recognised_too() -> None:
    computation = COMPUTATIONS["channels first"]
    answer = relu(convolve(SMALL, flipped(WEIGHTS), BIAS))
    assert cause_of(wrong(np.moveaxis(answer, -1, 0), computation)) == ("flipped-kernel",)


@pytest.mark.parametrize("scale", [1, 1000])
def test_a_single_wrong_value_has_no_cause(scale: int) -> None:
    image = scale * IMAGE
    computation = Computation(L.Conv2D(1, 3, use_bias=False), image, KERNEL)
    answer = scale * RIGHT
    answer[2, 3] += 1
    verdict = wrong(answer, computation)
    assert cause_of(verdict) == ()
    assert str(verdict) == (
        f"1 of 35 values differs, the first at row 2, column 3, where your answer has "
        f"{answer[2, 3]}; work that value out by hand and compare"
    )
    assert cause_of(wrong(answer, scale * RIGHT)) == ()


def test_the_place_is_named_by_the_array_s_axes() -> None:
    answer = STRIDED.expected()
    answer[1, 2, 3] = answer[3, 0, 0] = 10**6
    assert "2 of 64 values differ, the first at row 1, column 2, channel 3, where your" in str(
        wrong(answer, STRIDED)
    )
    assert "the first at place 2, where your answer has 9.5" in str(wrong([1, 2, 9.5], [1, 2, 3]))
    four = np.arange(16).reshape(2, 2, 2, 2)
    assert "the first at index (0, 1, 0, 1), where" in str(
        wrong(np.where(four == 5, 99, four), four)
    )


def test_symmetric_padding_is_recognised_by_its_values() -> None:
    """Facts: the ones kernel on [1, 2, 3, 4] with stride 2 gives [6, 7], symmetric [3, 9]."""
    layer = L.Conv2D(1, (1, 3), 2, "same", use_bias=False)
    row = Computation(layer, np.array([1, 2, 3, 4]).reshape(1, 4, 1), np.ones((1, 3, 1, 1)))
    assert check_array([[6, 7]], row)
    assert cause_of(wrong([[3, 9]], row)) == ("padding-other-side",)


def test_the_pooling_example_is_judged() -> None:
    same = Computation(L.MaxPooling2D(padding="same"), MAP)
    assert check_array([[7463, 7902, 6699], [7301, 6804, 7450], [6917, 6838, 6121]], same)
    assert cause_of(wrong([[7463, 7902], [7301, 6804]], same)) == ("valid-for-same",)
    assert cause_of(wrong([[7463, 7902, 6699], [7301, 6804, 7450]], same)) == ()


def test_zeros_on_other_sides_are_recognised_for_any_window() -> None:
    """Windows of even size turn the zeros round; those of odd size may stand symmetrically."""
    for size, stride, pads in [(2, 1, ((1, 0), (1, 0))), (5, 4, 2)]:
        kernel = rng.integers(1, 9, (size, size, 3, 1))
        layer = L.Conv2D(1, size, stride, "same", use_bias=False)
        answer = convolve(SMALL, kernel, None, stride, pads)
        computation = Computation(layer, SMALL, kernel)
        assert cause_of(wrong(answer, computation)) == ("padding-other-side",)


def test_a_window_larger_than_the_image_is_no_obstacle() -> None:
    assert cause_of(wrong([[13]], TINY)) == ()
    assert cause_of(wrong([[12]], TINY)) == ()
    assert check_array([[10]], TINY)


def test_what_only_looks_like_a_mistake_is_none() -> None:
    unread = Computation(L.MaxPooling2D(2), MAP)
    windows_from_the_end = flipped(max_pool(flipped(MAP)))
    assert cause_of(wrong(windows_from_the_end, unread)) == ()
    means = COMPUTATIONS["average"]
    assert cause_of(wrong(np.rint(means.expected()), means)) == ()
    nearly_flipped = strided(kernel=flipped(WEIGHTS))
    nearly_flipped[0, 0, 3] += 1
    assert cause_of(wrong(nearly_flipped, STRIDED)) == ()
    assert cause_of(wrong([7], [5])) == ()
    assert cause_of(wrong([5, 7], [4, 6])) == ()
    strides = L.LocallyConnected2D(1, 2, 2, use_bias=False)
    weights = rng.integers(1, 9, (4, 4, 12, 1))
    assert cause_of(wrong(np.zeros((4, 4, 1)), Computation(strides, SMALL, weights))) == ()


def test_a_mistake_within_the_tolerance_is_no_cause() -> None:
    """A bias too small to be missed explains nothing."""
    units = Computation(L.Dense(3), [0.5], [[2.0, 2.0, 2.0]], [3e-5] * 3)
    assert cause_of(wrong(units.expected() - 1.2e-4, units)) == ("off-by-constant",)


def test_mistakes_that_change_nothing_are_no_cause() -> None:
    """A symmetric kernel gives the same when flipped, and a bias of 0 when forgotten."""
    kernel = np.ones((3, 3, 3, 1))
    computation = Computation(L.Conv2D(1, 3), IMAGE, kernel, [0])
    assert check_array(convolve(IMAGE, kernel)[..., 0], computation)
    answer = convolve(IMAGE[..., :1], kernel[:, :, :1])
    assert cause_of(wrong(answer, computation)) == ("one-channel-only",)


# What a message never holds ----------------------------------------------------------------


def gives_nothing_away(case: tuple[int, str, bool]) -> None:
    """No number of the right array stands in the message, but those that it may name.

    They are large here, so that no index, count or number of the advice can be one of them.
    """
    seed, kind, plain = case
    rng = np.random.default_rng(seed)
    image, kernel = rng.integers(50, 99, (5, 5, 2)), rng.integers(50, 99, (2, 2, 2, 2))
    computation = Computation(L.Conv2D(2, 2, use_bias=False), image, kernel)
    right = computation.expected()
    answers = {
        "one value": np.where(np.arange(32).reshape(4, 4, 2) == 7, right + 1, right),
        "flipped": convolve(image, kernel[::-1, ::-1]),
        "factor": right * 3,
        "shift": right - 1000,
        "shape": right[1:],
        "rounded": np.round(right, -2) + 0.5,
        "nan": np.where(right == right[2, 2, 1], np.nan, right),
    }
    verdict = wrong(answers[kind], right if plain else computation)
    said = {float(found) for found in re.findall(r"\d+(?:\.\d+)?", str(verdict))}
    given = set(answers[kind].ravel().tolist()) if kind != "shape" else set()
    assert not (said - given) & set(right.ravel().astype(float).tolist()), str(verdict)
    assert str(right.shape) not in str(verdict)


def test_a_message_never_holds_a_right_value() -> None:
    kinds = st.sampled_from(["one value", "flipped", "factor", "shift", "shape", "rounded", "nan"])
    for_all(st.tuples(st.integers(0, 10**6), kinds, st.booleans()), gives_nothing_away, 60)


def test_a_value_that_is_nearly_right_is_not_rounded_to_the_right_one() -> None:
    answer = RIGHT + 1e-4
    assert "where your answer has 5849.0001" in str(wrong(answer, LECTURE))


# Any data ------------------------------------------------------------------------------------


def test_any_plain_data_is_judged_in_words() -> None:
    leaves = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just(...)
    )
    plain = st.recursive(leaves, lambda inner: st.one_of(st.lists(inner), st.tuples(inner, inner)))

    def claim(answer: Any) -> None:
        with pytest.raises((NotAttempted, WrongAnswer)):
            check_array(answer, RESULT)

    for_all(plain, claim, 200)


def test_any_computation_s_mistakes_are_recognised() -> None:
    """A flipped kernel is told from the right one on every layer where it makes a difference."""

    def claim(case: tuple[int, int, int, str, int]) -> None:
        seed, size, stride, padding, filters = case
        rng = np.random.default_rng(seed)
        image = rng.integers(-9, 10, (9, 7, 2))
        kernel = rng.integers(-9, 10, (size, size, 2, filters))
        layer = L.Conv2D(filters, size, stride, padding, use_bias=False)
        answer = forward(layer, image, [flipped(kernel)])
        computation = Computation(layer, image, kernel)
        if np.array_equal(answer, computation.expected()):
            assert check_array(answer, computation)
        else:
            assert cause_of(wrong(answer, computation)) == ("flipped-kernel",)

    sizes, paddings = st.integers(1, 4), st.sampled_from(["valid", "same"])
    seeds = st.integers(0, 10**6)
    cases = st.tuples(seeds, sizes, st.integers(1, 3), paddings, st.integers(1, 3))
    for_all(cases, claim, 40)


# Wrong arrays --------------------------------------------------------------------------------

EXPECTED: dict[str, Any] = {
    **COMPUTATIONS,
    "tiny": TINY,
    "unshared, of each": EVERYWHERE,
    "means": MEANS,
    "square": SQUARE,
    "matrix": RESULT,
    "image": SMALL,
    "scaled image": SMALL / 255,
    "large image": BIG,
    "row": [3, 1, 2, 5],
    "two numbers": [1, 2],
    "one number": [7],
    "a scalar": 5,
    "zeros": np.zeros((3, 3)),
    "four axes": np.arange(16).reshape(2, 2, 2, 2),
    "one row, one channel": [[[1], [2], [2]]],
    "nearly infinite": [1e308, 1e307, 1],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_wrong_array_is_refused_for_its_causes(name: str) -> None:
    expected = EXPECTED[name]
    for causes, array in wrong_arrays(expected):
        assert cause_of(wrong(array, expected)) == causes


def test_wrong_arrays_come_once_each_and_belong_to_whoever_asked() -> None:
    pairs = list(wrong_arrays(STRIDED))
    for _, array in pairs:
        assert sum(np.array_equal(array, other) for _, other in pairs) == 1
        array[...] = 0
    again = [array for _, array in wrong_arrays(STRIDED)]
    assert len(again) == len(pairs)
    assert all(array.any() for array in again)


def test_wrong_arrays_are_made_by_every_mistake() -> None:
    made = {
        cause
        for right in EXPECTED.values()
        for causes, _ in wrong_arrays(right)
        for cause in causes
    }
    assert made == set(CAUSES)
    for right, _, causes in MISTAKES:
        assert causes in [found for found, _ in wrong_arrays(right)]


def test_any_convolution_s_wrong_arrays_are_refused() -> None:
    """Whatever the sizes: two mistakes may come to the same, but none to the right array."""

    def claim(case: tuple[int, int, int, int, str, int, str]) -> None:
        seed, height, size, stride, padding, depth, ordering = case
        rng = np.random.default_rng(seed)
        layer = L.Conv2D(2, size, stride, padding, data_format=ordering)
        image = rng.integers(0, 9, (height + size, 1 + size, depth))
        image = image if ordering == "channels_last" else np.moveaxis(image, -1, 0)
        kernel = rng.integers(-2, 3, (size, size, depth, 2))
        computation = Computation(layer, image, kernel, rng.integers(-2, 3, 2))
        pairs = list(wrong_arrays(computation))
        named = [cause_of(wrong(array, computation)) == causes for causes, array in pairs]
        assert sum(named) >= 0.9 * len(named)

    seeds, sizes = st.integers(0, 10**6), st.integers(1, 3)
    paddings = st.sampled_from(["valid", "same"])
    orderings = st.sampled_from(["channels_last", "channels_first"])
    cases = st.tuples(seeds, sizes, sizes, sizes, paddings, sizes, orderings)
    for_all(cases, claim, 6)
