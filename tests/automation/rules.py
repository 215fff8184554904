"""Rules to test with, and the looks that workers take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import tenancy
from app.automation import collect, judge
from app.automation.triggers import TRIGGERS
from app.extensions import db
from app.models import (
    AutomationEvent,
    AutomationRule,
    AutomationRun,
    BusinessHours,
    Label,
    Message,
    OpeningInterval,
)
from app.tenancy import tenant_scope
from tests.support import world
from tests.support.world import NOON, Business

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# Rules are turned on, and then things happen.
ON, THEN = NOON + HOUR, NOON + 2 * HOUR
Part = tuple[str, dict[str, Any]]


def rule(
    trigger: Part | str = "customer_wrote",
    *conditions: Part,
    do: Sequence[Part | str] = (("note", {"text": "seen"}),),
    name: str = "Rule",
    **columns: Any,
) -> int:
    """Turned on at ON, committed; its id."""
    key, options = _part(trigger)
    made = AutomationRule(
        name=name,
        trigger=key,
        trigger_options=options,
        conditions=[{"key": key, "options": options} for key, options in conditions],
        actions=[{"key": key, "options": options} for key, options in map(_part, do)],
        **{"enabled": True, "enabled_at": ON, "created_at": ON, "updated_at": ON, **columns},
    )
    db.session.add(made)
    db.session.commit()
    return made.id


def _part(given: Part | str) -> Part:
    return (given, {}) if isinstance(given, str) else given


def for_everything() -> None:
    """A stranger's rules: each trigger, and what would be seen."""
    noted = [("note", {"text": "a stranger's"}), ("send_text", {"text": "a stranger's"})]
    for key in TRIGGERS:
        rule(key, do=noted, name="stranger's")


def label(name: str = "Quote") -> str:
    """Its id, as rules name it."""
    made = Label(name=name)
    db.session.add(made)
    db.session.commit()
    return str(made.id)


def opens(owner: Business, hours: tuple[int, int]) -> None:
    """Every day, from the one hour to the other; THEN is two o'clock in the afternoon."""
    db.session.add(BusinessHours(tenant_id=owner.id, version=1))
    minutes = {"opens": hours[0] * 60, "closes": hours[1] * 60}
    db.session.add_all(OpeningInterval(weekday=day, **minutes) for day in range(7))
    db.session.commit()


def writes(
    owner: Business, body: str = "What is the price?", at: datetime = THEN, **more: Any
) -> None:
    """A customer writes, and the workers look a second later."""
    world.hear(owner, body, at=at, **more)
    look(at + SECOND)


def look(now: datetime) -> None:
    """As the job does, for all tenants."""
    db.session.remove()
    with outside():
        collect.collect(now)
        judge.judge(now)


@contextmanager
def outside() -> Iterator[None]:
    """As a worker, who is in no tenant's scope."""
    token = tenancy._tenant_id.set(None)
    try:
        yield
    finally:
        db.session.remove()
        tenancy._tenant_id.reset(token)


def runs() -> list[AutomationRun]:
    return list(db.session.scalars(select(AutomationRun).order_by(AutomationRun.id)))


def statuses() -> list[str]:
    return [run.status for run in runs()]


def events() -> list[AutomationEvent]:
    return list(db.session.scalars(select(AutomationEvent).order_by(AutomationEvent.id)))


def texts(owner: Business) -> list[str]:
    """What rules have sent, of the business alone."""
    with outside(), tenant_scope(owner.id):
        query = select(Message.body).where(Message.client_token.startswith("rule:"))
        return list(db.session.scalars(query.order_by(Message.id)))
