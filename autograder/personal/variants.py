"""Numbers of one's own: the same exercise for every student, each time with other numbers.

What a student gets follows from the course's key, the exercise and the student's name alone, so
that the grader works it out again and need not take the notebook's word for it.
"""

import hmac
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from math import prod
from typing import Any

from autograder.answers import plain_answer
from autograder.personal.exercise_quality import formulas, refusal
from autograder.personal.identity import Identity, current_identity, plain_name
from autograder.questions import Question, layer_lines
from autograder.verdicts import Verdict
from course import Stack
from course.errors import CourseError, SpecError
from course.layers import Layer
from course.layers.base import Shape

Asked = str | tuple[str, str]
"""A quantity, or a quantity with the name of the layer of a stack that it is asked of."""

FEWEST = 1_000
"""With fewer ways to choose, many students of a class would have the same numbers."""
ATTEMPTS = 300
"""A template of which one draw in ten is good fails for one student in 10^13."""


@dataclass(frozen=True, eq=False)
class Template:
    """An exercise of which every student gets a variant.

    `layer` is a kind of layer, or a function that makes a layer or Stack; `choices` are the
    values to choose from for each of its arguments, `input_shape` those for each size of the
    input. Whole numbers to choose from must have the same number of digits, so that one
    student's sum is as long as another's. `quantities` is what is asked of the layer, or, with
    pairs such as ("output_shape", "flatten"), of a layer of the stack. A new `version` draws
    other numbers; a change of the values to choose from does so too.

    A draw that would make a bad exercise is refused, and the next one made: see
    `autograder.personal.exercise_quality`. Some exercises have no good draw at all:

    - With padding='valid' and strides, the size of a single axis, or of a square image, never
      tells whether it was rounded rightly. Where the quotient is whole, rounding up gives the
      same; where it is not, rounding up does if the + 1 is forgotten too. So let height and width
      differ, and ask for the whole shape.
    - A pooling whose strides are its window rounds up to what 'same' gives: take another window.
    - With P zeros per side and strides S, leaving them out takes 2 P / S off the size, adding them
      on one side P / S, and forgetting the + 1 takes 1. Take a P for which these differ.
    - After a Flatten, a lost channel axis and a single filter look alike: ask before it, or
      for the total of several convolutions.

    Errors: SpecError where there is too little to choose from or where it is unlike.
    """

    exercise: str
    layer: Callable[..., Any]
    choices: Mapping[str, Sequence[Any]]
    input_shape: tuple[Sequence[int], ...]
    quantities: tuple[Asked, ...]
    version: int = 1

    def __post_init__(self) -> None:
        for name, values in (*self.choices.items(), *enumerate(self.input_shape, 1)):
            what = name if isinstance(name, str) else f"size {name} of the input"
            if len({_digits(value) for value in values}) != 1:
                raise SpecError(
                    f"{what} has {list(values)} to choose from",
                    "give at least one value, and only values with the same number of digits",
                    self.exercise,
                )
        ways = prod(map(len, (*self.choices.values(), *self.input_shape)))
        if ways < FEWEST:
            raise SpecError(
                f"there are {ways} ways to choose, and {FEWEST:,} are the fewest",
                "give more values to choose from",
                self.exercise,
            )


@dataclass(frozen=True)
class Variant:
    """One student's numbers of an exercise; shown in a notebook with whose they are.

    `student` is empty for the plain variant, and None where that is nobody's.
    """

    student: str | None
    layer: Layer | Stack
    input_shape: Shape
    questions: tuple[Question, ...]

    def question(self, quantity: str, at: str | None = None) -> Question:
        """What is asked, ready to be checked. Errors: SpecError for what is not asked."""
        for question in self.questions:
            if (question.quantity, question.at) == (quantity, at):
                return question
        asked = ", ".join(q.quantity + (f" at {q.at}" if q.at else "") for q in self.questions)
        raise SpecError(
            f"{quantity}{f' at {at}' if at else ''} is not asked here", f"ask for {asked}"
        )

    @property
    def title(self) -> str:
        """Whose numbers these are."""
        return f"The numbers for {self.student}" if self.student else "Numbers without a name"

    @property
    def task(self) -> str:
        """The layer, or the layers in order with their names, and the input."""
        listed = "\n".join(f"    {line}" for line in layer_lines(self.layer))
        return f"{listed}\non an input of {self.input_shape}"

    @property
    def note(self) -> str:
        """For whom these numbers count."""
        if self.student:
            counts = f"They count if you hand in under the name {self.student}. If you do not,"
        else:
            counts = "You will be graded on numbers of your own. To see them,"
        return (
            f"{counts} run introduce('your name') with the name under which you hand in, and then "
            "this cell again."
        )

    @property
    def text(self) -> str:
        """All that a student is told."""
        return f"{self.title}:\n{self.task}\n{self.note}"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        # A name may hold anything: it comes from a folder.
        title, task, note = (escape(part, False) for part in (self.title, self.task, self.note))
        # JupyterLab sets a <pre> in the font of its text, and the layers' columns would not align.
        listed = f'<pre style="font-family: monospace">{task}</pre>'
        return f"<p><b>{title}</b></p>{listed}<p>{note}</p>"


def variant(template: Template, student: str | None = None) -> Variant:
    """The variant of an exercise for a student; if none is named, for the one whose notebook this
    is; for the empty name the plain variant. If nobody is known, it is that too, and no answer to
    it counts.

    Drawn with HMAC-SHA256 from the course's key, the exercise, its version and the name, so it is
    the same on every machine with this version of the course: which draws are refused depends on
    the misconceptions that it knows.

    Errors: SpecError where hardly any draw makes a good exercise, with what spoils most of them;
    CourseError as `current_identity`.

    >>> from autograder.personal.templates import CONV_VALID
    >>> print(variant(CONV_VALID, "Ada").task)
        Conv2D(47, 5, strides=3, padding='valid')
    on an input of (62, 84, 4)
    >>> variant(CONV_VALID, "ada").question("param_count").expected()
    4747
    """
    whose = current_identity()
    name = whose.student if student is None else plain_name(student)
    return _variant(template, Identity(name, whose.course_key))


def fits_other(
    answer: Any, template: Template, asked: Asked, names: Iterable[str]
) -> tuple[str, ...]:
    """Those of the names whose numbers this is the right answer to.

    Where a wrong answer fits the plain variant, whose name is empty, the student never gave a
    name; where it fits another name of the class list, it may be the student's own, spelt in
    another way. Right answers meet by chance too, so a fit is a reason to ask and proves nothing.
    """
    quantity, at = (asked, None) if isinstance(asked, str) else asked
    fitting = []
    for name in names:
        question = variant(template, name).question(quantity, at)
        try:
            if plain_answer(answer, question.kind) == question.expected():
                fitting.append(name)
        except Verdict:
            return ()
    return tuple(fitting)


@lru_cache(maxsize=256)
def _variant(template: Template, whose: Identity) -> Variant:
    plain = replace(whose, student="")
    sums = formulas(_variant(template, plain).questions) if whose.student else ()
    refused: Counter[str] = Counter()
    for arguments, shape in _draws(template, whose):
        try:
            layer = template.layer(**arguments)
            questions = tuple(_questions(template, layer, shape, nobodys=whose.student is None))
            reason = refusal(questions)
        except CourseError as error:
            reason = error.problem
        if not reason and whose.student and formulas(questions) != sums:
            reason = "other formulas are needed than without a name"
        if not reason:
            return Variant(whose.student, layer, shape, questions)
        refused[reason] += 1
    reason, times = refused.most_common(1)[0]
    raise SpecError(
        f"none of {ATTEMPTS} draws makes a good exercise, {times} of them because {reason}",
        "give other values to choose from",
        template.exercise,
    )


def _draws(template: Template, whose: Identity) -> Iterator[tuple[dict[str, Any], Shape]]:
    """Arguments and input shapes, in an order that only a new version may change."""
    names = tuple(template.choices)
    for attempt in range(ATTEMPTS):
        message = json.dumps([template.exercise, template.version, whose.student or "", attempt])
        secret = whose.course_key.encode("utf-8", "surrogateescape")
        number = int.from_bytes(hmac.digest(secret, message.encode(), "sha256"), "big")
        picks = []
        for values in (*template.choices.values(), *template.input_shape):
            # What is left over favours small places by less than one in 2^200.
            number, place = divmod(number, len(values))
            picks.append(values[place])
        yield dict(zip(names, picks, strict=False)), tuple(picks[len(names) :])


def _questions(
    template: Template, layer: Layer | Stack, shape: Shape, *, nobodys: bool
) -> Iterator[Question]:
    for asked in template.quantities:
        quantity, at = (asked, None) if isinstance(asked, str) else asked
        yield Question(layer, shape, quantity, at, nobodys=nobodys)


def _digits(value: Any) -> Any:
    """How many digits a number has, or the numbers of a tuple; nothing for what is no number."""
    if isinstance(value, tuple):
        return tuple(map(_digits, value))
    return len(str(value)) if type(value) is int else None
