"""Formulas as trees: read by calling them, evaluated, changed, and put on paper."""

import compileall
import inspect
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from course import arithmetic
from course.expression import (
    Expression,
    Greatest,
    Leaf,
    Product,
    Quotient,
    Sum,
    added,
    leaves,
    parameters,
    parts,
    plus,
    product,
    read,
    rebuilt,
    simplified,
)
from course.writing import HTML, LATEX, TEXT, write
from tests.course.test_derivation import evaluate
from tests.strategies import for_all

ROOT = Path(__file__).parents[2]
FORMULAS = [getattr(arithmetic, name) for name in arithmetic.__all__]
DIVIDES = {"exact_div", "grouped_conv_weights", "grouped_conv_params", "grouped_conv_macs"}
"""Formulas of a quotient that is taken for granted to be whole."""
W, F, S = Leaf(10, "W_in", "W"), Leaf(3, "F", "F"), Leaf(2, "S", "S")
ONE = Leaf(1)


def arguments(function: Callable[..., int]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Numbers to put into a formula, a tuple of them where it takes one for each axis."""
    number = st.integers(1, 40)
    given = inspect.signature(function).parameters.values()

    def of_rank(rank: int) -> st.SearchStrategy[tuple[Any, ...]]:
        several = st.tuples(*[number] * rank)
        return st.tuples(*(number if p.annotation is int else several for p in given))

    return st.integers(1, 3).flatmap(of_rank)


def tree_of(function: Callable[..., int], given: tuple[Any, ...]) -> Expression:
    """The formula's tree for these arguments."""
    named = zip(parameters(function), given, strict=True)
    several = {name: n if isinstance(n, tuple) else (n,) for name, n in named}
    return read(
        function,
        {name: tuple(Leaf(n, "x", name) for n in numbers) for name, numbers in several.items()},
    )


# Reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FORMULAS, ids=lambda function: function.__name__)
def test_a_tree_has_the_value_of_the_function(function: Callable[..., int]) -> None:
    def same_value(given: tuple[Any, ...]) -> None:
        value = tree_of(function, given).value
        if function.__name__ in DIVIDES | {"left_over"} and isinstance(value, Fraction):
            return  # here the function may only be asked for what divides
        assert value == function(*given)

    for_all(arguments(function), same_value, 60)


@pytest.mark.parametrize("function", FORMULAS, ids=lambda function: function.__name__)
def test_a_tree_depends_on_its_parameters_alone(function: Callable[..., int]) -> None:
    """Each leaf is a number that was given, under its parameter, or a constant of the formula."""
    names = parameters(function)
    numbers = {name: 11 + place for place, name in enumerate(names)}
    annotations = inspect.signature(function).parameters
    given = [
        numbers[name] if annotations[name].annotation is int else (numbers[name],) for name in names
    ]
    for leaf in leaves(tree_of(function, tuple(given))):
        assert leaf.value == numbers[leaf.parameter] if leaf.parameter else leaf.value in (0, 1, 2)


def test_another_formula_is_put_in_place() -> None:
    given = {"K": (Leaf(8),), "F": (Leaf(3), Leaf(5)), "D_in": (Leaf(4),)}
    weights = Product((Leaf(8), Leaf(3), Leaf(5), Leaf(4)))
    assert read(arithmetic.conv_weights, given) == weights
    assert read(arithmetic.conv_params, given) == Sum(((1, weights), (1, Leaf(8))))


def test_any_tree_may_stand_for_a_parameter() -> None:
    half = Quotient("exact", W, S)
    tree = read(arithmetic.same_size, {"W": (half,), "S": (S,)})
    assert tree == Quotient("ceil", half, S)
    assert tree.value == 3


def test_a_product_of_nothing_is_one() -> None:
    assert read(arithmetic.volume, {"n": ()}).value == 1


W_IN, K, D_IN, U, P, F_H, F_W = (Leaf(n, x) for n, x in enumerate("W K D U P Fh Fw".split(), 3))
TREES = [
    (arithmetic.unchanged, (W_IN,), W_IN),
    (arithmetic.dense_params, (D_IN, U), Sum(((1, Product((D_IN, U))), (1, U)))),
    (arithmetic.conv_weights, (K, (F_H, F_W), D_IN), Product((K, F_H, F_W, D_IN))),
    (arithmetic.conv_params, (K, (F_H,), D_IN), Sum(((1, Product((K, F_H, D_IN))), (1, K)))),
    (
        arithmetic.grouped_conv_weights,
        (K, (F_H, F_W), D_IN, S),
        Product((K, F_H, F_W, Quotient("exact", D_IN, S))),
    ),
    (
        arithmetic.unshared_params,
        ((W_IN, U), K, (F_H, F_W), D_IN),
        Product((Sum(((1, Product((F_H, F_W, D_IN))), (1, ONE))), W_IN, U, K)),
    ),
    (arithmetic.dense_macs, ((), D_IN, U), Product((D_IN, U))),
    (arithmetic.vector_params, (U, ()), U),
    (
        arithmetic.explicit_size,
        (W_IN, F, P, S),
        Sum((
            (1, Quotient("floor", Sum(((1, W_IN), (-1, F), (1, Product((Leaf(2), P))))), S)),
            (1, ONE),
        )),
    ),
    (arithmetic.same_size, (W_IN, S), Quotient("ceil", W_IN, S)),
    (
        arithmetic.same_padding,
        (W_IN, F, S, U),
        Greatest(
            Sum(((1, Product((Sum(((1, U), (-1, ONE))), S))), (1, F), (-1, W_IN))), Leaf(0)
        ),
    ),
    (arithmetic.larger_half, (P,), Quotient("ceil", P, Leaf(2))),
    (
        arithmetic.effective_size,
        (F, S),
        Sum(((1, Product((S, Sum(((1, F), (-1, ONE)))))), (1, ONE))),
    ),
    (
        arithmetic.transposed_same_padded_size,
        (W_IN, F, S, P),
        Sum((
            (1, Product((Sum(((1, W_IN), (-1, ONE))), S))),
            (1, Quotient("mod", F, Leaf(2))),
            (1, P),
        )),
    ),
    (arithmetic.cropped_size, (W_IN, P, U), Sum(((1, W_IN), (-1, P), (-1, U)))),
    (
        arithmetic.left_over,
        ((W_IN, U), (P,)),
        Quotient("exact", Product((W_IN, U)), P),
    ),
    (arithmetic.exact_div, (W_IN, S), Quotient("exact", W_IN, S)),
    (arithmetic.broadcast_size, (W_IN, U), Greatest(W_IN, U)),
]  # fmt: skip


@pytest.mark.parametrize(("function", "given", "tree"), TREES)
def test_a_tree_is_the_one_that_is_written_by_hand(
    function: Callable[..., int], given: tuple[Any, ...], tree: Expression
) -> None:
    several = [leaf if isinstance(leaf, tuple) else (leaf,) for leaf in given]
    assert read(function, dict(zip(parameters(function), several, strict=True))) == tree


def negative(a: int) -> int:
    return -a


def test_a_number_that_is_taken_away_from_nothing_is_a_sum() -> None:
    tree = tree_of(negative, (2,))
    assert tree == Sum(((-1, Leaf(2, "x", "a")),))
    assert tree.value == -2


def power(a: int, b: int) -> int:
    return a**b


def greatest(a: int, b: int) -> int:
    return max(a, b)


@pytest.mark.parametrize("function", [power, greatest], ids=lambda function: function.__name__)
def test_what_trees_cannot_show_is_refused(function: Callable[..., int]) -> None:
    with pytest.raises(TypeError, match="'Leaf'"):
        tree_of(function, (2,) * len(parameters(function)))


SHOWN = """
import course
from course import layers as L
print(course.__file__)
print(L.Conv2D(16, 3, groups=4).derivation("param_count", (9, 9, 8)))
print(L.Conv2D(8, 3, strides=2, padding="same").derivation("padding_amounts", (128, 128, 3)))
"""


def shown(where: str) -> str:
    """What `SHOWN` prints in a fresh process that finds `course` there."""
    run = [sys.executable, "-c", SHOWN]
    environment = {**os.environ, "PYTHONPATH": where}
    output = subprocess.check_output(run, cwd=sys.prefix, env=environment, text=True, timeout=60)
    place, text = output.split("\n", 1)
    assert place.startswith(where)
    return text


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package, and nothing else."""
    folder = tmp_path_factory.mktemp("copied")
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "course", folder / "course", ignore=ignore)
    return folder


def test_a_working_is_shown_out_of_a_zip(copied: Path) -> None:
    zipped = shutil.make_archive(str(copied) + "-zipped", "zip", copied)
    assert shown(zipped) == shown(str(ROOT))


def test_a_working_is_shown_without_source_files(copied: Path) -> None:
    assert compileall.compile_dir(copied / "course", quiet=2, legacy=True)
    for source in copied.rglob("*.py"):
        source.unlink()
    text = shown(str(copied))
    assert "parameters = K × F × F × D_in ÷ g + K" in text
    assert "P_height = max((H_out - 1) × S + F - H_in, 0)" in text
    assert text == shown(str(ROOT))


# Values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "above", "below", "value"),
    [
        ("floor", 7, 2, 3),
        ("ceil", 7, 2, 4),
        ("exact", 7, 2, Fraction(7, 2)),
        ("exact", 8, 2, 4),
        ("mod", 7, 2, 1),
        ("floor", -7, 2, -4),
        ("ceil", -7, 2, -3),
        ("floor", Fraction(13, 2), 2, 3),
        ("ceil", Fraction(13, 2), 2, 4),
        ("floor", 10**30, 3, 10**30 // 3),
        ("ceil", 10**30, 3, 10**30 // 3 + 1),
    ],
    ids=str,
)
def test_a_quotient_is_rounded_as_it_says(
    rounding: Any, above: Any, below: Any, value: Any
) -> None:
    found = Quotient(rounding, Leaf(above), Leaf(below)).value
    assert found == value
    assert type(found) is type(value)


def test_sums_products_and_the_greater_of_two_have_their_values() -> None:
    assert Sum(((1, W), (-1, F), (1, ONE))).value == 8
    assert Product((W, F, S)).value == 60
    assert Greatest(F, S).value == 3
    assert Sum(()).value == 0
    assert Product(()).value == 1
    assert Sum(((1, Leaf(Fraction(1, 2))), (1, Leaf(Fraction(1, 2))))).value == 1


# Making and changing ------------------------------------------------------------------------------


def test_sums_and_products_are_flat() -> None:
    assert product(W, product(F, S)) == Product((W, F, S))
    assert plus(W, plus(F, S)) == Sum(((1, W), (1, F), (1, S)))
    assert added((1, plus(W, F)), (-1, S)) == Sum(((1, W), (1, F), (-1, S)))
    assert product(W) == plus(W) == W


def test_what_is_taken_away_stays_together() -> None:
    taken = added((1, W), (-1, plus(F, S)))
    assert taken == Sum(((1, W), (-1, plus(F, S))))
    assert taken.value == 5
    assert added((-1, W)) == Sum(((-1, W),))


def test_the_leaves_stand_in_the_order_of_the_formula() -> None:
    tree = read(arithmetic.valid_size, {"W": (W,), "F": (F,), "S": (S,)})
    assert list(leaves(tree)) == [W, F, S, ONE]
    assert parts(tree) == (Quotient("floor", Sum(((1, W), (-1, F))), S), ONE)
    assert parts(W) == ()


SIZE = plus(Quotient("floor", added((1, W), (-1, F)), S), ONE)


@pytest.mark.parametrize(
    ("tree", "gone", "left"),
    [
        (Product((W, F, S)), F, Product((W, S))),
        (Product((W, F)), F, W),
        (Sum(((1, W), (-1, F))), F, W),
        (Sum(((1, W), (-1, F))), W, Sum(((-1, F),))),
        (SIZE, S, plus(added((1, W), (-1, F)), ONE)),
        (SIZE, ONE, Quotient("floor", added((1, W), (-1, F)), S)),
        (Quotient("floor", W, S), W, Quotient("floor", Leaf(0), S)),
        (Greatest(W, F), F, W),
        (Greatest(W, F), W, F),
        (W, W, Leaf(0)),
        (W, F, W),
    ],
    ids=str,
)
def test_what_is_taken_out_of_a_tree_leaves_the_others(
    tree: Expression, gone: Leaf, left: Expression
) -> None:
    found = rebuilt(tree, lambda part: None if part == gone else part)
    assert found.value == left.value
    assert write(found, TEXT, numbers=True) == write(left, TEXT, numbers=True)


def test_inner_parts_are_changed_before_outer_ones() -> None:
    seen: list[Expression] = []

    def note(part: Expression) -> Expression:
        seen.append(part)
        return part

    assert rebuilt(Product((W, Sum(((1, F), (1, S))))), note) == seen[-1]
    assert seen[:3] == [W, F, S]
    assert [type(part).__name__ for part in seen[3:]] == ["Sum", "Product"]


def test_a_change_of_a_leaf_changes_the_value() -> None:
    changed = rebuilt(SIZE, lambda part: Leaf(1) if part == S else part)
    assert (SIZE.value, changed.value) == (4, 8)


@st.composite
def trees(draw: st.DrawFn, depth: int = 3) -> Expression:
    """Any tree, its numbers small and from 1 up, so that nothing is divided by 0."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        value = draw(st.one_of(st.integers(1, 5000), st.fractions(1, 9, max_denominator=4)))
        whole = value.numerator if value.denominator == 1 else value
        return Leaf(whole, draw(st.sampled_from(["", "F", "W_in", "P_1"])))
    inner = trees(depth - 1)
    number = st.integers(1, 9).map(Leaf)
    return draw(
        st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda several: product(*several)),
            st.lists(st.tuples(st.sampled_from([1, 1, -1]), inner), min_size=1, max_size=3).map(
                lambda terms: added(*terms)
            ),
            st.builds(Quotient, st.sampled_from(["floor", "ceil", "exact"]), inner, number),
            st.builds(Greatest, inner, inner),
        )
    )


def test_a_tree_rebuilt_without_a_change_is_the_same() -> None:
    def same(tree: Expression) -> None:
        again = rebuilt(tree, lambda part: part)
        assert again.value == tree.value
        assert list(leaves(again)) == list(leaves(tree))

    for_all(trees(), same, 200)


def test_a_simplified_tree_has_the_same_value() -> None:
    def same(tree: Expression) -> None:
        if is_whole(tree):  # a fraction that is rounded is not left as it is by division by 1
            assert simplified(tree).value == tree.value

    for_all(trees(), same, 200)


def is_whole(tree: Expression) -> bool:
    """Whether there is no fraction in a tree, nor comes up in it."""
    return isinstance(tree.value, int) and all(map(is_whole, parts(tree)))


@pytest.mark.parametrize(
    ("tree", "simple"),
    [
        (Product((W, ONE, F)), Product((W, F))),
        (plus(W, Leaf(0)), W),
        (Quotient("ceil", W, ONE), W),
        (Product((ONE, ONE)), Product(())),
        (added((1, W), (-1, Leaf(0))), W),
        (SIZE, SIZE),
    ],
    ids=str,
)
def test_what_changes_nothing_is_left_out(tree: Expression, simple: Expression) -> None:
    assert simplified(tree) == simple


# On paper -----------------------------------------------------------------------------------------

HALF = Leaf(Fraction(13, 2), "W_in", "W")


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (SIZE, "floor((10 - 3) ÷ 2) + 1"),
        (Leaf(1_234_567), "1,234,567"),
        (HALF, "6.5"),
        (Product((HALF, HALF, Leaf(64))), "6.5 × 6.5 × 64"),
        (Quotient("exact", added((1, W), (-1, F)), S), "(10 - 3) ÷ 2"),
        (plus(Quotient("exact", added((1, W), (-1, F)), S), ONE), "(10 - 3) ÷ 2 + 1"),
        (product(Quotient("exact", W, S), F), "10 ÷ 2 × 3"),
        (added((1, W), (-1, added((1, F), (-1, S)))), "10 - (3 - 2)"),
        (added((1, W), (-1, plus(F, S))), "10 - (3 + 2)"),
        (added((1, W), (-1, product(F, S))), "10 - 3 × 2"),
        (added((-1, W), (1, F)), "-10 + 3"),
        (product(added((1, F), (-1, ONE)), S), "(3 - 1) × 2"),
        (Quotient("floor", product(W, F), product(F, S)), "floor(10 × 3 ÷ (3 × 2))"),
        (Quotient("ceil", W, Quotient("exact", F, S)), "ceil(10 ÷ (3 ÷ 2))"),
        (Quotient("mod", W, F), "(10 mod 3)"),
        (Greatest(added((1, W), (-1, F)), Leaf(0)), "max(10 - 3, 0)"),
        (product(Greatest(F, S), W), "max(3, 2) × 10"),
        (Product(()), "1"),
    ],
    ids=str,
)
def test_a_tree_is_written_as_people_write_it(tree: Expression, text: str) -> None:
    assert write(tree, TEXT, numbers=True) == text


def test_letters_are_written_where_there_are_some() -> None:
    assert write(SIZE, TEXT, numbers=False) == "floor((W_in - F) ÷ S) + 1"
    assert write(SIZE, HTML, numbers=False) == "⌊(<i>W</i><sub>in</sub> − <i>F</i>) / <i>S</i>⌋ + 1"
    assert write(SIZE, LATEX, numbers=False) == (
        r"\left\lfloor \frac{W_{\text{in}} - F}{S} \right\rfloor + 1"
    )


def test_what_is_written_comes_to_the_value() -> None:
    def comes_to_it(tree: Expression) -> None:
        written = write(tree, TEXT, numbers=True)
        if any(isinstance(leaf.value, Fraction) for leaf in leaves(tree)):
            return  # decimals are rounded
        found = evaluate(written, {"ceil": ceil, "floor": floor})
        assert found == tree.value, written

    for_all(trees(), comes_to_it, 300)
