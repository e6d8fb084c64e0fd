"""Every identifier that a verdict can name is in the catalogue, and no other is."""

import ast
import re
from pathlib import Path

from autograder.checks.arrays import CAUSES
from autograder.misconceptions import NAMES
from autograder.verdicts import MISCONCEPTIONS

SOURCES = sorted(Path("autograder").rglob("*.py"))


def named_in_code() -> set[str]:
    """Every string of the package that is an identifier of the catalogue."""
    found: set[str] = set()
    for path in SOURCES:
        if path.name == "catalogue.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_misconception_and_every_mistake_in_arrays_is_in_the_catalogue() -> None:
    missing = {*NAMES, *CAUSES} - MISCONCEPTIONS.keys()
    assert not missing, f"say in autograder/verdicts/catalogue.py what {missing} means"


def test_nothing_is_in_the_catalogue_that_no_check_names() -> None:
    unused = MISCONCEPTIONS.keys() - named_in_code()
    assert not unused, f"no rule and no check names {unused}"


def test_each_means_something_in_a_sentence_for_teachers() -> None:
    for name, meaning in MISCONCEPTIONS.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert re.fullmatch(r"[A-Z][^{}]*[a-z'0-9]\.", meaning), meaning
    assert len(set(MISCONCEPTIONS.values())) == len(MISCONCEPTIONS)
