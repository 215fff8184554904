"""Reminders of one customer for one day go as one message (docs/adr/0029-shared-numbers.md)."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, Integer, any_, select

from app.extensions import db
from app.lib.memo import memoized, prime
from app.lib.time.clock import local_day
from app.models import Notification, NotificationStatus, Tenant
from app.notifications.decision.decide import Send, Verdict, decide
from app.notifications.decision.loading import loaded
from app.notifications.types import TYPES
from app.prepared import Prepared, given
from app.tenancy import current_tenant_id

JOINING = [key for key, kind in TYPES.items() if kind.joins]
# At the end of a row's reason, and of the rule by which it had its time.
JOINED = "with the others of that day"


class _Planned(NamedTuple):
    """As the columns of Notification."""

    id: int
    customer_id: int
    type: str
    step: int
    starts_at: datetime
    message_id: int | None


def company(row: Notification) -> list[int]:
    """The ids of the others that are planned for the same customer, day and lead, the first to
    begin first; of one whose message failed those that were in it."""
    return memoized(("company", row.id), lambda: companies([row]).get(row.id, []))


def company_rows(row: Notification) -> list[Notification]:
    """The same as rows, to look at."""
    return memoized(("company rows", row.id), lambda: loaded(company(row)))


def companies(rows: Sequence[Notification]) -> dict[int, list[int]]:
    """The same of each of the rows that has some, by its id."""
    zone = db.session.get_one(Tenant, current_tenant_id()).timezone
    joining = [row for row in rows if row.type in JOINING and row.step and row.starts_at]
    if not joining:
        return {}
    together: dict[Hashable, list[int]] = {}
    for each in _PLANNED.all(customers=list({row.customer_id for row in joining})):
        together.setdefault(_key(each, zone), []).append(each.id)
    found = {
        row.id: [id_ for id_ in together.get(_key(row, zone), []) if id_ != row.id]
        for row in joining
    }
    return {id_: others for id_, others in found.items() if others}


def ask_ahead(rows: Sequence[Notification]) -> list[Notification]:
    """So that the company of all of them is known at once; all of that."""
    found = companies(rows)
    known = {row.id: row for row in rows}
    missing = {id_ for ids in found.values() for id_ in ids} - known.keys()
    known |= {row.id: row for row in loaded(missing)}
    for row in rows:
        ids = found.get(row.id, [])
        prime(("company", row.id), ids)
        prime(("company rows", row.id), [known[id_] for id_ in ids if id_ in known])
    return [known[id_] for id_ in missing if id_ in known]


def decide_together(
    row: Notification,
    at: datetime,
    others: Sequence[Notification],
    although_quiet: bool = False,
) -> Verdict:
    """What becomes of the row at that time; those of its company that go then by the same way go in
    its message. Where that cannot be sent, it goes alone."""
    alone = decide(row, at, although_quiet)
    if not isinstance(alone, Send):
        return alone
    sends = {other: decide(other, at, although_quiet) for other in others}
    going = {
        other: send
        for other, send in sends.items()
        if isinstance(send, Send) and send.route == alone.route
    }
    whole = decide(row, at, although_quiet, list(going)) if going else alone
    if not going or not isinstance(whole, Send) or whole.route != alone.route:
        return alone
    until = min(each.until for each in (alone, *going.values()))
    return replace(whole, until=until, rows=(row, *going))


def _key(row: Notification | _Planned, zone: str) -> Hashable:
    day = local_day(row.starts_at, zone) if row.starts_at else None
    return row.customer_id, row.type, row.step, day, row.message_id


_PLANNED = Prepared(
    _Planned,
    select(*(getattr(Notification, name) for name in _Planned._fields))
    .where(Notification.customer_id == any_(given("customers", ARRAY(Integer))))
    .where(Notification.status == NotificationStatus.PLANNED)
    .where(Notification.type.in_(JOINING), Notification.step > 0)
    .where(Notification.starts_at.is_not(None))
    .order_by(Notification.starts_at, Notification.id),
)
