"""Training in front of a student: scaled images, a bar on stdout's side only, layers' outputs."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import v4

from course.datasets import Digits, load_digits28
from course.keras_bridge import keras
from course.training import layer_outputs, predict_classes, scale_images, train


@pytest.fixture(scope="module")
def digits() -> Digits:
    """A handful of the digits."""
    every = load_digits28()
    return Digits(
        "few", "", every.x_train[:64], every.y_train[:64], every.x_test[:32], every.y_test[:32]
    )


def small_net() -> Any:
    """A network that trains at once."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.MaxPooling2D(4, name="pool"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(10, activation="softmax", name="dense"),
        ]
    )


def test_ready_divides_by_255_and_adds_the_channels(digits: Digits) -> None:
    images = scale_images(digits.x_train)
    assert images.shape == (64, 28, 28, 1)
    assert images.dtype == np.float32
    assert np.allclose(images[..., 0] * 255, digits.x_train)
    assert (images.min(), images.max()) == (0, 1)


def test_the_history_has_a_number_for_each_epoch(digits: Digits) -> None:
    history = train(small_net(), digits, epochs=2, batch_size=16)
    assert history
    assert history.keys() == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert {len(values) for values in history.values()} == {2}


def test_one_seed_and_one_beginning_give_one_result(digits: Digits) -> None:
    histories = []
    for _ in range(2):
        keras.utils.set_random_seed(3)
        histories.append(train(small_net(), digits, epochs=2, batch_size=16, seed=5))
    assert histories[0] == histories[1]


@pytest.mark.parametrize("model", [..., None, "CNN"])
def test_what_is_no_network_is_not_trained(
    model: Any, digits: Digits, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train(model, digits) is None
    assert "no network to train yet" in capsys.readouterr().out


def test_layer_outputs_are_what_the_layers_give() -> None:
    model = small_net()
    image = np.random.default_rng(0).random((28, 28, 1)).astype("float32")
    outputs = layer_outputs(model, image)
    assert list(outputs) == ["pool", "flatten", "dense"]
    assert outputs["pool"].shape == (7, 7, 1)
    assert outputs["pool"][0, 0, 0] == image[:4, :4].max()
    assert np.allclose(outputs["dense"], model(image[None])[0], atol=1e-6)
    assert predict_classes(model, image[None])[0] == outputs["dense"].argmax()


def test_the_bar_is_one_output_that_reads_well_when_saved() -> None:
    source = (
        "from course.training import *\nfrom course.training import np\n"
        "model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(),"
        " keras.layers.Dense(10, activation='softmax')])\n"
        "images, labels = np.zeros((40, 28, 28), 'uint8'), np.zeros(40, int)\n"
        "history = train(model, Digits('', '', images, labels, images, labels), epochs=3)"
    )
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    assert output.output_type == "display_data"
    assert output.data["text/plain"].startswith("3 epochs in ")
    assert "% on the images trained on" in output.data["text/plain"]
    assert '<progress value="3" max="3" aria-label="training"' in output.data["text/html"]
    assert output.data["text/plain"] in output.data["text/html"]


def test_importing_the_course_does_not_load_it() -> None:
    code = "import sys, course; print('course.training' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
