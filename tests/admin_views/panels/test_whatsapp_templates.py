"""A tenant's admins enter the templates that WhatsApp approved for them."""

import re

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Tenant, WhatsappTemplate
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business

NEW = "/admin/whatsapp-templates/new/"
GOOD = {
    "name": "Ready",
    "language": "pt_BR",
    "content_sid": "HX" + "a1" * 16,
    "body": "Oi {{1}},\r\nseu {{2}} está pronto. Até já, {{1}}!",
}


def saved(business: Business) -> list[WhatsappTemplate]:
    with tenant_scope(business.id):
        return list(db.session.scalars(select(WhatsappTemplate).order_by(WhatsappTemplate.id)))


def test_a_template_is_kept_as_twilio_has_it(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = GOOD | {"content_sid": f" {GOOD['content_sid'].upper()}\n"}
    assert admin.post(NEW, data=form).status_code == 302
    kept = saved(salon)[-1]
    assert kept.content_sid == GOOD["content_sid"]
    assert kept.body == "Oi {{1}},\nseu {{2}} está pronto. Até já, {{1}}!"
    assert kept.variables == ["1", "2"]
    assert len(saved(garage)) == 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("content_sid", "HX12", "HX and 32 digits"),
        ("content_sid", "SM" + "a1" * 16, "HX and 32 digits"),
        ("language", "English", "such as en"),
        ("language", "", "required"),
        ("body", "Hi {{name}}", "{{name}}” is no variable"),
        ("body", "Hi {{ 1 }}", "{{ 1 }}” is no variable"),
        ("body", "Hi {1}", "{1}” is no variable"),
        ("body", "Hi {{2}}", "{{1}} is missing"),
        ("body", "Hi {{1}} {{3}}", "{{2}} is missing"),
        ("body", "x" * 1025, "1,024 characters at most"),
    ],
)
def test_what_twilio_would_not_know_is_answered_on_its_field(
    salon: Business, admin: Browser, field: str, value: str, reason: str
) -> None:
    answer = admin.post(NEW, data=GOOD | {field: value})
    assert answer.status_code == 200
    assert reason in re.sub(r"&#3[49];", '"', answer.text)
    assert len(saved(salon)) == 1


def test_the_fall_back_is_off_until_the_business_turns_it_on(
    salon: Business, garage: Business, admin: Browser
) -> None:
    assert not db.session.get_one(Tenant, salon.id).whatsapp_falls_back
    form = {"name": "Salon", "timezone": "America/New_York", "country": "US", "undo_seconds": "0"}
    answer = admin.post("/admin/business/", data=form | {"whatsapp_falls_back": "y"})
    assert answer.status_code == 302
    db.session.rollback()
    assert db.session.get_one(Tenant, salon.id).whatsapp_falls_back
    assert not db.session.get_one(Tenant, garage.id).whatsapp_falls_back
