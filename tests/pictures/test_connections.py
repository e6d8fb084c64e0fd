"""Connections: weights that are the same look the same, and the wires are the engine's."""

import re
from collections import defaultdict
from typing import Any

import numpy as np
import pytest

from course import layers as L
from course.pictures.connections import SHARINGS, connection_counts, connections, weights_of
from tests.pictures.reading import SVG, parsed

WEIGHTS = {"fully connected": 24, "unshared": 12, "shared": 3}


def drawing(sharing: str) -> Any:
    (svg,) = parsed(connections(sharing)).iter(f"{SVG}svg")
    return svg


def classes(svg: Any, kind: str) -> list[Any]:
    return [part for part in svg.iter() if part.get("class", "").split()[:1] == [kind]]


def looks(sharing: str) -> dict[str, set[tuple[str, str]]]:
    """How each weight of the table looks: its colour, and its pattern's lines within the cell."""
    svg, found = drawing(sharing), defaultdict(set)
    names = [text for text in svg.iter(f"{SVG}text") if text.get("class") == "over"]
    boxes, patterns = classes(svg, "weight"), classes(svg, "pattern")
    for name, box, pattern in zip(names, boxes, patterns, strict=True):
        left, top = float(box.attrib["x"]), float(box.attrib["y"])
        lines = re.sub(
            r"([ML])(-?[\d.]+) (-?[\d.]+)",
            lambda m, x=left, y=top: f"{m[1]}{float(m[2]) - x:g} {float(m[3]) - y:g}",
            pattern.attrib["d"],
        )
        found["".join(name.itertext())].add((box.attrib["class"].split()[1], lines))
        assert pattern.attrib["class"].split()[1] == box.attrib["class"].split()[1]
    return found


@pytest.mark.parametrize("sharing", SHARINGS)
def test_tied_weights_share_colour_and_pattern_and_others_do_not(sharing: str) -> None:
    found = looks(sharing)
    assert len(found) == WEIGHTS[sharing]
    assert all(len(each) == 1 for each in found.values())
    assert len(set.union(*found.values())) == WEIGHTS[sharing]


@pytest.mark.parametrize("sharing", SHARINGS)
def test_wires_and_table_are_the_same_connections(sharing: str) -> None:
    svg, joined = drawing(sharing), weights_of(sharing)
    wires = classes(svg, "wire")
    assert len(wires) == np.count_nonzero(joined)
    kinds = {tuple(wire.attrib["class"].split()[1:]) for wire in wires}
    assert len(kinds) == WEIGHTS[sharing]
    units = classes(svg, "unit")
    middles = [float(unit.attrib["x"]) + float(unit.attrib["width"]) / 2 for unit in units]
    outputs, inputs = middles[: len(joined)], middles[len(joined) :]
    assert outputs == inputs[1:-1]  # each above the middle of its window
    for wire, (row, column) in zip(wires, np.argwhere(joined), strict=True):
        ends = float(wire.attrib["x2"]), float(wire.attrib["x1"])
        assert ends == (outputs[row], inputs[column])
    tied = defaultdict(set)
    for wire, (row, column) in zip(wires, np.argwhere(joined), strict=True):
        tied[joined[row, column]].add(wire.attrib["class"])
    assert all(len(each) == 1 for each in tied.values())


def test_the_weights_are_those_worked_by_hand() -> None:
    assert weights_of("fully connected").tolist() == np.arange(1, 25).reshape(4, 6).tolist()
    shared, unshared = weights_of("shared"), weights_of("unshared")
    for row in range(4):
        assert shared[row].tolist() == [0] * row + [1, 2, 3] + [0] * (3 - row)
        own = [3 * row + 1, 3 * row + 2, 3 * row + 3]
        assert unshared[row].tolist() == [0] * row + own + [0] * (3 - row)


def test_the_small_picture_is_the_engines_small_layer() -> None:
    small = {
        "fully connected": L.Dense(4).weight_count((6,)),
        "unshared": L.LocallyConnected2D(1, (1, 3)).weight_count((1, 6, 1)),
        "shared": L.Conv2D(1, (1, 3)).weight_count((1, 6, 1)),
    }
    assert {sharing: weights_of(sharing).max() for sharing in SHARINGS} == small
    assert connection_counts("fully connected") == "24 connections, 24 weights, each used once"
    assert connection_counts("unshared") == "12 connections, 12 weights, each used once"
    assert connection_counts("shared") == "12 connections, 3 weights, each used 4 times"
    assert drawing("shared").attrib["aria-label"].endswith(connection_counts("shared"))
