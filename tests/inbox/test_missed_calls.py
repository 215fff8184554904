"""A call that nobody took stands in the list and the thread, and is called back from both."""

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from app.extensions import db, redis_client
from app.inbound import incoming_calls
from app.inbox import thread, timeline
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Conversation, Message
from app.providers.contract import CallReport
from app.streams.pubsub import OF_A_TENANT
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.queries import rows_read_by
from tests.support.world import NOON, Business, hear, say

CALL, ANOTHER = "CA" + "1" * 32, "CA" + "2" * 32
CALLED = datetime.fromisoformat("2026-11-18T11:32-05:00")
STRANGER = "+16175551212"


def ring(
    business: Business,
    outcome: CallOutcome = CallOutcome.MISSED,
    caller: str | None = None,
    at: datetime = CALLED,
    sid: str = CALL,
) -> None:
    caller = business.customer_number if caller is None else caller
    with tenant_scope(business.id):
        incoming_calls.record(business.route, CallReport(sid, caller, business.number, outcome), at)


def talk(business: Business) -> Conversation:
    with tenant_scope(business.id):
        db.session.rollback()
        theirs = select(Conversation).where(Conversation.customer_id == business.customer_id)
        return db.session.scalars(theirs.execution_options(populate_existing=True)).one()


def test_a_missed_call_moves_the_conversation_up_unread_and_live(
    salon: Business, garage: Business, staff: Browser
) -> None:
    hear(salon, "Somebody else", number="+13475550001", at=NOON)
    before = talk(salon).unread_count
    with redis_client().pubsub() as listener:
        listener.subscribe(f"{OF_A_TENANT}{salon.id}")
        assert listener.get_message(timeout=5)["type"] == "subscribe"
        ring(salon, at=NOON + timedelta(minutes=1))
        assert listener.get_message(timeout=5)["data"] == str(salon.customer_id).encode()
    assert talk(salon).unread_count == before + 1
    inbox = staff.get("/messages", headers={"Accept": "application/json"}).json
    assert inbox and [row["missed_call"] for row in inbox["conversations"]] == [True, False]
    page = staff.get("/messages?part=list").text
    assert "Missed call</span>" in page
    assert f'<a href="tel:{salon.customer_number}">Call back</a>' in page
    assert talk(garage).unread_count == 1 and not talk(garage).call_missed


def test_the_thread_says_when_and_calls_back(salon: Business, staff: Browser) -> None:
    ring(salon)
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert f'>11:32 AM</time> · <a href="tel:{salon.customer_number}">Call back</a>' in page
    told = staff.get(f"/messages/{salon.customer_id}", headers={"Accept": "application/json"}).json
    assert told and {call["started_at"] for call in told["missed_calls"]} == {
        "2026-11-18T16:32:00+00:00",
        NOON.isoformat(),
    }


@pytest.mark.parametrize("caller", [STRANGER, "+442071838750"], ids=["mobile", "landline"])
def test_a_caller_whom_nobody_knows_is_seen_and_called_back(
    salon: Business, garage: Business, staff: Browser, caller: str
) -> None:
    ring(salon, caller=caller)
    ring(salon, caller=caller, sid=ANOTHER)
    page = staff.get("/messages?part=list").text
    assert page.count(f'<a href="tel:{caller}">Call back</a>') == 1
    assert 'aria-label="2 unread"' in page
    assert caller not in Browser(garage.staff).get("/messages").text


def test_who_keeps_the_number_back_stays_on_the_page_of_calls(
    salon: Business, staff: Browser
) -> None:
    ring(salon, caller="")
    assert "Missed call" not in staff.get("/messages?part=list").text
    assert "Number withheld" in staff.get("/admin/calls/").text


def test_a_premium_number_is_nobody_to_call_back(salon: Business, staff: Browser) -> None:
    # Who rings once from such a number earns by whoever returns the call.
    ring(salon, caller="+19005550142")
    assert "Call back" not in staff.get("/messages?part=list").text


@pytest.mark.parametrize(
    "told", list(itertools.permutations([CallOutcome.RINGING, CallOutcome.MISSED]))
)
def test_a_call_counts_once_however_often_and_in_whatever_order_it_is_told(
    salon: Business, told: tuple[CallOutcome, ...]
) -> None:
    before = talk(salon).unread_count
    for outcome in (*told, *told):
        ring(salon, outcome)
    assert talk(salon).unread_count == before + 1


def test_a_call_that_was_answered_after_all_is_missed_no_more(
    salon: Business, staff: Browser
) -> None:
    before = talk(salon).unread_count
    ring(salon)
    ring(salon, CallOutcome.ANSWERED)
    assert talk(salon).unread_count == before
    page = staff.get("/messages?part=list").text
    assert "Call answered" in page and "Missed call" not in page and "Call back" not in page


def test_a_message_that_goes_by_itself_does_not_hide_a_call(
    salon: Business, staff: Browser
) -> None:
    ring(salon)
    say(salon, "Sorry that we missed your call", at=CALLED + timedelta(seconds=5))
    page = staff.get("/messages?part=list").text
    assert "Sorry that we missed" not in page and "Call back" in page
    seen = {"up_to": 10**9, "call": talk(salon).last_call_id}
    staff.post(f"/messages/{salon.customer_id}/read", data=seen)
    assert "Call back" in staff.get("/messages?part=list").text, "nobody has called back"


def test_an_answer_by_hand_answers_the_call(salon: Business, staff: Browser) -> None:
    ring(salon)
    values = {"customer_id": salon.customer_id, "channel": "sms", "body": "You called?"}
    staff.post("/messages/send", data=values)
    assert "Call back" not in staff.get("/messages?part=list").text


def test_a_call_that_came_after_what_was_seen_stays_unread(salon: Business, staff: Browser) -> None:
    ring(salon)
    seen = talk(salon).last_call_id
    ring(salon, sid=ANOTHER)
    path = f"/messages/{salon.customer_id}/read"
    for told in ({"up_to": 10**9}, {"up_to": 10**9, "call": seen}):
        assert staff.post(path, data=told).status_code == 204
        assert talk(salon).unread_count
    assert f'data-call="{talk(salon).last_call_id}"' in staff.get(path.removesuffix("/read")).text
    staff.post(path, data={"up_to": 10**9, "call": talk(salon).last_call_id})
    assert talk(salon).unread_count == 0
    assert "Call back" in staff.get("/messages?part=list").text


def test_each_call_stands_on_one_page_among_the_messages_of_its_time(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(Call))
        db.session.commit()
    for number in range(120):
        at = NOON + timedelta(minutes=number)
        hear(salon, f"Text {number}", at=at)
        if number % 20 == 0:
            ring(salon, at=at + timedelta(seconds=30), sid=f"CA{number:032}")
    # One that came in late, of long ago.
    hear(salon, "Recovered", at=NOON - timedelta(hours=1))
    ring(salon, at=NOON - timedelta(hours=2), sid=ANOTHER)
    with tenant_scope(salon.id):
        lines: list[thread.Line] = []
        before = None
        while True:
            page = thread.page(salon.customer_id, before)
            lines = [*page.lines, *lines]
            before = page.earlier
            if before is None:
                break
        said = [line.message.id for line in lines if line.message]
        assert said == list(db.session.scalars(select(Message.id).order_by(Message.id)))
        rung = [line.call.id for line in lines if line.call]
        assert rung == list(db.session.scalars(select(Call.id).order_by(Call.started_at)))
        for line, after in itertools.pairwise(lines):
            if line.call and after.message and after.message.body != "Recovered":
                assert line.at < after.at


def test_a_thread_of_calls_alone_is_a_thread(salon: Business, staff: Browser) -> None:
    ring(salon, caller=STRANGER)
    with tenant_scope(salon.id):
        id_ = db.session.scalars(select(Call.customer_id).where(Call.caller == STRANGER)).one()
    page = staff.get(f"/messages/{id_}").text
    assert "Missed call" in page and "Nothing was said yet" not in page


def test_a_deleted_call_leaves_the_conversation_in_the_list(
    salon: Business, staff: Browser
) -> None:
    ring(salon)
    with tenant_scope(salon.id):
        db.session.execute(delete(Call))
        db.session.commit()
    page = staff.get("/messages?part=list").text
    assert "Ann Salon" in page and "Call back" not in page


def test_staff_read_the_calls_and_change_none(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ring(salon)
    ring(garage, sid=ANOTHER)
    page = staff.get("/admin/calls/").text
    assert f'<a href="tel:{salon.customer_number}">(212) 555-0142</a>' in page
    assert garage.customer_number not in page
    for action in ("new/", "edit/", "delete/", "action/", "export/"):
        assert f"/admin/calls/{action}" not in page
    with tenant_scope(salon.id):
        id_ = db.session.scalars(select(Call.id)).first()
    assert staff.get(f"/admin/calls/details/?id={id_}").status_code == 200
    for path in ("new/", f"edit/?id={id_}", "export/csv/"):
        assert staff.get(f"/admin/calls/{path}").status_code == 403
    for path, values in (("delete/", {"id": id_}), ("action/", {"action": "delete", "rowid": id_})):
        assert staff.post(f"/admin/calls/{path}", data=values).status_code == 403


def test_a_number_is_a_link_that_calls_it_wherever_staff_see_it(
    salon: Business, staff: Browser
) -> None:
    link = f'<a href="tel:{salon.customer_number}">(212) 555-0142</a>'
    for path in f"/customers/{salon.customer_id}", "/admin/customers/", "/admin/calls/":
        assert link in staff.get(path).text, path
    thread = staff.get(f"/messages/{salon.customer_id}").text
    assert f'href="tel:{salon.customer_number}" title="Call" aria-label="Call (212)' in thread


def test_calls_of_others_cost_a_thread_nothing(salon: Business) -> None:
    for number in range(60):
        ring(salon, caller=f"+1347555{number:04d}", sid=f"CA{number:032}")
    with tenant_scope(salon.id):
        db.session.execute(delete(Message))
        db.session.commit()
        assert (
            rows_read_by(lambda: timeline.calls(salon.customer_id, None, None).answer, "call") <= 2
        )
