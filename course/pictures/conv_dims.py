"""The conv-dims picture: one Conv2D, its volumes, its code, its two formulas and its row."""

from dataclasses import replace
from html import escape

from course.errors import CourseError
from course.layers import Conv2D, Layer, ZeroPadding2D
from course.layers.base import Shape
from course.pictures.blocks import layer_picture
from course.pictures.grids import dims
from course.pictures.page import explained, framed, heading, spoken
from course.stack import Stack

ROW = "The row of the course's engine"


def conv_dims_html(layer: Conv2D, input_shape: Shape) -> str:
    """HTML of the volumes, the code to copy, both derivations and the summary row.

    A layer that cannot take the input is explained in place of the picture.

    >>> "32 × 3 × 3 × 3 + 32" in conv_dims_html(Conv2D(32, 3), (128, 128, 3))
    True
    """
    code = escape(keras_code(layer, input_shape))
    code = f'{heading("The code to copy")}<pre class="code">{code}</pre>'
    try:
        trace = Stack([layer]).trace(input_shape)
    except CourseError as error:
        return framed(explained(error) + code)
    said = (
        f"{type(layer).__name__} turns {dims(input_shape)} into {dims(trace.output_shape)}, with "
        f"{trace.param_count:,} parameter{'s' * (trace.param_count != 1)}."
    )
    picture = layer_picture(input_shape, trace.output_shape, type(layer).__name__)
    shape = layer.derivation("output_shape", input_shape).html
    params = layer.derivation("param_count", input_shape).html
    row = summary_table(trace.summary(line_length=72))
    return framed(
        f'{spoken(said)}{picture}<div class="convdims-side">'
        f"<section>{heading('Output shape')}{shape}</section>"
        f"<section>{heading('Parameters')}{params}</section></div>{code}"
        f"{heading(ROW)}<pre>{escape(row)}</pre>"
    )


def keras_code(layer: Conv2D, input_shape: Shape) -> str:
    """The program that makes this layer in Keras and prints its row.

    >>> print(keras_code(Conv2D(16, 2, strides=2), (200, 200, 1)))
    import keras
    <BLANKLINE>
    model = keras.Sequential([
        keras.Input((200, 200, 1)),
        keras.layers.Conv2D(16, 2, strides=2, padding='valid'),
    ])
    model.summary()
    """
    layers: list[Layer] = [layer]
    if not isinstance(layer.padding, str):  # Keras 3 has no padding in numbers
        zeros = ZeroPadding2D(layer.padding, data_format=layer.data_format)
        layers = [zeros, replace(layer, padding="valid")]
    lines = "".join(f"    keras.layers.{each!r},\n" for each in layers)
    return (
        f"import keras\n\nmodel = keras.Sequential([\n    keras.Input({input_shape}),\n"
        f"{lines}])\nmodel.summary()"
    )


def summary_table(summary: str) -> str:
    """The table of a summary without the lines above and below it.

    >>> lines = ["Model: m", "┏━┓", "└─┘", " Total params: 0"]
    >>> print(summary_table(chr(10).join(lines)))
    ┏━┓
    └─┘
    """
    return "\n".join(line for line in summary.splitlines() if line[:1] in tuple("┏┃┡│├└"))
