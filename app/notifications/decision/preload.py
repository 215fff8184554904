"""A dataloader: what decide asks about many rows is asked for all of them at once."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from app.extensions import Model, db
from app.lib.memo import memo_scope
from app.models import Message, MessageTemplate, Notification, Tenant, WhatsappTemplate
from app.notifications.decision import decide, joined
from app.notifications.settings import wanted
from app.outbox.queue import opt_out, session_window
from app.outbox.senders import meta_senders
from app.prepared import Prepared
from app.tenancy import current_tenant_id


@contextmanager
def deciding(rows: Sequence[Notification], now: datetime) -> Iterator[None]:
    """Within it the number of statements does not grow with the rows that are decided, for times
    from now on; they are loaded with LOADS (loading.py). Only for reading."""
    with memo_scope():
        # The session forgets what nobody holds.
        held = [db.session.get_one(Tenant, current_tenant_id()), *_asked_ahead(rows, now)]
        yield
        held.clear()


def _asked_ahead(rows: Sequence[Notification], now: datetime) -> list[Model]:
    """What is to be held."""
    if not rows:
        return []
    rows = [*rows, *joined.ask_ahead(rows)]
    customers = {row.customer_id: row.customer for row in rows}.values()
    opt_out.ask_ahead(customers)
    session_window.ask_ahead(customers)
    # Whoever is reached by nothing before is asked about there, once.
    meta_senders.connected()
    decide.ask_ahead(rows)
    for key, setting in wanted().items():
        if those := [row for row in rows if row.type == key]:
            setting.type.ask_ahead(those, setting.options, now)
    return [*rows, *_earlier(rows), *_approved()]


def _earlier(rows: Iterable[Notification]) -> Iterator[Message]:
    """The messages in whose place theirs came, one after the other."""
    messages = [row.message for row in rows if row.message]
    while before := [message.again_of_id for message in messages if message.again_of_id]:
        messages = list(db.session.scalars(select(Message).where(Message.id.in_(before))))
        yield from messages


def _approved() -> Iterable[WhatsappTemplate]:
    ids = _APPROVED.all()
    query = select(WhatsappTemplate).where(WhatsappTemplate.id.in_(ids))
    return db.session.scalars(query) if ids else ()


_APPROVED = Prepared(
    int, select(MessageTemplate.approved_id).where(MessageTemplate.approved_id.is_not(None))
)
