"""Where the executed notebooks of one run of the tests lie, for all workers of xdist."""

import os

import pytest

from tests.units import notebooks


@pytest.fixture(scope="session", autouse=True)
def executed_here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each worker has a folder of its own in one that the run has."""
    base = tmp_path_factory.getbasetemp()
    notebooks.EXECUTED = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
