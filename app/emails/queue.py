"""The life of an email to a user (transactional outbox): waiting, being sent, sent or failed.

Like any email (docs/adr/0011-emails.md) one that got no clear answer is not sent again.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.emails.kind import Kind
from app.extensions import db, settings
from app.housekeeping import delete_old
from app.models import User, UserEmail, UserInvitation
from app.providers.contract import Outcome, SendError
from app.rows.chosen_once import chosen_once
from app.tenancy import unscoped

# Longer than the whole dialogue with a mail server (app/providers/smtp).
LEASE = timedelta(seconds=60)
# About a day, each pause twice the one before.
MOST_ATTEMPTS = 11
FIRST_PAUSE = timedelta(minutes=1)
KEPT, DAY = timedelta(days=90), timedelta(days=1)
# Of a kind, within a day. Anybody who writes sets off rules, an answer turns off a webhook, and an
# admin can enter any address for a user.
MOST_TO_A_USER, MOST_OF_A_BUSINESS = 50, 500
UNCONFIRMED = "Whoever sent it broke off: we could not confirm it with the mail server."

WHY = "emails to users of all tenants, and to operators, wait in one line"
WAITING = UserEmail.sent_at.is_(None) & UserEmail.failed_reason.is_(None)


def possible() -> bool:
    """Whether there is a mail server; without one nothing is written."""
    return settings().mail_server is not None


def write(user: User, kind: Kind, values: dict[str, Any], now: datetime, once: str = "") -> bool:
    """Let it be sent after the caller's commit; who then enqueues SEND_USER_EMAILS. `once`: its
    name, of which there is one email ever.

    False where no mail server is configured, it was written before, or there were enough.
    """
    if not possible() or _enough(user, kind, now):
        return False
    whom = {"tenant_id": user.tenant_id, "user_id": user.id}
    return _insert(kind, values, now, once=once or None, **whom)


def write_to_invited(
    invitation: UserInvitation, kind: Kind, values: dict[str, Any], now: datetime
) -> bool:
    """The same to somebody who is no user yet, in the place of one that still waits. False where no
    mail server is configured."""
    if not possible():
        return False
    waits = delete(UserEmail).where(
        UserEmail.invitation_id == invitation.id, WAITING, UserEmail.lease_until.is_(None)
    )
    with unscoped(WHY):
        db.session.execute(waits.execution_options(synchronize_session=False))
    whom = {"tenant_id": invitation.tenant_id, "invitation_id": invitation.id}
    return _insert(kind, values, now, **whom)


def write_to_address(address: str, kind: Kind, now: datetime) -> bool:
    """The same to whoever signs in with the address, if anybody does: that is found out when it is
    sent, and until then the same is done for every address."""
    return possible() and _insert(kind, {}, now, address=address)


def _insert(kind: Kind, values: dict[str, Any], now: datetime, **more: Any) -> bool:
    written = (
        insert(UserEmail)
        .values(kind=kind.key, values=values, created_at=now, send_after=now, **more)
        .on_conflict_do_nothing(index_elements=["once"])
        .returning(UserEmail.id)
    )
    with unscoped(WHY):
        return db.session.scalar(written) is not None


def _enough(user: User, kind: Kind, now: datetime) -> bool:
    """Whether the user, or the business, got as many of the kind as there may be in a day."""
    if user.tenant_id is None:
        return False
    to_them = func.count().filter(UserEmail.user_id == user.id)
    query = select(to_them, func.count()).where(
        UserEmail.tenant_id == user.tenant_id,
        UserEmail.created_at > now - DAY,
        UserEmail.kind == kind.key,
    )
    with unscoped(WHY):
        theirs, all_ = db.session.execute(query).one()
    return bool(theirs >= MOST_TO_A_USER or all_ >= MOST_OF_A_BUSINESS)


def claim(now: datetime) -> UserEmail | None:
    """Take the next that is due under a lease, committed; it comes back detached."""
    due = select(UserEmail.id).where(
        WAITING, UserEmail.lease_until.is_(None), UserEmail.send_after <= now
    )
    first = due.order_by(UserEmail.send_after).limit(1).with_for_update(skip_locked=True)
    taken = (
        update(UserEmail)
        .where(UserEmail.id.in_(chosen_once(first)))
        .values(lease_until=now + LEASE, attempts=UserEmail.attempts + 1)
        .returning(UserEmail)
        .execution_options(synchronize_session=False)
    )
    with unscoped(WHY):
        email = db.session.scalar(taken)
        db.session.expunge_all()
        db.session.commit()
    return email


def sent(email: UserEmail, now: datetime) -> None:
    _move(UserEmail.id == email.id, sent_at=now, lease_until=None)


def failed(email: UserEmail, error: SendError, now: datetime) -> None:
    """Certainly not sent, it waits for another attempt as long as one can help."""
    again = error.outcome is Outcome.RETRY or error.sender_at_fault
    if again and email.attempts < MOST_ATTEMPTS:
        later = now + FIRST_PAUSE * 2 ** (email.attempts - 1)
        _move(UserEmail.id == email.id, lease_until=None, send_after=later)
    else:
        _move(UserEmail.id == email.id, lease_until=None, failed_reason=error.for_the_operator)


def drop(email: UserEmail) -> None:
    """Nobody is there to get it: not even that it was asked for is kept."""
    with unscoped(WHY):
        db.session.execute(delete(UserEmail).where(WAITING, UserEmail.id == email.id))
    db.session.commit()


def give_up_unconfirmed(now: datetime) -> None:
    """Whoever sent these has died over it: nobody knows whether they left."""
    _move(UserEmail.lease_until <= now, lease_until=None, failed_reason=UNCONFIRMED)


def _move(which: ColumnElement[bool], **values: Any) -> None:
    moved = update(UserEmail).where(WAITING, which).values(**values)
    with unscoped(WHY):
        db.session.execute(moved.execution_options(synchronize_session=False))
    db.session.commit()


def forget(now: datetime) -> None:
    """Delete what is long over."""
    delete_old(UserEmail, ~WAITING & (UserEmail.created_at < now - KEPT))
