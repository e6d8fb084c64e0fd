"""What can be asked, and what the numbers of an answer are called."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from autograder.verdicts import Text, text


class Quantity(NamedTuple):
    """Something that can be asked: the kind of its answer, and its name in a sentence."""

    kind: str
    name: Text


def _quantity(name: str, kind: str, words: str) -> tuple[str, Quantity]:
    return name, Quantity(kind, text(f"quantity.{name}", words))


QUANTITIES: Mapping[str, Quantity] = MappingProxyType(
    dict(
        (
            _quantity("output_shape", "shape", "the output shape"),
            _quantity("height", "number", "the height of the output"),
            _quantity("width", "number", "the width of the output"),
            _quantity("depth", "number", "the depth of the output"),
            _quantity("weight_count", "number", "the number of weights, biases not counted,"),
            _quantity("bias_count", "number", "the number of biases"),
            _quantity("param_count", "number", "the number of parameters"),
            _quantity("trainable_count", "number", "the number of trainable parameters"),
            _quantity("padding_amounts", "pads", "the zeros added on each side"),
            _quantity("macs", "number", "the number of multiply-accumulates for one image"),
            _quantity("receptive_field", "number", "the receptive field of one output"),
        )
    )
)
COUNTS = ("weight_count", "bias_count", "param_count", "trainable_count", "macs")
AXES = ("height", "width", "depth")

AXIS_NAMES = {axis: text(f"axis.{axis}", f"the {axis}") for axis in AXES}
PAIR_NAME = text("axis.pair", "pair {place}")
NUMBER_NAME = text("axis.number", "number {place}")
PAD_NAMES = (
    text("axis.pads-of-height", "the height (top, bottom)"),
    text("axis.pads-of-width", "the width (left, right)"),
)
