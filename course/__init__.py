"""The arithmetic of convolutional networks: how many weights, which output shape, and why.

>>> from course import layers as L
>>> L.Conv2D(32, 3, strides=2, padding="same").output_shape((128, 128, 3))
(64, 64, 32)
"""

from course import layers
from course.errors import CourseError, ShapeError, SpecError
from course.stack import Stack
from course.trace import Trace

__all__ = ["CourseError", "ShapeError", "SpecError", "Stack", "Trace", "layers"]
