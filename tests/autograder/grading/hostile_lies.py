"""Hostile students whose answers, replies and messages lie about what they are."""

from tests.autograder.grading.hostile_students import Attack, code

LIES = [
    Attack(
        "int-subclass",
        "whole numbers and floats of classes of one's own",
        code(
            ex1="""\
            class Any(int):
                def __eq__(self, other): return True
                def __ne__(self, other): return False
                def __hash__(self): return 0
                def __sub__(self, other): return 0
                def bit_length(self): return 1

            class Real(float):
                __eq__, __hash__ = Any.__eq__, Any.__hash__
                def is_integer(self): return True

            width, params, width_b = Any(1), Real(2), Any(3)""",
            ex4="shape, count = (Any(1), Any(1), Any(1)), Any(5)",
        ),
    ),
    Attack(
        "array-subclass",
        "an array that compares itself",
        code(
            ex3="""\
            class Array(np.ndarray):
                def __eq__(self, other): return np.ones(self.shape, bool)
                def __array_ufunc__(self, *arguments, **named): return np.ones(3, bool)
                def __array_function__(self, *arguments, **named): return True
                def tobytes(self, *arguments): return np.array([3, 7, 11]).tobytes()
                def tolist(self): return [3, 7, 11]

            sums, sums_b = np.zeros(3, int).view(Array), np.zeros((1, 2)).view(Array)""",
        ),
    ),
    Attack(
        "container-subclasses",
        "tuples, lists and dicts with another length and other entries at each look",
        code(
            ex4="""\
            class Every:
                def __eq__(self, other): return True
                __hash__ = None

            class Shape(tuple):
                def __eq__(self, other): return True
                def __len__(self): return 3
                def __iter__(self): return iter([Every()] * 3)
                def __getitem__(self, place): return Every()
                __hash__ = tuple.__hash__

            class Table(dict):
                def items(self): return [(0, 1)]
                __eq__ = Shape.__eq__

            shape, count = Shape((1, 1)), Table()""",
        ),
    ),
    Attack(
        "lying-class",
        "objects that say to be numbers",
        code(
            ex1="""\
            class Number:
                __class__ = property(lambda self: int)
                def __index__(self): return 1
                def __eq__(self, other): return True
                def __reduce__(self): return int, ("64",)
                def __repr__(self): return "64"
                def __format__(self, form): return "64"

            width, params, width_b = Number(), Number(), Number()""",
        ),
    ),
    Attack(
        "metaclass",
        "classes whose class answers for them",
        code(
            ex1="""\
            class Meta(type):
                __name__ = "int"
                def __instancecheck__(self, other): return True
                def __subclasscheck__(self, other): return True
                def __eq__(self, other): return True
                def __hash__(self): return hash(int)
                def mro(cls): return (cls, object)
                def __getattribute__(cls, name):
                    if name in ("__mro__", "__module__"):
                        raise SystemExit
                    return type.__getattribute__(cls, name)

            class Number(metaclass=Meta):
                pass

            width, params, width_b = Number, Number(), Meta""",
            ex2="conv_params = Number",
        ),
    ),
    Attack(
        "odd-arrays",
        "arrays of objects, of fields, of dates, and of letters that there are not",
        code(
            ex3="""\
            class Yes:
                def __eq__(self, other): return True
                __hash__ = None

            sums = np.array([Yes(), Yes(), Yes()], object)
            sums_b = np.zeros((1, 2), [("a", "i8"), ("b", "O")])""",
            ex1="""\
            width = np.frombuffer(b"\\xff\\xff\\xff\\x7f", "<U1")
            params = np.array("nat", "datetime64[ns]")
            width_b = np.zeros((0, 2**40), "S1")""",
        ),
    ),
    Attack(
        "enormous-numbers",
        "whole numbers of thousands and of millions of digits",
        code(
            ex1="width, params, width_b = 10**5000, -(10**29000), 1 << 10_000_000",
            ex2="def conv_params(filters, kernel_size, depth):\n    return 10**29000 + filters",
            ex4="shape, count = (10**5000, float('nan'), float('inf')), 1e308",
        ),
    ),
    Attack(
        "explodes-as-json",
        "values that are small here and endless when they are written",
        code(
            ex3="""\
            sums = []
            sums.append(sums)
            sums_b = [0]
            for _ in range(40):
                sums_b = [sums_b] * 10""",
            ex1="""\
            width = 0
            for _ in range(14):
                width = (width,) * 10
            params = {n: {n: "x" * 10_000} for n in range(100_000)}
            width_b = "x" * (1 << 30)""",
        ),
    ),
    Attack(
        "forged-replies",
        "the judge is sent its own conclusions, and replies for requests yet to come",
        code("""\
            import json
            kernel = get_ipython().kernel

            async def convdims_request(stream, ident, parent):
                done = {"done": {"points": 1.0, "fault": "", "printed": "", "error": None}}
                base, _, count = parent["header"]["msg_id"].rpartition("_")
                for later in range(9):
                    header = parent["header"] | {"msg_id": f"{base}_{int(count) + later}"}
                    content = done | {"values": json.dumps(done), "points": 1.0, "answer": "1.0"}
                    content |= {"status": "ok", "judgements": [{"outcome": "right", "share": 1}]}
                    for kind in ("convdims_reply", "execute_reply", "execute_result"):
                        kernel.session.send(stream, kind, content, {"header": header}, ident=ident)

            kernel.convdims_request = convdims_request
            kernel.shell_handlers["convdims_request"] = convdims_request"""),
    ),
    Attack(
        "fabricated-values",
        "values that no writer writes: negative sizes, wrong lengths, objects, false classes",
        code("""\
            kernel = get_ipython().kernel
            made = {
                "width": ["int", "0x" + "f" * 24_000],
                "params": ["array", "<i8", [-1], "AAAAAAAAAAA="],
                "width_b": ["scalar", "<i8", [], "AAA="],
                "sums": ["array", "O", [3], "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
                "sums_b": ["array", "(3000,3000,3000)f8", [1000, 1000], ""],
                "shape": ["tuple", [["foreign", "int", {"a": 1}], ["no-numbers", "O", [9**9]]]],
                "count": ["foreign", "__import__('os').system('true')", ["Layer", "Model"]],
                "conv_params": ["function", "int", "x; y", ["keras", 7], 10**9],
                "design": ["layer", "Conv2D", [["filters", ["function", "f", "f", [], 0]]]],
            }
            kernel._values = lambda names, weights: made"""),
    ),
    Attack(
        "broken-json",
        "replies that are no JSON, nested without an end, or of another kind",
        code("""\
            kernel = get_ipython().kernel
            replies = ["{", "[" * 100_000, "NaN", '{"width": NaN}', "7" * 100_000, [], 7, None]

            async def convdims_request(stream, ident, parent):
                content = {"values": replies[0], "answer": replies[0]}
                replies.append(replies.pop(0))
                kernel.session.send(stream, "convdims_reply", content, parent, ident=ident)

            kernel.shell_handlers["convdims_request"] = convdims_request"""),
    ),
    Attack(
        "odd-functions",
        "functions that are generators, coroutines, classes, or raise what the judge raises",
        code(
            ex2="""\
            class NotAttempted(BaseException): pass

            class Verdict(SystemExit):
                judgement = outcome = "right"
                def __str__(self): raise MemoryError

            def conv_params(filters, kernel_size, depth):
                if filters == 16:
                    return (n for n in [80])
                if depth == 1:
                    raise NameError("check", name="check")
                raise (Verdict if kernel_size == 2 else NotAttempted)(1.0)""",
        ),
    ),
    Attack(
        "somebody-elses-numbers",
        "the classmate's answers, and everything set that could make them one's own",
        code(
            """\
            import os
            import autograder.personal.identity as identity
            os.environ["CONVDIMS_STUDENT"] = os.environ["JUPYTERHUB_USER"] = "aa-first"
            os.environ["CONVDIMS_COURSE_KEY"] = "another"
            os.makedirs("/tmp/submission/submitted/aa-first/graded", exist_ok=True)
            os.chdir("/tmp/submission/submitted/aa-first/graded")
            open("course_key.txt", "w").write("another")
            for name in ("whoami", "current", "acting_as", "introduce"):
                setattr(identity, name, lambda *ignored: identity.Identity("aa-first"))""",
            ex4="shape, count = AA_SHAPE, AA_COUNT",
        ),
    ),
    Attack(
        "segfault",
        "the interpreter crashes within a function",
        code(
            ex2="""\
            import ctypes

            def conv_params(filters, kernel_size, depth):
                return ctypes.string_at(0)"""
        ),
        ended="ended",
    ),
    Attack(
        "closed-streams",
        "all descriptors are closed",
        code("import os\nos.closerange(0, 200)"),
        ended="",
    ),
    Attack(
        "exit-handlers",
        "what is left to do at the end prints full points",
        code("""\
            import atexit, sys
            atexit.register(print, "1.0")
            sys.stdout.write = sys.stderr.write = lambda text: 1.0"""),
    ),
    Attack(
        "surrogates-in-an-error",
        "a function stops with text that is in no encoding",
        code(
            ex2="""\
            def conv_params(filters, kernel_size, depth):
                raise ValueError("\\ud800")"""
        ),
    ),
    Attack(
        "odd-message-type",
        "a message whose kind is a number",
        code("""\
            kernel = get_ipython().kernel
            message = kernel.session.msg("stream", parent=kernel.get_parent("shell"))
            message["header"]["msg_type"] = 7
            kernel.session.send(kernel.iopub_socket, message)"""),
    ),
    Attack(
        "odd-messages",
        "messages whose parts are of other kinds than they should be",
        code("""\
            kernel = get_ipython().kernel
            for kind, content in (
                ("stream", {"name": ["stdout"], "text": {"a": 7}}),
                ("display_data", {"data": {"text/plain": 7, "image/png": ["x"]}}),
                ("execute_result", {"data": [["text/plain", "1.0"]]}),
                ("error", {"ename": {}, "evalue": [1], "traceback": {"a": 7}}),
                ("status", {"execution_state": ["idle"]}),
                ("execute_reply", {"status": {}}),
                ("comm_open", {}),
            ):
                parent = kernel.get_parent("shell")
                kernel.session.send(kernel.iopub_socket, kind, content, parent=parent)"""),
    ),
]
