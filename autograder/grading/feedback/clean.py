"""The HTML, the styles and the links of a notebook that are let through.

Everything is dropped that is not named here. What is named is what the course's own pictures,
tables and texts are made of, and pandas' tables.
"""

import re
from functools import cache

import nh3

from course.pictures.page import STYLE_SHEET

_TEXT = (
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption "
    "figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span "
    "strong sub summary sup table tbody td tfoot th thead tr u ul var"
)
# Without title, desc and foreignObject, in which HTML begins anew, and without style, use, animate.
_DRAWING = frozenset(
    "svg g path rect circle ellipse line polyline polygon text tspan image".split()
)
_TAGS = {*_TEXT.split(), *_DRAWING}
# What is in these is no text to be read.
_WITH_CONTENT = set(
    "script style noscript template iframe object applet title textarea select option math xmp "
    "noembed noframes audio video canvas".split()
)

_EVERYWHERE = "class style title role aria-hidden aria-label aria-level aria-live aria-current"
_OF_DRAWINGS = frozenset(
    "viewBox preserveAspectRatio x y x1 x2 y1 y2 cx cy r rx ry d points width height transform "
    "fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray opacity font-size "
    "font-weight text-anchor dominant-baseline".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": set(_EVERYWHERE.split()),
    **{tag: set(_OF_DRAWINGS) for tag in _DRAWING},
    "a": {"href"},
    "image": {*_OF_DRAWINGS, "href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}

# None of these takes a thing out of its place or lays it over another. A negative margin would,
# and the frame around all that is cleaned cuts it off (.convdims-notebook in page.css).
_PROPERTIES = frozenset(
    "align-items align-self background background-color border border-bottom border-collapse "
    "border-color border-left border-radius border-right border-spacing border-style border-top "
    "border-width box-sizing color column-gap display fill fill-opacity flex flex-direction "
    "flex-wrap float font font-family font-size font-style font-variant-numeric font-weight gap "
    "grid-column grid-row grid-template-columns grid-template-rows height justify-content "
    "letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-height max-width min-height min-width opacity overflow overflow-x overflow-y "
    "padding padding-bottom padding-left padding-right padding-top row-gap stroke "
    "stroke-dasharray stroke-width text-align text-anchor text-decoration text-indent "
    "vertical-align white-space width".split()
)
# No quote, no backslash and no colon: what a browser reads is then what is read here.
_VALUE = re.compile(r"[\w\s.,%#()+*/!-]*")
_CALL = re.compile(r"([\w-]*)\s*\(")
_CALLS = frozenset(["", *"rgb rgba hsl hsla calc min max minmax repeat fit-content".split()])

_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# Within <img> and <image> an SVG file runs no script and loads nothing.
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")


def clean_html(html: str, mark: str = "") -> str:
    """The HTML without anything that runs, loads, submits or leaves its place.

    Classes are those of the course's pictures, of highlighted code and of pandas' tables; one that
    begins with `mark` stays, too. There are no ids, so that none is taken for one of the page's.

    >>> clean_html('<p onclick="go()" style="color: red; position: fixed">one <b>two</b>')
    '<p style="color: red">one <b>two</b></p>'
    >>> clean_html('<a href="javascript:go()">here</a>')
    '<a rel="noopener noreferrer">here</a>'
    """

    def kept(tag: str, name: str, value: str) -> str | None:
        if name == "class":
            return _classes(value, mark)
        if name == "style":
            return _style(value)
        if name == "href" and tag == "a":
            return value if _LINK.match(value) else None
        if name in ("src", "href"):
            source = "".join(value.split())
            return source if PICTURE.fullmatch(source) else None
        if name in _OF_DRAWINGS and tag in _DRAWING:
            return value if _VALUE.fullmatch(value) and "url" not in value.lower() else None
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "data"},
        url_relative="deny",
    )


def _style(style: str) -> str | None:
    """The declarations that are known, or None for nothing.

    >>> _style("margin: 0; background: url(//host/x); width: calc(100% - 2px); COLOR: red")
    'margin: 0; width: calc(100% - 2px); color: red'
    """
    kept = []
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        known = name in _PROPERTIES and colon and _VALUE.fullmatch(value)
        if known and all(call.lower() in _CALLS for call in _CALL.findall(value)):
            kept.append(f"{name}: {value}")
    return "; ".join(kept) or None


def _classes(names: str, mark: str) -> str | None:
    """The classes that are known, or None for none of them."""
    kept = [
        name
        for name in names.split()
        if name in _known_classes() or _TOKEN.fullmatch(name) or (mark and name.startswith(mark))
    ]
    return " ".join(kept) or None


# Pygments' names for the parts of code: k, nb, s1.
_TOKEN = re.compile(r"[a-z]{1,2}[0-9a-z]?")


@cache
def _known_classes() -> frozenset[str]:
    """Those of the pictures' style sheet, and a few that other rules of the page know."""
    sheet = STYLE_SHEET.read_text(encoding="utf-8")
    names = re.findall(r"\.([a-z][a-z0-9-]+)", sheet)
    ours = {name for name in names if not name.startswith(("jp-", "jupyter-"))}
    return frozenset(ours - {"output"} | {"dataframe", "highlight"})
