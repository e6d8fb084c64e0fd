"""The values that mistakes yield."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import permutations, product
from math import prod
from typing import TYPE_CHECKING, Any

from autograder.checks.arrays.causes import Causes
from autograder.checks.arrays.computation import Computation, linear, run
from autograder.checks.arrays.shapes import output_shape
from course import layers as L
from course.layers.sliding import Sliding

if TYPE_CHECKING:
    from course.forward.arrays import Array

WRAPPING = ("uint8", "int8", "uint16", "int16", "uint32", "int32")
"""The types in which sums of pixels wrap around."""

POOLS: dict[type[L.Layer], tuple[str, Any]] = {
    L.MaxPooling2D: ("average-for-max", L.AveragePooling2D),
    L.AveragePooling2D: ("max-for-average", L.MaxPooling2D),
}
"""For each pooling, the mistake of doing the other, and the other."""

Explanation = tuple[Causes, "Callable[[], Array]"]
"""Some causes, and how to compute the array that they yield."""


def layer_mistakes(computation: Computation) -> Iterator[Explanation]:
    """What comes out when the layer is computed otherwise than it should be."""
    layer, bias = computation.layer, computation.bias
    image = computation.image.astype(float)
    kernel = None if computation.kernel is None else computation.kernel.astype(float)
    activation = getattr(layer, "activation", None)
    plain = linear(layer)
    sums = [("", run(plain, image, kernel)), *_sum_mistakes(plain, image, kernel)]
    biases = [("", bias)] + ([] if bias is None else [("bias-forgotten", None)])
    activations: list[tuple[str, Any]] = [("", activation)]
    if activation not in (None, "linear"):
        activations.append(("activation-forgotten", None))
    elif hasattr(layer, "activation"):
        activations.append(("relu-added", "relu"))
    for (summed, values), (added, offsets), (activated, function) in product(
        sums, biases, activations
    ):
        causes = tuple(filter(None, (summed, added, activated)))
        if len(causes) < 3:
            yield causes, partial(finish, values, offsets, function)
    if all(array.dtype.kind == "i" for array in (computation.image, *computation.weights)):
        for values in _wrapped(layer, finish(sums[0][1], bias, None)):
            yield ("overflow",), partial(finish, values, None, activation)


def _wrapped(layer: Any, values: "Array") -> Iterator["Array"]:
    """The values as they wrap around in small types; for means, their sums do."""
    import numpy as np

    means = type(layer) is L.AveragePooling2D and layer.padding == "valid"
    cells = prod(layer.pool_size) if means else 1
    whole = np.rint(cells * values).astype(np.int64)
    if np.allclose(whole, cells * values):
        for kind in WRAPPING:
            yield whole.astype(kind) / cells if means else whole.astype(kind)


def finish(values: "Array", bias: "Array | None", activation: Any) -> "Array":
    """The sums with a bias and an activation."""
    values = values if bias is None else values + bias
    return values if activation is None else run(L.Activation(activation), values)


def _sum_mistakes(
    layer: Any, image: "Array", kernel: "Array | None"
) -> Iterator[tuple[str, "Array"]]:
    """Wrong ways to the sums, before bias and activation."""
    if kernel is not None and isinstance(layer, L.Conv2D | L.LocallyConnected2D):
        yield from _kernel_mistakes(layer, image, kernel)
    elif kernel is not None and kernel.shape[0] == kernel.shape[1]:
        yield "transposed-kernel", run(layer, image, kernel.T)
    if type(layer) in POOLS:
        cause, kind = POOLS[type(layer)]
        yield cause, run(kind(layer.pool_size, layer.strides, layer.padding), image)
    if isinstance(layer, Sliding):
        height, width, _ = layer.output_shape(image.shape)
        if max(layer.strides) > 1 and not isinstance(layer, L.LocallyConnected2D):
            yield "stride-ignored", run(layer, image, kernel, strides=1)[:height, :width]
        for values in _padded_otherwise(layer, image, kernel):
            yield "padding-other-side", values


def _kernel_mistakes(layer: Any, image: "Array", kernel: "Array") -> Iterator[tuple[str, "Array"]]:
    """The kernel, or the channels, taken the wrong way round."""
    import numpy as np

    shared = isinstance(layer, L.Conv2D)
    # Windows written out, also where the unshared layer's kernel has them in one axis.
    depth = image.shape[-1] // (layer.groups if shared else 1)
    weights = kernel.reshape(*kernel.shape[: 0 if shared else 2], *layer.kernel_size, depth, -1)

    def run_with(weights: "Array", image: "Array" = image) -> "Array":
        shape = weights.shape if shared else (*weights.shape[:2], -1, layer.filters)
        return run(layer, image, weights.reshape(shape))

    yield "flipped-kernel", run_with(np.flip(weights, (-4, -3)))
    yield "flipped-kernel-and-channels", run_with(np.flip(weights, (-4, -3, -2)))
    if layer.kernel_size[0] == layer.kernel_size[1]:
        yield "transposed-kernel", run_with(weights.swapaxes(-4, -3))
    if 1 < depth == image.shape[-1]:
        for channel in range(depth):
            alone = weights[..., [channel], :]
            yield "one-channel-only", run_with(alone, image[..., [channel]])
        yield "first-slice-everywhere", run_with(np.repeat(weights[..., :1, :], depth, -2))
        # Of many channels there are too many orders to try them all.
        orders = list(permutations(range(depth)))[1:] if depth < 4 else [range(depth)[::-1]]
        for order in orders:
            yield "channels-swapped", run_with(weights, image[..., list(order)])


def _padded_otherwise(layer: Any, image: "Array", kernel: "Array | None") -> Iterator["Array"]:
    """The outputs with as much padding, but on other sides."""
    import numpy as np

    if layer.padding == "valid":
        return
    if type(layer) in POOLS:  # no padding of one's own choosing: turn the image round instead
        yield np.flip(run(layer, np.flip(image, (0, 1))), (0, 1))
        return
    turned = tuple(pair[::-1] for pair in layer.padding_amounts(image.shape))
    alike = tuple((size - 1) // 2 for size in layer.window_size)
    for padding in (turned, alike, "same"):
        if output_shape(layer, image.shape, padding=padding) == layer.output_shape(image.shape):
            yield run(layer, image, kernel, padding=padding)


def array_mistakes(
    answer: "Array", right: "Array", computation: Computation | None
) -> Iterator[Explanation]:
    """The right array turned, shifted or scaled; no layer is needed for these."""
    values = right.astype(float)
    if right.ndim > 1:
        yield ("transposed",), lambda: values.swapaxes(0, 1)
        yield ("flipped-vertically",), lambda: values[::-1]
        yield ("flipped-horizontally",), lambda: values[:, ::-1]
    if right.ndim in (1, 3):
        filters = computation is not None and computation.kernel is not None
        order = "filters-out-of-order" if filters else "channels-out-of-order"
        order = "values-out-of-order" if right.ndim == 1 else order
        yield (order,), lambda: _reordered(answer, values)
    yield ("sign-changed",), lambda: -values
    if right.dtype.kind in "iu" and computation is None:
        for kind in WRAPPING:
            yield ("overflow",), partial(right.astype, kind)
    if right.size > 2:
        factor = float((answer * values).sum() / (values * values).sum())
        differences = answer - values
        shift = float(differences.mean())
        scaled = max(factor, 1 / factor if factor else 0)
        cause = "not-scaled" if abs(scaled - 255) < 0.1 else "off-by-factor"
        if abs(factor - 1) > 1e-3 and abs(factor) > 1e-6:
            yield (cause,), lambda: factor * values
        if differences.max() - differences.min() <= 0.01 * abs(shift):
            yield ("off-by-constant",), lambda: values + shift


def _reordered(answer: "Array", right: "Array") -> "Array":
    """The right values with the entries of the last axis in the answer's order."""
    import numpy as np

    columns, answered = (array.reshape(-1, right.shape[-1]) for array in (right, answer))
    # A sum with weights that no pattern of the values is likely to even out tells columns apart.
    weights = np.sqrt(np.arange(1, len(columns) + 1))
    found = np.empty_like(columns)
    found[:, np.argsort(weights @ answered)] = columns[:, np.argsort(weights @ columns)]
    return found.reshape(right.shape)
