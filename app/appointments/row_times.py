"""When a row of a file begins and how long it lasts, however its columns say so."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from app.lib.csv_files.csv_rows import BadRow
from app.lib.time.clock import NoSuchTime
from app.lib.time.written_time import (
    DayOrder,
    TwoDates,
    date_and_rest,
    day_order,
    length,
    time_of,
)

Cells = Mapping[str, str]
DAY = timedelta(days=1)
# Where a date may stand.
DATED = ("starts_at", "date", "ends_at", "said_at")


def order_of(rows: Iterable[Cells]) -> DayOrder:
    """In which order the dates of all rows have day and month."""
    return day_order(text for row in rows for name in DATED if (text := row.get(name)))


def start(row: Cells, day_first: bool | None) -> str:
    """In ISO 8601, as app.lib.time.clock reads it; what is none stays as it is written. A date may
    stand beside its time. Raises TwoDates."""
    begins, beside = row.get("starts_at", ""), row.get("time", "")
    text = f"{date} {beside or begins}" if (date := row.get("date")) else f"{begins} {beside}"
    return iso(text.strip(), day_first)


def minutes(row: Cells, starts_at: str, day_first: bool | None) -> int | None:
    """How long it lasts; None: the row does not say. Raises BadRow and NoSuchTime."""
    if text := row.get("duration_minutes"):
        return _minutes(text, length(text))
    if (text := row.get("ends_at")) and not (lasts := _until(text, starts_at, day_first)):
        raise BadRow(f"its end “{text}” is not after its start")
    return _minutes(text, lasts) if text else None


def _until(text: str, starts_at: str, day_first: bool | None) -> timedelta | None:
    begin = datetime.fromisoformat(starts_at).replace(tzinfo=None)
    try:
        end = datetime.combine(begin.date(), time_of(text))
        # Past midnight.
        end += DAY if end <= begin else timedelta(0)
    except NoSuchTime:
        end = datetime.fromisoformat(iso(text, day_first)).replace(tzinfo=None)
    return end - begin if end > begin else None


def iso(text: str, day_first: bool | None) -> str:
    """A date, with or without a time, as ISO 8601; what is none stays as it is written. Raises
    TwoDates."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        day, rest = _parted(text, day_first)
        return f"{day} {rest}".strip() if day else text
    return text


def _parted(text: str, day_first: bool | None) -> tuple[str, str]:
    try:
        day, rest = date_and_rest(text, day_first)
        return day.isoformat(), f"{time_of(rest):%H:%M}" if rest.strip() else ""
    except TwoDates:
        raise
    except NoSuchTime:
        return "", ""


def _minutes(text: str, lasts: timedelta | None) -> int:
    whole = lasts // timedelta(minutes=1) if lasts else 0
    if not 1 <= whole <= 1440:
        raise BadRow(f"duration_minutes “{text}” is no number from 1 to 1440")
    return whole
