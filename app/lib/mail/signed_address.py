"""Addresses at a domain of the operator's that say which of our emails is answered, or comes back.

`reply+<id>.<mac>@…` and `bounce+<id>.<mac>@…` (VERP): the id is the message's random name, and the
mac proves that we gave it to this business. In small letters, as some programs write all addresses.
"""

import hmac
import re
import uuid
from base64 import b32encode
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import sha256

FORM = re.compile(r"(reply|bounce)\+([0-9a-f]{32})\.([a-z2-7]{16})@[^@]+")
MAC_BYTES = 10


class Purpose(StrEnum):
    REPLY = "reply"
    BOUNCE = "bounce"


def signed(
    keys: Sequence[str], purpose: Purpose, tenant_id: int, public_id: uuid.UUID, domain: str
) -> str:
    """The address, with the last of the keys."""
    return f"{purpose}+{public_id.hex}.{_mac(keys[-1], purpose, tenant_id, public_id)}@{domain}"


def named(
    keys: Sequence[str], tenant_id: int, addresses: Iterable[str], purposes: Iterable[Purpose]
) -> uuid.UUID | None:
    """Which message of the business the first of the addresses names that we have signed, with any
    of the keys; None: none does."""
    for found in filter(None, map(FORM.fullmatch, addresses)):
        purpose, public_id = Purpose(found[1]), uuid.UUID(found[2])
        made = (_mac(key, purpose, tenant_id, public_id) for key in keys)
        if purpose in purposes and any(hmac.compare_digest(mac, found[3]) for mac in made):
            return public_id
    return None


def _mac(key: str, purpose: Purpose, tenant_id: int, public_id: uuid.UUID) -> str:
    said = f"email address:{purpose}:{tenant_id}:{public_id.hex}".encode()
    digest = hmac.digest(key.encode(), said, sha256)[:MAC_BYTES]
    return b32encode(digest).decode().lower()
