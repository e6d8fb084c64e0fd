"""Designs that miss by one small change what a right design meets, as learners' designs do."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

from autograder.checks.models.judging import requirements
from autograder.checks.models.reading import network_of
from autograder.checks.models.requirement import OPPOSITES, opposite
from autograder.checks.models.requirements import Wanted
from autograder.checks.models.tracing import complete
from course import Stack
from course.errors import CourseError, SpecError
from course.layers import Layer

NUMBERS = ("filters", "units", "kernel_size", "pool_size", "strides")


def near_misses(model: Any, wanted: Wanted) -> tuple[Stack, ...]:
    """The small changes of a right design after which it does not meet `wanted`, by the engine.

    One layer's filters, units, kernel_size, pool_size or strides one more or less, padding or
    use_bias the other way round, its activation left out; a layer left out; two layers swapped.
    Some of them cannot be built at all.

    Errors: SpecError for a design that does not meet `wanted` itself, or that has branches.

    >>> from course import layers as L
    >>> wanted = Wanted(input_shape=(28, 28, 1), output_shape=(13, 13, 8))
    >>> design = Stack([L.Conv2D(8, 3), L.MaxPooling2D()])
    >>> near_misses(design, wanted)[0]
    Stack([Conv2D(7, 3, padding='valid'), MaxPooling2D(pool_size=2, padding='valid')])
    """
    network, _ = network_of(model)
    if not isinstance(network, Stack):
        raise SpecError("this design has branches", "give layers in sequence", "near_misses")
    if not _meets(network, wanted):
        raise SpecError("this design is not right itself", "give a right one", "near_misses")
    changed = dict.fromkeys(_changed(network.layers))
    return tuple(stack for stack in changed if not _meets(stack, wanted))


def _meets(stack: Stack, wanted: Wanted) -> bool:
    try:
        trace = complete(stack.trace(wanted.input_shape), None)
    except CourseError:
        return False
    return all(one.met for one in requirements(trace, wanted))


def _changed(layers: tuple[Any, ...]) -> Iterator[Stack]:
    for place, layer in enumerate(layers):
        for other in _variants(layer):
            yield Stack([*layers[:place], other, *layers[place + 1 :]])
        if len(layers) > 1:
            yield Stack([*layers[:place], *layers[place + 1 :]])
    for one, two in combinations(range(len(layers)), 2):
        swapped = list(layers)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        yield Stack(swapped)


def _variants(layer: Any) -> Iterator[Layer]:
    """The layer with one argument changed, where that makes a layer."""
    changes: list[dict[str, Any]] = []
    for argument in NUMBERS:
        value = getattr(layer, argument, None)
        for by in (-1, 1):
            if isinstance(value, int):
                changes.append({argument: value + by})
            elif value is not None:
                changes.append({argument: tuple(size + by for size in value)})
    if getattr(layer, "activation", None) is not None:
        changes.append({"activation": None})
    for change in changes:
        try:
            yield replace(layer, **change)
        except SpecError:
            continue
    for argument in OPPOSITES:
        other = opposite(layer, argument)
        if other is not None:
            yield other
