"""Hints in stages, as text and in a notebook with a button for the next one."""

from autograder.hints.showing import Hint, hint, stages_html
from autograder.hints.stages import hints

__all__ = ["Hint", "hint", "hints", "stages_html"]
