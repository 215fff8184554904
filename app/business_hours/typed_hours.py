"""Opening hours as people type them: 9, 9:30, 9am, 17.30, 5 p.m., 24."""

import re

from app.business_hours.opening_hours import Interval

TIME = re.compile(
    r"(\d{1,2})\s*(?:[:.h]?\s*(\d{2}))?\s*h?\s*(?:([ap])\.?\s*m?\.?)?", re.IGNORECASE | re.ASCII
)
WHOLE_DAY = 1440
# Longer over midnight, it was rather an evening that was meant: 9 to 5.
LONGEST_NIGHT = 16 * 60


class NoHours(ValueError):
    """These are no opening hours; the text says in a person's words what to do."""


def interval(opens: str, closes: str) -> Interval:
    """What is typed as the two ends of an interval; what closes no later than it opens goes on over
    midnight. Raises NoHours."""
    begins, ends = minute(opens), minute(closes)
    if begins == WHOLE_DAY:
        raise NoHours("The day begins at 0:00. Write 0:00 for an opening at midnight.")
    if begins == ends:
        raise NoHours(
            f"It opens and closes at {shown(begins)}. Write 0:00 to 24:00 for the whole day."
        )
    if ends < begins:
        ends += WHOLE_DAY
    if ends > WHOLE_DAY and ends - begins > LONGEST_NIGHT:
        raise NoHours(_over_midnight(begins, ends))
    return Interval(begins, ends)


def _over_midnight(begins: int, ends: int) -> str:
    afternoon = ends - WHOLE_DAY // 2
    meant = f" Did you mean {shown(afternoon)}?" if begins < afternoon <= WHOLE_DAY else ""
    return (
        f"From {shown(begins)} to {shown(ends)} it would be open over midnight.{meant} If that is"
        " right, end it at 24:00, and begin the next day at 0:00."
    )


def minute(text: str) -> int:
    """The minute of the day that is typed, up to 1440. Raises NoHours."""
    typed = " ".join(text.split())
    if not typed:
        raise NoHours("Give both times, such as 9:00 and 17:30, or take the row out.")
    found = TIME.fullmatch(typed)
    read = _minute(int(found[1]), int(found[2] or 0), (found[3] or "").lower()) if found else None
    if read is None:
        raise NoHours(f"“{typed[:20]}” is no time such as 9:00, 17.30 or 5 pm.")
    return read


def _minute(hour: int, minutes: int, half: str) -> int | None:
    """None where no clock shows it; half: of the day, a or p."""
    if minutes > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    found = hour * 60 + minutes
    return found if found <= WHOLE_DAY else None


def shown(minute: int) -> str:
    """As every form reads it again: 9:00, 17:30, 24:00."""
    within = minute if minute == WHOLE_DAY else minute % WHOLE_DAY
    return f"{within // 60}:{within % 60:02}"
