"""Convolution by numbers: a window to play, step and drag, and the arithmetic of its cell."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike

from course.errors import CourseError
from course.explorers import samples
from course.explorers.frame import Explorer, beside, dropdown, slider
from course.explorers.player import Player
from course.layers.arguments import positive_int, window_padding
from course.pictures.convolution import ConvolutionState, cell_over, convolution_html

LECTURE, GIVEN = "the lecture's", "yours"


def convolution(  # noqa: PLR0917 - the arguments stand as in course.forward.convolve
    image: ArrayLike | None = None,
    kernel: ArrayLike | None = None,
    bias: float = 0,
    strides: int = 1,
    padding: Any = "valid",
    dilation_rate: int = 1,
) -> Explorer:
    """A filter slides over an image, and each output cell shows what it is made of.

    `image` is (H, W) or (H, W, C), up to 64 × 64 with 16 channels; `kernel` is (F_h, F_w), used on
    every channel, or (F_h, F_w, C). Without them: the lecture's 7 × 9 × 3 image and 3 × 3 × 3
    filter. `strides`, `padding` and `dilation_rate` are those of Conv2D.

    Errors: ShapeError for what is no image, kernel or bias, SpecError for other arguments that
    make no Conv2D. A kernel that does not fit is explained in the picture.

    >>> "5849" in convolution().picture.value
    True
    """
    images = {name: make() for name, make in samples.IMAGES.items()}
    filters: dict[str, Callable[[int, int], ArrayLike]]
    filters = {LECTURE: samples.lecture_filter, **samples.FILTERS}
    if kernel is not None:
        filters = {GIVEN: lambda *_: kernel, **filters}
    start = ConvolutionState(
        images[LECTURE] if image is None else image,
        samples.lecture_filter() if kernel is None else kernel,
        bias,
        positive_int(strides, "strides"),
        window_padding(padding, 2),
        positive_int(dilation_rate, "dilation_rate"),
    )
    samples.check_size(start.image.shape)
    if image is not None:
        images = {GIVEN: start.image, **images}
    controls, player = _controls(start, images, filters), Player()

    def state() -> ConvolutionState:
        now = {name: control.value for name, control in controls.items()}
        pixels, make, size = images[now.pop("image")], filters[now.pop("filter")], now.pop("size")
        row, column = player.place
        weights = make(size, pixels.shape[-1])
        return ConvolutionState(
            pixels, weights, start.bias, **now, row=row, column=column, whole=player.whole
        )

    def show() -> str:
        controls["size"].disabled = controls["filter"].value not in samples.FILTERS
        with suppress(CourseError):  # the picture explains it
            rows, columns, _ = state().output_shape
            player.fit((rows, columns))
        return convolution_html(state())

    def choose(grid: str, row: int, column: int) -> None:
        player.place = (row, column) if grid == "output" else cell_over(state(), row, column)

    shown = controls | {"padding": beside("padding", controls["padding"])}
    explorer = Explorer([*shown.values(), player.box])
    explorer.picture.on_choose(choose)
    explorer.follow([*controls.values(), player], show)
    return explorer


def _controls(
    start: ConvolutionState, images: Iterable[str], filters: Iterable[str]
) -> dict[str, Any]:
    """A control for all that can be changed, named as `ConvolutionState` names it."""
    paddings: dict[str, Any] = {"valid": "valid", "same": "same"}
    if start.padding not in paddings:
        paddings[str(start.padding)] = start.padding
    size = max(start.kernel.shape[:2])
    return {
        "image": dropdown("image", images),
        "filter": dropdown("filter", filters),
        "size": slider("filter size", min(size, 11), 1, 11),
        "strides": slider("strides", start.strides, 1, max(5, start.strides)),
        "dilation_rate": slider("dilation", start.dilation_rate, 1, max(4, start.dilation_rate)),
        "padding": widgets.ToggleButtons(
            options=list(paddings.items()), value=start.padding, style={"button_width": "76px"}
        ),
    }
