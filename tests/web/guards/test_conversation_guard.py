"""What somebody does all day who sees the conversations that are assigned to them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import (
    Conversation,
    Customer,
    Media,
    Message,
    Note,
    Notification,
    Sees,
    User,
    UserNotice,
)
from app.search import indexing
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.granted import assign, let
from tests.support.world import NOON, Business, hear

MINE, THEIRS, NOBODYS = "It is about my hair", "It is about my feet", "Is anybody there?"
HERS = "+12125550188"
WHOSE = "+12125550199"
NOT_YOURS = "not assigned to you"


def customer(of: Business, number: str) -> int:
    with tenant_scope(of.id):
        found = select(Customer.id).where(Customer.contact_points.any(address=number))
        return db.session.scalars(found).one()


@pytest.fixture
def ids(salon: Business, garage: Business) -> tuple[int, int, int]:
    """The customers of a conversation of the staff's, of the admin's, and of nobody's."""
    hear(salon, THEIRS, number=HERS, name="Bea Foot")
    hear(salon, NOBODYS, number=WHOSE, name="Cy Body")
    hear(salon, MINE)
    hear(garage, MINE)
    made = salon.customer_id, customer(salon, HERS), customer(salon, WHOSE)
    assign(salon.id, made[0], salon.staff)
    assign(salon.id, made[1], salon.admin)
    assign(garage.id, garage.customer_id, garage.staff)
    return made


@pytest.fixture
def some(salon: Business, ids: tuple[int, int, int]) -> Browser:
    """Somebody of staff who signed in before the right was taken from them."""
    browser = Browser(salon.staff)
    assert THEIRS in browser.get("/messages?view=all").text
    let(salon.staff, sees=Sees.OWN)
    return browser


def listed(browser: Browser) -> set[str]:
    page = browser.get("/messages?view=all").text
    return {said for said in (MINE, THEIRS, NOBODYS) if said in page}


def count(browser: Browser, view: str) -> int:
    """How many the list says that it has."""
    page = browser.get(f"/messages?view={view}").text
    return int(page.partition('narrow-count">')[2].partition("<")[0])


def test_they_see_their_own_and_where_an_admin_says_so_what_is_nobodys(
    some: Browser, salon: Business
) -> None:
    assert listed(some) == {MINE}
    let(salon.staff, sees=Sees.OWN_AND_UNASSIGNED)
    assert listed(some) == {MINE, NOBODYS}
    let(salon.staff, sees=Sees.ALL)
    assert listed(some) == {MINE, THEIRS, NOBODYS}


def test_lists_count_what_they_see(some: Browser, salon: Business) -> None:
    assert (count(some, "all"), count(some, "unassigned")) == (1, 0)
    assert some.get("/messages?part=unread").json == {"unread": 1}
    let(salon.staff, sees=Sees.OWN_AND_UNASSIGNED)
    assert (count(some, "all"), count(some, "unassigned")) == (2, 1)
    assert count(Browser(salon.admin), "all") == 3


def test_another_conversation_is_closed_to_them_in_plain_words(
    some: Browser, ids: tuple[int, int, int]
) -> None:
    for hidden in ids[1:]:
        page = some.get(f"/messages/{hidden}")
        assert page.status_code == 403
        assert NOT_YOURS in page.text and "Foot" not in page.text and "Admin" not in page.text
    assert MINE in some.get(f"/messages/{ids[0]}").text


def test_who_the_customer_is_and_when_they_come_is_everybodys(
    some: Browser, ids: tuple[int, int, int]
) -> None:
    page = some.get(f"/customers/{ids[1]}").text
    assert "Bea Foot" in page and NOT_YOURS in page and THEIRS not in page
    assert f'href="/messages/{ids[1]}"' not in page, "no button that leads to a refusal"
    assert "Bea Foot" in some.get("/admin/customers/").text
    mine = some.get(f"/customers/{ids[0]}").text
    assert NOT_YOURS not in mine and f'href="/messages/{ids[0]}"' in mine


def test_the_search_finds_what_they_see_however_much_else_is_newer(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    for minute in range(40):
        hear(salon, "It is still about it", number=HERS, at=NOON + timedelta(minutes=minute))
    indexing.index(now())
    found = some.get("/messages/search?q=about").json
    assert found and [each["excerpt"] for each in found["messages"]] == [MINE]
    shown = some.get("/messages?q=about").text
    assert "still about it" not in shown.replace("<mark>", "").replace("</mark>", "")


def test_what_they_answer_becomes_theirs_and_what_they_give_away_is_gone(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    let(salon.staff, sees=Sees.OWN_AND_UNASSIGNED)
    sent = {"customer_id": ids[2], "channel": "sms", "body": "I am"}
    assert some.post("/messages/send", json=sent).status_code == 201
    let(salon.staff, sees=Sees.OWN)
    assert "I am" in some.get(f"/messages/{ids[2]}").text
    [admin] = [user for user in rows(salon, User) if user.email == salon.admin]
    some.post(f"/messages/{ids[2]}/assign", data={"assignee": admin.id})
    assert listed(some) == {MINE}
    assert some.get(f"/messages/{ids[2]}?part=thread").status_code == 403


def test_they_write_first_to_somebody_new(some: Browser, salon: Business) -> None:
    page = some.post("/messages/new", data={"phone": "+12125550177", "name": "Di New"})
    new = int(page.location.rpartition("/")[2])
    noted = some.post(f"/messages/{new}/notes", data={"body": "Came by the window"})
    assert noted.status_code == 302 and "by the window" in some.get(f"/messages/{new}").text
    sent = {"customer_id": new, "channel": "sms", "body": "Welcome"}
    assert some.post("/messages/send", json=sent).status_code == 201
    assert "Welcome" in some.get(f"/messages/{new}").text, "whoever writes first has it"


def test_nothing_is_done_with_another_conversation(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    before = [len(rows(salon, kind)) for kind in (Message, Note)]
    sent = {"customer_id": ids[1], "channel": "sms", "body": "Not for me to say"}
    assert some.post("/messages/send", json=sent).status_code == 403
    assert some.post("/messages/send", data=sent).status_code == 403
    assert some.post(f"/messages/{ids[1]}/notes", data={"body": "Nor this"}).status_code == 403
    assert some.post(f"/messages/{ids[1]}/presence", data={"doing": "looking"}).status_code == 403
    many = {"do": "close", "talk": [f"{ids[0]}:9:9", f"{ids[1]}:9:9"]}
    assert some.post("/messages/bulk", data=many).status_code == 403
    merged = some.post(f"/same-person/{ids[0]}/merge", data={"other": ids[1]})
    assert merged.status_code == 403, "or what was said would be theirs"
    assert [len(rows(salon, kind)) for kind in (Message, Note)] == before
    assert all(talk.closed_at is None for talk in rows(salon, Conversation))


def test_a_form_that_is_refused_shows_no_other_conversation(
    some: Browser, ids: tuple[int, int, int]
) -> None:
    page = some.post("/messages/send", data={"customer_id": ids[0], "channel": "sms", "body": ""})
    assert page.status_code == 422
    assert MINE in page.text and THEIRS not in page.text and NOBODYS not in page.text


def test_files_and_single_messages_of_another_are_not_there(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    [media] = [each.id for each in rows(salon, Media)]
    assert some.get(f"/media/{media}").status_code == 200
    tag = {"If-None-Match": f'"media-{media}"'}
    assert some.get(f"/media/{media}", headers=tag).status_code == 304
    assign(salon.id, ids[0], salon.admin)
    assert some.get(f"/media/{media}").status_code == 404
    assert some.get(f"/media/{media}", headers=tag).status_code == 404, "nor from its memory"
    [said] = [each.id for each in rows(salon, Message) if each.body == THEIRS]
    assert some.get(f"/messages/life/{said}").status_code == 404
    assert some.get(f"/messages/found/{said}").status_code == 404


def test_whoever_is_named_in_a_note_hears_of_it_once_the_conversation_is_theirs(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    note = {"body": "@Staff, her feet are ticklish"}
    assert Browser(salon.admin).post(f"/messages/{ids[1]}/notes", data=note).status_code == 302
    assert len(rows(salon, UserNotice)) == 1
    assert "ticklish" not in some.get("/notices").text
    some.post("/notices/read")
    assign(salon.id, ids[1], salon.staff)
    assert "ticklish" in some.get("/notices").text
    assert rows(salon, UserNotice)[0].read_at is None, "what they could not read is unread"


def test_they_book_for_any_customer_and_what_goes_by_itself_is_the_same(
    some: Browser, salon: Business, ids: tuple[int, int, int]
) -> None:
    planned = []
    for who, by in zip(ids[1:], (some, Browser(salon.admin)), strict=True):
        day = now().date() + timedelta(days=30 + who)
        form = {"customer_id": who, "starts_at": f"{day.isoformat()}T10:00"}
        made = by.post("/calendar/new", json=form, headers={"Accept": "application/json"})
        assert made.status_code == 201
        theirs = [each for each in rows(salon, Notification) if each.customer_id == who]
        planned.append(sorted((each.type, each.status) for each in theirs))
    assert planned[0] == planned[1] != []


def test_where_the_database_cannot_hide_them_no_page_is_shown(
    some: Browser, salon: Business, app: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["row_security"], "narrows", False)  # type: ignore[attr-defined]
    page = some.get("/messages")
    assert page.status_code == 503 and MINE not in page.text
    assert Browser(salon.admin).get("/messages").status_code == 200


def test_the_page_of_whoever_sees_all_is_told_of_nobodys_eyes(
    staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They pay nothing for what others may not."""
    from app.row_security import binding

    said = []
    kept = binding._told
    monkeypatch.setattr(binding, "_told", lambda now: said.append(kept(now)) or kept(now))
    staff.get("/messages")
    assert said and not any("viewer" in each for each in said)
