"""Weeks of a small business in seconds: whatever happens in whatever order, what leaves holds."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import cast

import pytest
from sqlalchemy import func, select

from app.appointments import commands
from app.extensions import db
from app.lib.message_status import MessageStatus
from app.models import Appointment, Customer, Message, Notification, OptOut
from app.models.appointment import AppointmentStatus
from app.notifications import by_hand
from app.notifications.configure import change
from app.notifications.dispatch import dispatch
from app.notifications.planning.fallback import plan_fallbacks
from app.notifications.planning.replan import anew, replan
from app.notifications.settings import policy, quiet_hours
from app.notifications.types import TYPES
from app.outbox import after_send
from app.outbox.delivery.claimed import Claimed
from app.outbox.queue.claim import claim
from app.outbox.queue.expiry import refuse_late
from app.outbox.queue.opt_out import refuse_stopped
from app.outbox.refused import Refused
from app.outbox.settle import record
from app.providers.contract import Accepted, Outcome, SendError, StatusReport
from app.tenancy import tenant_scope
from tests.support.diary import at, options
from tests.support.world import Business, hear, sid

HOUR = timedelta(hours=1)
AUTOMATIC = Message.not_after.is_not(None)
STATES = list(AppointmentStatus)
NOTICES = ("appointment_moved", "appointment_cancelled")
VOID = {"moved", "appointment_over", "settings"}
NO = SendError("The phone is off.", Outcome.REFUSED, 30003)


class Weeks:
    """The business, its carrier, and what was seen to leave."""

    def __init__(self, owner: Business, seed: int) -> None:
        self.owner, self.random = owner, Random(seed)
        self.now = at("2026-11-02 12:00")
        self.held: list[Claimed] = []
        self.by_hand: set[int] = set()
        self.told: list[str] = []
        self.about: dict[int, tuple[object, ...]] = {}
        # Of each appointment what its customer agreed on by word of mouth last, after which
        # message; and which are told of what has changed since.
        self.agreed: dict[int, tuple[datetime | None, int]] = {}
        self.to_tell: set[int] = set()

    def step(self) -> None:
        now_and_then = [self.set_up, self.switch, self.stop_or_start, self.send_by_hand]
        rare = self.random.choice([*now_and_then, self.take_back])
        often = [self.alter, self.look, self.claim, self.land]
        happens = self.random.choice(
            [rare, self.book, self.delete, self.settle, self.report, self.wait, *often * 3]
        )
        self.told.append(f"{self.now:%m-%d %H:%M} {happens.__name__}")
        if happens == self.look:
            self.look()
        else:
            with tenant_scope(self.owner.id):
                happens()
                db.session.commit()
        db.session.remove()

    def wait(self) -> None:
        self.now += self.random.choice([timedelta(minutes=5), HOUR, 4 * HOUR, 11 * HOUR, 26 * HOUR])

    def book(self) -> None:
        start = self.now + self.random.choice([HOUR, 5 * HOUR, 20 * HOUR, 50 * HOUR, 400 * HOUR])
        whom = {"customer_id": self.owner.customer_id, "duration_minutes": 60}
        self.note(commands.book(self.now, starts_at=start, **whom), tell=False)  # type: ignore[arg-type]

    def alter(self) -> None:
        id_ = self._one(Appointment)
        starts = list(db.session.scalars(select(Appointment.starts_at).order_by(Appointment.id)))
        # Back and forth between the same few times.
        start = self.random.choice([*starts, self.now + 30 * HOUR])
        what = {"status": self.random.choice(STATES)} if self.random.random() < 0.5 else {}
        tell = self.random.random() < 0.7
        # What is done later is later.
        self.now += timedelta(seconds=1)
        before = db.session.get_one(Appointment, id_).agreed_start
        # Of the one that was there before it knew it as it stands.
        self.agreed.setdefault(id_, (before, 0))
        try:
            after = commands.change(id_, self.now, tell=tell, **(what or {"starts_at": start}))  # type: ignore[arg-type]
        except commands.Refused:
            db.session.rollback()
            return
        if after.agreed_start != before:
            self.note(after, tell)

    def note(self, appointment: Appointment, tell: bool) -> None:
        if tell:
            self.to_tell.add(appointment.id)
            return
        last = db.session.scalar(select(func.max(Message.id))) or 0
        self.agreed[appointment.id] = (appointment.agreed_start, last)
        self.to_tell.discard(appointment.id)

    def knows(self, id_: int) -> tuple[datetime | None, bool]:
        """The start that the customer takes the appointment to have, and whether that is sure:
        what is on its way, or failed after it left, they may know or not."""
        start, after = self.agreed[id_]
        sure = True
        for message in db.session.scalars(
            select(Message).where(Message.id > after, AUTOMATIC).order_by(Message.id)
        ):
            kind, said = self.about.get(message.id, (0, "", 0, None))[1:4:2]
            if self.about.get(message.id, (0,))[0] == id_ and message.status != "cancelled":
                start = None if kind == "appointment_cancelled" else cast(datetime | None, said)
                sure = message.status in ("delivered", "accepted", "sent")
        return start, sure

    def delete(self) -> None:
        alone = len(db.session.scalars(select(Appointment.id)).all()) == 1
        if not alone and self.random.random() < 0.3:
            commands.delete(self._one(Appointment), self.now)

    def set_up(self) -> None:
        hours = self.random.choice([[24], [2, 24], [2], [336, 24]])
        options(self.owner, "appointment_reminder", self.random.random() < 0.8, hours=hours)
        asks = {"link": "https://example.com/review", "after_visit": True, "days": 1}
        options(self.owner, "review_request", **asks)
        anew(self.now)

    def switch(self) -> None:
        change.pause(self.now) if self.random.random() < 0.3 else change.resume(self.now)

    def stop_or_start(self) -> None:
        said = "STOP" if self.random.random() < 0.3 else "START"
        hear(self.owner, said, at=self.now)

    def send_by_hand(self) -> None:
        query = select(Notification.id).where(Notification.status == "planned")
        for id_ in db.session.scalars(query.order_by(Notification.id).limit(1)).all():
            try:
                by_hand.send_now(id_, self.now, although_quiet=True)
            except Refused:
                return
            self.by_hand.add(db.session.get_one(Notification, id_).message_id or 0)

    def take_back(self) -> None:
        """Staff do not want what waits in the outbox to be said."""
        waits = select(Message).where(Message.status == MessageStatus.QUEUED, AUTOMATIC)
        for message in db.session.scalars(waits.order_by(Message.id).limit(1)).all():
            after_send.take_back(message, None, self.now)

    def look(self) -> None:
        """What the timetable does."""
        refuse_late(self.now)
        refuse_stopped(self.now)
        plan_fallbacks(self.now)
        replan(self.now)
        dispatch(self.now)
        with tenant_scope(self.owner.id):
            self.nothing_is_forgotten()
            db.session.commit()

    def claim(self) -> None:
        for message in claim(self.now, self.random.choice([1, 8])):
            self.held.append(Claimed.of(message))
            self.may_leave(message)

    def land(self) -> None:
        """A call of the carrier ends, well or not."""
        if not self.held:
            return
        message = self.held.pop(self.random.randrange(len(self.held)))
        match self.random.choice(["taken", "refused", "busy", "busy", "doubt"]):
            case "taken":
                record.accepted([(message, Accepted(sid(), MessageStatus.ACCEPTED))])
            case "refused":
                record.failed(message, NO, self.now)
            case "busy":
                record.release(message)
            case _:
                record.look_again(message, self.now)

    def settle(self) -> None:
        """What was in doubt is found, or proven absent."""
        query = select(Message).where(Message.status == MessageStatus.CHECKING)
        for message in db.session.scalars(query).all():
            claimed = Claimed.of(message)
            if self.random.random() < 0.5:
                record.absent(claimed, self.now)
            else:
                record.found(claimed, StatusReport(sid(), MessageStatus.SENT, None, None))

    def report(self) -> None:
        """The telephone had it, or not."""
        taken = (MessageStatus.ACCEPTED, MessageStatus.SENT)
        for message in db.session.scalars(
            select(Message).where(Message.status.in_(taken), AUTOMATIC)
        ):
            arrived = self.random.random() < 0.5
            message.status = MessageStatus.DELIVERED if arrived else MessageStatus.FAILED

    def may_leave(self, message: Message) -> None:
        """At this moment it holds, in peace, and nobody said STOP."""
        story = "\n".join([*self.told[-40:], f"claimed at {self.now}: {message.body}"])
        row = db.session.scalars(
            select(Notification).where(Notification.message_id == message.id)
        ).one_or_none()
        assert row, story
        if row.type in NOTICES:
            known, sure = self.knows(row.appointment_id or 0)
            says = row.starts_at if row.type == "appointment_moved" else None
            assert known != says or not sure or message.id in self.about, story
            names = row.useful_until if row.type == "appointment_cancelled" else known
            assert known == names or not sure, story
        self.about[message.id] = (
            *(row.appointment_id, row.type, row.step),
            *(row.starts_at, row.telling),
        )
        customer = db.session.get_one(Customer, row.customer_id)
        quiet = quiet_hours(policy().tenant, customer)
        assert message.id in self.by_hand or not (quiet and quiet.holds(self.now)), story
        assert not db.session.scalars(select(OptOut)).all(), story
        if row.starts_at:
            appointment = db.session.get(Appointment, row.appointment_id or 0)
            assert appointment, story
            assert appointment.starts_at == row.starts_at, story
            assert appointment.status in TYPES[row.type].states, story
            ends = row.useful_until if TYPES[row.type].names_known_start else row.starts_at
            assert self.now < ends or row.type == "review_request", story

    def nothing_is_forgotten(self) -> None:
        """Whoever is expected is told, will be, or there is a reason why not."""
        if policy().tenant.paused_at:
            return
        rows = db.session.scalars(select(Notification)).all()
        for row in rows:
            assert row.status == "planned" or row.reason, row.id
            assert row.status != "planned" or row.due_at > self.now, self.told
        for each in db.session.scalars(select(Appointment)):
            self.whoever_is_to_be_told_is(
                each, [row for row in rows if row.appointment_id == each.id]
            )
            if each.status in TYPES["booking_confirmation"].states and each.starts_at > self.now:
                mine = [row for row in rows if row.appointment_id == each.id]
                ended = [row for row in mine if row.type == "booking_confirmation"]
                story = [*self.told[-40:], [(r.status, r.cause, r.starts_at) for r in ended]]
                assert any(row.status != "cancelled" for row in ended), story
                for hours in policy().types["appointment_reminder"].options["hours"]:
                    reminders = [
                        row
                        for row in mine
                        if row.step == hours * 60
                        and (row.starts_at, row.telling) == (each.starts_at, each.telling)
                    ]
                    story = [
                        *self.told[-40:],
                        self.now,
                        each.starts_at,
                        hours,
                        each.booked_at,
                        each.planned_for,
                    ]
                    story += [
                        (
                            r.step,
                            r.status,
                            r.cause,
                            r.starts_at,
                            r.due_at,
                            r.decided_at,
                            r.message and r.message.status,
                        )
                        for r in mine
                    ]
                    assert any(row.cause not in VOID for row in reminders), "\n".join(
                        map(str, story)
                    )

    def whoever_is_to_be_told_is(self, each: Appointment, mine: list[Notification]) -> None:
        """Who takes it to have another start, or to be on; or there is a reason why not."""
        if each.id not in self.to_tell:
            return
        known, sure = self.knows(each.id)
        kind = "appointment_cancelled" if each.status == "cancelled" else "appointment_moved"
        matters = (known if each.status == "cancelled" else each.starts_at) or self.now
        over = each.status in ("completed", "no_show") or matters <= self.now
        if not sure or over or known == each.agreed_start:
            return
        here = [
            row
            for row in mine
            if (row.starts_at, row.telling) == (each.starts_at, each.telling)
            and row.cause not in VOID
        ]
        # Whatever is in the outbox says it as well, and a confirmation that is to come.
        says = ("booking_confirmation", kind)
        assert any(row.type in says or row.status == "sent" for row in here), (
            *self.told[-40:],
            *(known, each.starts_at, each.status),
            [(row.type, row.status, row.cause) for row in mine],
        )

    def nothing_was_said_twice(self) -> None:
        query = select(Message).where(
            AUTOMATIC, Message.status.in_(("delivered", "accepted", "sent"))
        )
        said = Counter(self.about[message.id] for message in db.session.scalars(query))
        assert not [key for key, count in said.items() if count > 1], self.told

    def _one(self, model: type[Appointment]) -> int:
        return self.random.choice(db.session.scalars(select(model.id).order_by(model.id)).all())


@pytest.mark.parametrize("seed", [0, 7, 11])
def test_whatever_happens_what_leaves_holds_and_is_said_once(
    salon: Business, garage: Business, seed: int
) -> None:
    weeks = Weeks(salon, seed)
    with tenant_scope(salon.id):
        weeks.book()
        weeks.set_up()
        db.session.commit()
    for _ in range(150):
        weeks.step()
    with tenant_scope(salon.id):
        change.resume(weeks.now)
        weeks.nothing_was_said_twice()
    weeks.now += timedelta(days=40)
    weeks.look()
    with tenant_scope(salon.id):
        assert not db.session.scalars(
            select(Notification).where(Notification.status == "planned")
        ).all()
