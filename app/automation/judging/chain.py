"""Rules that set off rules: how far that goes.

A chain is an event that no rule made, with all that rules made of it, and of that.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.automation.rule_part import HeldBack
from app.extensions import db
from app.models import AutomationEvent, AutomationRule, AutomationRun, RunStatus

DEEPEST = 3
MOST_ACTIONS = 20
# A rule that runs into one of these so often within an hour turns itself off.
MOST_STOPS, HOUR = 3, timedelta(hours=1)
STOPPED = "Chain"
TURNED_OFF = (
    "It set off itself, or other rules in a circle, three times within an hour. Look at what it"
    " does and at “also set off by other rules” before you turn it on again."
)


class ChainTooLong(HeldBack):
    """The rules go round in a circle, or nearly."""


def heed(rule: AutomationRule, event: AutomationEvent) -> None:
    """Raises ChainTooLong where the rule may not act in the event's chain."""
    if event.depth > DEEPEST:
        raise ChainTooLong(f"Rules set off one another {DEEPEST} times in a row, and no more.")
    before = _causes(event)
    if _ran(rule, [each.id for each in before]):
        raise ChainTooLong("It ran already for what set this off: a rule runs once in a chain.")
    if _actions(_family((before or [event])[-1].id)) + len(rule.actions) > MOST_ACTIONS:
        raise ChainTooLong(f"The rules of one chain do {MOST_ACTIONS} things, and no more.")


def _causes(event: AutomationEvent) -> list[AutomationEvent]:
    """What set off the rule that made it happen, and so on; the first of all last."""
    found: list[AutomationEvent] = []
    while event.cause_id and (cause := db.session.get(AutomationEvent, event.cause_id)):
        found.append(cause)
        event = cause
    return found


def _ran(rule: AutomationRule, events: Collection[int]) -> bool:
    query = select(AutomationRun.id).where(
        AutomationRun.rule_id == rule.id,
        AutomationRun.event_id.in_(events),
        AutomationRun.status == RunStatus.DONE,
    )
    return bool(events) and db.session.scalar(query.limit(1)) is not None


def _family(root: int) -> set[int]:
    """All events of the chain."""
    family, latest = {root}, {root}
    while latest:
        caused = select(AutomationEvent.id).where(AutomationEvent.cause_id.in_(latest))
        latest = set(db.session.scalars(caused)) - family
        family |= latest
    return family


def _actions(events: Collection[int]) -> int:
    done = select(func.sum(func.jsonb_array_length(AutomationRun.done)))
    return int(db.session.scalar(done.where(AutomationRun.event_id.in_(events))) or 0)


def stopped_too_often(run: AutomationRun, now: datetime) -> bool:
    """Whether the rule has run into it again and again; this run, which is to be marked, too."""
    marked = select(func.count(AutomationRun.id)).where(
        AutomationRun.rule_id == run.rule_id,
        AutomationRun.created_at > now - HOUR,
        AutomationRun.facts[STOPPED].astext == "stopped",
    )
    run.facts = {**run.facts, STOPPED: "stopped"}
    db.session.flush()
    return (db.session.scalar(marked) or 0) >= MOST_STOPS
