"""Questions without end: of a kind, as hard as a level asks for, drawn from a random source."""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

from autograder.misconceptions import right_by_luck
from autograder.personal.exercise_quality import LARGEST_COUNT, LARGEST_SIZE
from autograder.questions import Question, numbers
from course import Stack
from course import layers as L
from course.errors import ShapeError
from course.layers.base import Shape

STRIDES, SAME, RECTANGLES, UNUSUAL, LEVELS = 2, 3, 4, 5, 6
"""What a level brings: strides and colours; 'same' and more depth; rectangles; dilation, groups
and depthwise filters; a place after another layer. The first has round numbers, moved by 1."""
ROUND = (8, 10, 12, 16, 20, 24, 28, 30, 32)
UNEVEN = tuple(range(9, 41))
DEPTHS = {1: (1, 2, 4, 5, 10), STRIDES: (3,)}
FILTERS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20)

NO_HARM = {"height-width-swapped", "odd-zero-in-front"}
"""On a square, and where no zero is odd, there is nothing to be got wrong here."""
PATIENCE = 100
"""After so many draws a question may come again."""


def make(kind: str, level: int, random: Random, recent: Collection[Question] = ()) -> Question:
    """A question of one of KINDS that is none of the recent ones, and fair.

    >>> make("parameters", 1, Random("a")) == make("parameters", 1, Random("a"))
    True
    """
    maker = MAKERS[random.choice(list(MAKERS)) if kind == MIX else kind]
    draws = 0
    while True:
        draws += 1
        try:
            question = maker(random, level)
        except ShapeError:  # a window is larger than what is left of the image
            continue
        if fair(question) and (question not in recent or draws > PATIENCE):
            return question


def fair(question: Question) -> bool:
    """Whether it can be done by hand, and no misconception gives the right answer by luck.

    Less is asked than of an exercise that is graded once: two misconceptions may meet, as on all
    squares, since both are told and the next question tells them apart.

    >>> fair(Question(L.Conv2D(4, 3, strides=2, padding="same"), (10, 10, 1), "height"))
    False
    """
    limit = LARGEST_COUNT if "count" in question.quantity else LARGEST_SIZE
    if max(numbers(question.expected())) > limit:
        return False
    return not any(
        len(lucky.names) == 1 and lucky.only is None and NO_HARM.isdisjoint(lucky.names)
        for lucky in right_by_luck(question)
    )


def _image(random: Random, level: int) -> Shape:
    height, width = (random.choice(ROUND if level == 1 else UNEVEN) for _ in "hw")
    depth = random.choice(DEPTHS.get(level, (3, 4, 6, 8, 12)))
    return height, width if level >= RECTANGLES else height, depth


def _window(random: Random, level: int, sizes: Sequence[int] = (2, 3, 4, 5)) -> int | Shape:
    """A window's size, from some level on one for each axis."""
    height, width = random.choice(sizes), random.choice(sizes)
    return (height, width) if level >= RECTANGLES else height


def _moves(random: Random, level: int) -> dict[str, Any]:
    """Strides and padding."""
    strides = {1: (1,), STRIDES: (2, 3)}.get(level, (1, 2, 3))
    paddings = ("valid", "same") if level >= SAME else ("valid",)
    return {"strides": random.choice(strides), "padding": random.choice(paddings)}


def _conv(random: Random, level: int, shape: Shape) -> L.Layer:
    """A convolution for inputs of this shape, at the highest levels of an unusual sort."""
    filters, window, moves = random.choice(FILTERS), _window(random, level), _moves(random, level)
    sort = random.choice(("dilated", "groups", "depthwise", "separable", ""))
    groups = [g for g in (2, 3, 4) if shape[-1] % g == 0]
    if level < UNUSUAL or not sort:
        return L.Conv2D(filters, window, **moves)
    if sort == "depthwise":
        return L.DepthwiseConv2D(window, **moves, depth_multiplier=random.choice((1, 2)))
    if sort == "separable":
        return L.SeparableConv2D(filters, window, **moves)
    if sort == "groups" and groups:
        g = random.choice(groups)
        return L.Conv2D(g * random.choice((2, 3, 4, 5)), window, **moves, groups=g)
    return L.Conv2D(filters, window, padding=moves["padding"], dilation_rate=2)


def _padded(random: Random, level: int, shape: Shape) -> L.Layer:
    """A convolution with padding='same', or with zeros that are given in numbers."""
    filters, window = random.choice(FILTERS), _window(random, level, (3, 4, 5, 6, 7))
    strides = _moves(random, level)["strides"]
    if random.random() < 0.5:
        if level >= UNUSUAL and random.random() < 0.5:
            return L.Conv2D(filters, window, padding="same", dilation_rate=2)
        return L.Conv2D(filters, window, strides=strides, padding="same")
    pads: Any = random.choice((1, 2, 3))
    if level >= RECTANGLES:
        pads = tuple((random.choice((0, 1, 2)), random.choice((0, 1, 2, 3))) for _ in "hw")
    return L.Conv2D(filters, window, strides=strides, padding=pads)


def _pool(random: Random, level: int, shape: Shape) -> L.Layer:
    kind = random.choice((L.MaxPooling2D, L.AveragePooling2D))
    window, moves = _window(random, level, (2, 3, 4)), _moves(random, level)
    if level == 1 or random.random() < 0.4:
        del moves["strides"]  # those of the window
    return kind(window, **moves)


def _parameters(layer: L.Layer) -> Sequence[str]:
    return ("param_count", "param_count", "weight_count")


def _shape(layer: L.Layer) -> Sequence[str]:
    return ("output_shape",)


def _zeros_or_shape(layer: Any) -> Sequence[str]:
    return ("padding_amounts",) if layer.padding == "same" else ("output_shape",)


Maker = Callable[[Random, int], Question]


def _about(
    draw: Callable[[Random, int, Shape], L.Layer], quantities: Callable[[L.Layer], Sequence[str]]
) -> Maker:
    """Makes questions about one layer, at the last level in its place after another."""

    def maker(random: Random, level: int) -> Question:
        shape = _image(random, level)
        if level < LEVELS:
            layer = draw(random, level, shape)
            return Question(layer, shape, random.choice(quantities(layer)))
        first = L.Conv2D(random.choice(FILTERS), random.choice((2, 3, 5)))
        layer = draw(random, random.randint(STRIDES, UNUSUAL), first.output_shape(shape))
        stack = Stack([first, layer])
        return Question(stack, shape, random.choice(quantities(layer)), at=stack.names[-1])

    return maker


def _network(random: Random, level: int) -> Question:
    """A small network, each level longer: its total, one of its rows, or what comes out there."""
    shape, few = _image(random, level), FILTERS[:6]

    def conv(level: int = level) -> L.Layer:
        moves = _moves(random, min(level, SAME))
        return L.Conv2D(random.choice(few), _window(random, level, (2, 3, 5)), **moves)

    pool, flatten, dense = L.MaxPooling2D(2), L.Flatten(), L.Dense(random.choice((2, 5, 10)))
    layers: list[L.Layer] = {
        1: [conv(), conv()],
        2: [conv(), pool, conv(1)],
        3: [conv(), pool, flatten, dense],
        4: [conv(), pool, conv(1), flatten, dense],
        5: [conv(), L.DepthwiseConv2D(3), pool, flatten, dense],
        6: [conv(1), pool, conv(1), pool, flatten, L.Dropout(0.5), dense],
    }[level]
    stack = Stack(layers)
    rows = list(zip(stack.names, layers, strict=True))[1:]
    counted = [
        name for name, layer in rows if isinstance(layer, L.Conv2D | L.Dense | L.DepthwiseConv2D)
    ]
    shaped = [name for name, layer in rows if layer != dense]
    quantity, at = random.choice(
        [
            ("param_count", None),
            ("param_count", random.choice(counted)),
            ("output_shape", random.choice(shaped)),
        ]
    )
    return Question(stack, shape, quantity, at)


def _field(random: Random, level: int) -> Question:
    """Windows one after another: how much of the image an output sees."""
    count = 4 if level == LEVELS else random.choice((2, 3)) if level < SAME else 3
    layers: list[L.Layer] = []
    for place in range(count):
        filters, window = random.choice(FILTERS), _window(random, level, (2, 3, 4, 5, 7))
        first = place == 0 and level >= STRIDES
        if level >= SAME and place == 1:
            layers.append(L.MaxPooling2D(random.choice((2, 3))))
        elif level >= UNUSUAL and place == 2:
            layers.append(L.Conv2D(filters, window, dilation_rate=2))
        else:
            layers.append(L.Conv2D(filters, window, strides=random.choice((2, 3)) if first else 1))
    return Question(Stack(layers), (224, 224, 3), "receptive_field")


MIX = "mix"
MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "parameters": _about(_conv, _parameters),
        "output shape": _about(_conv, _shape),
        "padding": _about(_padded, _zeros_or_shape),
        "pooling": _about(_pool, _shape),
        "stack": _network,
        "receptive field": _field,
    }
)
KINDS = (*MAKERS, MIX)
"""What can be practised."""
