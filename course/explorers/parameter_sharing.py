"""Parameter sharing: one dial from fully connected to shared, and the three counts."""

from typing import Any

import ipywidgets as widgets

from course.explorers.frame import Explorer, slider
from course.explorers.sizes import Sizes
from course.layers.arguments import at_least, positive_int
from course.layers.base import Shape
from course.pictures.connections import SHARINGS
from course.pictures.parameter_sharing import SharingState, parameter_sharing_html


def parameter_sharing(
    input_shape: Shape = (32, 32, 3),
    filters: int = 20,
    kernel_size: Any = 8,
    strides: int = 2,
    padding: int = 1,
) -> Explorer:
    """A layer whose weights are fully connected, unshared or shared, counted in all three ways.

    `input_shape` is (height, width, channels), `padding` the zeros on each side; the others are
    those of Conv2D. A window that does not fit is explained in the picture.

    Errors: SpecError or ShapeError for starting values that make no layer or no image.

    >>> "12,046,160" in parameter_sharing().picture.value
    True
    """
    start = SharingState(
        input_shape,
        positive_int(filters, "filters"),
        kernel_size,
        positive_int(strides, "strides"),
        at_least(padding, "padding", 0),
    )
    dial = widgets.ToggleButtons(
        options=SHARINGS, value=start.sharing, style={"button_width": "126px"}
    )
    most = {"height": 256, "width": 256, "depth": 64}
    sizes = {
        name: slider(name, size, 1, max(most[name], size))
        for name, size in zip(most, start.input_shape, strict=True)
    }
    window = Sizes("kernel_size", "F", start.kernel_size, 1, 11)
    more = {
        "filters": slider("filters", start.filters, 1, max(64, start.filters)),
        "strides": slider("strides", start.strides, 1, max(5, start.strides)),
        "padding": slider("padding", start.padding, 0, max(5, start.padding)),
    }

    def show() -> str:
        shape = tuple(size.value for size in sizes.values())
        now = {name: control.value for name, control in more.items()}
        state = SharingState(shape, kernel_size=window.value, sharing=dial.value, **now)
        return parameter_sharing_html(state)

    controls = [*sizes.values(), more["filters"], *window.sliders, more["strides"], more["padding"]]
    explorer = Explorer([widgets.Box([dial], layout=widgets.Layout(width="100%")), *controls])
    explorer.redraw_on([dial, *controls], show)
    return explorer
