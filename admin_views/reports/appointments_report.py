from sqlalchemy import select

from admin_views.labels import APPOINTMENT
from admin_views.reports.charts import Stacks
from admin_views.reports.report import Report, Share, Told, share
from admin_views.reports.report_words import of_before, on_page
from app.extensions import db
from app.models import StaffMember, What
from app.models.appointment import AppointmentStatus as Status
from app.reports.counted import Count, counted
from app.reports.period import Period

NOBODY = "Nobody in particular"


def tell(now: Period, before: Period) -> Told:
    """Of appointments that begin in these days, and reminders that were answered in them."""
    found = counted(What.APPOINTMENT, now)
    names = {row.id: row.name for row in db.session.scalars(select(StaffMember))} | {0: NOBODY}
    people = sorted({each.who_id for each in found} & names.keys(), key=lambda id_: names[id_])
    series = {
        word: [_sum(found, status, id_) for id_ in people] for status, word in APPOINTMENT.items()
    }
    rows = [
        (names[id_], *of_person, no_shows([each for each in found if each.who_id == id_]))
        for id_, *of_person in zip(people, *series.values(), strict=True)
    ]
    return Told(
        ("Staff member", *series, "Did not come, of 100"),
        rows,
        Stacks([names[id_] for id_ in people], series) if found else None,
        _summary(found, now, before),
    )


def no_shows(counts: list[Count]) -> Share | None:
    """How many did not come, of those who were expected and whose time is over."""
    missed, came = _sum(counts, Status.NO_SHOW), _sum(counts, Status.COMPLETED)
    return share(missed, missed + came)


def _summary(found: list[Count], now: Period, before: Period) -> str:
    confirmed, earlier = (
        sum(each.total for each in counted(What.REPLY, period) if each.kind == Status.CONFIRMED)
        for period in (now, before)
    )
    missed = f"{on_page(no_shows(found))} did not come"
    replies = of_before(f"{confirmed:,} confirmed by a reply", earlier)
    return f"{replies}; {of_before(missed, no_shows(counted(What.APPOINTMENT, before)))}"


def _sum(counts: list[Count], status: str, who_id: int | None = None) -> int:
    return sum(
        each.total for each in counts if each.kind == status and who_id in (None, each.who_id)
    )


REPORT = Report("appointments", "Appointments", "No appointments in these days.", tell)
