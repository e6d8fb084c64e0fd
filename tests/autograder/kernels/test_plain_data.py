"""Values on their way to the judge: what arrives is plain, and the same if it was plain before."""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.answers import Foreign, StudentFunction, show
from autograder.kernels.plain_data import MOST_BITS, MOST_DEEP, TooLarge, Writer, read, write
from course import Stack
from course import layers as L
from course.errors import SpecError


def sent(value: Any, ask: Callable[..., Any] | None = None) -> Any:
    """A value as it arrives on the other side."""
    written = json.loads(json.dumps(Writer().write(value)))
    return read(written, ask) if ask else read(written)


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.just(...),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_plain_values_arrive_as_they_were(value: Any) -> None:
    arrived = sent(value)
    assert arrived == value
    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.zeros((2, 0, 3)),
        np.array(3.5),
        np.array([True, False]),
        np.array(["a", "bc"]),
        np.array([1 + 2j]),
        np.arange(4, dtype=">i2"),
        np.float32([np.nan, np.inf]),
        np.array("2026-01-01", "datetime64[D]"),
    ],
)
def test_arrays_arrive_as_they_were(array: Any) -> None:
    arrived = sent(array)
    assert type(arrived) is np.ndarray
    assert arrived.dtype == array.dtype
    assert arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.float32, np.float64, np.bool_])
def test_scalars_of_numpy_keep_their_type(kind: Any) -> None:
    assert type(sent(kind(1))) is kind


def test_arrays_of_objects_arrive_without_them() -> None:
    arrived = sent(np.array([object(), "x"], object))
    assert arrived.dtype == object
    assert arrived.tolist() == [None, None]
    assert sent(np.zeros(2, "i4,i4")).tolist() == [None, None]


class OwnInt(int):
    """An int that says of itself what it likes."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class OwnArray(np.ndarray):
    """An array of a class of one's own."""


class Liar:
    """An object that claims to be a number."""

    @property
    def __class__(self) -> type:  # type: ignore[override]
        return int


@pytest.mark.parametrize(
    "value",
    [
        OwnInt(3),
        Liar(),
        Fraction(1, 2),
        1 + 2j,
        {1},
        np.zeros(1).view(OwnArray),
        np.ma.array([1]),
        range(3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_plain_data_keeps_the_name_of_its_type_alone(value: Any) -> None:
    arrived = sent(value)
    assert isinstance(arrived, Foreign)
    assert not isinstance(arrived, StudentFunction)
    assert show(arrived) == f"something of type {type(value).__name__}"
    assert arrived != 3


def test_a_type_cannot_smuggle_words_in_by_its_name() -> None:
    assert show(read(["foreign", "<script>alert(1)</script>", []])) == "something of type object"


@pytest.mark.parametrize(
    "layer",
    [
        L.Conv2D(32, 3, strides=2, padding="same"),
        L.Conv2D(8, (3, 5), padding=((1, 2), (0, 3)), use_bias=False, name="first"),
        L.MaxPooling2D(3, strides=2),
        L.Dropout(0.5),
        L.LocallyConnected2D(4, 3),
        Stack([L.Conv2D(4, 3), Stack([L.Flatten()], "inner"), L.Dense(10)], "net"),
    ],
)
def test_layers_and_stacks_are_made_again_from_their_arguments(layer: Any) -> None:
    assert sent(layer) == layer
    assert sent([layer, layer]) == [layer, layer]
    assert getattr(sent(layer), "given_name", None) == getattr(layer, "given_name", None)


def test_a_layer_that_was_tampered_with_is_no_layer_on_the_other_side() -> None:
    layer = L.Conv2D(32, 3)
    vars(layer)["filters"] = -1
    with pytest.raises(SpecError):
        sent(layer)


def doubled(x: int, *, times: int = 2) -> int:
    return x * times


@pytest.mark.parametrize(
    ("function", "name", "kind"),
    [
        (doubled, "doubled", "function"),
        (lambda x: x, "<lambda>", "function"),
        (partial(doubled, times=3), "your function", "partial"),
        (len, "your function", "builtin_function_or_method"),
    ],
)
def test_a_function_stays_where_it_is_and_is_asked(function: Any, name: str, kind: str) -> None:
    asked: list[Any] = []

    def ask(place: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
        asked.append((place, arguments, named))
        return "answer"

    arrived = sent([1, function], ask)[1]
    assert isinstance(arrived, StudentFunction)
    assert arrived.name == name
    assert show(arrived) == f"something of type {kind}"
    assert arrived(3, (1, 2), times=4) == "answer"
    assert asked == [(0, (3, (1, 2)), {"times": 4})]


def test_the_engines_that_a_function_asks_are_said_with_it() -> None:
    assert sent(lambda K: L.Conv2D(K, 3)).engines == {"course"}
    assert sent(lambda K: K * 3).engines == frozenset()


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [deep(MOST_DEEP + 1), 1 << (MOST_BITS + 1), [0] * 1_000_001, np.zeros(9_000_000)],
    ids=["deep", "digits", "parts", "bytes"],
)
def test_too_deep_and_too_large_is_refused(value: Any) -> None:
    with pytest.raises(TooLarge):
        write(value)


def test_what_holds_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(TooLarge):
        write(endless)


array64 = ["array", "<f8", [2], "AAAAAAAA8D8AAAAAAADwPw=="]


def test_the_array_that_the_forged_ones_are_made_from_is_read() -> None:
    assert read(array64).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    "forged",
    [
        None,
        [],
        ["nothing"],
        [["tuple"]],
        ["int", 5],
        ["int", "0x"],
        ["int", "0x" + "f" * MOST_BITS],
        ["float", None],
        ["tuple", 7],
        ["dict", [[["list", []], ["none"]]]],
        ["array", "O", [1], "AAAA"],
        ["array", "<f8", [3], array64[3]],
        ["array", "<f8", [-1, -2], array64[3]],
        ["array", "V8", [2], array64[3]],
        ["array", "<f8", [2], "%%%"],
        ["no-numbers", "O", [10**9, 10**9]],
        ["layer", "Layer", []],
        ["layer", "Conv2D", [["filters", ["int", "-0x1"]]]],
        ["layer", "__init__", []],
        ["stack", [["int", "0x1"]], ["none"]],
        ["function", "f"],
        ["keras", "{", ["none"]],
        ["keras", '{"module": "os", "class_name": "system", "config": {}}', ["none"]],
        ["keras", '{"module": "builtins", "class_name": "eval", "config": {}}', ["none"]],
        ["keras", '{"class_name": "__lambda__", "config": {}}', ["none"]],
        ["keras", '{"module": "keras.saving", "class_name": "load_model", "config": {}}', []],
        ["list", [["list", [["nothing"]]]]],
    ],
    ids=lambda forged: str(forged)[:50],
)
def test_what_was_never_written_like_that_is_refused_or_plain(forged: Any) -> None:
    """Nothing but a SpecError comes of it, or a value of the plain kinds."""
    try:
        value = read(forged)
    except SpecError:
        return
    assert isinstance(value, int | float | np.ndarray), value


def test_a_forged_value_cannot_be_deep() -> None:
    written: Any = ["none"]
    for _ in range(MOST_DEEP + 2):
        written = ["list", [written]]
    with pytest.raises(TooLarge):
        read(written)
