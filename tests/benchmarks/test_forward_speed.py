"""NumPy's convolution of a real image stays within three times TensorFlow's time on the CPU.

Both sides run in turn, in one test, so that a busy machine slows both alike.
"""

from time import perf_counter
from typing import Any

import numpy as np
import pytest

from course.forward import convolve
from course.keras_bridge import keras
from tests.benchmarks.conftest import Ratio

ROUNDS = 40
MOST = 3


def medians(*calls: Any) -> list[float]:
    """The median seconds of each call, the calls taking turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(ROUNDS):
        for call, found in zip(calls, times, strict=True):
            start = perf_counter()
            call()
            found.append(perf_counter() - start)
    return [float(np.median(found)) for found in times]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_convolution_takes_at_most_three_times_as_long_as_tensorflow(
    benchmark: Any, record: Any, padding: str
) -> None:
    rng = np.random.default_rng(0)
    image = rng.random((1, 224, 224, 3), dtype=np.float32)
    kernel = rng.random((3, 3, 3, 64), dtype=np.float32)
    bias = rng.random(64, dtype=np.float32)
    images, filters, biases = map(keras.ops.convert_to_tensor, (image, kernel, bias))

    def ours() -> Any:
        return convolve(image, kernel, bias, padding=padding)

    def theirs() -> Any:
        return (keras.ops.conv(images, filters, padding=padding) + biases).numpy()

    np.testing.assert_allclose(ours(), theirs(), rtol=1e-4)
    medians(ours, theirs)  # warm up both
    numpy_time, tensorflow_time = medians(ours, theirs)
    ratio = numpy_time / tensorflow_time
    what = f"NumPy convolution of 224x224x3, 64 filters, {padding!r}, against TensorFlow's"
    record(Ratio(what, numpy_time, tensorflow_time, 1 / MOST))
    benchmark.pedantic(ours, rounds=ROUNDS)
    assert ratio <= MOST
