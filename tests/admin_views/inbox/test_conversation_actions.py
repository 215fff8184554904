"""What staff press above a thread: it is done once, it leads back to where they were, or it says
why not."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from app.extensions import db
from app.inbox.conversation_log import By
from app.inbox.notes import add_note
from app.lib.time.clock import now
from app.models import Conversation, Label, Note, User
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear, say

JSON = {"Accept": "application/json"}


def thread(business: Business) -> str:
    return f"/messages/{business.customer_id}"


def talk(business: Business) -> Conversation:
    db.session.rollback()
    with tenant_scope(business.id):
        query = select(Conversation).where(Conversation.customer_id == business.customer_id)
        return db.session.scalars(query.execution_options(populate_existing=True)).one()


def pressed(staff: Browser, page: str, label: str) -> str:
    """Where the button of the page leads."""
    found = re.search(rf'<button[^>]*formaction="([^"]+)"[^>]*>{label}', staff.get(page).text)
    assert found, label
    return unescape(found[1])


def press(staff: Browser, page: str, label: str) -> str:
    """The text of the page that follows."""
    answer = staff.post(pressed(staff, page, label))
    assert answer.status_code == 302, answer.text
    return staff.get(answer.location).text


def user(business: Business, email: str) -> User:
    with tenant_scope(business.id):
        return db.session.scalars(select(User).where(User.email == email)).one()


def test_closed_and_open_again_by_buttons(
    salon: Business, garage: Business, staff: Browser
) -> None:
    page = press(staff, thread(salon), "Close")
    assert "Staff closed this" in page and ">Open again</button>" in page
    assert "Ann Salon" not in staff.get("/messages?part=list").text
    assert "Ann Salon" in staff.get("/messages?part=list&view=closed").text
    page = press(staff, thread(salon), "Open again")
    assert "Staff opened this again" in page
    assert "Ann Salon" in staff.get("/messages?part=list").text
    assert talk(garage).closed_at is None


def test_a_page_that_is_behind_closes_nothing_that_it_does_not_show(
    salon: Business, staff: Browser
) -> None:
    action = pressed(staff, thread(salon), "Close")
    hear(salon, "Wait!")
    answer = staff.post(action)
    assert "Something came meanwhile. Read it first" in staff.get(answer.location).text
    assert talk(salon).closed_at is None
    assert staff.post(action, headers=JSON).status_code == 422


def test_a_button_that_is_pressed_twice_says_nothing_wrong(salon: Business, staff: Browser) -> None:
    action = pressed(staff, thread(salon), "Close")
    for _turn in range(2):
        answer = staff.post(action, headers=JSON)
        assert answer.status_code == 200 and answer.json
        assert answer.json["state"] == "closed"
    assert staff.get(thread(salon)).text.count("Staff closed this") == 1


def test_snoozed_until_a_morning_and_named_in_the_list(salon: Business, staff: Browser) -> None:
    page = press(staff, thread(salon), "Tomorrow")
    assert "Snoozed until Tomorrow, 9:00 AM" in page and "Staff snoozed this until" in page
    assert "Ann Salon" not in staff.get("/messages?part=list").text
    assert "Until Tomorrow, 9:00 AM" in staff.get("/messages?part=list&view=snoozed").text


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"day": (now() + timedelta(days=30)).date().isoformat()}, ""),
        ({"until": (now() + timedelta(days=30)).isoformat()}, ""),
        ({"day": "2020-01-01"}, "That time is over already"),
        ({"until": "2020-01-01T10:00"}, "That time is over already"),
        ({"day": ""}, "Choose until when"),
        ({}, "Choose until when"),
        ({"day": "9999-12-31"}, "Choose until when"),
        ({"until": "soon"}, "Choose until when"),
        ({"until": "\x00"}, "Choose until when"),
        ({"day": ["x"], "until": {"a": 1}}, "Choose until when"),
    ],
)
def test_a_time_to_snooze_until_is_taken_or_refused_in_words(
    salon: Business, staff: Browser, said: dict[str, object], refused: str
) -> None:
    answer = staff.post(f"{thread(salon)}/snooze", json=said)
    assert (answer.status_code, bool(talk(salon).snoozed_until)) == (
        (422, False) if refused else (200, True)
    )
    assert answer.json and answer.json.get("error", "").startswith(refused)


def test_assigned_by_hand_to_whoever_may_sign_in(
    salon: Business, garage: Business, staff: Browser
) -> None:
    page = press(staff, thread(salon), "Admin")
    assert "Staff assigned this to Admin" in page
    page = press(staff, thread(salon), "Staff")
    assert "Staff took this" in page
    assert "Ann Salon" in staff.get("/messages?part=list&view=mine").text
    page = press(staff, thread(salon), "Nobody")
    assert "Staff took this from Staff" in page
    assert "Ann Salon" not in staff.get("/messages?part=list&view=mine").text
    for id_, status in ((user(garage, garage.staff).id, 404), (10**12, 404), ("x", 404)):
        assert staff.post(f"{thread(salon)}/assign", json={"assignee": id_}).status_code == status
    with tenant_scope(salon.id):
        db.session.execute(update(User).where(User.email == salon.admin).values(active=False))
        db.session.commit()
    gone = staff.post(f"{thread(salon)}/assign", json={"assignee": user(salon, salon.admin).id})
    assert gone.status_code == 422
    assert ">Admin</button>" not in staff.get(thread(salon)).text


def test_a_label_is_put_on_and_taken_off(salon: Business, garage: Business, staff: Browser) -> None:
    with tenant_scope(salon.id):
        label = Label(name="<b>Quote</b>", colour="red")
        db.session.add(label)
        db.session.commit()
        id_ = label.id
    page = staff.get(thread(salon))
    assert "<b>Quote" not in page.text
    for change, there in (("add", True), ("add", True), ("remove", False), ("remove", False)):
        answer = staff.post(f"{thread(salon)}/labels/{id_}/{change}", headers=JSON)
        assert answer.json and ("<b>Quote</b>" in answer.json["labels"]) is there
    staff.post(f"{thread(salon)}/labels/{id_}/add")
    listed = staff.get(f"/messages?part=list&label={id_}").text
    assert "&lt;b&gt;Quote&lt;/b&gt;" in listed and "Ann Salon" in listed
    assert Browser(garage.staff).post(f"{thread(garage)}/labels/{id_}/add").status_code == 404
    assert staff.post(f"{thread(garage)}/labels/{id_}/add").status_code == 404


def test_a_note_is_the_teams_and_never_markup(
    salon: Business, garage: Business, staff: Browser
) -> None:
    token = {"client_token": "a-note"}
    for _turn in range(2):
        staff.post(f"{thread(salon)}/notes", data={"body": "<script>alert(1)</script>"} | token)
    page = staff.get(thread(salon)).text
    assert page.count("&lt;script&gt;alert(1)") == 1 and "<script>alert" not in page
    assert "Note, not sent" in page
    assert "alert(1)" not in Browser(garage.staff).get(thread(garage)).text
    empty = staff.post(f"{thread(salon)}/notes", data={"body": " "})
    assert "the note is empty" in staff.get(empty.location).text
    with tenant_scope(salon.id):
        assert len(db.session.scalars(select(Note)).all()) == 2


def test_a_rules_note_is_told_as_its_own_and_quoted_safely(salon: Business, staff: Browser) -> None:
    rule = By(rule_name="<i>Price</i> list")
    with tenant_scope(salon.id):
        add_note(salon.customer_id, "They ask for prices.", rule, NOON)
        db.session.commit()
    assert "Rule “&lt;i&gt;Price&lt;/i&gt; list”" in staff.get(thread(salon)).text


def test_an_operator_acts_for_nobody(salon: Business, operator: Browser) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    assert "KaiVox closed this" in press(operator, thread(salon), "Close")
    assert "Nothing open is assigned to you" in operator.get("/messages?part=list&view=mine").text


@pytest.mark.parametrize("name", ["close", "open", "snooze", "assign", "notes"])
def test_what_a_stranger_asks_for_is_not_there(
    salon: Business, garage: Business, staff: Browser, name: str
) -> None:
    said = {"day": "2099-01-01", "assignee": "", "body": "Hello"}
    assert staff.post(f"{thread(garage)}/{name}", data=said).status_code == 404
    found = talk(garage)
    assert (found.closed_at, found.snoozed_until, found.assignee_id) == (None, None, None)


@pytest.mark.parametrize("id_", [2**31 - 1, 2**31, 2**40, 2**63 - 1])
def test_whom_nobody_can_be_is_not_there(salon: Business, staff: Browser, id_: int) -> None:
    assert staff.get(f"/messages/{id_}").status_code == 404
    assert staff.post(f"/messages/{id_}/close").status_code == 404
    assert staff.post(f"{thread(salon)}/labels/{id_}/add").status_code == 404
    seen = {"up_to": 2**63 - 1, "call": 2**63 - 1}
    assert staff.post(f"{thread(salon)}/close", json=seen).status_code == 200


def test_a_customer_without_a_conversation_says_what_comes_first(
    salon: Business, staff: Browser
) -> None:
    made = staff.post("/messages/new", data={"phone": "+13475550077", "name": "New"})
    assert "Write the first message" in staff.get(made.location).text
    for name in ("close", "open", "assign"):
        answer = staff.post(f"{made.location}/{name}", json={"assignee": ""})
        assert answer.status_code == 422 and answer.json
        assert "There is no conversation" in answer.json["error"]


def test_the_way_back_is_the_list_that_one_came_from(salon: Business, staff: Browser) -> None:
    for number in range(3):
        hear(salon, "Hello", number=f"+1347555{number:04d}", name=f"Ann {number}")
    where = "view=all&q=ann"
    listed = staff.get(f"/messages?{where}").text
    opened = f"{thread(salon)}?view=all&amp;q=ann"
    assert f'href="{opened}"' in listed
    page = staff.get(unescape(opened)).text
    assert f'href="{opened}"' in page and 'value="ann"' in page
    action = pressed(staff, unescape(opened), "Close")
    assert staff.post(action).location.endswith(f"?{where}")


def test_a_search_and_the_filters_look_among_all(salon: Business, staff: Browser) -> None:
    hear(salon, "Hello", number="+13475550001", name="Ann Other")
    press(staff, thread(salon), "Close")
    hear(salon, "STOP")
    assert "Ann Salon" not in staff.get("/messages?part=list").text
    for narrowed in ("q=ann", "unread=1", "channel=sms", "view=all"):
        page = staff.get(f"/messages?part=list&{narrowed}").text.replace("</mark>", "")
        assert "Ann Salon" in page, narrowed


def test_a_program_gets_all_unless_it_asks_for_less(salon: Business, staff: Browser) -> None:
    press(staff, thread(salon), "Close")
    everything = staff.get("/messages", headers=JSON).json
    assert everything
    [row] = everything["conversations"]
    assert (row["state"], row["labels"]) == ("closed", ["Label of salon"])
    some = staff.get("/messages?view=open", headers=JSON).json
    assert some and some["conversations"] == []
    told = staff.get(thread(salon), headers=JSON).json
    assert told and (told["state"], told["notes"][0]["body"]) == ("closed", "Note of salon")


def test_who_was_read_and_not_answered_is_said_with_the_time(
    salon: Business, staff: Browser
) -> None:
    hear(salon, "Hello", number="+13475550001", name="Wanda", at=now() - timedelta(hours=3))
    with tenant_scope(salon.id):
        theirs = Conversation.preview == "Hello"
        id_ = db.session.scalars(select(Conversation.customer_id).where(theirs)).one()
        last = db.session.scalars(select(Conversation.last_message_id).where(theirs)).one()
    assert ">Waiting 3 hours" in staff.get("/messages?part=list").text
    assert "Wanda" not in staff.get("/messages?part=list&view=read").text
    staff.post(f"/messages/{id_}/read", data={"up_to": last})
    assert ">Read, waiting 3 hours" in staff.get("/messages?part=list&view=read").text
    assert "Waiting for us: 3 hours" in staff.get(f"/messages/{id_}").text
    say(salon, "Nobody waits for this one")
    assert staff.get("/messages?part=list&view=waiting").text.count('class="talk-pick"') == 2


@pytest.mark.parametrize("address", ["view=nonsense", "label=x", "label=99999999999", "view="])
def test_an_address_that_is_none_of_ours_is_the_plain_list(
    salon: Business, staff: Browser, address: str
) -> None:
    page = staff.get(f"/messages?part=list&{address}")
    assert page.status_code == 200 and "Ann Salon" in page.text


def test_labels_are_the_admins_to_make(salon: Business, admin: Browser, staff: Browser) -> None:
    said = {"name": "Regular", "colour": "violet"}
    assert staff.post("/admin/labels/new/", data=said).status_code == 403
    assert admin.post("/admin/labels/new/", data=said).status_code == 302
    page = admin.get("/admin/labels/").text
    assert '<span class="tag label label-violet">Regular</span>' in page
    twice = admin.post("/admin/labels/new/", data=said | {"name": "REGULAR"}).text
    assert "there is one like this already" in twice
    odd = admin.post("/admin/labels/new/", data=said | {"name": "x", "colour": "url(x)"})
    assert odd.status_code == 200 and "Not a valid choice" in odd.text
    assert "Regular" in staff.get(thread(salon)).text
