"""The answers that misconceptions lead to, for any question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from autograder.misconceptions.layer_trees import LayerTrees, Sizes, layer_trees
from autograder.misconceptions.rules import (
    FACETS,
    FIELD_RULES,
    PAD_RULES,
    RULES,
    Rule,
    field_under,
    pads_under,
    pairs,
)
from autograder.misconceptions.workings import Workings, essence, workings
from autograder.questions import AXES, Question, numbers
from autograder.verdicts import Message
from course import Stack
from course.expression import Expression, Leaf, Number, plus
from course.layers import Layer
from course.layers.convolution import Convolving
from course.layers.pooling import Pool

Rules = tuple[Rule[Any], ...]
Trees = tuple[Expression, ...]
Numbers = tuple[Number, ...]
Places = tuple[int, ...]

OWN_RULES: dict[str, Rules] = {"padding_amounts": PAD_RULES, "receptive_field": FIELD_RULES}
"""The rules of the quantities that no count and no output shape leads to."""
PAIRS = {rules: pairs(rules) for rules in (RULES, *OWN_RULES.values())}
NAMES = tuple(dict.fromkeys(rule.name for rules in PAIRS for rule in rules))
"""The identifiers of all misconceptions that lead to other numbers."""


@dataclass(frozen=True)
class WrongWay:
    """What one or two misconceptions lead to: a tree for each number of the answer.

    `only` holds the places of the layers that they concern, None where they concern all.
    """

    rules: Rules
    trees: Trees
    only: Places | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The misconceptions' identifiers."""
        return tuple(rule.name for rule in self.rules)

    def says(self, each: Message) -> tuple[Message, ...]:
        """What each of them tells the student; `each` is what has one bias."""
        return tuple(rule.says(each=each) for rule in self.rules)

    @cached_property
    def values(self) -> Numbers:
        """The numbers of the answer."""
        return tuple(tree.value for tree in self.trees)


@lru_cache(maxsize=2048)
def wrong_answers(question: Question) -> tuple[WrongWay, ...]:
    """All wrong answers that one or two misconceptions lead to, simplest and likeliest first.

    Of two misconceptions both must matter: what one of them alone leads to is not listed again.
    """
    truth = numbers(question.expected())
    return tuple(found for found in _answers(question) if found.values != truth)


@lru_cache(maxsize=2048)
def right_by_luck(question: Question) -> tuple[WrongWay, ...]:
    """The misconceptions, and pairs of them, that lead to the right answer by another sum.

    Where there is nothing to get wrong, as where a stride of 1 is ignored, it is no luck.

    >>> from course import layers as L
    >>> question = Question(L.Conv2D(8, 3, padding="same", strides=2), (6, 9, 1), "height")
    >>> [found.names for found in right_by_luck(question)]
    [('floor-for-ceil',), ('fraction-kept',)]
    """
    truth = numbers(question.expected())
    return tuple(
        found for found in _answers(question) if found.values == truth and _is_luck(found, question)
    )


def _is_luck(found: WrongWay, question: Question) -> bool:
    """Whether another sum is done for the right answer, and not only a factor of 1 left out."""
    return essence(_workings(question, found.rules)) != essence(_workings(question, ()))


def coincidence(question: Question) -> tuple[tuple[str, ...], ...]:
    """What no answer to this question can tell apart: the names of what leads to the right answer
    by luck, or of two misconceptions that lead to the same one. Empty where there is neither.

    In a stack a misconception is had at all layers. The search stops at the first find and keeps
    nothing, so that many questions can be tried out.

    >>> from course import layers as L
    >>> coincidence(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count"))
    (('input-channels-ignored',), ('kernel-not-squared',))
    """
    truth = numbers(question.expected())
    first: dict[Numbers, tuple[str, ...]] = {}
    for found in _answers(question):
        if found.only is not None:
            continue
        if found.values == truth:
            if _is_luck(found, question):
                return (found.names,)
        elif len(found.names) == 1:
            other = first.setdefault(found.values, found.names)
            if other != found.names:
                return other, found.names
    return ()


def _answers(question: Question) -> Iterator[WrongWay]:
    """What one or two misconceptions lead to, right or wrong, each once."""
    seen = set()
    for found in _reached(question):
        if (found.names, found.values) not in seen:
            seen.add((found.names, found.values))
            yield found


def _reached(question: Question) -> Iterator[WrongWay]:
    if not all(isinstance(layer, Layer) for layer in question.chain):
        return
    rules = OWN_RULES.get(question.quantity, RULES)
    right = _workings(question, ())
    alone: dict[Rule[Any], WrongWay] = {}
    for rule in rules:
        found = _wrong(question, (rule,))
        # What changes nothing here cannot be got wrong here.
        if found and _workings(question, (rule,)) != right:
            alone[rule] = found
    yield from alone.values()
    if isinstance(question.layer, Stack):
        for places in _some_layers(question.chain):
            yield from filter(None, (_wrong(question, (rule,), places) for rule in alone))
    for pair in PAIRS[rules]:
        if pair[0] in alone and pair[1] in alone:
            both = _wrong(question, pair)
            if both and both.values not in (alone[pair[0]].values, alone[pair[1]].values):
                yield both


def _some_layers(chain: Sequence[Layer]) -> Iterator[Places]:
    """The places of all convolutions, those of all poolings, and each place by itself."""
    for kind in (Convolving, Pool):
        yield tuple(place for place, layer in enumerate(chain) if isinstance(layer, kind))
    for place in range(len(chain)):
        yield (place,)


def answer_under(question: Question, *names: str) -> Numbers | None:
    """The numbers of the answer of somebody with these misconceptions; None where they are none
    that this question could bring out.

    >>> from course import layers as L
    >>> answer_under(Question(L.Conv2D(32, 3), (128, 128, 3), "param_count"), "no-bias")
    (864,)
    """
    for found in wrong_answers(question):
        if set(found.names) == set(names):
            return found.values
    return None


def _wrong(question: Question, rules: Rules, only: Places | None = None) -> WrongWay | None:
    """Where these rules lead, at all layers or only at some; None where that is nowhere."""
    trees: Trees | None
    if question.quantity == "padding_amounts":
        trees = pads_under(*question.asked_of, rules)
    elif question.quantity == "receptive_field":
        trees = field_under(question.chain, question.input_shape, rules)
        if trees and question.kind == "number":
            # One number stands for all axes only where they are equal.
            trees = trees[:1] if len({tree.value for tree in trees}) == 1 else None
    else:
        trees = _trees(question, rules, only)
    if trees is None or any(tree.value < 0 for tree in trees):
        return None
    return WrongWay(rules, trees, only)


def _trees(question: Question, rules: Rules, only: Places | None) -> Trees | None:
    asked = "" if question.quantity in ("output_shape", *AXES) else question.quantity
    layers = list(follow(question, asked, rules, only))
    if len(layers) < len(question.chain):
        return None
    if question.at is None and asked and len(layers) > 1:
        return (plus(*(Leaf(each.count.value) for each in layers)),)
    last = layers[-1]
    if asked:
        return (last.count,)
    outputs = tuple(last.outputs.values())
    if question.quantity == "output_shape":
        return outputs
    return (question.axis(outputs),)


def _workings(question: Question, rules: Rules) -> Workings:
    if question.quantity in OWN_RULES:
        found = _wrong(question, rules)
        return frozenset((str(n), tree) for n, tree in enumerate(found.trees if found else ()))
    asked = "" if question.quantity in ("output_shape", *AXES) else question.quantity
    return workings(question, tuple(follow(question, asked, rules, None)))


def follow(
    question: Question, asked: str, rules: Rules, only: Places | None
) -> Iterator[LayerTrees]:
    """Each layer's trees in turn, on what came out of the one before; ends where nothing fits."""
    sizes: Sizes = question.input_shape
    ordered = tuple(sorted(rules, key=lambda rule: FACETS.index(rule.facet)))
    for place, layer in enumerate(question.chain):
        done = _believed(layer, sizes, asked, ordered if only is None or place in only else ())
        yield done
        if min(done.sizes) < 1:
            return
        sizes = done.sizes


@lru_cache(maxsize=10_000)  # many a network's every layer, with all rules alone and in pairs
def _believed(layer: Layer, sizes: Sizes, asked: str, rules: Rules) -> LayerTrees:
    if not rules:
        return layer_trees(layer, sizes, asked)
    before = _believed(layer, sizes, asked, rules[:-1])
    changed: LayerTrees | None = rules[-1].change(before)
    return changed or before
