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
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

from autograder.grading.judge_process import Conclusion
from course.errors import CourseError

PATIENCE = 120.0
"""Seconds that the judge may think about a cell, students' functions left out."""
OF_WEIGHTS = {"get_weights", "weights", "variables", "predict", "evaluate", "kernel", "bias"}
"""Attributes for which a test needs a model with its weights."""

Call = Callable[[str], str]
"""How a function in the kernel is called, both lines of JSON as `AnsweringKernel` has them."""


class JudgeFailed(CourseError):
    """The judge did not come to an end. No answer is to blame."""


class JudgeProcess:
    """One judge. It is started when it is first asked, and again if it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def judge(
        self,
        cell: Mapping[str, Any],
        values: Mapping[str, str],
        call: Call,
        whose: tuple[str, str],
        seconds: float = PATIENCE,
    ) -> Conclusion:
        """What comes of a test cell, given its `source`, its `points`, and what the kernel wrote
        for the names that it uses. `whose` are the student and the course's key.

        Where the judge fails, or takes longer than these seconds, the conclusion has a fault and
        no points.
        """
        asked = {
            "cell": cell["source"],
            "points": cell["points"],
            "used": sorted(names_used(cell["source"])),
            "called": sorted(names_called(cell["source"]) & names_used(cell["source"])),
            "values": dict(values),
            "student": whose[0],
            "key": whose[1],
        }
        began = time.monotonic()
        try:
            process = self._greeted()
            return self._converse(process, asked, call, seconds)
        except (JudgeFailed, OSError, ValueError) as error:
            self.stop()
            fault = f"the judge failed: {error}"
            return Conclusion(points=None, fault=fault, seconds=time.monotonic() - began)

    def _greeted(self) -> "subprocess.Popen[str]":
        """A judge that listens. One that has been idle may be about to end: then a new one."""
        for last in (False, True):
            process = self._running()
            try:
                self._say(process, {"greeting": True})
                self._line(process, PATIENCE, PATIENCE)
                return process
            except (JudgeFailed, OSError):
                self.stop()
                if last:
                    raise
        raise AssertionError

    def _converse(
        self, process: "subprocess.Popen[str]", asked: Any, call: Call, seconds: float
    ) -> Conclusion:
        question, left = asked, seconds
        while True:
            self._say(process, question)
            began = time.monotonic()
            said = json.loads(self._line(process, left, seconds))
            left -= time.monotonic() - began
            if "done" in said:
                return Conclusion(**said["done"] | {"seconds": round(seconds - left, 3)})
            question = {"answer": call(said["call"])}

    def _say(self, process: "subprocess.Popen[str]", what: Any) -> None:
        assert process.stdin is not None
        process.stdin.write(json.dumps(what) + "\n")
        process.stdin.flush()

    def _line(self, process: "subprocess.Popen[str]", left: float, seconds: float) -> str:
        assert process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            if not waiting.select(max(left, 0)):
                raise JudgeFailed(f"it took longer than {seconds:g} s", "see what the test does")
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


@cache
def names_called(source: str) -> frozenset[str]:
    """The names that a cell calls.

    >>> sorted(names_called("attempted(width)\\nprint(area(3))"))
    ['area', 'attempted', 'print']
    """
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return frozenset(call.func.id for call in calls if isinstance(call.func, ast.Name))


def needs_weights(source: str) -> bool:
    """Whether a cell asks a model for its weights."""
    tree = ast.walk(ast.parse(source))
    return any(isinstance(node, ast.Attribute) and node.attr in OF_WEIGHTS for node in tree)
