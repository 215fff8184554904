"""How reports say days, waits and comparisons."""

from datetime import date, timedelta

from admin_views.reports.report import Cell, Share
from admin_views.times import business_time
from app.lib.time.locales import day
from app.reports.period import Period

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def days_of(period: Period) -> list[str]:
    """Nov 3, or 3 Nov."""
    return [short(each) for each in period.days]


def short(there: date) -> str:
    return day(there, business_time().locale, "MMMd")


def wait(time: timedelta) -> str:
    """In two units at most: 40 s, 12 min, 3 h 20 min, 2 d 4 h."""
    if time < MINUTE:
        return f"{time // timedelta(seconds=1)} s"
    if time < HOUR:
        return f"{round(time / MINUTE)} min"
    if time < 2 * DAY:
        return f"{time // HOUR} h {time % HOUR // MINUTE} min".replace(" 0 min", "")
    return f"{time // DAY} d {time % DAY // HOUR} h".replace(" 0 h", "")


def of_before(told: str, before: Cell) -> str:
    """412 messages, 380 in the period before."""
    return told if before is None else f"{told}, {on_page(before)} in the period before"


def on_page(cell: Cell) -> str:
    match cell:
        case None:
            return "–"
        case Share():
            return f"{cell:.1f} %"
        case timedelta():
            return wait(cell)
        case int():
            return f"{cell:,}"
        case date():
            return short(cell)
    return cell


def in_file(cell: Cell) -> str:
    """Plain for a spreadsheet: shares of a hundred, waits in minutes, days by ISO 8601."""
    match cell:
        case None:
            return ""
        case Share():
            return f"{cell:.1f}"
        case timedelta():
            return f"{cell / MINUTE:.1f}"
    return str(cell)
