"""What stands beside grids: steps with their numbers, and the key to the marks."""

from course import layers as L
from course.pictures.captions import key, working
from tests.pictures.reading import SVG, parsed, text_of


def lines(layer: L.Conv2D, quantity: str, shape: tuple[int, int, int]) -> list[str]:
    """The lines of a working, as they are read."""
    html = working(layer.derivation(quantity, shape).steps)
    return text_of(parsed(html.replace("<br/>", "\n"))).split("\n")


def test_axes_with_the_same_numbers_share_a_line() -> None:
    layer = L.Conv2D(1, 3, strides=2, padding="same")
    assert lines(layer, "padding_amounts", (4, 4, 1)) == [
        "H_out = W_out = ceil(4 ÷ 2) = 2",
        "P_height = P_width = max((2 - 1) × 2 + 3 - 4, 0) = 1",
        "P_top = P_left = floor(1 ÷ 2) = 0",
        "P_bottom = P_right = ceil(1 ÷ 2) = 1",
    ]


def test_different_formulas_never_share_a_line() -> None:
    """One row by stride 2 and one zero halved are both ceil(1 ÷ 2)."""
    layer = L.Conv2D(1, 3, strides=2, padding="same")
    shown = lines(layer, "padding_amounts", (1, 4, 1))
    assert "H_out = ceil(1 ÷ 2) = 1" in shown
    assert "P_right = ceil(1 ÷ 2) = 1" in shown


def test_plain_numbers_are_left_out() -> None:
    assert working(L.Conv2D(1, 3).derivation("padding_amounts", (5, 5, 1)).steps) == ""


def test_the_letters_stand_first_where_they_are_wanted() -> None:
    steps = L.Conv2D(1, 3).derivation("output_shape", (5, 5, 1)).steps[:1]
    shown = text_of(parsed(working(steps, letters=True)))
    assert shown == "H_out = floor((H_in - F) ÷ S) + 1 = floor((5 - 3) ÷ 1) + 1 = 3"


def test_the_key_shows_each_kind_beside_its_meaning() -> None:
    shown = parsed(key({"zero": "a zero & more", "edge": "first and last"}))
    assert [text_of(entry).strip() for entry in shown.iter("span")] == [
        "a zero & more",
        "first and last",
    ]
    kinds = [part.get("class") for part in shown.iter(f"{SVG}rect") if part.get("class") != "cells"]
    assert kinds == ["mark zero", "mark edge"]
