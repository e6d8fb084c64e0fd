"""How many weights, biases, parameters and multiply-accumulates; see `course.arithmetic`."""

from collections.abc import Iterable
from math import prod

from course.arithmetic.sizes import exact_div

Sizes = Iterable[int]


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


def transposed_macs(W_in: Sizes, K: int, F: Sizes, D_in: int) -> int:
    """Multiply-accumulates of a transposed convolution: every weight, for each place of the input.

    >>> transposed_macs((4, 4), 16, (3, 3), 32)
    73728
    """
    return prod(W_in) * conv_weights(K, F, D_in)


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


def dot_macs(n: Sizes, m: int) -> int:
    """Multiply-accumulates of prod(n) dot products of m numbers each.

    >>> dot_macs((5, 10), 3)
    150
    """
    return prod(n) * m
