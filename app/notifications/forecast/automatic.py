"""Which messages of a thread nobody wrote by hand, and why they went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.inbox.reading.message_rows import MessageRow
from app.models import Broadcast, BroadcastRecipient, Notification, Tenant
from app.notifications.answers import OURS
from app.notifications.forecast.why import rule
from app.notifications.types import TYPES
from app.outbox.offers import OFFER, UPON
from app.tenancy import current_tenant_id

# What their tokens begin with (app/notifications/dispatch.py): the second in place of a failed one.
PLANNED = ("notification-", "again-")


@dataclass(frozen=True)
class Automatic:
    label: str
    why: str = ""
    """By which rule it had its time; empty: that stands beside it."""


ANSWER = Automatic("Automatic answer")
# Somebody wrote it there, and not here (app/inbound/social/echoes.py).
ELSEWHERE, WROTE_ELSEWHERE = "elsewhere-", Automatic("Written in Meta’s own inbox or another app")


def automatic(messages: Iterable[MessageRow]) -> dict[int, Automatic]:
    """By the ids of those that are; what a rule sent, its run tells."""
    messages = list(messages)
    sent = [each for each in messages if not each.inbound and each.author_id is None]
    tokens = {each.id: each.client_token or "" for each in sent}
    answers = {id_: ANSWER for id_, token in tokens.items() if token.startswith(OURS)}
    answers |= {id_: WROTE_ELSEWHERE for id_, each in tokens.items() if each.startswith(ELSEWHERE)}
    answers |= _offers(messages, [id_ for id_, each in tokens.items() if each.startswith(OFFER)])
    return answers | _planned([id_ for id_, token in tokens.items() if token.startswith(PLANNED)])


def _offers(messages: Sequence[MessageRow], ids: list[int]) -> dict[int, Automatic]:
    """Offers, each with its broadcast, and what was written upon one first, which answers it."""
    if not ids:
        return {}
    query = (
        select(BroadcastRecipient.message_id, Broadcast.name)
        .join(Broadcast, Broadcast.id == BroadcastRecipient.broadcast_id)
        .where(BroadcastRecipient.message_id.in_(ids))
    )
    named = {row[0] or 0: row[1] for row in db.session.execute(query)}
    told, last = dict[int, Automatic](), None
    for each in sorted(messages, key=lambda message: message.id):
        if each.id in named:
            told[each.id], last = Automatic("Broadcast", named[each.id]), each
        elif last and each.inbound:
            if each.created_at <= last.created_at + UPON:
                told[each.id] = Automatic("Upon the broadcast", named[last.id])
            last = None
    return told


def _planned(ids: list[int]) -> dict[int, Automatic]:
    if not ids:
        return {}
    query = select(Notification).where(Notification.message_id.in_(ids))
    rows = db.session.scalars(query.options(joinedload(Notification.appointment))).all()
    tenant = db.session.get_one(Tenant, current_tenant_id())
    return {row.message_id: _told(row, tenant) for row in rows if row.message_id}


def _told(row: Notification, tenant: Tenant) -> Automatic:
    label = TYPES[row.type].label if row.type in TYPES else "Automatic message"
    return Automatic(label, rule(row, tenant))
