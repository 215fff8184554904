"""What a tenant's admins do to their rules. Each commits, and raises Wrong with nothing done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.automation.editing.rule_check import checked
from app.automation.editing.rule_draft import Draft
from app.extensions import db
from app.models import AutomationRule
from app.notifications.configure.template_edit import Wrong
from app.tenant_lock import lock_tenant

MOST = 100
TOO_MANY = f"There are {MOST} rules already. Delete one first."
MEANWHILE = (
    "Somebody has changed this rule meanwhile. Open it again, and make your change in what is"
    " there now."
)


def add(draft: Draft, now: datetime) -> AutomationRule:
    """A rule after all others, turned off."""
    read = checked(draft)
    # Who adds one at the same time comes after.
    lock_tenant()
    last, count = db.session.execute(
        select(func.max(AutomationRule.position), func.count(AutomationRule.id))
    ).one()
    if count >= MOST:
        raise Wrong({"": TOO_MANY})
    rule = AutomationRule(**read.stored(), position=(last or 0) + 1, created_at=now, updated_at=now)
    db.session.add(rule)
    db.session.commit()
    return rule


def change(rule_id: int, version: int, draft: Draft, now: datetime) -> None:
    """Store another form of what somebody saw in that version. It stays on or off; with another
    trigger only what happens from now on sets it off."""
    read = checked(draft).stored()
    rule = _seen(rule_id, version)
    if rule.enabled and _trigger(read) != _trigger(vars(rule)):
        rule.enabled_at = now
    for name, value in read.items():
        setattr(rule, name, value)
    rule.version, rule.off_reason, rule.updated_at = version + 1, "", now
    db.session.commit()


def turn_on(rule_id: int, version: int, now: datetime) -> None:
    """What somebody saw in that version, if it can be done as it stands; only what happens from
    now on sets it off."""
    rule = _seen(rule_id, version)
    if not rule.enabled:
        _can_be_done(rule)
        rule.enabled, rule.enabled_at, rule.off_reason = True, now, ""
    db.session.commit()


def _can_be_done(rule: AutomationRule) -> None:
    try:
        checked(Draft.of(rule))
    except Wrong as wrong:
        name, flaws = rule.name, " ".join(wrong.errors.values())
        db.session.rollback()
        raise Wrong({"": f"“{name}” stays off. Open it, and put this right: {flaws}"}) from None


def turn_off(rule_id: int) -> None:
    """Whatever its version; what it has begun to wait for is judged no more while it is off."""
    rule = _locked(rule_id)
    rule.enabled = False
    db.session.commit()


def move(rule_id: int, to: int) -> None:
    """To that place among all, from 0; beyond the last is the last."""
    rules = sorted(_all_locked(), key=lambda rule: (rule.position, rule.id))
    others = [rule for rule in rules if rule.id != rule_id]
    moved = [rule for rule in rules if rule.id == rule_id]
    place = max(to, 0)
    for position, rule in enumerate([*others[:place], *moved, *others[place:]], start=1):
        rule.position = position
    db.session.commit()


def remove(rule_id: int, version: int) -> None:
    """What somebody saw in that version. What it did stays in the log, by its name."""
    db.session.delete(_seen(rule_id, version))
    db.session.commit()


def _seen(rule_id: int, version: int) -> AutomationRule:
    rule = _locked(rule_id)
    if rule.version != version:
        db.session.rollback()
        raise Wrong({"": MEANWHILE})
    return rule


def _locked(rule_id: int) -> AutomationRule:
    """Raises Wrong where it was deleted meanwhile."""
    found = db.session.scalar(_for_update().where(AutomationRule.id == rule_id))
    if found is None:
        raise Wrong({"": "Somebody has deleted this rule meanwhile."})
    return found


def _all_locked() -> Sequence[AutomationRule]:
    # By their ids, so that two who do it lock them in the same order.
    return db.session.scalars(_for_update().order_by(AutomationRule.id)).all()


def _for_update() -> Select[AutomationRule]:
    # Runs that name the rule are entered meanwhile.
    query = select(AutomationRule).with_for_update(key_share=True)
    return query.execution_options(populate_existing=True)


def _trigger(values: Mapping[str, Any]) -> tuple[Any, Any]:
    return values["trigger"], values["trigger_options"]
