"""The front end of all explorers: a picture that Python draws, and the cell that was chosen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from course.pictures.page import STYLE_SHEET


class Picture(anywidget.AnyWidget):
    """Shows `value`, the HTML of a picture, and keeps focus and scroll when it changes.

    `chosen` is the last cell that was pointed at, dragged over or reached with the keyboard, in
    a grid that has a name: {"grid", "row", "column", "at"}, rows and columns from 0. `at`, the
    time of the event, makes the same cell chosen twice two changes. `answered` is the `at` of the
    choice that the picture shows: until then the front end keeps its own place, so that no press
    of a key is lost on a slow kernel.

    >>> Picture(value="<p>a picture</p>").value
    '<p>a picture</p>'
    """

    _esm = Path(__file__).with_name("picture.js")
    _css = STYLE_SHEET
    value = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True, echo_update=False)
    answered = traitlets.Float().tag(sync=True)

    def on_choose(self, act: Callable[[str, int, int], None]) -> None:
        """Call `act(grid, row, column)` whenever a cell is chosen.

        >>> picture = Picture()
        >>> picture.on_choose(print)
        >>> picture.chosen = {"grid": "output", "row": 1, "column": 2, "at": 0}
        output 1 2
        """

        def changed(change: Any) -> None:
            chosen = change["new"]
            with self.hold_sync():
                act(chosen["grid"], chosen["row"], chosen["column"])
                self.answered = chosen["at"]

        self.observe(changed, "chosen")
