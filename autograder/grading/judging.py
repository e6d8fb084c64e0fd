"""The judge's process as its master sees it: one is started, kept warm, and asked."""

import ast
import atexit
import builtins
import json
import os
import selectors
import subprocess
import symtable
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from autograder.grading.judge_process import Conclusion
from course.errors import CourseError

PATIENCE = 120.0
"""Seconds that the judge may think about a cell, while nobody waits for a student's function."""
OF_WEIGHTS = {"get_weights", "weights", "variables", "predict", "evaluate", "kernel", "bias"}
"""Attributes for which a test needs a model with its weights."""

Call = Callable[[list[Any]], list[Any]]
"""How a function in the kernel is called, as `AnsweringKernel` answers."""


class JudgeFailed(CourseError):
    """The judge did not come to an end. No answer is to blame."""


class JudgeProcess:
    """One judge. It is started when it is first asked, and again if it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def judge(
        self, cell: Mapping[str, Any], values: Mapping[str, Any], call: Call, whose: tuple[str, str]
    ) -> Conclusion:
        """What comes of a test cell, given its `source`, its `points`, and what the kernel wrote
        for the names that it uses. `whose` are the student and the course's key.

        Where the judge fails, the conclusion has a fault and no points.
        """
        asked = {
            "cell": cell["source"],
            "points": cell["points"],
            "used": sorted(names_used(cell["source"])),
            "values": dict(values),
            "student": whose[0],
            "key": whose[1],
        }
        try:
            return self._converse(asked, call)
        except (JudgeFailed, OSError, ValueError) as error:
            self.stop()
            return Conclusion(points=None, fault=f"the judge failed: {error}")

    def _converse(self, asked: Any, call: Call) -> Conclusion:
        process = self._running()
        assert process.stdin is not None
        question = asked
        while True:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            said = json.loads(self._line(process))
            if "done" in said:
                return Conclusion(**said["done"])
            question = {"answer": call(json.loads(said["call"]))}

    def _line(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            if not waiting.select(PATIENCE):
                raise JudgeFailed(f"it took longer than {PATIENCE:g} s", "see what the test does")
        line = process.stdout.readline()
        if not line:
            raise JudgeFailed(f"it ended with {process.wait()}", "see what the test does")
        return line

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is not None and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.grading.judge_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd="/" if os.name == "posix" else None,
                env=os.environ | {"NBGRADER_EXECUTION": "autograde"},
            )
        return self._process

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was to be written has no reader any more
                    if pipe:
                        pipe.close()
            self._process = None


@cache
def judge() -> JudgeProcess:
    """The judge of this process, which is ended with it."""
    made = JudgeProcess()
    atexit.register(made.stop)
    return made


@cache
def names_used(source: str) -> frozenset[str]:
    """The names that a cell takes from the notebook: those that it uses and does not make.

    Errors: SyntaxError for what is no Python.

    >>> sorted(names_used("from autograder import check\\ncheck(width, [f(x) for x in (1, 2)])"))
    ['f', 'width']
    """
    made: set[str] = set()
    used: set[str] = set()
    waiting = [symtable.symtable(source, "<cell>", "exec")]
    for table in waiting:
        top = table.get_type() == "module"
        for symbol in table.get_symbols():
            if top and (symbol.is_assigned() or symbol.is_imported()):
                made.add(symbol.get_name())
            elif symbol.is_referenced() and (top or symbol.is_global()):
                used.add(symbol.get_name())
        waiting += table.get_children()
    return frozenset(used - made - set(dir(builtins)))


def needs_weights(source: str) -> bool:
    """Whether a cell asks a model for its weights."""
    tree = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.Attribute) and node.attr in OF_WEIGHTS for node in tree)
