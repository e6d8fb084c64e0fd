"""The wrong answers that misconceptions lead to, for any question."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from hypothesis import strategies as st

from autograder import Question, diagnose
from autograder.misconceptions import NAMES, WrongWay, answer_under, rules, wrong_answers
from autograder.misconceptions.rules import FACETS, FIELD_RULES, PAD_RULES, RULES
from autograder.misconceptions.rules.rule import Rule, pairs
from autograder.questions import QUANTITIES, numbers
from course import Stack
from course import layers as L
from course.errors import CourseError
from course.stack import Graph, Node
from tests.autograder.misconceptions.mistakes import FACTS, OTHERS, TABLE
from tests.course.networks import MNIST
from tests.strategies import any_case, for_all, stacks

COUNT = Question(L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), "param_count")
DIGIT = (28, 28, 1)
ALL_RULES = (*RULES, *PAD_RULES, *FIELD_RULES)
IDENTIFIERS = set(
    "no-bias bias-once bias-twice bias-per-input-channel bias-per-position kernel-not-squared "
    "input-channels-ignored filters-ignored not-shared times-input-positions fully-connected "
    "shared padding-ignored padding-one-side stride-ignored plus-one-forgotten same-for-valid "
    "valid-for-same ceil-for-floor floor-for-ceil fraction-kept depth-from-input "
    "depth-times-input height-width-swapped counts-pooling-parameters channels-lost "
    "pooling-ignored added-not-multiplied".split()
)
"""Those on which exercises and reports rely. 'batch-counted' is known by the answer's length."""


def test_the_identifiers_are_known() -> None:
    assert set(NAMES) >= IDENTIFIERS
    assert len(NAMES) == len(set(NAMES))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+|shared", name) for name in NAMES)


def written_rules() -> Iterator[tuple[str, Rule]]:
    """The rules in the files of `rules`, each with its file's name."""
    for file in iter_modules(rules.__path__):
        for value in vars(import_module(f"{rules.__name__}.{file.name}")).values():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Rule):
                    yield file.name, one


def test_every_rule_stands_in_the_order_of_likelihood() -> None:
    missing = [f"{file}.py: {rule.name}" for file, rule in written_rules() if rule not in ALL_RULES]
    assert not missing, f"add {missing} to RULES in {rules.__file__}, by how likely they are"


def test_each_rule_leads_to_a_number_worked_out_by_hand() -> None:
    led = {
        rule
        for mistake in (*FACTS, *OTHERS)
        for wrong in wrong_answers(mistake.question)
        if {*wrong.names} == mistake.names and wrong.values == numbers(mistake.answer)
        for rule in wrong.rules
    }
    missing = [f"{rule.name} ({rule.facet})" for rule in ALL_RULES if rule not in led]
    assert not missing, f"work out a wrong answer that {missing} lead to, and add it to {TABLE}"


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: f"{rule.name} {rule.facet}")
def test_what_a_rule_says_is_a_hint_and_no_answer(rule: Rule) -> None:
    text = str(rule.says(each="filter"))
    assert "?" in text
    assert re.fullmatch(r"[A-Z].*[.?]", text)
    assert not re.search(r"\d|[{}]|  ", text)


def test_every_facet_has_its_turn() -> None:
    facets = {facet for rule in RULES for facet in (rule.facet, *rule.facets)}
    assert facets == set(FACETS)
    assert len(FACETS) == len(facets)


def test_pairs_concern_different_things() -> None:
    for first, second in pairs(RULES):
        assert first.facet != second.facet
        assert second.facet not in first.facets
        assert first.facet not in second.facets
        assert first.name != second.name


# For any layer and stack --------------------------------------------------------------------------


def questions(case: tuple[Any, Any]) -> list[Question]:
    """All that can be asked of a layer or stack, and of the last layer in a stack."""
    layer, shape = case
    places = [None, layer.names[-1]] if isinstance(layer, Stack) else [None]
    asked = []
    for quantity in QUANTITIES:
        for at in places:
            try:
                asked.append(Question(layer, shape, quantity, at))
            except CourseError:
                continue  # this layer has no such quantity
    return asked


def are_wrong_answers(case: tuple[Any, Any]) -> None:
    """Each is wrong, of the answer's length, no negative size or count, and listed once."""
    for question in questions(case):
        truth = numbers(question.expected())
        found = wrong_answers(question)
        for wrong in found:
            assert wrong.values != truth
            assert len(wrong.values) == len(truth)
            assert min(wrong.values) >= 0
            assert len(wrong.names) == len(set(wrong.names)) in (1, 2)
        listed = [(wrong.names, wrong.values) for wrong in found]
        assert len(listed) == len(set(listed))
        singles = [len(wrong.names) == 1 for wrong in found]
        assert singles == sorted(singles, reverse=True)
        both_of_a_pair_matter(found)
        wrong_answers.cache_clear()
        assert wrong_answers(question) == found


def both_of_a_pair_matter(found: tuple[WrongWay, ...]) -> None:
    alone = {wrong.rules: wrong.values for wrong in found if wrong.only is None}
    for wrong in found:
        if len(wrong.rules) == 2:
            first, second = wrong.rules
            assert wrong.values not in (alone.get((first,)), alone.get((second,)))


def test_wrong_answers_are_wrong_for_any_layer() -> None:
    for_all(any_case(), are_wrong_answers, 60)


def test_wrong_answers_are_wrong_for_any_stack() -> None:
    for_all(stacks(3), are_wrong_answers, 12)


@pytest.mark.slow
def test_they_are_for_many_more() -> None:
    for_all(st.one_of(any_case(), stacks(4)), are_wrong_answers, 600)


SERIES, CUBE, IMAGE = (20, 8), (9, 8, 7, 4), (12, 10, 8)
OTHER_LAYERS = [
    (L.Conv1D(6, 3, padding="causal", dilation_rate=2), SERIES),
    (L.Conv1D(6, 3, data_format="channels_first"), SERIES),
    (L.Conv1DTranspose(6, 3, strides=2), SERIES),
    (L.Conv2DTranspose(6, 3, strides=2, output_padding=1), IMAGE),
    (L.Conv2DTranspose(6, 2, padding="same", use_bias=False, data_format="channels_first"), IMAGE),
    (L.Conv3D(6, (1, 2, 3), strides=(3, 2, 1), padding="same"), CUBE),
    (L.Conv3DTranspose(6, 3, padding="same"), CUBE),
    (L.DepthwiseConv1D(3, depth_multiplier=2), SERIES),
    (L.DepthwiseConv2D((3, 2), strides=2, padding="same", use_bias=False), IMAGE),
    (L.SeparableConv1D(6, 3, depth_multiplier=2), SERIES),
    (L.SeparableConv2D(6, 3, dilation_rate=2), IMAGE),
    (L.LocallyConnected2D(6, 3, padding=1, data_format="channels_first"), IMAGE),
    (L.LocallyConnected2D(6, 3, use_bias=False), IMAGE),
    (L.Conv2D(8, 3, groups=4, use_bias=False, trainable=False), IMAGE),
    (L.MaxPooling1D(3, strides=2), SERIES),
    (L.AveragePooling3D((1, 2, 3), padding="same"), CUBE),
    (L.GlobalMaxPooling1D(), SERIES),
    (L.GlobalAveragePooling2D(keepdims=True), IMAGE),
    (L.GlobalAveragePooling3D(data_format="channels_first"), CUBE),
    (L.ZeroPadding1D((1, 2)), SERIES),
    (L.ZeroPadding3D(1), CUBE),
    (L.Cropping2D(2), IMAGE),
    (L.UpSampling2D(3), IMAGE),
    (L.BatchNormalization(), IMAGE),
    (L.BatchNormalization(trainable=False), IMAGE),
    (L.LayerNormalization(), IMAGE),
    (L.GroupNormalization(4), IMAGE),
    (L.PReLU(), IMAGE),
    (L.Reshape((10, -1)), IMAGE),
    (L.Permute((2, 1, 3)), IMAGE),
    (L.RepeatVector(5), (8,)),
    (L.Dense(7, trainable=False), CUBE),
    (L.Add(), (IMAGE, IMAGE)),
    (L.Concatenate(), (IMAGE, IMAGE)),
    (L.InputLayer(IMAGE), IMAGE),
    (L.UnknownLayer("MultiHeadAttention", IMAGE), IMAGE),
    (Stack([Stack([L.Conv2D(6, 3), L.MaxPooling2D(2)]), L.Flatten(), L.Dense(3)]), IMAGE),
    (Stack([L.Conv2D(6, 3), L.Conv2DTranspose(4, 3), L.GlobalMaxPooling2D()]), IMAGE),
]


@pytest.mark.parametrize(("layer", "shape"), OTHER_LAYERS, ids=str)
def test_wrong_answers_are_wrong_for_every_kind_of_layer(layer: Any, shape: Any) -> None:
    assert questions((layer, shape))
    are_wrong_answers((layer, shape))


UNMISTAKABLE = (L.GlobalAveragePooling2D, L.Reshape, L.RepeatVector)
"""Their numbers stand in their arguments, or follow without a sum."""


@pytest.mark.parametrize(("layer", "shape"), OTHER_LAYERS, ids=str)
def test_each_wrong_answer_is_told_with_its_misconception(layer: Any, shape: Any) -> None:
    """Those of single misconceptions; pairs are told only where that is no coincidence."""
    told = 0
    for question in questions((layer, shape)):
        truth = question.expected()
        for wrong in wrong_answers(question):
            values = iter(float(value) for value in wrong.values)
            found = diagnose(like(truth, values), question)
            assert all(str(one) for one in found)
            if len(wrong.rules) == 1 and wrong.only is None:
                assert wrong.names[0] in {name for one in found for name in one.misconceptions}
                told += 1
    assert told or isinstance(layer, UNMISTAKABLE)


def like(truth: Any, values: Any) -> Any:
    """The values in the form of the truth."""
    return tuple(like(part, values) for part in truth) if isinstance(truth, tuple) else next(values)


def test_a_network_with_branches_in_a_stack_is_not_looked_into() -> None:
    conv = Node("conv", L.Conv2D(8, 3, padding="same"), (0,))
    skip = Graph("skip", (conv, Node("add", L.Add(), (0, 1))), outputs=(2,))
    question = Question(Stack([skip, L.Flatten()]), (9, 9, 8), "param_count")
    assert wrong_answers(question) == ()
    assert diagnose(576, question) == ()


# Single ones --------------------------------------------------------------------------------------


def test_the_answer_of_somebody_with_a_misconception() -> None:
    assert answer_under(COUNT, "no-bias") == (864,)
    assert answer_under(COUNT, "no-bias", "input-channels-ignored") == (288,)
    assert answer_under(COUNT, "input-channels-ignored", "no-bias") == (288,)
    assert answer_under(COUNT, "stride-ignored") is None
    assert answer_under(COUNT, "no-such-thing") is None


@pytest.mark.parametrize(
    ("layer", "shape", "quantity", "absent"),
    [
        (L.Conv2D(8, 1), (9, 9, 4), "param_count", "kernel-not-squared"),
        (L.Conv2D(8, 3), (9, 9, 1), "param_count", "input-channels-ignored"),
        (L.Conv2D(8, 3), (9, 9, 4), "output_shape", "stride-ignored"),
        (L.Conv2D(8, 3), (9, 9, 4), "output_shape", "ceil-for-floor"),
        (L.Conv2D(8, 3), (9, 9, 4), "output_shape", "height-width-swapped"),
        (L.Conv2D(8, 3), (9, 9, 8), "output_shape", "depth-from-input"),
        (L.Conv2D(8, 3, use_bias=False), (9, 9, 4), "param_count", "no-bias"),
        (L.Conv2D(8, 3, padding="same"), (9, 9, 4), "output_shape", "plus-one-forgotten"),
        (L.Conv1D(8, 3), (9, 4), "param_count", "kernel-not-squared"),
        (L.MaxPooling2D(2), (8, 8, 4), "output_shape", "fraction-kept"),
        (L.MaxPooling2D(2), (8, 8, 4), "output_shape", "depth-from-input"),
        (L.Dense(10), (9,), "param_count", "fully-connected"),
        (L.LocallyConnected2D(8, 3), (9, 9, 4), "param_count", "not-shared"),
        (L.Conv2D(8, 3), (9, 9, 4), "param_count", "shared"),
        (L.Conv2D(8, 3), (9, 9, 4), "param_count", "only-trainable-counted"),
    ],
    ids=str,
)
def test_what_cannot_be_got_wrong_is_not_listed(
    layer: Any, shape: Any, quantity: str, absent: str
) -> None:
    found = wrong_answers(Question(layer, shape, quantity))
    assert found
    assert (absent,) not in [wrong.names for wrong in found]


def test_in_a_stack_a_misconception_may_be_had_of_one_layer_or_of_one_kind_of_layer() -> None:
    """28, 26, 13, 11, 5: with 'same' everywhere 28, 28, 14, 14, 7; in the poolings 6."""
    question = Question(MNIST, DIGIT, "height", "max_pooling2d_1")
    found = {
        wrong.only: wrong.values
        for wrong in wrong_answers(question)
        if wrong.names == ("same-for-valid",)
    }
    assert found == {None: (7,), (1, 3): (6,)}


def test_equal_layers_lead_to_the_same_wrong_answers() -> None:
    first = Question(L.Conv2D(8, 3, name="a"), (9, 9, 4), "param_count")
    second = Question(L.Conv2D(8, (3, 3), padding="valid"), (9, 9, 4), "param_count")
    assert wrong_answers(first) == wrong_answers(second)


def test_sizes_may_be_fractions_on_the_way() -> None:
    """26 / 2 = 13, 13 - 2 = 11, 11 / 2 = 5.5; then 5.5 × 5.5 × 64 = 1,936."""
    assert answer_under(Question(MNIST, DIGIT, "output_shape", "flatten"), "fraction-kept") == (
        1936,
    )


def test_nothing_comes_out_of_a_layer_in_which_no_window_fits() -> None:
    """Without its padding the window is larger than the input: -1 is no answer, and no error."""
    conv = L.Conv2D(8, 5, padding=2)
    for layer in (conv, Stack([conv, L.MaxPooling2D(2, padding="same"), L.Flatten()])):
        for size in (3, 4):
            found = wrong_answers(Question(layer, (size, size, 1), "output_shape"))
            listed = ("padding-ignored",) in [wrong.names for wrong in found]
            assert listed == (size == 4 and layer == conv)
