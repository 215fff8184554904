"""What has to hold for a rule to do anything: each condition, and its opposite."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.appointments import commands
from app.automation.conditions import CONDITIONS
from app.extensions import db
from app.inbox import conversation_commands as conversations
from app.inbox import labelling
from app.inbox.conversation_log import By
from app.models import (
    Appointment,
    Customer,
    OptOut,
    Service,
    StaffMember,
    User,
)
from tests.automation import rules
from tests.automation.rules import SECOND, THEN, Part, look, rule, runs, writes
from tests.support.world import Business

DAY = timedelta(days=1)


def met(owner: Business, condition: Part, body: str = "Hello", **more: Any) -> bool:
    """Whether the condition holds for a message that comes now."""
    rule("customer_wrote", condition)
    writes(owner, body, **more)
    (run,) = runs()
    assert (run.status == "unmet") == bool(run.reason)
    assert CONDITIONS[condition[0]].fact in run.facts
    return run.status == "done"


@pytest.mark.parametrize(
    ("is_", "channels", "holds"),
    [
        ("is", ["sms"], True),
        ("is", ["whatsapp", "email"], False),
        ("not", ["sms"], False),
        ("not", ["whatsapp"], True),
    ],
)
def test_the_channel(inside: Business, is_: str, channels: list[str], holds: bool) -> None:
    assert met(inside, ("channel", {"is": is_, "channels": channels})) is holds


@pytest.mark.parametrize(
    ("how", "words", "holds"),
    [
        ("any", ["price", "cost"], True),
        ("any", ["cost"], False),
        ("all", ["price", "cut"], True),
        ("all", ["price", "colour"], False),
        ("none", ["colour"], True),
        ("none", ["price"], False),
        ("any", [], False),
    ],
)
def test_the_words(inside: Business, how: str, words: list[str], holds: bool) -> None:
    condition = ("words", {"how": how, "words": words})
    assert met(inside, condition, "The PRICE of a cut?") is holds


@pytest.mark.parametrize(
    ("hours", "when", "holds"),
    [
        ((9, 17), "within", True),
        ((9, 17), "outside", False),
        ((9, 13), "within", False),
        ((9, 13), "outside", True),
        (None, "within", False),
        (None, "outside", False),
    ],
)
def test_business_hours(
    inside: Business, hours: tuple[int, int] | None, when: str, holds: bool
) -> None:
    if hours:
        rules.opens(inside, hours)
    assert met(inside, ("hours", {"when": when})) is holds


@pytest.mark.parametrize(
    ("known", "is_", "holds"),
    [("es", "is", True), ("en", "is", False), (None, "is", False), (None, "not", True)],
)
def test_the_language(inside: Business, known: str | None, is_: str, holds: bool) -> None:
    db.session.execute(update(Customer).values(language=known))
    db.session.commit()
    assert met(inside, ("language", {"is": is_, "languages": ["es"]})) is holds


@pytest.mark.parametrize(
    ("there", "has", "holds"),
    [
        (True, "has", True),
        (True, "not", False),
        (False, "has", False),
        (False, "not", True),
    ],
)
def test_a_label(inside: Business, there: bool, has: str, holds: bool) -> None:
    quote, other = rules.label(), rules.label("Other")
    labelling.add_label(inside.customer_id, int(quote if there else other), By(), THEN)
    db.session.commit()
    assert met(inside, ("label", {"has": has, "labels": [quote]})) is holds


@pytest.mark.parametrize(
    ("days", "status", "has", "holds"),
    [
        (2, "scheduled", "has", True),
        (2, "confirmed", "has", True),
        (9, "scheduled", "has", False),
        (2, "cancelled", "has", False),
        (-1, "completed", "has", False),
        (2, "cancelled", "not", True),
    ],
)
def test_an_appointment_ahead(
    inside: Business, days: int, status: str, has: str, holds: bool
) -> None:
    db.session.execute(update(Appointment).values(starts_at=THEN + days * DAY, status=status))
    db.session.commit()
    assert met(inside, ("appointment_ahead", {"has": has, "days": 7})) is holds


@pytest.mark.parametrize(
    ("number", "is_", "holds"),
    [(None, "is", False), (None, "not", True), ("+12125550777", "is", True)],
)
def test_a_new_customer(inside: Business, number: str | None, is_: str, holds: bool) -> None:
    assert met(inside, ("new", {"is": is_}), number=number) is holds


@pytest.mark.parametrize(
    ("stopped", "has", "holds"),
    [(True, "has", True), (True, "not", False), (False, "has", False), (False, "not", True)],
)
def test_who_wants_no_messages(inside: Business, stopped: bool, has: str, holds: bool) -> None:
    if stopped:
        db.session.add(
            OptOut(tenant_id=inside.id, channel="sms", address=inside.customer_number, since=THEN)
        )
        db.session.commit()
    assert met(inside, ("opted_out", {"has": has})) is holds


@pytest.mark.parametrize(
    ("given", "who", "holds"),
    [
        (False, "nobody", True),
        (False, "anybody", False),
        (True, "anybody", True),
        (True, "nobody", False),
        (True, "them", True),
        (False, "them", False),
    ],
)
def test_whom_it_is_assigned_to(inside: Business, given: bool, who: str, holds: bool) -> None:
    user = db.session.scalars(select(User.id).where(User.email == inside.staff)).one()
    if given:
        conversations.assign(inside.customer_id, user, By(), THEN)
        db.session.commit()
    wanted = str(user) if who == "them" else who
    assert met(inside, ("assigned", {"who": wanted})) is holds


@pytest.mark.parametrize(
    ("named", "is_", "holds"),
    [(True, "is", True), (True, "not", False), (False, "is", False), (False, "not", True)],
)
@pytest.mark.parametrize("which", ["service", "staff"])
def test_what_an_appointment_is_for_and_with_whom(
    inside: Business, which: str, named: bool, is_: str, holds: bool
) -> None:
    cut = db.session.scalars(select(Service.id)).one()
    sofia = db.session.scalars(select(StaffMember.id)).one()
    gap = {"service": ("services", cut), "staff": ("staff", sofia)}[which]
    rule("appointment_booked", (which, {"is": is_, gap[0]: [str(gap[1])]}))
    about: Any = {"service_id": cut, "staff_member_id": sofia} if named else {}
    commands.book(
        THEN,
        customer_id=inside.customer_id,
        starts_at=THEN + DAY,
        duration_minutes=30,
        **about,
    )
    look(THEN + SECOND)
    assert [run.status == "done" for run in runs()] == [holds]


def test_a_condition_about_a_message_does_not_hold_without_one(inside: Business) -> None:
    rule("appointment_booked", ("words", {"how": "any", "words": ["price"]}))
    rule("appointment_booked", ("channel", {"is": "is", "channels": ["sms"]}))
    commands.book(THEN, customer_id=inside.customer_id, starts_at=THEN + DAY, duration_minutes=30)
    look(THEN + SECOND)
    assert [run.status for run in runs()] == ["unmet", "unmet"]
