"""Going through the cells of a grid: play, step, and what is not reached yet."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

INTERVAL = 700
"""Milliseconds from one cell to the next."""
Place = tuple[int, int]


class Player:
    """Controls that go through a grid row by row; `place` is the cell that they have reached.

    >>> player = Player()
    >>> player.fit((5, 7))
    >>> player.place = (1, 2)
    >>> player.play.value, player.play.max
    (9, 34)
    """

    def __init__(self) -> None:
        self.shape: Place = (1, 1)
        self.play = widgets.Play(min=0, max=0, interval=INTERVAL, show_repeat=False)
        self.all = widgets.Checkbox(
            value=True,
            description="show the whole output, except while playing",
            indent=False,
            layout=widgets.Layout(width="auto", margin="2px 0 0 12px"),
        )
        self.box = widgets.HBox(
            [
                self._stepper("Back", "step-backward", -1),
                self.play,
                self._stepper("Next", "step-forward", 1),
                self.all,
            ],
            layout=widgets.Layout(flex_flow="row wrap"),
        )

    @property
    def place(self) -> Place:
        row, column = divmod(self.play.value, self.shape[1])
        return row, column

    @place.setter
    def place(self, place: Place) -> None:
        row, column = (min(at, size - 1) for at, size in zip(place, self.shape, strict=True))
        self.play.value = row * self.shape[1] + column

    @property
    def whole(self) -> bool:
        """Whether cells that are not reached yet are shown."""
        return self.all.value and not self.play.playing

    def fit(self, shape: Place) -> None:
        """Go through a grid of this shape; the place stays, or moves to the nearest there is."""
        if shape == self.shape:
            return
        place, self.shape = self.place, shape
        with self.play.hold_trait_notifications():
            self.play.max = shape[0] * shape[1] - 1
            self.place = place

    def observe(self, act: Callable[[Any], None], name: str = "value") -> None:
        """Call `act` whenever the place or `whole` may have changed, as widgets do."""
        self.play.observe(act, [name, "playing"])
        self.all.observe(act, name)

    def _stepper(self, label: str, icon: str, by: int) -> widgets.Button:
        button = widgets.Button(description=label, icon=icon, layout=widgets.Layout(width="80px"))

        def step(_: Any) -> None:
            self.play.value = min(max(self.play.value + by, 0), self.play.max)

        button.on_click(step)
        return button
