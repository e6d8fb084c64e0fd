"""Hints in a notebook: the text of the stages shown so far, and a button for the next one."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Any

from autograder.hints.stages import hints
from autograder.questions import Question
from autograder.questions.wording import WRAPPED

HIDDEN = "position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)"


def hint(question: Question) -> "Hint":
    """The next hint for a question: the first stage at first, one more with each call.

    In a notebook it is shown with a button for the next stage, elsewhere as text.

    >>> from course import layers as L
    >>> question = Question(L.Dense(10), (1600,), "param_count")
    >>> print(hint(question))
    Hint 1 of 3. The formula:
        parameters = D_in × U + U
    """
    found = _hint(question, question.text)
    found.show_more()
    return found


# So that a cell that is run again goes on where it was. Stacks are equal whatever their layers are
# named, and `words` tell them apart.
@lru_cache(maxsize=256)
def _hint(question: Question, words: str) -> "Hint":
    return Hint(hints(question))


class Hint:
    """The stages of a question's hints, those that were asked for shown."""

    def __init__(self, stages: Sequence[str]) -> None:
        self.stages = tuple(stages)
        self.shown: tuple[str, ...] = ()
        """The stages that are shown."""

    def show_more(self) -> None:
        """Show one stage more, if there is one."""
        self.shown = self.stages[: len(self.shown) + 1]

    @property
    def next_one(self) -> str:
        """What the button for the next stage says; "" when all are shown."""
        number = len(self.shown) + 1
        return f"Show hint {number} of {len(self.stages)}" if number <= len(self.stages) else ""

    def __str__(self) -> str:
        count = len(self.stages)
        return "\n".join(f"Hint {n} of {count}. {stage}" for n, stage in enumerate(self.shown, 1))

    __repr__ = __str__

    def _ipython_display_(self, **_: Any) -> None:
        """The text as an output of its own, so that a saved notebook keeps it as it is now."""
        from IPython.display import display

        handle = display(self._bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        if self.next_one:
            display(_button(self, handle), raw=True)  # type: ignore[no-untyped-call]

    def _bundle(self) -> dict[str, str]:
        html = stages_html(self.shown, len(self.stages))
        return {"text/plain": str(self), "text/html": html}


def stages_html(shown: Sequence[str], count: int) -> str:
    """The first stages out of so many, as HTML that takes the page's colours.

    >>> stages_html(["What does training change?"], 2)
    '<p><b>Hint 1 of 2.</b> What does training change?</p>'
    """
    html = ""
    for number, stage in enumerate(shown, 1):
        lead, *lines = escape(stage).split("\n")
        html += f"<p><b>Hint {number} of {count}.</b> {lead}</p>"
        if lines:
            formulas = "\n".join(line.strip() for line in lines)
            html += f'<pre style="{WRAPPED}">{formulas}</pre>'
    return html


def _button(hint: Hint, handle: Any) -> dict[str, Any]:
    """A button that shows the next stage, as what a front end displays."""
    import ipywidgets as widgets

    from course.explorers.picture import Picture

    button = widgets.Button(description=hint.next_one, layout=widgets.Layout(width="auto"))
    # The output is drawn anew with each stage, which screen readers pass over in silence.
    spoken = Picture(value=f'<div role="status" style="{HIDDEN}"></div>')

    def press(_: Any) -> None:
        hint.show_more()
        handle.update(hint._bundle(), raw=True)
        spoken.value = f'<div role="status" style="{HIDDEN}">{escape(hint.shown[-1])}</div>'
        button.description = hint.next_one or "That was the last hint"
        button.disabled = not hint.next_one

    button.on_click(press)
    bundle: dict[str, Any] = widgets.HBox([button, spoken])._repr_mimebundle_()
    del bundle["text/plain"]  # a terminal shows the hint alone
    return bundle
