"""The text of every message is found by its business, and by nobody else's."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text, update

from app.channels import CHANNELS
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Message, User
from app.search import found_messages, indexing
from app.search.found_messages import MOST, PAGE, Found
from app.search.typed_search import typed
from app.search.wanted_search import looked_up
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.world import NOON, Business, hear, say

TODAY = date(2026, 11, 18)
Search = Callable[[str], list[str]]
# Another business's, and its customers'.
STRANGERS = """
INSERT INTO message (tenant_id, customer_id, channel, direction, status, body, sender, recipient)
    SELECT {garage.id}, {garage.customer_id}, 'sms', 'inbound', 'received',
        'Brakes squeak lemon ' || md5(n::text), '+1646', '+1415'
    FROM generate_series(1, 4000) n;
INSERT INTO customer (tenant_id, first_name, last_name)
    SELECT {garage.id}, 'Brigitte' || md5(n::text), 'Lemon' FROM generate_series(1, 1000) n;
"""


def _found(query: str, before: found_messages.Cursor | None = None) -> Found:
    wanted = looked_up(typed(query, TODAY), None, "US", "America/New_York")
    return found_messages.page(wanted, before)


@pytest.fixture
def search(salon: Business, garage: Business) -> Search:
    """The texts that the salon's staff find."""

    def texts(query: str) -> list[str]:
        indexing.index(NOON)
        with tenant_scope(salon.id):
            return [message.text for message in _found(query).messages]

    return texts


def test_words_are_found_without_accents_and_case_and_by_their_beginnings(
    salon: Business, garage: Business, search: Search
) -> None:
    hear(salon, "Un café con LECHE, por favor: don't wait")
    hear(salon, "Coffee at 12:30?", at=NOON + timedelta(minutes=1))
    hear(garage, "Our café is closed")
    for query in ("cafe", "CAFÉ leche", "favo", "dont", "don’t", '"con leche"', "12:30 coffee"):
        assert len(search(query)) == 1, query
    assert search("cafe coffee") == search('"leche con"') == search("afe") == search("%") == []
    assert search("co") == [], "so short, it is a word"
    assert [each[:3] for each in search("12")] == ["Cof"]


def test_filters_narrow_it(salon: Business, garage: Business, search: Search) -> None:
    hear(salon, "Lemon by text", number="+13475550001")
    hear(salon, "Lemon by WhatsApp", channel="whatsapp", name="Zoe", at=NOON + timedelta(days=1))
    sent = say(salon, "Lemon from us", at=NOON - timedelta(days=1))
    with tenant_scope(salon.id):
        maya = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        db.session.execute(update(Message).where(Message.id == sent).values(author_id=maya.id))
        db.session.commit()
    assert len(search("lemon")) == 3
    assert (
        search("lemon channel:whats") == search("lemon after:2026-11-19") == ["Lemon by WhatsApp"]
    )
    assert search("lemon before:2026-11-18") == search("from:staff") == ["Lemon from us"]
    assert search("from:ann lemon") == search('from:"Ann Salon" lemon') == ["Lemon by WhatsApp"]
    assert search("from:0001") == ["Lemon by text"]
    assert search('lemon label:"label of"') == ["Lemon by WhatsApp", "Lemon from us"]
    assert len(search("label:label")) == 3, "of what a label's conversations said"
    assert search("after:2026-11-19") == ["Lemon by WhatsApp"]
    assert search("lemon from:nobody") == search("lemon channel:pigeon") == []
    with tenant_scope(salon.id):
        asked = typed("from:nobody channel:pigeon label:none", TODAY)
        known = ", ".join(each.label for each in CHANNELS.values())
        assert looked_up(asked, None, "US", "UTC").unclear == (
            "Nobody here is called “nobody”.",
            f"No channel is called “pigeon”. There is {known}.",
            "No label begins with “none”.",
        )


def test_what_was_taken_back_is_not_found(
    salon: Business, garage: Business, search: Search
) -> None:
    say(salon, "Lemon, undone", status=MessageStatus.CANCELLED)
    assert search("lemon") == []


def test_pages_follow_each_other_to_the_last_whatever_is_common(
    salon: Business, garage: Business
) -> None:
    owner.run(STRANGERS.format(garage=garage))
    owner.run(STRANGERS.format(garage=salon).split(";")[0])
    indexing.index(NOON)
    with tenant_scope(salon.id):
        seen: list[int] = []
        cursor = None
        for _ in range(-(-4000 // PAGE)):
            page = _found("brakes", cursor)
            seen += [message.id for message in page.messages]
            cursor = page.following
        assert cursor is None and len(set(seen)) == len(seen) == 4000
        assert _found("brakes").by_channel == {"sms": MOST} and _found("brakes").more
        assert not _found("hello").more


def test_a_rare_word_reads_little_beside_a_stranger_who_has_many(
    salon: Business, garage: Business
) -> None:
    """Neither by what is found nor by how much is read does a stranger's word show."""
    owner.run(STRANGERS.format(garage=garage))
    hear(salon, "One lemon")
    indexing.index(NOON)
    owner.run("VACUUM ANALYZE message_words, customer_words")
    with tenant_scope(salon.id):
        found = _found("lemon").messages
        assert [message.text for message in found] == ["One lemon"]
        for call in (
            "messages_found(:id, '[[\"wlemon*\"]]', '-infinity', 'infinity', 0, NULL, 51, 500)",
            "customers_found(:id, '[[\"nlemon*\"]]', 300)",
        ):
            theirs = call.replace("lemon", "squeak").replace("nsqueak", "nbrigitte")
            ours, strangers, nobodys = (
                _buffers(each, salon.id) for each in (call, theirs, call.replace("lemon", "xyzzy"))
            )
            # Now and then a page of an index is looked at once more.
            assert ours < 60 and abs(strangers - nobodys) <= 1, call


def _buffers(call: str, tenant_id: int) -> int:
    """How many pages the call reads once its plans are made."""
    query = text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT {call}")
    for _ in range(2):
        plan = db.session.execute(query, {"id": tenant_id}).scalar_one()[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_nobody_finds_another_business_by_asking_for_it(salon: Business, garage: Business) -> None:
    indexing.index(NOON)
    call = func.messages_found(
        garage.id,
        func.jsonb('[["whello*"]]'),
        NOON - timedelta(9),
        NOON + timedelta(9),
        0,
        None,
        9,
        9,
    )
    with tenant_scope(salon.id):
        assert db.session.scalars(select(call)).all() == []
    with tenant_scope(garage.id):
        assert len(db.session.scalars(select(call)).all()) == 1
