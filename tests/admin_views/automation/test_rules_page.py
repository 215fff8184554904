"""The list of rules, and the form that reads as a sentence, without any script."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import delete, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.automation.editing.rule_commands import MEANWHILE
from app.extensions import db
from app.lib.time.clock import now
from app.models import AutomationEvent, AutomationRule, AutomationRun, Service
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows, told
from tests.support.browser import Browser
from tests.support.queries import statements
from tests.support.world import NOON, Business

BASE = "/settings/automation"
EVIL = "<script>alert(1)</script>"
# What a form sends for: when a customer writes, and the text contains price, then send a text.
FORM = {
    "name": "Price list",
    "trigger": "customer_wrote",
    "conditions.0": "words",
    "conditions.0.how": "any",
    "conditions.0.words": "price, how much",
    "actions.0": "send_text",
    "actions.0.text": "Hi {{customer_name}}, see our list.",
}


def rule(owner: Business, name: str = "Price list", **changed: Any) -> int:
    """A rule of the business, as FORM has it."""
    with tenant_scope(owner.id):
        stored = {
            "name": name,
            "trigger": "customer_wrote",
            "conditions": [{"key": "words", "options": {"how": "any", "words": ["price"]}}],
            "actions": [{"key": "send_text", "options": {"text": f"The list of {owner.slug}"}}],
            "created_at": NOON,
            "updated_at": NOON,
        }
        row = AutomationRule(**(stored | changed))
        db.session.add(row)
        db.session.commit()
        return row.id


def get(owner: Business, rule_id: int) -> AutomationRule:
    return next(row for row in rows(owner, AutomationRule) if row.id == rule_id)


def press(person: Browser, path: str, step: str, form: dict[str, Any], **more: Any) -> TestResponse:
    return person.post(f"{BASE}{path}", data=MultiDict(form | more | {"step": step}))


@pytest.fixture
def bare(salon: Business, garage: Business) -> Business:
    """The salon without any rule; the garage has one."""
    with tenant_scope(salon.id):
        db.session.execute(delete(AutomationRule))
        db.session.commit()
    rule(garage, "The garage's own")
    return salon


def test_the_list_reads_as_sentences_and_knows_no_stranger(bare: Business, staff: Browser) -> None:
    rule(bare, "Second", position=2)
    rule(bare, "First", position=1)
    text = cells(staff.get(f"{BASE}/").text)
    assert text.index("First") < text.index("Second")
    assert (
        "When a customer writes, and the text contains any of these words: price , then send this"
        " text: “The list of salon” ."
    ) in text
    assert "garage" not in text


def test_the_pages_cost_the_same_for_few_rules_and_for_many(bare: Business, admin: Browser) -> None:
    about = [{"key": "service", "options": {"is": "is", "services": ["1", "2", "3"]}}]
    someone = [{"key": "assign", "options": {"user": "1"}}]
    costs = []
    for many in (1, 40):
        for each in range(many):
            rule_id = rule(bare, f"Rule {each}", conditions=about * many, actions=someone * many)
        for path in ("/", f"/{rule_id}"):
            with statements() as seen:
                assert admin.get(f"{BASE}{path}").status_code == 200
            costs.append(len(seen))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 15, costs


def test_whoever_has_none_is_offered_the_ready_made_ones_once(
    bare: Business, admin: Browser, staff: Browser
) -> None:
    assert "Add the ready-made rules" in admin.get(f"{BASE}/").text
    assert "Add the ready-made rules" not in staff.get(f"{BASE}/").text
    for _ in range(2):
        assert admin.post(f"{BASE}/ready-made").status_code == 302
    made = rows(bare, AutomationRule)
    assert made and not any(row.enabled for row in made)
    assert len({row.name for row in made}) == len(made)
    text = cells(admin.get(f"{BASE}/").text)
    assert all(row.name in text for row in made) and "something that is gone" not in text
    for row in made:
        page = admin.get(f"{BASE}/{row.id}")
        assert page.status_code == 200 and row.name in unescape(page.text)
        admin.post(f"{BASE}/{row.id}/switch", data={"on": "1", "version": "1"})
    assert all(row.enabled for row in rows(bare, AutomationRule)), "each can be turned on as it is"


def test_staff_read_and_cannot_change(bare: Business, staff: Browser) -> None:
    rule_id = rule(bare)
    page = staff.get(f"{BASE}/").text
    assert "Price list" in page
    assert "New rule" not in page and f"{BASE}/{rule_id}" not in page
    for path in ("/new", f"/{rule_id}", f"/{rule_id}/switch", f"/{rule_id}/move"):
        assert staff.post(f"{BASE}{path}", data=FORM).status_code == 403
    assert staff.get(f"{BASE}/{rule_id}").status_code == 403
    assert get(bare, rule_id).version == 1


def test_a_rule_is_built_by_buttons_alone(bare: Business, admin: Browser) -> None:
    begun = {"name": "Price list", "trigger": "nobody_answered"}
    page = press(admin, "/new", "show", begun)
    assert 'name="trigger.minutes" value="30"' in page.text
    page = press(admin, "/new", "add.conditions", begun, **{"new.conditions": "words"})
    assert 'name="conditions.0" value="words"' in page.text
    assert 'name="conditions.0.words"' in page.text
    page = press(admin, "/new", "add.actions", FORM, **{"new.actions": "stop"})
    assert 'name="actions.1" value="stop"' in page.text
    assert 'value="price, how much"' in page.text, "what was typed stays"
    assert rows(bare, AutomationRule) == []
    saved = press(admin, "/new", "save", FORM)
    [row] = rows(bare, AutomationRule)
    assert saved.status_code == 302 and saved.location == f"{BASE}/{row.id}"
    assert (row.name, row.trigger, row.enabled) == ("Price list", "customer_wrote", False)
    assert row.conditions == [
        {"key": "words", "options": {"how": "any", "words": ["price", "how much"]}}
    ]


def test_parts_are_taken_out_and_put_in_another_order(bare: Business, admin: Browser) -> None:
    form = FORM | {"actions.1": "stop", "actions.7": "close"}
    for step, order in (
        ("up.actions.2", ["send_text", "close", "stop"]),
        ("down.actions.0", ["stop", "send_text", "close"]),
        ("remove.actions.0", ["stop", "close"]),
    ):
        page = press(admin, "/new", step, form).text
        assert re.findall(r'name="actions.\d" value="(\w+)"', page) == order
    page = press(admin, "/new", "remove.conditions.0", form).text
    assert 'name="conditions.0"' not in page
    for nonsense in (
        "remove.actions.99",
        "up.__class__.0",
        "remove.actions.-1",
        "x",
        "add.actions",
    ):
        assert press(admin, "/new", nonsense, form).status_code == 200


def test_choices_are_sent_as_boxes(bare: Business, admin: Browser) -> None:
    with tenant_scope(bare.id):
        service_id = db.session.scalars(select(Service.id)).one()
    form = MultiDict(FORM | {"conditions.0": "service", "conditions.0.is": "not"})
    form.setlist("conditions.0.services", ["", str(service_id)])
    assert admin.post(f"{BASE}/new", data=form).status_code == 302
    [row] = rows(bare, AutomationRule)
    assert row.conditions[0]["options"] == {"is": "not", "services": [str(service_id)]}
    page = admin.get(f"{BASE}/{row.id}").text
    assert f'name="conditions.0.services" value="{service_id}" checked' in page


def test_what_is_wrong_is_told_where_it_is_and_nothing_is_saved(
    bare: Business, garage: Business, admin: Browser
) -> None:
    with tenant_scope(garage.id):
        theirs = db.session.scalars(select(Service.id)).one()
    answer = press(
        admin,
        "/new",
        "save",
        FORM,
        **{
            "name": EVIL,
            "conditions.0": "service",
            "conditions.0.is": "is",
            "conditions.0.services": str(theirs),
            "actions.0.text": "{{custmer_name}} " + EVIL,
            "actions.1": "__class__",
        },
    )
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "What was chosen here is no longer there. Choose again." in page
    assert "custmer_name is unknown: did you mean customer_name?" in page
    assert "There is no such thing any more. Choose another." in page
    assert EVIL not in answer.text
    assert 'aria-describedby="actions.0.text-wrong"' in answer.text
    assert rows(bare, AutomationRule) == []


def test_hostile_words_stand_as_text_in_list_and_form(bare: Business, admin: Browser) -> None:
    rule_id = rule(
        bare,
        EVIL,
        off_reason=EVIL,
        conditions=[{"key": "words", "options": {"how": EVIL, "words": [EVIL]}}],
        actions=[{"key": EVIL, "options": {}}, {"key": "send_text", "options": {"text": EVIL}}],
    )
    for path in ("/", f"/{rule_id}"):
        page = admin.get(f"{BASE}{path}")
        assert page.status_code == 200
        assert EVIL not in page.text and EVIL in unescape(page.text)


def test_a_change_counts_up_and_an_old_page_is_told(bare: Business, admin: Browser) -> None:
    rule_id = rule(bare)
    assert press(admin, f"/{rule_id}", "save", FORM, version="1").status_code == 302
    assert get(bare, rule_id).version == 2
    late = press(admin, f"/{rule_id}", "save", FORM, version="1", name="Too late")
    assert late.status_code == 422 and MEANWHILE in told(late)
    assert 'value="Too late"' in late.text, "what was typed stays"
    assert get(bare, rule_id).name == "Price list"
    assert press(admin, f"/{rule_id}", "save", FORM).status_code == 422, "no version is none"


def test_the_switch_turns_on_what_was_seen(bare: Business, admin: Browser) -> None:
    rule_id = rule(bare, off_reason="The label that it names is gone.")
    assert "It turned itself off: The label that it names is gone." in cells(
        admin.get(f"{BASE}/").text
    )
    path = f"{BASE}/{rule_id}/switch"
    admin.post(path, data={"on": "1", "version": "7"})
    assert not get(bare, rule_id).enabled
    assert MEANWHILE in told(admin.get(f"{BASE}/"))
    before = now()
    admin.post(path, data={"on": "1", "version": "1"})
    on = get(bare, rule_id)
    assert on.enabled and on.enabled_at >= before and on.off_reason == ""
    admin.post(path, data={"on": "0"})
    assert not get(bare, rule_id).enabled


def test_rules_are_moved_by_their_buttons(bare: Business, admin: Browser) -> None:
    ids = {name: rule(bare, name, position=place) for place, name in enumerate("abc")}
    page = admin.get(f"{BASE}/").text
    assert f'id="up-{ids["a"]}" name="to" value="-1"' in page
    assert admin.post(f"{BASE}/{ids['c']}/move", data={"to": "0"}).status_code == 302
    part = admin.post(f"{BASE}/{ids['a']}/move?part=list", data={"to": "99"})
    assert "<html" not in part.text
    assert re.findall('data-name="(.)"', part.text) == ["c", "b", "a"]


def test_a_rule_is_deleted_and_what_it_did_stays(bare: Business, admin: Browser) -> None:
    rule_id = rule(bare)
    ran(bare, rule_id)
    admin.post(f"{BASE}/{rule_id}/remove", data={"version": "2"})
    assert get(bare, rule_id)
    admin.post(f"{BASE}/{rule_id}/remove", data={"version": "1"})
    assert rows(bare, AutomationRule) == []
    [run] = rows(bare, AutomationRun)
    assert (run.rule_id, run.rule_name) == (None, "Price list")


def ran(owner: Business, rule_id: int | None, **changed: Any) -> int:
    """The rule did something a moment ago."""
    moment = now()
    with tenant_scope(owner.id):
        event = AutomationEvent(
            type="message.received",
            customer_id=owner.customer_id,
            origin="customer",
            at=moment,
            due_at=moment,
        )
        db.session.add(event)
        db.session.flush()
        stored = {
            "rule_id": rule_id,
            "rule_name": "Price list",
            "rule_version": 1,
            "event_id": event.id,
            "customer_id": owner.customer_id,
            "status": "done",
            "done": [f"Sent a text of {owner.slug}."],
            "due_at": moment,
            "created_at": moment,
            "done_at": moment,
        }
        run = AutomationRun(**(stored | changed))
        db.session.add(run)
        db.session.commit()
        return run.id


def test_the_list_says_how_often_each_ran_lately(
    bare: Business, garage: Business, staff: Browser
) -> None:
    rule_id, idle = rule(bare), rule(bare, "Idle")
    for _ in range(2):
        ran(bare, rule_id)
    ran(bare, rule_id, status="unmet", done=[])
    ran(bare, idle, done_at=now() - timedelta(days=8))
    ran(garage, rows(garage, AutomationRule)[0].id)
    page = staff.get(f"{BASE}/").text
    assert f'href="{BASE}/log?rule={rule_id}">Ran 2 times in the last 7 days' in page
    assert f'href="{BASE}/log?rule={idle}">Did not run in the last 7 days' in page


def test_a_text_is_shown_as_it_reads_with_its_segments(bare: Business, admin: Browser) -> None:
    asked = {"place": "actions.send_text.text", "text": "Hi {{customer_name}}! 💇"}
    seen = admin.post(f"{BASE}/preview", data=asked).json
    assert seen and seen["body"] == "Hi Maria! 💇"
    assert seen["count"].startswith("By SMS 1 segment · UCS-2")
    wrong = admin.post(f"{BASE}/preview", data=asked | {"text": "{{custmer_name}}"}).json
    assert wrong == {"error": "custmer_name is unknown: did you mean customer_name?"}
    opens = {"place": "actions.away_message.text", "text": "Back {{opens_at}}"}
    away = admin.post(f"{BASE}/preview", json=opens).json
    assert away and away["body"].startswith("Back ") and len(away["body"]) > len("Back ")
    spanish = {"place": "actions.send_text.text_es", "text": "{{appointment_time}}"}
    assert admin.post(f"{BASE}/preview", json=spanish).json["body"] == "2:30 p.m."  # type: ignore[index]
    for nowhere in ("", "actions", "actions.send_text.evil", "trigger.__class__.x", "x.y.z"):
        answer = admin.post(f"{BASE}/preview", data={"place": nowhere, "text": "Hi"})
        assert answer.status_code == 422
