"""The stages of a hint: which formula, its symbols with their values, the formula with a gap.

No stage holds the right answer: a symbol whose value is the answer, or one of its numbers, is
named and not told, and so is what comes out of an earlier layer of a stack.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.questions import COUNTS, Question, numbers
from course import Stack
from course.arithmetic import receptive_field
from course.derivation import Derivation, Symbol
from course.expression import Expression, Greatest, Leaf, Product, Quotient, Sum, leaves
from course.layers import Layer
from course.writing import TEXT, write

Stages = tuple[str, ...]
Secret = frozenset[Any]
"""The numbers of the right answer."""

GAP = "?"
NO_FORMULA = {
    "padding_amounts": (
        "The layer's argument padding says which zeros are added, and no formula is needed.",
        "What does this padding ask for at the top, at the bottom, on the left, on the right?",
    ),
    "bias_count": (
        "A bias is a number that is added to what a filter or a unit has summed up.",
        "Does this layer sum anything up, and what do its arguments say of biases?",
    ),
    "trainable_count": (
        "Training changes weights and biases, unless the layer is told to keep them.",
        "Which weights and biases does this layer have, and what does its argument trainable say?",
    ),
    "macs": (
        "A multiply-accumulate multiplies a number by a weight and adds the product to a sum.",
        "By which weights does this layer multiply?",
    ),
}
"""What leads on where the answer stands in the arguments or follows from the layer's kind."""
NO_WEIGHTS = (
    "Parameters are the numbers of a layer that are learned in training.",
    "How does this layer get from its input to its output, and what would it have to learn?",
)
NO_WINDOW = (
    "Go back from an output, layer by layer: which values of the image does it depend on?",
    "Is there a layer whose outputs each depend on all of its input?",
)


def hints(question: Question) -> Stages:
    """The stages as text, each more than the one before; none holds the right answer.

    >>> from course import layers as L
    >>> for stage in hints(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count")):
    ...     print(stage)
    The formula:
        parameters = K × F × F × D_in + K
    What its letters stand for:
        K = 32 (filters)
        F = 3 (window size)
        D_in = 3 (depth of the input)
    The formula with its numbers, one of them left to you:
        parameters = 32 × 3 × 3 × 3 + ?
    """
    secret = frozenset(numbers(question.expected()))
    if question.quantity == "receptive_field":
        working = question.working()
        # What sees the whole image, or a single pixel, has no formula.
        known = working and working.symbols and working.steps[0].function is receptive_field
        return _of_working(working, secret) if working and known else NO_WINDOW
    return _of_layer(question, secret, _layer_before(question))


def _layer_before(question: Question) -> str:
    """The name of the layer that gives the asked layer its input, "" where there is none."""
    if not isinstance(question.layer, Stack) or question.at is None:
        return ""
    place = question.layer.names.index(question.at)
    return question.layer.names[place - 1] if place else ""


def _of_layer(question: Question, secret: Secret, before: str) -> Stages:
    """The stages for the layer that is asked about, which gets its input from layer `before`."""
    layer, _ = question.asked_of
    if isinstance(layer, Stack):
        return _of_stack(question, layer, secret, before)
    if not isinstance(layer, Layer):
        return (f"Layer {question.at!r} is a network of its own: go through it layer by layer.",)
    working = question.working()
    assert working is not None
    # A formula that is a mere number is the answer itself.
    steps = tuple(step for step in working.steps if not step.formula.isdigit())
    if not steps:
        return NO_FORMULA.get(question.quantity, NO_WEIGHTS)
    lead = f"Look at layer {question.at!r}. " if question.at else ""
    return _of_working(Derivation(working.title, steps, working.result), secret, before, lead)


def _of_working(working: Derivation, secret: Secret, before: str = "", lead: str = "") -> Stages:
    """The stages for a working: its formulas, their symbols, the formulas with a gap in each."""
    one = len(working.steps) == 1
    formula = "The formula" if one else "The formulas"
    told = [_symbol(symbol, secret, before) for symbol in working.symbols]
    filled = f"{formula} with {'its' if one else 'their'} numbers, one of them left to you"
    return (
        _lines(f"{lead}{formula}:", [f"{step.name} = {step.formula}" for step in working.steps]),
        _lines(f"What {'its' if one else 'their'} letters stand for:", told),
        _lines(f"{filled}{'' if one else ' in each'}:", list(_with_gaps(working, secret, before))),
    )


def _of_stack(question: Question, stack: Stack, secret: Secret, before: str) -> Stages:
    """The way through a stack, with the stages of the first layer that has something to count."""
    _, shape = question.asked_of
    if question.quantity in COUNTS:
        quantity = question.quantity
        rows = stack.trace(shape).rows
        name = next((row.name for row in rows if getattr(row, quantity)), rows[0].name)
        way = "The number of a stack is the sum of its layers' numbers."
        on = "Do the same for the layers after it, and add up."
    else:
        quantity, name = "output_shape", stack.names[0]
        way = "What comes out of one layer goes into the next."
        on = "Go on like this: what comes out of this layer goes into the one after it."
    first = Question(stack, shape, quantity, at=name)
    stages = _of_layer(first, secret, _layer_before(first) or before)
    if isinstance(first.asked_of[0], Stack):
        return stages
    return (f"{way} {stages[0]}", *stages[1:], on)


def _symbol(symbol: Symbol, secret: Secret, before: str) -> str:
    """A letter with its value and meaning, or with where to find the value."""
    letter, value, meaning = symbol
    if before and letter.endswith("_in"):
        return f"{letter} ({meaning}): comes out of layer {before!r}"
    if before and letter.endswith("_out"):
        return f"{letter} ({meaning}): work it out first"
    if value in secret:
        return f"{letter} ({meaning}): look for it in the question"
    return f"{letter} = {value:,} ({meaning})"


def _with_gaps(working: Derivation, secret: Secret, before: str) -> Iterator[str]:
    """Each step's formula in numbers but for one; what is secret or not known yet in letters."""
    results = {step.name for step in working.steps}

    def known(leaf: Leaf) -> bool:
        elsewhere = before and leaf.letter.endswith(("_in", "_out"))
        return not (leaf.letter in results or leaf.value in secret or elsewhere)

    for step in working.steps:
        tree = step.expression
        # Where an earlier result goes in, that one is left to the student already.
        whole = not results.isdisjoint(leaf.letter for leaf in leaves(tree))
        yield f"{step.name} = {_filled(tree, known, None if whole else _gap(tree))}"


def _gap(tree: Expression) -> int | None:
    """The place of the number to leave out: the last with a letter, not 1 if another is there."""
    places = [(leaf.value != 1, n) for n, leaf in enumerate(leaves(tree)) if leaf.letter]
    return max(places)[1] if places else None


def _filled(tree: Expression, known: Callable[[Leaf], bool], gap: int | None) -> str:
    """The tree as text, its known letters as numbers and the number at the place `gap` as `?`."""
    places = iter(range(sum(1 for _ in leaves(tree))))

    def filled(part: Expression) -> Expression:
        match part:
            case Leaf():
                if next(places) == gap:
                    return Leaf(part.value, GAP)
                return Leaf(part.value) if known(part) else part
            case Sum(terms=terms):
                return Sum(tuple((sign, filled(term)) for sign, term in terms))
            case Product(factors=factors):
                return Product(tuple(map(filled, factors)))
            case Quotient(above=above, below=below):
                return replace(part, above=filled(above), below=filled(below))
            case Greatest(first=first, second=second):
                return Greatest(filled(first), filled(second))

    return write(filled(tree), TEXT, numbers=False)


def _lines(lead: str, lines: Sequence[str]) -> str:
    return "\n    ".join((lead, *lines))
