from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeVar

from admin_views.labels import CHANNEL
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Told
from admin_views.reports.report_words import days_of, of_before
from app.inbox.statistics import by_day
from app.models import Direction
from app.reports.period import Period

Key = TypeVar("Key", bound=Hashable)


def tell(now: Period, before: Period) -> Told:
    found, earlier = by_day(now.first, now.last), by_day(before.first, before.last)
    by_channel = _sums(((each.day, each.channel), each.messages) for each in found)
    by_way = _sums(((each.day, each.direction), each.messages) for each in found)
    channels = [key for key in CHANNEL if any(channel == key for _, channel in by_channel)]
    series = {CHANNEL[key]: [by_channel[day, key] for day in now.days] for key in channels}
    ways = [[by_way[day, way] for day in now.days] for way in Direction]
    then = _sums((each.day, each.messages) for each in earlier)
    line = [then[day] for day in before.days] if then else []
    return Told(
        ("Day", *series, "From customers", "To customers"),
        list(zip(now.days, *series.values(), *ways, strict=True)) if found else [],
        Stacks(days_of(now), series, upright=True, before=line) if found else None,
        of_before(f"{by_channel.total():,} messages", then.total()),
    )


def _sums(counts: Iterable[tuple[Key, int]]) -> Counter[Key]:
    sums: Counter[Key] = Counter()
    for key, messages in counts:
        sums[key] += messages
    return sums


REPORT = Report("messages", "Messages by day", "No messages in these days.", tell)
