"""What explorers share: controls in columns, a picture under them, a static picture when saved."""

from typing import Any

import ipywidgets as widgets


class Explorer(widgets.VBox):  # type: ignore[misc]
    """Controls above a picture; `picture` holds the HTML that is shown now."""

    def __init__(self, controls: list[widgets.Widget], below: list[widgets.Widget]) -> None:
        self.picture = widgets.HTML()
        rows = widgets.Box(controls, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([rows, self.picture, *below])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        bundle["text/html"] = self.picture.value
        return bundle


def slider(label: str, value: int, low: int, high: int) -> widgets.IntSlider:
    """A labelled slider for a whole number that follows the hand."""
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        description=label,
        continuous_update=True,
        style={"description_width": "90px"},
        layout=widgets.Layout(width="340px"),
    )


def beside(label: str, control: widgets.Widget) -> widgets.HBox:
    """A control with its label where a slider has it; some widgets put their own above."""
    text = widgets.Label(label, layout=widgets.Layout(width="90px", justify_content="flex-end"))
    return widgets.HBox([text, control], layout=widgets.Layout(width="340px"))
