"""Stride: how often each pixel is read, and which never are."""

from typing import Any

import ipywidgets as widgets

from course.errors import CourseError
from course.explorers.frame import Explorer, labelled
from course.explorers.sizes import Sizes, image_sliders
from course.layers.arguments import window_padding
from course.pictures.stride import StrideState, reads, stride_html


def stride(
    input_shape: Any = (7, 7), kernel_size: Any = 3, strides: Any = 2, padding: Any = "valid"
) -> Explorer:
    """A window slides over an image: how often each pixel is read, by which output cells.

    `input_shape` is (height, width), up to 64 each. `kernel_size` and `strides` may be one number
    or a pair, height first; a pair of different numbers gets two sliders. `padding` is that of
    Conv2D.

    Errors: SpecError for other arguments that make no Conv2D, ShapeError for an image too large to
    be shown. A window larger than the image is explained in place of the picture.

    >>> "All 49 pixels are read" in stride().picture.value
    True
    """
    start = StrideState(input_shape, kernel_size, strides, padding)
    image = image_sliders(start.input_shape)
    kernel, steps = (
        Sizes("kernel_size", "F", start.layer.kernel_size, 1, 11),
        Sizes("strides", "S", start.layer.strides, 1, 5),
    )
    given = window_padding(padding, 2)
    options: dict[str, Any] = {"valid": "valid", "same": "same"}
    if given not in options:
        options[str(padding)] = given
    pads = widgets.ToggleButtons(
        options=list(options.items()), value=given, style={"button_width": "76px"}
    )
    output, pixel = [0, 0], _most_read(start)

    def state() -> StrideState:
        shape = tuple(size.value for size in image)
        return StrideState(shape, kernel.value, steps.value, pads.value, *output, *pixel)

    def choose(grid: str, row: int, column: int) -> None:
        if grid == "output":
            output[:] = row, column
        else:
            (top, _), (left, _) = reads(state()).pads
            pixel[:] = row - top, column - left
        explorer.picture.value = stride_html(state())

    explorer = Explorer([*image, *kernel.sliders, *steps.sliders, labelled("padding", pads)])
    explorer.picture.on_choose(choose)
    explorer.redraw_on([*image, kernel, steps, pads], lambda: stride_html(state()))
    return explorer


def _most_read(state: StrideState) -> list[int]:
    """The first of the pixels that are read most often; where no window fits, the first."""
    try:
        counts = reads(state).image
    except CourseError:
        return [0, 0]
    row, column = divmod(int(counts.argmax()), counts.shape[1])
    return [row, column]
