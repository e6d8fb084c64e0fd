"""Sliders for a size along height and width."""

from collections.abc import Callable
from typing import Any

from course.errors import ShapeError
from course.explorers.frame import slider
from course.layers import arguments
from course.layers.base import Shape
from course.pictures.grids import dims

Pair = tuple[int, int]
LARGEST = (64, 64, 16)
"""Height, width and channels of an image that can still be shown."""


class Sizes:
    """One slider for both axes, or one for each where the two start apart.

    >>> [s.description for s in Sizes("kernel_size", "F", 3, 1, 11).sliders]
    ['kernel_size']
    >>> sizes = Sizes("kernel_size", "F", (3, 5), 1, 11)
    >>> [s.description for s in sizes.sliders], sizes.value
    (['F_h', 'F_w'], (3, 5))
    """

    def __init__(self, name: str, letter: str, start: Any, low: int, high: int) -> None:
        height, width = arguments.sizes(start, 2, name, low)
        given = {name: height} if height == width else {f"{letter}_h": height, f"{letter}_w": width}
        self.sliders = [slider(label, at, low, max(high, at)) for label, at in given.items()]

    @property
    def value(self) -> Pair:
        """The sizes along height and width."""
        return self.sliders[0].value, self.sliders[-1].value

    def observe(self, act: Callable[[Any], None], name: str = "value") -> None:
        """Call `act` whenever a slider moves, as widgets do."""
        for each in self.sliders:
            each.observe(act, name)


def image_sliders(input_shape: Any) -> list[Any]:
    """Sliders for an image's height and width, up to 64 each.

    Errors: SpecError for what is no size, ShapeError for a larger one.

    >>> [s.value for s in image_sliders((7, 9))]
    [7, 9]
    """
    height, width = arguments.sizes(input_shape, 2, "input_shape")
    most = LARGEST[0]
    if max(height, width) > most:
        raise ShapeError(
            f"an image of {height} × {width} pixels is too large to be shown",
            f"give at most {most} for height and for width",
        )
    return [slider("height", height, 1, most), slider("width", width, 1, most)]


def volume_sliders(input_shape: Shape, most: Shape) -> dict[str, Any]:
    """Sliders for an image's height, width and channels, which reach to `most` or to the start.

    >>> sliders = volume_sliders((28, 300, 1), (256, 256, 64))
    >>> [(name, each.value, each.max) for name, each in sliders.items()]
    [('height', 28, 256), ('width', 300, 300), ('channels', 1, 64)]
    """
    sizes = zip(("height", "width", "channels"), input_shape, most, strict=True)
    return {name: slider(name, size, 1, max(largest, size)) for name, size, largest in sizes}


def check_image_size(shape: Shape) -> None:
    """Refuse, with a ShapeError, an image (height, width, channels) larger than `LARGEST`.

    >>> check_image_size((64, 64, 3))
    """
    if any(size > most for size, most in zip(shape, LARGEST, strict=True)):
        height, width, depth = LARGEST
        raise ShapeError(
            f"the image has {dims(shape)} values, and {dims(LARGEST)} is the most that can be "
            "shown",
            f"cut a piece out of it, such as image[:{height}, :{width}, :{depth}]",
        )
