"""How a receptive field is counted wrongly: r = 1 + sum of (F - 1) times the strides before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.misconceptions.rule import Rule, Rules
from course.expression import Expression, Leaf, Product, Sum, plus
from course.layers import Layer
from course.layers.base import Shape
from course.layers.convolution import Convolving
from course.layers.pooling import Pool


@dataclass(frozen=True)
class Field:
    """The windows on the way, as (layer, window, stride) along one axis, and where it begins."""

    axis: int
    windows: tuple[tuple[Layer, int, int], ...]
    start: int = 1

    @property
    def tree(self) -> Expression:
        """The receptive field."""
        terms: list[Expression] = [Leaf(self.start)] if self.start else []
        jumps: list[Leaf] = []
        for _, window, stride in self.windows:
            terms.append(Product((Sum(((1, Leaf(window, "F")), (-1, Leaf(1)))), *jumps)))
            jumps += [Leaf(stride, "S")] * (stride > 1)
        return plus(*terms)


def field_under(
    chain: Sequence[Layer], shape: Shape, rules: Rules
) -> tuple[Expression, ...] | None:
    """The receptive field along each axis, as somebody with these misconceptions counts it."""
    windows: list[tuple[Layer, tuple[tuple[int, int], ...]]] = []
    for layer in chain:
        sight = layer.windows(shape)
        if isinstance(sight, tuple):
            windows.append((layer, sight))
        elif sight != "unchanged":
            return None
        shape = layer.output_shape(shape)
    axes = range(len(shape) - 1) if windows else ()
    fields = [
        Field(axis, tuple((layer, *sight[axis]) for layer, sight in windows)) for axis in axes
    ]
    for rule in rules:
        fields = [rule.change(field) for field in fields]
    return tuple(field.tree for field in fields)


def _undilated(field: Field) -> Field:
    windows = tuple(
        (layer, layer.kernel_size[field.axis] if isinstance(layer, Convolving) else window, stride)
        for layer, window, stride in field.windows
    )
    return replace(field, windows=windows)


FIELD_RULES = (
    Rule(
        "stride-ignored",
        "strides",
        lambda field: replace(
            field, windows=tuple((layer, window, 1) for layer, window, _ in field.windows)
        ),
        "Here every window is as wide as it looks on its own input. "
        "How far apart in the image are two neighbours behind a stride?",
    ),
    Rule(
        "plus-one-forgotten",
        "start",
        lambda field: replace(field, start=0),
        "This counts what every layer adds. What does one pixel see before the first layer?",
    ),
    Rule(
        "pooling-ignored",
        "pooling",
        lambda field: replace(
            field,
            windows=tuple(place for place in field.windows if not isinstance(place[0], Pool)),
        ),
        "Here the poolings are left out. What does a pooling window add?",
    ),
    Rule(
        "dilation-ignored",
        "window",
        _undilated,
        "This leaves out the gaps of the dilation. How wide is a window with them?",
    ),
)
