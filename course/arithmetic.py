"""The formulas, each a pure function on whole numbers.

Shapes are (height, width, channels), batch left out. A function's parameters carry the letters
that the field uses, and its body is one returned expression: `course.derivation` reads that
expression to show the working, so that the formula shown is the formula that ran. `a // b` rounds
down, `-(-a // b)` rounds up.

Letters: K filters, F kernel or pool size, S strides, P padding, d dilation rate, g groups,
D_in depth of the input, m depth multiplier, W a size along one axis (height or width), o an
output size, U units.
Where a letter stands for one number per axis (F, W_out) it is a tuple, multiplied by `prod`.

Sources: Dumoulin and Visin, "A guide to convolution arithmetic for deep learning" (2016);
Stanford's CS231n notes; the Keras documentation, checked against Keras in the tests.
"""

from collections.abc import Iterable
from math import prod

Sizes = Iterable[int]


def exact_div(a: int, b: int) -> int:
    """a / b where b is known to divide a.

    >>> exact_div(8, 4)
    2
    """
    return a // b


def unchanged(n: int) -> int:
    """A size that the layer leaves alone.

    >>> unchanged(28)
    28
    """
    return n


def effective_size(F: int, d: int) -> int:
    """The width that F cells take up when d - 1 cells are skipped between them (dilation).

    >>> effective_size(3, 2)
    5
    """
    return d * (F - 1) + 1


def valid_size(W: int, F: int, S: int) -> int:
    """Output size when the window stays inside the input (padding='valid').

    The same as ceil((W - F + 1) / S), the form that TensorFlow's documentation gives.

    >>> valid_size(28, 3, 2)
    13
    """
    return (W - F) // S + 1


def explicit_size(W: int, F: int, P: int, S: int) -> int:
    """Output size with P rows or columns added on both sides.

    >>> explicit_size(32, 8, 1, 2)
    14
    """
    return (W - F + 2 * P) // S + 1


def two_sided_size(W: int, F: int, P_1: int, P_2: int, S: int) -> int:
    """Output size with P_1 rows or columns added before and P_2 behind.

    >>> two_sided_size(128, 3, 0, 1, 2)
    64
    """
    return (W - F + P_1 + P_2) // S + 1


def same_size(W: int, S: int) -> int:
    """Output size for padding='same': the window's size plays no part.

    >>> same_size(128, 2)
    64
    """
    return -(-W // S)


def same_padding(W: int, F: int, S: int, o: int) -> int:
    """Rows or columns that padding='same' adds in all, so that o windows fit.

    >>> same_padding(128, 3, 2, 64)
    1
    """
    return max((o - 1) * S + F - W, 0)


def smaller_half(P: int) -> int:
    """The share of 'same' padding that goes on the top or left.

    >>> smaller_half(3)
    1
    """
    return P // 2


def larger_half(P: int) -> int:
    """The share of 'same' padding on the bottom or right: the odd one goes at the end.

    >>> larger_half(3)
    2
    """
    return -(-P // 2)


def causal_padding(F: int) -> int:
    """Zeros that padding='causal' puts in front, so that no output sees what comes later.

    >>> causal_padding(5)
    4
    """
    return F - 1


def padded_size(W: int, P_1: int, P_2: int) -> int:
    """A size after P_1 rows or columns were added before it and P_2 behind.

    >>> padded_size(5, 1, 1)
    7
    """
    return W + P_1 + P_2


def conv_weights(K: int, F: Sizes, D_in: int) -> int:
    """Weights of K filters that are as deep as the input; biases not counted.

    >>> conv_weights(32, (3, 3), 3)
    864
    """
    return K * prod(F) * D_in


def grouped_conv_weights(K: int, F: Sizes, D_in: int, g: int) -> int:
    """Weights of K filters in g groups: each filter sees only its group's share of the depth.

    >>> grouped_conv_weights(16, (3, 3), 8, 4)
    288
    """
    return K * prod(F) * exact_div(D_in, g)


def conv_params(K: int, F: Sizes, D_in: int) -> int:
    """Parameters of a convolution: its weights and one bias per filter.

    >>> conv_params(32, (3, 3), 3)
    896
    """
    return conv_weights(K, F, D_in) + K


def grouped_conv_params(K: int, F: Sizes, D_in: int, g: int) -> int:
    """Parameters of a convolution in g groups.

    >>> grouped_conv_params(16, (3, 3), 8, 4)
    304
    """
    return grouped_conv_weights(K, F, D_in, g) + K


def conv_macs(W_out: Sizes, K: int, F: Sizes, D_in: int) -> int:
    """Multiply-accumulates of a convolution for one image: every weight, at every position.

    >>> conv_macs((26, 26), 32, (3, 3), 1)
    194688
    """
    return prod(W_out) * conv_weights(K, F, D_in)


def grouped_conv_macs(W_out: Sizes, K: int, F: Sizes, D_in: int, g: int) -> int:
    """Multiply-accumulates of a convolution in g groups, for one image.

    >>> grouped_conv_macs((6, 6), 16, (3, 3), 8, 4)
    10368
    """
    return prod(W_out) * grouped_conv_weights(K, F, D_in, g)


def depthwise_weights(F: Sizes, D_in: int, m: int) -> int:
    """Weights of m filters for each channel of the input, each one channel deep.

    >>> depthwise_weights((3, 3), 32, 1)
    288
    """
    return prod(F) * D_in * m


def depthwise_biases(D_in: int, m: int) -> int:
    """Biases of a depthwise convolution: one per output channel.

    >>> depthwise_biases(32, 2)
    64
    """
    return D_in * m


def depthwise_params(F: Sizes, D_in: int, m: int) -> int:
    """Parameters of a depthwise convolution.

    >>> depthwise_params((3, 3), 32, 1)
    320
    """
    return depthwise_weights(F, D_in, m) + depthwise_biases(D_in, m)


def depthwise_macs(W_out: Sizes, F: Sizes, D_in: int, m: int) -> int:
    """Multiply-accumulates of a depthwise convolution for one image.

    >>> depthwise_macs((26, 26), (3, 3), 32, 1)
    194688
    """
    return prod(W_out) * depthwise_weights(F, D_in, m)


def separable_weights(K: int, F: Sizes, D_in: int, m: int) -> int:
    """Weights of a depthwise convolution followed by K filters of size 1.

    >>> separable_weights(64, (3, 3), 32, 1)
    2336
    """
    return depthwise_weights(F, D_in, m) + D_in * m * K


def separable_params(K: int, F: Sizes, D_in: int, m: int) -> int:
    """Parameters of a separable convolution: only the second part has biases.

    >>> separable_params(64, (3, 3), 32, 1)
    2400
    """
    return separable_weights(K, F, D_in, m) + K


def separable_macs(W_out: Sizes, K: int, F: Sizes, D_in: int, m: int) -> int:
    """Multiply-accumulates of a separable convolution for one image.

    >>> separable_macs((1, 1), 64, (3, 3), 32, 1)
    2336
    """
    return prod(W_out) * separable_weights(K, F, D_in, m)


def transposed_valid_size(W: int, F: int, S: int) -> int:
    """Output size of a transposed convolution with padding='valid'.

    >>> transposed_valid_size(4, 3, 2), transposed_valid_size(4, 2, 3)
    (9, 12)
    """
    return W * S + max(F - S, 0)


def transposed_valid_padded_size(W: int, F: int, S: int, P_out: int) -> int:
    """The same with output_padding given.

    >>> transposed_valid_padded_size(4, 3, 2, 1)
    10
    """
    return (W - 1) * S + F + P_out


def transposed_same_size(W: int, S: int) -> int:
    """Output size of a transposed convolution with padding='same'.

    >>> transposed_same_size(4, 2)
    8
    """
    return W * S


def transposed_macs(W_in: Sizes, K: int, F: Sizes, D_in: int) -> int:
    """Multiply-accumulates of a transposed convolution: every weight, for each place of the input.

    >>> transposed_macs((4, 4), 16, (3, 3), 32)
    73728
    """
    return prod(W_in) * conv_weights(K, F, D_in)


def transposed_same_padded_size(W: int, F: int, S: int, P_out: int) -> int:
    """The same with output_padding given.

    >>> transposed_same_padded_size(4, 3, 2, 0)
    7
    """
    return (W - 1) * S + F % 2 + P_out


def unshared_weights(W_out: Sizes, K: int, F: Sizes, D_in: int) -> int:
    """Weights of K filters that are not shared: another set at every output position.

    >>> unshared_weights((14, 14), 20, (8, 8), 3)
    752640
    """
    return prod(F) * D_in * prod(W_out) * K


def unshared_biases(W_out: Sizes, K: int) -> int:
    """Biases of an unshared layer: one for each output value.

    >>> unshared_biases((14, 14), 20)
    3920
    """
    return prod(W_out) * K


def unshared_params(W_out: Sizes, K: int, F: Sizes, D_in: int) -> int:
    """Parameters of an unshared layer.

    >>> unshared_params((14, 14), 20, (8, 8), 3)
    756560
    """
    return (prod(F) * D_in + 1) * prod(W_out) * K


def dense_weights(D_in: int, U: int) -> int:
    """Weights between D_in inputs and U units: each unit sees every input.

    >>> dense_weights(784, 784)
    614656
    """
    return D_in * U


def dense_params(D_in: int, U: int) -> int:
    """Parameters of a dense layer: its weights and one bias per unit.

    >>> dense_params(784, 784)
    615440
    """
    return dense_weights(D_in, U) + U


def dense_macs(n: Sizes, D_in: int, U: int) -> int:
    """Multiply-accumulates of a dense layer used at each of prod(n) positions.

    >>> dense_macs((), 1600, 10)
    16000
    """
    return prod(n) * dense_weights(D_in, U)


def volume(n: Sizes) -> int:
    """How many values a shape holds.

    >>> volume((5, 5, 64))
    1600
    """
    return prod(n)


# Normalization, merging, reshaping and activations ----------------------------------------------


def vector_params(v: int, n: Sizes) -> int:
    """Parameters of a normalization that keeps v vectors of prod(n) numbers each.

    >>> vector_params(4, (32,))
    128
    """
    return v * prod(n)


def adapted_params(v: int, n: Sizes) -> int:
    """Parameters of a normalization that keeps v vectors and a count of what it has seen.

    >>> adapted_params(2, (3,))
    7
    """
    return v * prod(n) + 1


def cropped_size(W: int, C_1: int, C_2: int) -> int:
    """A size after C_1 rows or columns were cut off before it and C_2 behind.

    >>> cropped_size(28, 2, 2)
    24
    """
    return W - C_1 - C_2


def repeated_size(W: int, r: int) -> int:
    """A size after each row or column was put r times in a row.

    >>> repeated_size(7, 2)
    14
    """
    return W * r


def left_over(n: Sizes, m: Sizes) -> int:
    """The size that is missing beside m, so that all prod(n) values find a place.

    >>> left_over((4, 6), (3, 2))
    4
    """
    return exact_div(prod(n), prod(m))


def joined_size(a: int, b: int) -> int:
    """The size of two inputs put one behind the other.

    >>> joined_size(64, 128)
    192
    """
    return a + b


def broadcast_size(a: int, b: int) -> int:
    """The size of two inputs that are combined value by value, where a single one is repeated.

    >>> broadcast_size(8, 1)
    8
    """
    return max(a, b)


def dot_macs(n: Sizes, m: int) -> int:
    """Multiply-accumulates of prod(n) dot products of m numbers each.

    >>> dot_macs((5, 10), 3)
    150
    """
    return prod(n) * m
