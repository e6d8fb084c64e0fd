"""A JupyterLab server of its own: a copy of the course, and nothing of the user's settings."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.units.notebooks import PLAIN

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: where it answers, and the folder that it serves."""

    url: str
    token: str
    course: Path

    def page(self, path: str) -> str:
        """The address of a page, the token in it."""
        return f"{self.url}{path}?token={self.token}"

    def end_kernels(self) -> None:
        """End every kernel: each holds TensorFlow, and a test leaves one behind."""
        for kernel in json.loads(self._ask("GET", "/api/kernels")):
            self._ask("DELETE", f"/api/kernels/{kernel['id']}")

    def _ask(self, method: str, path: str) -> bytes:
        request = Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urlopen(request, timeout=PATIENCE) as answer:
            said: bytes = answer.read()
            return said


def make_course(folder: Path) -> Path:
    """A copy of the course's folder, with an exchange of its own."""
    course = folder / "course"
    for name in ("source", "release"):
        shutil.copytree(ROOT / name, course / name)
    exchange = folder / "exchange"
    exchange.mkdir()
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    settings += f"\nc.Exchange.root = {str(exchange)!r}\n"
    (course / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return course


def start(course: Path, home: Path, log: Path) -> tuple["subprocess.Popen[bytes]", Path]:
    """Start JupyterLab; its process, and the file into which it writes where it answers."""
    runtime = home / "runtime"
    theirs = ("JUPYTER", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    environment = kept | {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        # Kernels import the course that lies beside these tests, wherever it is installed from.
        "PYTHONPATH": str(ROOT),
        # The plain numbers count, which the tests type in.
        **PLAIN,
        # nbgrader starts its helpers by name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    _settings(home / "config")
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ip=127.0.0.1",
        f"--port={_free_port()}",
        "--LabApp.extension_manager=readonly",  # the other one asks PyPI
        "--LabApp.expose_app_in_browser=True",  # for changing the theme while a dialog is open
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=course, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    return process, runtime / f"jpserver-{process.pid}.json"


def wait_until_ready(
    process: "subprocess.Popen[bytes]", told: Path, course: Path, log: Path
) -> Server:
    """Ask until the server answers; its log is the failure's message."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            facts = json.loads(told.read_text(encoding="utf-8"))
            with socket.create_connection(("127.0.0.1", facts["port"]), timeout=1):
                return Server(facts["url"].rstrip("/"), facts["token"], course)
        except (OSError, ValueError):
            time.sleep(0.1)  # between two looks; the loop waits for the condition
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server, which ends its kernels; what is left of its process group after that, too."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _settings(config: Path) -> None:
    """What a student has answered once and is not asked again."""
    folder = config / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    folder.mkdir(parents=True)
    # JupyterLab 4.6 asks about news whatever LabApp.news_url is, in front of the notebook.
    answer = json.dumps({"fetchNews": "false", "checkForUpdates": False})
    (folder / "notification.jupyterlab-settings").write_text(answer, encoding="utf-8")
    # As in lab_settings/overrides.json: with a busy kernel, messages of sliders got lost.
    comms = json.dumps({"commsOverSubshells": "disabled"})
    (folder / "kernels-settings.jupyterlab-settings").write_text(comms, encoding="utf-8")


def _free_port() -> int:
    """A port to begin with; should another take it first, Jupyter goes on to the next one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
