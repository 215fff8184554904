"""Where a thread begins that somebody opens, and what stands before it."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.inbox import thread
from app.inbox.reading import first_unread
from app.models import Conversation, Message
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear, say


def _first(business: Business) -> str:
    with tenant_scope(business.id):
        talk = db.session.scalars(
            select(Conversation).where(Conversation.customer_id == business.customer_id)
        ).one()
        return first_unread.key(thread.page(business.customer_id), talk)


def test_a_thread_begins_at_what_nobody_has_read(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        last = db.session.scalars(select(Message.id)).one()
        thread.mark_read(salon.customer_id, last, 2**31 - 1)
    assert _first(salon) == ""
    hear(salon, "First of two", at=NOON + timedelta(minutes=1))
    say(salon, "An answer by itself", at=NOON + timedelta(minutes=2))
    hear(salon, "Second of two", at=NOON + timedelta(minutes=3))
    with tenant_scope(salon.id):
        first = db.session.scalars(select(Message).where(Message.body == "First of two")).one()
    assert _first(salon) == f"message-{first.id}"
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert page.index('id="new"') < page.index("First of two</p>")
    # Read meanwhile, it stays where it was on the page that is open.
    again = staff.get(f"/messages/{salon.customer_id}?part=thread&new=message-{first.id}").text
    assert again.index('id="new"') < again.index("First of two</p>")


def test_an_open_page_that_went_back_is_fetched_without_a_gap(salon: Business) -> None:
    for number in range(60):
        hear(salon, f"Message {number}", at=NOON + timedelta(minutes=number))
    with tenant_scope(salon.id):
        newest = thread.page(salon.customer_id)
        first = newest.earlier
        older = thread.page(salon.customer_id, before=first)
        hear(salon, "One more", at=NOON + timedelta(hours=2))
        anew = thread.page(salon.customer_id, since=first)
    assert (len(newest.messages), len(older.messages), len(anew.messages)) == (50, 11, 51)
    assert anew.earlier == first and older.messages[-1].id < anew.messages[0].id
