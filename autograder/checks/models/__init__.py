"""Models judged by what is wanted of them, so that every design that meets it is right.

requirements.py   what is wanted: shapes, counts, budgets, kinds of layers, rows of a summary
requirement.py    one of these, met or not
reading.py        what a learner built, as a network of the course's own layers
tracing.py        that network followed through, by the engine and by Keras
judging.py        each requirement held against it
summary_rows.py   the rows of its summary
near_misses.py    designs that miss it by a little, to rehearse the checks with
"""

from typing import Any

from autograder.answers import require_attempt
from autograder.checks.models.judging import requirements
from autograder.checks.models.near_misses import near_misses
from autograder.checks.models.reading import as_verdict, network_of
from autograder.checks.models.requirements import Wanted
from autograder.checks.models.tracing import begins_with, complete, confirmed
from autograder.judge import Asked, ask_judge
from autograder.verdicts import CheckResult, Judgement, right, text, wrong
from course.errors import CourseError

__all__ = ["Wanted", "check_model", "judge_model", "near_misses"]

RIGHT = text(
    "right.model", "Right: {params:,} parameters, {input_shape} to {output_shape}. {confirmed}"
)
RIGHT_WITH_MACS = text(
    "right.model.macs",
    "Right: {params:,} parameters, {macs:,} MACs, {input_shape} to {output_shape}. {confirmed}",
)
TOO_LARGE = text(
    "model.too-large", "your model has more parameters than there are atoms; make it smaller"
)
LARGEST = 10**80
"""Beyond it numbers are too long to be read, and at last to be written."""
NOT_ALL_MET = text(
    "wrong.model",
    "your model does not meet all that is wanted:\n    {requirements:indented}",
)


def check_model(model: Any, wanted: Wanted) -> CheckResult:
    """Judge a model by what is wanted of it, every requirement also when an earlier one is not met.

    A model is a Stack, a layer, a list of layers, a keras.Sequential, built or not, or a model
    made by keras.Model(inputs, outputs). No weight is allocated.

    Errors: NotAttempted for None and `...`; WrongAnswer, with every requirement and what the
    model has instead, for any other model that does not meet them all, or that cannot be built or
    known; OurFault when engine and Keras differ, or Keras fails.

    >>> from course import Stack, layers as L
    >>> wanted = Wanted(input_shape=(28, 28, 1), output_shape=(10,), max_params=5000)
    >>> smallest = Stack([L.Conv2D(8, 9, strides=4), L.Flatten(), L.Dense(10, "softmax")])
    >>> print(check_model(smallest, wanted))
    Right: 2,666 parameters, (28, 28, 1) to (10,). Keras agrees.
    """
    result: CheckResult = ask_judge(
        Asked("check_model", model, wanted), lambda: judge_model(model, wanted)
    )
    return result


def judge_model(model: Any, wanted: Wanted) -> Judgement:
    """What `check_model` concludes. Errors: the Verdict of what cannot be judged."""
    require_attempt(model)
    network, built = network_of(model)
    shape = begins_with(network, built, wanted.input_shape)
    try:
        trace = network.trace(shape)
    except CourseError as error:
        raise as_verdict(error) from None
    trace = complete(trace, built)
    if trace.param_count > LARGEST:
        return wrong(TOO_LARGE(), ("unreadable-model",))
    macs = wanted.max_macs is not None
    settled = confirmed(trace, network, built, macs=macs)
    judged = requirements(trace, wanted)
    missed = tuple(dict.fromkeys(one.identifier for one in judged if not one.met))
    if missed:
        return wrong(NOT_ALL_MET(requirements=tuple(one.message for one in judged)), missed)
    said: dict[str, Any] = {
        "params": trace.param_count,
        "input_shape": trace.input_shape,
        "output_shape": trace.output_shape,
        "confirmed": settled.confirmation,
    }
    return right(RIGHT_WITH_MACS(macs=trace.macs, **said) if macs else RIGHT(**said))
