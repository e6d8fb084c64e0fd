"""The misconceptions: each rule stands beside the change that it makes, a file a facet.

biases.py            how many biases there are, and of what
weights.py           what has a weight: window, channels, filters
positions.py         how often a weight counts
convolution_kinds.py groups, depthwise, dilated, channels first
sizes.py             heights and widths: how far a window moves, how large it is
padding.py           what padding makes of a size
rounding.py          a size rounded the wrong way, or not at all
depth.py             depths, and all values in one row
pads.py              the zeros that a layer adds, side by side
receptive_field.py   how much of the input an output sees

Here is their order. A name may stand for several rules, because one misconception may have
several sums: a window counted along one side only may be counted by its height or by its width.
Of a pair, each must concern something else (`facet`), and they are applied in the order of FACETS.
"""

from autograder.misconceptions.layer_trees import LayerTrees
from autograder.misconceptions.rules import (
    biases,
    convolution_kinds,
    depth,
    padding,
    positions,
    rounding,
    sizes,
    weights,
)
from autograder.misconceptions.rules.pads import PAD_RULES, pads_under
from autograder.misconceptions.rules.receptive_field import FIELD_RULES, field_under
from autograder.misconceptions.rules.rule import Rule, pairs

__all__ = [
    "FACETS",
    "FIELD_RULES",
    "PAD_RULES",
    "RULES",
    "Rule",
    "field_under",
    "pads_under",
    "pairs",
]

FACETS = (
    "data format",
    "training",
    "arguments",
    "pooling",
    "padding",
    "window",
    "input depth",
    "filters",
    "factors",
    "strides",
    "plus one",
    "rounding",
    "output depth",
    "axes",
    "biases",
    "places",
    "operations",
)

RULES: tuple[Rule[LayerTrees], ...] = (
    # Counts, likeliest first.
    *biases.NO_BIAS,
    *weights.INPUT_CHANNELS_IGNORED,
    *weights.KERNEL_NOT_SQUARED,
    *weights.ONE_FILTER_COUNTED,
    *biases.BIAS_ONCE,
    *positions.NOT_SHARED,
    *positions.SHARED,
    *biases.BIAS_PER_INPUT_CHANNEL,
    *biases.BIAS_TWICE,
    *biases.BIAS_PER_POSITION,
    *positions.FULLY_CONNECTED,
    *biases.BIASES_COUNTED,
    *positions.TIMES_INPUT_POSITIONS,
    *positions.POSITIONS_IGNORED,
    *weights.FACTORS_ADDED,
    *convolution_kinds.GROUPS_IGNORED,
    *convolution_kinds.ORDINARY_CONVOLUTION,
    *convolution_kinds.GAPS_COUNTED,
    *convolution_kinds.CHANNELS_MOVED,
    *weights.NOT_TRAINABLE_COUNTED,
    *weights.ONLY_TRAINABLE_COUNTED,
    *positions.OPERATIONS_COUNTED,
    *positions.COUNTS_POOLING_PARAMETERS,
    # Sizes and depths, likeliest first.
    *depth.CHANNELS_LOST,
    *sizes.POOLING_IGNORED,
    *depth.GLOBAL_POOLING_IGNORED,
    *padding.VALID_FOR_SAME,
    *sizes.STRIDE_IGNORED,
    *padding.PADDING_IGNORED,
    *sizes.PLUS_ONE_FORGOTTEN,
    *padding.SAME_FOR_VALID,
    *rounding.CEIL_FOR_FLOOR,
    *rounding.FLOOR_FOR_CEIL,
    *rounding.FRACTION_KEPT,
    *padding.PADDING_ONE_SIDE,
    *depth.DEPTH_FROM_INPUT,
    *depth.DEPTH_TIMES_INPUT,
    *depth.ONE_FILTER_GIVES_THE_DEPTH,
    *sizes.HEIGHT_WIDTH_SWAPPED,
    *depth.SIZES_ADDED,
    *sizes.DILATION_IGNORED,
)
