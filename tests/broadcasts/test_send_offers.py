"""A broadcast reaches each who agreed to offers once, whoever is killed, and nobody else."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import delete, select, update

from app.broadcasts import broadcast_commands as commands
from app.broadcasts import outcome, send_offers
from app.broadcasts.audience import Cause
from app.customers import marketing
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import (
    Appointment,
    Broadcast,
    BroadcastRecipient,
    ContactPoint,
    Message,
    Tenant,
    User,
)
from app.operations.health import oldest_due
from app.outbox.queue.due import due
from app.outbox.queue.expiry import refuse_late
from app.outbox.queue.opt_out import NO_LONGER, refuse_stopped, refuse_unwanted
from app.outbox.refused import Refused
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.reading import rows
from tests.broadcasts.conftest import Crowd, crowd, drawn, sent, started, went
from tests.support.world import NOON, Business, hear, say

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Killed(BaseException):
    pass


def the(owner: Business, id_: int) -> Broadcast:
    return next(each for each in rows(owner, Broadcast) if each.id == id_)


def causes(owner: Business) -> Counter[str]:
    return Counter(each.cause for each in rows(owner, BroadcastRecipient))


def leaving(at: datetime) -> list[int]:
    with unscoped("tests"):
        found = [row.id for row in due(at, 100)]
        db.session.rollback()
    return found


def do(people: Crowd, id_: int, what: object) -> None:
    with tenant_scope(people.owner.id):
        what(db.session.get_one(Broadcast, id_))  # type: ignore[operator]
    db.session.remove()


def test_it_goes_to_those_who_agreed_and_tells_why_not_to_the_others(
    salon: Business, garage: Business
) -> None:
    people = crowd(salon, 5, agreed=3)
    crowd(garage, 2)
    with tenant_scope(salon.id):
        points = delete(ContactPoint).where(ContactPoint.customer_id == people.ids[4])
        db.session.execute(points)
        db.session.commit()
    hear(salon, "STOP", at=NOON + HOUR, number=people.number(2))
    id_ = started(people, NOON + 2 * HOUR)
    send_offers.send(NOON + 2 * HOUR)
    assert [each.recipient for each in sent(salon)] == [people.number(0), people.number(1)]
    assert sent(salon)[0].body == "Hi Kim0, -20% this week. Reply STOP to end."
    assert not sent(garage)
    expected = {Cause.SENT: 2, Cause.OPTED_OUT: 1, Cause.NO_CONSENT: 1, Cause.NO_ADDRESS: 1}
    assert causes(salon) == expected
    assert the(salon, id_).status == "running"
    went(salon, NOON + 3 * HOUR)
    assert the(salon, id_).status == "done" and len(sent(salon)) == 2


def test_nobody_gets_it_twice_whoever_is_killed_between_batches(
    salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = crowd(salon, 9)
    id_ = started(people)
    monkeypatch.setattr(send_offers, "LISTED_AT_ONCE", 2)
    monkeypatch.setattr(send_offers, "WINDOW", 2)
    real, at = db.session.commit, NOON
    for kill_at in (*range(1, 12), 10_000):
        left = [kill_at]

        def commit(left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            real()

        monkeypatch.setattr(db.session, "commit", commit)
        try:
            send_offers.send(at)
        except Killed:
            pass
        finally:
            monkeypatch.setattr(db.session, "commit", real)
            db.session.rollback()
            db.session.remove()
        at += timedelta(minutes=1)
        went(salon, at)
    for _ in range(9):
        at += timedelta(minutes=1)
        went(salon, at)
    told = Counter(each.recipient for each in sent(salon))
    assert told == {people.number(n): 1 for n in range(9)}
    assert the(salon, id_).status == "done" and causes(salon) == {Cause.SENT: 9}


def test_few_wait_in_the_outbox_and_what_staff_write_leaves_first(
    salon: Business, garage: Business
) -> None:
    people = crowd(salon, 40)
    started(people)
    send_offers.send(NOON)
    assert len(sent(salon)) == send_offers.WINDOW
    send_offers.send(NOON + HOUR)
    assert len(sent(salon)) == send_offers.WINDOW
    answer = say(salon, "See you", status=MessageStatus.QUEUED, at=NOON + HOUR)
    with tenant_scope(salon.id):
        by_hand = {"author_id": select(User.id).where(User.email == salon.staff).scalar_subquery()}
        written = update(Message).where(Message.id == answer)
        db.session.execute(written.values(**by_hand, send_after=NOON + HOUR))
        db.session.commit()
    assert leaving(NOON + HOUR)[0] == answer
    assert went(salon, NOON + 2 * HOUR) == 40


def test_consent_is_asked_again_as_each_leaves(salon: Business, garage: Business) -> None:
    people = crowd(salon, 3)
    started(people)
    send_offers.send(NOON)
    assert len(leaving(NOON)) == 3
    with tenant_scope(salon.id):
        marketing.add(("sms", people.number(0)), False, "staff", NOON + HOUR)
        db.session.commit()
    hear(salon, "STOP", at=NOON + HOUR, number=people.number(1))
    assert len(leaving(NOON + HOUR)) == 1
    refuse_stopped(NOON + HOUR)
    refuse_unwanted(NOON + HOUR)
    became = {each.recipient: (each.status, each.error) for each in sent(salon)}
    assert became[people.number(0)] == ("failed", NO_LONGER)
    assert became[people.number(1)][0] == "failed" and became[people.number(2)][0] == "queued"


def test_a_start_gives_reminders_back_and_no_offers(salon: Business, garage: Business) -> None:
    people = crowd(salon, 1)
    hear(salon, "STOP", at=NOON + HOUR, number=people.number(0))
    hear(salon, "START", at=NOON + 2 * HOUR, number=people.number(0))
    started(people, NOON + 3 * HOUR)
    send_offers.send(NOON + 3 * HOUR)
    assert not sent(salon) and causes(salon) == {Cause.NO_CONSENT: 1}


def test_what_is_paused_stays_and_what_is_stopped_never_goes(
    salon: Business, garage: Business
) -> None:
    people = crowd(salon, 3)
    id_ = started(people)
    send_offers.send(NOON)
    do(people, id_, commands.pause)
    assert leaving(NOON) == [] and send_offers.send(NOON) == 0
    with tenant_scope(salon.id):
        assert oldest_due(NOON + HOUR) is None, "what is paused is not late"
        db.session.rollback()
    do(people, id_, commands.go_on)
    assert len(leaving(NOON)) == 3
    do(people, id_, lambda row: commands.stop(row, NOON))
    assert {each.status for each in sent(salon)} == {"cancelled"}
    with pytest.raises(Refused):
        do(people, id_, commands.go_on)
    send_offers.send(NOON + DAY)
    assert leaving(NOON + DAY) == [] and len(sent(salon)) == 3


def test_it_begins_at_its_time_and_leaves_the_night_alone(
    salon: Business, garage: Business
) -> None:
    people = crowd(salon, 2)
    with tenant_scope(salon.id):
        quiet = {"quiet_from": time(21), "quiet_until": time(8)}
        db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(**quiet))
        db.session.commit()
    # 9 PM in New York; before it nothing begins.
    night = datetime(2026, 11, 19, 2, 0, tzinfo=UTC)
    started(people, NOON, night)
    send_offers.send(NOON)
    assert causes(salon) == {}
    send_offers.send(night)
    assert not sent(salon) and causes(salon) == {"": 2}
    morning = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)
    send_offers.send(morning)
    assert len(sent(salon)) == 2
    # What has not left by the evening is taken up again the next morning, and goes once.
    evening = datetime(2026, 11, 20, 2, 0, 1, tzinfo=UTC)
    assert refuse_late(evening) == 2
    send_offers.send(evening)
    assert causes(salon) == {"": 2}
    send_offers.send(morning + DAY)
    assert Counter(each.status for each in sent(salon)) == {"failed": 2, "queued": 2}


def test_no_more_than_so_many_leave_on_a_day(salon: Business, garage: Business) -> None:
    people = crowd(salon, 5)
    started(people, a_day="2")
    send_offers.send(NOON)
    assert went(salon, NOON + HOUR) == 2
    assert went(salon, NOON + DAY) == 4
    assert went(salon, NOON + 2 * DAY) == 5


def test_who_was_sent_another_lately_is_left_out(salon: Business, garage: Business) -> None:
    people = crowd(salon, 2)
    started(people)
    send_offers.send(NOON)
    went(salon, NOON)
    started(people, NOON + 6 * DAY)
    send_offers.send(NOON + 6 * DAY)
    assert causes(salon) == {Cause.SENT: 2, Cause.ASKED_LATELY: 2}
    started(people, NOON + 8 * DAY)
    send_offers.send(NOON + 8 * DAY)
    assert causes(salon)[Cause.SENT] == 4


def test_what_was_seen_is_what_starts(salon: Business, garage: Business) -> None:
    people = crowd(salon, 1)
    id_ = drawn(people, body="Hi, -20%")
    for seen, why in ((1, "how they end it"), (7, "STOP")):
        with pytest.raises(Refused, match=why):
            do(people, id_, lambda row, seen=seen: commands.start(row, seen, None, None, NOON))
    id_ = drawn(people)
    with pytest.raises(Refused, match="changed or started meanwhile"):
        do(people, id_, lambda row: commands.start(row, 7, None, None, NOON))
    assert the(salon, id_).status == "draft"


def test_its_report_counts_who_answered_booked_and_ended_it(
    salon: Business, garage: Business
) -> None:
    people = crowd(salon, 4)
    id_ = started(people)
    send_offers.send(NOON)
    went(salon, NOON)
    hear(salon, "Yes please", at=NOON + HOUR, number=people.number(0))
    hear(salon, "STOP", at=NOON + HOUR, number=people.number(1))
    with tenant_scope(salon.id):
        start = {"starts_at": NOON + 9 * DAY, "created_at": NOON + HOUR}
        db.session.add(Appointment(customer_id=people.ids[2], **start))
        db.session.commit()
        came = outcome.outcome(db.session.get_one(Broadcast, id_))
        said = outcome.answers(db.session.get_one(Broadcast, id_))
        assert (came.recipients, came.sent, came.delivered, came.failed) == (4, 4, 4, 0)
        assert (came.answered, came.opted_out, came.booked) == (2, 1, 1)
        assert {answer.body for _, answer in said} == {"Yes please", "STOP"}
