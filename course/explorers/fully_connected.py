"""Fully connected: units against weights and memory, with a convolutional layer beside it."""

from typing import Any

import ipywidgets as widgets

from course.errors import SpecError
from course.explorers.frame import LABEL, Explorer, slider
from course.explorers.sizes import volume_sliders
from course.layers import Conv2D
from course.layers.arguments import positive_int
from course.layers.base import Shape, whole_shape
from course.pictures.fully_connected import POWERS, FullyConnectedState, fully_connected_html

STEPS = (1, 2, 5)
"""Of every power of ten, what the slider of units stops at; besides, at as many as inputs."""
UNITS = "330px"
"""The width of that slider, whose numbers are long."""


def fully_connected(
    input_shape: Shape = (28, 28, 1), units: int = 784, filters: int = 4, kernel_size: int = 3
) -> Explorer:
    """Parameters and memory of a fully connected layer on an image, a Conv2D beside it.

    `input_shape` is (height, width, channels), `units` from 1 to 10^7; `filters` and
    `kernel_size` are those of the Conv2D.

    Errors: ShapeError for what is no image, SpecError for other arguments that make no layer.

    >>> "615,440" in fully_connected().picture.value
    True
    """
    shape = whole_shape(input_shape, "fully_connected")
    Conv2D(1, 1).plain_shape(shape)
    start = FullyConnectedState(
        shape,
        positive_int(units, "units"),
        positive_int(filters, "filters"),
        positive_int(kernel_size, "kernel_size"),
    )
    if start.units > 10**POWERS:
        raise SpecError(
            f"units={start.units:,} is more than the chart shows",
            f"give at most {10**POWERS:,}",
            "fully_connected",
        )
    controls = _controls(start)
    alike = widgets.Button(
        description="As many units as inputs", layout=widgets.Layout(width="190px")
    )

    def state() -> FullyConnectedState:
        now = {name: control.value for name, control in controls.items()}
        shape = now.pop("height"), now.pop("width"), now.pop("channels")
        return FullyConnectedState(shape, **now)

    def show() -> str:
        alike.disabled = state().inputs > 10**POWERS
        return fully_connected_html(state())

    def choose_inputs(_: Any) -> None:
        inputs = state().inputs
        with explorer.picture.hold_sync():  # new options choose the first one in passing
            controls["units"].options = _stops(inputs)
            controls["units"].value = inputs

    *image, units, filters, kernel = controls.values()
    rows = (image, [units, alike], [filters, kernel])
    wrapped = widgets.Layout(flex_flow="row wrap", width="100%")
    explorer = Explorer([widgets.Box(row, layout=wrapped) for row in rows])
    alike.on_click(choose_inputs)
    explorer.redraw_on(controls.values(), show)
    return explorer


def _controls(start: FullyConnectedState) -> dict[str, Any]:
    """A control for each number of the state."""
    return volume_sliders(start.input_shape, (500, 500, 16)) | {
        "units": widgets.SelectionSlider(
            options=_stops(start.units),
            value=start.units,
            description="units",
            style={"description_width": LABEL},
            layout=widgets.Layout(width=UNITS, max_width="100%"),
        ),
        "filters": slider("filters", start.filters, 1, max(64, start.filters)),
        "kernel_size": slider("kernel_size", start.kernel_size, 1, max(11, start.kernel_size)),
    }


def _stops(units: int) -> list[tuple[str, int]]:
    stops = {step * 10**power for power in range(POWERS) for step in STEPS}
    return [(f"{stop:,}", stop) for stop in sorted({*stops, 10**POWERS, units})]
