"""Recovery codes: ten of them, told once, each in the place of one code of the app."""

import secrets

from sqlalchemy import delete, func, select

from app.extensions import db
from app.lib.keyed_hash import hashed
from app.models import RecoveryCode, User
from app.tenancy import unscoped

WHY = "whoever signs in is in no business yet, and an operator is in none"

HOW_MANY = 10
# Without letters that are read as another: 16 of 31 are 79 bits, which nobody guesses from a hash.
LETTERS, LENGTH, GROUP = "abcdefghjkmnpqrstuvwxyz23456789", 16, 4


def renew(user: User) -> list[str]:
    """New ones in the place of all that they had; the caller commits."""
    codes = [_fresh() for _ in range(HOW_MANY)]
    remove(user)
    with unscoped(WHY):
        db.session.add_all(
            RecoveryCode(tenant_id=user.tenant_id, user_id=user.id, code_hash=_hashed(code))
            for code in codes
        )
        db.session.flush()
    return codes


def use(user: User, typed: str) -> bool:
    """Whether it is one of theirs; of two who use it at once one does. The caller commits."""
    mine = RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hashed(typed)
    used = delete(RecoveryCode).where(*mine).returning(RecoveryCode.id)
    with unscoped(WHY):
        return bool(db.session.execute(used).all())


def left(user: User) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
    with unscoped(WHY):
        return db.session.scalars(query).one()


def remove(user: User) -> None:
    """The caller commits."""
    with unscoped(WHY):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _fresh() -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def _hashed(typed: str) -> str:
    """However it was typed: in capitals, with blanks or without hyphens."""
    plain = "".join(letter for letter in typed.casefold() if letter.isalnum())
    return hashed(plain)
