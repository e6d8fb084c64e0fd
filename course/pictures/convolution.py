"""One output cell of a convolution: the window on the image, each product, the sums."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from course import layers as L
from course.errors import CourseError
from course.forward import convolve
from course.forward.arrays import alike, bordered, expect_shape, kernel_of, numbers_of, windows_of
from course.layers.base import Shape
from course.pictures.grids import Array, Place, dims, figure, grid, number
from course.pictures.marks import Mark, border, rectangles, window_mark
from course.pictures.nearest_window import nearest_output
from course.pictures.page import explained, framed, spoken


@dataclass(frozen=True, eq=False)
class ConvolutionState:
    """What is convolved with what, and which output cell is under work.

    `image` is (H, W) or (H, W, C), `kernel` (F_h, F_w), used on every channel, or (F_h, F_w, C).
    `strides`, `padding` and `dilation_rate` are those of Conv2D. `row` and `column` of the output
    cell count from 0 and stay inside. Unless `whole`, the cells after it are still empty.

    Errors: ShapeError for an image, a kernel or a bias of other axes, or without numbers.

    >>> ConvolutionState([[1, 2], [3, 4]], [[1, 0]]).image.shape
    (2, 2, 1)
    """

    image: Any
    kernel: Any
    bias: float = 0
    strides: Any = 1
    padding: Any = "valid"
    dilation_rate: Any = 1
    row: int = 0
    column: int = 0
    whole: bool = True

    def __post_init__(self) -> None:
        image, kernel = numbers_of(self.image), numbers_of(self.kernel, "kernel")
        if image.ndim == 2:
            image = image[..., None]
        L.Conv2D(1, 1).plain_shape(image.shape)
        if kernel.ndim == 2:
            kernel = np.repeat(kernel[..., None], image.shape[-1], axis=-1)
        kernel_of(kernel, ("F_h", "F_w", "D_in"))
        bias = numbers_of(self.bias, "bias")
        expect_shape("bias", bias, ())
        vars(self).update(image=image, kernel=kernel, bias=bias.item())

    @property
    def layer(self) -> L.Conv2D:
        """The layer whose one filter this is. Errors: SpecError as Conv2D."""
        size = self.kernel.shape[:2]
        return L.Conv2D(1, size, self.strides, self.padding, dilation_rate=self.dilation_rate)

    @property
    def output_shape(self) -> Shape:
        """(H_out, W_out, 1). Errors: SpecError or ShapeError as Conv2D."""
        return self.layer.output_shape(self.image.shape)


class Work(NamedTuple):
    """A convolution with the working of one of its cells; all numbers are the engine's."""

    layer: L.Conv2D
    padded: Array
    output: Array
    at: Place
    window: Array
    products: Array
    sums: Array


def worked(state: ConvolutionState) -> Work:
    """The convolution of a state, and the products that make up its output cell.

    Errors: SpecError or ShapeError as `course.forward.convolve`.

    >>> work = worked(ConvolutionState([[1, 2, 3]], [[10, 100]], column=1))
    >>> work.output.tolist(), work.products[..., 0].tolist()
    ([[210, 320]], [[20, 300]])
    """
    layer, images = state.layer, state.image[None]
    arguments = (layer.strides, layer.padding, layer.dilation_rate)
    output = convolve(state.image, state.kernel[..., None], [state.bias], *arguments)[..., 0]
    row, column = min(state.row, output.shape[0] - 1), min(state.column, output.shape[1] - 1)
    window, kernel = alike(windows_of(layer, images)[0, row, column], state.kernel)
    products = window * kernel
    padded = bordered(layer, images)[0]
    sums = products.sum(axis=(0, 1))
    return Work(layer, padded, output, (row, column), window, products, sums)


def cell_over(state: ConvolutionState, row: int, column: int) -> Place:
    """The output cell whose window's middle is nearest to a cell of the image with its zeros.

    Where no window fits, the cell that the state has.

    >>> cell_over(ConvolutionState(np.ones((7, 9)), np.ones((3, 3))), 3, 8)
    (2, 6)
    """
    try:
        return nearest_output(state.layer, state.image.shape, (row, column))
    except CourseError:
        return state.row, state.column


def convolution_html(state: ConvolutionState) -> str:
    """HTML of image, filter and arithmetic, a column per channel, and the output.

    A convolution that cannot be is explained in place of the picture.

    >>> "<b>5</b>" in convolution_html(ConvolutionState([[1, 2]], [[1, 2]]))
    True
    """
    try:
        work = worked(state)
    except CourseError as error:
        return framed(explained(error))
    channels = "".join(_channel(state, work, place) for place in range(work.padded.shape[-1]))
    return framed(
        f'{spoken(said_of(state, work))}<div class="parts result-last">'
        f'<div class="part">{channels}</div><div class="part">{_output(state, work)}</div></div>'
    )


def said_of(state: ConvolutionState, work: Work) -> str:
    """The working of the chosen cell in one sentence, for eyes and for screen readers.

    >>> state = ConvolutionState([[1, 2]], [[1, 2]])
    >>> said_of(state, worked(state))[-13:]
    'The sum is 5.'
    """
    (row, column), (rows, columns) = work.at, work.output.shape
    window = window_mark("window", work.layer, work.at)
    image = "the image with its zeros" if any(map(sum, _pads(state, work))) else "the image"
    down = f"rows {window.row + 1} to {window.row + window.height}"
    across = f"columns {window.column + 1} to {window.column + window.width}"
    return (
        f"Output row {row + 1} of {rows}, column {column + 1} of {columns}: the filter lies on "
        f"{image}, {down}, {across}. The sum is {number(work.output[work.at].item())}."
    )


def _channel(state: ConvolutionState, work: Work, place: int) -> str:
    """One channel, read like an equation: image ∗ filter = products, and their sum."""
    name, kernel = f"channel {place + 1}", state.kernel[..., place]
    window = window_mark("window", work.layer, work.at)
    marks = [*_zeros(state, work), *_taps(work, window), window]
    whole = [Mark(kind, 0, 0, *kernel.shape) for kind in ("read", "window")]
    image = grid(work.padded[..., place], f"{name} of the image", marks, name="image")
    figures = (
        figure(f"<b>{name.capitalize()}</b>, {_image_size(state, work)}", image),
        figure(f"∗ filter, {dims(kernel.shape)}", grid(kernel, f"{name} of the filter", whole)),
        figure("= products", _products(kernel, work, place))
        + f"<p>sum of {name}: <b>{number(work.sums[place].item())}</b></p>",
    )
    return f'<div class="line">{"".join(f"<div>{part}</div>" for part in figures)}</div>'


def _products(kernel: Array, work: Work, place: int) -> str:
    terms = zip(
        work.window[..., place].ravel().tolist(),
        kernel.ravel().tolist(),
        work.products[..., place].ravel().tolist(),
        strict=True,
    )
    cells = "".join(
        f"<span>{number(x)} × {_term(weight)}<b>{number(product)}</b></span>"
        for x, weight, product in terms
    )
    columns = f"grid-template-columns: repeat({kernel.shape[1]}, auto)"
    return f'<div class="products" style="{columns}">{cells}</div>'


def _output(state: ConvolutionState, work: Work) -> str:
    (row, column), shape = work.at, work.output.shape
    shown = None
    if not state.whole:
        shown = np.arange(work.output.size).reshape(shape) <= row * shape[1] + column
    svg = grid(
        work.output,
        f"output, {shape[0]} rows, {shape[1]} columns",
        [Mark("read", row, column), Mark("chosen", row, column)],
        name="output",
        chosen=work.at,
        shown=shown,
    )
    sums = " + ".join(_term(value) for value in [*work.sums.tolist(), state.bias])
    working = work.layer.derivation("output_shape", state.image.shape)
    sizes = "<br/>".join(
        f"{step.name} = {step.substituted} = {step.value}"
        for step in working.steps
        if step.name in ("H_out", "W_out")
    )
    return (
        f"{figure(f'<b>Output</b>, {dims(shape)}', svg)}"
        f'<p class="total">{sums} = <b>{number(work.output[work.at].item())}</b></p>'
        f'<p class="note">the sums of the channels, and the bias</p>'
        f'<p class="note">{sizes}</p>'
    )


def _taps(work: Work, window: Mark) -> Iterator[Mark]:
    """The cells that are read: all of the window, or some of it where the filter has gaps."""
    down, across = work.layer.dilation_rate
    if (down, across) == (1, 1):
        yield Mark("read", window.row, window.column, window.height, window.width)
        return
    for row in range(window.row, window.row + window.height, down):
        for column in range(window.column, window.column + window.width, across):
            yield Mark("read", row, column)
            yield Mark("tap", row, column)


def _pads(state: ConvolutionState, work: Work) -> Any:
    return work.layer.padding_amounts(state.image.shape)


def _zeros(state: ConvolutionState, work: Work) -> list[Mark]:
    return rectangles("zero", border(work.padded.shape[:2], _pads(state, work)))


def _image_size(state: ConvolutionState, work: Work) -> str:
    image, padded = state.image.shape[:2], work.padded.shape[:2]
    return dims(padded) if padded == image else f"{dims(padded)} with its zeros"


def _term(value: Any) -> str:
    """A number as it stands after a sign of arithmetic."""
    text = number(value)
    return f"({text})" if text.startswith("−") else text
