"""What is kept of a visitor, and for how long."""

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import ChatSession, ContactPoint
from app.tenancy import tenant_scope, unscoped
from app.webchat import visitor_sessions
from app.webchat.visitor_identity import Identity
from app.webchat.visitor_sessions import IDLE, ONLY_TRIED, About
from tests.support.visitors import Visitor, switch_on
from tests.support.world import Business

MINUTE = timedelta(minutes=1)


def kept() -> set[str]:
    with unscoped("tests"):
        found = set(db.session.scalars(select(ChatSession.token_hash)))
    db.session.rollback()
    return found


def test_who_has_written_nothing_leaves_nothing(salon: Business, garage: Business) -> None:
    switch_on(salon)
    switch_on(garage)
    ann, tried, stranger = Visitor(salon), Visitor(salon), Visitor(garage)
    ann.write("Hello")
    tried.post("/contact", email="only@tried.example")
    known, moment = Identity("C-1", "Ann", now() + timedelta(hours=1)), now()
    with tenant_scope(salon.id):
        # One has written from the one browser, and has another.
        signed, others = (visitor_sessions.begin(known, About(), moment) for _ in range(2))
        point = {"channel": "webchat", "customer_id": salon.customer_id}
        db.session.add(ContactPoint(**point, address=known.address))
        db.session.commit()
    with tenant_scope(garage.id):
        # Of another business it is somebody else's address.
        _, same = visitor_sessions.begin(known, About(), moment)
        db.session.commit()
    everybody = {hashed(each.token) for each in (ann, tried, stranger)}
    wrote = {hashed(each) for each in (ann.token, signed[1], others[1])}
    everybody |= wrote | {hashed(same)}
    assert kept() == everybody
    visitor_sessions.forget(moment + ONLY_TRIED - MINUTE)
    assert kept() == everybody
    visitor_sessions.forget(moment + ONLY_TRIED + MINUTE)
    assert kept() == wrote
    assert tried.ask("GET", "/messages").json["code"] == "session_over"
    assert ann.sees() == [("visitor", "Hello")]
    visitor_sessions.forget(moment + 2 * IDLE + MINUTE)
    assert kept() == set()
