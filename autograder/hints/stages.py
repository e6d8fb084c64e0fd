"""The stages of a hint: which formula, its symbols with their values, the formula with a gap.

No stage holds the right answer: a symbol whose value is the answer, or one of its numbers, is
named and not told, and so is what comes out of an earlier layer of a stack.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autograder.misconceptions.receptive_field import field_under
from autograder.misconceptions.wrong import numbers
from autograder.questions import Question
from course import Stack
from course.derivation import Derivation, Symbol
from course.expression import Expression, Greatest, Leaf, Product, Quotient, Sum, leaves
from course.layers import Layer
from course.layers.base import Sight, per_axis
from course.layers.sliding import AXIS_NAMES
from course.writing import TEXT, write

Stages = tuple[str, ...]
Secret = frozenset[Any]
"""The numbers of the right answer."""

COUNTS = ("weight_count", "bias_count", "param_count", "trainable_count", "macs")
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
        return _of_field(question, secret)
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
    shown = Derivation(working.title, steps, working.result)
    one = len(steps) == 1
    formula = "The formula" if one else "The formulas"
    lead = f"Look at layer {question.at!r}. {formula}" if question.at else formula
    told = [_symbol(symbol, secret, before) for symbol in shown.symbols]
    filled = f"{formula} with {'its' if one else 'their'} numbers, one of them left to you"
    return (
        _lines(f"{lead}:", [f"{step.name} = {step.formula}" for step in steps]),
        _lines(f"What {'its' if one else 'their'} letters stand for:", told),
        _lines(f"{filled}{'' if one else ' in each'}:", list(_with_gaps(shown, secret, before))),
    )


def _of_stack(question: Question, stack: Stack, secret: Secret, before: str) -> Stages:
    """The way through a stack, with the stages of the first layer that has something to count."""
    _, shape = question.asked_of
    if question.quantity in COUNTS:
        quantity = question.quantity
        rows = stack.trace(shape).rows
        name = next((row.name for row in rows if getattr(row, quantity)), rows[0].name)
        way = "The number of a stack is the sum of its layers' numbers."
        on = "Do the same for the layers behind it, and add up."
    else:
        quantity, name = "output_shape", stack.names[0]
        way = "What comes out of one layer goes into the next."
        on = "Go on like this: what comes out of this layer goes into the one behind it."
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


def _of_field(question: Question, secret: Secret) -> Stages:
    """The stages for a receptive field: a term for each window on the way."""
    sights = _sights(question)
    windows = [place for place, sight in enumerate(sights) if isinstance(sight, tuple)]
    if not windows or not {"whole", "unknown"}.isdisjoint(sights):
        return NO_WINDOW
    # Behind the last window there may be no image any more, and the field stays as it is.
    trees = field_under(question.chain[: windows[-1] + 1], question.input_shape, ())
    assert trees is not None
    formulas = [_filled(tree, lambda leaf: leaf.value not in secret, _gap(tree)) for tree in trees]
    names = [f"r along the {axis}" for axis in AXIS_NAMES[len(trees)]]
    if len(set(formulas)) == 1:
        names = ["r"]
    told = [
        f"{_names(question)[place]}: {_told('F', sights[place], 0, secret)}, "
        f"{_told('S', sights[place], 1, secret)}"
        for place in windows
    ]
    return (
        _lines(
            "The formula, with one term for each window on the way:",
            ["r = 1 + sum of (F - 1) × the strides S of all layers before it"],
        ),
        _lines("The windows F, with the gaps of a dilation, and the strides S:", told),
        _lines(
            "The formula with its numbers, one of them left to you:",
            [f"{name} = {formula}" for name, formula in zip(names, formulas, strict=False)],
        ),
    )


def _sights(question: Question) -> list[Sight]:
    """What the outputs of each layer see of the layer's own input."""
    shape, found = question.input_shape, []
    for layer in question.chain:
        found.append(layer.windows(shape) if isinstance(layer, Layer) else "unknown")
        shape = layer.output_shape(shape)
    return found


def _names(question: Question) -> Stages:
    """The names of the layers on the way; their kinds where a stack lies in the stack."""
    stack = question.layer
    if isinstance(stack, Stack) and not any(isinstance(layer, Stack) for layer in stack):
        return stack.names
    return tuple(type(layer).__name__ for layer in question.chain)


def _told(letter: str, sight: Sight, which: int, secret: Secret) -> str:
    """A letter with its value, or one letter for each axis where the values differ."""
    values = tuple(window[which] for window in sight if isinstance(window, tuple))
    pairs = dict(zip(per_axis(letter, values), values, strict=True))
    return ", ".join(
        f"{one}: look for it in the question" if value in secret else f"{one} = {value}"
        for one, value in pairs.items()
    )


def _lines(lead: str, lines: Sequence[str]) -> str:
    return "\n    ".join((lead, *lines))
