"""Misconceptions about receptive fields: how a window, a stride or the first pixel is counted."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.misconceptions.rules.rule import Rule
from autograder.verdicts import text
from course.arithmetic import receptive_field
from course.derivation import Step
from course.expression import Expression, Leaf, Sum, added
from course.layers import Layer
from course.layers.base import Shape
from course.layers.convolution import Convolving
from course.layers.pooling import Pool


@dataclass(frozen=True)
class Field:
    """The windows on the way, as (layer, window, stride) along one axis, and whether the pixel is
    counted that is seen before the first of them."""

    axis: int
    windows: tuple[tuple[Layer, int, int], ...]
    counts_first: bool = True

    @property
    def tree(self) -> Expression:
        """The receptive field."""
        sizes = tuple(window for _, window, _ in self.windows)
        strides = tuple(stride for _, _, stride in self.windows)
        # A stride of 1 is left out of the products.
        letters = {
            "F": ("F",) * len(sizes),
            "S": tuple("S" if stride > 1 else "" for stride in strides),
        }
        tree = Step("r", receptive_field, (sizes, strides), letters).expression
        if self.counts_first:
            return tree
        return added(*tree.terms[1:]) if isinstance(tree, Sum) else Leaf(0)


def field_under(
    chain: Sequence[Layer], shape: Shape, rules: Sequence[Rule[Field]]
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
        fields = [rule.change(field) or field for field in fields]
    return tuple(field.tree for field in fields)


def _undilated(field: Field) -> Field:
    windows = tuple(
        (layer, layer.kernel_size[field.axis] if isinstance(layer, Convolving) else window, stride)
        for layer, window, stride in field.windows
    )
    return replace(field, windows=windows)


FIELD_RULES: tuple[Rule[Field], ...] = (
    Rule(
        "stride-ignored",
        "strides",
        lambda field: replace(
            field, windows=tuple((layer, window, 1) for layer, window, _ in field.windows)
        ),
        text(
            "stride-ignored.field",
            "Here every window is as wide as it looks on its own input. "
            "How far apart in the image are two neighbours after a stride?",
        ),
    ),
    Rule(
        "plus-one-forgotten",
        "start",
        lambda field: replace(field, counts_first=False),
        text(
            "plus-one-forgotten.field",
            "This counts what every layer adds. What does one pixel see before the first layer?",
        ),
    ),
    Rule(
        "pooling-ignored",
        "pooling",
        lambda field: replace(
            field,
            windows=tuple(place for place in field.windows if not isinstance(place[0], Pool)),
        ),
        text(
            "pooling-ignored.field",
            "Here the poolings are left out. What does a pooling window add?",
        ),
    ),
    Rule(
        "dilation-ignored",
        "window",
        _undilated,
        text(
            "dilation-ignored.field",
            "This leaves out the gaps of the dilation. How wide is a window with them?",
        ),
    ),
)
