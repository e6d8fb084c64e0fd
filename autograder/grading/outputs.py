"""What a kernel says that a cell showed, as a notebook keeps it: checked, and cut to a length."""

from typing import Any

TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
IMAGES = ("image/png", "image/jpeg")
MOST_OUTPUTS, LEAST = 1_000, 200
"""Outputs of a cell, and bytes that the smallest of them takes."""
ENDLESS = 20
"""So many times what is kept may be heard before a cell is stopped."""
LONGEST_TRACEBACK = 100


class Outputs:
    """The outputs of a cell, of which `most_bytes` are kept. `heard` counts all of them."""

    def __init__(self, most_bytes: int) -> None:
        self.kept: list[dict[str, Any]] = []
        self.heard = 0
        self._most = most_bytes
        self._left = most_bytes
        self._cut = False

    @property
    def endless(self) -> bool:
        """Whether so much was heard that there is no point in hearing more."""
        return self.heard > ENDLESS * max(self._most, 1_000_000)

    def add(self, message: Any) -> None:
        """Keep what a message of the kernel's shows, if it is one that shows anything."""
        output = _output(str(message["msg_type"]), message["content"])
        if output is None:
            return
        size = _size(output)
        self.heard += size
        if len(self.kept) >= MOST_OUTPUTS:
            self._cut = True
            return
        if size > self._left:
            self._cut = True
            text = output.get("text")
            if not text:
                return
            output["text"] = text[: self._left]
        self._left -= min(size, self._left)
        last = self.kept[-1] if self.kept else {}
        if output.get("name") and last.get("name") == output["name"]:
            last["text"] += output["text"]
        elif output.get("text") != "":
            self.kept.append(output)

    def finish(self, reply: Any, stopped: str) -> None:
        """Say what was cut off, and why the cell was stopped."""
        if self._cut:
            self._note(f"[more than {self._most:,} bytes of output: the rest was left out]")
        if stopped:
            self.kept.append(error("CellStopped", f"{stopped}, and was stopped"))
        elif reply is not None and reply["content"].get("status") == "error":
            shown = any(output["output_type"] == "error" for output in self.kept)
            if not shown:
                self.kept.append(_error(reply["content"]))

    def _note(self, text: str) -> None:
        self.kept.append({"output_type": "stream", "name": "stdout", "text": f"\n{text}\n"})


def error(name: str, said: str) -> dict[str, Any]:
    """An error as a notebook keeps it, shown as its message alone."""
    return {
        "output_type": "error",
        "ename": name,
        "evalue": plain(said),
        "traceback": [plain(f"{name}: {said}")],
    }


def printed(text: Any) -> dict[str, Any]:
    """What was printed, as a notebook keeps it."""
    return {"output_type": "stream", "name": "stdout", "text": plain(text)}


def result(value: str) -> dict[str, Any]:
    """The value of a cell's last line, as a notebook keeps it."""
    return {
        "output_type": "execute_result",
        "data": {"text/plain": value},
        "metadata": {},
        "execution_count": None,
    }


def _output(kind: str, content: Any) -> dict[str, Any] | None:
    if kind == "stream" and content.get("name") in ("stdout", "stderr"):
        return printed(content.get("text", "")) | {"name": content["name"]}
    if kind == "error":
        return _error(content)
    if kind in ("display_data", "execute_result") and isinstance(content.get("data"), dict):
        data = {m: v for m, v in content["data"].items() if m in TEXTS + IMAGES}
        texts = {mime: plain(value) for mime, value in data.items() if isinstance(value, str)}
        return {"output_type": "display_data", "data": texts, "metadata": {}} if texts else None
    return None


def _error(content: Any) -> dict[str, Any]:
    lines = content.get("traceback")
    lines = lines[-LONGEST_TRACEBACK:] if isinstance(lines, list) else []
    return {
        "output_type": "error",
        "ename": plain(content.get("ename", ""))[:200],
        "evalue": plain(content.get("evalue", ""))[:10_000],
        "traceback": [plain(line)[:10_000] for line in lines],
    }


def _size(output: dict[str, Any]) -> int:
    """About how much of a file it takes."""
    if "data" in output:
        return LEAST + sum(map(len, output["data"].values()))
    return LEAST + len(output.get("text", "")) + sum(map(len, output.get("traceback", ())))


def plain(text: Any) -> str:
    """A text that can be written to a file: halves of letters, which no encoding has, are not."""
    return str(text).encode("utf-8", "replace").decode()
