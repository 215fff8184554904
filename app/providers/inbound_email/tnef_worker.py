"""Takes a winmail.dat on its standard input apart, and says what is in it as JSON; a program by
itself, which its caller ends (winmail.py)."""

import base64
import json
import logging
import resource
import sys
from typing import Any

from tnefparse import TNEF

CPU_SECONDS, MEMORY = 2, 1024 * 1024 * 1024
MOST_FILES = 100
LONGEST_TEXT = 200_000


def main() -> None:
    """Ends with an error where the file cannot be read."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = TNEF(sys.stdin.buffer.read(), do_checksum=False)
    told = {
        "text": _text(found.body),
        "html": _text(found.htmlbody),
        "files": [_file(each) for each in found.attachments[:MOST_FILES]],
    }
    sys.stdout.write(json.dumps(told))


def _text(said: Any) -> str:
    """Decoded; what names no charset is Windows' own."""
    text = said.decode("cp1252", "replace") if isinstance(said, bytes) else str(said or "")
    return text.replace("\r\n", "\n").strip("\x00")[:LONGEST_TEXT]


def _file(attachment: Any) -> dict[str, str]:
    content = bytes(attachment.data or b"")
    name = _text(attachment.long_filename())
    return {"name": name, "content": base64.b64encode(content).decode()}


if __name__ == "__main__":
    main()
