"""Texts with identifiers: what is put in, and the way through JSON."""

import json
import re
import string

import pytest

from autograder.verdicts import Message, lines, listed, sentences, text
from autograder.verdicts.messages import TEXTS
from course.errors import SpecError

ALL = text("test.all", "{name!r} has {count:,}: {axes:and}; {options:or}; {rest:comma}")
LISTED = text("test.listed", "of\n    {layers:indented}\nand {said:capital}")


def test_a_message_puts_its_arguments_into_its_text() -> None:
    said = ALL(name="a", count=1200, axes=("x", "y", "z"), options=("p", "q"), rest=("r", "s"))
    assert str(said) == "'a' has 1,200: x, y and z; p or q; r, s"


def test_lists_and_messages_stand_in_messages() -> None:
    said = LISTED(layers=("Flatten()", "Dense(10)"), said=ALL.id)
    assert str(said) == "of\n    Flatten()\n    Dense(10)\nand Test.all"
    assert str(lines(said, None, sentences("One.", None, "Two."))).splitlines()[-1] == "One. Two."


def test_a_single_word_has_no_and_before_it() -> None:
    assert listed(["the height"]) == "the height"
    assert listed(["a", "b"], "or") == "a or b"


def test_a_message_is_equal_to_itself_after_json() -> None:
    inner = LISTED(layers=("a", "b"), said=None)
    said = ALL(name=None, count=2.5, axes=((1, None), (True, "x")), options=(inner,), rest=())
    back = Message.from_json(json.loads(json.dumps(said.to_json())))
    assert back == said
    assert hash(back) == hash(said)


def test_an_identifier_belongs_to_one_text() -> None:
    assert text("test.all", TEXTS["test.all"]) == ALL
    with pytest.raises(SpecError, match=r"two texts are known as 'test\.all'"):
        text("test.all", "something else")


def test_a_message_of_another_version_is_told() -> None:
    with pytest.raises(SpecError, match="no text is known as 'nowhere'"):
        Message.from_json({"id": "nowhere", "arguments": {}})


def test_every_text_is_one_that_a_format_can_fill() -> None:
    assert len(TEXTS) > 200
    for name, words in TEXTS.items():
        assert re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name), name
        for _, field, _, _ in string.Formatter().parse(words):
            assert field is None or field.isidentifier(), f"{name}: {field!r}"
