"""The signed token of a link by which the owner of a mailbox confirms it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

LASTS = timedelta(days=3)
SALT = "mailbox for the answers to a business's emails"


class LinkOver(Exception):
    """The link was ours, and its time is over."""


def signed(keys: Sequence[str], tenant_id: int, address: str, now: datetime) -> str:
    """The token, with the last of the keys."""
    ends = int((now + LASTS).timestamp())
    token: str = URLSafeSerializer(list(keys), salt=SALT).dumps([tenant_id, address, ends])
    return token


def opened(keys: Sequence[str], token: str, now: datetime) -> tuple[int, str] | None:
    """(tenant_id, address) that it was signed for, with any of the keys; None: it was not.
    Raises LinkOver."""
    try:
        tenant_id, address, ends = URLSafeSerializer(list(keys), salt=SALT).loads(token)
    except BadSignature:
        return None
    if now.timestamp() >= ends:
        raise LinkOver
    return tenant_id, address
