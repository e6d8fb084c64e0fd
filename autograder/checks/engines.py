"""Whom a student's function asks in place of computing, as far as its code says so."""

from contextlib import suppress
from dis import get_instructions
from types import CodeType, FunctionType, ModuleType
from typing import Any

from autograder.verdicts import text

ENGINES = {
    "course": text("engine.course", "the course's engine"),
    "autograder": text("engine.autograder", "the course's checks"),
    "keras": text("engine.keras", "Keras"),
    "tensorflow": text("engine.tensorflow", "TensorFlow"),
}


def engines_of(function: Any) -> set[str]:
    """Those of ENGINES that a function's code names: modules that it imports, and what its names
    stand for in the notebook, also in the functions that it calls.

    >>> from course import layers as L
    >>> engines_of(lambda K: L.Conv2D(K, 3).param_count((9, 9, 1)))
    {'course'}
    >>> engines_of(lambda K: K * 3 * 3 + K)
    set()
    """
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if type(one) is not FunctionType or id(one) in seen:
            continue
        seen.add(id(one))
        imported, values = _used(one)
        found |= ENGINES.keys() & {*imported, *map(_package, values)}
        # Only the notebook's own functions are looked into: those of NumPy are others' work.
        functions = [value for value in values if type(value) is FunctionType]
        waiting += [each for each in functions if each.__globals__ is one.__globals__]
    return found


def _used(function: FunctionType) -> tuple[set[str], list[Any]]:
    """The packages that a function's code imports, and what it uses from outside of it."""
    imported: set[str] = set()
    values: list[Any] = []
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
        for step in get_instructions(code):
            if step.opname in ("IMPORT_NAME", "IMPORT_FROM"):
                imported.add(step.argval.partition(".")[0])
            elif step.opname == "LOAD_GLOBAL" and step.argval in function.__globals__:
                values.append(function.__globals__[step.argval])
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # nothing was assigned to it yet
            values.append(cell.cell_contents)
    return imported, values


def _package(value: Any) -> str:
    """The package that a module, a function, a class or an object's class is from."""
    kind = type(value)
    if kind is ModuleType or kind is FunctionType:
        name = value.__name__ if kind is ModuleType else value.__module__
    else:
        # Past the class's own code: a metaclass may answer for __module__ too.
        name = type.__getattribute__(value if issubclass(kind, type) else kind, "__module__")
    return str(name).partition(".")[0]
