"""The misconceptions about counts, likeliest first; see rules.py."""

from autograder.misconceptions import counts, kinds
from autograder.misconceptions.rule import Rule
from autograder.misconceptions.trees import has, only_if, without
from course.expression import Leaf, product, rebuilt
from course.layers import Dense
from course.layers.depthwise import Depthwise, Separable

SUM = ("window", "input depth", "filters", "factors", "places")
APART = (Depthwise, Separable)

COUNT_RULES = (
    Rule(
        "no-bias",
        "biases",
        only_if(lambda work: work.weights is not None, counts.on_biases(lambda work, biases: None)),
        "These are the weights alone. What does each {each} have besides its weights?",
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda work: not isinstance(work.layer, APART), counts.weights_without("D_in")),
        "Here the filters are one channel deep. How many channels of its input does a filter see?",
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda work: isinstance(work.layer, APART), counts.weights_without("D_in")),
        "Here the input counts as one channel. What does the layer do with each of its channels?",
    ),
    Rule(
        "input-channels-ignored",
        "input depth",
        only_if(lambda work: isinstance(work.layer, Depthwise), counts.channels_left_out),
        "Here the input counts as one channel. What does the layer do with each of its channels?",
        ("biases",),
    ),
    Rule(
        "kernel-not-squared",
        "window",
        counts.sides_of_window(slice(0, 1)),
        "Here the window is counted along one side only. "
        "How many pixels does the whole window cover?",
    ),
    Rule(
        "kernel-not-squared",
        "window",
        counts.sides_of_window(slice(-1, None)),
        "Here the window is counted along its width only. "
        "How many pixels does the whole window cover?",
    ),
    Rule(
        "kernel-not-squared",
        "window",
        counts.sides_of_window(slice(0, 2)),
        "Here the window is counted as if it were flat. Along how many axes does it reach?",
    ),
    Rule(
        "filters-ignored",
        "filters",
        counts.single_filter,
        "This counts a single {each}. How many does the layer have?",
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
        only_if(counts.sums_channels, counts.on_biases(counts.per_input)),
        "Here each filter has a bias for every channel of the input. "
        "Is the bias added before the channels are summed, or after?",
    ),
    Rule(
        "bias-per-input-channel",
        "biases",
        only_if(lambda work: isinstance(work.layer, Dense), counts.on_biases(counts.per_input)),
        "Here each input has a bias. Is the bias added to the inputs, or to what a unit makes of "
        "them?",
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
        "fully-connected",
        "places",
        kinds.dense_on_flat,
        "Here each unit is joined to the whole input. Is there a Flatten in front of this layer? "
        "Along which axis does it look without one?",
        SUM,
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
        "groups-ignored",
        "input depth",
        counts.groups_ignored,
        "Here every filter sees all channels of the input. How many are in its group?",
    ),
    Rule(
        "ordinary-convolution",
        "input depth",
        kinds.ordinary_convolution,
        "This is what an ordinary convolution has. How does this layer treat the channels of its "
        "input?",
    ),
    Rule(
        "gaps-counted",
        "window",
        kinds.gaps_counted,
        "Here the gaps of the dilation have weights too. "
        "What does a filter do with the pixels that it skips?",
    ),
    Rule(
        "channels-moved",
        "data format",
        kinds.read_channels_last,
        "Here the last number of the input's shape is taken for its depth. "
        "Where does the depth stand with this data_format?",
        ("input depth",),
    ),
    Rule(
        "not-trainable-counted",
        "training",
        kinds.trainable_or_not("trainable_count", "param_count"),
        "Here all parameters are counted. Which of them does training leave as they are?",
    ),
    Rule(
        "only-trainable-counted",
        "training",
        kinds.trainable_or_not("param_count", "trainable_count"),
        "Here only what training changes is counted. What else does the layer keep?",
    ),
    Rule(
        "operations-counted",
        "operations",
        counts.operations,
        "Here multiplications and additions are counted apart. "
        "What does one multiply-accumulate hold?",
    ),
    *(
        Rule(
            "counts-pooling-parameters",
            "places",
            kinds.pooling_like_convolution(depths, biases=biases),
            "Here the pooling is counted like a convolution. What would training change in it?",
        )
        for depths in (0, 1, 2)
        for biases in (False, True)
    ),
)
