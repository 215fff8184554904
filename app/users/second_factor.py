"""The second factor: besides the password a code of an authenticator app (TOTP, RFC 6238), or one
of ten recovery codes."""

import unicodedata
from datetime import datetime
from enum import StrEnum

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import or_, select, update

from app import live
from app.audit.audit_record import record_of, record_on
from app.emails import queue
from app.emails.kinds import second_factor_off
from app.extensions import db, vault
from app.models import AuditAction, User
from app.streams import pubsub
from app.tenancy import unscoped
from app.users import recovery_codes

WHY = "whoever signs in is in no business yet, and an operator is in none"

ISSUER = "KaiVox"
# A telephone's clock may be so many seconds off (RFC 6238, 5.2: one step to either side).
OFF = 30


class WrongCode(ValueError):
    """It is not what the app shows now."""


class Proof(StrEnum):
    """By what somebody has proved that it is they."""

    APP = "app"
    RECOVERY_CODE = "recovery_code"


def has(user: User) -> bool:
    return user.second_factor_since is not None


def fresh_key() -> str:
    """The key of an app that is not set up yet, in base32."""
    return str(TOTP.new().base32_key)


def address(user: User, key: str) -> str:
    """What the picture says, for apps (otpauth://)."""
    return str(TOTP(key).to_uri(label=user.email, issuer=ISSUER))


def set_up(user: User, key: str, code: str, now: datetime) -> list[str]:
    """From now on a password alone lets them in no more. Their sessions go on. The caller commits.

    Their recovery codes, told this once. Raises WrongCode.
    """
    step = _step(key, code, now)
    if step is None:
        raise WrongCode
    with unscoped(WHY):
        user.totp_sealed, user.totp_step = vault().seal(key), step
        user.second_factor_since = now
        db.session.flush()
    record_of(user, AuditAction.SECOND_FACTOR_ON)
    return recovery_codes.renew(user)


def end_streams_without() -> None:
    """Of those of the business in scope who have none: their pages ask anew, and are refused where
    one is required by then."""
    for user_id in db.session.scalars(select(User.id).where(User.second_factor_since.is_(None))):
        live.end_streams(pubsub.user(user_id))


def renew_codes(user: User) -> list[str]:
    """New recovery codes, told this once. The caller commits."""
    record_of(user, AuditAction.RECOVERY_CODES_RENEWED)
    return recovery_codes.renew(user)


def prove(user: User, typed: str, now: datetime) -> Proof | None:
    """Whether it is the code of their app, or one of their recovery codes; neither counts twice.
    The caller commits. Raises VaultError where their key cannot be read."""
    if recovery_codes.use(user, typed):
        record_of(user, AuditAction.RECOVERY_CODE_USED, left=recovery_codes.left(user))
        return Proof.RECOVERY_CODE
    step = _step(vault().open(user.totp_sealed or ""), typed, now)
    return Proof.APP if step is not None and _take(user, step) else None


def turn_off(user: User, who: str, now: datetime) -> None:
    """As whoever acts now asks for; they are told by email who it was. The caller commits, and
    enqueues SEND_USER_EMAILS."""
    with unscoped(WHY):
        user.totp_sealed = user.totp_step = user.second_factor_since = None
        recovery_codes.remove(user)
        db.session.flush()
    live.end_streams(pubsub.user(user.id))
    record_on(user, AuditAction.SECOND_FACTOR_OFF)
    queue.write(user, second_factor_off.KIND, {"who": who}, now)


def _step(key: str, code: str, now: datetime) -> int | None:
    """Of which time step of about now it is the code, as any keyboard types digits."""
    plain = unicodedata.normalize("NFKC", code)
    try:
        return int(TOTP(key).match(plain, time=now, window=OFF).counter)
    except TokenError:
        return None


def _take(user: User, step: int) -> bool:
    """Whether no code of that time step, or of a later one, was taken before."""
    taken = (
        update(User)
        .where(User.id == user.id, or_(User.totp_step.is_(None), User.totp_step < step))
        .values(totp_step=step)
        .returning(User.id)
    )
    with unscoped(WHY):
        return db.session.scalar(taken) is not None
