"""A little work that a browser does before a chat begins that looks like spam: a person does not
notice it, and whoever begins thousands pays for each.

A challenge asks which number up to MOST, behind the salt and a colon, has a certain SHA-256. Unlike
Hashcash's it has an end, so that nobody waits long by bad luck. Nothing of it is kept: signed for
one business and some minutes, it comes back with the number. That it comes once is counted by
whoever takes it (app/web/chat/suspicion.py).

By hand: ALTCHA's widget needs Web Crypto, which pages without https do not have, and a site may be
one (https://altcha.org/docs/v2/troubleshooting).
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

# A Chromium that was throttled sixfold tried 52,000 to 76,000 a second: two seconds at the most.
MOST = 100_000
LASTS = timedelta(minutes=5)
# Of a text that could be a proof; what is longer is looked at no further.
LONGEST = 400


class Challenge(NamedTuple):
    salt: str
    target: str
    """The SHA-256 of «salt:number», in hexadecimal."""
    most: int
    token: str
    """All of it, signed. The proof is «number.token»."""


def challenge(tenant_id: int, keys: Sequence[str], now: datetime) -> Challenge:
    """A new one; the keys are SECRET_KEYs, the oldest first."""
    salt, number = secrets.token_hex(8), secrets.randbelow(MOST + 1)
    target = digest(salt, number)
    ends = int((now + LASTS).timestamp())
    token = str(_signer(keys).dumps([tenant_id, salt, target, ends]))
    return Challenge(salt, target, MOST, token)


def proven(proof: str, tenant_id: int, keys: Sequence[str], now: datetime) -> str | None:
    """The salt of the challenge that it solves; None: it solves none of the business's, or one that
    has ended."""
    number, _, token = proof.partition(".")
    if len(proof) > LONGEST or not (number.isascii() and number.isdigit()):
        return None
    try:
        whose, salt, target, ends = _signer(keys).loads(token)
    except BadData:
        return None
    in_time = now < datetime.fromtimestamp(ends, UTC)
    solved = digest(salt, int(number)) == target
    return str(salt) if whose == tenant_id and in_time and solved else None


def digest(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}:{number}".encode()).hexdigest()


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt="chat challenge")
