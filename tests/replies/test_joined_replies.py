"""An answer to a reminder that named several: all of them, or nothing and a person."""

import pytest
from sqlalchemy import delete, select

from app.appointments import commands
from app.customers.reached_through import add_to_family
from app.extensions import db
from app.models import Appointment, Customer, Message
from app.notifications.dispatch import dispatch
from app.replies.read import read_replies
from app.tenancy import tenant_scope
from tests.replies.test_replies import EVE, THEN, allow, answers, marked, outcomes, state
from tests.replies.test_taps import reminder_of, tap
from tests.support.diary import at, left, options
from tests.support.world import Business, hear

BOOKED, FIRST, SECOND = "2026-11-10 12:00", "2026-11-20 10:00", "2026-11-20 10:30"
NAMED = "They were asked about Mia at 10:00 AM and Tom at 10:30 AM."


@pytest.fixture
def both(salon: Business, garage: Business) -> tuple[int, int]:
    """Of Mia and of Tom, who were named in one reminder to the salon's customer."""
    options(salon, "booking_confirmation", enabled=False)
    with tenant_scope(salon.id):
        db.session.execute(delete(Appointment))
        ann = db.session.get_one(Customer, salon.customer_id)
        mia, tom = (add_to_family(ann, name).id for name in ("Mia", "Tom"))
        db.session.commit()
        ids = [
            commands.book(at(BOOKED), customer_id=who, starts_at=at(start), duration_minutes=30).id
            for who, start in ((mia, FIRST), (tom, SECOND))
        ]
    dispatch(at(EVE))
    left(salon)
    return ids[0], ids[1]


@pytest.mark.parametrize(
    ("text", "allowed", "becomes", "answered"),
    [
        (
            "Y",
            False,
            "confirmed",
            "Thank you! See you on Fri, Nov 20 at 10:00 AM (Mia) and 10:30 AM (Tom) at",
        ),
        ("we can't make it", True, "cancelled", "10:00 AM (Mia) and 10:30 AM (Tom)"),
    ],
)
def test_a_plain_answer_is_about_all_that_the_reminder_named(
    salon: Business, both: tuple[int, int], text: str, allowed: bool, becomes: str, answered: str
) -> None:
    allow(salon, reply_cancels=allowed)
    hear(salon, text, at=THEN)
    read_replies(THEN)
    assert [state(salon, each) for each in both] == [becomes, becomes]
    (said,) = answers(salon)
    assert answered in said
    # Said again it changes nothing, and is not answered again.
    hear(salon, text, at=THEN)
    read_replies(THEN)
    assert len(answers(salon)) == 1


@pytest.mark.parametrize(
    "text", ["Mia yes, Tom no", "yes, but not Tom", "only Mia comes", "no, yes"]
)
def test_a_mixed_answer_changes_nothing_and_names_all_to_staff(
    salon: Business, both: tuple[int, int], text: str
) -> None:
    allow(salon, reply_cancels=True)
    hear(salon, text, at=THEN)
    read_replies(THEN)
    assert [state(salon, each) for each in both] == ["scheduled", "scheduled"]
    assert answers(salon) == []
    if marked(salon):
        assert marked(salon).endswith(NAMED)


def test_where_one_was_moved_meanwhile_a_person_decides(
    salon: Business, both: tuple[int, int]
) -> None:
    with tenant_scope(salon.id):
        commands.change(both[1], THEN, starts_at=at("2026-11-20 12:00"))
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    assert [state(salon, each) for each in both] == ["scheduled", "scheduled"]
    assert "has another time by now" in marked(salon) and "Mia" in marked(salon)


def test_what_waits_for_a_person_waits_until_all_is_seen_to(
    salon: Business, both: tuple[int, int]
) -> None:
    hear(salon, "we can't make it", at=THEN)
    read_replies(THEN)
    assert outcomes(salon) == ["cancel to_staff"] and marked(salon).endswith(NAMED)
    for each, waits in zip(both, (True, False), strict=True):
        with tenant_scope(salon.id):
            commands.cancel(each, THEN)
        assert bool(marked(salon)) == waits


def test_an_answer_that_waits_is_too_late_once_the_second_has_moved(
    salon: Business, both: tuple[int, int]
) -> None:
    hear(salon, "Y", at=THEN)
    read_replies(THEN)
    with tenant_scope(salon.id):
        commands.change(both[1], THEN, starts_at=at("2026-11-20 12:00"))
        (said,) = db.session.scalars(select(Message).where(Message.client_token.like("reply-%")))
        assert said.not_after and said.not_after <= THEN


def test_a_tap_under_it_is_about_both(salon: Business, both: tuple[int, int]) -> None:
    reply = tap(salon, "confirm", reminder_of(salon, both[1]), "Confirm")
    assert (reply.outcome, reply.answered) == ("confirmed", True)
    assert [state(salon, each) for each in both] == ["confirmed", "confirmed"]
