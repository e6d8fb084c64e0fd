"""Which numbers make a good exercise: not trivial, done by hand, and telling mistakes apart."""

from collections.abc import Iterator, Sequence
from typing import Any

from autograder.misconceptions import coincidence
from autograder.questions import COUNTS, Question, numbers
from course.layers.base import Shape
from course.layers.sliding import Sliding

LARGEST_COUNT = 100_000
"""Up to five digits: a product of a few small factors, done by hand in a minute."""
LARGEST_SIZE = 250
"""Heights, widths and depths beyond it make no other sum, only a longer one."""


def refusal(questions: Sequence[Question]) -> str:
    """Why these questions about a layer or stack make a bad exercise; empty if they make a good
    one.

    Trivial is a size, depth or window of 1, and a stride longer than the input. Each wrong answer
    must tell its cause: no misconception, nor two of them together, may give the right answer by
    luck, and no two the same answer. For a shape that means the whole shape.

    >>> from course import layers as L
    >>> layer = L.Conv2D(32, 3, strides=2, padding="same")
    >>> refusal([Question(layer, (128, 128, 3), "param_count")])
    'input-channels-ignored and kernel-not-squared give the same param_count'
    """
    for layer, before, after in _way(questions[0]):
        if 1 in (*before, *after, *getattr(layer, "window_size", ())):
            return "a size, depth or window is 1"
        if isinstance(layer, Sliding):
            moves = zip(layer.strides, layer.spatial(before), strict=True)
            if any(stride > size for stride, size in moves):
                return "a stride is longer than the input"
        if any(len(shape) > 1 and max(shape) > LARGEST_SIZE for shape in (before, after)):
            return f"a size is above {LARGEST_SIZE}"
    for question in questions:
        if max(numbers(question.expected())) > LARGEST_COUNT:
            return f"{question.quantity} is above {LARGEST_COUNT:,}"
    return next(filter(None, map(_coincidence, questions)), "")


def formulas(questions: Sequence[Question]) -> tuple[str, ...]:
    """What somebody goes through who works all of it out: each layer's sizes and counts.

    >>> from course import layers as L
    >>> formulas([Question(L.Dense(10), (20,), "param_count")])
    ('D_out = U', 'parameters = D_in × U + U')
    """
    asked = dict.fromkeys(q.quantity for q in questions if q.quantity in COUNTS)
    return tuple(
        f"{step.name} = {step.formula}"
        for layer, before, _ in _way(questions[0])
        for quantity in ("output_shape", *asked)
        for step in layer.derivation(quantity, before).steps
    )


def _coincidence(question: Question) -> str:
    alike = [" with ".join(names) for names in coincidence(question)]
    if len(alike) == 1:
        return f"{alike[0]} gives the right {question.quantity}"
    return f"{alike[0]} and {alike[1]} give the same {question.quantity}" if alike else ""


def _way(question: Question) -> Iterator[tuple[Any, Shape, Shape]]:
    """Each layer of the whole stack with the shapes before it and after it."""
    before = question.input_shape
    for layer in Question(question.layer, before, "output_shape").chain:
        after = layer.output_shape(before)
        yield layer, before, after
        before = after
