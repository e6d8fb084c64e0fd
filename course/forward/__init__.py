"""The forward pass in NumPy, for looking inside: what each layer computes, value by value.

Images are (height, width, channels), or a batch with one more axis in front. Whole numbers give
whole numbers, with sums of products in int64; their mean, sigmoid, tanh or softmax is float64.
Sizes and pads come from the layer specs, and so do most errors.
"""

from course.forward.arrays import weight_shapes
from course.forward.filter_equations import filter_equations
from course.forward.layer_runner import activations, forward
from course.forward.operations import (
    average_pool,
    convolve,
    dense,
    flatten,
    max_pool,
    pad,
    relu,
    sigmoid,
    softmax,
    tanh,
    unshared,
)

__all__ = [
    "activations",
    "average_pool",
    "convolve",
    "dense",
    "filter_equations",
    "flatten",
    "forward",
    "max_pool",
    "pad",
    "relu",
    "sigmoid",
    "softmax",
    "tanh",
    "unshared",
    "weight_shapes",
]
