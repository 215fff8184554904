from datetime import date

from admin_views.labels import CHANNEL
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Told
from admin_views.reports.report_words import days_of, of_before
from app.inbox.statistics import OfDay, by_day
from app.models import Direction
from app.reports.period import Period


def tell(now: Period, before: Period) -> Told:
    found, earlier = by_day(now.first, now.last), by_day(before.first, before.last)
    channels = [key for key in CHANNEL if any(each.channel == key for each in found)]
    series = {CHANNEL[key]: [_sum(found, day, channel=key) for day in now.days] for key in channels}
    ways = [[_sum(found, day, direction=way) for day in now.days] for way in Direction]
    totals = [_sum(earlier, day) for day in before.days]
    rows = list(zip(now.days, *series.values(), *ways, strict=True)) if found else []
    total = sum(each.messages for each in found)
    return Told(
        ("Day", *series, "From customers", "To customers"),
        rows,
        Stacks(days_of(now), series, upright=True, before=totals if any(totals) else ())
        if found
        else None,
        of_before(f"{total:,} messages", sum(totals)),
    )


def _sum(found: list[OfDay], day: date, channel: str = "", direction: str = "") -> int:
    return sum(
        each.messages
        for each in found
        if each.day == day and channel in ("", each.channel) and direction in ("", each.direction)
    )


REPORT = Report("messages", "Messages by day", "No messages in these days.", tell)
