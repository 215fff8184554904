"""What a rule would have done of late, before it is turned on. Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.automation.judging.assembled import UNKNOWN, Assembled, assemble
from app.automation.judging.take_snapshot import look
from app.automation.judging.verdicts import facts, unmet
from app.automation.past_events import latest
from app.automation.snapshot import Snapshot
from app.extensions import db
from app.lib.memo import memo_scope
from app.models import AutomationEvent, AutomationRule, Customer

# So many events are looked at, the latest first.
MOST = 200
NOT_YET = "Its time is still to come."


class Unusable(ValueError):
    """The rule names something that is gone; the text says what."""


@dataclass(frozen=True)
class Case:
    """Something that happened and would have set the rule off."""

    at: datetime
    type: str
    customer: Customer
    runs: bool
    """Whether it would have done something."""
    reason: str
    """Why not; empty: it would have."""
    facts: dict[str, str]
    """What it would have seen, by name."""


@dataclass(frozen=True)
class Rehearsal:
    cases: tuple[Case, ...]
    """The latest first."""
    whole: bool
    """Whether all that happened was looked at; else MOST of it."""

    @property
    def count(self) -> int:
        """How often it would have done something."""
        return sum(case.runs for case in self.cases)


def rehearse(rule: AutomationRule, now: datetime, days: int = 30) -> Rehearsal:
    """The rule, saved or not, against what happened to the tenant in scope within so many days.

    The moment and what was said by then count; labels, who it is assigned to and STOP as they are
    today. What limits there are on texts does not count. Raises Unusable.
    """
    parts = assemble(rule)
    if parts is None or (gone := parts.gone()):
        raise Unusable(gone if parts else UNKNOWN)
    with memo_scope(), db.session.no_autoflush:
        types = parts.trigger.part.events
        happened = latest(types, now - timedelta(days=days), rule.after_rules, MOST + 1)
        cases = (_case(parts, event, now) for event in happened[:MOST])
        return Rehearsal(tuple(case for case in cases if case), len(happened) <= MOST)


def _case(parts: Assembled, event: AutomationEvent, now: datetime) -> Case | None:
    trigger, options = parts.trigger.part, parts.trigger.options
    due = trigger.due(event.at, options)
    seen = look(event, due or event.at)
    if not trigger.wants(seen, options):
        return None
    reason = _why_not(parts, seen, due, now)
    return Case(event.at, event.type, seen.customer, not reason, reason, facts(parts, seen))


def _why_not(parts: Assembled, seen: Snapshot, due: datetime | None, now: datetime) -> str:
    if due is None or due > now:
        return NOT_YET
    return parts.trigger.part.void(seen, due) or unmet(parts, seen)
