"""How much of the input an output sees; see `course.arithmetic`."""

from course.arithmetic.sizes import Sizes


def receptive_field(F: Sizes, S: Sizes) -> int:
    """How many cells of the input an output sees along one axis, after windows F with strides S.

    1 + (F_1 - 1) + (F_2 - 1) × S_1 + (F_3 - 1) × S_1 × S_2 and so on: a number in F and in S for
    each window on the way, with its gaps if it is dilated. The last stride plays no part.

    >>> receptive_field((3, 2, 3, 2), (1, 2, 1, 2))
    10
    """
    r = jump = 1
    for window, stride in zip(F, S, strict=True):
        r, jump = after_window(r, jump, window, stride)
    return r


def after_window(r: int, jump: int, F: int, S: int) -> tuple[int, int]:
    """What an output sees of the input after one more window, and how far two outputs lie apart.

    `r` and `jump` are the same of what goes into the window.

    >>> after_window(3, 1, 2, 2)
    (4, 2)
    """
    return r + (F - 1) * jump, jump * S
