"""Hints: each stage says more than the one before, and none says the answer."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets.widgets.widget import _instances

from autograder import Question
from autograder.hints import Hint, hint, hints, stages_html
from autograder.questions import QUANTITIES
from course import Stack
from course import layers as L
from course.errors import CourseError
from tests.autograder.test_questions import DIGIT, HAND_WORKED, MNIST_NET
from tests.strategies import any_case, for_all, stacks

VIEW = "application/vnd.jupyter.widget-view+json"
SECOND = L.Conv2D(32, 3, strides=2, padding="same")
OTHERS: list[tuple[Any, Any]] = [
    (L.Conv1D(16, 5, strides=2), (100, 8)),
    (L.Conv1D(16, 5, padding="causal"), (100, 8)),
    (L.Conv3D(8, 3), (16, 32, 32, 3)),
    (L.Conv2D(16, 3, groups=4, padding="same"), (9, 9, 8)),
    (L.Conv2D(16, 3, dilation_rate=2, padding="same"), (9, 9, 8)),
    (L.DepthwiseConv2D(3, depth_multiplier=2), (9, 9, 32)),
    (L.SeparableConv2D(64, 3), (9, 9, 32)),
    (L.Conv2DTranspose(16, 3, strides=2), (4, 4, 32)),
    (L.LocallyConnected2D(20, 8, strides=2), (34, 34, 3)),
    (L.GlobalAveragePooling2D(), (5, 5, 64)),
    (L.BatchNormalization(), (5, 5, 32)),
    (L.UpSampling2D(3), (5, 5, 32)),
    (L.Cropping2D(2), (28, 28, 1)),
    (L.Reshape((4, -1)), (6, 6, 2)),
    (L.Permute((2, 1, 3)), (6, 7, 2)),
    (L.RepeatVector(4), (10,)),
    (L.LayerNormalization(), (6, 6, 2)),
    (L.Concatenate(), ((6, 6, 2), (6, 6, 4))),
    (L.Add(), ((6, 6, 2), (6, 6, 2))),
    (Stack([L.ZeroPadding2D(1), Stack([L.Conv2D(8, 3), L.Flatten()])]), (6, 6, 2)),
]


def questions(layer: Any, shape: Any) -> Iterator[Question]:
    """Everything that can be asked of a layer, or of a stack and each of its layers."""
    for quantity in QUANTITIES:
        for at in (None, *getattr(layer, "names", ())):
            with suppress(CourseError):
                yield Question(layer, shape, quantity, at=at)


def flat(answer: Any) -> set[int]:
    """The numbers of an answer."""
    return set().union(*map(flat, answer)) if isinstance(answer, tuple) else {answer}


def given_away(question: Question) -> set[int]:
    """The numbers of the answer that a stage holds; the 0, 1 and 2 of formulas, what a layer is
    called and the digits of letters and of a Reshape's arguments left aside."""
    said = re.sub(r"'[^']*'|window \d+", "", "\n".join(hints(question)))
    told = {int(n.replace(",", "")) for n in re.findall(r"(?<![\w?])\d[\d,]*(?!\w)", said)}
    known = set(getattr(question.layer, "target_shape", ())) | {0, 1, 2}
    return (flat(question.expected()) - known) & told


def holds(question: Question) -> None:
    """What must hold of the hints for any question."""
    stages = hints(question)
    assert len(stages) >= 2
    assert len(set(stages)) == len(stages)
    assert not given_away(question), (question.text, stages)
    last = [stage for stage in stages if " = " in stage.split("\n", 1)[-1]][-1:]
    assert all("?" in stage for stage in last), stages


def test_a_count_in_three_stages() -> None:
    assert hints(Question(SECOND, (128, 128, 3), "param_count")) == (
        "The formula:\n    parameters = K × F × F × D_in + K",
        "What its letters stand for:\n"
        "    K = 32 (filters)\n    F = 3 (window size)\n    D_in = 3 (depth of the input)",
        "The formula with its numbers, one of them left to you:\n"
        "    parameters = 32 × 3 × 3 × 3 + ?",
    )


def test_an_answer_that_is_a_symbol_is_named_and_not_told() -> None:
    formula, letters, gap = hints(Question(SECOND, (128, 128, 3), "depth"))
    assert formula.endswith("D_out = K")
    assert letters.endswith("K (filters): look for it in the question")
    assert gap.endswith("D_out = ?")


@pytest.mark.parametrize(
    ("layer", "shape", "quantity", "gap"),
    [
        (SECOND, (128, 128, 3), "width", "W_out = ceil(128 ÷ ?)"),
        (L.Conv2D(4, 3), (28, 28, 1), "height", "H_out = floor((28 - ?) ÷ 1) + 1"),
        (L.Conv2D(4, 3, padding=1), (28, 28, 1), "bias_count", "biases = ?"),
        (L.Conv2D(4, 3, padding="same"), (28, 28, 1), "height", "H_out = ceil(? ÷ 1)"),
        (L.Conv2D(4, (3, 5), strides=2), (13, 13, 1), "width", "W_out = floor((13 - F_w) ÷ ?) + 1"),
        (L.Dense(10), (1600,), "weight_count", "weights = 1,600 × ?"),
        (SECOND, (128, 128, 3), "macs", "MACs = 64 × 64 × 32 × 3 × 3 × ?"),
    ],
    ids=str,
)
def test_the_number_that_matters_is_left_out(
    layer: Any, shape: Any, quantity: str, gap: str
) -> None:
    assert hints(Question(layer, shape, quantity))[-1].split("\n    ")[-1] == gap


def test_what_an_earlier_step_gives_stays_a_letter() -> None:
    gap = hints(Question(SECOND, (128, 128, 3), "padding_amounts"))[-1]
    assert "H_out = ceil(128 ÷ ?)" in gap
    assert "P_height = max((H_out - 1) × 2 + 3 - 128, 0)" in gap


def test_a_layer_in_a_stack_is_named_and_its_input_not_told() -> None:
    formula, letters, gap = hints(Question(MNIST_NET, DIGIT, "param_count", at="conv2d_1"))
    assert formula.startswith("Look at layer 'conv2d_1'. The formula:")
    assert "D_in (depth of the input): comes out of layer 'max_pooling2d'" in letters
    assert gap.endswith("parameters = 64 × 3 × 3 × D_in + ?")


def test_a_total_begins_with_the_first_layer_that_counts() -> None:
    stages = hints(Question(MNIST_NET, DIGIT, "param_count"))
    assert stages[0].startswith("The number of a stack is the sum of its layers' numbers. ")
    assert "Look at layer 'conv2d'." in stages[0]
    assert stages[-1] == "Do the same for the layers after it, and add up."
    flat_first = Stack([L.Flatten(), L.Dense(10)])
    assert "layer 'dense'" in hints(Question(flat_first, DIGIT, "param_count"))[0]


def test_a_receptive_field_is_a_sum_over_windows() -> None:
    formula, windows, gap = hints(Question(MNIST_NET, DIGIT, "receptive_field", at="flatten"))
    assert "r = 1 + (F_1 - 1) + (F_2 - 1) + (F_3 - 1) × S_2 + (F_4 - 1) × S_2" in formula
    assert "F_1 = 3 (window 1)" in windows
    assert "S_2 = 2 (strides of window 2)" in windows
    assert gap.endswith("r = 1 + (3 - 1) + (2 - 1) + (3 - 1) × 2 + (2 - 1) × ?")


def test_a_receptive_field_that_no_window_describes_has_hints_in_words() -> None:
    assert "all of its input" in hints(Question(MNIST_NET, DIGIT, "receptive_field"))[-1]


@pytest.mark.parametrize(("layer", "shape", "quantity", "right"), HAND_WORKED, ids=str)
def test_no_hint_holds_a_hand_worked_answer(
    layer: Any, shape: Any, quantity: str, right: Any
) -> None:
    holds(Question(layer, shape, quantity))


@pytest.mark.parametrize(("layer", "shape"), OTHERS, ids=str)
def test_every_kind_of_layer_has_hints(layer: Any, shape: Any) -> None:
    asked = list(questions(layer, shape))
    assert asked
    for question in asked:
        holds(question)


def test_no_hint_ever_holds_the_answer() -> None:
    def claim(case: tuple[Any, Any]) -> None:
        for question in questions(*case):
            holds(question)

    for_all(st.one_of(any_case(), stacks(3)), claim, 60)


def test_a_hint_that_tells_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "autograder.hints.stages._symbol", lambda symbol, *_: f"{symbol.letter} = {symbol.value}"
    )
    with pytest.raises(AssertionError):
        holds(Question(SECOND, (128, 128, 3), "depth"))


def test_each_call_shows_one_stage_more_up_to_the_last() -> None:
    question = Question(L.Conv2D(11, 3), (28, 28, 1), "param_count")
    stages = hints(question)
    for count in (1, 2, 3, 3):
        text = str(hint(question))
        assert [stage in text for stage in stages] == [n < count for n in range(3)]
    other = Question(L.Conv2D(11, 3), (28, 28, 1), "weight_count")
    assert len(hint(other).shown) == 1


def test_a_terminal_shows_the_text() -> None:
    shown = hint(Question(L.Conv2D(12, 3), (28, 28, 1), "param_count"))
    assert repr(shown) == str(shown) == f"Hint 1 of 3. {shown.stages[0]}"


def test_html_escapes_what_a_layer_is_called() -> None:
    stack = Stack([L.Conv2D(4, 3, name="<b>first</b>"), L.Conv2D(4, 3, name="second")])
    html = stages_html(hints(Question(stack, (9, 9, 2), "param_count", at="second")), 3)
    assert "<b>first" not in html
    assert "&lt;b&gt;first" in html


@pytest.fixture(scope="module")
def shell() -> Any:
    """A real IPython shell of this process, without a history on disk."""
    shell = InteractiveShell.instance(history_length=0)  # where display finds it
    shell.history_manager.enabled = False
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


def shown_in(shell: Any, shown: Hint) -> tuple[list[dict[str, Any]], Any]:
    """What a notebook keeps of a hint, and the button that it shows, if any."""
    with capture_output() as captured:
        shown._ipython_display_()
    outputs = [output.data for output in captured.outputs]
    box = _instances[outputs[1][VIEW]["model_id"]] if len(outputs) > 1 else None
    return outputs, box and box.children[0]  # type: ignore[attr-defined]


def test_a_notebook_keeps_the_text_and_shows_a_button(shell: Any) -> None:
    shown = hint(Question(L.Conv2D(13, 3), (28, 28, 1), "param_count"))
    (text, view), button = shown_in(shell, shown)
    assert text["text/plain"] == str(shown)
    assert text["text/html"] == stages_html(shown.shown, 3)
    assert set(view) == {VIEW}
    assert button.description == "Show hint 2 of 3"


def test_the_button_shows_one_stage_more_up_to_the_last(shell: Any) -> None:
    shown = hint(Question(L.Conv2D(14, 3), (28, 28, 1), "param_count"))
    _, button = shown_in(shell, shown)
    for count, says in ((2, "Show hint 3 of 3"), (3, "That was the last hint")):
        with capture_output() as captured:
            button.click()
        (updated,) = captured.outputs
        assert updated.update
        assert updated.data["text/plain"] == str(shown)
        assert len(shown.shown) == count
        assert button.description == says
    assert button.disabled


def test_when_all_is_shown_there_is_no_button(shell: Any) -> None:
    question = Question(L.Conv2D(15, 3), (28, 28, 1), "param_count")
    for _ in range(3):
        shown = hint(question)
    outputs, button = shown_in(shell, shown)
    assert len(outputs) == 1
    assert button is None


def test_two_stacks_that_differ_in_names_alone_have_hints_of_their_own() -> None:
    one, other = (
        Question(Stack([L.Conv2D(5, 3, name=n), L.Conv2D(6, 3)]), (17, 17, 3), "param_count")
        for n in ("first", "alpha")
    )
    assert one == other
    assert len(hint(one).shown) == 1
    hint(one)
    assert len(hint(other).shown) == 1
    assert "'alpha'" in str(hint(other))
