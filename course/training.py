"""A network trained in front of a student: images scaled, progress, what each layer gives."""

import time
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.datasets import Digits
from course.keras_bridge import keras
from course.pictures.progress import progress_html

Array = NDArray[Any]

REFRESH = 0.25
"""Seconds between two drawings of the progress bar."""


def scale_images(images: ArrayLike) -> Array:
    """Images of bytes as a network takes them: divided by 255, and given an axis of channels.

    >>> scale_images(np.full((2, 28, 28), 255, dtype="uint8")).shape
    (2, 28, 28, 1)
    """
    return np.expand_dims(np.asarray(images, dtype="float32") / 255, -1)


class ProgressBar(keras.callbacks.Callback):  # type: ignore[misc]
    """Shows how far `fit` is; give it as `callbacks=[ProgressBar()]`, with `verbose=0`.

    It is one output that changes, so a saved notebook keeps a full bar with the last numbers.
    """

    def on_train_begin(self, logs: Any = None) -> None:
        """Show an empty bar."""
        from IPython.display import display

        self.started = self.drawn = time.monotonic()
        self.epoch = 0
        self.handle: Any = display(  # type: ignore[no-untyped-call]
            self._bundle(0, "starting"), raw=True, display_id=True
        )

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Take note of the epoch."""
        self.epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Move the bar on, a few times a second."""
        if time.monotonic() - self.drawn > REFRESH:
            steps = self.params["steps"]
            done = self.epoch * steps + batch + 1
            self._draw(done, f"Epoch {self.epoch + 1} of {self.params['epochs']}")

    def on_train_end(self, logs: Any = None) -> None:
        """Fill the bar and say what the training came to."""
        seconds = time.monotonic() - self.started
        epochs = self.epoch + 1
        said = f"{epochs} epoch{'s' * (epochs != 1)} in {seconds:.0f} s."
        said += _accuracies(logs or {})
        self._draw(epochs * self.params["steps"], said)

    def _draw(self, done: int, said: str) -> None:
        self.drawn = time.monotonic()
        if self.handle is not None:  # outside of a notebook there is nothing to draw on
            self.handle.update(self._bundle(done, said), raw=True)

    def _bundle(self, done: int, said: str) -> dict[str, str]:
        total = self.params["steps"] * self.params["epochs"]
        return {"text/plain": said, "text/html": progress_html(done, total, said)}


def _accuracies(logs: dict[str, float]) -> str:
    names = {"accuracy": "on the images trained on", "val_accuracy": "on those held out"}
    shown = [
        f"{logs[key]:.1%} {where}".replace("%", " %") for key, where in names.items() if key in logs
    ]
    return f" Accuracy: {', '.join(shown)}." if shown else ""


def train(
    model: Any, digits: Digits, *, epochs: int = 30, batch_size: int = 64, seed: int = 1
) -> dict[str, list[float]] | None:
    """Train a classifier with Adam on the digits; the loss and accuracy after each epoch.

    A model that is still `...` is left alone, which a printed line says. The seed settles the
    order of the images and what dropout leaves out; initial weights come from the model.

    >>> from course.datasets import load_digits28
    >>> train(..., load_digits28())
    There is no network to train yet. Do the exercise first, then run this cell again.
    """
    if not isinstance(model, keras.Model):
        print("There is no network to train yet. Do the exercise first, then run this cell again.")
        return None
    keras.utils.set_random_seed(seed)
    model.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    fitted = model.fit(
        scale_images(digits.x_train),
        digits.y_train,
        batch_size=batch_size,
        epochs=epochs,
        validation_data=(scale_images(digits.x_test), digits.y_test),
        verbose=0,
        callbacks=[ProgressBar()],
    )
    history: dict[str, list[float]] = fitted.history
    return history


def layer_outputs(model: Any, image: ArrayLike) -> dict[str, Array]:
    """What each layer of a Sequential or functional model makes of one image, by layer's name.

    `image` is as the model takes it, without the batch.

    >>> model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.MaxPooling2D(2, name="p")])
    >>> layer_outputs(model, np.ones((4, 4, 1)))["p"].shape
    (2, 2, 1)
    """
    layers = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    every = keras.Model(model.inputs, {layer.name: layer.output for layer in layers})
    outputs = every([np.asarray(image, dtype="float32")[None]])
    return {layer.name: np.asarray(outputs[layer.name])[0] for layer in layers}


def predict_classes(model: Any, images: ArrayLike) -> Array:
    """The class that a classifier holds most likely, for each image, scaled as in training.

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Softmax()])
    >>> predict_classes(model, np.array([[0.0, 1.0], [3.0, 2.0]])).tolist()
    [1, 0]
    """
    classes: Array = np.argmax(model.predict(images, verbose=0), axis=-1)
    return classes
