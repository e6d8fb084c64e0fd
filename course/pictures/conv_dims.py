"""The conv-dims picture: one Conv2D, its volumes, its two formulas and its row of a summary."""

from html import escape

from course.errors import CourseError
from course.layers import Conv2D
from course.layers.base import Shape
from course.pictures.blocks import layer_picture
from course.stack import Stack

STYLE = """<style>
.convdims { color: var(--jp-content-font-color1, inherit); line-height: 1.5; }
.convdims pre { line-height: 1.2; overflow-x: auto; margin: 4px 0 12px; background: transparent;
  color: inherit; }
.convdims .convdims-derivation > div:first-child { display: none; }
.convdims-side section { max-width: 400px; }
.convdims-side { display: flex; flex-wrap: wrap; gap: 8px 40px; }
.convdims h4 { margin: 8px 0 2px; }
.convdims-error { border-left: 4px solid #c62828; padding: 8px 12px; margin: 12px 0; }
</style>"""


def conv_dims_html(layer: Conv2D, input_shape: Shape) -> str:
    """HTML of the layer as one would type it, the volumes, both derivations and the summary row.

    A layer that cannot take the input is explained in place of the picture.

    >>> "32 × 3 × 3 × 3 + 32" in conv_dims_html(Conv2D(32, 3), (128, 128, 3))
    True
    """
    call = f"<pre>keras.layers.{escape(repr(layer))}   on an input of {input_shape}</pre>"
    try:
        trace = Stack([layer]).trace(input_shape)
    except CourseError as error:
        message = f"{error.problem}; {error.fix}"
        return _page(f'{call}<div class="convdims-error" role="alert">{escape(message)}</div>')
    picture = layer_picture(input_shape, trace.output_shape, type(layer).__name__)
    shape = layer.derivation("output_shape", input_shape).html
    params = layer.derivation("param_count", input_shape).html
    row = summary_table(trace.summary(line_length=72))
    return _page(
        f'{call}{picture}<div class="convdims-side">'
        f"<section><h4>Output shape</h4>{shape}</section>"
        f"<section><h4>Parameters</h4>{params}</section></div>"
        f"<h4>The row of the course's engine</h4><pre>{escape(row)}</pre>"
    )


def summary_table(summary: str) -> str:
    """The table of a summary without the lines above and below it.

    >>> lines = ["Model: m", "┏━┓", "└─┘", " Total params: 0"]
    >>> print(summary_table(chr(10).join(lines)))
    ┏━┓
    └─┘
    """
    return "\n".join(line for line in summary.splitlines() if line[:1] in tuple("┏┃┡│├└"))


def _page(body: str) -> str:
    return f'{STYLE}<div class="convdims">{body}</div>'
