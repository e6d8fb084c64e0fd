"""How a formula is put on paper: a tree of `course.expression` as text, HTML or LaTeX."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from course.expression import Expression, Greatest, Leaf, Number, Product, Quotient, Sum

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


def write(tree: Expression, style: Style, *, numbers: bool) -> str:
    """The tree in a style, with its letters or its numbers.

    >>> from course import arithmetic, expression
    >>> given = {"W": (Leaf(7, "H_in"),), "S": (Leaf(2, "S"),)}
    >>> tree = expression.read(arithmetic.same_size, given)
    >>> write(tree, TEXT, numbers=False), write(tree, TEXT, numbers=True)
    ('ceil(H_in ÷ S)', 'ceil(7 ÷ 2)')
    """
    return _Writer(style, numbers).write(tree).text


@dataclass(frozen=True)
class _Writer:
    """Writes one tree."""

    style: Style
    numbers: bool

    def write(self, tree: Expression) -> Written:
        match tree:
            case Leaf(value=value, letter=letter):
                in_letters = letter and not self.numbers
                return Written(
                    self.style.letter(letter) if in_letters else self.number(value), ATOM
                )
            case Sum(terms=terms):
                return Written(self.sum(terms), SUM)
            case Product(factors=factors):
                texts = [self.bracketed(self.write(factor), PRODUCT) for factor in factors]
                return Written(self.style.times.join(texts) or self.number(1), PRODUCT)
            case Greatest(first=first, second=second):
                a, b = self.write(first).text, self.write(second).text
                return Written(self.style.greatest.format(a=a, b=b), ATOM)
            case Quotient():
                return self.quotient(tree)

    def number(self, value: Number) -> str:
        """A whole number in the style; a fraction as a decimal number."""
        return f"{float(value):,g}" if isinstance(value, Fraction) else self.style.number(value)

    def sum(self, terms: tuple[tuple[int, Expression], ...]) -> str:
        text = ""
        for sign, term in terms:
            written = self.write(term)
            # What is added needs no brackets, what is taken away does.
            piece = written.text if sign == 1 else self.bracketed(written, PRODUCT)
            if text:
                text += (" + " if sign == 1 else self.style.minus) + piece
            else:
                text = piece if sign == 1 else f"{self.style.minus.strip()}{piece}"
        return text

    def quotient(self, tree: Quotient) -> Written:
        style = self.style
        a, b = self.write(tree.above), self.write(tree.below)
        texts = a.text, b.text
        if style.fraction_brackets:
            texts = self.bracketed(a, PRODUCT), self.bracketed(b, ATOM)
        template = {
            "floor": style.floor,
            "ceil": style.ceil,
            "mod": style.modulo,
            "exact": style.divided,
        }[tree.rounding]
        bare = tree.rounding == "exact" and style.fraction_brackets
        return Written(template.format(a=texts[0], b=texts[1]), PRODUCT if bare else ATOM)

    def bracketed(self, piece: Written, binding: int) -> str:
        if piece.binding >= binding:
            return piece.text
        return self.style.brackets.format(a=piece.text)
