"""Exercises of which every student gets a variant, unit by unit; see `autograder.variants`."""

from autograder.variants import Template
from course import Stack
from course import layers as L

DENSE = Template(
    exercise="01-fully-connected/personal",
    layer=L.Dense,
    choices={"units": range(12, 100)},
    input_shape=(range(101, 500),),
    quantities=("weight_count", "param_count"),
)
"""Every unit sees every input."""

CONV = Template(
    exercise="02-convolution/personal",
    layer=L.Conv2D,
    choices={"filters": range(12, 65), "kernel_size": range(2, 8)},
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape", "weight_count", "param_count"),
)
"""K filters as deep as their input, moved by one."""

PADDED = Template(
    exercise="03-padding/personal",
    layer=L.Conv2D,
    choices={"filters": range(12, 65), "kernel_size": range(4, 10), "padding": range(2, 5)},
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape",),
)
"""P zeros on every side, moved by one."""

SAME_PADS = Template(
    exercise="03-padding/zeros",
    layer=L.Conv2D,
    choices={
        "filters": range(12, 65),
        "kernel_size": range(4, 10),
        "strides": range(2, 6),
        "padding": ("same",),
    },
    input_shape=(range(20, 65), range(20, 65), range(3, 10)),
    quantities=("output_shape", "padding_amounts"),
)
"""The zeros that 'same' adds."""

STRIDE = Template(
    exercise="04-stride/personal",
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

POOLING = Template(
    exercise="05-pooling/personal",
    layer=L.MaxPooling2D,
    choices={"pool_size": range(3, 7), "strides": range(2, 5)},
    input_shape=(range(20, 100), range(20, 100), range(12, 65)),
    quantities=("output_shape",),
)
"""Windows that overlap or leave gaps, and a rest at the edge."""

UNSHARED = Template(
    exercise="06-parameter-sharing/personal",
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
    exercise="08-model-summary/stack",
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
    """Convolution, pooling, convolution, and a classifier behind them."""
    layers = conv_pool_conv(filters, kernel_size, pool_size, last).layers
    return Stack([*layers, L.Flatten(), L.Dense(units)])


SUMMARY = Template(
    exercise="08-model-summary/personal",
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

TEMPLATES = (
    DENSE,
    CONV,
    PADDED,
    SAME_PADS,
    STRIDE,
    POOLING,
    UNSHARED,
    CONV_VALID,
    CONV_SAME,
    DEPTHWISE,
    SEPARABLE,
    TRANSPOSED,
    STACK,
    SUMMARY,
)
"""All of them, in the order of the units."""
