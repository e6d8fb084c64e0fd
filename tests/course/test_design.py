"""Designs: all that fit and nothing else, cheapest first, lazily."""

from itertools import islice, pairwise, product

import pytest

from course import CourseError, SpecError, Stack
from course import layers as L
from course.design import design
from course.keras_bridge import ask

CASES = [
    ((14, 14, 20), (32, 32, 3)),
    ((5, 5, 4), (11, 11, 4)),
    ((26, 26, 32), (28, 28, 1)),
    ((1, 1, 8), (5, 7, 2)),
    ((7, 9, 3), (5, 5, 3)),
    ((10,), (1600,)),
    ((75,), (5, 5, 3)),
    ((3,), (5, 5, 3)),
    ((12, 7), (12, 5)),
]


@pytest.mark.parametrize(("target", "start"), CASES)
def test_each_design_fits_and_costs_no_less_than_the_last(target, start) -> None:
    found = list(islice(design(target, start), 120))
    assert found
    assert len(set(found)) == len(found)
    assert all(layer.output_shape(start) == target for layer in found)
    costs = [layer.param_count(start) for layer in found]
    assert all(first <= second for first, second in pairwise(costs))
    for layer in found[:5]:
        assert ask(layer, start).output_shape == target


def test_no_convolution_is_missed() -> None:
    target, start, budget = (3, 3, 2), (6, 5, 2), 60
    sizes = product(range(1, 7), range(1, 6))
    strides = list(product(range(1, 7), range(1, 6)))
    wanted = set()
    for F, S, padding, bias in product(sizes, strides, ("valid", "same"), (False, True)):
        try:
            layer = L.Conv2D(2, F, S, padding, use_bias=bias)
            fits = layer.output_shape(start) == target
        except CourseError:
            continue
        if fits and layer.param_count(start) <= budget:
            wanted.add(layer)
    assert wanted
    found = set(design(target, start, max_params=budget))
    assert {layer for layer in found if isinstance(layer, L.Conv2D)} == wanted


def test_no_stack_of_the_vocabulary_is_missed() -> None:
    words = [L.Conv2D(8, 3), L.Conv2D(8, 3, padding="same"), L.MaxPooling2D(), L.Flatten()]
    start, target, budget = (12, 12, 1), (5, 5, 8), 700
    wanted = set()
    for length in (1, 2, 3):
        for layers in product(words, repeat=length):
            stack = Stack(layers)
            try:
                fits = stack.output_shape(start) == target
            except CourseError:
                continue
            if fits and stack.param_count(start) <= budget:
                wanted.add(stack)
    found = list(design(target, start, max_params=budget, depth=3, vocabulary=words))
    assert set(found) == wanted
    assert len(found) == len(wanted) > 1
    costs = [stack.param_count(start) for stack in found]
    assert costs == sorted(costs)


def test_the_first_design_does_not_wait_for_the_last() -> None:
    first = next(design((224, 224, 64), (224, 224, 3)))
    assert first.param_count((224, 224, 3)) == 192


def test_nothing_fits_a_budget_that_is_too_small() -> None:
    assert list(design((14, 14, 20), (32, 32, 3), max_params=100)) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"max_params": -1}, "max_params must be at least 0"),
        ({"depth": 0}, "depth must be at least 1"),
        ({"depth": 2}, "stacks need a vocabulary"),
    ],
)
def test_what_cannot_be_searched_is_refused_at_once(arguments, says) -> None:
    with pytest.raises(SpecError, match=says):
        design((5, 5, 1), (9, 9, 1), **arguments)
