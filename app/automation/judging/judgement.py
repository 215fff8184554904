"""One event, or one run whose time has come, is judged: in the transaction of a caller who holds
the customer's lock, and commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.automation import transitions
from app.automation.judging import verdicts
from app.automation.judging.act import DATABASE_AWAY, act, broke, turn_off
from app.automation.judging.assembled import UNKNOWN, Assembled, assemble
from app.automation.judging.still_holds import still_holds
from app.automation.judging.take_snapshot import look
from app.automation.rule_part import Doer
from app.automation.snapshot import Snapshot
from app.automation.triggers import TRIGGERS
from app.extensions import db
from app.models import AutomationEvent, AutomationRule, AutomationRun, Origin

OFF = "The rule was turned off, changed or deleted meanwhile."
NO_MORE = "What set it off holds no more."
NEVER = "The business is never open, so its time never comes."


@dataclass(frozen=True)
class Case:
    """A rule that an event has set off."""

    rule: AutomationRule
    parts: Assembled
    run: AutomationRun


def judge_event(event: AutomationEvent, now: datetime) -> list[Doer]:
    """All rules of the event on one snapshot, each once for ever; what was done.

    All conditions are asked before anything is done, so that no rule sees what another did.
    """
    event.judged_at = now
    rules = _rules(event)
    if not rules or not still_holds(event):
        return []
    seen = look(event, event.at)
    begun = [case for rule in rules if (case := _begin(rule, event, seen, now))]
    return _act_in_turn([case for case in begun if _met(case, seen, now)], seen, now)


def judge_run(run: AutomationRun, now: datetime) -> list[Doer]:
    """The run whose time has come, by its rule as it is now and on a fresh snapshot."""
    rule = run.rule
    parts = _whole(rule) if rule and rule in _rules(run.event) else None
    if rule is None or parts is None:
        transitions.void(run, OFF, now)
        return []
    run.rule_name, run.rule_version = rule.name, rule.version
    try:
        return _at_its_time(Case(rule, parts, run), now)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        broke(run, error, now)
        return []


def _at_its_time(case: Case, now: datetime) -> list[Doer]:
    event, trigger = case.run.event, case.parts.trigger
    due = trigger.part.due(event.at, trigger.options)
    if due is None or not still_holds(event):
        transitions.void(case.run, NEVER if due is None else NO_MORE, now)
        return []
    if due > now:
        # The rule waits longer than when the run began.
        transitions.postpone(case.run, due)
        return []
    seen = look(event, due)
    if reason := trigger.part.void(seen, now):
        transitions.void(case.run, reason, now)
        return []
    return _act_in_turn([case], seen, now) if _met(case, seen, now) else []


def _rules(event: AutomationEvent) -> Sequence[AutomationRule]:
    """In their order. What happened before one was turned on does not set it off."""
    triggers = [key for key, trigger in TRIGGERS.items() if event.type in trigger.events]
    query = (
        select(AutomationRule)
        .where(AutomationRule.enabled, AutomationRule.enabled_at <= event.at)
        .where(AutomationRule.trigger.in_(triggers))
        .order_by(AutomationRule.position, AutomationRule.id)
    )
    if event.origin == Origin.AUTOMATION:
        query = query.where(AutomationRule.after_rules)
    return db.session.scalars(query).all()


def _begin(
    rule: AutomationRule, event: AutomationEvent, seen: Snapshot, now: datetime
) -> Case | None:
    """None where it is not set off, has to wait, or cannot be used."""
    parts = _whole(rule)
    if parts is None:
        transitions.fail(_new_run(rule, event, now, now), rule.off_reason, now)
        return None
    try:
        if not parts.trigger.part.wants(seen, parts.trigger.options):
            return None
        due = parts.trigger.part.due(event.at, parts.trigger.options)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        broke(_new_run(rule, event, now, now), error, now)
        return None
    run = _new_run(rule, event, due or now, now)
    if due is None:
        transitions.void(run, NEVER, now)
    return Case(rule, parts, run) if due == event.at else None


def _whole(rule: AutomationRule) -> Assembled | None:
    """None where something that it names is gone: it turns itself off."""
    parts = assemble(rule)
    if reason := parts.gone() if parts else UNKNOWN:
        turn_off(rule, reason)
        return None
    return parts


def _new_run(
    rule: AutomationRule, event: AutomationEvent, due_at: datetime, now: datetime
) -> AutomationRun:
    run = transitions.begin(rule, event, due_at, now)
    db.session.add(run)
    db.session.flush()
    return run


def _met(case: Case, seen: Snapshot, now: datetime) -> bool:
    try:
        case.run.facts = verdicts.facts(case.parts, seen)
        reason = verdicts.unmet(case.parts, seen)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        broke(case.run, error, now)
        return False
    if reason:
        transitions.leave(case.run, reason, now)
    return not reason


def _act_in_turn(cases: Sequence[Case], seen: Snapshot, now: datetime) -> list[Doer]:
    """Until one of the rules ends it for those below."""
    did, ended = list[Doer](), ""
    for case in cases:
        if ended:
            transitions.leave(case.run, f"The rule “{ended}” stopped those below it.", now)
        elif doer := act(case.rule, case.parts, case.run, seen, now):
            did.append(doer)
            ended = case.rule.name if case.parts.ends else ""
    return did
