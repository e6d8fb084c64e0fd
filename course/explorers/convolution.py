"""Convolution by numbers: a window to play, step and drag, and the arithmetic of its cell."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike

from course import samples
from course.errors import CourseError
from course.explorers.frame import Explorer, dropdown, labelled, slider
from course.explorers.player import Player
from course.explorers.sizes import check_image_size
from course.layers.arguments import positive_int, window_padding
from course.pictures.convolution import ConvolutionState, cell_over, convolution_html
from course.pictures.grids import Array

EXAMPLE, GIVEN = "the 7x9x3 example", "yours"
IMAGES = {
    EXAMPLE: samples.example_image,
    "an edge": samples.edge,
    "one bright pixel": samples.spot,
}
FILTERS: dict[str, Callable[[int, int], Array]] = {
    "vertical edge": samples.vertical_edge,
    "horizontal edge": samples.horizontal_edge,
    "blur": samples.blur,
    "identity": samples.identity,
}
"""Filters of any size, for images of any depth."""


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
    every channel, or (F_h, F_w, C). Without them: the 7x9x3 example and its filter. `strides`,
    `padding` and `dilation_rate` are those of Conv2D.

    Errors: ShapeError for what is no image, kernel or bias, SpecError for other arguments that
    make no Conv2D. A kernel that does not fit is explained in the picture.

    >>> "5849" in convolution().picture.value
    True
    """
    images, filters = _choices(image, kernel)
    start = ConvolutionState(
        next(iter(images.values())),
        samples.example_filter() if kernel is None else kernel,
        bias,
        positive_int(strides, "strides"),
        window_padding(padding, 2),
        positive_int(dilation_rate, "dilation_rate"),
    )
    check_image_size(start.image.shape)
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
        controls["size"].disabled = controls["filter"].value not in FILTERS
        with suppress(CourseError):  # the picture explains it
            rows, columns, _ = state().output_shape
            player.fit((rows, columns))
        return convolution_html(state())

    def choose(grid: str, row: int, column: int) -> None:
        player.place = (row, column) if grid == "output" else cell_over(state(), row, column)

    shown = controls | {"padding": labelled("padding", controls["padding"])}
    explorer = Explorer([*shown.values(), player.box])
    explorer.picture.on_choose(choose)
    explorer.redraw_on([*controls.values(), player], show)
    return explorer


def _choices(
    image: ArrayLike | None, kernel: ArrayLike | None
) -> tuple[dict[str, Array], dict[str, Callable[[int, int], ArrayLike]]]:
    """The images, and the filters by size and depth; what was given stands first."""
    images = {name: make() for name, make in IMAGES.items()}
    filters: dict[str, Callable[[int, int], ArrayLike]]
    filters = {EXAMPLE: samples.example_filter, **FILTERS}
    if image is not None:
        images = {GIVEN: ConvolutionState(image, samples.example_filter()).image, **images}
    if kernel is not None:
        filters = {GIVEN: lambda *_: kernel, **filters}
    return images, filters


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
