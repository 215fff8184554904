"""Whether there is room where our own servers keep their data."""

import shutil
from datetime import datetime

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning

GB = 1024**3
LITTLE, NONE_LEFT = 2 * GB, GB // 4
NEXT = (
    "Delete what is not needed there, or give it a larger disk. When it is full nothing is stored."
)


def look(now: datetime) -> Verdict | None:
    """None where there is no such folder: nothing of ours is kept there."""
    folder = settings().var_dir
    if not folder.exists():
        return None
    return judge(shutil.disk_usage(folder).free)


def judge(free: int) -> Verdict:
    sentence = f"{free / GB:.1f} GB are free on the disk of VAR_DIR."
    if free < NONE_LEFT:
        return broken(sentence, NEXT)
    return warning(sentence, NEXT) if free < LITTLE else ok(sentence)


CHECK = Check("disk", 60, "How much room is left on the disk of VAR_DIR.", look)
