"""TeX as MathML, which browsers show without a script and without the network."""

import re
from html import escape, unescape
from xml.etree.ElementTree import Element, tostring

from latex2mathml.converter import Converter

LONGEST = 4000
"""Characters; a formula of the course has about 200."""

# latex2mathml knows these under one of its own names.
_LINES = re.compile(
    r"\\(begin|end)\{(?:aligned|alignedat|gathered|gather\*?|eqnarray\*?|equation\*?|multline\*?)\}"
)
# A macro of 3,000 letters, used 300 times, takes seconds.
_DEFINES = re.compile(r"\\(?:(?:re)?newcommand|[gex]?def|let|DeclareMathOperator)(?![a-z])")

_ELEMENTS = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom menclose msub "
    "msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd".split()
)
_ATTRIBUTES = frozenset(
    "display displaystyle scriptlevel mathvariant mathcolor stretchy fence form separator largeop "
    "symmetric movablelimits accent accentunder lspace rspace minsize maxsize linethickness "
    "columnalign columnspacing columnlines rowspacing rowlines notation width height depth".split()
)
_PLAIN = re.compile(r"[\w.%# +-]*")
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def formula(tex: str, *, block: bool = False) -> str:
    """The formula as a `math` element; as code, where it cannot be read.

    `block` is for a formula on a line of its own.

    >>> formula("K").removeprefix('<math display="inline" ')
    'xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>K</mi></mrow></math>'
    >>> formula("{")
    '<code>{</code>'
    """
    if len(tex) > LONGEST or _DEFINES.search(tex):
        return f"<code>{escape(tex)}</code>"
    try:
        known = _LINES.sub(r"\\\1{align*}", tex)
        drawn = Converter(display="block" if block else "inline").convert_to_element(known)
        return f"<code>{escape(tex)}</code>" if _not_understood(drawn) else _written(drawn)
    except Exception:  # of many kinds, among them IndexError, KeyError and RecursionError
        return f"<code>{escape(tex)}</code>"


def _not_understood(drawn: Element) -> bool:
    r"""Whether a command or an & is left as it was typed.

    >>> _not_understood(Converter().convert_to_element(r"\unknown{x}"))
    True
    """
    texts = [element.text or "" for element in drawn.iter("mi")]
    return any(text == "&" or (text.startswith("\\") and len(text) > 1) for text in texts)


def _written(drawn: Element) -> str:
    """The element as text. latex2mathml's own writing leaves < and & of a formula's words as they
    are, so that they would be read as HTML."""
    kept = _kept(drawn)
    kept.set("xmlns", _NAMESPACE)
    return tostring(kept, encoding="unicode", short_empty_elements=False)


def _kept(drawn: Element) -> Element:
    """A copy with known elements and attributes alone; others become a plain group."""
    kept = Element(drawn.tag if drawn.tag in _ELEMENTS else "mrow")
    kept.text = unescape(drawn.text or "")
    kept.tail = unescape(drawn.tail or "")
    for name, value in drawn.attrib.items():
        if name in _ATTRIBUTES and _PLAIN.fullmatch(value):
            kept.set(name, value)
    kept.extend(_kept(child) for child in drawn)
    return kept
