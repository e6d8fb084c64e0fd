"""The field for an answer.

The text field of ipywidgets will not do: it tells of Enter before it tells what was typed, and
each key that is typed waits until the kernel has answered the one before.
"""

from collections.abc import Callable
from pathlib import Path

import anywidget
import traitlets


class AnswerField(anywidget.AnyWidget):
    """A labelled field with its button. `typed` is what was last handed over and when, so that
    the same answer given twice is two answers."""

    _esm = Path(__file__).with_name("answer_field.js")
    _css = """
    .convdims-answer form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
    .convdims-answer label { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
    .convdims-answer input { font: inherit; width: 14em; max-width: 100%; padding: 3px 8px;
      background: var(--jp-layout-color0, Canvas); color: inherit;
      border: 1px solid currentColor; border-radius: 3px; }
    """
    typed = traitlets.Dict().tag(sync=True)

    def on_answer(self, act: Callable[[str], None]) -> None:
        """Call `act` with what was typed whenever an answer is handed over.

        >>> field = AnswerField()
        >>> field.on_answer(print)
        >>> field.typed = {"text": "896", "at": 0}
        896
        """
        self.observe(lambda change: act(change["new"]["text"]), "typed")

    def clear(self, *, focus: bool) -> None:
        """Empty the field and, if wanted, put the cursor into it."""
        self.send({"focus": focus})
