"""Seals secrets that must rest in the database: tenants' Twilio tokens."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class VaultError(Exception):
    """A sealed text cannot be opened with the keys at hand."""


class Vault:
    """Seals with the first key, opens with any: rotate by putting a new one in front."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises VaultError when no key fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise VaultError(
                "a stored secret was sealed with a key that is not configured"
            ) from None

    def rotate(self, sealed: str) -> str:
        """The same text under the first key. Raises VaultError when no key fits."""
        return self.seal(self.open(sealed))


def derive_key(secret: str) -> str:
    """A Fernet key from any secret (HKDF, RFC 5869), so that one SECRET_KEY is enough to begin."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kaivox vault")
    return base64.urlsafe_b64encode(kdf.derive(secret.encode())).decode()
