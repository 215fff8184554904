"""A business connects a Twilio account of its own, or goes back to ours."""

from datetime import datetime

from sqlalchemy import select, update

from app.extensions import db, settings, vault
from app.inbound.media_fetch import ANOTHER_ACCOUNT
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Media, Message, NumberState, SenderNumber, Tenant
from app.models.sender_number import OURS
from app.numbers.rights import locked, settle
from app.outbox.senders.twilio_senders import own_account
from app.tenancy import tenant_scope


class NotYours(ValueError):
    """The account cannot be connected; the text says why."""


def connect(tenant: Tenant, sid: str | None, token: str | None, now: datetime) -> None:
    """Use the account of that SID, None: ours. Without a token the present one stays, if it is
    that account's.

    With another account other numbers count. What waits under a former account of its own is
    discarded, visibly, as nobody else may be asked about it: attachments have failed, calls end as
    not known. What waits to be sent from its numbers is refused
    (app/outbox/queue/foreign_sender.py).
    Part of the caller's transaction, which holds the tenant's row. Raises NotYours.
    """
    if sid and sid == settings().twilio_account_sid:
        raise NotYours("This is our own account: leave the field empty to use it")
    before = own_account(tenant)
    if tenant.twilio_account_sid != sid:
        tenant.twilio_auth_token_sealed = None
    tenant.twilio_account_sid = sid
    if sid and token:
        tenant.twilio_auth_token_sealed = vault().seal(token)
    after = own_account(tenant)
    if after == before:
        return
    if before != OURS:
        _discard(before)
        _ask(before, None)
    if after != OURS:
        _ask(after, now)
    settle(tenant)


def _ask(account_sid: str, at: datetime | None) -> None:
    """The account's numbers count once Twilio has been asked (again), at that time; None: not as
    long as the account is not used."""
    checking = (
        update(SenderNumber)
        .where(SenderNumber.account_sid == account_sid)
        .where(SenderNumber.state != NumberState.WITHDRAWN)
        .values(state=NumberState.CHECKING, reason="", ask_after=at)
    )
    db.session.execute(checking.execution_options(synchronize_session=False))


def _discard(account_sid: str) -> None:
    came_by_it = select(Message.id).where(Message.account_sid == account_sid)
    attachments = (
        update(Media)
        .where(Media.state == "waiting", Media.message_id.in_(came_by_it))
        .values(state="failed", error=ANOTHER_ACCOUNT)
    )
    calls = (
        update(Call)
        .where(Call.outcome == CallOutcome.RINGING, Call.account_sid == account_sid)
        .values(outcome=CallOutcome.UNKNOWN)
    )
    for discarded in (attachments, calls):
        db.session.execute(discarded.execution_options(synchronize_session=False))


def part_from_ours(now: datetime) -> None:
    """Disconnect whoever entered the platform's own account before that was refused, or before it
    was the platform's, committed."""
    claims = select(Tenant.id).where(Tenant.twilio_account_sid == settings().twilio_account_sid)
    for tenant_id in db.session.scalars(claims).all():
        with tenant_scope(tenant_id):
            connect(locked(tenant_id), None, None, now)
            db.session.commit()
        db.session.remove()
