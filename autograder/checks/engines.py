"""Whom a student's function asks in place of computing, as far as its code says so."""

from collections.abc import Iterator
from contextlib import suppress
from dis import get_instructions
from functools import lru_cache, partial
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograder.answers import StudentFunction
from autograder.verdicts import text

ENGINES = {
    "course": text("engine.course", "the course's engine"),
    "autograder": text("engine.autograder", "the course's checks"),
    "keras": text("engine.keras", "Keras"),
    "tensorflow": text("engine.tensorflow", "TensorFlow"),
}

CACHED = type(lru_cache(len))
"""What functools.cache and lru_cache make of a function."""


def engines_of(function: Any) -> set[str]:
    """Those of ENGINES that a function's code names: modules that it imports, and what its names
    stand for in the notebook, also in the functions that it calls.

    Partials, bound methods, defaults and cached functions are looked through; objects with a
    `__call__` of their own are not. Of a function in another process its kernel has said it.

    >>> from course import layers as L
    >>> engines_of(lambda K: L.Conv2D(K, 3).param_count((9, 9, 1)))
    {'course'}
    >>> engines_of(lambda K: K * 3 * 3 + K)
    set()
    """
    if issubclass(type(function), StudentFunction):
        return set(function.engines) & ENGINES.keys()
    seen: set[int] = set()
    waiting = list(_behind(function))
    home = next((one.__globals__ for one in waiting if type(one) is FunctionType), {})
    # Where the function itself is from is no matter: the rehearsal's are made in this package.
    found = ENGINES.keys() & {_package(one) for one in waiting} - {"autograder"}
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        # Only the notebook's own functions are looked into: those of NumPy are others' work.
        if type(one) is FunctionType and one.__globals__ is home:
            imported, values = _used(one)
            used = [inner for value in values for inner in _behind(value)]
            found |= ENGINES.keys() & {*imported, *map(_package, used)}
            waiting += used
    return found


def name_of(function: Any) -> str:
    """What messages call a function: its own name if it has been given one with def."""
    if issubclass(type(function), StudentFunction):
        return str(function.name)
    own = type(function) is FunctionType
    return str.__str__(function.__name__) if own else "your function"


def _behind(value: Any) -> Iterator[Any]:
    """What is called in the end when this is called, with what it has been given to hold."""
    kind = type(value)
    if kind is MethodType:
        yield value.__self__
        yield from _behind(value.__func__)
    elif kind is partial:
        yield from _behind(value.func)
    elif kind is CACHED:
        yield from _behind(value.__wrapped__)
    else:
        yield value


def _used(function: FunctionType) -> tuple[set[str], list[Any]]:
    """The packages that a function's code imports, and what it uses from outside of it."""
    imported: set[str] = set()
    values = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
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
        # Read past the class's own code: a metaclass may answer for __module__ too.
        name = type.__dict__["__module__"].__get__(value if issubclass(kind, type) else kind)
    return name.partition(".")[0] if type(name) is str else ""
