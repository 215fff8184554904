"""Who a visitor is, as the business's own site says and signs: a JSON Web Token (RFC 7519).

HS256 with a secret that the site and we have; claims: sub (what the business calls the person), iss
«widget», exp at most a day ahead, and name if it likes.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import jwt

from app.lib.text.cleaning import clean, one_line

ISSUER = "widget"
LONGEST_LIFE = timedelta(hours=24)
# Two clocks may differ by so much.
SKEW = timedelta(seconds=60)
LONGEST, LONGEST_SUB, LONGEST_NAME = 4096, 200, 120
SECRET_BYTES = 48
# The time is ours to compare: PyJWT would ask the machine's clock.
OPTIONS: Any = {
    "require": ["sub", "iss", "exp"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}


class BadIdentity(ValueError):
    """It is not signed by the site, or not as it must be; the text is for who programs the site."""


class Identity(NamedTuple):
    subject: str
    name: str
    ends_at: datetime

    @property
    def address(self) -> str:
        """Their address on the channel: of the same person the same, in whatever browser."""
        return f"u-{hashlib.sha256(self.subject.encode()).hexdigest()[:32]}"


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def verified(token: str, keys: Sequence[str], now: datetime) -> Identity:
    """Of a token that one of the secrets has signed. Raises BadIdentity."""
    if len(token) > LONGEST:
        raise BadIdentity("The token is longer than 4,096 characters.")
    claims = _claims(token, keys)
    ends = _instant(claims["exp"])
    if ends is None or ends <= now - SKEW:
        raise BadIdentity("The token is over (exp). Make another for each page.")
    if ends > now + LONGEST_LIFE + SKEW:
        raise BadIdentity("The token lives longer than 24 hours (exp).")
    if (since := claims.get("nbf")) is not None and not _begun(since, now):
        raise BadIdentity("The token is not valid yet (nbf).")
    return Identity(_subject(claims["sub"]), _name(claims.get("name")), ends)


def _claims(token: str, keys: Sequence[str]) -> dict[str, Any]:
    for key in keys:
        try:
            return jwt.decode(token, key, algorithms=["HS256"], issuer=ISSUER, options=OPTIONS)
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as error:
            raise BadIdentity(f"The token cannot be taken: {error}.") from None
    raise BadIdentity("The token is not signed with one of the present secrets (HS256).")


def _instant(timestamp: object) -> datetime | None:
    if isinstance(timestamp, bool) or not isinstance(timestamp, int | float):
        return None
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _begun(since: object, now: datetime) -> bool:
    at = _instant(since)
    return at is not None and at <= now + SKEW


def _subject(given: str) -> str:
    subject = clean(given).strip()
    if not 0 < len(subject) <= LONGEST_SUB:
        raise BadIdentity(f"The token's sub is empty, or longer than {LONGEST_SUB} characters.")
    return subject


def _name(given: object) -> str:
    return one_line(clean(given))[:LONGEST_NAME] if isinstance(given, str) else ""
