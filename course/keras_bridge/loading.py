"""Keras, loaded without a word on stderr."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@contextmanager
def _quiet() -> Iterator[None]:
    """Send what C++ writes to stderr nowhere: TensorFlow logs before its log level is read."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


with _quiet():
    import keras


@contextmanager
def no_weights() -> Iterator[None]:
    """Inside, Keras builds and counts real layers without allocating or filling their weights."""
    with keras.StatelessScope(initialize_variables=False):
        yield


__all__ = ["keras", "no_weights"]
