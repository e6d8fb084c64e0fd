"""Charts of what a network learned: matplotlib figures, each with its description in words."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]
History = Mapping[str, Sequence[float]]
"""What Keras's `fit` gives as `.history`: a number for each epoch, by the number's name."""

DOTS = 144
"""Per inch; shown at half that size, so that lines are sharp on fine screens too."""
LOOKS = (("#1b5e9e", "o"), ("#b3540f", "s"), ("#2f6b2f", "^"), ("#6b3fa0", "D"))
"""Colour and marker of each network: no two differ by their colour alone."""
LOWEST = 0.85
"""Where the axis of accuracy begins, as what matters happens close to 1."""


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure and what it shows in words, both of which a saved notebook keeps.

    The picture goes in as HTML too, because nbconvert's pages and JupyterLab take a description
    from there alone, and as PNG with `alt` in its metadata for all else that reads notebooks.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        file = BytesIO()
        self.figure.savefig(file, format="png", dpi=DOTS)
        png = b64encode(file.getvalue()).decode()
        wide, high = (round(inches * DOTS / 2) for inches in self.figure.get_size_inches())
        image = (
            f'<img src="data:image/png;base64,{png}" alt="{escape(self.alt)}" '
            f'width="{wide}" style="max-width: 100%; height: auto">'
        )
        return (
            {"text/plain": self.alt, "text/html": image, "image/png": png},
            {"image/png": {"alt": self.alt, "width": wide, "height": high}},
        )


def learning_curves(histories: Mapping[str, History | None]) -> Chart:
    """Loss and accuracy after each epoch, of one or more networks by their names.

    Solid lines with markers are the held-out images, dashed ones the images trained on. None
    stands for a network that is not trained yet, and is left out.

    >>> history = {"loss": [0.9, 0.2], "accuracy": [0.8, 0.95],
    ...            "val_loss": [0.8, 0.3], "val_accuracy": [0.85, 0.9]}
    >>> learning_curves({"CNN": history, "mine": None})
    Learning curves. CNN, 2 epochs: accuracy 95.0 % on the images trained on, 90.0 % on those \
held out; loss 0.200 and 0.300.
    """
    figure = _figure(9, 3.6)
    losses, accuracies = figure.subplots(1, 2)
    trained = {name: history for name, history in histories.items() if history is not None}
    for axes, key in ((losses, "loss"), (accuracies, "accuracy")):
        for (name, history), look in zip(trained.items(), LOOKS, strict=False):
            _curves(axes, name, history, key, look)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(color="#dddddd")
    losses.set_title("Loss")
    losses.set_ylim(bottom=0)
    accuracies.set_title("Accuracy")
    accuracies.set_ylim(LOWEST, 1.005)
    accuracies.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    if trained:
        lines, names = losses.get_legend_handles_labels()
        figure.legend(lines, names, loc="outside lower center", ncols=2, frameon=False)
    sentences = [_in_words(name, history) for name, history in trained.items()]
    return Chart(figure, " ".join(["Learning curves.", *(sentences or ["Nothing trained yet."])]))


def confusion_matrix(truth: ArrayLike, predicted: ArrayLike, classes: int = 10) -> Chart:
    """How often each class was taken for which: a row for each true class, with the counts.

    >>> confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2], classes=3)
    Confusion matrix: 3 of 4 are right. Wrong: 0 taken for 1 (once).
    """
    counts = confusions(truth, predicted, classes)
    figure = _figure(6.2, 5.8)
    axes = figure.subplots()
    wrong = np.where(np.eye(classes, dtype=bool), 0, counts)
    axes.imshow(wrong, cmap="Oranges", vmin=0, vmax=max(4, wrong.max() * 2))
    for row, column in np.ndindex(counts.shape):
        count, on_line = counts[row, column], row == column
        axes.text(
            column,
            row,
            str(count) if count or on_line else "·",
            ha="center",
            va="center",
            color="black",
            weight="bold" if count and not on_line else "normal",
        )
        if on_line:
            frame = {"fill": False, "edgecolor": "black", "linewidth": 1.2}
            axes.add_patch(_square(column, row, **frame))
    axes.set_xticks(range(classes))
    axes.set_yticks(range(classes))
    axes.set_xlabel("what the network says")
    axes.set_ylabel("what it is")
    axes.set_title("Framed: right. Bold: wrong.", fontsize=10)
    return Chart(figure, _confused(counts))


def confusions(truth: ArrayLike, predicted: ArrayLike, classes: int) -> Array:
    """The counts of a confusion matrix, true classes down, the predicted ones across.

    >>> confusions([0, 0, 1], [0, 1, 1], 2).tolist()
    [[1, 1], [0, 1]]
    """
    pairs = np.asarray(truth) * classes + np.asarray(predicted)
    return np.bincount(pairs.ravel(), minlength=classes * classes).reshape(classes, classes)


def image_grid(images: Sequence[Array] | Array, titles: Sequence[str], columns: int = 8) -> Chart:
    """Grayscale images with a title over each, light where a value is large.

    >>> image_grid(np.zeros((2, 28, 28)), ["3", "8"])
    2 images: 3; 8.
    """
    columns = max(1, min(columns, len(titles)))
    rows = max(1, ceil(len(titles) / columns))
    figure = _figure(1.1 * columns, 1.45 * rows)
    shown = figure.subplots(rows, columns, squeeze=False).flat
    largest = max((float(np.max(image)) for image in images), default=1)
    for axes, image, title in zip(shown, images, titles, strict=False):
        _image(axes, image, title, largest)
    for axes in list(figure.axes)[len(titles) :]:
        axes.set_axis_off()
    if not titles:
        figure.text(0.5, 0.5, "no images", ha="center")
        return Chart(figure, "No images.")
    noun = "image" if len(titles) == 1 else "images"
    return Chart(figure, f"{len(titles)} {noun}: {'; '.join(titles)}.")


def feature_maps(outputs: Mapping[str, Array], columns: int = 8) -> Chart:
    """The first channels of what comes out of each layer, a row for each layer.

    `outputs` has arrays of shape (height, width, channels) by the layers' names. Within a row all
    images have one scale: black is 0 or less, white the largest value of those shown.

    >>> feature_maps({"conv2d": np.zeros((26, 26, 32)), "pool": np.ones((13, 13, 32))})
    Feature maps: conv2d, 26 × 26 × 32, the first 8 of 32 channels; pool, 13 × 13 × 32, the first \
8 of 32 channels.
    """
    figure = _figure(1.1 * columns, 1.75 * len(outputs))
    titles = []
    parts = figure.subfigures(len(outputs), 1, squeeze=False)[:, 0]
    for part, (name, output) in zip(parts, outputs.items(), strict=True):
        height, width, channels = output.shape
        shown = min(columns, channels)
        of = f"the first {shown} of {channels} channels" if shown < channels else "all channels"
        title = f"{name}, {height} × {width} × {channels}, {of}"
        titles.append(title)
        part.suptitle(title, x=0.01, ha="left", fontsize=10)
        grid = part.subplots(1, columns, squeeze=False)[0]
        largest = float(output[..., :shown].max())
        for channel, axes in enumerate(grid):
            if channel < shown:
                _image(axes, output[..., channel], str(channel + 1), largest)
            else:
                axes.set_axis_off()
    return Chart(figure, f"Feature maps: {'; '.join(titles)}.")


def _figure(wide: float, high: float) -> Figure:
    """A figure with a background of its own, so that it is read alike in light and dark pages."""
    return Figure(figsize=(wide, high), facecolor="white", layout="constrained")


def _curves(axes: Axes, name: str, history: History, key: str, look: tuple[str, str]) -> None:
    colour, marker = look
    held_out, trained_on = history[f"val_{key}"], history[key]
    epochs = range(1, len(trained_on) + 1)
    every = max(1, len(epochs) // 10)
    line = axes.plot(epochs, held_out, color=colour, label=f"{name}, held out")[0]
    line.set(marker=marker, markevery=every, markersize=5)
    label = f"{name}, trained on"
    axes.plot(epochs, trained_on, color=colour, linestyle="--", linewidth=1.2, label=label)


def _in_words(name: str, history: History) -> str:
    last = {key: values[-1] for key, values in history.items()}
    epochs = len(history["loss"])
    return (
        f"{name}, {epochs} epoch{'s' * (epochs != 1)}: accuracy {last['accuracy']:.1%} on the "
        f"images trained on, {last['val_accuracy']:.1%} on those held out; loss "
        f"{last['loss']:.3f} and {last['val_loss']:.3f}."
    ).replace("%", " %")


def _confused(counts: Array) -> str:
    right, total = int(np.trace(counts)), int(counts.sum())
    wrong = [(int(n), a, b) for (a, b), n in np.ndenumerate(counts) if n and a != b]
    times = {1: "once", 2: "twice"}
    listed = ", ".join(
        f"{a} taken for {b} ({times.get(n, f'{n} times')})"
        for n, a, b in sorted(wrong, key=lambda found: (-found[0], *found[1:]))
    )
    mistakes = f" Wrong: {listed}." if wrong else ""
    return f"Confusion matrix: {right} of {total} are right.{mistakes}"


def _image(axes: Axes, image: Array, title: str, largest: float) -> None:
    axes.imshow(np.squeeze(image), cmap="gray", vmin=0, vmax=largest or 1)
    axes.set_title(title, fontsize=9, pad=3)
    axes.set_xticks([])
    axes.set_yticks([])


def _square(column: int, row: int, **looks: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.5, row - 0.5), 1, 1, **looks)
