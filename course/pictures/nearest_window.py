"""Where the windows of a sliding layer lie."""

from course.layers.base import Shape
from course.layers.sliding import Sliding
from course.pictures.grids import Place


def nearest_output(layer: Sliding, input_shape: Shape, place: Place) -> Place:
    """The output cell whose window's middle is nearest to a cell of the input with its padding.

    Errors: ShapeError where no window fits.

    >>> from course.layers import Conv2D
    >>> nearest_output(Conv2D(1, 3), (7, 9, 1), (3, 8))
    (2, 6)
    """
    counts = layer.output_shape(input_shape)[:2]
    row, column = (
        min(max(round((at - (size - 1) / 2) / stride), 0), most - 1)
        for at, size, stride, most in zip(
            place, layer.window_size, layer.strides, counts, strict=True
        )
    )
    return row, column
