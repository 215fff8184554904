"""What a change of settings would do is reckoned before, and what is done by hand holds."""

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.extensions import db
from app.models import (
    Appointment,
    Call,
    ContactPoint,
    Customer,
    Message,
    MessageTemplate,
    Notification,
    OptOut,
    Tenant,
)
from app.notifications import by_hand
from app.notifications.causes import Cause
from app.notifications.configure import change as settings
from app.notifications.configure.change import PAUSED_TOO_LONG, pause, resume
from app.notifications.configure.proposal import propose
from app.notifications.decision.decide import Send
from app.notifications.dispatch import dispatch
from app.notifications.forecast.effect import effect
from app.notifications.forecast.foresee import foresee
from app.notifications.forecast.preview import MOST, end_of_tomorrow, preview
from app.notifications.planning.replan import replan
from app.notifications.settings import policy
from app.outbox.refused import Refused
from app.tenancy import tenant_scope
from tests.support.diary import at, book, change, options, states, waiting
from tests.support.queries import statements
from tests.support.world import Business

NOW = "2026-11-10 12:00"
START = "2026-11-20 10:00"


def reminders(**values: Any) -> dict[str, Any]:
    return {"types": {"appointment_reminder": values}}


# New, moved, dropped: of two appointments, at 10:00 and (the world's own) at 12:00.
EFFECTS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [0, 0, 0]),
    (reminders(options={"hours": [24, 2]}), [2, 0, 0]),
    (reminders(options={"hours": [3]}), [2, 0, 2]),
    (reminders(enabled=False), [0, 0, 2]),
    (reminders(channel="whatsapp", falls_back=False), [0, 0, 0]),
    ({"quiet_from": "09:00", "quiet_until": "11:00"}, [0, 1, 0]),
    ({"quiet_from": "09:00", "quiet_until": "12:30"}, [0, 2, 0]),
    # 20 hours before 10:00 is 14:00, and 14 hours before is 20:00: quiet from 19:30.
    (
        reminders(options={"hours": [14]}) | {"quiet_from": "19:30", "quiet_until": "08:00"},
        [2, 0, 2],
    ),
]


def test_what_settings_would_make_move_and_drop(salon: Business, garage: Business) -> None:
    book(salon, START, NOW, announce=False)
    for start, status in (("2026-11-30 10:00", ""), (START, "cancelled")):
        id_ = book(salon, start, NOW, announce=False)
        change(salon, id_, NOW, status=status)
    gone = book(salon, "2026-11-21 10:00", NOW, announce=False)
    book(garage, START, NOW)
    with tenant_scope(salon.id):
        rows = update(Notification).where(Notification.appointment_id == gone)
        db.session.execute(rows.values(status="cancelled", cause=Cause.BY_STAFF, reason="So."))
        db.session.commit()
        with statements() as seen:
            for values, counts in EFFECTS:
                found = effect(propose(policy(), values), at(NOW))
                changes = (found.new, found.moved, found.dropped)
                assert found.looked_at == 3
                # Nobody brings back what staff took out; another step of it may come.
                theirs = [[c for c in kind if c.appointment.id != gone] for kind in changes]
                assert [len(kind) for kind in theirs] == counts, values
                if "options" not in values.get("types", {}).get("appointment_reminder", {}):
                    assert not any(c.appointment.id == gone for kind in changes for c in kind)
        assert not [line for line in seen if not line.startswith("SELECT")]
        assert len(seen) <= 8 * len(EFFECTS), "it does not grow with the appointments"
        moved = effect(propose(policy(), EFFECTS[5][0]), at(NOW)).moved[0]
        db.session.rollback()
    assert (moved.before, moved.after) == (at("2026-11-19 10:00"), at("2026-11-19 11:00"))


def test_a_step_that_is_added_later_does_not_follow_a_nearer_one(
    salon: Business, garage: Business
) -> None:
    told = book(salon, START, NOW, announce=False)
    sleeping = book(salon, "2026-11-21 10:00", NOW, announce=False)
    dispatch(at("2026-11-19 10:00"))
    noon = at("2026-11-19 12:00")
    with tenant_scope(salon.id):
        proposed = propose(policy(), reminders(options={"hours": [72, 48, 24]}))
        found = effect(proposed, noon)
        # Of two steps whose time is over, the nearer one goes, at once.
        assert [(row.appointment.id, row.after) for row in found.new] == [(sleeping, noon)]
        db.session.rollback()
        settings.change(reminders(options={"hours": [72, 48, 24]}), noon)
    replan(noon)
    dispatch(noon)
    assert [line for line in states(salon, told) if "sent" in line] == ["24h 2026-11-19 10:00 sent"]
    assert [line for line in states(salon, sleeping) if "sent" in line] == [
        "48h 2026-11-19 10:00 sent"
    ]


def test_the_preview_says_what_goes_to_whom_and_who_is_left_out(
    salon: Business, garage: Business
) -> None:
    morning = at("2026-11-19 09:00")
    book(salon, START, NOW, announce=False)
    book(salon, "2026-11-19 20:00", "2026-11-19 08:00", announce=False)
    book(salon, "2026-11-25 10:00", NOW, announce=False)
    book(garage, START, NOW, announce=False)
    with tenant_scope(salon.id):
        db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(segment_price=0.01))
        until = end_of_tomorrow(morning, salon.timezone)
        assert until == at("2026-11-21 00:00")
        found = preview(morning, until)
        (going,) = found.going
        assert going.send
        assert (going.at, going.customer.name) == (at("2026-11-19 10:00"), "Ann Salon")
        assert "Fri, Nov 20 at 10:00 AM" in going.send.wording.body
        assert (going.send.route.recipient, str(going.cost)) == (
            salon.customer_number,
            "1 segment · about $0.01",
        )
        assert (found.segments, found.price) == (1, "$0.01")
        assert [entry.reason for entry in found.left_out] == [
            "The appointment was made less than 24 hours before it begins."
        ]
        # What would happen to it at its time is told before.
        db.session.execute(update(MessageTemplate).values(body="{{x}}"))
        assert "template cannot be used" in preview(morning, until).left_out[-1].reason
        db.session.rollback()


def crowd_of_all_kinds(owner: Business, count: int) -> None:
    """Of so many customers each has a reminder, a call that nobody took, a request for a review
    and one of them that failed by WhatsApp; what hinders each is another thing."""
    hers = {"due_at": at(NOW), "useful_until": at(START)}
    for number in range(count):
        person = Customer(
            first_name=f"No{number}", preferred_channel=("sms", "whatsapp", "email")[number % 3]
        )
        person.contact_points.append(
            ContactPoint(channel="sms", address=f"+12125{count:02d}{number:04d}")
        )
        db.session.add(person)
        db.session.flush()
        said = Message(
            customer_id=person.id,
            channel=("sms", "whatsapp")[number % 2],
            direction="outbound",
            status=("failed", "queued", "delivered")[number % 3],
            body="Hello",
            sender=owner.number,
            recipient="",
            not_after=None if number % 4 else at(START),
        )
        call = Call(customer_id=person.id, caller="+12125560000", started_at=at(NOW))
        later = Call(customer_id=person.id, caller="+12125560000", started_at=at(START))
        later.outcome = ("missed", "answered")[number % 5 == 0]
        appointment = Appointment(customer_id=person.id, starts_at=at(START), booked_at=at(NOW))
        db.session.add_all([said, call, later, appointment])
        if number % 7 == 0:
            address = person.contact_points[0].address
            db.session.add(
                OptOut(tenant_id=owner.id, channel="sms", address=address, since=at(NOW))
            )
        db.session.flush()
        about = {"appointment_id": appointment.id, "starts_at": at(START)}
        last = said.id if said.status == "failed" else None
        db.session.add_all(
            [
                Notification(type="missed_call", customer_id=person.id, call_id=call.id, **hers),
                Notification(type="review_request", customer_id=person.id, message_id=last, **hers),
                Notification(
                    type="appointment_reminder", customer_id=person.id, step=120, **about, **hers
                ),
            ]
        )
        if number % 2:
            db.session.add(
                Notification(
                    type="appointment_reminder", customer_id=person.id, step=60, **about, **hers
                )
            )
        if number % 3 == 0:
            db.session.add(Notification(type="review_request", customer_id=person.id, **hers))
    db.session.commit()
    db.session.expunge_all()


def test_a_preview_asks_for_all_rows_at_once_and_says_what_each_alone_would_be_told(
    salon: Business, garage: Business
) -> None:
    options(salon, "review_request", link="https://reviews.example/bella")
    cost = []
    with tenant_scope(salon.id):
        for people in (5, 25):
            crowd_of_all_kinds(salon, people)
            with statements() as seen:
                found = preview(at(NOW), at(START))
            cost.append(len(seen))
            alone = [(foresee(entry.row, at(NOW)), entry) for entry in found.entries]
            for (moment, verdict), entry in alone:
                assert moment == entry.at
                assert verdict == (entry.send or verdict)
                assert getattr(verdict, "reason", "") == entry.reason
            db.session.expunge_all()
        # None of the ways of being hindered is missing, nor of being sent.
        causes = {verdict.cause for (_, verdict), _ in alone if not isinstance(verdict, Send)}
        assert causes >= {"skipped_late", "opted_out", "answered", "recently"}
        assert {entry.send.route.channel.key for entry in found.going if entry.send} >= {"sms"}
        assert cost[1] <= cost[0], "the number of statements grows with the rows"
        db.session.rollback()


def test_a_long_preview_is_bounded(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        row = {"type": "review_request", "customer_id": salon.customer_id, "due_at": at(NOW)}
        db.session.add_all(Notification(**row, useful_until=at(START)) for _ in range(MOST + 1))
        db.session.commit()
        found = preview(at(NOW), at(START))
        assert (len(found.entries), found.more) == (MOST, True)
        db.session.rollback()


def planned(owner: Business, start: str = START) -> int:
    booked = book(owner, start, NOW, announce=False)
    query = select(Notification.id).where(Notification.appointment_id == booked)
    query = query.where(Notification.type == "appointment_reminder")
    with tenant_scope(owner.id):
        return db.session.scalars(query).one()


def test_one_is_cancelled_for_good_or_sent_before_its_time_once(
    salon: Business, garage: Business
) -> None:
    first, second = planned(salon), planned(salon, "2026-11-21 10:00")
    theirs = planned(garage)
    with tenant_scope(salon.id):
        by_hand.cancel(first, at(NOW))
        booked = db.session.get_one(Notification, first).appointment_id
        for act in (by_hand.cancel, by_hand.send_now):
            for gone in (first, theirs, 10**9):
                with pytest.raises(Refused, match="not planned any more"):
                    act(gone, at(NOW))
        with pytest.raises(by_hand.InQuietHours):
            by_hand.send_now(second, at("2026-11-10 23:00"))
        pause(at(NOW))
        with pytest.raises(Refused, match="paused"):
            by_hand.send_now(second, at(NOW))
        resume(at(NOW))
        by_hand.send_now(second, at("2026-11-10 23:00"), although_quiet=True)
    assert booked
    change(salon, booked, NOW)
    assert states(salon, booked) == ["24h 2026-11-19 10:00 by_staff"]
    dispatch(at("2026-11-19 10:00"))
    assert len(waiting(salon)) == 1


def test_what_could_not_be_sent_stays_planned_with_the_reason_told(
    salon: Business, garage: Business
) -> None:
    id_ = planned(salon)
    with tenant_scope(salon.id):
        with pytest.raises(Refused, match="too late"):
            by_hand.send_now(id_, at("2026-11-20 09:50"))
        assert db.session.get_one(Notification, id_).status == "planned"


def test_what_was_paused_until_it_was_too_late_says_so(salon: Business, garage: Business) -> None:
    id_, later = planned(salon), planned(salon, "2026-11-23 10:00")
    theirs = planned(garage)
    with tenant_scope(salon.id):
        pause(at(NOW))
    assert dispatch(at("2026-11-20 09:00")) == 1, "the stranger's"
    with tenant_scope(salon.id):
        resume(at("2026-11-20 12:00"))
        row = db.session.get_one(Notification, id_)
        assert (row.status, row.reason) == ("skipped", PAUSED_TOO_LONG)
        assert db.session.get_one(Notification, later).status == "planned"
        db.session.rollback()
    db.session.expunge_all()
    with tenant_scope(garage.id):
        assert db.session.get_one(Notification, theirs).reason != PAUSED_TOO_LONG


def test_pressed_by_many_at_once_it_is_sent_once(
    app: Flask, salon: Business, garage: Business
) -> None:
    id_, done = planned(salon), []
    barrier = threading.Barrier(8)

    def press(number: int) -> None:
        with app.app_context():
            barrier.wait()
            with tenant_scope(salon.id):
                act = by_hand.send_now if number % 2 else by_hand.cancel
                try:
                    act(id_, at(NOW))
                    done.append(act.__name__)
                except Refused:
                    pass

    threads = [threading.Thread(target=press, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert len(waiting(salon)) == (done == ["send_now"])
