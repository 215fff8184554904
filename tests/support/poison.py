"""Rows over which our own code breaks each time, and a look at what stands aside."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import DeadLetter, Message
from app.tenancy import tenant_scope
from tests.support.world import Business, say

POISON = "Poison, from +12125550142"


class Broken(RuntimeError):
    """What our code raises over a poisoned row; its words quote it."""


def breaks(
    monkeypatch: pytest.MonkeyPatch,
    where: Any,
    name: str,
    mark: str = POISON,
    after: bool = False,
) -> None:
    """A step of ours breaks over what bears the mark, before or after it did its work."""
    real: Callable[..., Any] = getattr(where, name)

    def step(*given: Any, **named: Any) -> Any:
        poisoned = any(mark in f"{each!r} {getattr(each, 'body', '')}" for each in given)
        done = real(*given, **named) if after or not poisoned else None
        if poisoned:
            raise Broken(POISON)
        return done

    monkeypatch.setattr(where, name, step)


def queue(business: Business, body: str) -> int:
    """A message that waits; its id."""
    id_ = say(business, body, status=MessageStatus.QUEUED)
    with tenant_scope(business.id):
        db.session.get_one(Message, id_).provider_sid = None
        db.session.commit()
    return id_


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.scalars(select(Message).where(Message.id == id_)).one()


def buried(business: Business) -> list[DeadLetter]:
    """What of the business stands aside."""
    db.session.rollback()
    with tenant_scope(business.id):
        return list(db.session.scalars(select(DeadLetter).where(DeadLetter.state == "parked")))
