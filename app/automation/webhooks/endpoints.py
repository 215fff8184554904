"""A business's endpoints: made, changed, turned off and on; the secret is told once."""

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update

from app.audit.audit_record import record
from app.automation.webhooks import transitions
from app.extensions import db, settings, vault
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import checked_web, web_address
from app.lib.text.cleaning import clean, one_line, shows
from app.models import AuditAction, EventType, WebhookDelivery, WebhookEndpoint
from app.tenant_lock import lock_tenant

MOST = 10
LONGEST_NAME = 80
SECRET_BYTES = 32
# So long after a rotation the former secret signs as well, and receivers change theirs.
OVERLAP = timedelta(hours=24)
BY_HAND = "Turned off by hand."
WITHDRAWN = "The webhook was turned off before it went."


class Rejected(ValueError):
    """What was entered cannot be; the text tells a person why."""


def checked_url(url: str) -> str:
    """The address, if it may be called now. Raises Rejected. Holds no connection meanwhile."""
    db.session.rollback()
    try:
        checked_web(web_address(url.strip()), settings().private_networks)
    except Refused as error:
        raise Rejected(str(error)) from error
    return url.strip()


def make(name: str, url: str, types: Iterable[str], now: datetime) -> tuple[WebhookEndpoint, str]:
    """An endpoint at a checked URL, and the secret that its receiver verifies by. Raises
    Rejected."""
    # Who makes one at the same time comes after.
    lock_tenant()
    if _count() >= MOST:
        raise Rejected(f"There are {MOST} webhooks already. Remove one first.")
    secret = _new_secret()
    endpoint = WebhookEndpoint(
        name=_named(name),
        url=url,
        secret_sealed=vault().seal(secret),
        event_types=_known(types),
        created_at=now,
    )
    db.session.add(endpoint)
    db.session.flush()
    return endpoint, secret


def change(endpoint: WebhookEndpoint, name: str, url: str, types: Iterable[str]) -> None:
    """Raises Rejected."""
    endpoint.name, endpoint.url, endpoint.event_types = _named(name), url, _known(types)


def rotate(endpoint: WebhookEndpoint, now: datetime) -> str:
    """The new secret; the one before signs beside it for OVERLAP."""
    secret = _new_secret()
    endpoint.old_secret_sealed, endpoint.old_secret_until = endpoint.secret_sealed, now + OVERLAP
    endpoint.secret_sealed = vault().seal(secret)
    return secret


def enable(endpoint_id: int) -> bool:
    """Whether it was off. What failed before can be sent again."""
    return _move(
        [WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_not(None)],
        disabled_at=None,
        disabled_reason="",
        failing_since=None,
        quiet_until=None,
    )


def disable(endpoint_id: int, reason: str, now: datetime) -> bool:
    """Whether it was on. What waits for it is taken out, to be sent again by hand."""
    was_on = [WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_(None)]
    if not _move(was_on, disabled_at=now, disabled_reason=reason):
        return False
    mine = [WebhookDelivery.endpoint_id == endpoint_id]
    db.session.execute(transitions.withdraw(mine, WITHDRAWN))
    return True


def _move(which: list[ColumnElement[bool]], **values: object) -> bool:
    moved = update(WebhookEndpoint).where(*which).values(**values).returning(WebhookEndpoint.id)
    db.session.expire_all()
    id_ = db.session.scalar(moved.execution_options(synchronize_session=False))
    if id_ is None:
        return False
    on = values["disabled_at"] is None
    row = {"row_kind": "webhook_endpoint", "row_id": id_, "changes": {"on": [not on, on]}}
    record(AuditAction.CHANGED, **row)
    return True


def _count() -> int:
    return db.session.scalar(select(func.count(WebhookEndpoint.id))) or 0


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _named(name: str) -> str:
    named = one_line(clean(name))
    if not shows(named) or len(named) > LONGEST_NAME:
        raise Rejected(f"Give it a name of at most {LONGEST_NAME} letters.")
    return named


def _known(types: Iterable[str]) -> list[str]:
    wanted = set(types)
    if unknown := wanted - set(EventType):
        raise Rejected(f"There is no event {min(unknown)}.")
    return [each for each in EventType if each in wanted]
