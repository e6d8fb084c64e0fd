"""The formulas, each a pure function on whole numbers.

Shapes are (height, width, channels), batch left out. A function's parameters carry the letters
that the field uses. It must do with + - * // % `prod` and the other functions here: then it takes
the letters of a formula too, and `course.derivation` shows what it makes of them, so that the
formula shown is the formula that ran. `a // b` rounds down, `-(-a // b)` rounds up.

Letters: K filters, F kernel or pool size, S strides, P padding, d dilation rate, g groups,
D_in depth of the input, m depth multiplier, W a size along one axis (height or width), o an
output size, U units.
Where a letter stands for one number per axis (F, W_out) it is a tuple, multiplied by `prod`; in
`receptive_field` there is one per window on the way.

Sources: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016);
Stanford's CS231n notes; the Keras documentation, checked against Keras in the tests.
"""

from course.arithmetic.counts import (
    adapted_params,
    conv_macs,
    conv_params,
    conv_weights,
    dense_macs,
    dense_params,
    dense_weights,
    depthwise_biases,
    depthwise_macs,
    depthwise_params,
    depthwise_weights,
    dot_macs,
    grouped_conv_macs,
    grouped_conv_params,
    grouped_conv_weights,
    separable_macs,
    separable_params,
    separable_weights,
    transposed_macs,
    unshared_biases,
    unshared_params,
    unshared_weights,
    vector_params,
)
from course.arithmetic.fields import receptive_field
from course.arithmetic.sizes import (
    broadcast_size,
    causal_padding,
    cropped_size,
    effective_size,
    exact_div,
    explicit_size,
    joined_size,
    larger,
    larger_half,
    left_over,
    padded_size,
    repeated_size,
    same_padding,
    same_size,
    smaller_half,
    transposed_same_padded_size,
    transposed_same_size,
    transposed_valid_padded_size,
    transposed_valid_size,
    two_sided_size,
    unchanged,
    valid_size,
    volume,
)

__all__ = [
    "adapted_params",
    "broadcast_size",
    "causal_padding",
    "conv_macs",
    "conv_params",
    "conv_weights",
    "cropped_size",
    "dense_macs",
    "dense_params",
    "dense_weights",
    "depthwise_biases",
    "depthwise_macs",
    "depthwise_params",
    "depthwise_weights",
    "dot_macs",
    "effective_size",
    "exact_div",
    "explicit_size",
    "grouped_conv_macs",
    "grouped_conv_params",
    "grouped_conv_weights",
    "joined_size",
    "larger",
    "larger_half",
    "left_over",
    "padded_size",
    "receptive_field",
    "repeated_size",
    "same_padding",
    "same_size",
    "separable_macs",
    "separable_params",
    "separable_weights",
    "smaller_half",
    "transposed_macs",
    "transposed_same_padded_size",
    "transposed_same_size",
    "transposed_valid_padded_size",
    "transposed_valid_size",
    "two_sided_size",
    "unchanged",
    "unshared_biases",
    "unshared_params",
    "unshared_weights",
    "valid_size",
    "vector_params",
    "volume",
]
