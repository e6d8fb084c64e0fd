"""How large an output is, and what padding adds; see `course.arithmetic`."""

from collections.abc import Iterable
from math import prod

Sizes = Iterable[int]


def exact_div(a: int, b: int) -> int:
    """a / b where b is known to divide a.

    >>> exact_div(8, 4)
    2
    """
    # The formula's tree (course.expression) must tell this quotient from a rounded one.
    return a.exact_div(b) if hasattr(a, "exact_div") else a // b


def larger(a: int, b: int) -> int:
    """The larger of two numbers.

    >>> larger(3, 0)
    3
    """
    # `max` would compare, which the letters of a formula's tree (course.expression) cannot.
    return a.larger(b) if hasattr(a, "larger") else max(a, b)


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
    """Output size with P_1 rows or columns added before and P_2 after.

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
    return larger((o - 1) * S + F - W, 0)


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
    """A size after P_1 rows or columns were added before it and P_2 after.

    >>> padded_size(5, 1, 1)
    7
    """
    return W + P_1 + P_2


def transposed_valid_size(W: int, F: int, S: int) -> int:
    """Output size of a transposed convolution with padding='valid'.

    >>> transposed_valid_size(4, 3, 2), transposed_valid_size(4, 2, 3)
    (9, 12)
    """
    return W * S + larger(F - S, 0)


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


def transposed_same_padded_size(W: int, F: int, S: int, P_out: int) -> int:
    """The same with output_padding given.

    >>> transposed_same_padded_size(4, 3, 2, 0)
    7
    """
    return (W - 1) * S + F % 2 + P_out


def volume(n: Sizes) -> int:
    """How many values a shape holds.

    >>> volume((5, 5, 64))
    1600
    """
    return prod(n)


def cropped_size(W: int, C_1: int, C_2: int) -> int:
    """A size after C_1 rows or columns were cut off before it and C_2 after.

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
    """The size of two inputs put one after the other.

    >>> joined_size(64, 128)
    192
    """
    return a + b


def broadcast_size(a: int, b: int) -> int:
    """The size of two inputs that are combined value by value, where a single one is repeated.

    >>> broadcast_size(8, 1)
    8
    """
    return larger(a, b)
