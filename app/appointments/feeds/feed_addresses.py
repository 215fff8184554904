"""The addresses of feeds: made, made anew, and found by what stands in them."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db, settings, vault
from app.lib.keyed_hash import hashed
from app.lib.vault import VaultError
from app.models import CalendarFeed, FeedShows, StaffMember

MOST = 50
HOUR = timedelta(hours=1)


class Rejected(ValueError):
    """There can be no such feed; says why in a person's words."""


def make(staff_member_id: int | None, shows: str, now: datetime) -> CalendarFeed:
    """A new feed of a staff member's appointments, or of all. The caller commits. Raises
    Rejected."""
    if shows not in {each.value for each in FeedShows}:
        raise Rejected("Choose what the calendar shows.")
    if staff_member_id is not None:
        person = db.session.get(StaffMember, staff_member_id)
        if person is None or not person.active:
            raise Rejected("This staff member works here no more. Choose another.")
    if (db.session.scalar(select(func.count(CalendarFeed.id))) or 0) >= MOST:
        raise Rejected(f"There are {MOST} already. Remove one that nobody reads.")
    feed = CalendarFeed(staff_member_id=staff_member_id, shows=shows, created_at=now)
    renew(feed)
    db.session.add(feed)
    db.session.flush()
    return feed


def renew(feed: CalendarFeed) -> None:
    """Give it another address; the one before holds no more. The caller commits."""
    token = secrets.token_urlsafe(32)
    feed.token_hash, feed.token_sealed = hashed(token), vault().seal(token)
    feed.read_at = None


def address(feed: CalendarFeed, slug: str) -> str | None:
    """Of a feed of the business with that slug; None: the key that sealed it is gone, and only a
    new one helps."""
    try:
        token = vault().open(feed.token_sealed)
    except VaultError:
        return None
    return f"{settings().public_url}/calendar/feed/{slug}/{token}.ics"


def found(token: str) -> CalendarFeed | None:
    """The feed of the business in scope whose address says that; None also while its staff member
    works here no more, who may have the address."""
    mine = CalendarFeed.token_hash == hashed(token)
    feed = db.session.scalar(select(CalendarFeed).where(mine))
    return feed if feed and works(feed) else None


def works(feed: CalendarFeed) -> bool:
    """Whether it is read: of all staff, or of one who works here."""
    return feed.staff_member is None or feed.staff_member.active


def note_reading(feed: CalendarFeed, now: datetime) -> None:
    """That it is read, to the hour: programs ask again and again. Commits."""
    if feed.read_at is None or now - feed.read_at >= HOUR:
        feed.read_at = now
        db.session.commit()
