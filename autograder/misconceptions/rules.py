"""The misconceptions, likeliest first: what each changes, and what to reconsider.

A name may stand for several rules, because one misconception may have several sums: a window
counted along one side only may be counted by its height or by its width. Of a pair, each must
concern something else (`facet`), and they are applied in the order of FACETS.
"""

from autograder.misconceptions import counts, sizes
from autograder.misconceptions.rule import Rule
from autograder.misconceptions.trees import has, only_if, without
from course import arithmetic
from course.expression import Leaf, plus, product, rebuilt

FACETS = (
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
)


SUM = ("window", "input depth", "filters", "factors", "places")
VALID, SAME, EXPLICIT = ("valid",), ("same", "causal"), ("explicit",)
TO_VALID = {"same": arithmetic.transposed_valid_size}
TO_SAME = {"valid": arithmetic.transposed_same_size}

RULES = (
    Rule(
        "no-bias",
        "biases",
        only_if(lambda work: work.weights is not None, counts.on_biases(lambda work, biases: None)),
        "These are the weights alone. What does each {each} have besides its weights?",
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        counts.weights_without("D_in"),
        "Here the filters are one channel deep. How deep must a filter be to see all of its input?",
    ),
    Rule(
        "kernel-not-squared",
        "window",
        counts.one_side_of_window(0),
        "Here the window is counted along one side only. "
        "How many weights lie in a window that has a height and a width?",
    ),
    Rule(
        "kernel-not-squared",
        "window",
        counts.one_side_of_window(-1),
        "Here the window is counted along its width only. "
        "How many weights lie in a window that has a height and a width?",
    ),
    Rule(
        "channels-lost",
        "input depth",
        sizes.flat(lambda factors: product(*factors[:-1])),
        "Here every place holds one number. How many channels does it have?",
    ),
    Rule(
        "pooling-ignored",
        "pooling",
        sizes.on_sizes(sizes.pooling_ignored),
        "This is the size before the pooling. What does pooling do to height and width?",
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
        sizes.each_size(without("S")),
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
        ("padding", "strides"),
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
        "Here the quotient is rounded down. What becomes of the pixels that are left over, when "
        "zeros fill up their window?",
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
        "Here the padding is added once. On how many sides of the input does it lie?",
    ),
    Rule(
        "depth-from-input",
        "output depth",
        sizes.on_depth(lambda depth, depth_in: depth_in),
        "This is the depth of what goes in. What decides how many channels come out?",
    ),
    Rule(
        "depth-times-input",
        "output depth",
        sizes.on_depth(product),
        "Here each filter gives a channel for every channel of the input. "
        "What does a filter do with the products of the input's channels?",
    ),
    Rule(
        "filters-ignored",
        "filters",
        counts.single_filter,
        "This counts a single filter. How many does the layer have?",
    ),
    Rule(
        "filters-ignored",
        "output depth",
        sizes.on_depth(lambda depth, depth_in: Leaf(1)),
        "That would be the output of a single filter. How many does the layer have?",
    ),
    Rule(
        "bias-once",
        "biases",
        counts.on_biases(lambda work, biases: Leaf(1)),
        "Here one bias serves the whole layer. Does every {each} make do with the same bias?",
    ),
    Rule(
        "bias-once",
        "biases",
        only_if(
            lambda work: has(work.biases, "W_out"),
            counts.on_biases(lambda work, biases: rebuilt(biases, without("W_out"))),
        ),
        "Here a filter has one bias for all places. Is anything shared between places here?",
    ),
    Rule(
        "not-shared",
        "places",
        only_if(counts.shares, counts.on_both(counts.per_place)),
        "Here every place of the output has weights of its own. "
        "Does a filter get new weights when it moves on?",
    ),
    Rule(
        "shared",
        "places",
        only_if(lambda work: not counts.shares(work) and counts.slides(work), counts.shared),
        "Here all places use the same weights. Does this layer share them?",
    ),
    Rule(
        "bias-per-input-channel",
        "biases",
        only_if(
            counts.slides,
            counts.on_biases(
                lambda work, biases: product(biases, *counts.depth_in(work)),
            ),
        ),
        "Here each filter has a bias for every channel of the input. "
        "Is the bias added before the channels are summed, or after?",
    ),
    Rule(
        "bias-twice",
        "biases",
        counts.on_biases(lambda work, biases: product(Leaf(2), biases)),
        "Here each bias is counted twice. How many biases does one {each} have?",
    ),
    Rule(
        "bias-per-position",
        "biases",
        only_if(counts.shares, counts.on_biases(counts.per_place)),
        "Here every place of the output has a bias of its own. "
        "Does a filter get a new bias when it moves on?",
        ("places",),
    ),
    Rule(
        "fully-connected",
        "places",
        only_if(counts.slides, counts.fully_connected),
        "Here every output is joined to every input. "
        "How much of the input does one output of this layer see?",
        SUM,
    ),
    Rule(
        "height-width-swapped",
        "axes",
        sizes.swapped,
        "Height and width have changed places. Which of them comes first in a shape?",
    ),
    Rule(
        "biases-counted",
        "biases",
        counts.with_biases,
        "Biases are counted here too. Should they be? Look at the question and at use_bias.",
    ),
    Rule(
        "times-input-positions",
        "places",
        only_if(counts.shares, counts.on_both(counts.per_input_place)),
        "Here the weights are counted once for every place of the input. "
        "Does a filter get new weights when it moves on?",
    ),
    Rule(
        "times-input-positions",
        "places",
        counts.at_input_places,
        "Here the window stands at every place of the input. At how many places does it stand?",
    ),
    Rule(
        "positions-ignored",
        "places",
        counts.places_ignored,
        "Here each weight is used once. At how many places is it used?",
    ),
    Rule(
        "added-not-multiplied",
        "factors",
        counts.factors_added,
        "Here numbers are added that belong in a product. If each of three units is joined to "
        "four inputs, how many connections are there?",
        SUM,
    ),
    Rule(
        "added-not-multiplied",
        "factors",
        sizes.flat(lambda factors: plus(*factors)),
        "Here numbers are added that belong in a product. How many values does a grid hold?",
    ),
    Rule(
        "groups-ignored",
        "input depth",
        counts.weights_without("g"),
        "Here every filter sees all channels of the input. Which share does a group leave it?",
    ),
    Rule(
        "dilation-ignored",
        "window",
        sizes.on_sizes(sizes.undilated),
        "This is the size without the gaps of the dilation. How wide is a window with them?",
    ),
    *(
        Rule(
            "counts-pooling-parameters",
            "places",
            counts.like_convolution(depths, biases=biases),
            "Here the pooling is counted like a convolution. What would training change in it?",
        )
        for depths in (0, 1, 2)
        for biases in (False, True)
    ),
)
