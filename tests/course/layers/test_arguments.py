"""Bad arguments: each error says where it arose, which rule was broken, what to do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course import CourseError, SpecError
from course import layers as L
from tests.course.wild import ARGUMENTS, Wild, try_engine, wild
from tests.strategies import for_all

Case = tuple[Callable[[], Any], tuple[str, ...]]


DO_NUMBER = ("must be a whole number", "give an int")


DO_PADDING = "write padding='valid', 'same', P or one pair an axis"


SPECS: dict[str, Case] = {
    "no filters": (
        lambda: L.Conv2D(0, 3),
        ("Conv2D: ", "filters must be at least 1, not 0", "give filters a positive whole number"),
    ),
    "negative filters, named": (
        lambda: L.Conv2D(-1, 3, name="first"),
        ("Conv2D 'first': ", "filters must be at least 1, not -1", "positive whole number"),
    ),
    "half a filter": (lambda: L.Conv2D(2.5, 3), ("Conv2D: filters", "not 2.5", *DO_NUMBER)),
    "a whole float": (lambda: L.Conv2D(32.0, 3), ("Conv2D: filters", "not 32.0", *DO_NUMBER)),
    "True filters": (lambda: L.Conv2D(True, 3), ("Conv2D: filters", "not True", *DO_NUMBER)),
    "filters as text": (lambda: L.Conv2D("8", 3), ("Conv2D: filters", "not '8'", *DO_NUMBER)),
    "None filters": (lambda: L.Conv2D(None, 3), ("Conv2D: filters", "not None", *DO_NUMBER)),
    "no kernel": (
        lambda: L.Conv2D(8, 0),
        ("Conv2D: ", "kernel_size must be at least 1, not 0", "give kernel_size"),
    ),
    "kernel of three axes": (
        lambda: L.Conv2D(8, (3, 3, 3)),
        ("Conv2D: kernel_size needs 2 numbers", "not 3: (3, 3, 3)", "one int for all axes"),
    ),
    "kernel with text": (lambda: L.Conv2D(8, (3, "3")), ("kernel_size", "not '3'", *DO_NUMBER)),
    "strides 0": (
        lambda: L.Conv2D(8, 3, strides=0),
        ("Conv2D: strides must be at least 1, not 0", "give strides a positive whole number"),
    ),
    "a negative stride": (lambda: L.Conv2D(8, 3, strides=(1, -2)), ("strides", "not -2", "give")),
    "strides None": (lambda: L.Conv2D(8, 3, strides=None), ("strides", "not None", *DO_NUMBER)),
    "padding with a blank": (
        lambda: L.Conv2D(8, 3, padding="SAME "),
        ("Conv2D: padding must be 'valid' or 'same', not 'SAME '", "write padding='valid'"),
    ),
    "padding 1.5": (lambda: L.Conv2D(8, 3, padding=1.5), ("padding", "not 1.5", DO_PADDING)),
    "padding None": (lambda: L.Conv2D(8, 3, padding=None), ("padding", "not None", DO_PADDING)),
    "padding -1": (
        lambda: L.Conv2D(8, 3, padding=-1),
        ("padding must be at least 0, not -1", DO_PADDING),
    ),
    "padding for three axes": (
        lambda: L.Conv2D(8, 3, padding=(1, 2, 3)),
        ("padding needs one entry per axis (2), not 3: (1, 2, 3)", DO_PADDING),
    ),
    "three pads on an axis": (
        lambda: L.Conv2D(8, 3, padding=((1, 2, 3), (1, 1))),
        ("padding needs two numbers for an axis", "not (1, 2, 3)", DO_PADDING),
    ),
    "data format": (
        lambda: L.Conv2D(8, 3, data_format="NCHW"),
        ("data_format must be 'channels_last' or 'channels_first'", "not 'NCHW'", "write"),
    ),
    "strides with dilation": (
        lambda: L.Conv2D(8, 3, strides=2, dilation_rate=(1, 2)),
        ("strides=(2, 2) and dilation_rate=(1, 2)", "Keras does not", "set one of them to 1"),
    ),
    "groups and filters": (
        lambda: L.Conv2D(8, 3, groups=3),
        ("Conv2D: groups=3 does not divide filters=8", "make filters a multiple of groups"),
    ),
    "no groups": (lambda: L.Conv2D(8, 3, groups=0), ("groups must be at least 1, not 0", "give")),
    "activation": (
        lambda: L.Conv2D(8, 3, activation="rellu"),
        ("activation 'rellu' is not one that Keras knows", "such as 'relu'"),
    ),
    "use_bias 1": (
        lambda: L.Conv2D(8, 3, use_bias=1),
        ("use_bias must be True or False, not 1", "write use_bias=True"),
    ),
    "a keyword misspelt": (
        lambda: L.Conv2D(8, 3, stride=2),
        ("Conv2D: unknown argument 'stride'", "the arguments are", "strides"),
    ),
    "an argument missing": (
        lambda: L.Conv2D(8),
        ("Conv2D: missing a required argument: 'kernel_size'", "the arguments are filters, "),
    ),
    "too many arguments": (
        lambda: L.Dense(10, "relu", True, 4),
        ("Dense: too many positional arguments", "the arguments are units, activation"),
    ),
    "an argument twice": (
        lambda: L.Dense(10, units=10),
        ("Dense: multiple values for argument 'units'", "the arguments are units"),
    ),
    "name": (lambda: L.Dense(3, name=3), ("name must be a string, not 3", "write name='conv1'")),
    "trainable": (lambda: L.Dense(3, trainable="no"), ("trainable", "not 'no'", "write")),
    "no units": (lambda: L.Dense(0), ("Dense: units must be at least 1, not 0", "give units")),
    "no pool": (lambda: L.MaxPooling2D(0), ("MaxPooling2D: pool_size", "not 0", "give pool_size")),
    "pool padding": (
        lambda: L.AveragePooling2D(2, padding=1),
        ("AveragePooling2D: padding must be 'valid' or 'same', not 1", "write padding='valid'"),
    ),
    "negative border": (lambda: L.ZeroPadding2D(-1), ("ZeroPadding2D: padding", "not -1", "give")),
    "rate": (lambda: L.Dropout(1.5), ("Dropout: rate must lie between 0 and 1, not 1.5", "0.5")),
    "rate as text": (lambda: L.Dropout("half"), ("rate must be a number, not 'half'", "write")),
    "rate nan": (lambda: L.Dropout(float("nan")), ("Dropout: rate", "not nan", "write")),
    "no padding to ask for": (
        lambda: L.Dense(3).padding_amounts((4,)),
        ("Dense: this layer adds no padding", "ask a layer with a window"),
    ),
    "no such quantity": (
        lambda: L.Dense(3).derivation("params", (4,)),
        ("Dense: unknown quantity 'params'", "ask for one of", "param_count"),
    ),
    "padding as an array": (
        lambda: L.Conv2D(8, 3, padding=np.array([1, 2])),
        ("Conv2D: padding", "array([1, 2])", "write padding="),
    ),
    "pool padding as an array": (
        lambda: L.MaxPooling2D(2, padding=np.array([1, 2])),
        ("MaxPooling2D: padding", "array([1, 2])", "write padding="),
    ),
    "activation as an array": (
        lambda: L.Dense(8, np.array([1, 2])),
        ("Dense: activation", "array([1, 2])", "give a name"),
    ),
}


@pytest.mark.parametrize("case", SPECS.values(), ids=SPECS.keys())
def test_arguments_that_make_no_layer_are_refused_in_words(case: Case) -> None:
    make, pieces = case
    with pytest.raises(SpecError) as caught:
        make()
    for piece in pieces:
        assert piece in str(caught.value)
    assert caught.value.problem
    assert caught.value.fix
    assert caught.value.where


def engine_refuses_politely(case: Wild) -> None:
    """Whatever was typed gives a shape or a CourseError that says where and what to do."""
    answer = try_engine(*case)
    if isinstance(answer, CourseError):
        assert answer.where.startswith(case[0].__name__)
        assert answer.problem
        assert answer.fix


@pytest.mark.parametrize("kind", ARGUMENTS, ids=lambda kind: kind.__name__)
def test_no_typing_mistake_escapes_as_another_error(kind: type[L.Layer]) -> None:
    for_all(wild(kind), engine_refuses_politely, 200)


def test_a_numpy_integer_will_do() -> None:
    layer = L.Conv2D(np.int64(8), np.int32(3), strides=(np.int8(2), 1))
    assert layer == L.Conv2D(8, 3, strides=(2, 1))
    assert type(layer.filters) is int


def test_a_message_that_lacks_a_piece_would_be_seen() -> None:
    with pytest.raises(AssertionError):
        test_arguments_that_make_no_layer_are_refused_in_words(
            (lambda: L.Conv2D(0, 3), ("kernel_size",))
        )
    with pytest.raises(pytest.fail.Exception):
        test_arguments_that_make_no_layer_are_refused_in_words((lambda: L.Conv2D(1, 3), ()))
