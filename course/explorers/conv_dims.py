"""The conv-dims explorer: every argument of the exercise, the formulas, and Keras's own row."""

import sys
from html import escape
from typing import Any

import ipywidgets as widgets

from course.errors import CourseError
from course.explorers.frame import Explorer, beside, slider
from course.layers import Conv2D
from course.layers.base import Shape
from course.pictures.conv_dims import conv_dims_html


def conv_dims(
    filters: int = 32,
    kernel_size: int = 3,
    strides: int = 2,
    padding: str = "same",
    input_shape: Shape = (128, 128, 3),
) -> Explorer:
    """Sliders for a Conv2D and its input; formulas, numbers and summary rows follow them.

    `input_shape` is (height, width, channels). Keras's row appears once Keras is loaded, or when
    its button is pressed, so that the first picture need not wait for TensorFlow.

    Errors: SpecError or ShapeError for starting values that make no layer.

    >>> "64 × 64 × 32" in conv_dims().picture.value
    True
    """
    Conv2D(filters, kernel_size, strides=strides, padding=padding).plain_shape(input_shape)
    height, width, depth = input_shape
    controls = {
        "filters": slider("filters", filters, 1, max(64, filters)),
        "kernel_size": slider("kernel_size", kernel_size, 1, max(11, kernel_size)),
        "strides": slider("strides", strides, 1, max(5, strides)),
        "padding": widgets.ToggleButtons(
            options=["valid", "same"],
            value=padding,
            style={"button_width": "90px"},
        ),
        "height": slider("height", height, 1, max(256, height)),
        "width": slider("width", width, 1, max(256, width)),
        "channels": slider("channels", depth, 1, max(64, depth)),
    }
    keras_row = widgets.HTML()
    ask = widgets.Button(
        description="Ask Keras for its row", layout=widgets.Layout(width="auto", display="none")
    )
    shown = controls | {"padding": beside("padding", controls["padding"])}
    explorer = Explorer(list(shown.values()), [keras_row, ask])

    def show(_: Any = None) -> None:
        now = {name: control.value for name, control in controls.items()}
        shape = (now.pop("height"), now.pop("width"), now.pop("channels"))
        layer = Conv2D(**now)
        explorer.picture.value = conv_dims_html(layer, shape)
        loaded = "course.keras_bridge" in sys.modules
        ask.layout.display = "none" if loaded else "inline-flex"
        keras_row.value = _keras_row(layer, shape) if loaded else ""

    def load_keras(_: Any) -> None:
        ask.description = "Loading TensorFlow, a few seconds ..."
        import course.keras_bridge  # noqa: F401  (show() asks Keras once this is loaded)

        show()

    for control in controls.values():
        control.observe(show, "value")
    ask.on_click(load_keras)
    show()
    return explorer


def _keras_row(layer: Conv2D, input_shape: Shape) -> str:
    from course import keras_bridge

    try:
        layer.plain_shape(input_shape)
    except CourseError:
        return ""
    table = keras_bridge.summary_table(layer, input_shape)
    return (
        f'<div class="convdims"><h4>The row that Keras prints</h4><pre>{escape(table)}</pre></div>'
    )
