"""Each kind of layer can be imported, and is held against Keras."""

from collections.abc import Iterator

from course import layers as L
from tests.course.layers import test_convolution_families as convolution_families
from tests.course.layers import test_other_kinds as other_kinds
from tests.strategies import FITTING

COMPARED = {*FITTING, *convolution_families.KINDS, *other_kinds.ARGUMENTS}
NOT_COMPARED = {
    L.Layer: "what all kinds share",
    L.UnknownLayer: "stands for a layer that the course does not know",
    L.InputLayer: "takes a shape, not arguments; tests of read_model hold whole models up to Keras",
    L.CustomScaleLayer: "keras.applications keeps it to itself",
    L.LayerScale: "keras.applications keeps it to itself",
    L.StochasticDepth: "keras.applications keeps it to itself",
}


def names(kinds: set[type[L.Layer]]) -> list[str]:
    """What they are called, in order."""
    return sorted(kind.__name__ for kind in kinds)


def last_below(kind: type[L.Layer]) -> Iterator[type[L.Layer]]:
    """The classes of course.layers that are made from a kind, and that none is made from."""
    for one in kind.__subclasses__():
        if one.__module__.startswith("course.layers."):
            yield from last_below(one) if one.__subclasses__() else [one]


def test_every_kind_of_layer_is_compared_with_keras() -> None:
    public = {getattr(L, name) for name in L.__all__} - {L.QUANTITIES}
    missing = names(public - COMPARED - set(NOT_COMPARED))
    assert not missing, (
        f"{missing} are not compared with Keras: add their arguments to ARGUMENTS in "
        f"{other_kinds.__file__}, or a layer with a window to KINDS in "
        f"{convolution_families.__file__}"
    )
    assert not names(COMPARED & set(NOT_COMPARED))


def test_every_kind_of_layer_can_be_imported_from_course_layers() -> None:
    missing = names({kind for kind in last_below(L.Layer) if kind.__name__ not in L.__all__})
    assert not missing, f"import {missing} in {L.__file__}, and add the name to its __all__"
