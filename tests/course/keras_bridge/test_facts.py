"""Engine and Keras give the same shapes, counts, pads, receptive fields, names and refusals."""

from dataclasses import fields
from typing import Any

import pytest

from course import CourseError, Stack
from course import layers as L
from course.keras_bridge import (
    KerasFacts,
    ask,
    ask_padding,
    ask_receptive_field,
    keras,
    no_weights,
    read_model,
    to_keras,
)
from tests.course.wild import ARGUMENTS, Wild, stricter_on_purpose, try_engine, wild
from tests.strategies import FITTING, RANKS, Case, Shape, cases, for_all, stacks

QUANTITIES = [field.name for field in fields(KerasFacts)]


PADDED = (L.AveragePooling2D, L.Conv2D, L.MaxPooling2D, L.ZeroPadding2D)


def amounts(everyday: int, thorough: int) -> pytest.MarkDecorator:
    """How many examples a property is tried on: few every day, many when marked slow."""
    slow = pytest.param(thorough, id="thorough", marks=pytest.mark.slow)
    return pytest.mark.parametrize("examples", [pytest.param(everyday, id="everyday"), slow])


def kinds(some: Any = FITTING) -> pytest.MarkDecorator:
    """One test per kind of layer, by its name."""
    return pytest.mark.parametrize("kind", some, ids=lambda kind: kind.__name__)


def receptive_field(stack: Stack, shape: Shape) -> Shape:
    """The trace's receptive field as a tuple with a number per axis, as Keras is asked for it."""
    field = stack.trace(shape).receptive_field
    if field is None:
        return ()
    return field if isinstance(field, tuple) else (field,) * (len(shape) - 1)


def agree(case: tuple[L.Layer | Stack, Shape]) -> None:
    """Every shape and count is the same in engine and Keras."""
    spec, shape = case
    facts = ask(spec, shape)
    for quantity in QUANTITIES:
        assert getattr(spec, quantity)(shape) == getattr(facts, quantity), quantity


def pads_agree(case: Case) -> None:
    """The zeros on each side are where Keras puts them."""
    spec, shape = case
    assert spec.padding_amounts(shape) == ask_padding(spec, shape)


def fields_agree(case: tuple[L.Layer | Stack, Shape]) -> None:
    """The receptive field is what walking back through Keras's layers gives."""
    spec, shape = case
    stack = spec if isinstance(spec, Stack) else Stack([spec])
    assert receptive_field(stack, shape) == ask_receptive_field(stack, shape)


def model_reads_the_same(case: tuple[Stack, Shape]) -> None:
    """A stack made into a Keras model, built and read has the same trace, names included."""
    stack, shape = case
    with no_weights():
        model = to_keras(stack)
        model.build((None, *shape))
    assert read_model(model) == stack.trace(shape)


def try_keras(kind: type[L.Layer], arguments: dict[str, Any], shape: Shape) -> Shape | Exception:
    """Keras's output shape or whatever it raises; a size of zero or less counts as a refusal."""
    try:
        with no_weights():
            layer = getattr(keras.layers, kind.__name__)(**arguments)
            output = keras.Sequential([keras.Input(shape), layer]).output_shape[1:]
    except Exception as error:
        return error
    return output if min(output) > 0 else ValueError(f"no size: {output}")


def refuse_alike(case: Wild) -> None:
    """What Keras refuses the engine refuses, and the engine refuses only what it means to."""
    _, arguments, _ = case
    engine, real = try_engine(*case), try_keras(*case)
    if isinstance(real, Exception):
        assert isinstance(engine, CourseError), f"Keras: {real}"
    elif isinstance(engine, CourseError):
        assert stricter_on_purpose(arguments), f"Keras gives {real}, the engine: {engine}"
    else:
        assert engine == real


@kinds()
@amounts(60, 2000)
def test_every_shape_and_count_agrees(kind: type[L.Layer], examples: int) -> None:
    for_all(cases(kind), agree, examples)


@kinds(PADDED)
@amounts(60, 500)
def test_padding_amounts_agree(kind: type[L.Layer], examples: int) -> None:
    for_all(cases(kind), pads_agree, examples)


@kinds()
@amounts(40, 500)
def test_receptive_fields_agree(kind: type[L.Layer], examples: int) -> None:
    for_all(cases(kind), fields_agree, examples)


@kinds()
@amounts(120, 2000)
def test_engine_and_keras_refuse_alike(kind: type[L.Layer], examples: int) -> None:
    for_all(wild(kind), refuse_alike, examples)


@pytest.mark.parametrize("claim", [agree, fields_agree, model_reads_the_same])
@amounts(60, 500)
def test_stacks_agree(claim: Any, examples: int) -> None:
    for_all(stacks(), claim, examples)


def test_every_kind_of_the_units_is_tried() -> None:
    assert set(FITTING) == set(RANKS) == set(ARGUMENTS)


def test_a_disagreement_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property can fail: with a formula that forgets the biases it does."""
    monkeypatch.setattr(L.Dense, "param_count", L.Dense.weight_count)
    with pytest.raises(AssertionError, match="param_count"):
        agree((L.Dense(3), (4,)))
