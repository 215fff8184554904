"""An authenticator app (TOTP, RFC 6238): its key, and the codes that it shows."""

import unicodedata
from datetime import datetime

from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import or_, update

from app.extensions import db, vault
from app.models import User
from app.tenancy import unscoped

WHY = "whoever signs in is in no business yet, and an operator is in none"

ISSUER = "KaiVox"
# A telephone's clock may be so many seconds off (RFC 6238, 5.2: one step to either side).
OFF = 30


class WrongCode(ValueError):
    """It is not what the app shows now."""


def fresh_key() -> str:
    """The key of an app that is not set up yet, in base32."""
    return str(TOTP.new().base32_key)


def address(user: User, key: str) -> str:
    """What the picture says, for apps (otpauth://)."""
    return str(TOTP(key).to_uri(label=user.email, issuer=ISSUER))


def has(user: User) -> bool:
    return user.totp_sealed is not None


def keep(user: User, key: str, code: str, now: datetime) -> None:
    """Once a code of it is right, in the place of the one before. The caller commits. Raises
    WrongCode."""
    step = _step(key, code, now)
    if step is None:
        raise WrongCode
    with unscoped(WHY):
        user.totp_sealed, user.totp_step = vault().seal(key), step
        db.session.flush()


def take(user: User, code: str, now: datetime) -> bool:
    """Whether it is the code of now, and no code of its time step, or of a later one, was taken
    before. The caller commits. Raises VaultError where their key cannot be read."""
    step = _step(vault().open(user.totp_sealed or ""), code, now)
    if step is None:
        return False
    taken = (
        update(User)
        .where(User.id == user.id, or_(User.totp_step.is_(None), User.totp_step < step))
        .values(totp_step=step)
        .returning(User.id)
    )
    with unscoped(WHY):
        return db.session.scalar(taken) is not None


def remove(user: User) -> None:
    """The caller commits."""
    with unscoped(WHY):
        user.totp_sealed = user.totp_step = None
        db.session.flush()


def _step(key: str, code: str, now: datetime) -> int | None:
    """Of which time step of about now it is the code, as any keyboard types digits."""
    plain = unicodedata.normalize("NFKC", code)
    try:
        return int(TOTP(key).match(plain, time=now, window=OFF).counter)
    except TokenError:
        return None
