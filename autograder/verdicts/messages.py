"""Texts with identifiers, and messages: which text, with what put in.

A text is defined once, beside the code that says it, and is known by its identifier ever after:

>>> HALF = text("half-done", "{name} is done by half; {left:,} are left")
>>> message = HALF(name="ada", left=1200)
>>> message
Message(id='half-done', arguments=(('name', 'ada'), ('left', 1200)))
>>> print(message)
ada is done by half; 1,200 are left

A message holds no English of its own, so it can be stored, counted, and told in other words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from types import MappingProxyType
from typing import Any, Union

from course.errors import SpecError

Plain = Union[None, bool, int, float, str, tuple["Plain", ...], "Message"]
"""What may be put into a text."""

_texts: dict[str, str] = {}
TEXTS: Mapping[str, str] = MappingProxyType(_texts)
"""Every text by its identifier."""


@dataclass(frozen=True)
class Message:
    """A text by its identifier, and what is put into it; `str` gives the words."""

    id: str
    arguments: tuple[tuple[str, Plain], ...] = ()

    def __str__(self) -> str:
        return _Words().vformat(TEXTS[self.id], (), dict(self.arguments))

    def to_json(self) -> dict[str, Any]:
        """The message as what `json` can write.

        >>> sentences("a", "b").to_json()
        {'id': 'sentences', 'arguments': {'said': ['a', 'b']}}
        """
        return {
            "id": self.id,
            "arguments": {name: _to_json(value) for name, value in self.arguments},
        }

    @classmethod
    def from_json(cls, data: Any) -> "Message":
        """The message that `to_json` was asked of.

        Errors: SpecError for an identifier that no text has.
        """
        if data["id"] not in TEXTS:
            raise SpecError(
                f"no text is known as {data['id']!r}", "read it with the version that wrote it"
            )
        arguments = data["arguments"].items()
        return cls(data["id"], tuple((name, _from_json(value)) for name, value in arguments))


@dataclass(frozen=True)
class Text:
    """A text that was defined; called with what it needs, it gives a message."""

    id: str

    def __call__(self, **arguments: Plain) -> Message:
        return Message(self.id, tuple(arguments.items()))


def text(id: str, words: str) -> Text:
    """Define a text. Places for what is put in are written as for `str.format`, and besides

    - `{names:and}` puts several in a row, the last after 'and'; `{names:or}` after 'or';
      `{names:comma}` has commas alone,
    - `{said:lines}` puts each on a line of its own, `{layers:indented}` moves them in as well,
    - `{said:sentences}` puts them one after another, and `{name:capital}` begins with a capital.

    Errors: SpecError for an identifier that another text has.
    """
    if _texts.get(id, words) != words:
        raise SpecError(f"two texts are known as {id!r}", "give each its own identifier")
    _texts[id] = words
    return Text(id)


class _Words(Formatter):
    """Puts messages in as words and knows the formats that `text` names."""

    def format_field(self, value: Any, format_spec: str) -> str:
        match format_spec:
            case "and" | "or":
                return listed(value, format_spec)
            case "comma":
                return ", ".join(map(str, value))
            case "lines":
                return "\n".join(map(str, value))
            case "indented":
                return "\n    ".join(map(str, value))
            case "sentences":
                return " ".join(map(str, value))
            case "capital":
                words = str(value)
                return words[:1].upper() + words[1:]
        plain = str(value) if isinstance(value, Message) else value
        return str(super().format_field(plain, format_spec))


def listed(words: Sequence[Any], last: str = "and") -> str:
    """Words in a row, the last after 'and'.

    >>> listed(["the height", "the width", "the depth"])
    'the height, the width and the depth'
    """
    *first, final = map(str, words)
    return f"{', '.join(first)} {last} {final}" if first else final


def _to_json(value: Plain) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    return [_to_json(part) for part in value] if isinstance(value, tuple) else value


def _from_json(data: Any) -> Plain:
    if isinstance(data, dict):
        return Message.from_json(data)
    return tuple(_from_json(part) for part in data) if isinstance(data, list) else data


LINES = text("lines", "{said:lines}")
SENTENCES = text("sentences", "{said:sentences}")


def lines(*said: Plain) -> Message:
    """Several messages, each on a line of its own; what is None is left out."""
    return LINES(said=tuple(one for one in said if one is not None))


def sentences(*said: Plain) -> Message:
    """Several messages one after another; what is None is left out.

    >>> print(sentences("It is dark.", None, "It is late."))
    It is dark. It is late.
    """
    return SENTENCES(said=tuple(one for one in said if one is not None))
