"""Pictures: pure functions from plain data to SVG or HTML text, without a browser or a kernel.

`page` gives one with its style sheet, to be shown anywhere; `course.explorers` says how they
are made.
"""
