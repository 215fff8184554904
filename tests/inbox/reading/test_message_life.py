"""What became of a message stands on its page, whoever moved it; and what quotes it."""

from datetime import timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.inbox.reading import message_life
from app.lib.message_status import MessageStatus
from app.models import Direction, Message, MessageEvent
from app.outbox import transitions
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells
from tests.support import twilio
from tests.support.browser import Browser
from tests.support.world import NOON, Business, say, sid

TEXT = "See you at two"


def report(salon: Business, known: str, status: str) -> None:
    form = {"MessageSid": known, "MessageStatus": status, "To": salon.customer_number}
    twilio.post(f"/api/twilio/{salon.slug}/message-status", form)


def test_the_page_of_a_message_tells_each_step_and_who_got_the_same(
    salon: Business, garage: Business, staff: Browser
) -> None:
    say(garage, TEXT)
    known = sid()
    id_ = say(salon, TEXT, status=MessageStatus.QUEUED, provider_sid=known)
    with tenant_scope(salon.id):
        db.session.execute(transitions.claim([Message.id == id_], NOON, "AC" + "1" * 32))
        held = [Message.id == id_]
        db.session.execute(transitions.doubt(held, NOON + timedelta(seconds=15)))
        db.session.commit()
    # In no order, and once more.
    for status in ("delivered", "sent", "delivered"):
        report(salon, known, status)
    page = cells(staff.get(f"/messages/life/{id_}").text)
    steps = (
        "Queued",
        "Handed over: Twilio is called",
        "No clear answer came: it is looked for, and not sent again",
        "Found at Twilio: delivered",
        "Twilio reported: sent. That changed nothing",
        "Twilio reported: delivered. That changed nothing",
    )
    places = [page.index(step, page.index("What became of it")) for step in steps]
    assert places == sorted(places)
    # The stranger's does not count; one of another day does not either.
    assert "None. It left here once" in page
    say(salon, TEXT, at=NOON - timedelta(hours=30))
    assert "None. It left here once" in cells(staff.get(f"/messages/life/{id_}").text)
    again = say(salon, TEXT, at=NOON + timedelta(hours=2))
    page = staff.get(f"/messages/life/{id_}").text
    assert f'href="/messages/life/{again}"' in page and "It left here once" not in page
    assert Browser(garage.staff).get(f"/messages/life/{id_}").status_code == 404
    assert f'href="/messages/life/{id_}"' in staff.get(f"/messages/{salon.customer_id}").text


def test_steps_are_forgotten_after_their_time_and_not_before(
    salon: Business, garage: Business
) -> None:
    for business in (salon, garage):
        known = sid()
        say(business, TEXT, provider_sid=known)
        report(business, known, "delivered")
    with tenant_scope(salon.id):
        [step] = db.session.scalars(select(MessageEvent)).all()
        step.at = NOON
        db.session.commit()
    message_life.forget(NOON + message_life.KEPT + timedelta(seconds=1))
    counts = []
    for business in (salon, garage):
        with tenant_scope(business.id):
            counts.append(db.session.scalar(select(func.count(MessageEvent.id))))
    assert counts == [0, 1]


def test_an_answer_to_a_message_shows_it_and_never_a_strangers(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ours, theirs = "SM" + "a" * 32, "SM" + "b" * 32
    quoted = say(salon, "Shall we say <b>two</b>?", provider_sid=ours)
    say(garage, "Secret of the garage", provider_sid=theirs)
    for named in (ours, theirs, "no sid", ""):
        form = twilio.payload("whatsapp_in_reply_quote", OriginalRepliedMessageSid=named)
        form |= {"From": f"whatsapp:{salon.customer_number}", "MessageSid": sid()}
        assert twilio.post(f"/api/twilio/{salon.slug}/whatsapp", form).status_code == 200
    thread = staff.get(f"/messages/{salon.customer_id}").text
    assert thread.count('class="msg-quote"') == 1
    assert f'data-goes="message-{quoted}"' in thread
    assert "Shall we say &lt;b&gt;two&lt;/b&gt;?</a>" in thread and "Secret" not in thread
    with tenant_scope(salon.id):
        heard = select(func.count(Message.id)).where(Message.direction == Direction.INBOUND)
        assert db.session.scalar(heard) == 5
