"""A receipt for each grade: what was judged, how, and what came of it, signed.

It lies beside the graded notebook as NOTEBOOK.receipt.json. Everything that the judge was told is
in it, so that it can be judged again without the student's code, as `convdims verify` does.
"""

import hashlib
import hmac
import json
import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course.errors import CourseError

KEY_FILE = Path(".convdims") / "receipts.key"
"""The course's key for receipts: made when it is first needed, and never handed out."""
SUFFIX = ".receipt.json"
LARGEST_KEPT = 100_000
"""Letters of one answer that a receipt keeps whole."""
PACKAGES = ("convdims", "nbgrader", "keras", "tensorflow", "numpy")


def signing_key(course: Path) -> bytes:
    """The key that signs a course's receipts; a new one where there is none.

    Errors: CourseError where it cannot be kept or read.
    """
    file = course / KEY_FILE
    try:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileExistsError), open(file, "x", opener=_private) as made:
            made.write(secrets.token_hex(32) + "\n")
        return bytes.fromhex(file.read_text().strip())
    except (OSError, ValueError) as error:
        raise CourseError(
            f"the key that signs receipts cannot be kept in {file}: {error}",
            "make the course folder writable, or take a broken key away",
        ) from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def versions() -> dict[str, str]:
    """What grades, and its version."""
    found = {}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def write(course: Path, folder: Path, notebook: str, content: dict[str, Any]) -> None:
    """Sign what is known of a grade, and put it beside the graded notebook."""
    stated = content | {"versions": versions(), "graded": datetime.now(UTC).isoformat()}
    signed = stated | {"signature": signature(stated, signing_key(course))}
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{notebook}{SUFFIX}"
    new = file.with_suffix(".new")
    new.write_text(json.dumps(signed, indent=1) + "\n", encoding="utf-8")
    new.replace(file)


def read_all(course: Path, student: str, unit: str) -> list[dict[str, Any]]:
    """The receipts of a submission, one for each of its notebooks."""
    files = sorted((course / "autograded" / student / unit).glob(f"*{SUFFIX}"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def kept(written: str) -> str | dict[str, Any]:
    """An answer as a receipt holds it: itself, or of a large one its hash and length."""
    if len(written) <= LARGEST_KEPT:
        return written
    return {"sha256": sha256(written), "length": len(written)}


def signature(content: dict[str, Any], key: bytes) -> str:
    """What the key makes of a receipt, its signature left out."""
    stated = {name: value for name, value in content.items() if name != "signature"}
    exact = json.dumps(stated, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key, exact, "sha256").hexdigest()


def is_genuine(content: dict[str, Any], key: bytes) -> bool:
    """Whether a receipt is as it was signed."""
    return hmac.compare_digest(str(content.get("signature")), signature(content, key))


def sha256(held: str | bytes) -> str:
    """The hash of a test cell's source, or of a file."""
    return hashlib.sha256(held.encode() if isinstance(held, str) else held).hexdigest()
