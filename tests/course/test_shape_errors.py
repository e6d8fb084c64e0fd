"""Shapes that do not suit and stacks that do not fit together, with the texts of their errors."""

from typing import Any

import numpy as np
import pytest

from course import CourseError, ShapeError, SpecError, Stack
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
def test_shapes_that_do_not_suit(case: tuple[L.Layer, Any, tuple[str, ...]]) -> None:
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


STACKS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "empty": ([], ("Stack: a stack needs at least one layer", "give Stack a list of layers")),
    "text in it": (
        [L.Dense(3), "relu"],
        ("Stack: place 2 of the stack holds 'relu', which is no layer", "give layers of course"),
    ),
    "a class in it": ([L.Dense], ("place 1 of the stack holds <class", "which is no layer")),
    "a name twice": (
        [L.Dense(3, name="a"), L.Dense(3, name="a")],
        ("Stack: two layers are named 'a'", "give each its own name"),
    ),
    "a given name like a made one": (
        [L.Dense(3), L.Dense(3, name="dense")],
        ("two layers are named 'dense'", "give each its own name"),
    ),
    "a made name like a given one": (
        [L.Dense(3, name="dense"), L.Dense(3)],
        ("two layers are named 'dense'", "give each its own name"),
    ),
    "one layer, no list": (L.Dense(3), ("Stack: ", "Dense(3)", "list of layers")),
    "None": (None, ("Stack: ", "None", "list of layers")),
}


@pytest.mark.parametrize("case", STACKS.values(), ids=STACKS.keys())
def test_stacks_that_cannot_be(case: tuple[Any, tuple[str, ...]]) -> None:
    layers, pieces = case
    with pytest.raises(SpecError) as caught:
        Stack(layers)
    for piece in pieces:
        assert piece in str(caught.value)


def test_an_error_in_a_stack_names_the_layer_s_number_name_and_kind() -> None:
    stack = Stack([L.Conv2D(8, 3), L.MaxPooling2D(5, name="pool2")])
    with pytest.raises(ShapeError) as caught:
        stack.trace((6, 6, 1))
    assert str(caught.value) == (
        "layer 2 'pool2' (MaxPooling2D): window 5 is larger than height 4; "
        "use a smaller pool_size or padding='same'"
    )
    assert caught.value._render_traceback_() == [f"ShapeError: {caught.value}"]


def test_an_error_in_a_stack_names_a_layer_that_was_given_no_name() -> None:
    stack = Stack([L.Conv2D(8, 3), L.Flatten(), L.Dense(4), L.Conv2D(8, 3)])
    with pytest.raises(ShapeError, match=r"^layer 4 'conv2d_1' \(Conv2D\): the input shape \(4,\)"):
        stack.output_shape((6, 6, 1))


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_stack_refuses_a_bad_shape_by_its_own_name(question: str) -> None:
    with pytest.raises(ShapeError, match=r"^Stack: the input shape \(None, 6, 6, 1\) holds None"):
        getattr(Stack([CONV]), question)((None, 6, 6, 1))


def test_an_unknown_row_lists_the_layers() -> None:
    with pytest.raises(KeyError, match="no layer 'pool'; the layers are conv2d"):
        Stack([CONV]).trace((6, 6, 1))["pool"]


def test_a_layer_that_swallowed_its_error_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(L.Conv2D, "check_input", lambda self, shape: None)
    with pytest.raises((pytest.fail.Exception, CourseError)):
        test_shapes_that_do_not_suit(SHAPES["kernel taller than the input"])
