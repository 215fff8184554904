"""The second factor: besides the password a code of an authenticator app, a passkey, or one of ten
recovery codes. A passkey that checks who holds it lets in without the password, too."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from app import live
from app.audit.audit_record import record_of, record_on
from app.emails import queue
from app.emails.kinds import passkey_changed, second_factor_off
from app.extensions import db
from app.models import AuditAction, Passkey, User
from app.streams import pubsub
from app.tenancy import unscoped
from app.users import authenticator_app, passkeys, recovery_codes
from app.users.passkey_ceremony import Made

WHY = "whoever signs in is in no business yet, and an operator is in none"


class LastFactor(ValueError):
    """Without it they would have none."""


class Proof(StrEnum):
    """By what somebody has proved that it is they."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


def has(user: User) -> bool:
    return user.second_factor_since is not None


def set_up(user: User, key: str, code: str, now: datetime) -> list[str]:
    """From now on a password alone lets them in no more. Their sessions go on. The caller commits.

    Their recovery codes, told this once. Raises WrongCode.
    """
    authenticator_app.keep(user, key, code, now)
    return _turn_on(user, now)


def add_passkey(user: User, made: Made, name: str, now: datetime) -> list[str]:
    """Likewise; they are told by email, as it lets in without the password. Where they had a second
    factor the recovery codes before hold on, and there are none. The caller commits, and enqueues
    SEND_USER_EMAILS. Raises KnownAlready."""
    _lock(user)
    passkeys.keep(user, made, name, now)
    record_of(user, AuditAction.PASSKEY_ADDED, passkey=name)
    _tell(user, name, "added to", now)
    return [] if has(user) else _turn_on(user, now)


def _turn_on(user: User, now: datetime) -> list[str]:
    with unscoped(WHY):
        user.second_factor_since = now
        db.session.flush()
    record_of(user, AuditAction.SECOND_FACTOR_ON)
    return recovery_codes.renew(user)


def _tell(user: User, name: str, done: str, now: datetime) -> None:
    queue.write(user, passkey_changed.KIND, {"passkey": name, "done": done}, now)


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
    right = authenticator_app.has(user) and authenticator_app.take(user, typed, now)
    return Proof.APP if right else None


def remove_passkey(user: User, passkey: Passkey, needed: bool, now: datetime) -> None:
    """Without another factor it turns the second factor off; they are told by email either way. The
    caller commits, and enqueues SEND_USER_EMAILS. Raises LastFactor where one is needed."""
    _lock(user)
    name, theirs = passkey.name, passkeys.of(user)
    if theirs == [passkey] and not authenticator_app.has(user):
        return _turn_off_own(user, needed, now)
    if passkeys.remove(passkey):
        record_of(user, AuditAction.PASSKEY_REMOVED, passkey=name)
        _tell(user, name, "removed from", now)
    return None


def remove_app(user: User, needed: bool, now: datetime) -> None:
    """Likewise."""
    _lock(user)
    if not passkeys.of(user):
        return _turn_off_own(user, needed, now)
    authenticator_app.remove(user)
    record_of(user, AuditAction.APP_REMOVED)
    return None


def _lock(user: User) -> None:
    """So that of two who remove the last two factors at once one finds it the last, and whoever
    adds one while another turns it off begins anew."""
    with unscoped(WHY):
        db.session.refresh(user, with_for_update=True)


def _turn_off_own(user: User, needed: bool, now: datetime) -> None:
    if needed:
        raise LastFactor
    turn_off(user, "You", now)


def turn_off(user: User, who: str, now: datetime) -> None:
    """Whatever kinds they have, as whoever acts now asks for; they are told by email who it was.
    The caller commits, and enqueues SEND_USER_EMAILS."""
    with unscoped(WHY):
        user.second_factor_since = None
        authenticator_app.remove(user)
    passkeys.remove_all(user)
    recovery_codes.remove(user)
    live.end_streams(pubsub.user(user.id))
    record_on(user, AuditAction.SECOND_FACTOR_OFF)
    queue.write(user, second_factor_off.KIND, {"who": who}, now)
