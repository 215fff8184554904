"""A calendar invitation (RFC 5545, RFC 5546) as a person is told of it: what, when, where, who."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from app.lib.text.cleaning import clean, one_line

if TYPE_CHECKING:
    from icalendar import Event

TYPES = ("text/calendar", "application/ics")
LONGEST = 100_000
LONGEST_VALUE = 300

Told = dict[str, Any]


def read(content: bytes) -> Told | None:
    """Its first event, as what can be stored; None where there is none, or it cannot be read.

    method: REQUEST, CANCEL, REPLY … as RFC 5546 has them; empty: it is only told. answer: what the
    one who replies says (PARTSTAT: ACCEPTED, DECLINED …), and who: then they. starts_at and
    ends_at: ISO 8601; in UTC, or without a zone where it names none and so means the reader's own;
    a day alone where it is a whole one.
    """
    # Here, as few processes ever see one.
    from icalendar import Calendar, Event

    try:
        calendar = Calendar.from_ical(content[:LONGEST])
        event = next((each for each in calendar.walk("VEVENT") if isinstance(each, Event)), None)
        return _told(str(calendar.get("METHOD", "")), event) if event else None
    except Exception:
        # Anybody may have written it, and the library raises whatever it meets.
        return None


def _told(method: str, event: "Event") -> Told:
    replies = method.upper() == "REPLY"
    attendee = _first(event.get("ATTENDEE")) if replies else None
    return {
        "method": _line(method).upper(),
        "answer": _line(attendee.params.get("PARTSTAT", "")).upper() if attendee else "",
        "what": _line(event.get("SUMMARY", "")),
        "starts_at": _instant(event.start),
        "ends_at": _instant(event.end),
        "where": _line(event.get("LOCATION", "")),
        "who": _person(attendee if replies else event.get("ORGANIZER")),
        "repeats": "RRULE" in event,
        "cancelled": method.upper() == "CANCEL" or event.get("STATUS") == "CANCELLED",
    }


def _first(given: Any) -> Any:
    """The library gives a list where there are several."""
    return next(iter(given), None) if isinstance(given, list) else given


def _instant(at: date | datetime) -> str:
    if isinstance(at, datetime) and at.tzinfo is not None:
        return at.astimezone(UTC).isoformat()
    return at.isoformat()


def _person(address: Any) -> str:
    """The name, else the address."""
    if address is None:
        return ""
    name = _line(address.params.get("CN", ""))
    return name or _line(address)[:LONGEST_VALUE].removeprefix("mailto:").removeprefix("MAILTO:")


def _line(value: object) -> str:
    return one_line(clean(str(value)))[:LONGEST_VALUE]
