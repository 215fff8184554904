"""Where our own code broke, told without what it was working on."""

from pathlib import Path
from traceback import FrameSummary, extract_tb

PROJECT = Path(__file__).parents[2]
OURS = tuple(f"{PROJECT / package}/" for package in ("app", "admin_views", "jobs"))


def place(error: BaseException) -> str:
    """E.g. «KeyError in app/outbox/delivery/job.py, line 93».

    Never the error's own words: they may quote a customer's number or text.
    """
    frames = [frame for frame in extract_tb(error.__traceback__) if frame.filename.startswith(OURS)]
    return f"{type(error).__name__}{_at(frames[-1]) if frames else ''}"


def _at(frame: FrameSummary) -> str:
    return f" in {Path(frame.filename).relative_to(PROJECT)}, line {frame.lineno}"
