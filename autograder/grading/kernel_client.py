"""A submission's kernel as the grader sees it: run a cell, ask for names, call a function.

Everything that comes from the kernel may be forged, endless or too large: it is read with limits
on time and bytes, and what is not as it must be is left out.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import zmq
from jupyter_client.manager import KernelManager

from autograder.grading.outputs import Outputs

LARGEST_OUTPUT, LARGEST_ANSWER = 16 * 1024**2, 96 * 1024**2
"""Bytes of one message; a kernel that sends more is cut off and has to connect again."""
UNREAD = 64
"""Messages that wait to be read."""
GRACE = 10.0
"""Seconds that a kernel has to stop after it was interrupted."""
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
        for channel in (client.shell_channel, client.iopub_channel):
            self._poller.register(channel.socket, zmq.POLLIN)

    def run(self, source: str, seconds: float) -> Ran:
        """Run a cell. After so many seconds it is interrupted, and the kernel goes on."""
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False}
        content |= {"user_expressions": {}, "stop_on_error": False}
        outputs = Outputs(self._most_bytes)
        reply, stopped = self._ask("execute_request", content, seconds, outputs)
        outputs.finish(reply, stopped)
        return Ran(outputs.kept, stopped)

    def values(self, names: list[str], *, weights: bool, seconds: float) -> dict[str, Any]:
        """What the names hold, as `plain_data` writes it; names that there are not are missing."""
        reply, _ = self._ask("convdims_request", {"names": names, "weights": weights}, seconds)
        try:
            values = json.loads(reply["content"]["values"])
            return {name: values[name] for name in names if name in values}
        except Exception:  # a reply may be anything
            return {}

    def call(self, asked: list[Any], seconds: float) -> list[Any]:
        """What a function gives: ["value", written] or ["error", its type, its text]."""
        reply, stopped = self._ask("convdims_request", {"call": json.dumps(asked)}, seconds)
        if stopped:
            return ["error", "TimeoutError", stopped]
        try:
            kind, *rest = json.loads(reply["content"]["answer"])
            return [["value", rest[0]], ["error", str(rest[0]), str(rest[-1])]][kind == "error"]
        except Exception:  # a reply may be anything
            return ["error", "RuntimeError", "the function gave nothing that can be read"]

    def _ask(
        self, kind: str, content: Mapping[str, Any], seconds: float, outputs: Outputs | None = None
    ) -> tuple[Any, str]:
        """The reply to a request, and why it was interrupted, if it was."""
        outputs = outputs or Outputs(0)
        message = self._client.session.msg(kind, dict(content))
        self._client.shell_channel.send(message)
        name, end, stopped = message["header"]["msg_id"], time.monotonic() + seconds, ""
        reply: Any = None
        idle = False
        while not (reply and idle):
            if not self._poller.poll(TICK):
                self._require_alive()
            for message in self._received(name):
                if message["msg_type"] == "status":
                    idle = message["content"].get("execution_state") == "idle"
                elif message["msg_type"].endswith("_reply"):
                    reply, end = message, time.monotonic() + 1  # what it printed arrives as well
                else:
                    outputs.add(message)
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
                    if message["parent_header"].get("msg_id") == name:
                        dict(message["content"])
                        yield message
                except Empty:
                    break
                except Exception:  # forged or broken: no message at all
                    continue

    def _interrupt(self) -> None:
        self._client.control_channel.send(self._client.session.msg("interrupt_request", {}))

    def _require_alive(self) -> None:
        if not self._manager.is_alive():
            raise KernelGone(self._why())

    def _why(self) -> str:
        return getattr(self._manager.provisioner, "reason", "") or "its code ended the kernel"

    def _kill(self) -> None:
        self._manager.shutdown_kernel(now=True)


@contextmanager
def started(
    manager: KernelManager, folder: str, seconds: float, most_bytes: int, arguments: list[str]
) -> Iterator[SubmissionKernel]:
    """A kernel that runs while this lasts, in a copy of `folder`; then all of it is ended.

    Errors: KernelGone if it does not start.
    """
    manager.start_kernel(cwd=folder, extra_arguments=arguments)
    client = manager.client()
    try:
        context = client.context
        context.rcvhwm, context.linger = UNREAD, 0
        context.maxmsgsize = LARGEST_OUTPUT
        _ = client.iopub_channel
        context.maxmsgsize = LARGEST_ANSWER
        client.start_channels(stdin=False, hb=False)
        try:
            client.wait_for_ready(timeout=seconds)
        except RuntimeError as error:
            raise KernelGone(f"the kernel did not start ({error})") from None
        yield SubmissionKernel(manager, client, most_bytes)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
