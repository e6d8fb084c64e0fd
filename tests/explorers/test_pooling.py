"""Pooling: each control, each choice of a cell, and the saved copies."""

from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from course import samples
from course.errors import CourseError
from course.explorers import pooling
from course.explorers.pooling import AS_POOL_SIZE
from course.pictures.pooling import pooling_html
from course.pictures.pooling_windows import PoolingState
from course.samples import below_zero, example_result
from tests.explorers.moving import assert_kept_when_saved, assert_moves, choose, controls
from tests.strategies import for_all

RESULT = [
    [5849, 7463, 6193, 7261, 6177],
    [5580, 7161, 7311, 7902, 6699],
    [6690, 7301, 6211, 6464, 7450],
    [6826, 7003, 6740, 6804, 7072],
    [6917, 6605, 6838, 6247, 6121],
]


def drawn(**state: Any) -> str:
    return pooling_html(PoolingState(**{"image": RESULT} | state))


def test_the_explorer_starts_with_the_results_of_the_7x9x3_example() -> None:
    assert example_result()[..., 0].tolist() == RESULT
    assert pooling().picture.value == drawn()


@pytest.mark.parametrize(
    ("label", "value", "state"),
    [
        ("image", "the 7x9x3 example", {"image": samples.example_image()}),
        ("image", "below zero", {"image": below_zero()}),
        ("image", "an edge", {"image": samples.edge()}),
        ("kind", "average", {"kind": "average"}),
        ("pool_size", 3, {"pool_size": 3}),
        ("pool_size", 6, {"pool_size": 6}),
        ("strides", "1", {"strides": 1}),
        ("strides", "3", {"strides": 3}),
    ],
)
def test_moving_a_control_changes_the_picture(label: str, value: Any, state: Any) -> None:
    shown = pooling()
    assert_moves(shown, controls(shown)[label], value, drawn(), drawn(**state))


def test_strides_follow_the_pool_size_until_they_have_a_number_of_their_own() -> None:
    shown = pooling()
    moving = controls(shown)
    assert moving["strides"].value == AS_POOL_SIZE
    moving["pool_size"].value = 3
    assert shown.picture.value == drawn(pool_size=3, strides=3)
    moving["strides"].value = "2"
    moving["pool_size"].value = 4
    assert shown.picture.value == drawn(pool_size=4, strides=2)


def test_an_image_with_channels_has_one_to_choose() -> None:
    shown = pooling()
    moving = controls(shown)
    assert moving["channel"].disabled
    moving["image"].value = "the 7x9x3 example"
    assert (moving["channel"].disabled, moving["channel"].max) == (False, 3)
    moving["channel"].value = 3
    assert shown.picture.value == drawn(image=samples.example_image(), channel=2)
    moving["image"].value = "the example's results"
    assert moving["channel"].disabled
    assert shown.picture.value == drawn()


@pytest.mark.parametrize(
    ("grid", "place", "output"),
    [
        ("same", (2, 1), (2, 1)),
        ("valid", (1, 0), (1, 0)),
        ("valid input", (2, 3), (1, 1)),
        ("valid input", (4, 4), (1, 1)),
        ("same input", (5, 5), (2, 2)),
    ],
)
def test_a_chosen_cell_or_pixel_moves_the_window(grid: str, place: Any, output: Any) -> None:
    shown = pooling()
    choose(shown, grid, *place)
    assert shown.picture.value == drawn(row=output[0], column=output[1])
    assert shown.picture.answered == shown.picture.chosen["at"]


def test_a_choice_on_a_picture_that_is_gone_is_harmless() -> None:
    shown = pooling()
    controls(shown)["pool_size"].value = 6
    choose(shown, "valid input", 3, 3)
    assert shown.picture.value == drawn(pool_size=6, row=3, column=3)


def test_any_walk_ends_in_the_picture_of_where_it_ends() -> None:
    shown = pooling()
    moving = controls(shown)

    def claim(state: dict[str, Any]) -> None:
        for label, value in state.items():
            if label != "cell":
                moving[label].value = value
        choose(shown, "same", *state["cell"])
        row, column = state["cell"]
        strides = None if state["strides"] == AS_POOL_SIZE else int(state["strides"])
        told = {"pool_size": state["pool_size"], "kind": state["kind"], "strides": strides}
        assert shown.picture.value == drawn(row=row, column=column, **told)

    walks = {label: st.sampled_from(moving[label].options) for label in ("kind", "strides")}
    walks |= {"pool_size": st.integers(1, 6)}
    walks |= {"cell": st.tuples(st.integers(0, 4), st.integers(0, 4))}
    for_all(st.fixed_dictionaries(walks), claim, 40)


def test_what_is_passed_in_is_shown_first_and_the_samples_stay_in_reach() -> None:
    mine = np.arange(20).reshape(4, 5)
    shown = pooling(mine, (2, 3), (1, 2), "average")
    assert shown.picture.value == drawn(
        image=mine, pool_size=(2, 3), strides=(1, 2), kind="average"
    )
    moving = controls(shown)
    assert [moving["image"].value, moving["strides"].value] == ["yours", "1 × 2"]
    moving["F_h"].value = 4
    moving["strides"].value = AS_POOL_SIZE
    moving["image"].value = "the example's results"
    assert shown.picture.value == drawn(pool_size=(4, 3), kind="average")
    assert controls(pooling(strides=9))["strides"].value == "9"


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": np.zeros((65, 3))},
        {"image": np.zeros((3, 3, 17))},
        {"image": [1, 2]},
        {"image": "text"},
        {"pool_size": 0},
        {"pool_size": (1, 2, 3)},
        {"strides": 1.5},
        {"kind": "median"},
    ],
    ids=str,
)
def test_a_start_that_makes_no_pooling_is_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(CourseError):
        pooling(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": np.zeros((64, 64, 16))},
        {"image": np.zeros((64, 64)), "pool_size": 1, "strides": 5},
        {"image": [[True, False]]},
        {"image": [[5]]},
        {"pool_size": 20},
    ],
    ids=["largest", "sparse", "bool", "tiny", "wide"],
)
def test_a_start_at_the_edges_lives(arguments: dict[str, Any]) -> None:
    shown = pooling(**arguments)
    moving = controls(shown)
    moving["image"].value = "the example's results"
    moving["pool_size"].value = 2
    moving["strides"].value = AS_POOL_SIZE
    assert shown.picture.value == drawn()


def test_a_saved_notebook_keeps_a_picture() -> None:
    shown = pooling()
    choose(shown, "same", 1, 1)
    assert_kept_when_saved(shown, drawn(row=1, column=1))
