"""The networks whose summaries the course reads, with their sizes to be changed."""

from course import layers as L
from course.stack import Stack


def mnist_net(
    first: int = 32,
    second: int = 64,
    kernel_size: int = 3,
    classes: int = 10,
    dropout: float = 0.5,
) -> Stack:
    """Two convolutions of `first` and `second` filters, a pooling after each, then the classes.

    Errors: SpecError for a number that the layers do not take. Source: a university lecture's
    network for MNIST.

    >>> mnist_net().param_count((28, 28, 1))
    34826
    """
    return Stack(
        [
            L.Conv2D(first, kernel_size, activation="relu", name="conv_1"),
            L.MaxPooling2D(2, name="pool_1"),
            L.Conv2D(second, kernel_size, activation="relu", name="conv_2"),
            L.MaxPooling2D(2, name="pool_2"),
            L.Flatten(name="flatten"),
            L.Dropout(dropout, name="dropout"),
            L.Dense(classes, activation="softmax", name="dense"),
        ]
    )


def fashion_net() -> Stack:
    """Two convolutions of 64 filters, a pooling after each, and two dense layers.

    Source: the network for Fashion-MNIST of DeepLearning.AI's TensorFlow course.

    >>> fashion_net().param_count((28, 28, 1))
    243786
    """
    return Stack(
        [
            *mnist_net(first=64).layers[:5],
            L.Dense(128, activation="relu", name="dense_1"),
            L.Dense(10, activation="softmax", name="dense_2"),
        ]
    )
