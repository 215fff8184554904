"""Whether Meta signed a webhook (X-Hub-Signature-256).

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks: an
HMAC of the raw body by the app's secret, in which what is not ASCII stands as \\uXXXX. A proxy that
writes it out has changed the bytes; what Meta signed can be had back.
"""

import hmac
from collections.abc import Iterable

PREFIX = "sha256="


def signed(body: bytes, signature: str, secrets: Iterable[str]) -> bool:
    """Whether one of the apps' secrets signed the body."""
    given = signature.removeprefix(PREFIX).strip().lower()
    forms = [body] if body.isascii() else [body, *_escaped(body)]
    if not (signature.startswith(PREFIX) and given.isascii()):
        return False
    return any(
        hmac.compare_digest(hmac.digest(secret.encode(), form, "sha256").hex(), given)
        for secret in secrets
        for form in forms
    )


def signature_of(body: bytes, secret: str) -> str:
    """As Meta would sign it."""
    return PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()


def _escaped(body: bytes) -> list[bytes]:
    """As small-letter escapes of UTF-16, which is what JSON's are; nothing where it is no UTF-8."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return []
    units = ((one, one.encode("utf-16-be").hex()) for one in text)
    return ["".join(one if one.isascii() else _escape(hexed) for one, hexed in units).encode()]


def _escape(hexed: str) -> str:
    return "".join(f"\\u{hexed[place : place + 4]}" for place in range(0, len(hexed), 4))
