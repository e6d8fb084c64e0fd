"""What outputs see: the working of a receptive field, for a layer and through a stack."""

import re

import pytest

from course import Stack
from course import layers as L
from course.derivation import Derivation
from course.errors import ShapeError, SpecError
from course.networks import mnist_net
from course.stack import Graph, Node
from tests.course.networks import VGG16_BODY
from tests.course.test_derivation import check_latex, evaluate, read_html
from tests.strategies import Shape, any_case, for_all, stacks

DIGIT = (28, 28, 1)


def working(*layers: L.Layer, shape: Shape = DIGIT) -> Derivation:
    """The working of the receptive field through these layers."""
    return Stack(layers).derivation("receptive_field", shape)


@pytest.mark.parametrize(
    ("at", "field"),
    [("conv_1", 3), ("pool_1", 4), ("conv_2", 8), ("pool_2", 10), ("flatten", 10), ("dense", 28)],
)
def test_the_receptive_field_of_the_mnist_net_is_worked_out_at_each_layer(
    at: str, field: int
) -> None:
    assert mnist_net().derivation("receptive_field", DIGIT, at).value == field


def test_the_receptive_field_of_vgg16_is_212() -> None:
    found = VGG16_BODY.derivation("receptive_field", (224, 224, 3))
    assert found.value == 212
    assert evaluate(found.steps[0].substituted, {}) == 212


def test_the_working_numbers_the_windows_and_leaves_strides_of_1_out() -> None:
    assert mnist_net().derivation("receptive_field", DIGIT, "pool_2").text.splitlines() == [
        "layer 'pool_2' of 'sequential' on (28, 28, 1): receptive_field",
        "r = 1 + (F_1 - 1) + (F_2 - 1) + (F_3 - 1) × S_2 + (F_4 - 1) × S_2",
        "  = 1 + (3 - 1) + (2 - 1) + (3 - 1) × 2 + (2 - 1) × 2",
        "  = 10",
        "where F_1 = 3 (window 1), F_2 = 2 (window 2), F_3 = 3 (window 3), F_4 = 2 (window 4), "
        "S_2 = 2 (strides of window 2)",
    ]


def test_a_layer_alone_has_a_working_too() -> None:
    found = L.Conv2D(8, 3, strides=2).derivation("receptive_field", DIGIT)
    assert found.value == 3
    assert found.text.splitlines()[1] == "r = 1 + (F_1 - 1)"
    assert L.Flatten().derivation("receptive_field", DIGIT).value == 1


def test_axes_with_other_windows_have_steps_of_their_own() -> None:
    found = working(L.Conv2D(8, (3, 5)), L.Conv2D(8, 3, strides=(1, 2)), L.Conv2D(8, 2))
    assert found.value == (6, 9)
    assert [step.name for step in found.steps] == ["r_h", "r_w"]
    assert [step.formula for step in found.steps] == [
        "1 + (F_1h - 1) + (F_2 - 1) + (F_3 - 1)",
        "1 + (F_1w - 1) + (F_2 - 1) + (F_3 - 1) × S_2w",
    ]
    meanings = {symbol.letter: symbol.meaning for symbol in found.symbols}
    assert meanings["F_1w"] == "window 1 along the width"
    assert meanings["S_2w"] == "strides of window 2 along the width"


def test_other_windows_that_lead_to_one_number_have_it_as_their_value() -> None:
    found = working(L.Conv2D(8, (3, 5)), L.Conv2D(8, (5, 3)))
    assert len(found.steps) == 2
    assert found.value == 7


def test_the_last_stride_makes_no_axis_differ() -> None:
    assert [step.name for step in working(L.Conv2D(8, 3, strides=(1, 2))).steps] == ["r"]


def test_a_dilated_window_counts_with_its_gaps() -> None:
    found = working(L.Conv2D(8, 3, dilation_rate=2), L.Conv2D(8, 3))
    assert found.value == 7
    assert found.steps[0].formula == "1 + (e_1 - 1) + (F_2 - 1)"
    assert found.symbols[0] == ("e_1", 5, "window 1 with its gaps")


@pytest.mark.parametrize(
    ("layer", "shape", "formula", "value"),
    [
        (L.GlobalMaxPooling2D(), (20, 20, 3), "H_in", 20),
        (L.GlobalMaxPooling2D(), (20, 30, 3), "H_in", (20, 30)),
        (L.GlobalMaxPooling1D(), (20, 3), "L_in", 20),
        (L.Conv1D(8, 3), (20, 3), "1 + (F_1 - 1)", 3),
        (L.Conv3D(8, (3, 1, 1)), (9, 9, 9, 3), "1 + (F_1d - 1)", (3, 1, 1)),
        (L.Conv2D(8, (1, 3), data_format="channels_first"), (3, 9, 9), "1 + (F_1h - 1)", (1, 3)),
    ],
)
def test_layers_of_all_ranks_have_a_receptive_field(
    layer: L.Layer, shape: Shape, formula: str, value: int | Shape
) -> None:
    found = layer.derivation("receptive_field", shape)
    assert (found.steps[0].formula, found.value) == (formula, value)
    assert Stack([layer]).trace(shape).receptive_field == value


def test_what_sees_the_whole_image_sees_no_more_after_another_window() -> None:
    layers = [L.GlobalMaxPooling2D(keepdims=True), L.Conv2D(8, 3, padding="same"), L.Flatten()]
    assert Stack(layers).trace((20, 30, 3)).receptive_field == (20, 30)
    assert working(*layers, shape=(20, 30, 3)).value == (20, 30)


@pytest.mark.parametrize(
    ("layers", "shape", "message"),
    [
        ([L.Dense(3)], (4,), "layer 'dense' of 'sequential': no image goes in"),
        ([L.Conv2D(8, 3), L.UpSampling2D()], DIGIT, "no window describes"),
        ([L.UpSampling2D(), L.Dense(3)], DIGIT, "no window describes"),
        ([Stack([L.Conv2D(8, 3)]), L.Flatten()], DIGIT, "no window describes"),
        ([L.Conv2DTranspose(8, 3)], DIGIT, "no window describes"),
    ],
)
def test_where_the_trace_has_no_receptive_field_there_is_no_working(
    layers: list[L.Layer], shape: Shape, message: str
) -> None:
    stack = Stack(layers)
    assert stack.trace(shape).receptive_field is None
    with pytest.raises(SpecError, match=message):
        stack.derivation("receptive_field", shape)


def test_a_layer_without_a_receptive_field_says_so() -> None:
    with pytest.raises(SpecError, match=r"Dense: no image goes in; ask for a shape or a count"):
        L.Dense(3).derivation("receptive_field", (4,))
    with pytest.raises(SpecError, match="UpSampling2D 'up': no window describes"):
        L.UpSampling2D(name="up").derivation("receptive_field", DIGIT)
    with pytest.raises(SpecError, match="Add: its inputs may see different parts of the image"):
        L.Add().derivation("receptive_field", (DIGIT, DIGIT))
    with pytest.raises(ShapeError, match="window 30 is larger"):
        L.Conv2D(8, 30).derivation("receptive_field", DIGIT)


def test_a_stack_shows_no_other_working_and_none_of_a_layer_that_it_lacks() -> None:
    with pytest.raises(SpecError, match="does not show the working of 'macs'; ask one of its"):
        mnist_net().derivation("macs", DIGIT)
    with pytest.raises(SpecError, match="there is no layer 'conv'; the layers of the stack are co"):
        mnist_net().derivation("receptive_field", DIGIT, "conv")


def test_the_working_of_any_stack_leads_to_the_traces_receptive_field() -> None:
    seen = []

    def agree(drawn: tuple[Stack, Shape]) -> None:
        stack, shape = drawn
        for row in stack.trace(shape):
            if row.receptive_field is None:
                continue
            found = stack.derivation("receptive_field", shape, row.name)
            assert found.value == row.receptive_field
            seen.append(row.receptive_field)
            letters = {symbol.letter: symbol.value for symbol in found.symbols}
            for step in found.steps:
                assert evaluate(step.substituted, {}) == step.value
                assert evaluate(step.formula, letters) == step.value
                assert step.expression.value == step.value
                used = set(re.findall(r"[A-Za-z]\w*", step.formula))
                assert used <= letters.keys()
            check_latex(found.latex)
            assert found.title in read_html(found.html)

    for_all(stacks(), agree, 150)
    assert len(set(seen)) > 5


def test_the_working_of_any_layer_leads_to_the_traces_receptive_field() -> None:
    def agree(case: tuple[L.Layer, Shape]) -> None:
        layer, shape = case
        field = Stack([layer]).trace(shape).receptive_field
        if field is not None:
            assert layer.derivation("receptive_field", shape).value == field

    for_all(any_case(), agree, 150)


def test_where_branches_meet_the_widest_field_counts() -> None:
    nodes = (
        Node("narrow", L.Conv2D(8, 3, padding="same"), (0,)),
        Node("wide", L.Conv2D(8, (1, 5), padding="same"), (0,)),
        Node("sum", L.Add(), (1, 2)),
    )
    assert Graph("branches", nodes, (3,)).trace(DIGIT)["sum"].receptive_field == (3, 5)
