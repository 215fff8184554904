"""What a business keeps no longer goes, and only that; what it keeps goes on being there."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import Model, db
from app.models import (
    Appointment,
    Call,
    Conversation,
    Customer,
    Message,
    ReceivedEmail,
    Rollup,
    RollupChange,
    Tenant,
)
from app.retention import forget_old
from app.retention.forget_old import forget
from app.retention.kept_kinds import KINDS, choose, kept_before
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.world import NOON, Business, hear

YEAR = timedelta(days=365)
LATER = NOON + 2 * YEAR


def keep(business: Business, **days: int | None) -> None:
    choose(db.session.get_one(Tenant, business.id), days, NOON)
    db.session.commit()


def add(business: Business, *made: Model) -> None:
    with tenant_scope(business.id):
        db.session.add_all(made)
        db.session.commit()


def test_what_is_not_chosen_is_kept_as_usual(salon: Business, garage: Business) -> None:
    tenant = db.session.get_one(Tenant, salon.id)
    assert {kind: kept_before(tenant, kind, NOON) for kind in KINDS} == {
        "calls": None,
        "appointments": None,
        "emails": None,
        "rule_runs": NOON - timedelta(days=90),
        "webhook_deliveries": NOON - timedelta(days=30),
        "audit_entries": NOON - timedelta(days=730),
    }


def test_a_choice_can_be_taken_back_for_a_day(salon: Business) -> None:
    keep(salon, calls=365, rule_runs=None)
    tenant = db.session.get_one(Tenant, salon.id)
    assert tenant.kept_days == {"calls": 365}
    for kind in ("calls", "rule_runs"):
        assert kept_before(tenant, kind, NOON + timedelta(hours=23)) is None
    day = NOON + timedelta(days=1)
    assert kept_before(tenant, "calls", day) == day - YEAR
    choose(tenant, {"calls": 365}, LATER)
    assert tenant.kept_days_set_at == NOON, "nothing was chosen anew"


def test_old_calls_go_but_for_what_conversations_show(salon: Business, garage: Business) -> None:
    shown = Call(caller="+12125550177", started_at=NOON, missed_at=NOON)
    new = Call(caller="+12125550178", started_at=LATER - timedelta(days=1), outcome="answered")
    rings = Call(caller="+12125550179", started_at=NOON, outcome="ringing")
    add(salon, shown, new, rings)
    with tenant_scope(salon.id):
        talk = db.session.scalars(select(Conversation)).one()
        talk.last_call_id = shown.id
        kept = {shown.id, new.id, rings.id}
        db.session.commit()
    keep(salon, calls=365)
    before = len(rows(garage, Call))
    forget(LATER)
    assert {each.id for each in rows(salon, Call)} == kept
    assert len(rows(garage, Call)) == before == 1, "they keep theirs for ever"


def counted(business: Business) -> int:
    """Appointments, as the reports tell."""
    total = 0
    with tenant_scope(business.id):
        for kind in (Rollup, RollupChange):
            total += sum(db.session.scalars(select(kind.total).where(kind.what == "appointment")))
    return total


def booked(customer_id: int, at: datetime, attendee_id: int | None = None) -> Appointment:
    return Appointment(
        customer_id=customer_id, attendee_id=attendee_id, starts_at=at, booked_at=NOON
    )


@pytest.mark.parametrize("seen", ["no", "booked", "came", "wrote", "rang"])
def test_old_appointments_go_of_people_who_were_not_seen_since(
    salon: Business, garage: Business, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forget_old, "AT_ONCE", 1)
    ann, lately = salon.customer_id, LATER - timedelta(days=30)
    other = Customer(first_name="Zoe")
    add(salon, other)
    [theirs] = [each.id for each in rows(salon, Customer) if each.id != ann]
    add(salon, booked(ann, NOON), booked(ann, NOON, theirs), booked(theirs, NOON))
    match seen:
        case "booked":
            add(salon, booked(ann, lately))
        case "came":
            add(salon, booked(theirs, lately, ann))
        case "wrote":
            hear(salon, "Is it you?", at=lately)
        case "rang":
            add(salon, Call(customer_id=ann, caller="+12125550142", started_at=lately))
    told = counted(salon)
    before = len(rows(salon, Appointment))
    keep(salon, appointments=365)
    forget(LATER)
    left = rows(salon, Appointment)
    if seen == "no":
        assert left == []
    elif seen == "came":
        assert len(left) == before, "both were seen"
    else:
        assert {each.customer_id for each in left} == {ann} and len(left) == before - 1
    assert len(rows(garage, Appointment)) == 1
    assert counted(salon) == told and told >= before, "reports go on telling what was"


def test_an_email_keeps_its_text_and_what_it_is_known_by(salon: Business, garage: Business) -> None:
    facts = {"answers": [], "answerable": True, "is_reply": False}
    for owner in (salon, garage):
        [message] = rows(owner, Message)
        email = ReceivedEmail(
            message_id=message.id, header_id="<1@a>", whole="> quoted", html="<p>", **facts
        )
        add(owner, email)
    keep(salon, emails=30)
    forget(NOON + timedelta(days=29))
    assert rows(salon, ReceivedEmail)[0].whole == "> quoted"
    forget(NOON + timedelta(days=31))
    [ours], [theirs] = rows(salon, ReceivedEmail), rows(garage, ReceivedEmail)
    assert (ours.whole, ours.has_html, ours.header_id) == ("", False, "<1@a>")
    assert rows(salon, Message)[0].body == "Hello from salon"
    assert (theirs.whole, theirs.has_html) == ("> quoted", True)


def test_no_choice_is_shorter_than_what_the_database_allows() -> None:
    kind = KINDS["audit_entries"]
    assert kind.usual is not None and min(kind.usual, *kind.days) >= 730
