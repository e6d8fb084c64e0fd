"""The layer whose weights are not shared, which Keras 3 lacks."""

import numpy as np

from course import layers as L
from course.keras_bridge import LocallyConnected2D, keras, to_keras


def test_the_unshared_layer_is_counted_and_learns() -> None:
    """With a kernel of its own at each place it can learn a picture that no shared kernel can."""
    keras.utils.set_random_seed(1)
    spec = L.LocallyConnected2D(1, 1, use_bias=False)
    layer = to_keras(spec)
    assert isinstance(layer, LocallyConnected2D)
    model = keras.Sequential([keras.Input((4, 4, 1)), layer])
    assert model.count_params() == spec.param_count((4, 4, 1)) == 16
    wanted = np.arange(16, dtype="float32").reshape(1, 4, 4, 1) / 16
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.fit(np.ones((1, 4, 4, 1)), wanted, epochs=150, verbose=0)
    assert np.abs(model.predict(np.ones((1, 4, 4, 1)), verbose=0) - wanted).max() < 0.05


def test_the_unshared_layer_is_a_convolution_where_its_weights_agree() -> None:
    image = np.random.default_rng(0).normal(size=(2, 7, 6, 3)).astype("float32")
    shared = keras.layers.Conv2D(4, (3, 2), strides=(2, 1), padding="same")
    unshared = LocallyConnected2D(4, (3, 2), strides=(2, 1), padding="same")
    expected = shared(image)
    unshared.build(image.shape)
    kernel = np.reshape(shared.kernel, (-1, 4))
    unshared.kernel.assign(np.broadcast_to(kernel, unshared.kernel.shape))
    np.testing.assert_allclose(unshared(image), expected, rtol=1e-4, atol=1e-5)
    again = LocallyConnected2D.from_config(unshared.get_config())
    assert again.spec == unshared.spec
