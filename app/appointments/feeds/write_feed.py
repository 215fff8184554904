"""What a calendar program reads.

All times are in UTC, which needs no rules of a time zone beside it (RFC 5545, 3.3.5); the program
shows them in its own. An appointment keeps its UID wherever it is moved, and what takes place no
more is left out: programs read all of it anew, and forget what is gone.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vDuration

from app.appointments.diary import Booking, taking_time
from app.extensions import settings
from app.models import CalendarFeed, FeedShows

BACK, AHEAD = timedelta(days=30), timedelta(days=366)
# More than one person can have in a year; of more the latest are left out.
MOST = 5_000
EVERY = timedelta(minutes=30)


class Feed(NamedTuple):
    name: str
    """As the program lists it."""
    shows: str
    alone: bool
    """Of one staff member, who need not be named at each."""
    bookings: Sequence[Booking]


def read_feed(feed: CalendarFeed, business: str, now: datetime) -> Feed:
    """From a month back to a year ahead."""
    whose = feed.staff_member_id
    rows = taking_time(now - BACK, now + AHEAD, whose, MOST)
    return Feed(f"{business}: {feed}", feed.shows, whose is not None, rows)


def version(feed: Feed) -> str:
    """The same as long as the program would read the same."""
    told = [(each.id, each.starts_at, each.ends_at, _title(feed, each)) for each in feed.bookings]
    return hashlib.sha256(repr((feed.name, told)).encode()).hexdigest()[:32]


def written(feed: Feed, now: datetime) -> bytes:
    """As text/calendar; now: when that is (DTSTAMP)."""
    calendar = Calendar()
    calendar.add("prodid", "-//KaiVox//Appointments//EN")
    calendar.add("version", "2.0")
    # How it is called, and how often it is worth asking: RFC 7986, and what came before it.
    calendar.add("name", feed.name)
    calendar.add("x-wr-calname", feed.name)
    calendar.add("refresh-interval", EVERY, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(EVERY))
    for booking in feed.bookings:
        calendar.add_component(_event(feed, booking, now))
    text: bytes = calendar.to_ical()
    return text


def _event(feed: Feed, booking: Booking, now: datetime) -> Event:
    ours, event = settings().public_url, Event()
    event.add("uid", f"appointment-{booking.id}@{urlsplit(ours).hostname}")
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", _title(feed, booking))
    event.add("url", f"{ours}/calendar/{booking.id}")
    return event


def _title(feed: Feed, booking: Booking) -> str:
    by = f" ({booking.staff_member})" if booking.staff_member and not feed.alone else ""
    if feed.shows == FeedShows.BUSY:
        return f"Booked{by}"
    who = _who(booking, whole=feed.shows == FeedShows.NAMES)
    return " – ".join(filter(None, [booking.service or "Appointment", who])) + by


def _who(booking: Booking, whole: bool) -> str:
    """Who comes, where they have a name: no number or address leaves by a feed."""
    person = booking.customer
    name = booking.who_comes or f"{person.first_name} {person.last_name}".strip()
    first, _, last = name.partition(" ")
    return name if whole or not last else f"{first} {last.lstrip()[:1]}."
