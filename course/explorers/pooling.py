"""Pooling: 'valid' beside 'same', any window or cell chosen, max or average."""

from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from numpy.typing import ArrayLike

from course import samples
from course.errors import CourseError
from course.explorers.frame import Explorer, dropdown, labelled, slider
from course.explorers.sizes import Sizes, check_image_size
from course.pictures.grids import Place, dims
from course.pictures.nearest_window import nearest_output
from course.pictures.pooling import pooling_html
from course.pictures.pooling_windows import KINDS, PoolingState

GIVEN = "yours"
AS_POOL_SIZE = "as the pool size"


IMAGES = {
    "the example's results": samples.example_result,
    "the 7x9x3 example": samples.example_image,
    "below zero": samples.below_zero,
    "an edge": samples.edge,
}


def pooling(
    image: ArrayLike | None = None,
    pool_size: Any = 2,
    strides: Any = None,
    kind: str = "max",
) -> Explorer:
    """Windows on an image, the winner of each, and what 'valid' and 'same' make of the edge.

    `image` is (H, W) or (H, W, C), up to 64 × 64 with 16 channels; without it, 5 × 5 results of
    the 7x9x3 example. `pool_size` and `strides` are those of MaxPooling2D, None for windows that
    touch; `kind` is "max" or "average".

    Errors: ShapeError for what is no image, SpecError for other arguments that make no pooling
    layer. A window that does not fit is explained in the picture.

    >>> "max(5849, 7463, 5580, 7161) = <b>7463</b>" in pooling().picture.value
    True
    """
    images = {name: make() for name, make in IMAGES.items()}
    if image is not None:
        images = {GIVEN: PoolingState(image).image, **images}
    start = PoolingState(next(iter(images.values())), pool_size, strides, kind)
    check_image_size(start.image.shape)
    moves = _strides(start, strides)
    size = Sizes("pool_size", "F", start.layer("same").pool_size, 1, 6)
    controls = _controls(start, list(images), list(moves))
    place = [0, 0]

    def state() -> PoolingState:
        now = {name: control.value for name, control in controls.items()}
        return PoolingState(
            images[now["image"]],
            size.value,
            moves[now["strides"]],
            now["kind"],
            now["channel"] - 1,
            *place,
        )

    def show() -> str:
        depth = images[controls["image"].value].shape[-1]
        controls["channel"].max = depth
        controls["channel"].disabled = depth == 1
        return pooling_html(state())

    def choose(grid: str, row: int, column: int) -> None:
        place[:] = _output_cell(state(), grid, (row, column))
        explorer.picture.value = show()

    shown = {**controls, "kind": labelled("kind", controls["kind"])}
    explorer = Explorer(
        [shown["image"], shown["kind"], *size.sliders, shown["strides"], shown["channel"]]
    )
    explorer.picture.on_choose(choose)
    explorer.redraw_on([*controls.values(), size], show)
    return explorer


def _output_cell(state: PoolingState, grid: str, place: Place) -> Place:
    """The cell of an output that was chosen, on itself or on the input under its window."""
    padding, _, on_input = grid.partition(" ")
    if on_input:
        with suppress(CourseError):  # the picture explains it
            return nearest_output(state.layer(padding), state.image.shape, place)
    return place


def _controls(start: PoolingState, images: list[str], moves: list[str]) -> dict[str, Any]:
    return {
        "image": dropdown("image", images),
        "kind": widgets.ToggleButtons(
            options=list(KINDS), value=start.kind, style={"button_width": "76px"}
        ),
        "strides": dropdown("strides", moves),
        "channel": slider("channel", 1, 1, start.image.shape[-1]),
    }


def _strides(start: PoolingState, strides: Any) -> dict[str, Any]:
    """The strides to choose from, by their names; those of the start come first."""
    moves = {AS_POOL_SIZE: None} | {str(step): step for step in range(1, 7)}
    if strides is None:
        return moves
    own = start.layer("same").strides
    name = str(own[0]) if len(set(own)) == 1 else dims(own)
    return {name: own, **moves}
