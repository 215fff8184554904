"""A new business finds rules that it can turn on, and that do what they say."""

import pytest
from sqlalchemy import func, select, update

from app.automation import ready_made
from app.automation.judging.assembled import assemble
from app.extensions import db
from app.models import AutomationRule, Call, ConversationLabel, Label, Note
from app.onboarding import create_tenant
from app.tenancy import tenant_scope
from tests.automation import rules
from tests.automation.rules import ON, SECOND, THEN, look, texts, writes
from tests.support.world import Business

NAMES = ["Away message", "Missed call", "Price question", "New customer"]


def ready() -> list[AutomationRule]:
    query = select(AutomationRule).where(AutomationRule.name.in_(NAMES))
    return list(db.session.scalars(query.order_by(AutomationRule.position)))


def turn_on(name: str) -> None:
    one = update(AutomationRule).where(AutomationRule.name == name)
    db.session.execute(one.values(enabled=True, enabled_at=ON))
    db.session.commit()


def labels() -> list[str]:
    query = select(Label.name).join(ConversationLabel, ConversationLabel.label_id == Label.id)
    return list(db.session.scalars(query.where(ConversationLabel.rule_name.is_not(None))))


@pytest.mark.parametrize(("country", "begins"), [("US", "Thank you"), ("ES", "Gracias")])
def test_they_are_off_and_whole_and_in_the_business_language(
    salon: Business, country: str, begins: str
) -> None:
    tenant = create_tenant("new", "New", "Europe/Madrid", country)
    with tenant_scope(tenant.id):
        found = ready()
        assert [(rule.name, rule.enabled) for rule in found] == [(name, False) for name in NAMES]
        parts = [assemble(rule) for rule in found]
        assert all(each and each.gone() == "" for each in parts)
        assert found[0].actions[0]["options"]["text"].startswith(begins)
        ready_made.make(tenant.locale, THEN)
        assert db.session.scalar(select(func.count(Label.id))) == 3


def test_a_question_about_prices_is_labelled_and_answered(inside: Business) -> None:
    turn_on("Price question")
    writes(inside, "¿Cuánto cuesta un corte?")
    assert labels() == ["Price"]
    assert texts(inside)[0].startswith("Hi Ann, thank you for asking.")


def test_a_newcomer_is_labelled(inside: Business) -> None:
    turn_on("New customer")
    writes(inside, number="+12125550777")
    assert labels() == ["New customer"]


def test_a_missed_call_is_labelled_and_told_and_not_texted(inside: Business) -> None:
    turn_on("Missed call")
    call = {"customer_id": inside.customer_id, "caller": "x", "outcome": "missed"}
    db.session.add(Call(started_at=THEN, missed_at=THEN, **call))
    db.session.commit()
    look(THEN + SECOND)
    assert (labels(), texts(inside)) == (["Missed call"], [])
    assert db.session.scalars(select(Note).where(Note.rule_name == "Missed call")).one()


def test_an_away_message_says_when_it_opens(inside: Business) -> None:
    rules.opens(inside, (9, 13))
    turn_on("Away message")
    writes(inside)
    assert "again: tomorrow at 9:00 AM. Bella's Salon" in texts(inside)[0]
