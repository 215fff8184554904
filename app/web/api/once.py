"""A request that makes something makes it once, however often it comes with one Idempotency-Key
(draft-ietf-httpapi-idempotency-key-header): a repeat is answered with what it made, as that is now.

The row that knows of it is written by the transaction that makes the thing, and whoever sends the
same at the same time waits for that. Where the answer was lost before the row had the thing's id,
it is made again under the same name, by which the outbox and the calendar know it.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.models import ApiKey, ApiRequest
from app.web.guards.problem import Problem

LONGEST = 255
# A request takes no longer.
AT_WORK = timedelta(seconds=60)
ANOTHER = "This Idempotency-Key was sent with another request. Make up a new one."
BUSY = "The same request is being carried out. Send it again in a moment."


def once(key: ApiKey, now: datetime, make: Callable[[str | None], int]) -> tuple[int, bool]:
    """The id of what `make` makes, and whether that is new; given the name of the request, or None
    where it has none. Raises Problem."""
    said = request.headers.get("Idempotency-Key")
    if said is None:
        made = make(None)
        db.session.commit()
        return made, True
    if not said or len(said) > LONGEST:
        raise Problem(400, f"An Idempotency-Key has 1 to {LONGEST} characters.")
    name = _hash(said.encode())
    body = _hash(request.path.encode() + b"\n" + request.get_data())
    before = _noted(key.id, name, body, now)
    if before is not None:
        if before.body_hash != body:
            raise Problem(422, ANOTHER)
        if before.made_id is not None:
            return before.made_id, False
        if now - before.at < AT_WORK:
            raise Problem(409, BUSY, headers={"Retry-After": "1"})
    made = make(f"api-{key.id}-{name}")
    _write(key.id, name, body, now, made)
    return made, before is None


def _noted(key_id: int, name: str, body: str, now: datetime) -> Any:
    """Note it, for the transaction that makes the thing; what was noted before, else None."""
    values = {"api_key_id": key_id, "name_hash": name, "body_hash": body, "at": now}
    new = insert(ApiRequest).values(**values).on_conflict_do_nothing().returning(ApiRequest.id)
    if db.session.scalar(new) is not None:
        return None
    this = ApiRequest.api_key_id == key_id, ApiRequest.name_hash == name
    found = select(ApiRequest.body_hash, ApiRequest.made_id, ApiRequest.at).where(*this)
    return db.session.execute(found).one()


def _write(key_id: int, name: str, body: str, now: datetime, made: int) -> None:
    """Also where making it took back what was noted."""
    values = {"api_key_id": key_id, "name_hash": name, "body_hash": body, "at": now}
    kept = insert(ApiRequest).values(**values, made_id=made)
    key = ["tenant_id", "api_key_id", "name_hash"]
    db.session.execute(kept.on_conflict_do_update(index_elements=key, set_={"made_id": made}))
    db.session.commit()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
