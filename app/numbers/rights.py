"""The numbers in use follow from the rights: nothing else writes them to a tenant."""

from sqlalchemy import ColumnElement, or_, select

from app.extensions import db
from app.models import NumberState, SenderNumber, Tenant
from app.outbox.senders.twilio_senders import own_account

CHANNELS = ("sms", "whatsapp")
RCS = "rcs"


def rights(tenant: Tenant) -> list[SenderNumber]:
    """The tenant's numbers within the account that it uses now, the last entered last; those that
    were taken back are none."""
    query = (
        select(SenderNumber)
        .where(SenderNumber.account_sid == own_account(tenant))
        .where(SenderNumber.state != NumberState.WITHDRAWN)
        .order_by(SenderNumber.since, SenderNumber.id)
    )
    return list(db.session.scalars(query))


def same(number: str, service_sid: str | None) -> ColumnElement[bool]:
    """The condition that a right is to the number, or of RCS to the sender or its service: one is
    in use by one business alone."""
    named = SenderNumber.number == number
    return or_(named, SenderNumber.service_sid == service_sid) if service_sid else named


def settle(tenant: Tenant) -> None:
    """Let the tenant write from what it holds, and from nothing else. Part of the caller's
    transaction, which holds the tenant's row."""
    held = {row.channel: row for row in rights(tenant) if row.state == NumberState.HELD}
    numbers = {channel: row.number for channel, row in held.items()}
    tenant.sms_from, tenant.whatsapp_from = numbers.get("sms"), numbers.get("whatsapp")
    tenant.rcs_sender = numbers.get(RCS)
    tenant.messaging_service_sid = held[RCS].service_sid if RCS in held else None


def locked(tenant_id: int) -> Tenant:
    """The tenant, whose account and numbers nobody else changes until the transaction ends."""
    query = select(Tenant).where(Tenant.id == tenant_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
