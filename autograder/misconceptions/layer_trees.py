"""How one layer's numbers come about, as trees that a misconception can change."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from course.derivation import Step
from course.expression import Expression, Leaf, Number, plus, rebuilt
from course.layers import Layer, LocallyConnected2D
from course.layers.convolution import Convolving
from course.layers.depthwise import Depthwise

Sizes = tuple[Number, ...]
Change = Callable[[Expression], Expression | None]


@dataclass(frozen=True)
class LayerTrees:
    """A layer on an input, the trees of its output's sizes and of one of its counts.

    A count is `weights` plus `biases`, either of which may be missing. `asked` is the count's
    name, or "" where only the shape is wanted.
    """

    layer: Layer
    input_shape: Sizes
    outputs: dict[str, Expression]
    asked: str = ""
    weights: Expression | None = None
    biases: Expression | None = None

    @cached_property
    def sizes(self) -> Sizes:
        """The output shape."""
        return tuple(tree.value for tree in self.outputs.values())

    @cached_property
    def count(self) -> Expression:
        """The tree of the count that was asked for."""
        trees = [tree for tree in (self.weights, self.biases) if tree is not None]
        return plus(*trees) if trees else Leaf(0)

    @property
    def convolves(self) -> bool:
        """Whether the layer is some kind of convolution."""
        return isinstance(self.layer, Convolving)

    @property
    def shares_weights(self) -> bool:
        """Whether the layer is a convolution with the same weights at all places."""
        return self.convolves and not isinstance(self.layer, LocallyConnected2D)

    @property
    def sums_channels(self) -> bool:
        """Whether the layer is a convolution whose outputs each come from all channels."""
        return self.convolves and not isinstance(self.layer, Depthwise)

    @property
    def places(self) -> tuple[Leaf, ...]:
        """The output's height and width (or length), as numbers with their letters."""
        return tuple(
            Leaf(tree.value, name) for name, tree in self.outputs.items() if name != "D_out"
        )

    def with_outputs(self, outputs: dict[str, Expression]) -> "LayerTrees":
        """The same with other sizes, which also go into counts that depend on them."""

        def change(part: Expression) -> Expression:
            if isinstance(part, Leaf) and part.parameter == "W_out":
                return replace(part, value=outputs[part.letter].value)
            return part

        weights, biases = (tree and rebuilt(tree, change) for tree in (self.weights, self.biases))
        return replace(self, outputs=outputs, weights=weights, biases=biases)


def layer_trees(layer: Layer, input_shape: Sizes, asked: str = "") -> LayerTrees:
    """How the engine computes a layer's output shape and, if one is asked for, a count."""
    # Sizes that follow from a mistake may be fractions, which the engine's own doors refuse.
    shape: tuple[int, ...] = input_shape  # type: ignore[assignment]
    outputs = {step.name: step.expression for step in layer.shape_steps(shape)}
    weights = biases = None
    if asked in ("weight_count", "macs"):
        weights = _tree(layer.count_step(asked, shape))
    elif asked == "bias_count":
        biases = _tree(layer.count_step(asked, shape))
    elif asked == "param_count":
        weights, biases = _apart(layer, shape, layer.count_step(asked, shape))
    elif asked == "trainable_count" and layer.trainable:
        weights, biases = _apart(layer, shape, layer.trainable_step(shape))
    return LayerTrees(layer, input_shape, outputs, asked, weights, biases)


def _apart(
    layer: Layer, shape: tuple[int, ...], whole: Step | None
) -> tuple[Expression | None, Expression | None]:
    """A count of parameters as weights and biases; as it is where they do not make it up."""
    steps = layer.count_step("weight_count", shape), layer.count_step("bias_count", shape)
    if whole is not None and sum(step.value for step in steps if step) != whole.value:
        return whole.expression, None
    weights, biases = steps
    return _tree(weights), _tree(biases)


def _tree(step: Step | None) -> Expression | None:
    return step.expression if step else None
