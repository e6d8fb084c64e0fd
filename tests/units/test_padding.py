"""Unit 03: the engine, Keras and the executed notebook give the same numbers."""

import re
from typing import Any

import numpy as np
import pytest

from course import Stack
from course import layers as L
from course.errors import ShapeError
from course.keras_bridge import ask_padding, keras, no_weights
from tests.units.notebooks import executed, outputs, printed, read

UNIT = "03-padding"
SIZES = [
    (L.Conv2D(1, 3), (5, 5, 1), (3, 3, 1)),
    (L.ZeroPadding2D(1), (5, 5, 1), (7, 7, 1)),
    (L.Conv2D(1, 3), (7, 7, 1), (5, 5, 1)),
    (L.Conv2D(1, 3, padding=1), (5, 5, 1), (5, 5, 1)),
    (L.Conv2D(1, 3, padding="same"), (5, 5, 1), (5, 5, 1)),
    (L.Conv2D(8, 3), (28, 28, 1), (26, 26, 8)),
    (L.Conv2D(8, 5), (28, 28, 1), (24, 24, 8)),
    (L.Conv2D(8, 5, padding="same"), (28, 28, 1), (28, 28, 8)),
]
PADS = {2: (0, 1), 3: (1, 1), 4: (1, 2), 5: (2, 2)}
"""The zeros of 'same' along one axis, for a filter that moves by one."""


def cell(name: str) -> Any:
    """A cell of the executed notebook."""
    return next(cell for cell in executed("source", UNIT).cells if cell.id == name)


@pytest.mark.parametrize(("layer", "shape", "output"), SIZES)
def test_engine_and_keras_agree_on_the_sizes(layer: Any, shape: Any, output: Any) -> None:
    assert layer.output_shape(shape) == output
    zeros = getattr(layer, "padding", "valid")
    real: list[Any] = [] if isinstance(zeros, str) else [keras.layers.ZeroPadding2D(zeros)]
    word = zeros if isinstance(zeros, str) else "valid"
    if isinstance(layer, L.Conv2D):
        real.append(keras.layers.Conv2D(layer.filters, layer.kernel_size, padding=word))
    with no_weights():
        model = keras.Sequential([keras.Input(shape), *real])
    assert model.output_shape == (None, *output)


@pytest.mark.parametrize(("kernel_size", "pads"), PADS.items())
def test_same_adds_the_odd_zero_at_the_end(kernel_size: int, pads: tuple[int, int]) -> None:
    layer = L.Conv2D(1, kernel_size, padding="same")
    assert layer.padding_amounts((5, 5, 1)) == ask_padding(layer, (5, 5, 1)) == (pads, pads)


def test_the_last_output_of_an_even_window_reads_the_zero() -> None:
    """Ones on 1, 2, 3, 4, two at a time: 3, 5, 7, and 4 + 0 at the end."""
    layer = keras.layers.Conv2D(1, (1, 2), padding="same", use_bias=False)
    layer.build((1, 1, 4, 1))
    layer.set_weights([np.ones((1, 2, 1, 1))])
    row = np.array([1.0, 2, 3, 4]).reshape(1, 1, 4, 1)
    assert np.asarray(layer(row)).ravel().tolist() == [3, 5, 7, 4]


def test_the_example_shows_each_step() -> None:
    for name, size in (("valid", 3), ("pad-code", 7), ("both-code", 5), ("once-code", 5)):
        (result,) = outputs(cell(f"example-{name}"), "execute_result")
        text = " ".join(re.sub(r"<[^>]*>", " ", result.data["text/html"]).split())
        assert len(re.findall(rf"= {size}\b", text.partition("where")[0])) == 2, name
    assert "(5 − 3 + 2 × 1) / 1" in text


def test_the_executed_notebook_shows_what_keras_says() -> None:
    pages = "".join(str(shown.data) for shown in outputs(cell("ask-keras"), "display_data"))
    summary = re.sub(r"<[^>]*>", "", pages) + printed(cell("ask-keras"), "stdout")
    assert "(None, 7, 7, 1)" in summary
    assert "(None, 5, 5, 1)" in summary
    assert re.search(r"\b10\b", summary)


def test_layers_without_zeros_shrink_and_the_others_keep_their_size() -> None:
    assert printed(cell("cost-code"), "stdout").split("\n")[:2] == [
        "kernel_size=3: (26, 26, 8)",
        "kernel_size=5: (24, 24, 8)",
    ]
    valid, same = printed(cell("shrink-code"), "stdout").split("Model:")[1:]
    sizes = [int(size) for size in re.findall(r"\(None, (\d+), \1, 8\)", valid)]
    assert sizes == [26, 24, 22, 20]
    assert same.count("(None, 28, 28, 8)") == 4
    assert "Total params: 1,832" in valid
    assert "Total params: 1,832" in same


def test_the_zeros_of_same_stand_in_the_notebook() -> None:
    lines = printed(cell("same-ask-code"), "stdout").splitlines()
    assert lines == [
        f"kernel_size={size}: engine {(pads, pads)}, Keras {(pads, pads)}"
        for size, pads in PADS.items()
    ]


def test_the_question_at_the_top_is_answered() -> None:
    assert printed(cell("try-deep"), "stdout").splitlines() == [
        "13 layers, 'valid': (2, 2, 8)",
        "100 layers, 'same': (28, 28, 8)",
    ]
    with pytest.raises(ShapeError, match="window 3 is larger than height 2"):
        Stack([L.Conv2D(8, 3)] * 14).trace((28, 28, 1))


def test_the_answers_of_the_source_are_the_known_ones() -> None:
    answers: dict[str, Any] = {}
    for one in read("source", UNIT).cells:
        if one.id.endswith("-answer"):
            exec(compile(one.source, one.id, "exec"), answers)
    assert (answers["shape_1"], answers["shape_1b"]) == ((18, 28, 12), (13, 18, 5))
    assert [answers["conv_width"](5, 3, zeros) for zeros in (0, 1, 2)] == [3, 5, 7]
    assert answers["shape_3"] == (34, 22, 8)
    assert answers["zeros_3b"] == ((2, 3), (2, 3))


def test_the_explorer_is_all_that_its_cell_shows() -> None:
    kinds = [output.output_type for output in cell("explorer").outputs]
    assert kinds == ["display_data", "display_data"]
