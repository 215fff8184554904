"""Our key towards the push services of browsers' makers (VAPID, RFC 8292).

It follows from SECRET_KEY (HKDF, RFC 5869), so that all processes have the same without keeping one
more secret. With another SECRET_KEY every browser subscribes anew the next time that KaiVox is open
in it.
"""

import base64
from functools import cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

# Of P-256 (FIPS 186-4): a private key is below it, and no other number.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@cache
def private_key(secret: str) -> ec.EllipticCurvePrivateKey:
    # 16 bytes more than it needs, so that the remainder favours no key.
    kdf = HKDF(algorithm=SHA256(), length=48, salt=None, info=b"kaivox vapid")
    number = int.from_bytes(kdf.derive(secret.encode()))
    return ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())


@cache
def public_key(secret: str) -> str:
    """As browsers take it (applicationServerKey): base64url, uncompressed."""
    point = private_key(secret).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def authorization(secret: str, endpoint: str, contact: str, until: int) -> dict[str, str]:
    """The headers that prove who calls the endpoint; contact: a mailto: or https: address of ours;
    until: a Unix time, within 24 hours."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "sub": contact, "exp": until}
    headers: dict[str, str] = Vapid02(private_key(secret)).sign(claims)
    return headers
