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
SECONDS = 6


@dataclass(frozen=True)
class Unpacked:
    text: str
    html: str
    files: tuple[File, ...]


def unpacked(files: Sequence[File]) -> Unpacked:
    """The files, with what is in a winmail.dat in its place; and what it says. One that cannot be
    read, or not all of it, stays beside that; so does a second one, as no program makes two."""
    one = next(filter(_is_one, files), None)
    found = _read(one.content) if one else None
    if one is None or found is None:
        return Unpacked("", "", tuple(files))
    read = tuple(file for file in found.files if file.content)
    whole = read == found.files and (read or found.text or found.html)
    others = tuple(file for file in files if file is not one or not whole)
    return Unpacked(found.text, found.html, read + others)


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
    return Unpacked(said["text"], said["html"], files)


def _file(said: dict[str, Any]) -> File:
    name = str(said["name"])
    return File(guess_type(name)[0] or UNKNOWN, binascii.a2b_base64(said["content"]), name)
