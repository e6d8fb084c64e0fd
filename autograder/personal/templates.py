"""Exercises of which every student gets a variant, unit by unit; see `personal.variants`."""

from itertools import permutations

from autograder.personal.variants import Template
from course import Stack
from course import layers as L

DENSE = Template(
    exercise="01-fully-connected/ex5",
    layer=L.Dense,
    choices={"units": range(12, 100)},
    input_shape=(range(101, 500),),
    quantities=("weight_count", "param_count"),
)
"""Every unit sees every input."""


def dense_on_image(units: int) -> Stack:
    """All numbers of an image in one row, and units that see them all."""
    return Stack([L.Flatten(), L.Dense(units)])


DENSE_IMAGE = Template(
    exercise="01-fully-connected/ex5b",
    layer=dense_on_image,
    choices={"units": range(12, 40)},
    input_shape=(range(10, 20), range(10, 20), range(3, 6)),
    quantities=("param_count",),
)
"""Every unit sees every channel of every pixel."""

CONV = Template(
    exercise="02-convolution/ex6",
    layer=L.Conv2D,
    choices={"filters": range(12, 65), "kernel_size": range(2, 8)},
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape", "weight_count", "param_count"),
)
"""K filters as deep as their input, moved by one."""


def two_convolutions(first: int, kernel_size: int, last: int) -> Stack:
    """The second one's filters are as deep as the first has filters."""
    return Stack([L.Conv2D(first, kernel_size), L.Conv2D(last, kernel_size)])


CONV_TWICE = Template(
    exercise="02-convolution/ex6b",
    layer=two_convolutions,
    choices={"first": range(12, 33), "kernel_size": range(3, 6), "last": range(12, 33)},
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("param_count",),
)
"""The parameters of two layers, one after the other."""

PADDED = Template(
    exercise="03-padding/ex5",
    layer=L.Conv2D,
    choices={"filters": range(12, 65), "kernel_size": range(4, 10), "padding": range(2, 5)},
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape",),
)
"""P zeros on every side, moved by one."""

SAME_PADS = Template(
    exercise="03-padding/ex5b",
    layer=L.Conv2D,
    # Where nothing is skipped the zeros follow from the window alone, so take one with two sides.
    choices={
        "filters": range(12, 65),
        "kernel_size": tuple(permutations(range(4, 10), 2)),
        "padding": ("same",),
    },
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape", "padding_amounts"),
)
"""The zeros that 'same' adds, moved by one."""

STRIDE = Template(
    exercise="04-stride/ex5",
    layer=L.Conv2D,
    # With other windows, or fewer zeros, two of the many ways to go wrong here meet.
    choices={
        "filters": range(12, 65),
        "kernel_size": (6, 8, 9),
        "strides": (2,),
        "padding": (3, 4),
    },
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape",),
)
"""P zeros on every side, moved by two."""

STRIDE_3 = Template(
    exercise="04-stride/ex5b",
    layer=L.Conv2D,
    # As for two; these windows and zeros are among the few that tell all mistakes apart.
    choices={
        "filters": range(12, 65),
        "kernel_size": (8, 9),
        "strides": (3,),
        "padding": (4, 6),
    },
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape",),
)
"""P zeros on every side, moved by three."""

POOLING = Template(
    exercise="05-pooling/ex2",
    layer=L.MaxPooling2D,
    choices={"pool_size": range(3, 7), "strides": range(2, 5)},
    input_shape=(range(20, 100), range(20, 100), range(12, 65)),
    quantities=("output_shape",),
)
"""Windows that overlap or leave gaps, and a rest at the edge."""

AVERAGE = Template(
    exercise="05-pooling/ex2b",
    layer=L.AveragePooling2D,
    choices={"pool_size": range(3, 7), "strides": range(2, 5)},
    input_shape=(range(20, 100), range(20, 100), range(12, 65)),
    quantities=("output_shape",),
)
"""The same windows, and the mean of each."""

UNSHARED = Template(
    exercise="06-parameter-sharing/ex1",
    layer=L.LocallyConnected2D,
    # A window larger than its stride by two or more tells rounding up from 'same'.
    choices={"filters": range(5, 10), "kernel_size": range(5, 8), "strides": range(3, 5)},
    input_shape=(range(16, 56), range(16, 56), range(3, 5)),
    quantities=("output_shape", "param_count"),
)
"""Weights of its own at every place."""

CONV_VALID = Template(
    exercise="07-conv-dims/ex8",
    layer=L.Conv2D,
    choices={
        "filters": range(12, 65),
        "kernel_size": range(3, 8),
        "strides": range(2, 5),
        "padding": ("valid",),
    },
    input_shape=(range(40, 100), range(40, 100), range(3, 10)),
    quantities=("output_shape", "param_count"),
)
"""Shape and parameters of a Conv2D with padding='valid'."""

CONV_SAME = Template(
    exercise="07-conv-dims/ex8b",
    layer=L.Conv2D,
    choices={
        "filters": range(12, 65),
        "kernel_size": range(3, 8),
        "strides": range(2, 5),
        "padding": ("same",),
    },
    input_shape=(range(40, 100), range(40, 100), range(3, 10)),
    quantities=("output_shape", "param_count"),
)
"""Shape and parameters of a Conv2D with padding='same'."""

DEPTHWISE = Template(
    exercise="06-parameter-sharing/depthwise",
    layer=L.DepthwiseConv2D,
    choices={"kernel_size": range(3, 8), "strides": range(2, 5), "depth_multiplier": range(2, 6)},
    input_shape=(range(20, 65), range(20, 65), range(12, 50)),
    quantities=("output_shape", "param_count"),
)
"""Filters one channel deep."""

SEPARABLE = Template(
    exercise="06-parameter-sharing/separable",
    layer=L.SeparableConv2D,
    choices={"filters": range(12, 65), "kernel_size": range(3, 8), "strides": range(2, 5)},
    input_shape=(range(20, 65), range(20, 65), range(12, 65)),
    quantities=("output_shape", "param_count"),
)
"""A depthwise convolution, then one of size 1."""

TRANSPOSED = Template(
    exercise="07-conv-dims/transposed",
    layer=L.Conv2DTranspose,
    choices={"filters": range(12, 65), "kernel_size": range(4, 8), "strides": range(2, 4)},
    input_shape=(range(12, 65), range(12, 65), range(3, 10)),
    quantities=("output_shape", "param_count"),
)
"""A convolution run backwards, without padding."""


def conv_pool_conv(filters: int, kernel_size: int, pool_size: int, last: int) -> Stack:
    """Two convolutions and a pooling between them."""
    return Stack(
        [
            L.Conv2D(filters, kernel_size),
            L.MaxPooling2D(pool_size, strides=2),
            L.Conv2D(last, kernel_size),
        ]
    )


STACK = Template(
    exercise="08-model-summary/ex6",
    layer=conv_pool_conv,
    choices={
        "filters": range(12, 33),
        "kernel_size": range(3, 6),
        "pool_size": range(3, 5),
        "last": range(12, 33),
    },
    input_shape=(range(30, 65), range(30, 65), range(3, 10)),
    quantities=("output_shape", "param_count"),
)
"""Shape and parameters followed through three layers."""


def small_cnn(filters: int, kernel_size: int, pool_size: int, last: int, units: int) -> Stack:
    """Convolution, pooling, convolution, and a classifier after them."""
    layers = conv_pool_conv(filters, kernel_size, pool_size, last).layers
    return Stack([*layers, L.Flatten(), L.Dense(units)])


SUMMARY = Template(
    exercise="08-model-summary/ex6b",
    layer=small_cnn,
    choices={
        "filters": range(12, 33),
        "kernel_size": range(3, 6),
        "pool_size": range(3, 5),
        "last": range(12, 33),
        "units": range(3, 10),
    },
    input_shape=(range(20, 33), range(20, 33), range(3, 10)),
    quantities=(("output_shape", "conv2d_1"), "param_count"),
)
"""The total of a small network."""


def trained_cnn(filters: int, kernel_size: int, pool_size: int, last: int, units: int) -> Stack:
    """Two convolutions, a pooling after each, and a classifier with a dropout before it."""
    layers = conv_pool_conv(filters, kernel_size, pool_size, last).layers
    pooled = L.MaxPooling2D(pool_size, strides=2)
    return Stack([*layers, pooled, L.Flatten(), L.Dropout(0.25), L.Dense(units)])


TRAINED = Template(
    exercise="09-train-a-cnn/ex4",
    layer=trained_cnn,
    choices={
        "filters": range(12, 33),
        "kernel_size": range(3, 6),
        "pool_size": (3,),
        "last": range(12, 65),
        "units": range(3, 10),
    },
    input_shape=(range(24, 65), range(24, 65), range(3, 10)),
    quantities=(("output_shape", "conv2d_1"), "param_count"),
)
"""A shape within a network, and the parameters of all of it."""

TEMPLATES = (
    DENSE,
    DENSE_IMAGE,
    CONV,
    CONV_TWICE,
    PADDED,
    SAME_PADS,
    STRIDE,
    STRIDE_3,
    POOLING,
    AVERAGE,
    UNSHARED,
    CONV_VALID,
    CONV_SAME,
    DEPTHWISE,
    SEPARABLE,
    TRANSPOSED,
    STACK,
    SUMMARY,
    TRAINED,
)
"""All of them, in the order of the units."""
