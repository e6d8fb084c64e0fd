"""A formula as a tree: read from the source of a function of `course.arithmetic`.

A formula function's body is one returned expression of + - * // % max and prod, or of other
formula functions, which are put in place. `a // b` is the rounded-down quotient, `-(-a // b)`
the rounded-up one, and `exact_div(a, b)` one that is not rounded. `course.writing` puts a tree
on paper, and a tree can be changed: a misconception is a changed formula.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from math import ceil, floor, prod
from typing import Literal

Number = int | Fraction
Rounding = Literal["floor", "ceil", "exact", "mod"]


@dataclass(frozen=True)
class Leaf:
    """A number of a formula: its value, the letter it is written as, the parameter it stands for.

    A constant has neither letter nor parameter.
    """

    value: Number
    letter: str = ""
    parameter: str = ""


@dataclass(frozen=True)
class Sum:
    """Terms, each with its sign: +1 or -1."""

    terms: tuple[tuple[int, "Expression"], ...]

    @property
    def value(self) -> Number:
        """The sum of the terms."""
        return sum(sign * term.value for sign, term in self.terms)


@dataclass(frozen=True)
class Product:
    """Factors; a product of none is 1."""

    factors: tuple["Expression", ...]

    @property
    def value(self) -> Number:
        """The product of the factors."""
        return prod([factor.value for factor in self.factors])


@dataclass(frozen=True)
class Quotient:
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
class Greatest:
    """The larger of two."""

    first: "Expression"
    second: "Expression"

    @property
    def value(self) -> Number:
        """The larger value."""
        return max(self.first.value, self.second.value)


Expression = Leaf | Sum | Product | Quotient | Greatest
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


@cache
def parameters(function: Callable[..., int]) -> tuple[str, ...]:
    """The names of a formula's parameters.

    >>> from course.arithmetic import same_size
    >>> parameters(same_size)
    ('W', 'S')
    """
    return tuple(inspect.signature(function).parameters)


def read(function: Callable[..., int], given: Mapping[str, Leaves]) -> Expression:
    """The formula of a function, with what is given for each of its parameters in its place.

    >>> from course.arithmetic import same_size
    >>> read(same_size, {"W": (Leaf(7),), "S": (Leaf(2),)}).value
    4
    """
    return _Reader(function, given).read(_returned(function))


@cache
def _returned(function: Callable[..., int]) -> ast.expr:
    """The expression that a formula function returns."""
    definition = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    returned = definition.body[-1]
    assert isinstance(returned, ast.Return)
    assert returned.value is not None
    return returned.value


@dataclass(frozen=True)
class _Reader:
    """Reads one formula function; `given` holds what stands for each of its parameters."""

    function: Callable[..., int]
    given: Mapping[str, Leaves]

    def read(self, node: ast.expr) -> Expression:
        match node:
            case ast.Constant(value=int(number)):
                return Leaf(number)
            case ast.Name(id=name):
                return self.given[name][0]
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return product(self.read(left), self.read(right))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return plus(self.read(left), self.read(right))
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return added((1, self.read(left)), (-1, self.read(right)))
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                return Quotient("floor", self.read(left), self.read(right))
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return Quotient("mod", self.read(left), self.read(right))
            case ast.UnaryOp(
                op=ast.USub(),
                operand=ast.BinOp(
                    left=ast.UnaryOp(op=ast.USub(), operand=left), op=ast.FloorDiv(), right=right
                ),
            ):
                return Quotient("ceil", self.read(left), self.read(right))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, arguments)
        raise NotImplementedError(f"formulas do not use {ast.unparse(node)}")

    def call(self, name: str, arguments: list[ast.expr]) -> Expression:
        if name == "exact_div":
            above, below = map(self.read, arguments)
            return Quotient("exact", above, below)
        if name == "max":
            first, second = map(self.read, arguments)
            return Greatest(first, second)
        if name == "prod":
            return product(*self.several(arguments[0]))
        inner = self.function.__globals__[name]  # another formula, put in place
        given = {
            parameter: self.several(argument)
            for parameter, argument in zip(parameters(inner), arguments, strict=True)
        }
        return read(inner, given)

    def several(self, node: ast.expr) -> Leaves:
        """What stands for an argument, which may be one number or one for each axis."""
        return self.given[node.id] if isinstance(node, ast.Name) else (self.read(node),)
