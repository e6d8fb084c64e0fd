"""Keras's layers as plain data with exact arithmetic: `from course import layers as L`."""

from course.layers.base import QUANTITIES, Layer
from course.layers.convolution import Conv2D
from course.layers.core import Activation, Dense, Dropout, Flatten, ZeroPadding2D
from course.layers.pooling import AveragePooling2D, MaxPooling2D

__all__ = [
    "QUANTITIES",
    "Activation",
    "AveragePooling2D",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling2D",
    "ZeroPadding2D",
]
