"""The misconceptions about sizes and depths, likeliest first; see rules.py."""

from autograder.misconceptions import sizes
from autograder.misconceptions.counts import slides, sums_channels
from autograder.misconceptions.rule import Rule
from autograder.misconceptions.trees import only_if
from course import arithmetic
from course.expression import Leaf, plus, product
from course.layers import Dense

VALID, SAME, EXPLICIT = ("valid",), ("same", "causal"), ("explicit",)
TO_VALID = {"same": arithmetic.transposed_valid_size}
TO_SAME = {"valid": arithmetic.transposed_same_size}

SIZE_RULES = (
    Rule(
        "channels-lost",
        "input depth",
        sizes.flat(lambda factors: product(*factors[:-1])),
        "Here every place holds a single number. How many channels are there at each place?",
    ),
    Rule(
        "pooling-ignored",
        "pooling",
        sizes.on_sizes(sizes.pooling_ignored),
        "This is the size before the pooling. What does pooling do to it?",
    ),
    Rule(
        "pooling-ignored",
        "pooling",
        sizes.global_pooling_ignored,
        "Here everything that goes in is kept. What does a global pooling leave of each channel?",
    ),
    Rule(
        "valid-for-same",
        "padding",
        sizes.transposed(sizes.replaced(SAME, arithmetic.valid_size), TO_VALID),
        "This is the size that padding='valid' gives. Which padding does the layer have?",
    ),
    Rule(
        "stride-ignored",
        "strides",
        sizes.on_sizes(sizes.stride_ignored),
        "This is the size with a stride of one. How far does the window move each time here?",
    ),
    Rule(
        "padding-ignored",
        "padding",
        sizes.on_sizes(sizes.padding_ignored),
        "Here the padding is left out. How much larger do its zeros make the input?",
    ),
    Rule(
        "plus-one-forgotten",
        "plus one",
        sizes.each_size(sizes.no_plus_one),
        "This counts how often the window moves. Where does it stand before it moves at all?",
        ("strides",),
    ),
    Rule(
        "same-for-valid",
        "padding",
        sizes.transposed(sizes.replaced(VALID + EXPLICIT, arithmetic.same_size), TO_SAME),
        "This is the size that padding='same' gives. Which padding does the layer have?",
    ),
    Rule(
        "ceil-for-floor",
        "rounding",
        sizes.each_size(sizes.rounded("floor", "ceil")),
        "Here the quotient is rounded up. Does a window count that sticks out over the edge?",
    ),
    Rule(
        "floor-for-ceil",
        "rounding",
        sizes.each_size(sizes.rounded("ceil", "floor")),
        "Here the quotient is rounded down. What becomes of the pixels that are left over, with "
        "padding='same'?",
    ),
    Rule(
        "fraction-kept",
        "rounding",
        sizes.each_size(sizes.unrounded),
        "A size counts the places where the window stands, and there is no part of a place. "
        "Which way is this rounded here?",
    ),
    Rule(
        "fraction-kept",
        "rounding",
        sizes.fraction_of(arithmetic.explicit_size, SAME),
        "A size counts the places where the window stands, and there is no part of a place. "
        "Which formula holds for padding='same', and which way is it rounded?",
    ),
    Rule(
        "padding-one-side",
        "padding",
        sizes.each_size(sizes.one_side("P_2")),
        "Here only the zeros of one side are added. On how many sides of the input do they lie?",
    ),
    Rule(
        "depth-from-input",
        "output depth",
        only_if(slides, sizes.on_depth(lambda depth, depth_in: depth_in)),
        "This is the depth of what goes in. What decides how many channels come out?",
    ),
    Rule(
        "depth-from-input",
        "output depth",
        only_if(
            lambda work: isinstance(work.layer, Dense),
            sizes.on_depth(lambda depth, depth_in: depth_in),
        ),
        "This is the number of inputs. What decides how many numbers a dense layer gives?",
    ),
    Rule(
        "depth-times-input",
        "output depth",
        only_if(sums_channels, sizes.on_depth(product)),
        "Here each filter gives a channel for every channel of the input. "
        "What does a filter do with the products of the input's channels?",
    ),
    Rule(
        "filters-ignored",
        "output depth",
        sizes.on_depth(lambda depth, depth_in: Leaf(1)),
        "That would be the output of a single {each}. How many does the layer have?",
    ),
    Rule(
        "height-width-swapped",
        "axes",
        sizes.swapped,
        "Height and width have changed places. Which of them comes first in a shape?",
    ),
    Rule(
        "height-width-swapped",
        "arguments",
        sizes.arguments_swapped,
        "Here the layer's numbers for height and width have changed places. "
        "Which of them comes first?",
        ("axes", "padding"),
    ),
    Rule(
        "added-not-multiplied",
        "factors",
        sizes.flat(lambda factors: plus(*factors)),
        "Here numbers are added that belong in a product. How many values does a grid hold?",
    ),
    Rule(
        "dilation-ignored",
        "window",
        sizes.on_sizes(sizes.undilated),
        "This is the size without the gaps of the dilation. How wide is a window with them?",
    ),
)
