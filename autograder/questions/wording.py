"""A question in words: as part of a sentence, and as HTML with its layers listed."""

from html import escape

from autograder.questions.quantities import QUANTITIES
from autograder.verdicts import Message, text
from course import Stack
from course.layers import Layer
from course.layers.base import Shape

WRAPPED = "white-space: pre-wrap; word-break: normal; overflow-wrap: anywhere"
"""The style of formulas and layers: JupyterLab would break long lines in the middle of a word."""

OF_LAYER = text("question", "{quantity} of\n    {layer}\non an input of {input_shape}")
OF_STACK = text(
    "question.of-stack",
    "{quantity} of all these layers in sequence:\n    {layers:indented}\non an input of "
    "{input_shape}",
)
OF_ROW = text(
    "question.of-row",
    "{quantity} of\n    layer {at!r}: {layer}\nwhere the first layer's input is {input_shape}",
)


def in_a_sentence(
    quantity: str, layer: Layer | Stack, input_shape: Shape, at: str | None
) -> Message:
    """What is asked of a layer or a stack; with `at`, of the layer of that name in its place."""
    asked = QUANTITIES[quantity].name()
    if at is not None:
        return OF_ROW(quantity=asked, at=at, layer=repr(layer), input_shape=input_shape)
    if isinstance(layer, Stack):
        each = tuple(map(repr, layer))
        return OF_STACK(quantity=asked, layers=each, input_shape=input_shape)
    return OF_LAYER(quantity=asked, layer=repr(layer), input_shape=input_shape)


def layer_lines(layer: Layer | Stack) -> tuple[str, ...]:
    """The layer in a line, or a stack's layers, each in a line with its name.

    >>> from course import layers as L
    >>> layer_lines(Stack([L.Flatten(), L.Dense(10)]))
    ('flatten  Flatten()', 'dense    Dense(10)')
    """
    if not isinstance(layer, Stack):
        return (repr(layer),)
    width = max(map(len, layer.names))
    return tuple(
        f"{name:{width}}  {inner!r}" for name, inner in zip(layer.names, layer, strict=True)
    )


def in_html(
    verb: str, quantity: str, layer: Layer | Stack, input_shape: Shape, at: str | None
) -> str:
    """The question, and what it is about below it."""
    of = "this layer"
    if isinstance(layer, Stack):
        of = f"layer {at!r}" if at else "this stack"
    asked = f"What {verb} {QUANTITIES[quantity].name()} of {of} on an input of {input_shape}?"
    listed = escape("\n".join(layer_lines(layer)))
    return f'<p>{escape(asked)}</p><pre style="{WRAPPED}">{listed}</pre>'
