"""The numbers in use follow from the rights: nothing else writes them to a tenant."""

from sqlalchemy import select

from app.extensions import db
from app.models import NumberState, SenderNumber, Tenant
from app.outbox.senders.twilio_senders import own_account

CHANNELS = ("sms", "whatsapp")


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


def settle(tenant: Tenant) -> None:
    """Let the tenant write from what it holds, and from nothing else. Part of the caller's
    transaction, which holds the tenant's row."""
    held = {row.channel: row.number for row in rights(tenant) if row.state == NumberState.HELD}
    tenant.sms_from, tenant.whatsapp_from = held.get("sms"), held.get("whatsapp")


def locked(tenant_id: int) -> Tenant:
    """The tenant, whose account and numbers nobody else changes until the transaction ends."""
    query = select(Tenant).where(Tenant.id == tenant_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()
