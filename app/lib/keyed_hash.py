"""Texts that can be known again and not read: HMAC-SHA256 (RFC 2104) by a key that follows from
SECRET_KEY and stands in no database, another one for each business and purpose.

A number has so few digits that a plain hash of it can be undone by trying all of them.
"""

import hashlib
import hmac
from collections.abc import Iterable
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hashed(secret: str) -> str:
    """SHA-256 in hexadecimal digits: enough for what we made up of 128 random bits or more, which
    nobody can try out."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(secret: str, purpose: str, tenant_id: int, text: str) -> str:
    """In hexadecimal digits. With another secret no text is known again."""
    return hmac.digest(_key(secret, purpose, tenant_id), text.encode(), "sha256").hex()


def forms_of(keys: Iterable[str], purpose: str, tenant_id: int, text: str) -> dict[str, str]:
    """The text by each hash that it can have, under a former secret as well."""
    return {keyed_hash(key, purpose, tenant_id, text): text for key in keys}


@lru_cache(1024)
def _key(secret: str, purpose: str, tenant_id: int) -> bytes:
    info = f"kaivox {purpose} {tenant_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
