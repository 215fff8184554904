from collections import Counter
from datetime import timedelta

from babel.dates import get_day_names

from admin_views.reports.charts import HeatMap
from admin_views.reports.report import Report, Told
from admin_views.times import business_time
from app.lib.time.clock import wall_time
from app.models import What
from app.reports.counted import by_quarter
from app.reports.period import Period

HOURS = range(24)


def tell(now: Period, before: Period) -> Told:
    """Of messages that came in, by the clock on the business's wall: of an hour that comes twice
    both are in its row."""
    busy: Counter[tuple[int, int]] = Counter()
    for at, heard in by_quarter(What.HEARD, now):
        there = wall_time(at, now.timezone)
        busy[there.weekday(), there.hour] += heard
    # Any week, from the day with which it begins there.
    monday = business_time().week(now.last)
    weekdays = [(monday + timedelta(days=n)).weekday() for n in range(7)]
    names = get_day_names("wide", locale=business_time().locale)
    days, hours = [names[day] for day in weekdays], [business_time().hour(hour) for hour in HOURS]
    values = [[busy[day, hour] for hour in HOURS] for day in weekdays]
    rows = [(name, *of_day) for name, of_day in zip(days, values, strict=True)] if busy else []
    chart = HeatMap(days, hours, values) if busy else None
    return Told(("Weekday", *hours), rows, chart, _busiest(busy, days, weekdays))


def _busiest(busy: Counter[tuple[int, int]], days: list[str], weekdays: list[int]) -> str:
    for (day, hour), _ in busy.most_common(1):
        name = days[weekdays.index(day)]
        return f"Most customers write on {name} from {business_time().hour(hour)}."
    return ""


REPORT = Report("busy-hours", "Busiest hours", "Nobody wrote in these days.", tell)
