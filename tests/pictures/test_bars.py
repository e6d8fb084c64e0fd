"""Bars on a log scale: their lengths are those of the logarithms, their numbers are in full."""

from math import log10
from typing import Any

import pytest
from hypothesis import strategies as st

from course.pictures.bars import Bar, log_bars
from tests.pictures.reading import SVG, labels, parsed, text_of
from tests.strategies import for_all


def widths(html: str) -> list[float]:
    """The lengths of the bars as shares of the scale."""
    return [float(box.attrib["width"][:-1]) / 100 for box in parsed(html).iter(f"{SVG}rect")]


def powers(html: str) -> dict[float, int]:
    """The power of ten at each label of the scale, by its place."""
    plain = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    *_, scale = parsed(html).iter(f"{SVG}svg")
    texts = [text.translate(plain) for text in labels(scale)]
    exponents = [0 if text == "1" else 1 if text == "10" else int(text[2:]) for text in texts]
    places = [float(text.attrib["x"][:-1]) / 100 for text in scale.iter(f"{SVG}text")]
    return dict(zip(places, exponents, strict=True))


def test_lengths_are_logarithms_on_the_scale_below() -> None:
    counts = st.lists(st.integers(1, 10**15), min_size=1, max_size=4)

    def claim(given: list[int]) -> None:
        html = log_bars([Bar("some", count, "parameters") for count in given])
        scale = powers(html)
        top = scale[1.0]
        assert 10**top >= max(given)
        assert top == 1 or 10 ** sorted(scale.values())[-2] < max(given)
        for place, power in scale.items():
            assert place == pytest.approx(power / top, abs=1e-3)
        assert widths(html) == pytest.approx([log10(count) / top for count in given], abs=1e-3)
        for count in given:
            assert f"{count:,} parameters" in text_of(parsed(html))

    for_all(counts, claim, 60)


@pytest.mark.parametrize(
    ("count", "labelled"), [(1, 2), (10**5, 6), (10**8, 5), (10**12, 5), (10**30, 6)]
)
def test_the_scale_has_room_for_its_labels(count: int, labelled: int) -> None:
    assert len(powers(log_bars([Bar("some", count, "weights")]))) == labelled


def test_the_scale_ends_with_a_label() -> None:
    for power in range(1, 16):
        assert max(powers(log_bars([Bar("some", 10**power, "weights")]))) == 1


def test_the_chosen_bar_is_told_apart_by_more_than_its_colour() -> None:
    html = log_bars([Bar("one", 2, "weights"), Bar("other", 3, "weights", ("a note",), True)])
    (chosen,) = (part for part in parsed(html).iter("div") if part.get("class") == "bar chosen")
    assert text_of(chosen).startswith("other: 3 weights")
    assert chosen.attrib["aria-current"] == "true"
    assert "a note" in text_of(chosen)


def test_the_drawing_is_left_to_those_who_see_it() -> None:
    """The numbers are text, so a screen reader need not know of the bars."""
    drawings: list[Any] = list(parsed(log_bars([Bar("one", 2, "weights")])).iter(f"{SVG}svg"))
    assert [drawing.attrib["aria-hidden"] for drawing in drawings] == ["true", "true"]
