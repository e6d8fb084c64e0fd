"""The digits are real, whole and always split alike; MNIST comes from Keras's cache, or not."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from course.datasets import Digits, load_digits28, load_mnist


@pytest.fixture(scope="module")
def digits() -> Digits:
    return load_digits28()


def cached(folder: Path) -> dict[str, np.ndarray]:
    """A small mnist.npz, of the same arrays and types as the real one, in a cache of Keras's."""
    drawn = np.random.default_rng(0)
    arrays = {
        "x_train": drawn.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        "y_train": drawn.integers(0, 10, 20, dtype=np.uint8),
        "x_test": drawn.integers(0, 256, (6, 28, 28), dtype=np.uint8),
        "y_test": drawn.integers(0, 10, 6, dtype=np.uint8),
    }
    (folder / "datasets").mkdir()
    np.savez(folder / "datasets" / "mnist.npz", **arrays)
    return arrays


def loaded_in(home: Path, proxy: str) -> tuple[str, str, float]:
    """What load_mnist prints and returns in a fresh process, its stderr, and how long it took."""
    code = (
        "import time; from course.datasets import load_mnist; start = time.monotonic(); "
        "print(load_mnist()); print(time.monotonic() - start)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_HOME": str(home), "https_proxy": proxy, "no_proxy": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    *said, seconds = done.stdout.splitlines()
    return "\n".join(said), done.stderr, float(seconds)


def test_all_digits_are_there_once(digits: Digits) -> None:
    assert digits.x_train.shape == (1437, 28, 28)
    assert digits.x_test.shape == (360, 28, 28)
    assert digits.y_train.shape == (1437,)
    assert digits.y_test.shape == (360,)
    together = np.bincount(np.concatenate([digits.y_train, digits.y_test]))
    assert list(together) == list(np.bincount(load_digits().target))


def test_the_values_are_bytes_from_0_to_255(digits: Digits) -> None:
    for images in (digits.x_train, digits.x_test):
        assert images.dtype == np.uint8
        assert images.min() == 0
        assert images.max() == 255


def test_each_image_is_one_of_the_originals_enlarged(digits: Digits) -> None:
    """Its middle, shrunk to 8x8 (2.5 pixels for each), is nearest to an image of its label."""
    originals = load_digits()
    middle = digits.x_test[:, 4:24, 4:24].astype(float)
    assert middle.sum() == digits.x_test.sum()
    twice = np.repeat(np.repeat(middle, 2, axis=1), 2, axis=2)
    shrunk = twice.reshape(-1, 8, 5, 8, 5).mean(axis=(2, 4)) / 255 * 16
    apart = np.abs(shrunk[:, None] - originals.images[None]).mean(axis=(2, 3))
    assert apart.min(axis=1).max() < 1.5  # of 16
    assert list(originals.target[apart.argmin(axis=1)]) == list(digits.y_test)


def test_a_fifth_of_each_digit_is_held_out(digits: Digits) -> None:
    kept, held = np.bincount(digits.y_train), np.bincount(digits.y_test)
    assert (np.abs(held / (kept + held) - 0.2) < 0.01).all()


def test_the_split_is_always_the_same(digits: Digits) -> None:
    again = load_digits28()
    assert (again.x_test == digits.x_test).all()
    assert (again.y_train == digits.y_train).all()


def test_it_is_frozen_and_says_whose_it_is(digits: Digits) -> None:
    with pytest.raises(FrozenInstanceError):
        digits.name = "mine"  # type: ignore[misc]
    assert "Alpaydin and Kaynak" in digits.source
    assert "UCI" in digits.source


def test_mnist_is_read_from_the_cache_of_keras(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    arrays = cached(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    mnist = load_mnist()
    assert mnist.name == "MNIST"
    assert "LeCun, Cortes and Burges" in mnist.source
    for name, array in arrays.items():
        assert (getattr(mnist, name) == array).all()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("damage", ["nothing there", "cut off", "no zip file", "names missing"])
def test_without_mnist_the_digits_take_its_place(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "datasets" / "mnist.npz"
    if damage != "nothing there":
        arrays = cached(tmp_path)
        if damage == "cut off":
            file.write_bytes(file.read_bytes()[:5000])
        elif damage == "no zip file":
            file.write_text("<html>Please sign in to this network</html>")
        else:
            np.savez(file, x_train=arrays["x_train"])
    said, errors, seconds = loaded_in(tmp_path, proxy="http://127.0.0.1:9")
    assert "MNIST could not be downloaded. scikit-learn's digits take its place" in said
    assert "<scikit-learn's digits: 1437 images to train on, 360 held out>" in said
    assert errors == ""
    assert seconds < 20


@pytest.mark.slow
def test_a_network_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        said, errors, seconds = loaded_in(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert time.monotonic() - start < 40
    assert "could not be downloaded" in said
    assert errors == ""
    assert seconds < 30  # the download is given up after 6; the rest is a busy machine
