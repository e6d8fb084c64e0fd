"""Shapes that do not suit, with the texts of their errors."""

from typing import Any

import numpy as np
import pytest

from course import CourseError, ShapeError
from course import layers as L

CONV = L.Conv2D(8, 3)


GIVE = "give a tuple of positive whole numbers without the batch, such as (28, 28, 1)"


LEAVE = "leave the batch out, and give a grayscale image its 1 channel"


SHAPES: dict[str, tuple[L.Layer, Any, tuple[str, ...]]] = {
    "the batch as None": (CONV, (None, 28, 28, 1), ("Conv2D: ", "holds None", "the batch", GIVE)),
    "an unknown height": (CONV, (None, 28, 1), ("(None, 28, 1)", "is not known", GIVE)),
    "no channels": (CONV, (28, 28), ("Conv2D: ", "(28, 28) has 2 numbers", "3 in all", LEAVE)),
    "a batch of 1": (CONV, (1, 28, 28, 1), ("has 4 numbers", "height and width", LEAVE)),
    "one number": (CONV, 28, ("the input shape must be a tuple, not 28", GIVE)),
    "text": (CONV, "28", ("the input shape must be a tuple, not '28'", GIVE)),
    "bytes": (CONV, b"abc", ("the input shape must be a tuple, not b'abc'", GIVE)),
    "None": (CONV, None, ("the input shape must be a tuple, not None", GIVE)),
    "a set": (CONV, {28, 1}, ("the input shape must be a tuple", GIVE)),
    "a dict": (CONV, {28: 1}, ("the input shape must be a tuple, not {28: 1}", GIVE)),
    "floats": (CONV, (28.0, 28, 1), ("(28.0, 28, 1) is not made of sizes", GIVE)),
    "a bool": (CONV, (True, 28, 1), ("(True, 28, 1) is not made of sizes", GIVE)),
    "text inside": (CONV, ("28", 28, 1), ("('28', 28, 1) is not made of sizes", GIVE)),
    "nothing high": (CONV, (0, 28, 1), ("(0, 28, 1) is not made of sizes", GIVE)),
    "negative": (CONV, (28, -28, 1), ("(28, -28, 1) is not made of sizes", GIVE)),
    "a flat input": (CONV, (80,), ("(80,) has 1 number where", "3 in all", LEAVE)),
    "a whole image": (CONV, np.zeros((2, 2)), ("Conv2D: the input shape", "as in image.shape")),
    "a shape of no numbers": (L.Dense(3), (), ("Dense: the input shape ()",)),
    "kernel taller than the input": (
        L.Conv2D(8, 7),
        (5, 28, 1),
        ("Conv2D: window 7 is larger than height 5", "use a smaller kernel_size or padding='same'"),
    ),
    "kernel taller than the padded input": (
        L.Conv2D(8, 7, padding=((0, 1), (0, 0))),
        (5, 28, 1),
        ("window 7 is larger than height 5 with padding (0, 1)", "more padding"),
    ),
    "dilated kernel wider than the input": (
        L.Conv2D(8, 3, dilation_rate=3),
        (28, 5, 1),
        ("window 7 is larger than width 5", "padding='same'"),
    ),
    "pool larger than the input": (
        L.MaxPooling2D(5, name="pool2"),
        (4, 4, 6),
        (
            "MaxPooling2D 'pool2': window 5 is larger than height 4",
            "use a smaller pool_size or padding='same'",
        ),
    ),
    "groups and channels": (
        L.Conv2D(8, 3, groups=4, name="g"),
        (28, 28, 6),
        ("Conv2D 'g': groups=4 does not divide the input's 6 channels", "divides both"),
    ),
    "channels first": (
        L.Conv2D(8, 7, data_format="channels_first"),
        (28, 5, 9),
        ("window 7 is larger than height 5", "use a smaller kernel_size"),
    ),
}


QUESTIONS = ["output_shape", "weight_count", "bias_count", "param_count", "trainable_count", "macs"]


@pytest.mark.parametrize("case", SHAPES.values(), ids=SHAPES.keys())
def test_shapes_that_do_not_suit_are_refused_in_words(
    case: tuple[L.Layer, Any, tuple[str, ...]],
) -> None:
    layer, shape, pieces = case
    with pytest.raises(ShapeError) as caught:
        layer.output_shape(shape)
    for piece in pieces:
        assert piece in str(caught.value)
    assert caught.value.fix


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_refuses_a_shape_alike(question: str) -> None:
    with pytest.raises(ShapeError, match="window 3 is larger than height 2"):
        getattr(CONV, question)((2, 2, 1))
    with pytest.raises(ShapeError, match="window 3 is larger than height 2"):
        CONV.derivation(question, (2, 2, 1))


@pytest.mark.parametrize("shape", [[28, 28, 1], np.array([28, 28, 1]), (np.int64(28), 28, 1)])
def test_lists_and_numpy_sizes_will_do(shape: Any) -> None:
    answer = CONV.output_shape(shape)
    assert answer == (26, 26, 8)
    assert all(type(size) is int for size in answer)


def test_a_layer_that_swallowed_its_error_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(L.Conv2D, "check_input", lambda self, shape: None)
    with pytest.raises((pytest.fail.Exception, CourseError)):
        test_shapes_that_do_not_suit_are_refused_in_words(SHAPES["kernel taller than the input"])
