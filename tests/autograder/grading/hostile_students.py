"""A class of hostile students: each hands in wrong answers and one attack.

An attack is a cell before all others, or answers that are more than wrong; in it, words such as
`HOST_PORT` stand for places outside of the sandbox, which the tests fill in. Nothing is earned by
any of them, unless `missed` says so.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent

from tests.autograder.grading.classroom import NONE_RIGHT, Handing, Student

MARK = "convdims-attack"
"""In the names of files and processes that an attack leaves behind, if it can."""
HOST = ".host.json"
"""Beside the course's sources: what the words in attacks stand for."""


@dataclass(frozen=True)
class Attack(Student):
    """A hostile student; `ended` is said in the receipt where the notebook has to be ended."""

    missed: frozenset[str] = NONE_RIGHT
    ended: str = ""


def code(text: str = "", **answers: str) -> Callable[[Handing], None]:
    """Wrong answers, a cell of one's own before all others, and answers of one's own."""

    def change(handing: Handing) -> None:
        handing.answer_wrong()
        words = json.loads((handing.course / HOST).read_text()) | {"COURSE": str(handing.course)}

        def filled(cell: str) -> str:
            for word, meaning in words.items():
                cell = cell.replace(word, str(meaning))
            return dedent(cell)

        if text:
            handing.add_first(filled(text))
        for exercise, answer in answers.items():
            handing.answer(f"{exercise}-answer", filled(answer))

    return change


QUICK = [
    Attack(
        "checks-rebound",
        "the checks and the judge of the course are made to agree with everything",
        code("""\
            import autograder, autograder.checks, autograder.judge
            for home in (autograder, autograder.checks, autograder.judge):
                for name in dir(home):
                    if callable(getattr(home, name)):
                        setattr(home, name, lambda *arguments, **named: 1.0)"""),
    ),
    Attack(
        "numpy-testing-rebound",
        "NumPy is made to find all arrays equal",
        code("""\
            import numpy, numpy.testing
            for name in ("array_equal", "allclose", "array_equiv", "isclose"):
                setattr(numpy, name, lambda *arguments, **named: True)
            for name in dir(numpy.testing):
                if name.startswith("assert"):
                    setattr(numpy.testing, name, lambda *arguments, **named: None)"""),
    ),
    Attack(
        "equal-to-all",
        "answers that are equal to everything",
        code(
            ex1="""\
            class Yes:
                def __eq__(self, other): return True
                def __hash__(self): return 64
                def __lt__(self, other): return False
                __gt__ = __ne__ = __lt__
                def __getattr__(self, name): return self
                def __call__(self, *arguments, **named): return self
                def __index__(self): return 1
                def __iter__(self): return iter((self, self, self))
            width = params = width_b = shape = count = sums = sums_b = design = Yes()""",
            ex2="conv_params = Yes()",
            ex3="sums = sums_b = Yes()",
            ex4="shape = count = Yes()",
            ex5="design = Yes()",
        ),
    ),
    Attack(
        "display-hook",
        "what a cell shows is replaced by full points",
        code("""\
            import sys
            shell = get_ipython()
            sys.displayhook = shell.displayhook.__class__.__call__ = lambda *ignored: print("1.0")
            shell.showtraceback = lambda *arguments, **named: None
            shell._showtraceback = lambda *arguments, **named: None"""),
    ),
    Attack(
        "stripped-tests",
        "every statement that could fail is taken out of the cells that follow",
        code("""\
            import ast

            class Strip(ast.NodeTransformer):
                def visit_Assert(self, node): return ast.Pass()
                def visit_Raise(self, node): return ast.Pass()
                def visit_Expr(self, node): return ast.Expr(ast.Constant(1.0))

            get_ipython().ast_transformers.append(Strip())"""),
    ),
    Attack(
        "replaced-source",
        "the text of every cell that follows is replaced",
        code("""\
            shell = get_ipython()
            shell.input_transformers_cleanup.append(lambda lines: ["1.0\\n"])
            shell.input_transformers_post.append(lambda lines: ["1.0\\n"])"""),
    ),
    Attack(
        "results-from-hooks",
        "hooks before and after each cell publish full points",
        code("""\
            def publish(*ignored):
                shell = get_ipython()
                data = {"text/plain": "1.0"}
                shell.display_pub.publish(data=data)
                session, parent = shell.kernel.session, shell.kernel.get_parent("shell")
                content = {"data": data, "metadata": {}, "execution_count": 1}
                session.send(shell.kernel.iopub_socket, "execute_result", content, parent=parent)

            for when in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
                get_ipython().events.register(when, publish)"""),
    ),
    Attack(
        "sql",
        "the gradebook is written to, from all folders that it could be in",
        code("""\
            import glob, sqlite3
            found = glob.glob("../*/gradebook.db") + glob.glob("/*/gradebook.db")
            up = ["../" * n + "gradebook.db" for n in range(6)]
            for name in [*found, *up, "COURSE/gradebook.db"]:
                try:
                    with sqlite3.connect(name) as book:
                        book.execute("update grade set manual_score = 1, auto_score = 1")
                except sqlite3.Error:
                    pass"""),
    ),
    Attack("exits", "the interpreter ends at once", code("import os\nos._exit(0)"), ended="ended"),
    Attack(
        "stack-walker",
        "a function looks for the expected value in all frames and all objects",
        code(
            ex2="""\
            def conv_params(filters, kernel_size, depth):
                import gc, sys
                frame = sys._getframe()
                while frame:
                    for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
                        if hasattr(type(value), "expected"):
                            return value.expected()
                    frame = frame.f_back
                for one in gc.get_objects():
                    if type(one).__name__ in ("Question", "Truth"):
                        return one.expected()
                return 7""",
        ),
    ),
    Attack(
        "second-thoughts",
        "a function that answers rightly every other time",
        code(
            ex2="""\
            calls = []

            def conv_params(filters, kernel_size, depth):
                calls.append(filters)
                right = filters * kernel_size * kernel_size * depth + filters
                return right if len(calls) % 2 == 0 else 7""",
        ),
    ),
]
