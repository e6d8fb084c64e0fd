"""How layers hold their arguments: converted once, of plain types, never to be changed."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import numpy as np
import pytest

from course import ShapeError, SpecError
from course import layers as L
from course.layers.base import QUANTITIES

CONV = L.Conv2D(32, 3, strides=2, padding="same", name="first")
KINDS = [getattr(L, name) for name in L.__all__ if name not in ("Layer", "QUANTITIES")]


@pytest.mark.parametrize(
    ("given", "name", "held"),
    [
        ({"kernel_size": 3}, "kernel_size", (3, 3)),
        ({"kernel_size": [3, 5]}, "kernel_size", (3, 5)),
        ({"kernel_size": np.int64(3)}, "kernel_size", (3, 3)),
        ({"strides": (np.int8(2), 1)}, "strides", (2, 1)),
        ({}, "strides", (1, 1)),
        ({"padding": "SAME"}, "padding", "same"),
        ({"padding": 1}, "padding", ((1, 1), (1, 1))),
        ({"padding": [1, (0, 2)]}, "padding", ((1, 1), (0, 2))),
        ({}, "dilation_rate", (1, 1)),
        ({"data_format": None}, "data_format", "channels_last"),
        ({"activation": "linear"}, "activation", None),
        ({"activation": "swish"}, "activation", "silu"),
        ({"filters": np.int32(4)}, "filters", 4),
    ],
    ids=str,
)
def test_an_argument_is_held_in_its_one_inner_form(
    given: dict[str, Any], name: str, held: Any
) -> None:
    value = getattr(L.Conv2D(**{"filters": 8, "kernel_size": 3} | given), name)
    assert value == held
    assert type(value) is type(held)
    if isinstance(value, tuple):
        assert all(type(entry) is type(other) for entry, other in zip(value, held, strict=True))


@pytest.mark.parametrize("odd", [True, 1.0, np.float64(1), "1", np.True_], ids=repr)
@pytest.mark.parametrize(
    "name", ["filters", "kernel_size", "strides", "dilation_rate", "groups", "padding"]
)
def test_what_equals_1_and_is_no_int_does_not_slip_through(name: str, odd: Any) -> None:
    for _ in range(2):  # neither the first time nor after 1 itself was given
        with pytest.raises(SpecError, match=f"Conv2D: {name}"):
            L.Conv2D(**{"filters": 8, "kernel_size": 3} | {name: odd})
        L.Conv2D(**{"filters": 8, "kernel_size": 3} | {name: 1})


@pytest.mark.parametrize("odd", [1, 0, "True", None, np.True_], ids=repr)
def test_what_equals_true_and_is_no_bool_does_not_slip_through(odd: Any) -> None:
    with pytest.raises(SpecError, match="use_bias must be True or False"):
        L.Conv2D(8, 3, use_bias=odd)


def test_a_layer_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        CONV.filters = 64  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del CONV.filters


def test_a_changed_copy_is_checked_like_a_new_layer() -> None:
    assert replace(CONV, strides=1, padding=2) == L.Conv2D(32, 3, padding=2)
    assert replace(CONV, filters=8).name == "first"
    with pytest.raises(SpecError, match="Conv2D 'first': filters must be at least 1, not 0"):
        replace(CONV, filters=0)
    with pytest.raises(SpecError, match="unknown argument 'size'"):
        replace(CONV, size=3)


def test_equal_layers_are_equal_whatever_they_are_called() -> None:
    same = L.Conv2D(32, (3, 3), strides=[2, 2], padding="SAME", name="other")
    assert CONV == same
    assert hash(CONV) == hash(same)
    assert CONV != replace(CONV, use_bias=False)
    assert CONV != L.LocallyConnected2D(32, 3, 2, "same")
    seen = L.Conv2D(32, 3, strides=2, padding="same")
    seen.output_shape((9, 9, 1))  # what a layer was asked makes no difference
    assert seen == same
    assert hash(seen) == hash(same)
    assert repr(seen) == "Conv2D(32, 3, strides=2, padding='same')"


def test_options_for_keras_alone_are_kept_and_not_compared() -> None:
    layer = L.Conv2D(8, 3, kernel_initializer="zeros", dtype="float64", name="first")
    assert dict(layer.keras_options) == {"kernel_initializer": "zeros", "dtype": "float64"}
    assert layer == L.Conv2D(8, 3)
    assert L.Conv2D(8, 3).keras_options == ()
    with pytest.raises(SpecError, match="Conv2D 'first': filters must be at least 1"):
        L.Conv2D(0, 3, kernel_initializer="zeros", name="first")


def test_a_layer_survives_copying_and_the_way_to_another_process() -> None:
    layer = L.Conv2D(8, 3, dilation_rate=2, kernel_initializer="zeros", name="first")
    for again in (copy.copy(layer), copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert again == layer
        assert (again.name, again.keras_options) == ("first", layer.keras_options)
        assert again.output_shape((9, 9, 1)) == (5, 5, 8)


def test_a_layer_of_a_kind_with_another_rank_has_converters_of_its_own() -> None:
    """The classes that these share are made ready when the first of them is used."""
    assert L.SpatialDropout2D(0.5).check_input((3, 3, 1)) is None
    assert L.SpatialDropout3D(0.5).output_shape((3, 3, 3, 1)) == (3, 3, 3, 1)
    assert [kind(8, 3).strides for kind in (L.Conv3D, L.Conv1D, L.Conv2D)] == [
        (1, 1, 1),
        (1,),
        (1, 1),
    ]
    assert L.MaxPooling2D().strides == (2, 2)
    assert L.MaxPooling2D(3).strides == (3, 3)
    assert L.AveragePooling3D(2, strides=1).strides == (1, 1, 1)
    with pytest.raises(SpecError, match="missing a required argument: 'pool_size'"):
        L.AveragePooling2D()


def test_a_layer_of_ones_own_class_is_made_like_any_other() -> None:
    class Renamed(L.Conv2D):
        """Nothing of its own."""

    class Square(L.MaxPooling2D):
        def __init__(self, size: int) -> None:
            super().__init__(size, padding="same")

    assert Renamed(8, 3).output_shape((9, 9, 1)) == (7, 7, 8)
    assert Square(3).output_shape((10, 10, 2)) == (4, 4, 2)
    with pytest.raises(SpecError, match="Square: pool_size must be at least 1, not 0"):
        Square(0)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_help_in_a_notebook_shows_the_arguments_of_every_kind(kind: type[L.Layer]) -> None:
    shown = inspect.signature(kind).parameters
    assert set(shown) == {field.name for field in fields(kind) if field.init}
    assert list(shown)[-2:] == ["name", "trainable"] or "name" in shown
    for field in fields(kind):
        if field.init:
            assert shown[field.name].kind in (
                {inspect.Parameter.KEYWORD_ONLY}
                if field.kw_only
                else {inspect.Parameter.POSITIONAL_OR_KEYWORD}
            )


def test_help_shows_defaults_as_one_would_write_them() -> None:
    shown = str(inspect.signature(L.MaxPooling2D))
    assert shown.startswith("(pool_size=2, strides=None, padding='valid', data_format=")
    assert shown.endswith("*, name=None, trainable=True)")


def test_a_layer_asked_about_one_shape_still_checks_the_next() -> None:
    layer = L.Conv2D(8, 3)
    shape = (9, 9, 1)
    assert layer.output_shape(shape) == layer.output_shape(shape) == (7, 7, 8)
    for odd in ((True, 9, 1), (9.0, 9, 1), (9, 9), (2, 9, 1), (), None):
        with pytest.raises(ShapeError):
            layer.output_shape(odd)  # type: ignore[arg-type]
        assert layer.param_count(shape) == 80
    assert layer.output_shape([9, 10, 1]) == (7, 8, 8)  # type: ignore[arg-type]


def test_a_list_that_changes_is_read_anew() -> None:
    layer, shape = L.Conv2D(8, 3), [9, 9, 1]
    assert layer.output_shape(shape) == (7, 7, 8)  # type: ignore[arg-type]
    shape[0] = 5
    assert layer.output_shape(shape) == (3, 7, 8)  # type: ignore[arg-type]


@pytest.mark.parametrize("padding", ["same", "valid", 1, ((0, 1), (1, 1)), ((0, 1), (2, 0))])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("strides", [1, 2, (3, 1)])
def test_the_short_way_to_a_shape_leads_to_that_of_the_working(
    padding: Any, data_format: str, strides: Any
) -> None:
    layer = L.Conv2D(8, (3, 2), strides, padding, data_format)
    for shape in ((9, 9, 9), (12, 7, 10), (7, 13, 8)):
        for quantity in QUANTITIES:
            found = getattr(layer, quantity)(shape)
            assert found == layer.derivation(quantity, shape).value
            assert type(found) is (tuple if isinstance(found, tuple) else int)
