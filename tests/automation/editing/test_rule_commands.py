"""What admins do to their rules: two at once, rules that are gone, and the stranger's."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from app.automation.editing import rule_commands
from app.automation.editing.rule_commands import MEANWHILE, MOST, TOO_MANY
from app.automation.editing.rule_draft import Chosen, Draft
from app.extensions import db
from app.models import AutomationRule, Service
from app.notifications.configure.template_edit import Wrong
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.beside import Beside
from tests.support.world import NOON, Business

LATER = NOON + timedelta(hours=1)
TEXT = Chosen("send_text", {"text": "Hi!"})
DRAFT = Draft(name="Price list", trigger=Chosen("customer_wrote", {}), actions=(TEXT,))


def add(owner: Business, name: str = "Price list", **changed: object) -> int:
    with tenant_scope(owner.id):
        return rule_commands.add(replace(DRAFT, name=name, **changed), NOON).id  # type: ignore[arg-type]


def get(owner: Business, rule_id: int) -> AutomationRule:
    return next(rule for rule in rows(owner, AutomationRule) if rule.id == rule_id)


def names(owner: Business) -> list[str]:
    rules = sorted(rows(owner, AutomationRule), key=lambda rule: (rule.position, rule.id))
    return [rule.name for rule in rules]


def told(refused: pytest.ExceptionInfo[Wrong]) -> str:
    return " ".join(refused.value.errors.values())


def test_a_new_rule_is_off_and_the_last(salon: Business, garage: Business) -> None:
    theirs = names(garage)
    before = names(salon)
    rule_id = add(salon)
    rule = get(salon, rule_id)
    assert (rule.enabled, rule.enabled_at, rule.version) == (False, None, 1)
    assert names(salon) == [*before, "Price list"]
    assert names(garage) == theirs


def test_a_change_counts_up_and_keeps_it_on_and_in_its_place(salon: Business) -> None:
    rule_id = add(salon)
    add(salon, "Below")
    with tenant_scope(salon.id):
        rule_commands.turn_on(rule_id, 1, NOON)
        rule_commands.change(rule_id, 1, replace(DRAFT, name="Prices"), LATER)
    rule = get(salon, rule_id)
    assert (rule.name, rule.version, rule.enabled, rule.updated_at) == ("Prices", 2, True, LATER)
    assert rule.enabled_at == NOON, "what happened a moment ago is judged by the new text"
    assert names(salon)[-2:] == ["Prices", "Below"]


def test_another_trigger_is_not_let_loose_on_what_is_past(salon: Business) -> None:
    rule_id = add(salon)
    with tenant_scope(salon.id):
        rule_commands.turn_on(rule_id, 1, NOON)
        rule_commands.change(rule_id, 1, replace(DRAFT, trigger=Chosen("call_missed")), LATER)
    assert get(salon, rule_id).enabled_at == LATER


def test_of_two_who_change_a_rule_the_second_is_told(salon: Business) -> None:
    rule_id = add(salon)
    with tenant_scope(salon.id):
        rule_commands.change(rule_id, 1, replace(DRAFT, name="First"), NOON)
        for act in (
            lambda: rule_commands.change(rule_id, 1, replace(DRAFT, name="Second"), LATER),
            lambda: rule_commands.turn_on(rule_id, 1, LATER),
            lambda: rule_commands.remove(rule_id, 1),
        ):
            with pytest.raises(Wrong) as refused:
                act()
            assert told(refused) == MEANWHILE
    rule = get(salon, rule_id)
    assert (rule.name, rule.version, rule.enabled) == ("First", 2, False)


def test_of_two_who_save_at_once_one_is_told(app: Flask, salon: Business) -> None:
    rule_id = add(salon)
    other = Beside(app, salon, lambda: rule_commands.change(rule_id, 1, DRAFT, LATER))
    with tenant_scope(salon.id):
        held = db.session.get_one(AutomationRule, rule_id, with_for_update=True)
        other.start()
        other.waits()
        held.name, held.version = "First", 2
        db.session.commit()
    other.join()
    assert isinstance(other.error, Wrong) and str(other.error) == MEANWHILE
    assert get(salon, rule_id).name == "First"


def test_turning_off_always_works_and_turning_on_begins_anew(salon: Business) -> None:
    rule_id = add(salon)
    with tenant_scope(salon.id):
        rule_commands.turn_on(rule_id, 1, NOON)
        rule_commands.turn_on(rule_id, 1, LATER)
        assert get(salon, rule_id).enabled_at == NOON, "it was on"
        rule_commands.turn_off(rule_id)
        assert not get(salon, rule_id).enabled
        rule_commands.turn_on(rule_id, 1, LATER)
    assert get(salon, rule_id).enabled_at == LATER


def test_a_rule_that_turned_itself_off_says_why_until_it_is_put_right(salon: Business) -> None:
    rule_id = add(salon)
    with tenant_scope(salon.id):
        db.session.get_one(AutomationRule, rule_id).off_reason = "Its label is gone."
        db.session.commit()
        rule_commands.turn_off(rule_id)
        assert get(salon, rule_id).off_reason
        rule_commands.change(rule_id, 1, DRAFT, LATER)
    assert get(salon, rule_id).off_reason == ""


def test_what_names_something_that_is_gone_is_not_turned_on(salon: Business) -> None:
    with tenant_scope(salon.id):
        service = Service(name="Dye", duration_minutes=30)
        db.session.add(service)
        db.session.commit()
        about = Chosen("service", {"is": "is", "services": [str(service.id)]})
    rule_id = add(salon, conditions=(about,))
    with tenant_scope(salon.id):
        db.session.execute(delete(Service).where(Service.name == "Dye"))
        db.session.commit()
        with pytest.raises(Wrong) as refused:
            rule_commands.turn_on(rule_id, 1, NOON)
    assert told(refused).startswith("“Price list” stays off. Open it, and put this right: What was")
    assert not get(salon, rule_id).enabled


def test_a_gap_that_is_newer_than_the_rule_has_its_default(salon: Business) -> None:
    rule_id = add(salon)
    with tenant_scope(salon.id):
        row = db.session.get_one(AutomationRule, rule_id)
        row.trigger, row.trigger_options = "nobody_answered", {"minutes": 45}
        db.session.commit()
        assert Draft.of(row).trigger.options == {"minutes": 45, "counted": "all"}
        rule_commands.turn_on(rule_id, 1, NOON)
    assert get(salon, rule_id).enabled


def test_rules_are_put_in_another_order(salon: Business, garage: Business) -> None:
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            db.session.execute(delete(AutomationRule))
            db.session.commit()
    ids = {name: add(salon, name) for name in "abc"}
    strangers = add(garage, "theirs")
    with tenant_scope(salon.id):
        for name, to, order in (
            ("c", 0, "cab"),
            ("c", 1, "acb"),
            ("a", 99, "cba"),
            ("a", -5, "acb"),
        ):
            rule_commands.move(ids[name], to)
            assert "".join(names(salon)) == order
        rule_commands.move(strangers, 0)
    assert "".join(names(salon)) == "acb"
    assert names(garage) == ["theirs"]
    assert [rule.version for rule in rows(salon, AutomationRule)] == [1, 1, 1]


def test_a_strangers_rule_is_not_there(salon: Business, garage: Business) -> None:
    rule_id = add(garage)
    with tenant_scope(salon.id):
        for act in (
            lambda: rule_commands.change(rule_id, 1, DRAFT, NOON),
            lambda: rule_commands.turn_on(rule_id, 1, NOON),
            lambda: rule_commands.turn_off(rule_id),
            lambda: rule_commands.remove(rule_id, 1),
        ):
            with pytest.raises(Wrong) as refused:
                act()
            assert told(refused) == "Somebody has deleted this rule meanwhile."
    assert not get(garage, rule_id).enabled


def test_there_is_an_end_to_the_number_of_rules(salon: Business) -> None:
    with tenant_scope(salon.id):
        stored = DRAFT.stored()
        db.session.add_all(
            AutomationRule(**stored, created_at=NOON, updated_at=NOON) for _ in range(MOST)
        )
        db.session.commit()
        with pytest.raises(Wrong) as refused:
            rule_commands.add(DRAFT, NOON)
    assert told(refused) == TOO_MANY
