"""The same W, F, S and P under each convention, against Keras and hand-worked cases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import SpecError
from course import layers as L
from course.conventions import compare_conventions
from course.keras_bridge import ask_padding, keras


def sizes(W: int, F: int, S: int, P: int) -> dict[str, int | None]:
    return {row.name: row.size for row in compare_conventions(W, F, S, P).rows}


@pytest.mark.parametrize(
    ("numbers", "name", "size"),
    [
        ((32, 8, 2, 1), "explicit P", 14),
        ((32, 8, 2, 1), "valid", 13),
        ((32, 8, 2, 1), "same", 16),
        ((28, 3, 2, 0), "valid", 13),
        ((10, 3, 2, 0), "valid", 4),
        ((10, 3, 2, 0), "no remainder allowed", None),
        ((11, 3, 2, 0), "no remainder allowed", 5),
        ((32, 8, 2, 1), "PyTorch", 14),
        ((32, 8, 2, 1), "PyTorch same", None),
        ((32, 8, 1, 1), "PyTorch same", 32),
        ((8, 5, 4, 1), "D2L", 2),
        ((2, 5, 1, 1), "explicit P", None),
    ],
)
def test_each_convention_gives_the_size_worked_out_by_hand(numbers, name, size) -> None:
    assert sizes(*numbers)[name] == size


@pytest.mark.parametrize(
    ("numbers", "pads"),
    [
        ((128, 3, 2), (0, 1)),
        ((5, 3, 2), (1, 1)),
        ((4, 2, 1), (0, 1)),
        ((13, 6, 5), (1, 2)),
        ((224, 7, 2), (2, 3)),
    ],
)
def test_same_padding_puts_the_odd_zero_at_the_end(numbers, pads) -> None:
    assert compare_conventions(*numbers)["same"].pads == pads


def test_the_book_writes_the_total() -> None:
    assert compare_conventions(8, 3, 1, 1)["D2L"].written == "p=2 in all"


def test_the_same_size_may_hold_other_values() -> None:
    """A kernel of ones on 1, 2, 3, 4: Keras gives 6, 7 and a pad of 1 on each side 3, 9."""
    table = compare_conventions(4, 3, 2, 1)
    assert table["same"].size == table["explicit P"].size == 2
    assert not table["same"].same_values(table["explicit P"])
    row, ones = np.array([1.0, 2, 3, 4])[None, :, None], np.ones((3, 1, 1))
    same = keras.ops.conv(row, ones, strides=2, padding="same")
    alike = keras.ops.conv(np.pad(row, ((0, 0), (1, 1), (0, 0))), ones, strides=2, padding="valid")
    assert np.ravel(same).tolist() == [6, 7]
    assert np.ravel(alike).tolist() == [3, 9]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 4), st.integers(0, 3))
def test_values_are_the_same_exactly_where_it_says_so(W: int, F: int, S: int, P: int) -> None:
    """Each convention's windows, computed by Keras on numbers that tell their place."""
    table = compare_conventions(W, F, S, P)
    numbers = np.random.default_rng(0).normal(size=(1, W, 1))
    kernel = np.random.default_rng(1).normal(size=(F, 1, 1))

    def values(pads: tuple[int, int]) -> list[float]:
        padded = np.pad(numbers, ((0, 0), pads, (0, 0)))
        return np.ravel(keras.ops.conv(padded, kernel, strides=S, padding="valid")).tolist()

    rows = [row for row in table.rows if row.size is not None and row.pads is not None]
    results = {row.name: values(row.pads)[: row.size] for row in rows if row.pads}
    for one in rows:
        assert len(results[one.name]) == one.size
        for other in rows:
            equal = results[one.name] == pytest.approx(results[other.name])
            assert equal == one.same_values(other) or all(v == 0 for v in results[one.name])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(1, 9), st.integers(1, 5))
def test_same_is_keras_same(W: int, F: int, S: int) -> None:
    row = compare_conventions(W, F, S)["same"]
    layer = L.Conv1D(1, F, strides=S, padding="same")
    assert (row.size,) == layer.output_shape((W, 1))[:1]
    assert (row.pads,) == ask_padding(layer, (W, 1))


def test_a_comparison_is_shown_as_text_and_html() -> None:
    table = compare_conventions(32, 8, 2, 1)
    assert "3 before, 3 after" in str(table)
    assert "<td>3 before, 3 after</td>" in table._repr_html_()
    assert table.alike(table["explicit P"]) == ("PyTorch", "D2L", "no remainder allowed")


@pytest.mark.parametrize("numbers", [(0, 3), (5, 0), (5, 3, 0), (5, 3, 1, -1), (5.5, 3), ("5", 3)])
def test_what_is_no_size_is_refused(numbers) -> None:
    with pytest.raises(SpecError):
        compare_conventions(*numbers)


def test_an_unknown_convention_lists_those_that_there_are() -> None:
    with pytest.raises(SpecError) as caught:
        compare_conventions(32, 8)["nope"]
    message = str(caught.value)
    assert message.startswith("there is no convention 'nope'; the conventions are 'explicit P', ")
    assert all(repr(row.name) in message for row in compare_conventions(32, 8).rows)
