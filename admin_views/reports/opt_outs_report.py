from collections import Counter

from admin_views.labels import CHANNEL
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Told
from admin_views.reports.report_words import of_before
from app.models import What
from app.reports.counted import counted
from app.reports.period import Period

HOW = {
    "keyword": "They wrote STOP",
    "carrier": "The carrier says so",
    "staff": "Staff read it in a message",
    "link": "The link in an email",
    "chat": "They left it in the live chat",
    "import": "A file that was imported",
    "complaint": "They called an email spam",
}


def tell(now: Period, before: Period) -> Told:
    found, earlier = _sums(now), _sums(before)
    keys = sorted(found.keys() | earlier.keys())
    rows = [(CHANNEL[c], HOW[how], found[c, how], earlier[c, how]) for c, how in keys]
    channels = sorted({channel for channel, _ in found})
    series = {HOW[how]: [found[channel, how] for channel in channels] for how in HOW}
    return Told(
        ("Channel", "How", "How many", "Period before"),
        rows,
        Stacks([CHANNEL[channel] for channel in channels], series) if found else None,
        of_before(f"{found.total():,} opted out", earlier.total()),
    )


def _sums(period: Period) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for count in counted(What.STOP, period):
        sums[count.kind, count.detail] += count.total
    return sums


REPORT = Report("opt-outs", "Opt-outs", "Nobody opted out in these days.", tell)
