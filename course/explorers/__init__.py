"""Explorers: sliders around the pictures of `course.pictures`, to be moved before the formula.

Each is a function that takes starting values and returns a widget. A picture of the starting
state stays in a saved notebook, where no kernel runs.

How one is made, with `convolution` as the example:

1. `course/pictures/convolution.py`: a frozen dataclass, `ConvolutionState`, holds what is shown,
   and a pure function, `convolution_html(state)`, draws it. All numbers come from the engine. It
   returns `framed(...)` of its parts, or `framed(explained(error))` where the engine refuses.
2. Parts: `grid(values, label, marks, name=..., chosen=...)` draws cells, `figure` puts a caption
   over them, `Mark(kind, row, column, height, width)` sets cells apart. The kinds are `STROKES`
   in `pictures/marks.py`; each has a colour and lines of its own in `picture.css`, so that none
   differs by colour alone. New kinds and classes go there, with the palette's variables
   (--ink, --soft, --accent, --tint, --warm, --warm-tint, --faint, --line, --paper) and no others.
   Layout: `.parts` side by side, `.line` for what is read like an equation, `.note`, `.total`.
3. What is shown is also said: `spoken(sentence)` does that, and every grid has a label.
4. A grid with a `name` can be pointed at and dragged over. With `chosen`, too, it takes arrow
   keys, Home, End, PageUp and PageDown; give that to one grid, where the result is.
5. `course/explorers/convolution.py`: controls by `slider`, `dropdown` and `labelled` (also
   `Player`, to go through cells), named as the state names them; a `state()` made of their
   values; `explorer = Explorer(controls)`, `explorer.redraw_on(controls, show)` with a `show()`
   that returns `convolution_html(state())`, and
   `explorer.picture.on_choose(lambda grid, row, column: ...)`, which moves a control.
   `Explorer` keeps the static copies, and gives sliders and buttons the names they lack. The
   function is called as its file is, and imported and named in `__all__` here.
6. Tests: the picture without a browser (tests/pictures), the controls without one
   (tests/explorers, with `moving.py`), and `open_explorer` of tests/browser/explorers.py with one.

Nothing is reckoned in JavaScript, and a new explorer needs none. Python answers in a few
milliseconds: keep thousands of elements out of a picture (`grid` draws more than `MOST` cells as
an image), and arrays that don't change out of the state's way.
"""

from course.explorers.conv_dims import conv_dims
from course.explorers.convolution import convolution
from course.explorers.fully_connected import fully_connected
from course.explorers.layer_stack import layer_stack
from course.explorers.padding import padding
from course.explorers.parameter_sharing import parameter_sharing
from course.explorers.pooling import pooling
from course.explorers.stride import stride

__all__ = [
    "conv_dims",
    "convolution",
    "fully_connected",
    "layer_stack",
    "padding",
    "parameter_sharing",
    "pooling",
    "stride",
]
