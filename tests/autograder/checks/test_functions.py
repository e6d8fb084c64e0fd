"""A student's function is judged on its calls, and only shown cases are ever shown."""

import sys
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import pytest

from autograder import CheckResult, NotAttempted, Question, WrongAnswer, check_function
from course import arithmetic
from course import layers as L
from tests.autograder.judged import cause_of

COUNTS = [((K, 3, 5), Question(L.Conv2D(K, 3), (9, 9, 5), "param_count")) for K in (11, 22, 83)]
SHAPES = [
    (((17, 19, 3), F), Question(L.Conv2D(7, F), (17, 19, 3), "output_shape")) for F in (2, 3, 13)
]
HIDDEN_NUMBERS = ("11", "22", "83", "3, 5")


def count(K: int, F: int, D: int) -> int:
    """Right."""
    return K * F * F * D + K


def unbiased(K: int, F: int, D: int) -> int:
    """Wrong on every call."""
    return K * F * F * D


def wrong_later(K: int, F: int, D: int) -> int:
    """Wrong from the second call on."""
    return count(K, F, D) if K == 11 else 0


def raises(K: int, F: int, D: int) -> int:
    """Stops with an error that tells its arguments."""
    raise ValueError(f"cannot do {K}, {F}, {D}")


def too_few(K: int) -> int:
    """Takes one argument where three are given."""
    return K


def leaves(filters: int, kernel_size: int, depth: int) -> int:
    raise SystemExit


def endless(*numbers: int) -> int:
    """Calls itself without end."""
    return endless(*numbers)


def nothing(K: int, F: int, D: int) -> None:
    """Forgets to return."""


def dots(K: int, F: int, D: int) -> Any:
    """Still as it was released."""
    return ...


def nothing_later(K: int, F: int, D: int) -> int | None:
    """Returns on one way through only."""
    return count(K, F, D) if K == 11 else None


class UnspeakableError(Exception):
    """Cannot be put into words."""

    def __str__(self) -> str:
        raise RuntimeError("the answer's own code ran")


def unspeakable(K: int, F: int, D: int) -> int:
    """Raises what cannot be put into words."""
    raise UnspeakableError


class Nameless:
    """Can be called and asked nothing else."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("the answer's own code ran")

    def __call__(self, *numbers: int) -> int:
        return 0


def test_a_right_function_is_confirmed() -> None:
    assert str(check_function(count, COUNTS)) == "Right in all 3 cases. Keras agrees."
    assert str(check_function(count, COUNTS, hidden=True)) == "Right in all 3 cases. Keras agrees."


def test_a_function_may_return_a_shape_in_any_form() -> None:
    for form in (tuple, list, lambda shape: (None, *shape)):

        def shape_of(shape: Any, F: int, form: Any = form) -> Any:
            return form((shape[0] - F + 1, shape[1] - F + 1, 7))

        check_function(shape_of, SHAPES)


def test_cases_may_come_from_a_generator() -> None:
    assert "3 cases" in str(check_function(count, (case for case in COUNTS)))


def test_no_cases_judge_nothing() -> None:
    """A slip of ours, such as a generator used twice, must not give points to anything."""
    with pytest.raises(Exception, match="case"):
        check_function(unbiased, [])


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (unbiased, "unbiased(11, 3, 5): 495 is not the number of parameters of"),
        (wrong_later, "wrong_later(22, 3, 5): 0 is not the number of parameters"),
        (raises, "raises(11, 3, 5) stopped with ValueError: cannot do 11, 3, 5; run that call"),
        (too_few, "too_few(11, 3, 5) stopped with TypeError: too_few() takes 1 positional"),
        (endless, "endless(11, 3, 5) stopped with RecursionError"),
        (leaves, "leaves(11, 3, 5) stopped with SystemExit"),
        (nothing_later, "nothing_later(22, 3, 5) gives nothing back; end every way through it"),
        (lambda *_: "496", "<lambda>(11, 3, 5): your answer is '496', but a whole number"),
        (unspeakable, "unspeakable(11, 3, 5) stopped with UnspeakableError"),
    ],
)
def test_the_first_failing_call_is_shown(function: Callable[..., Any], says: str) -> None:
    with pytest.raises(WrongAnswer) as caught:
        check_function(function, COUNTS)
    assert says in str(caught.value)


def test_a_callable_without_a_name_is_judged_too() -> None:
    with pytest.raises(WrongAnswer, match=r"0 is not the number of parameters of"):
        check_function(Nameless(), COUNTS)


@pytest.mark.parametrize("function", [nothing, dots])
def test_a_function_that_gives_nothing_is_not_attempted(function: Callable[..., Any]) -> None:
    with pytest.raises(NotAttempted, match=r"\(11, 3, 5\) gives nothing back yet"):
        check_function(function, COUNTS)


@pytest.mark.parametrize("missing", [None, ...], ids=str)
def test_a_missing_function_is_not_attempted(missing: Any) -> None:
    with pytest.raises(NotAttempted):
        check_function(missing, COUNTS)


@pytest.mark.parametrize(
    "answer", [64, (64,), "conv", {}, object(), True], ids=lambda it: type(it).__name__
)
def test_what_cannot_be_called_is_a_wrong_answer(answer: Any) -> None:
    with pytest.raises(WrongAnswer, match=r"a function is wanted, not .*begins with def"):
        check_function(answer, COUNTS)


@pytest.mark.parametrize(
    "function",
    [unbiased, wrong_later, raises, too_few, endless, nothing, dots, nothing_later, unspeakable],
    ids=lambda function: function.__name__,
)
def test_a_hidden_case_is_never_shown(
    function: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises((WrongAnswer, NotAttempted)) as caught:
        check_function(function, COUNTS, hidden=True)
    written = capsys.readouterr()
    told = (
        str(caught.value) + "".join(caught.value._render_traceback_()) + written.out + written.err
    )
    assert not [number for number in HIDDEN_NUMBERS if number in told], told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(("function", "wrong"), [(unbiased, 3), (wrong_later, 2), (raises, 3)])
def test_hidden_cases_are_counted(function: Callable[..., Any], wrong: int) -> None:
    with pytest.raises(WrongAnswer, match=f"is wrong in {wrong} of 3 cases that are not shown"):
        check_function(function, COUNTS, hidden=True)


def test_an_interrupt_is_passed_on() -> None:
    """nbgrader ends an endless loop with it; it must not count as one wrong call."""

    def stopped(*_: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_function(stopped, COUNTS, hidden=True)


def test_the_result_is_one_line() -> None:
    result = check_function(count, COUNTS)
    assert isinstance(result, CheckResult)
    assert "\n" not in str(result)


MANY = [
    ((K, F, D), Question(L.Conv2D(K, F), (9, 9, D), "param_count"))
    for K in (2, 16, 83)
    for F in (1, 2, 5)
    for D in (1, 7)
]


def asks_the_engine(K: int, F: int, D: int) -> int:
    return L.Conv2D(K, F).param_count((9, 9, D))


def asks_keras(K: int, F: int, D: int) -> Any:
    from course.keras_bridge import keras

    layer = keras.layers.Conv2D(K, F)
    layer.build((None, 9, 9, D))
    return layer.count_params()


def asks_the_checks(K: int, F: int, D: int) -> Any:
    return Question(L.Conv2D(K, F), (9, 9, D), "param_count").expected()


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    ("function", "whom"),
    [
        (asks_the_engine, "the course's engine"),
        (asks_keras, "Keras"),
        (asks_the_checks, "the course's checks"),
    ],
)
def test_who_asks_somebody_else_is_told_to_compute(
    function: Callable[..., Any], whom: str, hidden: bool
) -> None:
    with pytest.raises(WrongAnswer, match=f"asks .*{whom}.*; do the sum yourself") as caught:
        check_function(function, MANY, hidden=hidden)
    assert not any(str(case) in str(caught.value) for case, _ in MANY)


def test_a_function_that_imports_math_and_numpy_computes_itself() -> None:
    import math

    import numpy as np

    def with_tools(K: int, F: int, D: int) -> int:
        return int(np.prod([K, F, F, D])) + math.ceil(K)

    assert "Right in all 18 cases" in str(check_function(with_tools, MANY))


def test_one_misconception_explains_all_failing_cases() -> None:
    def some_unbiased(K: int, F: int, D: int) -> int:
        return unbiased(K, F, D) + (K if K == 2 else 0)

    with pytest.raises(WrongAnswer) as caught:
        check_function(some_unbiased, MANY)
    assert cause_of(caught.value) == ("no-bias",)
    assert "It is wrong in 12 of 18 cases. The same thing explains all of them." in str(
        caught.value
    )


def test_what_explains_only_some_cases_is_not_named_for_all() -> None:
    def muddled(K: int, F: int, D: int) -> int:
        return unbiased(K, F, D) if K < 9 else K + 12345

    with pytest.raises(WrongAnswer) as caught:
        check_function(muddled, MANY)
    assert "explains all" not in str(caught.value)
    assert "wrong in 18 of 18 cases" in str(caught.value)


def test_a_hidden_cause_is_told_in_words_alone() -> None:
    with pytest.raises(WrongAnswer) as caught:
        check_function(unbiased, MANY, hidden=True)
    assert str(caught.value) == (
        "unbiased is wrong in 18 of 18 cases that are not shown. These are the weights alone. "
        "What does each filter have besides its weights?"
    )
    assert cause_of(caught.value) == ("no-bias",)


NAME = "keras"


def helper(K: int, F: int, D: int) -> int:
    return asks_the_engine(K, F, D)


def looks_like_it(K: int, F: int, D: int) -> int:
    return int(f"{K * F * F * D + K}".replace(NAME, "").replace("course", ""))


def test_who_asks_through_a_function_of_their_own_is_told_too() -> None:
    engine = L.Conv2D(2, 3)

    def closes_over(K: int, F: int, D: int) -> int:
        return engine.param_count((9, 9, D))

    for function in (helper, lambda K, F, D: 0 + helper(K, F, D), closes_over):
        with pytest.raises(WrongAnswer, match="asks the course's engine"):
            check_function(function, MANY)


def test_a_name_or_a_text_that_looks_like_an_engine_is_none() -> None:
    assert "Right in all 18 cases" in str(check_function(looks_like_it, MANY))


def test_nothing_watches_a_function_while_it_runs() -> None:
    seen: list[Any] = []

    def watched(K: int, F: int, D: int) -> int:
        seen.append(sys.getprofile())
        return K * F * F * D + K

    check_function(watched, MANY)
    assert set(seen) == {None}


def by_default(K: int, F: int, D: int, conv: Any = L.Conv2D) -> int:
    return int(conv(K, F).param_count((9, 9, D)))


@pytest.mark.parametrize(
    "function",
    [
        arithmetic.conv_params,
        partial(asks_the_engine),
        lru_cache(asks_the_engine),
        by_default,
        L.Conv2D(2, 3).param_count,
    ],
    ids=["formula", "partial", "cached", "default", "bound method"],
)
def test_the_engine_in_disguise_is_the_engine(function: Callable[..., Any]) -> None:
    with pytest.raises(WrongAnswer, match="asks the course's engine"):
        check_function(function, MANY)


def test_one_failing_case_keeps_all_its_explanations() -> None:
    second = Question(L.Conv2D(32, 3), (128, 128, 3), "param_count")
    with pytest.raises(WrongAnswer) as caught:
        check_function(lambda K: 320, [((32,), second)])
    explanations = caught.value.judgement.explanations
    assert explanations == (("input-channels-ignored",), ("kernel-not-squared",))


def test_what_other_cases_rule_out_is_not_told() -> None:
    """320 alone has two explanations, and the second case leaves one of them."""
    cases = [
        ((K, D), Question(L.Conv2D(K, 3), (9, 9, D), "param_count")) for K, D in ((32, 3), (4, 7))
    ]
    with pytest.raises(WrongAnswer) as caught:
        check_function(lambda K, D: K * 9 + K, cases)
    assert cause_of(caught.value) == ("input-channels-ignored",)
    said = str(caught.value)
    assert "one channel deep" in said
    assert "one side only" not in said
    assert said.endswith("It is wrong in 2 of 2 cases. The same thing explains all of them.")


def test_a_hidden_function_about_dense_layers_is_told_about_units() -> None:
    cases = [((n,), Question(L.Dense(n), (7,), "param_count")) for n in (3, 5)]
    with pytest.raises(WrongAnswer, match=r"What does each unit have besides its weights\?"):
        check_function(lambda n: 7 * n, cases, hidden=True)


def test_a_function_for_nobodys_numbers_counts_for_nothing() -> None:
    cases = [((3,), Question(L.Dense(3), (7,), "param_count", nobodys=True))]
    with pytest.raises(NotAttempted, match="nothing counts here yet"):
        check_function(lambda n: 24, cases)


def test_an_error_with_a_name_of_its_own_does_no_harm() -> None:
    class Named(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override]
            raise RuntimeError("my name")

    class Odd(Exception, metaclass=Named):
        pass

    class Base(BaseException):
        pass

    def stops(*_: Any) -> None:
        raise Odd("stop")

    def ends(*_: Any) -> None:
        raise Base("stop")

    for function in (stops, ends):
        with pytest.raises(WrongAnswer, match=r"stopped with (Odd|Base): stop"):
            check_function(function, COUNTS)
