"""A student's answer read as an array, without running any code of its own."""

import sys
from math import prod
from typing import TYPE_CHECKING, Any

from autograder.answers import require_attempt, show
from autograder.verdicts import Message, NotAttempted, WrongAnswer, not_attempted, text, wrong
from course.layers.base import Shape

if TYPE_CHECKING:
    from course.forward.arrays import Array

MOST_LISTED = 10**7
"""Numbers that an answer may have as lists; larger ones are wanted as NumPy arrays."""


NO_ARRAY = text(
    "other-kind.array",
    "{said}; give a NumPy array of numbers, as np.array(...) makes it",
)
WANTED = text("other-kind.array.wanted", "your answer is {answer}, but an array is wanted")
TOO_DEEP = text(
    "other-kind.array.too-deep",
    "your lists hold no numbers, too many, or are nested too deep",
)
UNEVEN = text("other-kind.array.uneven", "your rows differ in length")
UNLIKE = text(
    "other-kind.array.unlike", "your lists hold arrays of several shapes, or too large ones"
)
HOLDS = text("other-kind.array.holds", "your lists hold {part}, but only numbers are wanted")
TOO_LONG = text(
    "other-kind.array.too-long",
    "your lists hold a whole number of more digits than NumPy has room for",
)
NO_NUMBERS = text(
    "other-kind.array.no-numbers",
    "your array holds {held}, but whole or real numbers are wanted; print its dtype and see "
    "where it comes from",
)
HELD = {
    "b": text("array-holds.booleans", "True and False"),
    "U": text("array-holds.text", "text"),
    "S": text("array-holds.bytes", "text"),
    "O": text("array-holds.objects", "objects"),
}
HELD_OTHERS = text("array-holds.others", "values of type {name}")


def array_of(answer: Any) -> "Array":
    """The answer as an array, or NotAttempted, or a WrongAnswer about its kind.

    Types are compared by identity, so that nothing of the answer's own code runs.
    """
    import numpy as np

    require_attempt(answer)
    kind = type(answer)
    if kind is list or kind is tuple:
        return _read_lists(answer)
    # Only where TensorFlow is loaded can an answer be a tensor.
    tensor = getattr(sys.modules.get("tensorflow.python.framework.ops"), "EagerTensor", None)
    if kind is tensor and answer.dtype.is_numpy_compatible:
        return np.asarray(answer.numpy())
    if kind is np.ndarray:
        array: Array = answer
        return array
    raise _unread(WANTED(answer=show(answer)))


def _read_lists(answer: Any) -> "Array":
    """Lists of lists, gone through level by level, each as long as the first of its level."""
    import numpy as np

    parts, shape, total = [answer], [], 1
    while type(parts[0]) is list or type(parts[0]) is tuple:
        shape.append(len(parts[0]))
        total *= shape[-1]
        if not total or total > MOST_LISTED or len(shape) > 6:
            raise _unread(TOO_DEEP())
        for part in parts:
            kind = type(part)
            if (kind is not list and kind is not tuple) or len(part) != shape[-1]:
                raise _unread(UNEVEN())
        parts = [entry for part in parts for entry in part]
        if any(part is ... for part in parts):
            raise NotAttempted(not_attempted())
    if all(type(part) is np.ndarray for part in parts):
        if len({part.shape for part in parts}) > 1 or total * parts[0].size > MOST_LISTED:
            raise _unread(UNLIKE())
        return np.stack([require_numbers(part) for part in parts]).reshape(*shape, *parts[0].shape)
    scalars = [np.dtype(code).type for code in np.typecodes["AllInteger"] + np.typecodes["Float"]]
    known = {id(kind) for kind in (int, float, *scalars)}
    for part in parts:
        if id(type(part)) not in known:
            raise _unread(HOLDS(part=show(part)))
    array = np.array(parts)
    if array.dtype.kind == "O":
        raise _unread(TOO_LONG())
    return array.reshape(shape)


def _unread(said: Message) -> WrongAnswer:
    return WrongAnswer(wrong(NO_ARRAY(said=said), ("other-kind",)))


def require_numbers(answer: "Array") -> "Array":
    """The answer, or a WrongAnswer if it holds no numbers."""
    if answer.dtype.kind in "iuf":
        return answer
    kind = HELD.get(answer.dtype.kind)
    held = kind() if kind else HELD_OTHERS(name=answer.dtype.name)
    raise WrongAnswer(wrong(NO_NUMBERS(held=held), ("other-kind",)))


def with_axes(array: "Array", shape: Shape, channels: int) -> "Array":
    """The answer with as many axes as wanted: without a batch of one, with a single channel; a
    plain list where only one axis is longer than 1.
    """
    import numpy as np

    views = [array]
    if array.ndim == 1 and array.size == prod(shape) == max(shape, default=0):
        views.append(array.reshape(shape))
    if array.shape[:1] == (1,):
        views.append(array.reshape(array.shape[1:]))
    if shape and shape[channels] == 1:
        views += [np.expand_dims(view, channels) for view in views]
    fitting = [view for view in views if view.shape == shape]
    return (fitting or [view for view in views if view.ndim == len(shape)] or views)[0]
