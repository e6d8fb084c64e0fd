"""What every test starts from: a course with no key of its own, and a student without a name."""

from collections.abc import Iterator

import pytest

from autograder.personal.identity import COURSE_KEY, STUDENT


@pytest.fixture(scope="session", autouse=True)
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The plain variants: this machine's own student, hub and course key are left out."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JUPYTER_CONFIG_DIR", str(tmp_path_factory.mktemp("jupyter")))
        for name in ("JUPYTERHUB_USER", "NBGRADER_EXECUTION", STUDENT, COURSE_KEY):
            environment.delenv(name, raising=False)
        yield
