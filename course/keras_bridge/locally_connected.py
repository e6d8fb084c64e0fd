"""A Keras layer whose weights are not shared between positions; Keras 3 has none."""

from typing import Any

from course import layers as L
from course.keras_bridge.loading import keras


@keras.saving.register_keras_serializable(package="convdims")
class LocallyConnected2D(keras.layers.Layer):  # type: ignore[misc]
    """As Conv2D, but every position of the output has a kernel and biases of its own.

    The kernel has the shape (H_out, W_out, F_h × F_w × D_in, K), the bias (H_out, W_out, K).
    Arguments and output shape: as `course.layers.LocallyConnected2D`, whose arithmetic this layer
    uses for its sizes; padding is 'valid' or 'same'.

    >>> layer = LocallyConnected2D(4, 3)
    >>> layer(keras.ops.ones((1, 8, 8, 1))).shape
    TensorShape([1, 6, 6, 4])
    """

    def __init__(  # noqa: PLR0917  (Keras 2's own order)
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: Any = None,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.spec = L.LocallyConnected2D(
            filters, kernel_size, strides, padding, data_format, None, use_bias
        )
        for name in ("filters", "kernel_size", "strides", "padding", "data_format", "use_bias"):
            setattr(self, name, getattr(self.spec, name))
        self.activation = keras.activations.get(activation)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.bias_initializer = keras.initializers.get(bias_initializer)

    def compute_output_shape(self, input_shape: Any) -> Any:
        return (input_shape[0], *self.spec.output_shape(tuple(input_shape[1:])))

    def build(self, input_shape: Any) -> None:
        shape = tuple(input_shape[1:])
        places = self.spec.output_sizes(shape)
        height, width = self.kernel_size
        values = height * width * self.spec.depth(shape)
        self.kernel = self.add_weight(
            name="kernel",
            shape=(*places, values, self.filters),
            initializer=self.kernel_initializer,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                name="bias", shape=(*places, self.filters), initializer=self.bias_initializer
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        first = self.data_format == "channels_first"
        images = keras.ops.transpose(inputs, (0, 2, 3, 1)) if first else inputs
        (top, bottom), (left, right) = self.spec.padding_amounts(tuple(inputs.shape[1:]))
        images = keras.ops.pad(images, ((0, 0), (top, bottom), (left, right), (0, 0)))
        height, width = self.kernel.shape[:2]
        down, across = self.strides
        # One slice for each place of the window, side by side: (batch, H_out, W_out, F·F·D_in).
        windows = keras.ops.concatenate(
            [
                images[:, y : y + (height - 1) * down + 1 : down][
                    :, :, x : x + (width - 1) * across + 1 : across
                ]
                for y in range(self.kernel_size[0])
                for x in range(self.kernel_size[1])
            ],
            axis=-1,
        )
        values = keras.ops.einsum("bhwi,hwik->bhwk", windows, self.kernel)
        if self.bias is not None:
            values = values + self.bias
        values = self.activation(values)
        return keras.ops.transpose(values, (0, 3, 1, 2)) if first else values

    def get_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().get_config()
        for name in ("filters", "kernel_size", "strides", "padding", "data_format", "use_bias"):
            config[name] = getattr(self, name)
        config["activation"] = keras.activations.serialize(self.activation)
        config["kernel_initializer"] = keras.initializers.serialize(self.kernel_initializer)
        config["bias_initializer"] = keras.initializers.serialize(self.bias_initializer)
        return config
