"""Convolution by numbers: each control, each choice of a cell, and the saved copies."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course import samples
from course.errors import CourseError
from course.explorers import convolution
from course.pictures.convolution import ConvolutionState, convolution_html
from tests.explorers.moving import assert_kept_when_saved, assert_moves, choose
from tests.explorers.moving import controls as labelled
from tests.strategies import for_all

IMAGE, KERNEL = samples.example_image(), samples.example_filter()


def controls(shown: Any) -> dict[str, Any]:
    """The controls by their labels, and those of the player by what they do."""
    player = shown.children[0].children[-1]
    names = ("back", "play", "next", "whole")
    return labelled(shown) | dict(zip(names, player.children, strict=True))


def drawn(**state: Any) -> str:
    return convolution_html(ConvolutionState(**{"image": IMAGE, "kernel": KERNEL} | state))


def test_the_explorer_starts_with_the_7x9x3_example() -> None:
    assert convolution().picture.value == drawn()


@pytest.mark.parametrize(
    ("label", "value", "state"),
    [
        ("strides", 3, {"strides": 3}),
        ("dilation", 2, {"dilation_rate": 2}),
        ("padding", "same", {"padding": "same"}),
        ("filter", "vertical edge", {"kernel": samples.vertical_edge(3, 3)}),
        ("filter", "horizontal edge", {"kernel": samples.horizontal_edge(3, 3)}),
        ("filter", "blur", {"kernel": samples.blur(3, 3)}),
        ("filter", "identity", {"kernel": samples.identity(3, 3)}),
        ("image", "an edge", {"image": samples.edge(), "kernel": KERNEL[..., :1]}),
        ("image", "one bright pixel", {"image": samples.spot(), "kernel": KERNEL[..., :1]}),
        ("play", 9, {"row": 1, "column": 2}),
    ],
)
def test_moving_a_control_changes_the_picture(label: str, value: Any, state: Any) -> None:
    shown = convolution()
    assert_moves(shown, controls(shown)[label], value, drawn(), drawn(**state))


def test_a_generated_filter_has_any_size_and_the_examples_has_its_own() -> None:
    shown = convolution()
    assert controls(shown)["filter size"].disabled
    controls(shown)["filter"].value = "blur"
    assert not controls(shown)["filter size"].disabled
    controls(shown)["filter size"].value = 5
    assert shown.picture.value == drawn(kernel=samples.blur(5, 3))
    controls(shown)["filter size"].value = 11
    assert "window 11 is larger than height 7" in shown.picture.value
    controls(shown)["filter"].value = "the 7x9x3 example"
    assert shown.picture.value == drawn()


def test_identity_gives_the_first_channel_back() -> None:
    shown = convolution(padding="same")
    controls(shown)["filter"].value = "identity"
    assert shown.picture.value == drawn(kernel=samples.identity(3, 3), padding="same")


def test_a_chosen_output_cell_is_the_one_under_work() -> None:
    shown = convolution()
    choose(shown, "output", 4, 6)
    assert shown.picture.value == drawn(row=4, column=6)
    assert shown.picture.answered == shown.picture.chosen["at"]
    choose(shown, "output", 0, 3)
    controls(shown)["next"].click()
    assert shown.picture.value == drawn(row=0, column=4)
    choose(shown, "output", 0, 3)
    assert shown.picture.value == drawn(row=0, column=3)


def test_a_chosen_pixel_brings_the_window_over_it() -> None:
    shown = convolution()
    choose(shown, "image", 3, 4)
    assert shown.picture.value == drawn(row=2, column=3)
    choose(shown, "image", 0, 8)
    assert shown.picture.value == drawn(row=0, column=6)


def test_steps_stop_at_both_ends() -> None:
    shown = convolution()
    controls(shown)["back"].click()
    assert shown.picture.value == drawn()
    choose(shown, "output", 4, 6)
    controls(shown)["next"].click()
    assert shown.picture.value == drawn(row=4, column=6)
    controls(shown)["back"].click()
    assert shown.picture.value == drawn(row=4, column=5)


def test_cells_that_are_not_reached_are_empty_while_playing_or_when_told_so() -> None:
    shown = convolution()
    moving = controls(shown)
    moving["play"].playing = True
    assert shown.picture.value == drawn(whole=False)
    moving["play"].value = 10
    assert shown.picture.value == drawn(row=1, column=3, whole=False)
    moving["play"].playing = False
    assert shown.picture.value == drawn(row=1, column=3)
    moving["whole"].value = False
    assert shown.picture.value == drawn(row=1, column=3, whole=False)


def test_the_place_is_kept_where_the_output_changes_its_shape() -> None:
    shown = convolution()
    choose(shown, "output", 2, 5)
    controls(shown)["padding"].value = "same"
    assert shown.picture.value == drawn(row=2, column=5, padding="same")
    controls(shown)["strides"].value = 3
    assert shown.picture.value == drawn(row=2, column=2, padding="same", strides=3)


def test_any_walk_ends_in_the_picture_of_where_it_ends() -> None:
    shown = convolution()
    moving = controls(shown)

    def claim(state: dict[str, Any]) -> None:
        for label in ("strides", "dilation", "padding"):
            moving[label].value = state[label]
        choose(shown, "output", *state["cell"])
        told = {"strides": state["strides"], "dilation_rate": state["dilation"]}
        told |= {"padding": state["padding"]}
        try:
            rows, columns, _ = ConvolutionState(IMAGE, KERNEL, **told).output_shape
        except CourseError:
            assert 'role="alert"' in shown.picture.value
            return
        row, column = (min(at, n - 1) for at, n in zip(state["cell"], (rows, columns), strict=True))
        assert shown.picture.value == drawn(row=row, column=column, **told)

    walks = {
        "strides": st.integers(1, 5),
        "dilation": st.integers(1, 4),
        "padding": st.sampled_from(["valid", "same"]),
        "cell": st.tuples(st.integers(0, 8), st.integers(0, 8)),
    }
    for_all(st.fixed_dictionaries(walks), claim, 40)


def test_what_is_passed_in_is_shown_first_and_the_samples_stay_in_reach() -> None:
    mine, weights = np.arange(20).reshape(4, 5), [[1, -1]]
    shown = convolution(mine, weights, bias=3, strides=2, padding=1)
    state = {"image": mine, "kernel": weights, "bias": 3, "strides": 2, "padding": 1}
    assert shown.picture.value == drawn(**state)
    moving = controls(shown)
    assert [moving["image"].value, moving["filter"].value] == ["yours", "yours"]
    moving["image"].value = "the 7x9x3 example"
    assert shown.picture.value == drawn(**state | {"image": IMAGE})
    moving["filter"].value = "the 7x9x3 example"
    moving["padding"].value = "valid"
    moving["strides"].value = 1
    assert shown.picture.value == drawn(bias=3)


def test_a_filter_of_another_depth_is_explained() -> None:
    shown = convolution(kernel=KERNEL[..., :2])
    assert "given (3, 3, 2, 1)" in shown.picture.value


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": np.zeros((65, 3))},
        {"image": np.zeros((3, 65))},
        {"image": np.zeros((3, 3, 17))},
        {"image": [1, 2]},
        {"image": "text"},
        {"kernel": [1]},
        {"bias": None},
        {"strides": 0},
        {"strides": (1, 2)},
        {"padding": "full"},
        {"dilation_rate": 1.5},
    ],
    ids=str,
)
def test_a_start_that_makes_no_convolution_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        convolution(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": np.zeros((64, 64, 16)), "kernel": np.zeros((1, 1))},
        {"image": [[True, False]], "kernel": [[1]]},
        {"image": np.zeros((2, 2))},
        {"strides": 7},
        {"strides": 2, "dilation_rate": 2},
        {"kernel": np.ones((1, 20))},
    ],
    ids=["largest", "bool", "tiny", "strides", "both", "wide"],
)
def test_a_start_at_the_edges_lives(arguments: dict[str, Any]) -> None:
    shown = convolution(**arguments)
    assert shown.picture.value
    controls(shown)["filter"].value = "identity"
    controls(shown)["filter size"].value = 1
    controls(shown)["image"].value = "one bright pixel"
    controls(shown)["dilation"].value = 1
    assert "The sum is" in shown.picture.value


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = convolution()
    choose(shown, "output", 1, 1)
    assert_kept_when_saved(shown, drawn(row=1, column=1))
