"""The life of a key. It is `kv_`, the number of its business, and a secret of 256 bits: by the
number the business is entered, within which the key is looked for. The database has its SHA-256."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.api_keys.scopes import SCOPES
from app.extensions import db
from app.housekeeping import delete_old
from app.lib.keyed_hash import hashed
from app.lib.text.cleaning import clean, one_line
from app.models import ApiKey, ApiRequest
from app.tenancy import current_tenant_id

FORM = re.compile(r"kv_([1-9][0-9]{0,8})_[\w-]{43}", re.ASCII)
SHOWN = 6
MOST, LONGEST_NAME = 50, 80
HOUR = timedelta(hours=1)
# So long a repeated request is known (app/web/api/once.py).
KNOWN_FOR = timedelta(hours=24)


class Rejected(ValueError):
    """There can be no such key; says why in a person's words."""


def make(
    name: str, scopes: Sequence[str], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and what it is, which nobody can read again. The caller commits. Raises
    Rejected."""
    title = one_line(clean(name))
    if not title or len(title) > LONGEST_NAME:
        raise Rejected(f"Give it a name of {LONGEST_NAME} characters at most.")
    if unknown := sorted({*scopes} - SCOPES.keys()):
        raise Rejected(f"There is no scope {unknown[0]}. There are: {', '.join(SCOPES)}.")
    if not scopes:
        raise Rejected("Choose what it may do.")
    if expires_at and expires_at <= now:
        raise Rejected("It would have ended already. Choose a later day.")
    open_ = select(func.count(ApiKey.id)).where(ApiKey.revoked_at.is_(None))
    if (db.session.scalar(open_) or 0) >= MOST:
        raise Rejected(f"There are {MOST} already. End one that nobody uses.")
    head = f"kv_{current_tenant_id()}_"
    whole = head + secrets.token_urlsafe(32)
    key = ApiKey(
        name=title,
        prefix=whole[: len(head) + SHOWN],
        secret_hash=hashed(whole),
        scopes=[each for each in SCOPES if each in scopes],
        created_at=now,
        expires_at=expires_at,
    )
    db.session.add(key)
    db.session.flush()
    return key, whole


def business_of(whole: str) -> int | None:
    """The id of the business that the key says it is of; None: it is no key of ours."""
    found = FORM.fullmatch(whole)
    return int(found[1]) if found and int(found[1]) < 2**31 else None


def found(whole: str, now: datetime) -> ApiKey | None:
    """The key of the business in scope, if it holds now."""
    lasts = or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now)
    holds = ApiKey.secret_hash == hashed(whole), ApiKey.revoked_at.is_(None), lasts
    return db.session.scalar(select(ApiKey).where(*holds))


def note_use(key: ApiKey, now: datetime) -> None:
    """That it is used, to the hour. Commits."""
    if key.last_used_at is None or now - key.last_used_at >= HOUR:
        key.last_used_at = now
        db.session.commit()


def revoke(key: ApiKey, now: datetime) -> None:
    """From now on it lets nobody in. The caller commits."""
    key.revoked_at = key.revoked_at or now


def forget(now: datetime) -> None:
    """Delete what is known of requests of yesterday."""
    delete_old(ApiRequest, ApiRequest.at < now - KNOWN_FOR)
