"""The kernel that runs a submission: IPython's, with an ear for what the judge asks.

    python -m autograder.kernels.kernel -f CONNECTION_FILE [--sandboxed LIMITS]

Besides Jupyter's messages it answers a `convdims_request`, which asks for the values of names, or
for what one of the functions gives. All of it runs within the student's reach: whoever asks takes
the answer for the student's word, and reads it as plain data.
"""

import argparse
import json
import os
import shutil
import sys
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from autograder.kernels.plain_data import TooLarge, Writer, read
from autograder.kernels.sandbox import GIVEN, THREADS, WORK, MiB
from autograder.kernels.type_names import type_name
from autograder.kernels.wall import build_wall

LONGEST_ERROR = 2_000
NICE = 5
"""So that whoever watches over the limits gets to run however much is going on here."""


class AnsweringKernel(IPythonKernel):
    """IPython's kernel, which also says what the student's names hold."""

    msg_types = [*IPythonKernel.msg_types, "convdims_request"]  # noqa: RUF012  (as its own)
    shell: Any
    session: Any

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        self.functions: list[Any] = []
        # exit() ends a kernel some time later, and what is judged until then is left to luck.
        self.shell.ask_exit = lambda: None

    async def convdims_request(self, stream: Any, ident: Any, parent: Any) -> None:
        """Answer the judge."""
        asked = parent["content"]
        if "names" in asked:
            content: dict[str, Any] = {"values": self._values(asked["names"], asked["weights"])}
        else:
            content = {"answer": json.dumps(self._call(json.loads(asked["call"])))}
        self.session.send(stream, "convdims_reply", content, parent, ident=ident)

    def _values(self, names: list[str], weights: bool) -> dict[str, str]:
        """Those of the names that there are, each with its value as JSON."""
        return {
            name: json.dumps(self._written(self.shell.user_ns[name], weights))
            for name in names
            if name in self.shell.user_ns
        }

    def _written(self, value: Any, weights: bool = False) -> Any:
        writer = Writer(with_weights=weights)
        writer.functions = self.functions
        try:
            return writer.write(value)
        except TooLarge:
            return ["foreign", f"{type_name(value)} that is too large", []]
        except Exception:  # a student's object, or one half made, may fail at anything
            return ["foreign", type_name(value), []]

    def _call(self, asked: list[Any]) -> list[Any]:
        """What a function gives, as ["value", ...], ["error", type, text] or ["interrupted"]."""
        place, arguments, named = asked
        try:
            given = self.functions[place](*read(arguments), **read(named))
            return ["value", self._written(given)]
        except KeyboardInterrupt:
            return ["interrupted"]
        except BaseException as error:  # exit() in a function is an answer like any other
            return ["error", type_name(error), _text_of(error)]


def _text_of(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_ERROR]
    except Exception:
        return ""


def limit(limits: dict[str, int]) -> None:
    """Set the system's own limits, each process's: the submission's are held from outside."""
    import resource

    for which, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, limits["memory"] * MiB),
        (resource.RLIMIT_FSIZE, limits["file_size"] * MiB),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_NPROC, limits["processes"] + THREADS),
    ):
        resource.setrlimit(which, (most, most))


def main() -> None:
    """Start the kernel, and run until it is told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-f", required=True)
    parser.add_argument("--sandboxed", default="")
    asked, others = parser.parse_known_args()
    if asked.sandboxed:
        os.nice(NICE)
        limit(json.loads(asked.sandboxed))
        build_wall()
        shutil.copytree(GIVEN, WORK, dirs_exist_ok=True)
    # Last, and there before IPython would put it first: a file numpy.py handed in is not NumPy.
    sys.path = [*(place for place in sys.path if place not in ("", os.getcwd())), ""]
    app = IPKernelApp.instance(kernel_class=AnsweringKernel, connection_file=asked.f)
    app.initialize(others)
    app.start()


if __name__ == "__main__":
    main()
