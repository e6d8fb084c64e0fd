"""The receptive field as a formula: numbers worked by hand, and its tree."""

import pytest

from course.arithmetic import receptive_field
from course.arithmetic.fields import after_window
from course.expression import Leaf, Product, Sum, read

F_1, F_2, F_3 = (Leaf(n, f"F_{place}", "F") for place, n in enumerate((3, 2, 5), 1))
S_1, S_2 = Leaf(2, "S_1", "S"), Leaf(4, "S_2", "S")


@pytest.mark.parametrize(
    ("windows", "strides", "field"),
    [
        ((), (), 1),
        ((3,), (1,), 3),
        ((3,), (9,), 3),
        ((3, 2), (1, 2), 4),
        ((3, 2, 3), (1, 2, 1), 8),
        ((3, 2, 3, 2), (1, 2, 1, 2), 10),
        ((1, 1), (5, 5), 1),
        ((7, 3), (2, 2), 11),
        ((5, 3), (1, 1), 7),
    ],
    ids=str,
)
def test_the_receptive_field_of_windows_worked_by_hand(
    windows: tuple[int, ...], strides: tuple[int, ...], field: int
) -> None:
    assert receptive_field(windows, strides) == field


def test_windows_and_strides_come_in_pairs() -> None:
    with pytest.raises(ValueError, match="shorter"):
        receptive_field((3, 3), (1,))


def test_one_window_more_widens_the_field_by_the_jump_and_multiplies_the_jump() -> None:
    assert after_window(1, 1, 3, 2) == (3, 2)
    assert after_window(3, 2, 5, 3) == (11, 6)


def less_one(window: Leaf) -> Sum:
    """F - 1."""
    return Sum(((1, window), (-1, Leaf(1))))


def test_the_tree_of_a_receptive_field_has_a_term_for_each_window() -> None:
    tree = read(receptive_field, {"F": (F_1, F_2, F_3), "S": (S_1, S_2, 1)})
    terms = (
        Leaf(1),
        Product((less_one(F_1),)),
        Product((less_one(F_2), S_1)),
        Product((less_one(F_3), S_1, S_2)),
    )
    assert tree == Sum(tuple((1, term) for term in terms))
    assert tree.value == 1 + 2 + 1 * 2 + 4 * 8


def test_the_tree_leaves_out_strides_that_are_given_as_a_plain_1() -> None:
    tree = read(receptive_field, {"F": (F_1, F_2, F_3), "S": (1, S_2, 1)})
    terms = (
        Leaf(1),
        Product((less_one(F_1),)),
        Product((less_one(F_2),)),
        Product((less_one(F_3), S_2)),
    )
    assert tree == Sum(tuple((1, term) for term in terms))


def test_the_tree_of_no_window_is_one() -> None:
    assert read(receptive_field, {"F": (), "S": ()}) == Leaf(1)
