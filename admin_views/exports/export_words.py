"""How the page tells of an export."""

from datetime import datetime

from app.models import ExportStatus as Status
from app.models import TenantExport

STATE = {
    Status.WRITING: "Being written",
    Status.READY: "Ready",
    Status.FAILED: "Failed",
    Status.ENDED: "Deleted",
}
TAG = {
    Status.WRITING: "ringing",
    Status.READY: "delivered",
    Status.FAILED: "failed",
    Status.ENDED: "off",
}
NOWHERE = (
    "Nothing can be exported yet: whoever runs KaiVox has to say first where such files lie"
    " (ARCHIVE_DIR)."
)
NOT_HERE = (
    "This file is not where this server looks for it. Ask whoever runs KaiVox for it: ARCHIVE_DIR"
    " has to be the same disk on every host."
)
OVER = "This link has ended. Take a newer export, or start one."
HELD_UP = "Something held it up; it is tried again by itself."


def state(export: TenantExport, now: datetime) -> Status:
    """A file whose time is over is gone, whether or not a worker has seen to it yet."""
    over = export.status == Status.READY and export.ends_at is not None and export.ends_at <= now
    return Status.ENDED if over else Status(export.status)
