"""What a fully connected layer costs, unit by unit, with a convolutional layer beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import log10

from course import layers as L
from course.arithmetic import volume
from course.errors import CourseError
from course.layers.base import Shape
from course.pictures.bars import SUPERSCRIPTS, Bar, log_bars
from course.pictures.grids import dims
from course.pictures.page import explained, framed, spoken
from course.trace import BYTES_PER_VALUE, memory_size

POWERS = 7
"""The chart goes from 1 to 10^7 units."""
WIDTH, HEIGHT = 330, 204
LEFT, RIGHT, TOP, BOTTOM = 36, 38, 26, 36
"""Of the chart in pixels: the field of its lines, and what stands around that."""
MEMORY = {f"1 {unit}": 1024**power for power, unit in enumerate(("B", "KB", "MB", "GB", "TB"))}


@dataclass(frozen=True)
class FullyConnectedState:
    """An image, the units that all its values are joined to, and a convolution to compare with.

    `input_shape` is (height, width, channels); `filters` and `kernel_size` are those of Conv2D.

    >>> FullyConnectedState((28, 28, 1), units=784).dense.units
    784
    """

    input_shape: Shape
    units: int = 10
    filters: int = 4
    kernel_size: int = 3

    @property
    def inputs(self) -> int:
        """How many numbers the image has."""
        return volume(self.input_shape)

    @property
    def dense(self) -> L.Dense:
        """The fully connected layer, after a Flatten."""
        return L.Dense(self.units)

    @property
    def conv(self) -> L.Conv2D:
        """The convolutional layer beside it."""
        return L.Conv2D(self.filters, self.kernel_size)


def fully_connected_html(state: FullyConnectedState) -> str:
    """HTML of both layers' parameters and memory, and of the weights for any number of units.

    >>> "615,440" in fully_connected_html(FullyConnectedState((28, 28, 1), units=784))
    True
    """
    bars, note = [_bar("fully connected", state.dense, (state.inputs,))], ""
    try:
        bars.append(_bar("convolutional", state.conv, state.input_shape))
    except CourseError as error:
        note = explained(error)
    return framed(
        f'{spoken(said_of(state))}<div class="parts">'
        f'<div class="part wide">{log_bars(bars)}{note}</div>'
        f'<div class="part">{_chart(state)}</div></div>'
    )


def said_of(state: FullyConnectedState) -> str:
    """Inputs, units, weights and memory in a sentence.

    >>> said_of(FullyConnectedState((400, 500, 1), units=200_000))
    '400 × 500 × 1 = 200,000 inputs, each joined to all of 200,000 units: 40,000,000,000 weights \
of 4 bytes, 149.01 GB.'
    """
    inputs = f"{state.inputs:,} input{'s' * (state.inputs > 1)}"
    units = f"all of {state.units:,} units" if state.units > 1 else "1 unit"
    weights = state.dense.weight_count((state.inputs,))
    size = memory_size(weights * BYTES_PER_VALUE)
    return (
        f"{dims(state.input_shape)} = {inputs}, {'each ' * (state.inputs > 1)}joined to {units}: "
        f"{weights:,} weight{'s' * (weights > 1)} of {BYTES_PER_VALUE} bytes, {size}."
    )


def conv_weights(state: FullyConnectedState) -> int | None:
    """The weights of the convolution, None where it does not fit the image.

    >>> conv_weights(FullyConnectedState((28, 28, 1), filters=4, kernel_size=3))
    36
    """
    try:
        return state.conv.weight_count(state.input_shape)
    except CourseError:
        return None


def _bar(name: str, layer: L.Layer, shape: Shape) -> Bar:
    (step,) = layer.derivation("param_count", shape).steps
    count, size = step.value, step.value * BYTES_PER_VALUE
    large = f", {memory_size(size)}" if size >= 1024 else ""
    notes = (
        f"<code>{escape(repr(layer))}</code>",
        f"{escape(step.substituted)} = {count:,}",
        f"{count:,} × {BYTES_PER_VALUE} bytes = {size:,} bytes{large}",
    )
    return Bar(name, count, "parameters", notes, chosen=name == "fully connected")


def _chart(state: FullyConnectedState) -> str:
    """Weights against units, both on log scales: a line for the layer, a level for the other."""

    def dense(units: int) -> int:
        return L.Dense(units).weight_count((state.inputs,))

    top = -(-len(str(dense(10**POWERS))) // 3) * 3

    def at(units: int, count: int) -> tuple[float, float]:
        return log10(units) / POWERS * WIDTH, HEIGHT - log10(count) / top * HEIGHT

    ends = "L".join("{:.1f} {:.1f}".format(*at(u, dense(u))) for u in (1, 10**POWERS))
    name_x, name_y = at(10 ** (POWERS // 2), dense(10 ** (POWERS // 2)))
    x, y = at(state.units, dense(state.units))
    weights, level = conv_weights(state), ""
    if weights is not None:
        _, high = at(1, weights)
        level = (
            f'<path class="other" d="M0 {high:.1f}H{WIDTH}"/>'
            f'<text class="last" x="{WIDTH - 6}" y="{high - 7:.1f}">convolutional</text>'
        )
    label = f"weights and memory of a fully connected layer on {state.inputs:,} inputs"
    box = f"{-LEFT} {-TOP} {LEFT + WIDTH + RIGHT} {TOP + HEIGHT + BOTTOM}"
    return (
        "<figure><figcaption><b>Weights</b> for any number of units, both on log scales"
        "</figcaption>"
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{label}, '
        f'for 1 to {10**POWERS:,} units" viewBox="{box}" width="{LEFT + WIDTH + RIGHT}">'
        f'{"".join(_scales(top))}<path class="lead" d="M{x:.1f} {HEIGHT}V{y:.1f}H0"/>'
        f'{level}<path class="one" d="M{ends}"/>'
        f'<text class="last" x="{name_x - 6:.1f}" y="{name_y - 8:.1f}">fully connected</text>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6"/></svg></figure>'
    )


def _scales(top: int) -> Iterator[str]:
    """Units below, weights on the left, their memory on the right; `top` is the highest power."""
    for power in range(POWERS + 1):
        x = WIDTH * power / POWERS
        yield f'<path class="grid" d="M{x:.1f} 0V{HEIGHT}"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT + 16}">{_power(power)}</text>'
    for power in range(0, top + 1, 3):
        y = HEIGHT * (1 - power / top)
        yield f'<path class="grid" d="M0 {y:.1f}H{WIDTH}"/>'
        yield f'<text class="last" x="-6" y="{y + 4:.1f}">{_power(power)}</text>'
    for name, size in MEMORY.items():
        y = HEIGHT * (1 - log10(size / BYTES_PER_VALUE) / top)
        if 0 <= y <= HEIGHT:
            yield f'<path class="tick" d="M{WIDTH} {y:.1f}h5"/>'
            yield f'<text class="first" x="{WIDTH + 8}" y="{y + 4:.1f}">{name}</text>'
    yield f'<text class="first" x="{-LEFT}" y="-14">weights</text>'
    yield f'<text class="last" x="{WIDTH + RIGHT}" y="-14">memory</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT + 32}">units</text>'


def _power(power: int) -> str:
    return str(10**power) if power < 2 else f"10{str(power).translate(SUPERSCRIPTS)}"
