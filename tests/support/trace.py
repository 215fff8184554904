"""Which functions of ours are called, in the order of their first calls."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

PROJECT = Path(__file__).parents[2]
OURS = tuple(f"{PROJECT / package}/" for package in ("app", "admin_views", "jobs"))
Call = tuple[str, str]


@contextmanager
def traced() -> Iterator[list[Call]]:
    """The file, from the project's root, and the function, of this thread and those it starts."""
    calls: dict[Call, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS):
            calls.setdefault((str(Path(code.co_filename).relative_to(PROJECT)), code.co_name))

    found: list[Call] = []
    before = sys.getprofile()
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
        found.extend(calls)
