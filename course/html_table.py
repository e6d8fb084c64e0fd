"""A table as HTML that takes the page's colours and is read row by row by a screen reader."""

from collections.abc import Iterable, Sequence
from html import escape


def html_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = "", align: str = ""
) -> str:
    """The table; the first cell of each row is the row's heading. Cells are plain text.

    `align`, such as 'left', is for all cells; Jupyter aligns them to the right. Row headings
    stand on the left.

    >>> html_table(["layer", "parameters"], [["conv", "896"]])
    '<table><thead><tr><th scope="col">layer</th><th scope="col">parameters</th></tr></thead>\
<tbody><tr><th scope="row" style="text-align: left">conv</th><td>896</td></tr></tbody></table>'
    """
    style = f' style="text-align: {align}"' if align else ""
    head = "".join(f'<th scope="col"{style}>{escape(heading)}</th>' for heading in headings)
    body = ""
    for first, *others in rows:
        cells = "".join(f"<td{style}>{escape(cell)}</td>" for cell in others)
        body += f'<tr><th scope="row" style="text-align: left">{escape(first)}</th>{cells}</tr>'
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
