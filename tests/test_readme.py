"""The examples of the README run, its commands exist, and instructors find every check."""

import doctest
import re
from pathlib import Path

import autograder

ROOT = Path(__file__).parents[1]


def test_the_examples_print_what_the_readme_says() -> None:
    failed, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)
    assert tried >= 8
    assert failed == 0


def test_every_make_command_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert named <= targets


def test_the_table_of_checks_for_instructors_has_every_check() -> None:
    guide = ROOT / "docs" / "instructors.md"
    rows = set(re.findall(r"^\| `(check\w*)\(", guide.read_text(encoding="utf-8"), re.M))
    checks = {name for name in autograder.__all__ if name.startswith("check")}
    missing = sorted(checks - rows - {"check_installation"})
    assert not missing, f"add a row to the table of checks in {guide} for {missing}"
