"""Models judged by what is wanted of them, so that every design that meets it is right."""

from typing import Any

from autograder.answers import CheckResult, attempted
from autograder.errors import WrongAnswer
from autograder.models.broken import broken_designs
from autograder.models.reading import read, told
from autograder.models.tracing import agree, begins_with, complete
from autograder.models.wanted import Wanted
from autograder.models.wishes import judge
from course.errors import CourseError

__all__ = ["Wanted", "broken_designs", "check_model"]


def check_model(model: Any, wanted: Wanted) -> CheckResult:
    """Judge a model by what is wanted of it, every wish also when an earlier one is not met.

    A model is a Stack, a layer, a list of layers, a keras.Sequential, built or not, or a model
    made by keras.Model(inputs, outputs). No weight is allocated.

    Errors: NotAttempted for None and `...`; WrongAnswer, with every wish and what the model has
    instead, for any other model that does not meet them all, or that cannot be built or known;
    ReferenceDisagreement when engine and Keras differ.

    >>> from course import Stack, layers as L
    >>> wanted = Wanted(input_shape=(28, 28, 1), output_shape=(10,), max_params=5000)
    >>> smallest = Stack([L.Conv2D(8, 9, strides=4), L.Flatten(), L.Dense(10, "softmax")])
    >>> print(check_model(smallest, wanted))
    Right: 2,666 parameters, (28, 28, 1) to (10,). Keras agrees.
    """
    attempted(model)
    network, built = read(model)
    shape = begins_with(network, built, wanted.input_shape)
    try:
        trace = network.trace(shape)
    except CourseError as error:
        raise told(error) from None
    trace = complete(trace, built)
    agree(trace, network, built, macs=wanted.max_macs is not None)
    wishes = judge(trace, wanted)
    if not all(wish.met for wish in wishes):
        listed = "".join(f"\n    {wish}" for wish in wishes)
        raise WrongAnswer(f"your model does not meet all that is wanted:{listed}")
    counts = f"{trace.param_count:,} parameters"
    if wanted.max_macs is not None:
        counts += f", {trace.macs:,} MACs"
    return CheckResult(
        f"Right: {counts}, {trace.input_shape} to {trace.output_shape}. Keras agrees."
    )
