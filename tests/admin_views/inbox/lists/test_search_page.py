"""One box finds customers and messages, and leads to where they stand."""

from datetime import timedelta

import pytest

from app.extensions import db
from app.models import ContactPoint, Customer
from app.search import indexing
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def said(salon: Business, garage: Business) -> None:
    """Some people with a text each, and somebody who never wrote."""
    hear(salon, "A <b>lemon</b> tea, please", at=NOON)
    hear(salon, "Lemon by WhatsApp", number="+13475550001", channel="whatsapp", name="José Núñez")
    hear(garage, "Lemon of a stranger", number="+13475550002", channel="whatsapp", name="Jose Two")
    with tenant_scope(salon.id):
        point = ContactPoint(channel="email", address="silent@example.com")
        db.session.add(Customer(first_name="Josefa", last_name="Silent", contact_points=[point]))
        db.session.commit()
    indexing.index(NOON)


def test_customers_are_found_with_and_without_a_conversation(staff: Browser) -> None:
    page = staff.get("/messages?q=jose").text
    assert "<mark>José</mark> Núñez" in page and "<mark>Josefa</mark> Silent" in page
    assert page.index("José") < page.index("Josefa"), "who is called so comes first"
    assert "Jose Two" not in page
    for query in ("silent@ex", "josfea", "jsoefa silent"):
        assert "Silent" in staff.get("/messages", query_string={"q": query, "part": "list"}).text


def test_messages_are_found_marked_and_counted_and_nothing_of_them_is_markup(
    staff: Browser,
) -> None:
    page = staff.get("/messages?q=lemon").text
    assert "A &lt;b&gt;<mark>lemon</mark>&lt;/b&gt; tea" in page and "stranger" not in page
    assert 'q=lemon+channel:sms">SMS <span class="found-count">1</span>' in page
    narrowed = staff.get("/messages?q=lemon+channel:whatsapp").text
    assert "by WhatsApp" in narrowed and "tea, please" not in narrowed
    nothing = staff.get("/messages?q=xyzzy+before:never").text
    assert "Nothing found" in nothing and "“before:never” is no day" in nothing


def test_a_found_message_opens_its_thread_where_it_stands(
    salon: Business, garage: Business, staff: Browser
) -> None:
    for number in range(60):
        hear(salon, f"Text {number}", at=NOON + timedelta(minutes=number + 1))
    found = staff.get("/messages/search?q=tea", headers=JSON).json
    assert found
    [message] = found["messages"]
    assert (message["name"], message["customer_id"]) == ("Ann Salon", salon.customer_id)
    there = staff.get(f"{message['url']}?q=tea").location
    assert there.endswith(f"#message-{message['id']}") and "q=tea" in there
    page = staff.get(there).text
    assert f'id="message-{message["id"]}"' in page and "Text 15" in page
    assert "Text 59" not in page and 'value="tea"' in page, "the results stay beside it"
    last = staff.get("/messages/search?q=whatsapp", headers=JSON).json
    assert last and "before=" not in staff.get(last["messages"][0]["url"]).location


def test_nobody_opens_a_strangers_message(garage: Business, staff: Browser) -> None:
    theirs = Browser(garage.staff).get("/messages/search?q=stranger", headers=JSON).json
    assert theirs and len(theirs["messages"]) == 1
    assert staff.get(theirs["messages"][0]["url"]).status_code == 404
    nothing = staff.get("/messages/search?q=stranger", headers=JSON).json
    assert nothing and nothing["customers"] == nothing["messages"] == []


def test_a_new_message_takes_a_name(salon: Business, garage: Business, staff: Browser) -> None:
    found = staff.get("/messages/search?only=customers&q=nunez", headers=JSON).json
    assert found and [each["name"] for each in found["customers"]] == ["José Núñez"]
    for typed in ("nunez", "nun\x00ez"):
        asked = staff.post("/messages/new", data={"phone": typed})
    assert asked.status_code == 422 and "Do you mean" in asked.text and "José Núñez" in asked.text
    nobody = staff.post("/messages/new", data={"phone": "nobody at all"})
    assert "is not a telephone number" in nobody.text
