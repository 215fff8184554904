"""An admin writes a broadcast, sees whom it reaches and why not others, tries it, and starts it."""

import pytest
from sqlalchemy import update

from app.broadcasts import send_offers
from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, Broadcast, Message, Tenant
from app.tenancy import unscoped
from tests.admin_views.reading import cells, rows
from tests.broadcasts.conftest import TEXT, Crowd, crowd, sent
from tests.support.browser import Browser
from tests.support.world import CONTENT, Business, hear

PAGE = "/admin/broadcasts/"


@pytest.fixture
def people(salon: Business, garage: Business) -> Crowd:
    with unscoped("tests"):
        db.session.execute(update(Tenant).values(quiet_from=None, quiet_until=None))
        db.session.commit()
    db.session.remove()
    return crowd(salon, 4, agreed=2)


def form(people: Crowd, **more: str) -> dict[str, str]:
    given = {"name": "Autumn", "channel": "sms", "segment_id": str(people.segment_id)}
    return given | {"rest_days": "7", "body": TEXT, "subject": ""} | more


def newest(owner: Business) -> Broadcast:
    return max(rows(owner, Broadcast), key=lambda row: row.id)


def test_from_the_draft_to_the_report(salon: Business, garage: Business, people: Crowd) -> None:
    admin = Browser(salon.admin)
    made = admin.post(PAGE, data=form(people))
    row = newest(salon)
    own = f"{PAGE}{row.id}"
    assert made.status_code == 302 and made.location.endswith(own)
    page = cells(admin.get(own).text)
    for words in (
        "2 customers",
        "2 never agreed to offers",
        "Kim0 gets Hi Kim0, -20% this week.",
        "About 2 segments",
    ):
        assert words in page, words
    assert "Choose a segment, and save" not in page
    admin.post(own, data=form(people, body="Hi"))
    assert "how they end it" in cells(admin.get(own).text)
    admin.post(own, data=form(people))
    stale = admin.post(f"{own}/start", data={"seen": "1"}, follow_redirects=True)
    assert "changed or started meanwhile" in stale.text
    begun = admin.post(f"{own}/start", data={"seen": "3"}, follow_redirects=True)
    assert "Started." in begun.text and "Pause" in begun.text
    send_offers.send(now())
    assert len(sent(salon)) == 2 and not sent(garage)
    told = cells(admin.get(own).text)
    assert "On their way 2" in told and "2 never agreed to offers" in told
    thread = cells(admin.get(f"/messages/{people.ids[0]}").text)
    assert "Broadcast: Autumn" in thread and "Upon the broadcast" not in thread
    for words in ("Yes, Friday please", "Or Saturday"):
        hear(salon, words, number=people.number(0), at=now())
    thread = cells(admin.get(f"/messages/{people.ids[0]}").text)
    assert thread.count("Upon the broadcast “Autumn”") == 1
    assert "Paused." in admin.post(f"{own}/pause", follow_redirects=True).text
    assert "It goes on." in admin.post(f"{own}/go-on", follow_redirects=True).text
    assert "Stopped for good." in admin.post(f"{own}/stop", follow_redirects=True).text
    refused = admin.post(f"{own}/go-on", follow_redirects=True).text
    assert "not under way any more" in refused and newest(salon).status == "stopped"
    assert "Autumn" in admin.get(PAGE).text
    moves = [each.changes for each in rows(salon, AuditEntry) if each.row_kind == "broadcast"]
    assert {"status": [None, "running"]} in moves and {"status": [None, "stopped"]} in moves


def test_a_test_to_oneself_goes_to_nobody_else(salon: Business, people: Crowd) -> None:
    admin = Browser(salon.admin)
    admin.post(PAGE, data=form(people))
    own = f"{PAGE}{newest(salon).id}"
    done = admin.post(f"{own}/test", data={"address": "(212) 555-0199"}, follow_redirects=True)
    assert "on its way to you" in done.text
    tried = max(rows(salon, Message), key=lambda row: row.id)
    assert tried.recipient == "+12125550199" and tried.body.startswith("Hi Test")
    assert newest(salon).status == "draft" and not sent(salon)
    bad = admin.post(f"{own}/test", data={"address": "nobody"}, follow_redirects=True)
    assert "on its way to you" not in bad.text


def test_by_whatsapp_only_an_approved_template_goes(salon: Business, people: Crowd) -> None:
    admin = Browser(salon.admin)
    admin.post(PAGE, data=form(people, channel="whatsapp"))
    own = f"{PAGE}{newest(salon).id}"
    assert "Choose the approved template" in cells(admin.get(own).text)
    template = next(each for each in _templates(salon) if each.content_sid == CONTENT)
    given = form(people, channel="whatsapp", approved_id=str(template.id))
    admin.post(own, data=given)
    assert "Fill in {{1}}" in cells(admin.get(own).text)
    admin.post(own, data=given | {"gap_1": "{{customer_name}}", "gap_2": "soon"})
    assert newest(salon).gaps == {"1": "{{customer_name}}", "2": "soon"}
    assert "Fill in" not in cells(admin.get(own).text)


def _templates(owner: Business) -> list[object]:
    from app.models import WhatsappTemplate

    return rows(owner, WhatsappTemplate)


def test_only_admins_of_the_business_get_there(
    salon: Business, garage: Business, people: Crowd
) -> None:
    Browser(salon.admin).post(PAGE, data=form(people))
    own = f"{PAGE}{newest(salon).id}"
    assert Browser(salon.staff).get(PAGE).status_code == 403
    stranger = Browser(garage.admin)
    assert stranger.get(own).status_code == 404
    for deed in ("start", "pause", "stop", "test", "go-on"):
        assert stranger.post(f"{own}/{deed}", data={"seen": "1"}).status_code == 404
    assert newest(salon).status == "draft"
