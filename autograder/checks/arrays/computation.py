"""One layer's work on one image, and what it rests on."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from autograder.references import Truth, settled
from autograder.verdicts import text
from course import layers as L
from course.errors import ShapeError, SpecError

if TYPE_CHECKING:
    from course.forward.arrays import Array


OUTPUT = text("computation", "the output of {layer} on an image of {image_shape}")


@dataclass(frozen=True, eq=False)
class Computation:
    """What one layer makes of one image, with weights as Keras has them.

    The arrays are kept as read-only copies, whole numbers as int64, so that they give whole
    numbers exactly. Shapes: as `layer.output_shape` and `course.forward.weight_shapes`.

    Errors: SpecError for what is no layer or is not computed in NumPy, ShapeError for an image or
    weights that do not fit the layer or are not finite numbers. Source: `course.forward`, which
    has the formulas.

    >>> import numpy as np
    >>> layer = L.Conv2D(1, 2, use_bias=False)
    >>> Computation(layer, np.ones((2, 3, 1)), np.ones((2, 2, 1, 1))).expected().tolist()
    [[[4], [4]]]
    """

    layer: L.Layer
    image: Any = field(repr=False)
    kernel: Any = field(default=None, repr=False)
    bias: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.layer, L.Layer):
            raise SpecError(f"{self.layer!r} is no layer", "give a layer of the course")
        # An activation given as a function, such as Keras's own, may take floats only.
        floats = callable(getattr(self.layer, "activation", None))
        for name in ("image", "kernel", "bias"):
            if name == "image" or getattr(self, name) is not None:
                values = given_array(getattr(self, name), name)
                values = values.astype(float) if floats else whole(values)
                values.setflags(write=False)
                object.__setattr__(self, name, values)
        found = self.expected()
        if found.shape != self.layer.output_shape(self.image.shape):
            raise ShapeError(
                f"an image of shape {self.image.shape} is taken for a batch",
                "give the image its channels",
                self.layer.label,
            )
        given_array(found, "output")

    @property
    def weights(self) -> list[Any]:
        """The arrays in the order of Keras's get_weights()."""
        return [array for array in (self.kernel, self.bias) if array is not None]

    def expected(self) -> "Array":
        """The output by `course.forward`."""
        from course.forward import forward

        return forward(self.layer, self.image, self.weights)

    def ask_keras(self) -> "Array":
        """The output of a real Keras layer that has these weights."""
        import numpy as np

        from course.keras_bridge import to_keras

        # TensorFlow convolves with the channels first on a GPU only.
        computation = self.channels_last()
        images = computation.image.astype("float32")[None]
        layer = to_keras(computation.layer)
        layer.build(images.shape)
        layer.set_weights(self.weights)
        output = np.asarray(layer(images))[0]
        turned = computation is not self and output.ndim == 3
        return np.moveaxis(output, -1, 0) if turned else output

    def truth(self) -> Truth:
        """The output on which both agree. Errors: OurFault as in `references.truth`.

        Whole numbers must agree exactly where float32 has them all; others up to its rounding.
        """
        import numpy as np

        expected = self.expected()
        largest = largest_sum(self)
        exact = expected.dtype.kind in "iu" and largest < 2**24
        allowed = {"rtol": 0, "atol": 0} if exact else {"rtol": 1e-4, "atol": 1e-6 * largest}

        def agree(found: Any, wanted: Any) -> bool:
            return found.shape == wanted.shape and bool(np.allclose(found, wanted, **allowed))

        what = OUTPUT(layer=repr(self.layer), image_shape=self.image.shape)
        return settled(expected, self.ask_keras, what, agree=agree, say=_shape_alone)

    def channels_last(self) -> "Computation":
        """The same with the channels last; itself where they are so already."""
        import numpy as np

        if not self.layer.channels_first or self.image.ndim != 3:
            return self
        layer: Any = self.layer
        layer = replace(layer, data_format="channels_last")
        return replace(self, layer=layer, image=np.moveaxis(self.image, 0, -1))


def _shape_alone(values: "Array") -> str:
    """Values in an error: their shape, as the values themselves would be the answer."""
    return f"values of shape {values.shape}"


def given_array(values: Any, what: str) -> "Array":
    """An instructor's array, copied, or an error that says why it is none."""
    import numpy as np

    from course.forward.arrays import numbers_of

    array = np.array(numbers_of(values, what))
    if not array.size or not np.isfinite(array).all():
        raise ShapeError(f"the {what} holds no values, or not finite ones", "give finite numbers")
    return array


def whole(values: "Array") -> "Array":
    """The values in int64 where that changes none of them."""
    import numpy as np

    if np.abs(values.astype(float)).max() < 2**53 and np.array_equal(values, np.rint(values)):
        return values.astype(np.int64)
    return values


def largest_sum(computation: Computation) -> float:
    """The largest sum that could arise on the way, were all signs alike."""
    import numpy as np

    last = computation.channels_last()
    kernel = None if last.kernel is None else np.abs(last.kernel)
    sums = run(linear(last.layer), np.abs(last.image), kernel)
    return float(sums.max() + (0 if last.bias is None else np.abs(last.bias).max()))


def linear(layer: Any) -> Any:
    """The layer without its bias and activation."""
    plain = {"activation": None, "use_bias": False}
    return replace(layer, **{name: plain[name] for name in plain if hasattr(layer, name)})


def run(layer: Any, image: "Array", kernel: "Array | None" = None, **changes: Any) -> "Array":
    """What a layer without a bias makes of an image, some of its arguments changed."""
    from course.forward import forward

    return forward(replace(layer, **changes), image, [] if kernel is None else [kernel])
