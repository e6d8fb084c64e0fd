"""A submission's kernel as the grader sees it: run a cell, ask for names, call a function.

Everything that comes from the kernel may be forged, endless or too large: it is read with limits
on time and bytes, and what is not as it must be is left out.
"""

import json
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import zmq
from jupyter_client.manager import KernelManager

from autograder.grading.outputs import Outputs

LARGEST = 64 * 1024**2
"""Bytes of one message; a kernel that sends more is cut off, and has ended for us."""
LARGEST_ANSWER = 16 * 1024**2
"""Letters of what a name holds, or a function gives, as it is written."""
UNREAD = 16
"""Messages that wait to be read."""
GRACE = 10.0
"""Seconds that a kernel has to stop after it was interrupted."""
TOO_LARGE = json.dumps(["foreign", "object that is too large", []])
SEND = 2_000
"""Milliseconds in which a message has to be sent; without a connection it never is."""
TICK = 200
"""Milliseconds between two looks at whether the kernel is alive."""


class KernelGone(Exception):
    """The kernel has ended, or does not answer any more; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Ran:
    """What a cell printed and showed, and why it was stopped, if it was."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    stopped: str = ""


class SubmissionKernel:
    """A kernel that is running, spoken to over its channels.

    Errors of all methods: KernelGone, with the reason.
    """

    def __init__(self, manager: KernelManager, client: Any, most_bytes: int) -> None:
        self._manager, self._client, self._most_bytes = manager, client, most_bytes
        self._poller = zmq.Poller()
        self._monitors = []
        for channel in (client.shell_channel, client.iopub_channel):
            self._poller.register(channel.socket, zmq.POLLIN)
            self._monitors.append(channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED))
            self._poller.register(self._monitors[-1], zmq.POLLIN)

    def run(self, source: str, seconds: float) -> Ran:
        """Run a cell. After so many seconds it is interrupted, and the kernel goes on."""
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": False}
        outputs = Outputs(self._most_bytes)
        reply, stopped = self._ask("execute_request", content, seconds, outputs)
        outputs.finish(reply, stopped)
        return Ran(outputs.kept, stopped)

    def values(self, names: list[str], *, weights: bool, seconds: float) -> dict[str, str]:
        """What the names hold, each a line of JSON as `plain_data` writes it; none is looked into
        here. Names that there are not are missing."""
        reply, _ = self._ask("convdims_request", {"names": names, "weights": weights}, seconds)
        values = reply["content"].get("values") if reply else None
        if not isinstance(values, dict):
            return {}
        return {name: _line(values[name]) for name in names if name in values}

    def call(self, asked: str, seconds: float) -> str:
        """What a function gives, a line of JSON: ["value", written] or ["error", type, text]."""
        reply, stopped = self._ask("convdims_request", {"call": asked}, seconds)
        if stopped:
            return failed("TimeoutError", stopped)
        return _line(reply["content"].get("answer"))

    def _ask(
        self, kind: str, content: Mapping[str, Any], seconds: float, outputs: Outputs | None = None
    ) -> tuple[Any, str]:
        """The reply to a request, and why it was interrupted, if it was."""
        outputs = outputs or Outputs(0)
        message = self._client.session.msg(kind, dict(content))
        try:
            self._client.shell_channel.send(message)
        except zmq.Again:  # there is nobody to send it to
            self._require_connected()
        name, end, stopped = message["header"]["msg_id"], time.monotonic() + seconds, ""
        reply: Any = None
        idle = False
        while not (reply and idle):
            ready = dict(self._poller.poll(TICK))
            if not ready:
                self._require_alive()
            for message in self._received(name):
                if message["msg_type"] == "status":
                    idle = message["content"].get("execution_state") == "idle"
                elif message["msg_type"].endswith("_reply"):
                    reply, end = message, time.monotonic() + 1  # what it printed arrives as well
                else:
                    outputs.add(message)
            if not reply and any(one in ready for one in self._monitors):
                self._require_connected()
            late = time.monotonic() > end
            if late and reply:
                break
            if (late or outputs.endless) and not stopped:
                stopped = (
                    f"it printed more than {outputs.heard / 1e6:.0f} MB"
                    if outputs.endless
                    else f"it ran longer than {seconds:g} s"
                )
                self._interrupt()
                end = time.monotonic() + GRACE
            elif late:
                self._kill()
                raise KernelGone(f"{stopped}, and did not stop when it was told to")
        return reply, stopped

    def _received(self, name: str) -> Iterator[Any]:
        """The messages that are there and belong to the request of that name."""
        for channel in (self._client.iopub_channel, self._client.shell_channel):
            for _ in range(UNREAD):
                try:
                    message = channel.get_msg(timeout=0)
                    known = isinstance(message["msg_type"], str)
                    if known and message["parent_header"].get("msg_id") == name:
                        yield message | {"content": dict(message["content"])}
                except Empty:
                    break
                except Exception:  # forged or broken: no message at all
                    continue

    def _interrupt(self) -> None:
        with suppress(zmq.Again):
            self._client.control_channel.send(self._client.session.msg("interrupt_request", {}))

    def _require_alive(self) -> None:
        if not self._manager.is_alive():
            raise KernelGone(self._why())

    def _require_connected(self) -> None:
        """A connection has ended: the kernel's end, unless it did that alone."""
        time.sleep(0.2)
        self._require_alive()
        self._kill()
        raise KernelGone("it closed its connections, or sent more than can be taken")

    def close(self) -> None:
        """Stop looking at the connections."""
        for channel in (self._client.shell_channel, self._client.iopub_channel):
            channel.socket.disable_monitor()

    def _why(self) -> str:
        return getattr(self._manager.provisioner, "reason", "") or "its code ended the kernel"

    def _kill(self) -> None:
        getattr(self._manager.provisioner, "end", lambda: None)()
        self._manager.shutdown_kernel(now=True)


def failed(name: str, said: str) -> str:
    """A function that stopped with an error, as its kernel would say it."""
    return json.dumps(["error", name, said])


def _line(written: Any) -> str:
    """What the kernel wrote, as long as it may be."""
    if not isinstance(written, str) or len(written) > LARGEST_ANSWER:
        return TOO_LARGE
    return written


def _wait_for_sockets(manager: Any, seconds: float) -> None:
    """Wait until the kernel listens. Nothing is ever connected again afterwards: a submission may
    put anything in the place of its sockets. Errors: KernelGone."""
    info, end = manager.get_connection_info(), time.monotonic() + seconds
    if info["transport"] != "ipc":
        return
    files = [f"{info['ip']}-{info[name]}" for name in ("shell_port", "iopub_port", "control_port")]
    while not all(map(_is_socket, files)):
        if time.monotonic() > end or not manager.is_alive():
            raise KernelGone("the kernel did not start")
        time.sleep(0.01)


def _is_socket(file: str) -> bool:
    try:
        return stat.S_ISSOCK(os.lstat(file).st_mode)
    except OSError:
        return False


@contextmanager
def started(
    manager: KernelManager, folder: str, seconds: float, most_bytes: int, arguments: list[str]
) -> Iterator[SubmissionKernel]:
    """A kernel that runs while this lasts, in a copy of `folder`; then all of it is ended.

    Errors: KernelGone if it does not start.
    """
    manager.context.reconnect_ivl = -1  # of a connection that only the manager would use
    manager.start_kernel(cwd=folder, extra_arguments=arguments)
    client = manager.client()
    try:
        _wait_for_sockets(manager, seconds)
        context = client.context
        context.rcvhwm, context.linger = UNREAD, 0
        context.maxmsgsize, context.sndtimeo = LARGEST, SEND
        if manager.transport == "ipc":
            context.reconnect_ivl = -1
        client.start_channels(stdin=False, hb=False)
        try:
            client.wait_for_ready(timeout=seconds)
        except RuntimeError as error:
            raise KernelGone(f"the kernel did not start ({error})") from None
        kernel = SubmissionKernel(manager, client, most_bytes)
        try:
            yield kernel
        finally:
            kernel.close()
    finally:
        client.stop_channels()
        # First: the manager would interrupt it, over a connection that it makes anew for that.
        getattr(manager.provisioner, "end", lambda: None)()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
