"""What explorers share: controls in columns, a picture under them, a static picture when saved."""

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets

from course.explorers.picture import Picture
from course.pictures.page import page

WIDTH, LABEL = "268px", "76px"
"""Of a control with its label, and of the label: three to a line beside JupyterLab's side bar."""


class Explorer(widgets.VBox):  # type: ignore[misc]
    """Controls above a picture; `picture.value` holds the HTML that is shown now."""

    def __init__(
        self, controls: Iterable[widgets.Widget], below: Iterable[widgets.Widget] = ()
    ) -> None:
        self.picture = Picture()
        rows = widgets.Box(list(controls), layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([rows, self.picture, *below])
        self.add_class("convdims-explorer")

    def redraw_on(self, controls: Iterable[Any], show: Callable[[], str]) -> None:
        """Show the picture that `show` returns, now and whenever one of the controls moves.

        A control is a widget, or anything with `observe(act, name)`.
        """

        def changed(_: Any = None) -> None:
            self.picture.value = show()

        for control in controls:
            control.observe(changed, "value")
        changed()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        bundle["text/html"] = page(self.picture.value)
        return bundle

    def _ipython_display_(self, **_: Any) -> None:
        """Show the widget, and after it a picture for where no widget runs.

        nbconvert executes a notebook, stores the widgets' state, and then writes a page that gets
        them from the network; a notebook that is opened again has no kernel that knows the widget.
        The second output is for both. Where the widget runs, the style sheet hides it.
        """
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
        twin = {"text/html": page(self.picture.value, "convdims-twin")}
        display(twin, raw=True)  # type: ignore[no-untyped-call]


def slider(label: str, value: int, low: int, high: int) -> widgets.IntSlider:
    """A labelled slider for a whole number that follows the hand."""
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        description=label,
        continuous_update=True,
        style={"description_width": LABEL},
        layout=widgets.Layout(width=WIDTH, max_width="100%"),
    )


def dropdown(label: str, options: Iterable[str]) -> widgets.Dropdown:
    """A labelled choice, the first option chosen."""
    return widgets.Dropdown(
        options=list(options),
        description=label,
        style={"description_width": LABEL},
        layout=widgets.Layout(width=WIDTH, max_width="100%"),
    )


def labelled(label: str, control: widgets.Widget) -> widgets.HBox:
    """A control with its label where a slider has it; some widgets put their own above."""
    text = widgets.Label(label, layout=widgets.Layout(width=LABEL, justify_content="flex-end"))
    return widgets.HBox([text, control], layout=widgets.Layout(width=WIDTH, max_width="100%"))
