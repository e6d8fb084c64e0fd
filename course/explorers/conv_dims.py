"""The conv-dims explorer: every argument of the exercise, the formulas, and Keras's own row."""

import sys
from html import escape
from itertools import chain
from typing import Any

import ipywidgets as widgets

from course.errors import CourseError, SpecError
from course.explorers.frame import LABEL, WIDTH, Explorer, labelled, slider
from course.explorers.sizes import Sizes, volume_sliders
from course.layers import Conv2D
from course.layers.base import Shape
from course.pictures.conv_dims import conv_dims_html
from course.pictures.page import heading


def conv_dims(
    filters: int = 32,
    kernel_size: Any = 3,
    strides: Any = 2,
    padding: str = "same",
    input_shape: Shape = (128, 128, 3),
    *,
    activation: Any = "relu",
    use_bias: bool = True,
) -> Explorer:
    """Sliders for a Conv2D and its input; formulas, numbers and summary rows follow them.

    `input_shape` is (height, width, channels), the others are those of Keras's Conv2D. Where
    `kernel_size` or `strides` is a pair of different numbers, each side has a slider. Keras's row
    appears once Keras is loaded, or when its button is pressed, so that the first picture need not
    wait for TensorFlow.

    Errors: SpecError or ShapeError for starting values that make no layer.

    >>> "64 × 64 × 32" in conv_dims().picture.value
    True
    """
    more = {"padding": padding, "activation": activation, "use_bias": use_bias}
    layer = Conv2D(filters, kernel_size, strides=strides, **more)
    controls = _controls(layer, layer.plain_shape(input_shape))
    keras_row = widgets.HTML()
    ask = widgets.Button(
        description="Ask Keras for its row", layout=widgets.Layout(width="auto", display="none")
    )
    shown = controls | {"padding": labelled("padding", controls["padding"])}
    parts = [each.sliders if isinstance(each, Sizes) else [each] for each in shown.values()]
    explorer = Explorer(chain.from_iterable(parts), [keras_row, ask])

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


def _controls(layer: Conv2D, input_shape: Shape) -> dict[str, Any]:
    """A control for each argument and each size, by its name."""
    if not isinstance(layer.padding, str):
        raise SpecError(
            "Keras's Conv2D has no padding in numbers", "give 'valid' or 'same'", "conv_dims"
        )
    return {
        "filters": slider("filters", layer.filters, 1, max(64, layer.filters)),
        "kernel_size": Sizes("kernel_size", "F", layer.kernel_size, 1, 11),
        "strides": Sizes("strides", "S", layer.strides, 1, 5),
        "padding": widgets.ToggleButtons(
            options=["valid", "same"],
            value=layer.padding,
            style={"button_width": "90px"},
        ),
        "activation": _activations(layer.activation),
        "use_bias": widgets.Checkbox(
            value=layer.use_bias,
            description="use_bias",
            style={"description_width": LABEL},
            layout=widgets.Layout(width=WIDTH, max_width="100%"),
        ),
        **volume_sliders(input_shape, (256, 256, 64)),
    }


def _activations(chosen: Any) -> widgets.Dropdown:
    """A choice of the usual activations, and of the one that was given."""
    options = {None: "none", "relu": "relu", "sigmoid": "sigmoid", "tanh": "tanh"}
    options.setdefault(chosen, str(getattr(chosen, "__name__", chosen)))
    return widgets.Dropdown(
        options=[(name, value) for value, name in options.items()],
        value=chosen,
        description="activation",
        style={"description_width": LABEL},
        layout=widgets.Layout(width=WIDTH, max_width="100%"),
    )


def _keras_row(layer: Conv2D, input_shape: Shape) -> str:
    from course import keras_bridge

    try:
        layer.plain_shape(input_shape)
    except CourseError:
        return ""
    table = keras_bridge.ask_summary(layer, input_shape)
    title = heading("The row that Keras prints")
    return f'<div class="convdims">{title}<pre>{escape(table)}</pre></div>'
