"""The layer stack: add, remove, reorder and change layers, and see what one unit sees."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import ipywidgets as widgets

from course import layers as L
from course.errors import CourseError, SpecError
from course.explorers.frame import LABEL, WIDTH, Explorer, dropdown, labelled, slider
from course.explorers.sizes import volume_sliders
from course.layers.base import Shape, whole_shape
from course.pictures.layer_stack import LayerStackState, layer_stack_html
from course.pictures.page import explained, framed
from course.stack import Stack

KINDS: dict[str, Callable[[], L.Layer]] = {
    "Conv2D": lambda: L.Conv2D(16, 3),
    "MaxPooling2D": L.MaxPooling2D,
    "AveragePooling2D": lambda: L.AveragePooling2D(2),
    "DepthwiseConv2D": lambda: L.DepthwiseConv2D(3),
    "ZeroPadding2D": L.ZeroPadding2D,
    "BatchNormalization": L.BatchNormalization,
    "GlobalAveragePooling2D": L.GlobalAveragePooling2D,
    "Flatten": L.Flatten,
    "Dropout": lambda: L.Dropout(0.5),
    "Dense": lambda: L.Dense(10),
}
"""What can be added, and how it is at first."""
SLIDER_ARGUMENTS = {
    "filters": ("filters", "units"),
    "window": ("kernel_size", "pool_size"),
    "strides": ("strides",),
}
"""Each slider with the arguments that it stands for."""
BUTTON = "96px"


class LayerStack(Explorer):
    """The controls of a stack; `layers` holds it as it is now."""

    def __init__(self, layers: Iterable[L.Layer], input_shape: Shape) -> None:
        self.layers = list(layers)
        self.unit = (0, 0)
        self.quiet = False
        self.chosen = widgets.Select(
            description="layer",
            rows=6,
            style={"description_width": LABEL},
            layout={"width": WIDTH, "max_width": "100%"},
        )
        self.kind = dropdown("new layer", KINDS)
        self.sizes = list(volume_sliders(input_shape, (64, 64, 16)).values())
        self.argument_sliders = {
            "filters": slider("filters", 1, 1, 512),
            "window": slider("window", 1, 1, 11),
            "strides": slider("strides", 1, 1, 5),
        }
        self.padding = widgets.ToggleButtons(
            options=["valid", "same"], style={"button_width": "76px"}
        )
        acts = {
            "Add": self.add,
            "Remove": self.remove,
            "Move up": lambda: self.move(-1),
            "Move down": lambda: self.move(1),
        }
        self.buttons = {
            name: widgets.Button(description=name, layout={"width": BUTTON}) for name in acts
        }
        self.arguments = self.argument_sliders | {"padding": labelled("padding", self.padding)}
        super().__init__(
            [
                self.chosen,
                widgets.VBox([self.kind, *_two_by_two(self.buttons.values())]),
                widgets.VBox(self.sizes),
                *self.arguments.values(),
            ]
        )
        self.list_layers(len(self.layers) - 1)
        self.connect(acts)

    def connect(self, acts: Mapping[str, Callable[[], None]]) -> None:
        """Let every control do what it is there for, and show the first picture."""
        for name, act in acts.items():
            self.buttons[name].on_click(lambda _, act=act: act())
        for name, control in (self.argument_sliders | {"padding": self.padding}).items():
            control.observe(partial(self.change, name), "value")
        self.chosen.observe(self.redraw, "value")
        self.picture.on_choose(self.look_back)
        self.redraw_on(self.sizes, self.show)

    @property
    def state(self) -> LayerStackState:
        """What the picture shows."""
        height, width, channels = (size.value for size in self.sizes)
        place = self.chosen.value or 0
        return LayerStackState(tuple(self.layers), (height, width, channels), place, *self.unit)

    def show(self) -> str:
        """The picture, after the sliders took the chosen layer's arguments."""
        self.take_arguments()
        return layer_stack_html(self.state)

    def redraw(self, _: Any = None) -> None:
        """Show what the state is now, unless it is only passed through."""
        if not self.quiet:
            self.picture.value = self.show()

    @contextmanager
    def hush(self) -> Iterator[None]:
        """Controls that are set by the explorer itself change no layer and no picture."""
        self.quiet, before = True, self.quiet
        try:
            yield
        finally:
            self.quiet = before

    def list_layers(self, place: int) -> None:
        """Fill the list anew and choose the layer at a place, or the last one."""
        with self.hush():
            self.chosen.options = [
                (f"{at + 1}. {type(layer).__name__}", at) for at, layer in enumerate(self.layers)
            ]
            self.chosen.value = min(place, len(self.layers) - 1) if self.layers else None

    def add(self) -> None:
        """Put a new layer after the chosen one."""
        place = self.state.place + 1 if self.layers else 0
        self.layers.insert(place, KINDS[self.kind.value]())
        self.list_layers(place)
        self.redraw()

    def remove(self) -> None:
        """Take the chosen layer out."""
        if self.layers:
            place = self.state.place
            del self.layers[place]
            self.list_layers(place)
            self.redraw()

    def move(self, by: int) -> None:
        """Let the chosen layer change places with the one before or after it."""
        place = self.state.place
        if self.layers and 0 <= place + by < len(self.layers):
            self.layers.insert(place + by, self.layers.pop(place))
            self.list_layers(place + by)
            self.redraw()

    def look_back(self, grid: str, row: int, column: int) -> None:
        """Choose the unit whose receptive field is drawn."""
        self.unit = (row, column)
        self.redraw()

    def take_arguments(self) -> None:
        """Let the controls stand where the chosen layer's arguments are, and hide the others."""
        layer = self.layers[self.state.place] if self.layers else None
        with self.hush():
            for name, control in self.argument_sliders.items():
                argument, value = _argument(layer, name)
                if value is not None:
                    control.description = argument
                    control.max = max(control.max, value)
                    control.value = value
                self.arguments[name].layout.display = None if value is not None else "none"
            padding = getattr(layer, "padding", None)
            if padding in self.padding.options:
                self.padding.value = padding
            known = padding in self.padding.options
            self.arguments["padding"].layout.display = None if known else "none"

    def change(self, name: str, moved: Any) -> None:
        """Give the chosen layer the argument that was moved."""
        if self.quiet or not self.layers:
            return
        place = self.state.place
        layer: Any = self.layers[place]
        argument = "padding" if name == "padding" else _argument(layer, name)[0]
        try:
            self.layers[place] = replace(layer, **{argument: moved["new"]})
        except CourseError as error:
            self.picture.value = framed(explained(error))
        else:
            self.redraw()


def _argument(layer: Any, name: str) -> tuple[str, int | None]:
    """Which of a slider's arguments the layer has, and its value if that is one for all axes."""
    for argument in SLIDER_ARGUMENTS[name]:
        value = getattr(layer, argument, None)
        if value is not None:
            sizes = value if isinstance(value, tuple) else (value,)
            return argument, sizes[0] if len(set(sizes)) == 1 else None
    return name, None


def _two_by_two(buttons: Iterable[widgets.Button]) -> list[widgets.HBox]:
    """Two lines of buttons, under the control of a labelled one."""
    first, second, *others = buttons
    margin = {"margin": f"0 0 0 {LABEL}"}
    return [widgets.HBox(pair, layout=margin) for pair in ([first, second], others)]


def layer_stack(
    layers: Iterable[L.Layer] | None = None, input_shape: Shape = (28, 28, 1)
) -> LayerStack:
    """A stack to build by hand, with its table and the receptive field of any of its units.

    `layers` are those of a `Stack`; without them, the MNIST network's first part. `input_shape` is
    (height, width, channels). A stack that cannot be built says at which layer, and why.

    Errors: SpecError for what are no layers, ShapeError for what is no image.

    >>> stack = layer_stack([L.Conv2D(8, 3), L.MaxPooling2D()])
    >>> "13 × 13 × 8" in stack.picture.value
    True
    """
    if layers is None:
        layers = [L.Conv2D(32, 3), L.MaxPooling2D(), L.Conv2D(64, 3), L.MaxPooling2D()]
    given = Stack(layers).layers
    if not all(isinstance(layer, L.Layer) for layer in given):
        raise SpecError(
            "a stack within a stack cannot be changed by hand",
            "give its layers one by one",
            "layer_stack",
        )
    if any(layer.channels_first for layer in given):
        raise SpecError("the picture has the channels last", "leave data_format out", "layer_stack")
    shape = whole_shape(input_shape, "layer_stack")
    L.Conv2D(1, 1).plain_shape(shape)
    return LayerStack(given, shape)
