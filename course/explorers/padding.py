"""Padding: one image under each convention, side by side."""

from typing import Any

from course.explorers.frame import Explorer
from course.explorers.sizes import Sizes, image_sliders
from course.pictures.padding import PaddingState, padding_html


def padding(
    input_shape: Any = (5, 5), kernel_size: Any = 3, strides: Any = 1, P: Any = 1
) -> Explorer:
    """What 'valid', 'same' and P zeros on each side add to an image, and what comes out.

    `input_shape` is (height, width), up to 64 each. All arguments may be one number or a pair,
    height first; a pair of different numbers gets two sliders.

    Errors: SpecError for what is no size, ShapeError for an image too large to be shown. A window
    larger than the image is explained where its picture would be.

    >>> page = padding((4, 4), strides=2).picture.value
    >>> "beside P = 1: 4 of 4 values differ" in page
    True
    """
    image = image_sliders(input_shape)
    controls = {
        "kernel_size": Sizes("kernel_size", "F", kernel_size, 1, 11),
        "strides": Sizes("strides", "S", strides, 1, 5),
        "P": Sizes("P", "P", P, 0, 5),
    }
    place = [0, 0]

    def show() -> str:
        now = {name: control.value for name, control in controls.items()}
        shape = tuple(size.value for size in image)
        return padding_html(PaddingState(shape, **now, row=place[0], column=place[1]))

    def choose(_: str, row: int, column: int) -> None:
        place[:] = row, column
        explorer.picture.value = show()

    sliders = [slider for control in controls.values() for slider in control.sliders]
    explorer = Explorer([*image, *sliders])
    explorer.picture.on_choose(choose)
    explorer.redraw_on([*image, *controls.values()], show)
    return explorer
