"""Explorers: sliders around the pictures of `course.pictures`, to be moved before the formula.

Each is a function that takes starting values and returns a widget. A picture of the starting
state stays in a saved notebook, where no kernel runs.
"""

from course.explorers.conv_dims import conv_dims

__all__ = ["conv_dims"]
