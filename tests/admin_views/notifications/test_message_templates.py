"""The editor of what the business sends by itself."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.channels import CHOSEN, REMINDING
from app.extensions import db
from app.models import Appointment, MessageTemplate, Tenant
from app.notifications.content.templates import KINDS
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows, told
from tests.support.browser import Browser
from tests.support.world import Business

BASE = "/settings/message-templates"
JSON = {"Accept": "application/json"}
# Noon in New York, whenever the tests run.
FAR_AHEAD = datetime(2099, 1, 15, 17, 0, tzinfo=UTC)

# Six kinds on each channel that reminds, and four answers where customers can write.
TWO_WAY = [channel for channel in CHOSEN.values() if channel.two_way]
ALL = 6 * len(REMINDING) + 4 * len(TWO_WAY)


def template(owner: Business, kind: str = "appointment_reminder", channel: str = "sms") -> Any:
    found = rows(owner, MessageTemplate)
    return next(row for row in found if (row.type, row.channel) == (kind, channel))


def put(person: Browser, row: Any, **fields: Any) -> TestResponse:
    return person.send("PUT", f"{BASE}/{row.id}", json=fields, headers=JSON)


def test_the_page_lists_every_type_on_every_channel_and_links_to_its_editor(
    salon: Business, garage: Business, admin: Browser
) -> None:
    page = admin.get("/settings/notifications?tab=texts")
    assert all(kind.label in page.text for kind in KINDS.values())
    links = {f'href="{BASE}/{row.id}"' for row in rows(salon, MessageTemplate)}
    assert len(links) == ALL
    assert all(link in page.text for link in links)
    assert not any(f'href="{BASE}/{row.id}"' in page.text for row in rows(garage, MessageTemplate))
    assert re.search(r'href="/settings/notifications/?" aria-current="page"', page.text)
    program = admin.get(BASE, headers=JSON).json
    assert program and [row["id"] for row in program["templates"]] == [
        row.id for row in rows(salon, MessageTemplate)
    ]


def test_a_text_is_saved_as_json_and_as_a_form(
    salon: Business, garage: Business, admin: Browser
) -> None:
    row, mail = template(salon), template(salon, channel="email")
    theirs = [each.body for each in rows(garage, MessageTemplate)]
    saved = put(admin, row, body=" Hi {{customer_name}}\r\nBye ")
    assert saved.status_code == 200
    assert saved.json and saved.json["body"] == "Hi {{customer_name}}\nBye"
    # The token comes with the form, as a browser without scripts sends it.
    form = {"subject": "{{business_name}}", "body": "Dear {{customer_name}}"}
    path = f"{BASE}/{mail.id}"
    answer = admin.client.post(path, data=form | {"csrf_token": admin.token})
    assert answer.status_code == 302 and answer.location == path
    assert template(salon).body == "Hi {{customer_name}}\nBye"
    assert template(salon, channel="email").subject == "{{business_name}}"
    # What a program read may be sent back whole, and JSON is answered with JSON.
    told = admin.get(path, headers=JSON).json
    again = admin.send("PUT", path, json=told, headers={"Accept": "*/*"})
    assert again.json == told
    assert admin.send("PUT", path, data=form).status_code == 303
    # What is not given stays.
    assert put(admin, mail, body="Dear you").status_code == 200
    assert template(salon, channel="email").subject == "{{business_name}}"
    assert [each.body for each in rows(garage, MessageTemplate)] == theirs


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (
            {"subject": "{{custmer_name}}", "body": "{% for"},
            {
                "subject": "custmer_name is unknown: did you mean customer_name?",
                "body": "Line 1: {% is not closed. Write %} after it.",
            },
        ),
        ({"body": " "}, {"body": "It says nothing. Write what the customer will read."}),
        ({"body": 7}, {"body": "Give a text."}),
        ({"body": "Fine", "text": "Better"}, {"text": "There is no such field. Leave it out."}),
        ({"body": "Fine", "language": "es"}, {"language": "It is not changed here."}),
        ({"subject": "one\ntwo", "body": "Fine"}, {"subject": "A subject is one line."}),
        ({"subject": "s" * 201}, {"subject": "It is too long: 200 characters at most."}),
        ({"body": "b" * 5001}, {"body": "It is too long: 5,000 characters at most."}),
    ],
)
def test_what_is_wrong_is_told_by_field_and_nothing_is_saved_half(
    fields: dict[str, Any],
    errors: dict[str, str],
    salon: Business,
    garage: Business,
    admin: Browser,
) -> None:
    mail = template(salon, channel="email")
    answer = put(admin, mail, **fields)
    assert answer.status_code == 422
    assert answer.json and answer.json["errors"].keys() == errors.keys()
    assert all(answer.json["errors"][field].startswith(text) for field, text in errors.items())
    after = template(salon, channel="email")
    assert (after.subject, after.body) == (mail.subject, mail.body)
    if errors.keys() <= fields.keys() & {"subject", "body"} and fields.get("body") != 7:
        page = admin.post(f"{BASE}/{mail.id}", data=fields)
        assert page.status_code == 422
        assert all(text in cells(page.text) for text in errors.values())
        assert fields.get("subject", mail.subject).partition("\n")[0] in page.text


def test_a_text_shows_how_it_reads_to_a_real_customer_and_what_it_costs(
    salon: Business, garage: Business, admin: Browser
) -> None:
    db.session.get_one(Tenant, salon.id).segment_price = Decimal("0.0079")
    for owner in (salon, garage):
        with tenant_scope(owner.id):
            db.session.scalars(select(Appointment)).one().starts_at = FAR_AHEAD
            db.session.flush()
        db.session.commit()
        db.session.expunge_all()
    db.session.commit()
    asked = {
        "type": "appointment_reminder",
        "channel": "sms",
        "language": "es",
        "body": "{{customer_name}}: {{appointment_date}}, {{appointment_time}},"
        " {{service_name}}, {{staff_name}}, {{business_name}}",
    }
    real = admin.post(f"{BASE}/preview", data=asked | {"customer_id": salon.customer_id}).json
    assert real
    assert real["body"] == "Ann: jue, 15 de ene, 12:00 p.m., Cut, Sofia, Bella's Salon"
    assert real["count"] == "1 segment · about $0.008 · GSM-7, 102 characters left"
    sample = admin.post(f"{BASE}/preview", json=asked).json
    assert sample
    assert sample["body"].startswith("Maria: ")
    assert sample["body"].endswith(", 2:30 p.m., Cut, Sofia, Bella's Salon")
    wrong = admin.post(f"{BASE}/preview", json=asked | {"body": "{{x}}", "channel": "sms"})
    assert (
        wrong.status_code == 422 and wrong.json and "x is unknown" in wrong.json["errors"]["body"]
    )
    nothing = admin.post(f"{BASE}/preview", json={"channel": "pigeon"})
    assert nothing.status_code == 422
    assert nothing.json and nothing.json["errors"].keys() == {"type", "channel", "language"}
    stranger = asked | {"customer_id": garage.customer_id}
    assert admin.post(f"{BASE}/preview", data=stranger).status_code == 404
    page = admin.get(f"{BASE}/{template(salon).id}").text
    assert "Ann Salon, Jan 15, 2099, 12:00 PM" in cells(page)
    assert "Ann Garage" not in page


def test_beside_the_usual_price_stands_that_of_the_dearest_day(
    salon: Business, garage: Business, admin: Browser
) -> None:
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.plain_characters, tenant.segment_price = False, Decimal("0.0079")
    db.session.commit()
    asked = {
        "type": "appointment_reminder",
        "channel": "sms",
        "language": "es",
        "body": "{{appointment_date}} " + "x" * 60,
        "customer_id": salon.customer_id,
    }
    with tenant_scope(salon.id):
        db.session.scalars(select(Appointment)).one().starts_at = FAR_AHEAD
        db.session.commit()
    seen = admin.post(f"{BASE}/preview", data=asked).json
    assert seen and seen["count"].startswith("1 segment · about $0.008 · GSM-7, ")
    assert " characters left. On the dearest day (sáb, " in seen["count"]
    assert seen["count"].endswith("): 2 segments · about $0.016 · UCS-2.")
    tenant.plain_characters = True
    db.session.commit()
    seen = admin.post(f"{BASE}/preview", data=asked).json
    assert seen and "dearest" not in seen["count"]


def test_a_language_is_added_once_from_its_default_edited_restored_and_removed(
    salon: Business, garage: Business, admin: Browser
) -> None:
    added = {"type": "missed_call", "channel": "sms", "language": "es"}
    first = admin.post(f"{BASE}/add", data=added)
    assert first.status_code == 302
    assert admin.post(f"{BASE}/add", data=added).location == first.location
    spanish = rows(salon, MessageTemplate)[-1]
    default = KINDS["missed_call"].texts["es"].body
    assert (spanish.language, spanish.subject, spanish.body) == ("es", "", default)
    assert len(rows(salon, MessageTemplate)) == ALL + 1
    assert len(rows(garage, MessageTemplate)) == ALL
    assert put(admin, spanish, body="Hola").status_code == 200
    assert admin.post(f"{BASE}/{spanish.id}/restore").status_code == 302
    assert rows(salon, MessageTemplate)[-1].body == default
    for row, left in ((template(salon), ALL + 1), (spanish, ALL)):
        assert admin.post(f"{BASE}/{row.id}/remove").status_code == 302
        assert len(rows(salon, MessageTemplate)) == left
    assert admin.post(f"{BASE}/add", data=added | {"language": "xx"}).status_code == 422


def test_a_business_says_its_language_and_price(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"name": "Bella", "undo_seconds": "5", "locale": "es_MX", "currency": "MXN"}
    for price, answer in (("0.85", 302), ("-1", 200), ("NaN", 200), ("x", 200), ("", 302)):
        saved = admin.post("/admin/business/", data=form | {"segment_price": price})
        assert saved.status_code == answer, (price, told(saved))
        if price == "0.85":
            db.session.expire_all()
            ours = db.session.get_one(Tenant, salon.id)
            assert (ours.locale, ours.currency, ours.segment_price) == (
                "es_MX",
                "MXN",
                Decimal("0.85"),
            )
    for wrong in ({"locale": "xx_XX"}, {"currency": "ABC"}):
        assert admin.post("/admin/business/", data=form | wrong).status_code == 200


def test_a_text_that_is_too_long_is_refused_before_it_is_looked_into(
    salon: Business, admin: Browser
) -> None:
    body = {"body": "<ul><li>" * 12_000}
    began = monotonic()
    assert put(admin, template(salon, channel="email"), **body).status_code == 422
    named = {"type": "missed_call", "channel": "email", "language": "en"}
    assert admin.post(f"{BASE}/preview", json=named | body).status_code == 422
    assert monotonic() - began < 5
