"""How a formula is put on paper: the expression of a function of `course.arithmetic` as text.

A formula function's body is one returned expression of + - * // % max and prod, or of other
formula functions, which are written out in place. `a // b` is the rounded-down quotient and
`-(-a // b)` the rounded-up one.
"""

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

SUM, PRODUCT, ATOM = range(3)


class Written(NamedTuple):
    """A piece of a formula and how tightly it holds together."""

    text: str
    binding: int


class Style(NamedTuple):
    """How a formula is put on paper; the templates take a and b."""

    times: str
    minus: str
    brackets: str
    floor: str
    ceil: str
    divided: str
    modulo: str
    greatest: str
    letter: Callable[[str], str]
    number: Callable[[int], str]
    fraction_brackets: bool


def _html_letter(letter: str) -> str:
    base, _, place = letter.partition("_")
    return f"<i>{base}</i><sub>{place}</sub>" if place else f"<i>{base}</i>"


def _latex_letter(letter: str) -> str:
    base, _, place = letter.partition("_")
    if len(base) > 1:
        base = rf"\text{{{base}}}"
    return rf"{base}_{{\text{{{place}}}}}" if place else base


# JupyterLab takes a lone "/" in a message for a path and makes it a link; "÷" it leaves alone.
TEXT = Style(
    times=" × ",
    minus=" - ",
    brackets="({a})",
    floor="floor({a} ÷ {b})",
    ceil="ceil({a} ÷ {b})",
    divided="{a} ÷ {b}",
    modulo="({a} mod {b})",
    greatest="max({a}, {b})",
    letter=str,
    number="{:,}".format,
    fraction_brackets=True,
)
HTML = TEXT._replace(
    minus=" − ",
    floor="⌊{a} / {b}⌋",
    ceil="⌈{a} / {b}⌉",
    letter=_html_letter,
)
LATEX = Style(
    times=r" \times ",
    minus=" - ",
    brackets=r"\left({a}\right)",
    floor=r"\left\lfloor \frac{{{a}}}{{{b}}} \right\rfloor",
    ceil=r"\left\lceil \frac{{{a}}}{{{b}}} \right\rceil",
    divided=r"\frac{{{a}}}{{{b}}}",
    modulo=r"\left({a} \bmod {b}\right)",
    greatest=r"\max\left({a}, {b}\right)",
    letter=_latex_letter,
    number=lambda n: f"{n:,}".replace(",", "{,}"),
    fraction_brackets=False,
)


@cache
def parameters(function: Callable[..., int]) -> tuple[str, ...]:
    """The names of a formula's parameters.

    >>> from course.arithmetic import same_size
    >>> parameters(same_size)
    ('W', 'S')
    """
    return tuple(inspect.signature(function).parameters)


@cache
def _expression(function: Callable[..., int]) -> ast.expr:
    """The expression that a formula function returns."""
    definition = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(definition, ast.FunctionDef)
    returned = definition.body[-1]
    assert isinstance(returned, ast.Return)
    assert returned.value is not None
    return returned.value


def write(
    function: Callable[..., int], written: Mapping[str, tuple[str, ...]], style: Style
) -> str:
    """The function's expression, each parameter as the letters or numbers that are given for it.

    >>> from course.arithmetic import same_size
    >>> write(same_size, {"W": ("H_in",), "S": ("S",)}, TEXT)
    'ceil(H_in ÷ S)'
    """
    environment = {
        name: tuple(Written(text, ATOM) for text in texts) for name, texts in written.items()
    }
    return _Writer(function, environment, style).formula().text


@dataclass(frozen=True)
class _Writer:
    """Writes one formula function; `environment` holds what stands for each of its parameters."""

    function: Callable[..., int]
    environment: Mapping[str, tuple[Written, ...]]
    style: Style

    def formula(self) -> Written:
        return self.write(_expression(self.function))

    def write(self, node: ast.expr) -> Written:
        style = self.style
        match node:
            case ast.Constant(value=int(number)):
                return Written(style.number(number), ATOM)
            case ast.Name(id=name):
                return self.environment[name][0]
            case ast.BinOp(op=ast.Mult()):
                return self.product(self.factors(node))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return Written(f"{self.write(left).text} + {self.write(right).text}", SUM)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                less = self.bracketed(self.write(right), PRODUCT)
                return Written(self.write(left).text + style.minus + less, SUM)
            case ast.BinOp(left=left, op=ast.FloorDiv(), right=right):
                return self.fraction(style.floor, left, right)
            case ast.BinOp(left=left, op=ast.Mod(), right=right):
                return self.fraction(style.modulo, left, right)
            case ast.UnaryOp(
                op=ast.USub(),
                operand=ast.BinOp(
                    left=ast.UnaryOp(op=ast.USub(), operand=left), op=ast.FloorDiv(), right=right
                ),
            ):
                return self.fraction(style.ceil, left, right)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self.call(name, arguments)
        raise NotImplementedError(f"formulas do not use {ast.unparse(node)}")

    def call(self, name: str, arguments: list[ast.expr]) -> Written:
        if name == "exact_div":
            return self.fraction(self.style.divided, *arguments)
        if name == "max":
            a, b = (self.write(argument).text for argument in arguments)
            return Written(self.style.greatest.format(a=a, b=b), ATOM)
        if name == "prod":
            return self.product(self.several(arguments[0]))
        inner = self.function.__globals__[name]  # another formula, written out in place
        environment = {
            parameter: self.several(argument)
            for parameter, argument in zip(parameters(inner), arguments, strict=True)
        }
        return _Writer(inner, environment, self.style).formula()

    def several(self, node: ast.expr) -> tuple[Written, ...]:
        """What stands for an argument, which may be one number or one for each axis."""
        if isinstance(node, ast.Name):
            return self.environment[node.id]
        return (self.write(node),)

    def factors(self, node: ast.expr) -> tuple[Written, ...]:
        """The factors of a product in a row; an empty `prod` gives none."""
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self.factors(left) + self.factors(right)
            case ast.Call(func=ast.Name(id="prod"), args=[argument]):
                return self.several(argument)
        return (self.write(node),)

    def product(self, factors: tuple[Written, ...]) -> Written:
        if not factors:
            return Written(self.style.number(1), ATOM)
        if len(factors) == 1:
            return factors[0]
        texts = [self.bracketed(factor, PRODUCT) for factor in factors]
        return Written(self.style.times.join(texts), PRODUCT)

    def bracketed(self, piece: Written, binding: int) -> str:
        if piece.binding >= binding:
            return piece.text
        return self.style.brackets.format(a=piece.text)

    def fraction(self, template: str, left: ast.expr, right: ast.expr) -> Written:
        a, b = self.write(left), self.write(right)
        if self.style.fraction_brackets:
            texts = self.bracketed(a, PRODUCT), self.bracketed(b, ATOM)
        else:
            texts = a.text, b.text
        bare = template == self.style.divided and self.style.fraction_brackets
        return Written(template.format(a=texts[0], b=texts[1]), PRODUCT if bare else ATOM)
