"""Hostile students who lie with models, or flood whoever grades."""

from tests.autograder.grading.hostile_outside import EACH_CONNECTION
from tests.autograder.grading.hostile_students import Attack, code

_KERAS = "from course.keras_bridge import keras\n"
_FORGED = """\
    import json
    kernel = get_ipython().kernel

    def layer(name, module="keras.layers", **config):
        about = {"module": module, "class_name": name, "registered_name": None}
        return about | {"config": {"name": name.lower(), "trainable": True, **config}}

    def model(*layers):
        return layer("Sequential", "keras", layers=list(layers))

    def hand_over(made):
        def values(names, weights):
            return {name: made for name in names}
        kernel._values = values
"""
_INPUT = 'layer("InputLayer", batch_shape=[None, 28, 28, 1], dtype="float32")'

NETWORKS = [
    Attack(
        "false-counts",
        "a Keras model that says to have other counts, shapes and layers",
        code(
            ex5=_KERAS
            + """\
design = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(3)])
for one in (keras.Model, keras.Sequential, keras.layers.Layer, keras.layers.Dense):
    one.count_params = lambda self: 10
    one.output_shape = one.compute_output_shape = (None, 10)
design.__dict__["output_shape"] = (None, 10)""",
        ),
    ),
    Attack(
        "lambda-layer",
        "a Lambda layer and a layer of one's own, which give the shape that is wanted",
        code(
            ex5=_KERAS
            + """\
class Conv2D(keras.layers.Layer):
    def compute_output_shape(self, shape): return (None, 10)
    def call(self, values): return values[:, 0, :10, 0]
    def get_config(self): return {"filters": 1, "kernel_size": (1, 1)}

layers = [Conv2D(), keras.layers.Lambda(lambda values: values)]
design = keras.Sequential([keras.Input((28, 28, 1)), *layers])""",
        ),
    ),
    Attack(
        "lying-config",
        "a model whose config is one's own code, that of another model",
        code(
            ex5=_KERAS
            + """\
L = keras.layers
good = [keras.Input((28, 28, 1)), L.Conv2D(4, 3), L.Flatten(), L.Dense(10)]

class Model(keras.Sequential):
    def get_config(self): return keras.Sequential(good).get_config()
    def __reduce__(self): return keras.Sequential, (good,)

Model.__name__, Model.__module__ = "Sequential", keras.Sequential.__module__
design = Model([keras.Input((28, 28, 1)), L.Flatten(), L.Dense(3)])""",
        ),
    ),
    Attack(
        "forged-classes",
        "a forged model whose layers are functions of the system and files to be read",
        code(
            _FORGED
            + f"""\
    evil = [layer("system", "os", command="touch /tmp/x"), layer("Lambda", function="x")]
    evil += [layer("eval", "builtins"), layer("StringLookup", vocabulary="/etc/hostname")]
    evil += [layer("TFSMLayer", filepath="/tmp"), layer("numpy", "keras.src.saving.saving_lib")]
    evil = [one | {{"registered_name": "Dense"}} for one in evil]
    conv = layer("Conv2D", filters=1, kernel_size=[19, 28])
    hand_over(["keras", json.dumps(model({_INPUT}, *evil, conv)), ["none"]])"""
        ),
    ),
    Attack(
        "absurd-sizes",
        "a forged model of more weights than there are atoms",
        code(
            _FORGED
            + f"""\
    huge = [layer("Conv2D", filters=10**9, kernel_size=[28, 28]), layer("Flatten")]
    huge += [layer("Dense", units=10**12), layer("Dense", units=10**12) | {{"build_config":
             {{"input_shape": [10**9, 10**9]}}}}, layer("ZeroPadding2D", padding=[[10**9] * 2] * 2)]
    hand_over(["keras", json.dumps(model({_INPUT}, *huge)), ["none"]])"""
        ),
    ),
    Attack(
        "nested-models",
        "models within models, a hundred deep, each twice",
        code(
            _FORGED
            + f"""\
    inner = layer("Flatten")
    for n in range(100):
        inner = model(inner)
    hand_over(["keras", json.dumps(model({_INPUT}, inner, inner)), ["none"]])"""
        ),
    ),
    Attack(
        "thousands-of-layers",
        "a forged model of a thousand layers",
        code(
            _FORGED
            + f"""\
    many = [layer("Conv2D", filters=1, kernel_size=[1, 1]) for _ in range(1000)]
    for n, one in enumerate(many):
        one["config"]["name"] = str(n)
    hand_over(["keras", json.dumps(model({_INPUT}, *many)), ["none"]])"""
        ),
    ),
    Attack(
        "stacks",
        "a forged stack of thousands of layers, with numbers of a thousand digits",
        code(
            _FORGED
            + """\
    sizes = [["filters", ["int", "0x" + "f" * 999]], ["kernel_size", ["int", "0x1"]]]
    hand_over(["stack", [["layer", "Conv2D", sizes]] * 4_000, ["none"]])"""
        ),
    ),
]

FLOODS = [
    Attack(
        "large-results",
        "a function that gives 60 MB for each call",
        code(
            ex2="""\
            def conv_params(filters, kernel_size, depth):
                return np.zeros(60 << 20, np.uint8)"""
        ),
    ),
    Attack(
        "large-errors",
        "a function that stops with a text of 30 MB",
        code("""\
            kernel = get_ipython().kernel
            kernel._call = lambda asked: ["error", "ValueError", "x" * (30 << 20)]"""),
    ),
    Attack(
        "large-names",
        "a name and a text that are as large as can be",
        code(
            ex1="width = 'x' * (60 << 20)\nparams = type('x' * 10_000_000, (), {})()\nwidth_b = 3"
        ),
    ),
    Attack(
        "floods-replies",
        "replies without end that nobody asked for",
        code("""\
            import threading, time
            kernel = get_ipython().kernel
            header = {"header": {"msg_id": "nobody"}}

            def flood():
                while True:
                    content = {"status": "ok", "x": "y" * 100_000}
                    kernel.session.send(kernel.iopub_socket, "execute_reply", content, header)
                    time.sleep(0.001)

            threading.Thread(target=flood, daemon=True).start()"""),
    ),
]

HEAVY = [
    Attack(
        "one-endless-message",
        "a message whose parts never end, written past the kernel's own library",
        code(
            EACH_CONNECTION
            + """\
    import select
    size = 1 << 20
    frame = memoryview(b"\\x03" + size.to_bytes(8, "big") + b"x" * size)
    one = next(one for one in connections() if str(one.getsockname()).endswith("-1"))
    sent = at = 0
    while sent < 3 << 30:
        select.select([], [one], [], 1)
        try:
            done = one.send(frame[at:])
        except BlockingIOError:
            continue
        sent, at = sent + done, (at + done) % len(frame)"""
        ),
    ),
    Attack(
        "large-replies",
        "replies of 36 MB that take gigabytes once they are read",
        code("""\
            kernel = get_ipython().kernel
            bomb = '{"width": ["list", [' + "[]," * 12_000_000 + "[]]]}"

            async def convdims_request(stream, ident, parent):
                kernel.session.send(stream, "convdims_reply", {"values": bomb}, parent, ident=ident)

            kernel.shell_handlers["convdims_request"] = convdims_request"""),
    ),
]
