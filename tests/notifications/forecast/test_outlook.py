"""What staff are told of the messages of an appointment that they have just booked."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import Appointment, ContactPoint, Tenant
from app.notifications.dispatch import dispatch
from app.notifications.forecast.outlook import outlook
from app.tenancy import tenant_scope
from tests.support.diary import at, book, options
from tests.support.world import Business, hear

NOW = "2026-11-25 10:00"
CONFIRMED = "The confirmation goes now by SMS"


def told(salon: Business, id_: int, now: str = NOW) -> str:
    with tenant_scope(salon.id):
        found = outlook(db.session.get_one(Appointment, id_), at(now))
        db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("2026-12-01 12:00", f"{CONFIRMED}; a reminder on Mon, Nov 30, 12:00 PM."),
        (
            "2026-11-25 15:00",
            f"{CONFIRMED}. No reminder: The appointment was made less than 24 hours before it"
            " begins.",
        ),
        ("2026-11-22 10:00", "Nothing goes out: The appointment had begun when it was entered."),
    ],
)
def test_a_booking_says_what_goes_out_and_when(
    salon: Business, garage: Business, start: str, says: str
) -> None:
    id_ = book(salon, start, NOW, announce=at(start) > at(NOW))
    assert told(salon, id_) == says
    # Sent meanwhile, it still goes now.
    dispatch(at(NOW))
    assert told(salon, id_) == says


def test_in_quiet_hours_the_confirmation_says_when_it_goes(salon: Business) -> None:
    night = "2026-11-25 22:00"
    id_ = book(salon, "2026-12-01 12:00", night)
    expected = "The confirmation goes on Thu, Nov 26, 8:00 AM by SMS; a reminder on Mon, Nov 30,"
    assert told(salon, id_, night).startswith(expected)


def test_several_reminders_are_all_named_and_those_left_out_are_not(salon: Business) -> None:
    options(salon, "appointment_reminder", hours=[24, 2])
    id_ = book(salon, "2026-11-25 16:00", NOW)
    assert told(salon, id_) == f"{CONFIRMED}; a reminder on Wed, Nov 25, 2:00 PM."
    options(salon, "appointment_reminder", enabled=False)
    assert told(salon, id_) == f"{CONFIRMED}. No reminder: Messages of this kind are turned off."


@pytest.mark.parametrize("why", ["paused", "stopped", "no address"])
def test_where_nothing_goes_it_says_why(salon: Business, garage: Business, why: str) -> None:
    with tenant_scope(salon.id):
        if why == "paused":
            db.session.get_one(Tenant, salon.id).paused_at = at(NOW)
        if why == "no address":
            nowhere = update(ContactPoint).where(ContactPoint.customer_id == salon.customer_id)
            db.session.execute(nowhere.values(channel="fax"))
        db.session.commit()
    if why == "stopped":
        hear(salon, "STOP", at=at(NOW))
    said = told(salon, book(salon, "2026-12-01 12:00", NOW))
    assert said.startswith("Nothing goes out: ")
    reason = {"paused": "all automatic messages are paused", "stopped": "replied STOP"}
    assert reason.get(why, "number") in said, said
