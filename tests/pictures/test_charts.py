"""The charts show every number, say it in words too, and need no colour to be read."""

import re
from base64 import b64decode
from html import unescape
from io import BytesIO
from typing import Any

import nbformat
import numpy as np
import pytest
from matplotlib.image import imread
from nbconvert import HTMLExporter

from course.pictures.charts import (
    Chart,
    confusion_matrix,
    confusions,
    feature_maps,
    image_grid,
    learning_curves,
)


def history(epochs: int, best: float = 0.99) -> dict[str, list[float]]:
    """A training that goes well."""
    losses = [2.3 / (epoch + 1) for epoch in range(epochs)]
    accuracies = list(np.linspace(0.5, best, epochs))
    return {
        "loss": losses,
        "accuracy": accuracies,
        "val_loss": [loss * 1.1 for loss in losses],
        "val_accuracy": [accuracy - 0.02 for accuracy in accuracies],
    }


CHARTS = {
    "curves": learning_curves({"CNN": history(12), "dense net": history(12, 0.95)}),
    "nothing trained": learning_curves({"CNN": None}),
    "confusion": confusion_matrix([0, 1, 2, 2], [0, 1, 2, 1], classes=3),
    "images": image_grid(np.zeros((3, 28, 28)), ["1", "7, said 1", '5 "<&>"']),
    "no images": image_grid([], []),
    "maps": feature_maps({"conv": np.ones((26, 26, 32)), "pool": np.zeros((13, 13, 4))}),
}
each_chart = pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS.keys())


def pixels(chart: Chart) -> Any:
    """The saved picture, as red, green, blue from 0 to 1."""
    data, _ = chart._repr_mimebundle_()
    return imread(BytesIO(b64decode(data["image/png"])))[..., :3]


@each_chart
def test_the_background_is_its_own(chart: Chart) -> None:
    """Dark text on a dark page could not be read."""
    picture = pixels(chart)
    for corner in (picture[0, 0], picture[0, -1], picture[-1, 0], picture[-1, -1]):
        assert (corner == 1).all()


@each_chart
def test_the_description_is_kept_wherever_it_is_looked_for(chart: Chart) -> None:
    data, metadata = chart._repr_mimebundle_()
    assert chart.alt
    assert data["text/plain"] == repr(chart) == chart.alt
    assert metadata["image/png"]["alt"] == chart.alt
    found = re.search(r'alt="([^"]*)"', data["text/html"])
    assert found
    assert unescape(found[1]) == chart.alt


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_converted_page_has_the_descriptions(theme: str) -> None:
    cells = []
    for chart in CHARTS.values():
        data, metadata = chart._repr_mimebundle_()
        output = nbformat.v4.new_output("display_data", data, metadata=metadata)
        cells.append(nbformat.v4.new_code_cell("chart", outputs=[output]))
    page, _ = HTMLExporter(theme=theme).from_notebook_node(nbformat.v4.new_notebook(cells=cells))
    assert "No description has been provided" not in page
    assert page.count("<img") == len(CHARTS)


@pytest.mark.parametrize("axes", [0, 1])
def test_networks_differ_by_more_than_colour(axes: int) -> None:
    lines = CHARTS["curves"].figure.axes[axes].get_lines()
    looks = [(line.get_marker(), line.get_linestyle()) for line in lines]
    held_out = [look for look in looks if look[1] == "-"]
    assert len(held_out) == len(set(held_out)) == 2
    assert len([look for look in looks if look[1] == "--"]) == 2


def test_the_curves_are_the_history() -> None:
    trained = history(5)
    chart = learning_curves({"CNN": trained, "mine": None})
    losses, accuracies = chart.figure.axes
    for axes, key in ((losses, "loss"), (accuracies, "accuracy")):
        held, own = axes.get_lines()
        assert list(held.get_xdata()) == [1, 2, 3, 4, 5]
        assert list(held.get_ydata()) == trained[f"val_{key}"]
        assert list(own.get_ydata()) == trained[key]
    assert "99.0 % on the images trained on, 97.0 % on those held out" in chart.alt
    assert "mine" not in chart.alt


def test_an_untrained_network_is_said_to_be_none() -> None:
    assert CHARTS["nothing trained"].alt == "Learning curves. Nothing trained yet."


def test_a_confusion_matrix_is_counted_by_hand() -> None:
    truth, said = [0, 0, 0, 1, 1, 2, 2, 2], [0, 0, 1, 1, 1, 0, 0, 2]
    assert confusions(truth, said, 3).tolist() == [[2, 1, 0], [0, 2, 0], [2, 0, 1]]
    chart = confusion_matrix(truth, said, classes=3)
    assert chart.alt == (
        "Confusion matrix: 5 of 8 are right. Wrong: 2 taken for 0 (twice), 0 taken for 1 (once)."
    )
    written = {text.get_position(): text.get_text() for text in chart.figure.axes[0].texts}
    assert written[0, 0] == "2"
    assert written[1, 0] == "1"  # across: what was said; down: what it is
    assert written[0, 2] == "2"
    assert written[0, 1] == "·"


def test_mistakes_and_right_answers_differ_by_more_than_colour() -> None:
    axes = confusion_matrix([0, 1, 1], [0, 1, 0], classes=2).figure.axes[0]
    assert len(axes.patches) == 2
    weights = {text.get_position(): text.get_weight() for text in axes.texts}
    assert weights[0, 1] == "bold"
    assert weights[0, 0] == weights[1, 1] == "normal"


def test_all_maps_of_a_layer_have_one_scale() -> None:
    values = np.zeros((4, 4, 3))
    values[..., 1] = 5.0
    chart = feature_maps({"layer": values})
    shown = [axes.get_images()[0] for axes in chart.figure.axes if axes.get_images()]
    assert len(shown) == 3
    assert [image.get_clim() for image in shown] == [(0, 5)] * 3
    titles = [axes.get_title() for axes in chart.figure.axes if axes.get_images()]
    assert titles == ["1", "2", "3"]
    assert chart.alt == "Feature maps: layer, 4 × 4 × 3, all channels."


def test_images_stand_under_their_titles() -> None:
    images = np.stack([np.full((28, 28), value) for value in range(11)])
    chart = image_grid(images, [f"a {value}" for value in range(11)], columns=4)
    shown = [axes for axes in chart.figure.axes if axes.get_images()]
    assert [axes.get_title() for axes in shown] == [f"a {value}" for value in range(11)]
    assert [axes.get_images()[0].get_array()[0, 0] for axes in shown] == list(range(11))
    assert chart.alt.startswith("11 images: a 0; a 1;")
