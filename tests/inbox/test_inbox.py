"""The list, the thread and the counts: right, narrow, and at a cost that rows do not raise."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, text

from app.channels import CHANNELS
from app.extensions import db
from app.inbound import receive
from app.inbox import conversations, thread
from app.inbox.statistics import forget, statistics
from app.lib.message_status import MessageStatus
from app.lib.time.clock import local_day
from app.models import ContactPoint, Conversation, Customer, Message, User
from app.outbox.compose.ledger import enter
from app.providers.contract import Received
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support import listed, owner, twilio
from tests.support.browser import Browser
from tests.support.queries import rows_read, statements
from tests.support.world import NOON, Business, hear, say, sid


def talk_with_many(business: Business, customers: int, each: int = 1) -> None:
    for number in range(customers):
        for turn in range(each):
            at = NOON + timedelta(minutes=number, seconds=turn)
            hear(business, f"Text {number}.{turn}", number=f"+1347555{number:04d}", at=at)


def test_the_pages_cost_the_same_for_few_rows_and_for_many(
    salon: Business, garage: Business, staff: Browser
) -> None:
    talk_with_many(salon, 3)
    paths = ("/messages", f"/messages/{salon.customer_id}")
    costs = []
    for _ in range(2):
        for path in paths:
            with statements() as seen:
                assert staff.get(path).status_code == 200
            costs.append(len(seen))
        talk_with_many(salon, 40, each=2)
        for _turn in range(40):
            hear(salon, "More")
            say(salon, "Answer")
    assert costs[:2] == costs[2:]
    assert max(costs) <= 31, costs


def test_a_page_fetches_one_line_of_its_thread_and_no_strangers(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ours, theirs = say(salon, "Just this one"), say(garage, "Not yours")
    say(salon, "Another one")
    path = f"/messages/{salon.customer_id}?part=message&message="
    line = staff.get(f"{path}{ours}").text
    assert line.count("<article") == 1 and f'id="message-{ours}"' in line
    assert "Just this one" in line and "Another one" not in line
    for nothing in (theirs, "", "x"):
        assert staff.get(f"{path}{nothing}").status_code == 404


def test_a_webhook_is_one_statement(salon: Business) -> None:
    twilio.text(salon, "The first one also looks the business up")
    with statements() as seen:
        assert twilio.text(salon, "And this is all").status_code == 200
    assert len(seen) == 1, seen


def test_a_webhook_looks_at_no_other_customers(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.add_all(
            Customer(contact_points=[ContactPoint(channel="sms", address=f"+1646{number:07d}")])
            for number in range(2000)
        )
        db.session.commit()
    owner.run("ANALYZE contact_point, customer, conversation")
    told = Received(sid(), salon.customer_number, (), salon.number, "", "Hello", ())
    values = receive.parameters(salon.route, CHANNELS["sms"], told, NOON) | {"recovered": False}
    for sql, name in product(
        (receive.STATEMENT, receive.USUAL), ("contact_point", "customer", "conversation")
    ):
        with tenant_scope(salon.id):
            assert rows_read(sql, name, values) < 10, name
            db.session.rollback()


def test_pages_of_the_list_follow_each_other_without_gap_or_repeat(
    salon: Business, garage: Business
) -> None:
    talk_with_many(salon, 70)
    talk_with_many(garage, 5)
    with tenant_scope(salon.id):
        everything = list(db.session.scalars(select(Conversation.id)))
        seen: list[int] = []
        cursor: conversations.Cursor | None = None
        while True:
            rows, cursor, _ = listed.page(conversations.Filter(), cursor, now=NOON)
            seen += [row.id for row in rows]
            if cursor is None:
                break
            cursor = conversations.Cursor.parse(str(cursor))
        assert len(seen) == len(set(seen)) == len(everything) == 71
        second = listed.page(conversations.Filter(), _after(seen[29]), now=NOON)
        assert [row.id for row in second.rows] == seen[30:60]
        newer = conversations.Cursor.parse(str(second.newer), newer=True)
        first = listed.page(conversations.Filter(), newer, now=NOON)
        assert [row.id for row in first.rows] == seen[:30]
        assert first.newer is None and str(first.older) == str(_after(seen[29]))


def _after(id_: int) -> conversations.Cursor:
    return conversations.Cursor(db.session.get_one(Conversation, id_).last_message_at, id_)


def test_what_goes_out_by_itself_moves_no_conversation_and_is_named_as_such(
    salon: Business, staff: Browser
) -> None:
    hear(salon, "I wrote first", number="+13475550001", name="Wanda", at=NOON)
    hear(salon, "I wrote last", at=NOON + timedelta(hours=1))
    with tenant_scope(salon.id):
        wanda = db.session.scalars(select(Customer).where(Customer.first_name == "Wanda")).one()
        silent = Customer(first_name="Silent")
        db.session.add(silent)
        db.session.flush()
        me = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        her = db.session.scalars(select(User).where(User.email == salon.admin)).one()
        for turn, customer in enumerate((wanda, silent), 2):
            _enter(salon, customer, "Your reminder", NOON + timedelta(hours=turn))
        db.session.commit()
        page = listed.page(conversations.Filter(), now=NOON)
        names = [row.customer.first_name for row in page.rows]
        assert names == ["Silent", "Ann", "Wanda"], "only who was never heard of begins with it"
        text_ = staff.get("/messages?part=list").text
        assert "I wrote first" in text_ and text_.count("Automatic:</span> Your reminder") == 1
        _enter(salon, wanda, "From me", NOON + timedelta(hours=5), me.id)
        _enter(salon, silent, "From her", NOON + timedelta(hours=6), her.id)
        db.session.commit()
    page = staff.get("/messages?part=list&view=all").text
    assert "You:</span> From me" in page and "Admin:</span> From her" in page


def _enter(
    business: Business, customer: Customer, body: str, at: datetime, author: int | None = None
) -> None:
    message = Message(
        customer_id=customer.id,
        channel="sms",
        direction="outbound",
        status=MessageStatus.DELIVERED,
        body=body,
        sender=business.number,
        recipient=business.customer_number,
        created_at=at,
        author_id=author,
    )
    enter(message, by_hand=author is not None)


def test_the_newest_conversation_is_on_top(salon: Business) -> None:
    hear(salon, "Later", number="+13475550001", at=NOON + timedelta(hours=2))
    hear(salon, "Sooner", number="+13475550002", at=NOON + timedelta(hours=1))
    with tenant_scope(salon.id):
        rows, *_ = listed.page(conversations.Filter(), now=NOON)
    assert [row.preview for row in rows] == ["Later", "Sooner", "Hello from salon"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ann", True),
        ("Ann Sal", True),
        ("5550142", True),
        ("212 555", True),
        ("ann@salon.test", True),
        ("ANN@salon", True),
        ("ann@garage.test", False),
        ("bob", False),
        ("'; drop", False),
        ("a & | ! :*", True),
        ("%", False),
        ("\\", False),
        ("garage", False),
    ],
)
def test_search_finds_only_our_customers(
    salon: Business, garage: Business, staff: Browser, words: str, found: bool
) -> None:
    page = staff.get("/messages", query_string={"q": words, "part": "list"})
    assert page.status_code == 200
    assert ("Ann Salon" in cells(page.text)) is found
    assert "Garage" not in page.text


@pytest.mark.parametrize("after", ["x", "_", "2026_1", "2026-01-01T00:00:00+00:00_x", "9" * 50])
def test_a_cursor_that_is_none_of_ours_is_the_first_page(
    salon: Business, staff: Browser, after: str
) -> None:
    page = staff.get("/messages", query_string={"after": after})
    assert page.status_code == 200
    assert "Ann Salon" in page.text


def test_the_list_narrows_to_unread_and_to_a_channel(salon: Business, staff: Browser) -> None:
    hear(salon, "By WhatsApp", number="+13475550001", channel="whatsapp", name="Wanda Werner")
    staff.post(f"/messages/{salon.customer_id}/read", data={"up_to": 10**9})
    unread = staff.get("/messages?unread=1&part=list").text
    assert "Wanda" in unread and "Ann Salon" not in unread
    sms = staff.get("/messages?channel=sms&part=list").text
    assert "Ann Salon" in sms and "Wanda" not in sms


def test_a_thread_goes_back_page_by_page(salon: Business) -> None:
    for number in range(120):
        hear(salon, f"Text {number}")
    with tenant_scope(salon.id):
        seen: list[int] = []
        before = None
        while True:
            page = thread.page(salon.customer_id, before)
            seen = [message.id for message in page.messages] + seen
            before = page.earlier
            if before is None:
                break
        everything = list(db.session.scalars(select(Message.id).order_by(Message.id)))
    assert seen == everything


def test_reading_clears_the_mark_unless_something_came_after(
    salon: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        seen = db.session.scalars(select(Message.id)).one()
    hear(salon, "Came meanwhile")
    staff.post(f"/messages/{salon.customer_id}/read", data={"up_to": seen})
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation.unread_count)).one() == 2
    staff.post(f"/messages/{salon.customer_id}/read", data={"up_to": seen + 1_000})
    db.session.rollback()
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation.unread_count)).one() == 0


def test_today_is_the_businesss_day(salon: Business) -> None:
    # Five in the morning UTC is still the evening before in New York.
    hear(salon, "Late", at=NOON.replace(hour=4))
    with tenant_scope(salon.id):
        today = statistics(local_day(NOON, salon.timezone))
        yesterday = statistics(local_day(NOON - timedelta(days=1), salon.timezone))
    assert (today.today, yesterday.today, today.total) == (1, 1, 2)


def test_a_forgotten_customer_is_taken_out_of_the_counts(salon: Business, garage: Business) -> None:
    talk_with_many(salon, 2)
    say(salon, "Answer")
    day = local_day(NOON, salon.timezone)
    with tenant_scope(salon.id):
        assert statistics(day).total == 4
        forget(salon.customer_id)
        db.session.commit()
        assert (statistics(day).total, statistics(day).today) == (2, 2)
    with tenant_scope(garage.id):
        assert statistics(local_day(NOON, garage.timezone)).total == 1


def test_times_are_the_businesss_wall_time(salon: Business, staff: Browser) -> None:
    hear(salon, "At noon in New York", at=NOON)
    assert ">12:00 PM</time>" in staff.get(f"/messages/{salon.customer_id}").text


def test_json_is_answered_where_it_is_asked_for(salon: Business, staff: Browser) -> None:
    headers = {"Accept": "application/json"}
    inbox = staff.get("/messages", headers=headers).json
    assert inbox and inbox["counts"]["total"] == 1
    assert [row["name"] for row in inbox["conversations"]] == ["Ann Salon"]
    talk = staff.get(f"/messages/{salon.customer_id}", headers=headers).json
    assert talk and [message["body"] for message in talk["messages"]] == ["Hello from salon"]


def test_what_a_customer_writes_is_never_markup(salon: Business, staff: Browser) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    hear(salon, evil, number="+13475550009", name=evil)
    for page in (staff.get("/messages").text, staff.get("/messages?part=list").text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM conversation WHERE tenant_id = 1 "
        "ORDER BY last_message_at DESC, id DESC LIMIT 30",
        "SELECT id FROM message WHERE tenant_id = 1 AND customer_id = 1 ORDER BY id DESC LIMIT 50",
        "SELECT id FROM message WHERE tenant_id = 1 AND provider_sid = 'SM1'",
        "SELECT customer_id FROM contact_point WHERE tenant_id = 1 "
        "AND channel = ANY(ARRAY['sms','whatsapp']) AND address = ANY(ARRAY['+1'])",
        "SELECT id FROM message WHERE status = 'queued' AND send_after <= now() "
        "ORDER BY send_after, id LIMIT 32",
    ],
)
def test_what_is_asked_all_day_has_its_index(salon: Business, query: str) -> None:
    # On a handful of rows the planner would rather read and sort them all.
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    db.session.execute(text("SET LOCAL enable_sort = off"))
    plan = "\n".join(db.session.scalars(text(f"EXPLAIN {query}")))
    db.session.rollback()
    assert "Index" in plan
    assert "Seq Scan" not in plan
    assert "Sort" not in plan or "Incremental Sort" in plan
