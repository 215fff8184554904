"""Each event that Meta's documents name, and what of it a business sees."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.inbox.reading import message_marks
from app.lib.time.clock import now
from app.models import (
    ChannelAccount,
    ChannelThread,
    ContactPoint,
    ConversationEvent,
    Customer,
    Media,
    Message,
    MessageQuote,
    MessageReaction,
    MessageRevision,
    SenderPause,
)
from app.tenancy import tenant_scope
from tests.support import meta
from tests.support.browser import Browser
from tests.support.meta import PAYLOADS
from tests.support.world import Business

# What stands in the thread afterwards, of inbound messages alone.
SEEN = {
    "fb_ad_referral_message": "I saw your offer",
    "fb_appointment_booking": (
        "Asks for an appointment: 2026-12-01 08:30 to 09:00 (Europe/Berlin)"
    ),
    "fb_audio": "",
    "fb_fallback_link": "look: https://salon.example/menu",
    "fb_file": "",
    "fb_postback_get_started": "Get Started",
    "fb_quick_reply": "Yes, confirm",
    "fb_reply_to": "this one",
    "fb_standby": "hello?",
    "fb_sticker_like_2026": "👍",
    "fb_text": "Hi, is Thursday 3pm free? äöå 😀",
    "fb_video": "",
    "ig_like_heart": "❤️",
    "ig_post_share": "Shared a post: Autumn colours\nhttps://lookaside.example/post",
    "ig_story_mention": "Mentioned you in their story\nhttps://lookaside.example/story",
    "ig_text": "Do you do balayage?",
}
# Those that say nothing by themselves.
SILENT = {
    *("fb_echo_from_page_inbox", "fb_echo_own", "fb_message_edit", "fb_policy_enforcement"),
    *("fb_reaction_other", "fb_read", "ig_echo", "ig_seen", "ig_unsent"),
}


def heard() -> list[str]:
    found = select(Message.body).where(Message.channel.in_(("messenger", "instagram")))
    return list(db.session.scalars(found.where(Message.direction == "inbound")))


def test_each_event_shows_what_it_is_once_and_to_its_business_alone(
    salon: Business, garage: Business
) -> None:
    meta.connect(salon)
    meta.connect(garage, "99", "98")
    names = {path.stem for path in PAYLOADS.glob("*.json")}
    assert names == SEEN.keys() | SILENT
    # Each as a business's first and told twice: what follows another would hide what it leaves.
    for name in sorted(SEEN):
        for _ in range(2):
            assert meta.post(meta.payload(name)).status_code == 200, name
    with tenant_scope(salon.id):
        assert sorted(heard()) == sorted(SEEN.values())
        assert db.session.scalar(select(MessageQuote.quoted_sid)) == "m_out7"
        assert (
            db.session.scalar(
                select(ConversationEvent.about).where(ConversationEvent.kind == "came_by")
            )
            == "Spring cut"
        )
        files = select(Media.url).join(Message, Media.message_id == Message.id)
        files = files.where(Message.channel == "messenger")
        assert len(db.session.scalars(files).all()) == 3
        people = select(ContactPoint.channel, ContactPoint.address)
        known = db.session.execute(people.where(ContactPoint.channel != "sms")).all()
        assert ("messenger", meta.PERSON) in known and ("instagram", meta.FOLLOWER) in known
    db.session.remove()
    with tenant_scope(garage.id):
        assert heard() == []


def test_whom_another_app_answers_is_not_written_to_until_they_write_here(
    salon: Business, staff: Browser
) -> None:
    meta.connect(salon)
    for name, refused in (("fb_standby", True), ("fb_text", False)):
        meta.event(name, timestamp=int(now().timestamp() * 1000))
        with tenant_scope(salon.id):
            of_them = select(ContactPoint.customer_id).where(ContactPoint.address == meta.PERSON)
            customer_id = db.session.scalars(of_them).one()
        db.session.remove()
        page = staff.get(f"/messages/{customer_id}").text
        assert ("Another app answers this customer on Messenger" in page) is refused


def test_what_says_nothing_makes_no_message_and_nobody(salon: Business) -> None:
    meta.connect(salon)
    for name in sorted(SILENT - {"fb_echo_from_page_inbox", "ig_echo", "fb_echo_own"}):
        assert meta.post(meta.payload(name)).status_code == 200, name
    with tenant_scope(salon.id):
        assert heard() == []
        assert db.session.scalars(select(Customer.id)).all() == [salon.customer_id]
        assert db.session.scalar(select(MessageReaction.emoji)) == "🙏"
        page = select(ChannelAccount.trouble).where(ChannelAccount.channel == "messenger")
        assert "policy" in (db.session.scalar(page) or "")
        assert db.session.scalar(select(SenderPause.channel)) == "messenger"


def test_an_edit_may_come_first_and_what_is_taken_back_is_gone(salon: Business) -> None:
    meta.connect(salon)
    for name in ("fb_message_edit", "fb_text"):
        meta.post(meta.payload(name))
    with tenant_scope(salon.id):
        assert heard() == ["Hi, is FRIDAY 3pm free?"]
    db.session.remove()
    for name in ("ig_unsent", "ig_text", "ig_text"):
        meta.post(meta.payload(name))
    with tenant_scope(salon.id):
        assert sorted(heard()) == ["Hi, is FRIDAY 3pm free?", "Took this message back"]


def test_with_a_customer_goes_what_is_marked_at_their_messages(
    salon: Business, admin: Browser
) -> None:
    meta.connect(salon)
    for name in ("fb_text", "fb_message_edit", "fb_reaction_other"):
        meta.post(meta.payload(name))
    with tenant_scope(salon.id):
        of_them = select(ContactPoint.customer_id).where(ContactPoint.address == meta.PERSON)
        customer_id = db.session.scalars(of_them).one()
    db.session.remove()
    admin.post("/admin/customers/delete/", data={"id": customer_id})
    with tenant_scope(salon.id):
        assert db.session.scalars(select(MessageRevision.body)).all() == []
        # Of a message that is none of ours; the nightly look takes it.
        assert db.session.scalars(select(MessageReaction.emoji)).all() == ["🙏"]
        message_marks.forget(now() + 2 * message_marks.KEPT)
        assert db.session.scalars(select(MessageReaction.emoji)).all() == []


def test_what_is_written_elsewhere_is_the_businesss_own_and_answers(salon: Business) -> None:
    meta.connect(salon)
    for name in ("fb_text", "fb_echo_from_page_inbox", "fb_echo_from_page_inbox", "ig_echo"):
        assert meta.post(meta.payload(name)).status_code == 200
    with tenant_scope(salon.id):
        sent = select(Message.body, Message.status).where(Message.direction == "outbound")
        rows = db.session.execute(sent.where(Message.channel != "sms").order_by(Message.id)).all()
        assert [(body, str(status)) for body, status in rows] == [
            ("We can do 15:30", "sent"),
            ("Yes, from 90 EUR", "sent"),
        ]


def test_one_bad_entry_never_costs_the_others_their_200(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.inbound.social import kept_events, receive_event, revisions

    meta.connect(salon)

    def broken(sid: str) -> None:
        raise RuntimeError("ours")

    body = meta.payload("fb_text")
    body["entry"] += meta.payload("fb_reply_to")["entry"]
    body["entry"] += [{"id": None}, {"id": "1", "messaging": "no list"}, 7]
    body["entry"][0]["messaging"] += [{"message": {}}, {"sender": 3}, None]
    monkeypatch.setattr(revisions, "catch_up", broken)
    assert meta.post(body).status_code == 200
    monkeypatch.undo()
    assert receive_event
    later = now() + kept_events.EVERY + kept_events.EVERY
    assert kept_events.try_again(later) == 2
    assert kept_events.try_again(later + kept_events.EVERY) == 0
    with tenant_scope(salon.id):
        assert sorted(heard()) == ["Hi, is Thursday 3pm free? äöå 😀", "this one"]
        assert db.session.scalar(select(ChannelThread.opened_at)) is not None


def test_only_meta_is_believed(salon: Business) -> None:
    from tests.support.browser import visitor

    meta.connect(salon)
    body = meta.payload("fb_text")
    assert meta.post(body, signature="sha256=00").status_code == 403
    assert meta.post(body, signature="").status_code == 403
    with tenant_scope(salon.id):
        assert heard() == []
    ask = {"hub.mode": "subscribe", "hub.challenge": "1158"}
    path = "/api/meta/webhook"
    right = visitor().get(path, query_string=ask | {"hub.verify_token": "the-word-for-meta"})
    assert (right.status_code, right.text) == (200, "1158")
    assert visitor().get(path, query_string=ask | {"hub.verify_token": "no"}).status_code == 403
    assert visitor().get(path, query_string=ask).status_code == 403
