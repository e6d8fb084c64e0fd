"""Hypothesis strategies for layers that can be built, each drawn to fit its input's shape.

`FITTING` holds a function for each of the eight kinds that the units are about, from an input shape
to a strategy of layers that this input suits; `RANKS` says how many numbers a shape may have. All
other kinds are drawn by `test_convolution_families` and `test_other_kinds` in tests/course/layers.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from course import Stack
from course import layers as L

Shape = tuple[int, ...]
Case = tuple[L.Layer, Shape]

ACTIVATIONS = ("relu", "softmax", "tanh", "sigmoid", "gelu", "elu", "linear", None)

names = st.sampled_from([None, None, "first", "block1_conv1"])
data_formats = st.sampled_from(
    ["channels_last", "channels_last", "channels_last", "channels_first"]
)


def for_all(strategy: st.SearchStrategy[Any], claim: Callable[[Any], None], examples: int) -> None:
    """Run `claim` on this many examples, so that one test has an everyday and a thorough form."""
    settings(max_examples=examples, deadline=None)(given(strategy)(claim))()


def shapes(kind: type[L.Layer]) -> st.SearchStrategy[Shape]:
    """Input shapes for this kind of layer: small, and now and then a real image's."""
    sizes = st.one_of(st.integers(1, 12), st.integers(1, 40), st.sampled_from([128, 224, 500]))
    ranks = st.sampled_from(RANKS[kind])
    return ranks.flatmap(lambda rank: st.tuples(*[sizes] * rank))


def cases(kind: type[L.Layer]) -> st.SearchStrategy[Case]:
    """A layer of this kind with an input shape that suits it."""
    return shapes(kind).flatmap(lambda shape: st.tuples(FITTING[kind](shape), st.just(shape)))


def any_case() -> st.SearchStrategy[Case]:
    """A layer of any kind with an input shape that suits it."""
    return st.sampled_from(list(FITTING)).flatmap(cases)


@st.composite
def per_axis(draw: st.DrawFn, *most: int) -> int | Shape:
    """A size per axis, from 1 to the most that the axis takes; often one int for both."""
    if draw(st.booleans()):
        size = draw(st.integers(1, min(most)))
        return draw(st.sampled_from([size, (size,) * len(most)]))
    return tuple(draw(st.integers(1, limit)) for limit in most)


def common(**more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the keyword arguments that a layer may be given, `name` and `trainable` too."""
    optional = {"name": names, "trainable": st.booleans(), **more}
    return st.fixed_dictionaries({}, optional=optional)


def pads(most: int) -> st.SearchStrategy[Any]:
    """Explicit padding in each of its forms: P, (P_h, P_w), ((top, bottom), (left, right))."""
    size = st.integers(0, most)
    pair = st.tuples(size, size)
    return st.one_of(size, pair, st.tuples(pair, pair))


def both_sides(padding: Any) -> Shape:
    """What an explicit padding adds to height and width in all, worked out apart from course."""
    height, width = padding if isinstance(padding, tuple) else (padding, padding)
    return tuple(sum(p) if isinstance(p, tuple) else 2 * p for p in (height, width))


def split(shape: Shape, data_format: str) -> tuple[Shape, int]:
    """The spatial sizes and the depth."""
    return (shape[:-1], shape[-1]) if data_format == "channels_last" else (shape[1:], shape[0])


def dense(shape: Shape) -> st.SearchStrategy[L.Layer]:
    """Dense layers of 1 to 300 units."""
    more = common(activation=st.sampled_from(ACTIVATIONS), use_bias=st.booleans())
    return st.builds(lambda units, rest: L.Dense(units, **rest), st.integers(1, 300), more)


@st.composite
def conv2d(draw: st.DrawFn, shape: Shape) -> L.Layer:
    """Convolutions with every argument, windows kept inside the padded input."""
    data_format = draw(data_formats)
    spatial, depth = split(shape, data_format)
    padding = draw(st.one_of(st.sampled_from(["valid", "same"]), pads(4)))
    added = (0, 0) if isinstance(padding, str) else both_sides(padding)
    room = [9, 9] if padding == "same" else [w + p for w, p in zip(spatial, added, strict=True)]
    kernel = draw(per_axis(*(min(9, most) for most in room)))
    cells = kernel if isinstance(kernel, tuple) else (kernel, kernel)
    gaps = [(most - 1) // max(k - 1, 1) for most, k in zip(room, cells, strict=True)]
    dilated = min(gaps) > 1 and draw(st.integers(0, 3)) == 0
    moves = {"dilation_rate": per_axis(*(min(4, d) for d in gaps))} if dilated else {}
    moves = moves or {"strides": per_axis(5, 5)}
    groups = draw(st.sampled_from([g for g in range(1, min(depth, 8) + 1) if depth % g == 0]))
    rest = draw(common(activation=st.sampled_from(ACTIVATIONS), use_bias=st.booleans(), **moves))
    rest |= {"data_format": data_format} if data_format == "channels_first" else {}
    filters = groups * draw(st.integers(1, 12))
    return L.Conv2D(filters, kernel, padding=padding, groups=groups, **rest)


@st.composite
def pool2d(draw: st.DrawFn, kind: type[L.Layer], shape: Shape) -> L.Layer:
    """Pooling whose window lies inside the input, or 'same' pooling."""
    data_format = draw(data_formats)
    padding = draw(st.sampled_from(["valid", "same"]))
    room = (9, 9) if padding == "same" else split(shape, data_format)[0]
    size = draw(per_axis(*(min(6, most) for most in room)))
    rest = draw(common(strides=st.one_of(st.none(), per_axis(5, 5))))
    return kind(size, padding=padding, data_format=data_format, **rest)


def zero_padding2d(shape: Shape) -> st.SearchStrategy[L.Layer]:
    """A border of 0 to 5 rows or columns on each side."""
    more = common(data_format=data_formats)
    return st.builds(lambda padding, rest: L.ZeroPadding2D(padding, **rest), pads(5), more)


def flatten(shape: Shape) -> st.SearchStrategy[L.Layer]:
    """Flatten, in either data format."""
    return st.builds(lambda rest: L.Flatten(**rest), common(data_format=data_formats))


def dropout(shape: Shape) -> st.SearchStrategy[L.Layer]:
    """Dropout of any rate, 0 and 1 included."""
    rates = st.one_of(st.sampled_from([0, 0.25, 0.5, 1]), st.floats(0, 1))
    return st.builds(lambda rate, rest: L.Dropout(rate, **rest), rates, common())


def activation(shape: Shape) -> st.SearchStrategy[L.Layer]:
    """The common activations."""
    return st.builds(
        lambda name, rest: L.Activation(name, **rest),
        st.sampled_from([name for name in ACTIVATIONS if name]),
        common(),
    )


FITTING: dict[type[L.Layer], Callable[[Shape], st.SearchStrategy[L.Layer]]] = {
    L.Activation: activation,
    L.AveragePooling2D: lambda shape: pool2d(L.AveragePooling2D, shape),
    L.Conv2D: conv2d,
    L.Dense: dense,
    L.Dropout: dropout,
    L.Flatten: flatten,
    L.MaxPooling2D: lambda shape: pool2d(L.MaxPooling2D, shape),
    L.ZeroPadding2D: zero_padding2d,
}

RANKS: dict[type[L.Layer], tuple[int, ...]] = {
    L.Activation: (1, 2, 3, 4),
    L.AveragePooling2D: (3,),
    L.Conv2D: (3,),
    L.Dense: (1, 2, 3, 4),
    L.Dropout: (1, 2, 3, 4),
    L.Flatten: (1, 2, 3, 4),
    L.MaxPooling2D: (3,),
    L.ZeroPadding2D: (3,),
}


@st.composite
def stacks(draw: st.DrawFn, most: int = 6) -> tuple[Stack, Shape]:
    """Up to `most` layers, each fitting what the one before gives, on an image; some have names."""
    first = draw(shapes(L.Conv2D))
    shape, layers = first, []
    for place in range(draw(st.integers(1, most))):
        kinds = [kind for kind, ranks in RANKS.items() if len(shape) in ranks]
        kind = draw(st.sampled_from(kinds))
        name = draw(st.sampled_from([None, None, f"layer_{place}"]))
        layer = replace(draw(FITTING[kind](shape)), name=name)
        layers.append(layer)
        shape = layer.output_shape(shape)
    return Stack(layers), first
