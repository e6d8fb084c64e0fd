"""Every explorer can be had from course.explorers, by the name of its file."""

from importlib import import_module
from pkgutil import iter_modules

from course import explorers


def test_every_explorer_can_be_imported_from_course_explorers() -> None:
    names = [file.name for file in iter_modules(explorers.__path__)]
    written = {
        name for name in names if hasattr(import_module(f"{explorers.__name__}.{name}"), name)
    }
    missing = sorted(written - set(explorers.__all__))
    assert not missing, f"import {missing} in {explorers.__file__}, and add the name to __all__"
    assert sorted(written) == explorers.__all__
