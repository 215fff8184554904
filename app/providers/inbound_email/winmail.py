"""winmail.dat: what some Outlooks put a whole email into (TNEF), taken out again.

tnefparse counts by what the file says of itself, and so for ever where somebody means it to: it
works in a process of its own, with an end.
"""

import binascii
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from app.providers.contract import File

TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
UNKNOWN = "application/octet-stream"
WORKER = Path(__file__).with_name("tnef_worker.py")
SECONDS = 10


@dataclass(frozen=True)
class Unpacked:
    text: str
    html: str
    files: tuple[File, ...]


def unpacked(files: Sequence[File]) -> Unpacked:
    """The files, with what is in a winmail.dat in its place; and what it says. One that cannot be
    read stays as it is."""
    text, html, kept = "", "", list[File]()
    for file in files:
        found = _read(file.content) if _is_one(file) else None
        if found is None:
            kept.append(file)
        else:
            text, html = text or found.text, html or found.html
            kept += found.files
    return Unpacked(text, html, tuple(kept))


def _is_one(file: File) -> bool:
    return file.content_type in TYPES or file.name.lower() == "winmail.dat"


def _read(content: bytes) -> Unpacked | None:
    # Alone with the file: nothing of our environment, no folder to import from.
    command = [sys.executable, "-I", str(WORKER)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=SECONDS, env={}, check=True
        )
        said = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError):
        return None
    files = tuple(map(_file, said["files"]))
    return Unpacked(said["text"], said["html"], files) if files or said["text"] else None


def _file(said: dict[str, Any]) -> File:
    name = str(said["name"])
    return File(guess_type(name)[0] or UNKNOWN, binascii.a2b_base64(said["content"]), name)
