"""A formula as a tree: what a function of `course.arithmetic` returns when trees go in.

Trees are added, multiplied and so on like numbers, and give trees. So a formula is read by calling
its function, which needs no source file. `a // b` is the rounded-down quotient, `-(-a // b)` the
rounded-up one; `exact_div(a, b)`, which does not round, and `larger(a, b)` ask the tree itself.
`course.writing` puts a tree on paper, and a tree can be changed: a misconception is a changed
formula.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, prod
from typing import Literal, cast

Number = int | Fraction
Rounding = Literal["floor", "ceil", "exact", "mod"]


class Symbolic:
    """What trees share: they can be reckoned with, among themselves and with ints."""

    def __add__(self, other: "Operand") -> "Expression":
        return plus(_tree(self), _tree(other))

    def __radd__(self, other: int) -> "Expression":
        return plus(Leaf(other), _tree(self))

    def __sub__(self, other: "Operand") -> "Expression":
        return added((1, _tree(self)), (-1, _tree(other)))

    def __mul__(self, other: "Operand") -> "Expression":
        factors = product(_tree(self), *_factors(other))
        # A sum times an empty product stays in its brackets.
        return Product((factors,)) if isinstance(factors, Sum) else factors

    def __rmul__(self, other: int) -> "Expression":
        return product(*_factors(other), _tree(self))

    def __floordiv__(self, other: "Operand") -> "Expression":
        return Quotient("floor", _tree(self), _tree(other))

    def __mod__(self, other: "Operand") -> "Expression":
        return Quotient("mod", _tree(self), _tree(other))

    def __neg__(self) -> "Expression":
        match self:
            case Quotient(rounding="floor", above=Sum(terms=((-1, above),)), below=below):
                return Quotient("ceil", above, below)
        return added((-1, _tree(self)))

    def exact_div(self, other: "Operand") -> "Expression":
        """The quotient without rounding; `course.arithmetic.exact_div` asks for it."""
        return Quotient("exact", _tree(self), _tree(other))

    def larger(self, other: "Operand") -> "Expression":
        """The larger of two; `course.arithmetic.larger` asks for it."""
        return Greatest(_tree(self), _tree(other))


def _tree(operand: "Symbolic | int") -> "Expression":
    return Leaf(operand) if isinstance(operand, int) else cast("Expression", operand)


def _factors(operand: "Operand") -> "Leaves":
    """An operand of a product: `prod` begins with a 1, which is no factor of the formula."""
    return () if operand == 1 else (_tree(operand),)


@dataclass(frozen=True)
class Leaf(Symbolic):
    """A number of a formula: its value, the letter it is written as, the parameter it stands for.

    A constant has neither letter nor parameter.
    """

    value: Number
    letter: str = ""
    parameter: str = ""


@dataclass(frozen=True)
class Sum(Symbolic):
    """Terms, each with its sign: +1 or -1."""

    terms: tuple[tuple[int, "Expression"], ...]

    @property
    def value(self) -> Number:
        """The sum of the terms."""
        return sum(sign * term.value for sign, term in self.terms)


@dataclass(frozen=True)
class Product(Symbolic):
    """Factors; a product of none is 1."""

    factors: tuple["Expression", ...]

    @property
    def value(self) -> Number:
        """The product of the factors."""
        return prod([factor.value for factor in self.factors])


@dataclass(frozen=True)
class Quotient(Symbolic):
    """above / below, rounded or not; 'mod' is what is left over."""

    rounding: Rounding
    above: "Expression"
    below: "Expression"

    @property
    def value(self) -> Number:
        """The quotient, a Fraction only where it is exact and not whole."""
        above, below = self.above.value, self.below.value
        if self.rounding == "mod":
            return above % below
        quotient = Fraction(above) / below
        if self.rounding == "exact":
            return quotient.numerator if quotient.denominator == 1 else quotient
        return floor(quotient) if self.rounding == "floor" else ceil(quotient)


@dataclass(frozen=True)
class Greatest(Symbolic):
    """The larger of two."""

    first: "Expression"
    second: "Expression"

    @property
    def value(self) -> Number:
        """The larger value."""
        return max(self.first.value, self.second.value)


Expression = Leaf | Sum | Product | Quotient | Greatest
Operand = Expression | int
Leaves = tuple[Expression, ...]


def leaves(tree: Expression) -> Iterator[Leaf]:
    """The numbers of a tree from left to right."""
    match tree:
        case Leaf():
            yield tree
        case _:
            for part in parts(tree):
                yield from leaves(part)


def parts(tree: Expression) -> Leaves:
    """What a tree is directly made of."""
    match tree:
        case Sum(terms=terms):
            return tuple(term for _, term in terms)
        case Product(factors=factors):
            return factors
        case Quotient(above=above, below=below):
            return above, below
        case Greatest(first=first, second=second):
            return first, second
    return ()


def rebuilt(tree: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """The tree with `change` made to each of its parts, the inner ones first; None takes a part
    out of its sum or product.

    >>> from course.arithmetic import conv_weights
    >>> weights = read(conv_weights, {"K": (Leaf(8),), "F": (Leaf(3), Leaf(3)), "D_in": (Leaf(2),)})
    >>> rebuilt(weights, lambda part: None if part == Leaf(2) else part).value
    72
    """
    return _rebuilt(tree, change) or Leaf(0)


def _rebuilt(
    tree: Expression, change: Callable[[Expression], Expression | None]
) -> Expression | None:
    match tree:
        case Sum(terms=terms):
            changed = [(sign, _rebuilt(term, change)) for sign, term in terms]
            kept = tuple((sign, term) for sign, term in changed if term is not None)
            tree = kept[0][1] if len(kept) == 1 and kept[0][0] == 1 else Sum(kept)
        case Product(factors=factors):
            kept_factors = [_rebuilt(factor, change) for factor in factors]
            tree = product(*(factor for factor in kept_factors if factor is not None))
        case Quotient(above=above, below=below):
            new_above = _rebuilt(above, change) or Leaf(0)
            new_below = _rebuilt(below, change)
            tree = replace(tree, above=new_above, below=new_below) if new_below else new_above
        case Greatest(first=first, second=second):
            new_first, new_second = _rebuilt(first, change), _rebuilt(second, change)
            if new_first is None or new_second is None:
                return new_first or new_second
            tree = Greatest(new_first, new_second)
    return change(tree)


def product(*factors: Expression) -> Expression:
    """The product of some trees, flat; of a single one that one itself."""
    flat: list[Expression] = []
    for factor in factors:
        flat += factor.factors if isinstance(factor, Product) else (factor,)
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def plus(*terms: Expression) -> Expression:
    """The sum of some trees, flat; of a single one that one itself."""
    return added(*((1, term) for term in terms))


def added(*terms: tuple[int, Expression]) -> Expression:
    """The sum of some trees with signs, flat."""
    flat: list[tuple[int, Expression]] = []
    for sign, term in terms:
        # What is taken away stays in its brackets.
        flat += term.terms if sign == 1 and isinstance(term, Sum) else ((sign, term),)
    return flat[0][1] if len(flat) == 1 and flat[0][0] == 1 else Sum(tuple(flat))


def simplified(tree: Expression) -> Expression:
    """The tree without what changes nothing: factors of 1, terms of 0, division by 1.

    >>> simplified(Quotient("floor", Product((Leaf(7), Leaf(1, "D"))), Leaf(1, "S")))
    Leaf(value=7, letter='', parameter='')
    """

    def change(part: Expression) -> Expression:
        match part:
            case Product(factors=factors):
                return product(*(factor for factor in factors if factor != _plain(factor, 1)))
            case Sum(terms=terms):
                return added(*(term for term in terms if term[1] != _plain(term[1], 0)))
            case Quotient(above=above, below=below) if below == _plain(below, 1):
                return above
        return part

    return rebuilt(tree, change)


def _plain(tree: Expression, value: int) -> Expression | None:
    """The tree itself if it is a leaf of that value."""
    return tree if isinstance(tree, Leaf) and tree.value == value else None


@lru_cache(maxsize=256)
def parameters(function: Callable[..., int]) -> tuple[str, ...]:
    """The names of a formula's parameters.

    >>> from course.arithmetic import same_size
    >>> parameters(same_size)
    ('W', 'S')
    """
    return tuple(inspect.signature(function).parameters)


def read(function: Callable[..., int], given: Mapping[str, tuple[Operand, ...]]) -> Expression:
    """The formula of a function, with what is given for each of its parameters in its place.

    A plain int is a constant of the formula, and as a factor of 1 it is left out.

    >>> from course.arithmetic import same_size
    >>> read(same_size, {"W": (Leaf(7),), "S": (Leaf(2),)}).value
    4
    """
    annotations = inspect.get_annotations(function)
    arguments = (
        given[name][0] if annotations[name] is int else given[name] for name in parameters(function)
    )
    return _tree(function(*arguments))
