"""Which approved template goes in the place of a WhatsApp text, chosen in the editor."""

import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import MessageTemplate, WhatsappTemplate
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows
from tests.support.browser import Browser
from tests.support.world import Business

BASE = "/settings/message-templates"
WHOLE = {"1": "customer_name", "2": "staff_name"}
GONE = "There is no such template. Choose another."
OBJECT = 'Give a variable for each gap, such as {"1": "customer_name"}.'


def text(owner: Business, channel: str = "whatsapp") -> MessageTemplate:
    found = rows(owner, MessageTemplate)
    return next(
        row for row in found if (row.type, row.channel) == ("appointment_reminder", channel)
    )


def approved(owner: Business) -> int:
    return int(rows(owner, WhatsappTemplate)[0].id)


def put(person: Browser, row: MessageTemplate, fields: dict[str, Any]) -> TestResponse:
    path = f"{BASE}/{row.id}"
    return person.send("PUT", path, json=fields, headers={"Accept": "application/json"})


def test_a_template_is_chosen_shown_listed_and_taken_away(
    salon: Business, garage: Business, admin: Browser
) -> None:
    row, ours = text(salon), approved(salon)
    assert "Reminder of salon" not in admin.get("/settings/notifications?tab=texts").text
    fields = {"subject": "", "body": "Hi", "approved": str(ours)}
    form = fields | {f"gap_{gap}": name for gap, name in WHOLE.items()}
    # Gap by gap, as somebody chooses it.
    named = {"type": row.type, "channel": row.channel, "language": row.language}
    for given, said in (
        (fields | {"gap_2": ""}, "Hi {{1}}, see you {{2}}."),
        (fields | {"gap_1": "customer_name"}, "Hi Maria, see you {{2}}."),
        (form, "Hi Maria, see you Sofia."),
        (form | {"approved": ""}, ""),
    ):
        seen = admin.post(f"{BASE}/preview", data=named | given).json
        assert seen and (seen["body"], seen["approved"]) == ("Hi", said)
    assert admin.post(f"{BASE}/{row.id}", data=form).status_code == 302
    assert (text(salon).approved_id, text(salon).gaps) == (ours, WHOLE)
    page = admin.get(f"{BASE}/{row.id}").text
    assert "Hi Maria, see you Sofia." in cells(page)
    assert re.search(rf'<option value="{ours}" selected>', page)
    assert "Reminder of garage" not in page
    assert "Outside the 24 hours: Reminder of salon (en)" in cells(
        admin.get("/settings/notifications?tab=texts").text
    )
    # What is not given stays.
    answer = put(admin, row, {"body": "Hello"}).json
    assert answer and (answer["approved"], answer["gaps"]) == (ours, WHOLE)
    with tenant_scope(salon.id):
        db.session.get_one(WhatsappTemplate, ours).body = "Hi {{1}}, {{2}}, {{3}}"
        db.session.commit()
    assert (
        "Reminder of salon (en) has changed" in admin.get("/settings/notifications?tab=texts").text
    )
    answer = put(admin, row, {"approved": None}).json
    assert answer and (answer["approved"], answer["gaps"]) == (None, {})
    assert all(each.approved_id is None for each in rows(garage, MessageTemplate))


@pytest.mark.parametrize(
    ("whose", "gaps", "errors"),
    [
        ("theirs", WHOLE, {"approved": GONE}),
        (True, WHOLE, {"approved": GONE}),
        ("1e3", WHOLE, {"approved": GONE}),
        (10**12, {}, {"approved": GONE}),
        ("ours", {}, {"gaps": "Choose what stands in {{1}}."}),
        ("ours", {"1": "customer_name", "2": None}, {"gaps": "Choose what stands in {{2}}."}),
        ("ours", WHOLE | {"3": "staff_name"}, {"gaps": "The template has no gap 3. Take it out."}),
        ("ours", WHOLE | {"1": "review_link"}, {"gaps": "review_link is unknown. Known are"}),
        (
            "ours",
            WHOLE | {"1": "custmer_name"},
            {"gaps": "custmer_name is unknown: did you mean customer_name?"},
        ),
        ("ours", ["customer_name"], {"gaps": OBJECT}),
        ("sms", WHOLE, {"approved": "SMS takes any text. Choose no template."}),
    ],
)
def test_what_cannot_stand_in_is_told_by_field_and_nothing_is_saved(
    whose: object,
    gaps: object,
    errors: dict[str, str],
    salon: Business,
    garage: Business,
    admin: Browser,
) -> None:
    row = text(salon, "sms" if whose == "sms" else "whatsapp")
    ids: dict[object, int] = {
        "theirs": approved(garage),
        "ours": approved(salon),
        "sms": approved(salon),
    }
    fields = {"body": "Changed", "approved": ids.get(whose, whose), "gaps": gaps}
    answer = put(admin, row, fields)
    assert answer.status_code == 422 and answer.json
    assert answer.json["errors"].keys() == errors.keys()
    assert all(answer.json["errors"][field].startswith(told) for field, told in errors.items())
    after = text(salon, row.channel)
    assert (after.body, after.approved_id, after.gaps) == (row.body, None, {})
    if whose == "theirs":
        named = {"type": row.type, "channel": row.channel, "language": row.language}
        seen = admin.post(f"{BASE}/preview", json=named | fields)
        assert seen.status_code == 422 and "garage" not in seen.text
        form = {"body": "Changed", "approved": str(ids["theirs"])}
        page = admin.post(f"{BASE}/{row.id}", data=form)
        assert page.status_code == 422 and GONE in cells(page.text)
        assert "Changed" in page.text and "Reminder of garage" not in page.text
