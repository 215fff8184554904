from collections import Counter

from admin_views.notifications.outcomes import WORDS
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Told
from app.models import NotificationStatus as Status
from app.models import What
from app.notifications.causes import Cause
from app.notifications.types import TYPES
from app.reports.counted import counted
from app.reports.period import Period

WHY: dict[str, str] = {
    Cause.SENT: "",
    Cause.LATE: "It came too late to be of use",
    Cause.TURNED_OFF: "It is turned off",
    Cause.BOOKED_LATE: "The booking came too late for it",
    Cause.QUIET_HOURS: "Quiet hours left no time for it",
    Cause.OPTED_OUT: "They want no messages",
    Cause.UNDECIDED: "They may want no messages, and nobody has decided",
    Cause.UNREACHABLE: "There is no way to reach them",
    Cause.NOT_ASKED: "Nobody asked for it",
    Cause.RECENTLY: "They had one like it not long before",
    Cause.LIMIT: "A limit was reached",
    Cause.ANSWERED: "Somebody had spoken or written to them",
    Cause.NO_LINK: "No review page is set",
    Cause.UNDELIVERED: "It did not arrive by any channel",
    Cause.TEMPLATE: "Its template cannot be used",
    Cause.FAULT: "A fault of ours",
    Cause.MOVED: "The appointment was moved",
    Cause.APPOINTMENT_OVER: "The appointment was cancelled or is over",
    Cause.SETTINGS: "The settings no longer ask for it",
    Cause.BY_STAFF: "Staff cancelled it",
}
ENDS = (Status.SENT, Status.SKIPPED, Status.CANCELLED)


def tell(now: Period, before: Period) -> Told:
    found, earlier = _sums(now), _sums(before)
    keys = sorted(found.keys() | earlier.keys(), key=_order)
    rows = [
        (TYPES[type_].label, WORDS[end], WHY.get(cause, ""), found[key], earlier[key])
        for key in keys
        for type_, end, cause in [key]
    ]
    types = [type_ for type_ in TYPES if any(key[0] == type_ for key in found)]
    series = {WORDS[end]: [_total(found, end, type_) for type_ in types] for end in ENDS}
    sent = f"{_total(found, Status.SENT):,} sent, {_total(found, Status.SKIPPED):,} not sent"
    return Told(
        ("Message", "What became of it", "Why", "How many", "Period before"),
        rows,
        Stacks([TYPES[type_].label for type_ in types], series) if found else None,
        f"{sent}; {_total(earlier, Status.SENT):,} sent in the period before",
    )


Key = tuple[str, Status, str]


def _sums(period: Period) -> Counter[Key]:
    sums: Counter[Key] = Counter()
    for count in counted(What.NOTIFICATION, period):
        end, _, cause = count.detail.partition(" ")
        if count.kind in TYPES:
            sums[count.kind, Status(end), cause] += count.total
    return sums


def _order(key: Key) -> tuple[int, int, str]:
    type_, end, cause = key
    return list(TYPES).index(type_), ENDS.index(end), cause


def _total(sums: Counter[Key], end: Status, type_: str = "") -> int:
    return sum(total for key, total in sums.items() if key[1] == end and type_ in ("", key[0]))


REPORT = Report(
    "automatic", "Automatic messages", "No automatic message was due in these days.", tell
)
