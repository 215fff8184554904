"""Whose passkeys are whose: found by the id that a device names, and used once for each time that
we ask. Who adds or removes one does it by second_factor.py."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Passkey, User
from app.tenancy import unscoped
from app.users.passkey_ceremony import Made, Used

WHY = "whoever signs in is in no business yet, and an operator is in none"

# Nobody has so many devices.
MOST = 20
LONGEST_NAME = 60


class KnownAlready(ValueError):
    """It is somebody's, theirs as likely as not."""


def of(user: User) -> list[Passkey]:
    """The eldest first."""
    query = select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    with unscoped(WHY):
        return list(db.session.scalars(query))


def find(used: Used) -> tuple[Passkey, User] | None:
    """Which it is, and whose, if they may sign in. Not yet proved."""
    query = select(Passkey, User).join(User, User.id == Passkey.user_id)
    query = query.where(Passkey.credential_id == used.credential_id, User.active)
    with unscoped(WHY):
        row = db.session.execute(query).one_or_none()
    return (row.Passkey, row.User) if row else None


def handle_of(user: User) -> UUID:
    """As whom their devices know them; a fresh one where they have no passkey yet."""
    return next((passkey.user_handle for passkey in of(user)), None) or uuid4()


def keep(user: User, made: Made, name: str, now: datetime) -> None:
    """The caller commits. Raises KnownAlready, and has rolled back then."""
    passkey = Passkey(
        tenant_id=user.tenant_id,
        user_id=user.id,
        user_handle=made.user_handle,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name=name,
        created_at=now,
    )
    with unscoped(WHY):
        db.session.add(passkey)
        try:
            db.session.flush()
        except IntegrityError:
            db.session.rollback()
            raise KnownAlready from None


def take(passkey: Passkey, sign_count: int, asked_at: datetime, now: datetime) -> bool:
    """Whether it was not used since we asked, so that no answer counts twice, and has signed more
    often than before, where it counts (WebAuthn, 6.1.1). The caller commits."""
    counts_on = Passkey.sign_count < sign_count if sign_count else Passkey.sign_count == 0
    taken = (
        update(Passkey)
        .where(Passkey.id == passkey.id)
        .where(or_(Passkey.used_at.is_(None), Passkey.used_at < asked_at))
        .where(counts_on)
        .values(sign_count=sign_count, used_at=now)
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped(WHY):
        return db.session.scalar(taken) is not None


def used_since(passkey: Passkey, at: datetime) -> bool:
    """Or removed."""
    query = select(Passkey.id).where(Passkey.id == passkey.id)
    query = query.where(or_(Passkey.used_at.is_(None), Passkey.used_at < at))
    with unscoped(WHY):
        return db.session.scalar(query) is None


def rename(passkey: Passkey, name: str) -> None:
    """The caller commits."""
    with unscoped(WHY):
        passkey.name = name
        db.session.flush()


def remove(passkey: Passkey) -> bool:
    """Whether it was still there. The caller commits."""
    removed = delete(Passkey).where(Passkey.id == passkey.id).returning(Passkey.id)
    with unscoped(WHY):
        return db.session.scalar(removed) is not None


def remove_all(user: User) -> None:
    """The caller commits."""
    with unscoped(WHY):
        db.session.execute(delete(Passkey).where(Passkey.user_id == user.id))
