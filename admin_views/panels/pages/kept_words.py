"""What a business is told of how long it keeps its messages."""

from datetime import datetime

from sqlalchemy import func, select

from admin_views.times import business_time
from app.extensions import db, settings
from app.lib.time.locales import day
from app.models import MessageArchive, Tenant
from app.retention.kept_period import YEARS, first_night, kept_since
from app.retention.old_messages import MOST, count

CHOICES = {"": "For ever"} | {str(n): f"{n} year{'s' if n > 1 else ''}" for n in YEARS}
HINT = (
    "Older messages are archived to files, which admins can download, and then deleted: a month at"
    " once, in the night after it has become old enough. What waits for somebody stays until it is"
    " dealt with. How long you must keep messages, or may, depends on your country and your trade:"
    " you decide."
)
NOWHERE = "Nothing goes yet: whoever runs KaiVox has to say first where archives lie (ARCHIVE_DIR)."


def archived() -> int:
    """How many messages are in archives of the business."""
    return db.session.scalar(select(func.sum(MessageArchive.messages))) or 0


def what_goes(tenant: Tenant, now: datetime) -> str:
    """After a new choice: how many messages are older, and when the first go; empty: none are."""
    before = kept_since(tenant, now)
    many = count(before) if before else 0
    if not (before and many):
        return ""
    there = business_time()
    old = f"More than {MOST:,} messages are" if many >= MOST else _counted(many)
    told = f"{old} from before {day(there.day(before), there.locale, 'yMMMd')}."
    if settings().archive_dir is None:
        return f"{told} {NOWHERE}"
    night = day(first_night(tenant, now), there.locale, "MMMEd")
    return (
        f"{told} They are archived and deleted from the night to {night} on. Until then nothing"
        " happens, and you can choose otherwise."
    )


def _counted(many: int) -> str:
    return f"{many:,} messages are" if many > 1 else "1 message is"
