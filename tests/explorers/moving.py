"""An explorer without a browser: its controls by their labels, moved as by the front end."""

from typing import Any

import ipywidgets as widgets

from course.pictures.page import page


def controls(shown: Any) -> dict[str, Any]:
    """The controls by their labels; one without a label by the empty text."""
    return _labelled(shown.children[0])


def _labelled(box: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in box.children:
        if not isinstance(part, widgets.Box):
            found[part.description] = part
        elif isinstance(part.children[0], widgets.Label):
            label, control = part.children
            found[label.value] = control
        else:
            found |= _labelled(part)
    return found


def choose(shown: Any, grid: str, row: int, column: int) -> None:
    """What the front end sends when a cell is chosen."""
    at = shown.picture.chosen.get("at", 0) + 1
    shown.picture.chosen = {"grid": grid, "row": row, "column": column, "at": at}


def assert_moves(shown: Any, control: Any, value: Any, start: str, moved: str) -> None:
    """Moving one control from the start changes the picture; moving it back changes it back."""
    before = control.value
    control.value = value
    assert shown.picture.value == moved
    assert shown.picture.value != start
    control.value = before
    assert shown.picture.value == start


def assert_kept_when_saved(shown: Any, picture: str) -> None:
    """A saved notebook holds the picture as it is now, and the widget."""
    bundle = shown._repr_mimebundle_()
    assert bundle["text/html"] == page(picture)
    assert "application/vnd.jupyter.widget-view+json" in bundle
