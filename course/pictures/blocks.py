"""Volumes drawn as blocks, so that a shape can be seen to shrink, deepen or stay."""

from html import escape
from math import log2

from course.layers.base import Shape

BASE = 26
PER_DOUBLING = 13


def block(shape: Shape, x: float, middle: float, title: str) -> tuple[str, float]:
    """SVG for one volume (height, width, depth) and the x where it ends.

    Each edge grows by the same length with every doubling, so that 1 and 512 fit one picture.

    >>> svg, end = block((28, 28, 1), 0, 100, "input")
    >>> "28 × 28 × 1" in svg
    True
    """
    height, width, depth = (BASE + PER_DOUBLING * log2(size) for size in shape)
    across, lean = width * 0.45, width * 0.35
    long = depth * 0.8
    top = middle - height / 2
    low, back, right = top + lean, x + across, x + long
    towards_us = _polygon([(x, low), (right, low), (right, low + height), (x, low + height)])
    above = _polygon([(x, low), (back, top), (back + long, top), (right, low)])
    end = _polygon(
        [(right, low), (back + long, top), (back + long, top + height), (right, low + height)]
    )
    label = " × ".join(map(str, shape))
    centre = x + (across + long) / 2
    text = (
        f'<text x="{centre:.0f}" y="{top - 24:.0f}" text-anchor="middle">{escape(title)}</text>'
        f'<text x="{centre:.0f}" y="{top - 8:.0f}" text-anchor="middle" font-weight="bold">'
        f"{label}</text>"
    )
    return towards_us + above + end + text, back + long


def layer_picture(input_shape: Shape, output_shape: Shape, layer: str) -> str:
    """SVG of an input volume, an arrow bearing the layer's name, and the output volume.

    >>> layer_picture((28, 28, 1), (26, 26, 32), "Conv2D").startswith("<svg")
    True
    """
    middle = 120.0
    first, end = block(input_shape, 30, middle, "input")
    arrow_start, arrow_end = end + 24, end + 124
    second, right = block(output_shape, arrow_end + 30, middle, "output")
    y = middle + 14
    arrow = (
        f'<path d="M{arrow_start:.0f} {y} H{arrow_end:.0f} m-8 -5 l8 5 l-8 5" fill="none" '
        'stroke="currentColor" stroke-width="1.5"/>'
        f'<text x="{(arrow_start + arrow_end) / 2:.0f}" y="{y - 10}" text-anchor="middle">'
        f"{escape(layer)}</text>"
    )
    width = max(right + 60, 420)
    said = (
        f"{layer} turns an input of {' by '.join(map(str, input_shape))} into an output of "
        f"{' by '.join(map(str, output_shape))}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} 250" role="img" '
        f'aria-label="{escape(said)}" style="max-width: 100%; height: 190px; color: inherit" '
        f'font-size="13" fill="currentColor">{first}{arrow}{second}</svg>'
    )


def _polygon(points: list[tuple[float, float]]) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<polygon points="{path}" fill="var(--jp-brand-color1, #1976d2)" fill-opacity="0.18" '
        'stroke="currentColor" stroke-width="1.2"/>'
    )
