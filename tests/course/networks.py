"""The networks of the course's units, and one known from the literature."""

from course import Stack
from course import layers as L

DENSE = Stack([L.Flatten(), L.Dense(128, "relu"), L.Dense(10, "softmax")])

MNIST = Stack(
    [
        L.Conv2D(32, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Conv2D(64, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Flatten(),
        L.Dropout(0.5),
        L.Dense(10, activation="softmax"),
    ]
)

FASHION = Stack(
    [
        L.Conv2D(64, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Conv2D(64, 3, activation="relu"),
        L.MaxPooling2D(2),
        L.Flatten(),
        L.Dense(128, activation="relu"),
        L.Dense(10, activation="softmax"),
    ]
)


def block(filters: int, depth: int) -> list[L.Layer]:
    """VGG's block: 3x3 convolutions that keep the size, then a pooling that halves it."""
    return [L.Conv2D(filters, 3, padding="same") for _ in range(depth)] + [L.MaxPooling2D(2)]


VGG16_BODY = Stack(
    [*block(64, 2), *block(128, 2), *block(256, 3), *block(512, 3), *block(512, 3)],
)
VGG16 = Stack([*VGG16_BODY, L.Flatten(), L.Dense(4096), L.Dense(4096), L.Dense(1000)])
