"""The working of a number as data: formula, symbols with their values, result.

A `Step` is one of the functions of `course.arithmetic` with its arguments. The step's value comes
from calling that function with numbers, and the formula that it shows from calling the same
function with letters, so the two cannot part. A `Derivation` is the steps that lead to one answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from course.expression import Expression, Leaf, parameters, read
from course.writing import HTML, LATEX, TEXT, Style, write

Value = int | tuple["Value", ...]
Names = str | tuple["Names", ...]

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "K": "filters",
        "F": "window size",
        "S": "strides",
        "P": "padding",
        "d": "dilation rate",
        "e": "window size with its gaps",
        "g": "groups",
        "m": "depth multiplier",
        "o": "output size",
        "U": "units",
        "D": "depth",
        "H": "height",
        "W": "width",
        "L": "length",
        "T": "frames",
        "n": "size",
        "v": "vectors of parameters",
        "C": "cropping",
        "r": "repeats",
    }
)
NUMBERED: Mapping[str, str] = MappingProxyType(
    {
        "F": "window {number}",
        "e": "window {number} with its gaps",
        "S": "strides of window {number}",
    }
)
"""What letters stand for where the windows of several layers are numbered: F_1, S_2h."""
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "in": "of the input",
        "out": "of the output",
        "1": "of input 1",
        "2": "of input 2",
        "d": "along the depth",
        "h": "along the height",
        "w": "along the width",
        "top": "at the top",
        "bottom": "at the bottom",
        "front": "at the front",
        "back": "at the back",
        "length": "along the length, in all",
        "depth": "along the depth, in all",
        "left": "on the left",
        "right": "on the right",
        "height": "along the height, in all",
        "width": "along the width, in all",
    }
)


class Symbol(NamedTuple):
    """A letter of a formula, its value and what it stands for."""

    letter: str
    value: int
    meaning: str


class Step(NamedTuple):
    """One formula with its numbers: `name` = function(*arguments).

    `letters` says how a parameter is written where its own name will not do: W as 'H_in', or
    the two numbers of F as ('F_h', 'F_w'). A number whose letter is '' is a constant, and as a
    factor of 1 it is left out.

    >>> from course import arithmetic
    >>> step = Step("H_out", arithmetic.valid_size, (28, 3, 1), {"W": "H_in"})
    >>> step.formula, step.substituted, step.value
    ('floor((H_in - F) ÷ S) + 1', 'floor((28 - 3) ÷ 1) + 1', 26)
    """

    name: str
    function: Callable[..., int]
    arguments: tuple[int | tuple[int, ...], ...]
    letters: Mapping[str, str | tuple[str, ...]] = MappingProxyType({})

    @property
    def value(self) -> int:
        """The result, as an int."""
        return self.function(*self.arguments)

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The letters of this formula, each once, in order of appearance."""
        found = {}
        for letters, value in self.lettered():
            for letter, number in zip(letters, _several(value), strict=True):
                if not letter or letter[0].isdigit():
                    continue  # a plain number in the formula is no symbol
                found[letter] = Symbol(letter, number, meaning(letter))
        return tuple(found.values())

    def lettered(self) -> list[tuple[tuple[str, ...], int | tuple[int, ...]]]:
        """Each argument with how it is written, one letter for each of its numbers."""
        pairs = []
        for parameter, value in zip(parameters(self.function), self.arguments, strict=True):
            letters = self.letters.get(parameter, parameter)
            if isinstance(letters, str):
                letters = (letters,) * len(_several(value))
            pairs.append((letters, value))
        return pairs

    @property
    def formula(self) -> str:
        """The formula in letters, as plain text."""
        return self.write(TEXT, numbers=False)

    @property
    def substituted(self) -> str:
        """The formula with its numbers put in, as plain text."""
        return self.write(TEXT, numbers=True)

    @property
    def expression(self) -> Expression:
        """The formula as a tree, its leaves lettered and with their numbers."""
        given = {
            parameter: tuple(
                Leaf(number, letter, parameter) if letter else number
                for letter, number in zip(letters, _several(value), strict=True)
            )
            for parameter, (letters, value) in zip(
                parameters(self.function), self.lettered(), strict=True
            )
        }
        return read(self.function, given)

    def write(self, style: Style, *, numbers: bool) -> str:
        """The formula in the given style, in letters or in numbers."""
        return write(self.expression, style, numbers=numbers)


@dataclass(frozen=True)
class Derivation:
    """The working of one answer: what was asked, the steps, and which of them make the answer.

    `result` is the name of a step, or a (nested) tuple of names where the answer is a shape.

    >>> from course import layers as L
    >>> working = L.Conv2D(32, 3).derivation("param_count", (128, 128, 3))
    >>> working.value
    896
    >>> print(working)
    Conv2D(32, 3, padding='valid') on (128, 128, 3): param_count
    parameters = K × F × F × D_in + K
               = 32 × 3 × 3 × 3 + 32
               = 896
    where K = 32 (filters), F = 3 (window size), D_in = 3 (depth of the input)
    """

    title: str
    steps: tuple[Step, ...]
    result: Names

    @property
    def value(self) -> Value:
        """The answer: an int, or ints in tuples, computed by the steps."""
        return _pick(self.result, {step.name: step.value for step in self.steps})

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All letters of the steps, each once; what an earlier step yields is left out."""
        results = {step.name for step in self.steps}
        found = {symbol.letter: symbol for step in self.steps for symbol in step.symbols}
        return tuple(symbol for letter, symbol in found.items() if letter not in results)

    @property
    def text(self) -> str:
        """The working as plain text."""
        lines = [self.title]
        for step in self.steps:
            pad = " " * len(step.name)
            name, *forms = _forms(step, TEXT)
            lines += [f"{pad if i else name} = {form}" for i, form in enumerate(forms)]
        if isinstance(self.result, tuple):
            lines.append(f"answer: {self.value}")
        where = ", ".join(f"{s.letter} = {s.value:,} ({s.meaning})" for s in self.symbols)
        return "\n".join([*lines, f"where {where}"] if where else lines)

    @property
    def latex(self) -> str:
        """The working as a LaTeX `aligned` environment, without dollar signs."""
        rows = []
        for step in self.steps:
            name, formula, *numbers = _forms(step, LATEX)
            rows.append(
                rf"{name} &= {formula}" + (rf" \\ &= {' = '.join(numbers)}" if numbers else "")
            )
        return r"\begin{aligned} " + r" \\ ".join(rows) + r" \end{aligned}"

    @property
    def html(self) -> str:
        """The working as HTML; it needs no script and takes the page's colours."""
        rows = ""
        for step in self.steps:
            name, formula, *numbers = _forms(step, HTML)
            rows += f"<span>{name}</span><span>= {formula}</span>"
            if numbers:
                numbers[-1] = f"<b>{numbers[-1]}</b>"
                rows += f"<span></span><span>= {' = '.join(numbers)}</span>"
        where = ", ".join(
            f"{HTML.letter(s.letter)} = {HTML.number(s.value)} ({escape(s.meaning)})"
            for s in self.symbols
        )
        # A grid and no table: Jupyter stripes tables and aligns them to the right.
        return (
            f'<div class="convdims-derivation"><div><code>{escape(self.title)}</code></div>'
            '<div style="display: grid; grid-template-columns: max-content 1fr; '
            f'column-gap: 0.5em; margin: 0.4em 0">{rows}</div>'
            f"<div>{where and 'where ' + where}</div></div>"
        )

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html

    def _repr_latex_(self) -> str:
        return f"${self.latex}$"


def meaning(letter: str) -> str:
    """What a letter stands for, in words.

    >>> meaning("D_in"), meaning("S_2h")
    ('depth of the input', 'strides of window 2 along the height')
    """
    base, _, place = letter.partition("_")
    number = place.rstrip("dhw")
    if base in NUMBERED and number.isdigit():
        axis = PLACES.get(place.removeprefix(number), "")
        return f"{NUMBERED[base].format(number=number)} {axis}".strip()
    if base[0] == "n" and base[1:].isdigit():
        return f"size of axis {base[1:]} {PLACES.get(place, place)}".strip()
    if base not in MEANINGS:
        return letter
    return f"{MEANINGS[base]} {PLACES.get(place, place)}".strip()


def _forms(step: Step, style: Style) -> tuple[str, ...]:
    """A step's name, formula, numbers and value, each form once: `K = 32` needs no second 32."""
    forms = (
        step.write(style, numbers=False),
        step.write(style, numbers=True),
        style.number(step.value),
    )
    return (style.letter(step.name), *dict.fromkeys(forms))


def _several(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


def _pick(names: Names, values: Mapping[str, int]) -> Value:
    if isinstance(names, str):
        return values[names]
    return tuple(_pick(name, values) for name in names)
