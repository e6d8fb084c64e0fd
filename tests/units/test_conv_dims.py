"""Unit 07: the engine, Keras and the executed notebook give the same numbers."""

import re
from typing import Any

import pytest

from course import layers as L
from course.keras_bridge import keras, no_weights
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "07-conv-dims"
SCRIPTS = [
    (L.Conv2D(16, 2, strides=2, padding="valid"), (200, 200, 1), (100, 100, 16), 80, "summary-1"),
    (L.Conv2D(32, 3, strides=2, padding="same"), (128, 128, 3), (64, 64, 32), 896, "summary-2"),
]


@pytest.mark.parametrize(("layer", "shape", "output", "parameters", "cell_id"), SCRIPTS)
def test_engine_and_keras_agree(
    layer: Any, shape: Any, output: Any, parameters: int, cell_id: str
) -> None:
    assert layer.output_shape(shape) == output
    assert layer.param_count(shape) == parameters
    with no_weights():
        real = keras.layers.Conv2D(
            layer.filters, layer.kernel_size, strides=layer.strides, padding=layer.padding
        )
        model = keras.Sequential([keras.Input(shape), real])
    assert model.output_shape == (None, *output)
    assert model.count_params() == parameters


@pytest.mark.parametrize(("layer", "shape", "output", "parameters", "cell_id"), SCRIPTS)
def test_the_executed_notebook_shows_the_same(
    layer: Any, shape: Any, output: Any, parameters: int, cell_id: str
) -> None:
    cell = next(cell for cell in executed("source", UNIT).cells if cell.id == cell_id)
    pages = "".join(str(shown.data) for shown in outputs(cell, "display_data"))
    table = re.sub(r"<[^>]*>", "", pages) + printed(cell, "stdout")
    assert str((None, *output)) in table
    assert re.search(rf"\b{parameters}\b", table)


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for cell in read("source", UNIT).cells:
        if cell.id.endswith("-answer"):
            exec(compile(cell.source, cell.id, "exec"), answers)
    assert (answers["shape_1"], answers["params_1"]) == ((100, 100, 16), 80)
    assert (answers["params_2"], answers["depth_2"], answers["width_2"]) == (896, 32, 64)
    assert answers["pads_2"] == ((0, 1), (0, 1))
    assert answers["conv_params"](32, 3, 3) == 896
    assert answers["conv_shape"]((128, 128, 3), 32, 3, 2, "same") == (64, 64, 32)


def test_the_explorer_is_all_that_its_cell_shows() -> None:
    """Rich tables once left an empty output of their own above the sliders."""
    cells = {cell.id: cell for cell in executed("source", UNIT).cells}
    # The second is for pages that cannot run widgets; the others hide it.
    kinds = [output.output_type for output in cells["explorer"].outputs]
    assert kinds == ["display_data", "display_data"]
