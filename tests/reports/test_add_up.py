"""The rollups say what counting the rows would, after any history."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import floor, log
from random import Random
from typing import Any

from sqlalchemy import delete, func, select, update

from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox.conversation_log import By
from app.lib.message_status import MessageStatus as Status
from app.models import (
    Appointment,
    Customer,
    Message,
    Notification,
    Reply,
    Rollup,
    RollupChange,
    User,
)
from app.models.rollup import GROWTH
from app.notifications import transitions as notifications
from app.notifications.causes import Cause
from app.outbox import transitions
from app.outbox.after_send import take_back
from app.outbox.compose.ledger import enter
from app.reports.add_up import add_up
from app.tenancy import tenant_scope
from tests.support.world import NOON, Business, hear

PEOPLE = [f"+1347555{number:04d}" for number in range(3)]
FATES = {Status.ACCEPTED: "sent", Status.SENT: "sent", Status.READ: "delivered"}
FATES |= {fate: fate for fate in (Status.DELIVERED, Status.FAILED, Status.UNKNOWN)}
Sums = Counter[tuple[Any, ...]]


def kept(*, whole: bool = False) -> Sums:
    """What the rollups say; whole: with what is yet to be added up."""
    sums: Sums = Counter()
    kinds: list[type[Rollup] | type[RollupChange]] = [Rollup, RollupChange]
    for kind in kinds if whole else kinds[:1]:
        columns = kind.what, kind.at, kind.kind, kind.detail, kind.who_id, kind.total
        for *key, total in db.session.execute(select(*columns)):
            sums[tuple(key)] += total
    return Counter({key: total for key, total in sums.items() if total})


def counted() -> Sums:
    """By looking at each row."""
    facts = [fact for row in db.session.scalars(select(Message)) for fact in of_message(row)]
    decided = select(Notification).where(Notification.decided_at.is_not(None))
    for told in db.session.scalars(decided):
        facts += [("notification", told.decided_at, told.type, f"{told.status} {told.cause}", 0)]
    for visit in db.session.scalars(select(Appointment)):
        facts += [("appointment", visit.starts_at, visit.status, "", visit.staff_member_id or 0)]
    for reply in db.session.scalars(select(Reply)):
        facts += [("reply", reply.at, reply.outcome, "", 0)]
    return Counter((what, quarter(at), *more) for what, at, *more in facts)


def quarter(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def of_message(row: Message) -> Iterator[tuple[Any, ...]]:
    if row.direction == "inbound":
        yield "heard", row.created_at, row.channel, "", 0
        return
    if row.status in FATES:
        yield "sent", row.created_at, row.channel, FATES[row.status], row.author_id or 0
    before = row.conversation_before or {}
    since = [before[name] for name in ("waiting_since", "waited_since") if before.get(name)]
    if row.author_id and since and row.status not in (Status.FAILED, Status.CANCELLED):
        first = before["last_author_id"] is None or before["closed_at"] is not None
        waited = (row.created_at - min(map(datetime.fromisoformat, since))).total_seconds()
        step = floor(log(max(waited, 1)) / log(GROWTH))
        yield "answer", row.created_at, "first" if first else "later", str(step), row.author_id


def write(salon: Business, who: int, user: int | None, at: datetime, channel: str) -> None:
    row = transitions.queue(
        customer_id=who,
        channel=channel,
        body="Hello",
        sender=salon.number,
        recipient=PEOPLE[0],
        created_at=at,
        author_id=user,
    )
    enter(row, by_hand=user is not None)


def steps(salon: Business, chance: Random, at: datetime) -> list[Callable[[], object]]:
    """What can happen at that time."""
    who = chance.choice(list(db.session.scalars(select(Customer.id).order_by(Customer.id))))
    user = chance.choice([None, *db.session.scalars(select(User.id).order_by(User.id))])
    outbound = select(Message).where(Message.direction == "outbound").order_by(Message.id)
    messages = list(db.session.scalars(outbound))
    message = chance.choice(messages) if messages else None
    appointment = db.session.scalars(select(Appointment).limit(1)).one()

    def settle() -> None:
        status = chance.choice([*FATES, Status.QUEUED])
        which = Message.direction == "outbound", Message.status != Status.CANCELLED
        db.session.execute(update(Message).where(*which).values(status=status))

    def remind() -> None:
        row = notifications.new(
            type="appointment_reminder",
            customer_id=who,
            due_at=at,
            useful_until=at + timedelta(hours=1),
        )
        db.session.add(row)
        if chance.random() < 0.7:
            notifications.skip(row, chance.choice([Cause.LATE, Cause.LIMIT]), "Why.", at)

    def move() -> None:
        appointment.starts_at = at + timedelta(days=chance.randrange(3))
        appointment.status = chance.choice(["scheduled", "completed", "no_show", "cancelled"])

    def change_mind() -> object:
        return message and message.status == Status.QUEUED and take_back(message, None, at)

    return [
        lambda: hear(salon, "Hi", number=chance.choice(PEOPLE), at=at),
        lambda: hear(salon, "Hi", number=chance.choice(PEOPLE), at=at),
        lambda: write(salon, who, user, at, chance.choice(["sms", "whatsapp"])),
        lambda: write(salon, who, user, at, "email"),
        lambda: write(salon, who, user, at, "sms"),
        settle,
        remind,
        move,
        change_mind,
        lambda: commands.close(who, By(), at),
        lambda: commands.snooze(who, at + timedelta(hours=1), By(), at),
    ]


def test_after_any_history_the_rollups_are_those_of_the_rows(
    salon: Business, garage: Business
) -> None:
    chance = Random(14)
    with tenant_scope(garage.id):
        strangers = counted()
        assert strangers == kept(whole=True)
    with tenant_scope(salon.id):
        staff = db.session.scalars(select(func.min(User.id))).one()
        for minutes in (5, 90):
            hear(salon, "Hi", at=NOON)
            write(salon, salon.customer_id, staff, NOON + timedelta(minutes=minutes), "sms")
            db.session.commit()
        kinds = {kind for what, _, kind, *_ in kept(whole=True) if what == "answer"}
        assert kinds == {"first", "later"}
    for turn in range(60):
        at = NOON + turn * timedelta(minutes=chance.randrange(1, 50))
        with tenant_scope(salon.id):
            chance.choice(steps(salon, chance, at))()
            db.session.commit()
            if turn % 15 == 14:
                assert kept(whole=True) == counted(), turn
        if turn % 30 == 29:
            add_up(at_once=20)
            with tenant_scope(salon.id):
                assert kept() == counted() == kept(whole=True)
    with tenant_scope(salon.id):
        for gone in (delete(User), delete(Customer).where(Customer.id != salon.customer_id)):
            db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
        db.session.expire_all()
        assert kept(whole=True) == counted()
    with tenant_scope(garage.id):
        assert kept(whole=True) == strangers


def test_who_says_stop_twice_or_by_a_number_of_two_forms_opts_out_once(
    salon: Business, garage: Business
) -> None:
    """A Brazilian's number is known with and without its ninth digit."""

    def stops() -> list[tuple[str, str, int]]:
        add_up()
        with tenant_scope(salon.id):
            query = select(Rollup.kind, Rollup.detail, Rollup.total).where(Rollup.what == "stop")
            return [tuple(row) for row in db.session.execute(query)]  # type: ignore[misc]

    for _ in range(2):
        hear(salon, "STOP", number="+5511961234567", channel="whatsapp")
    assert stops() == [("whatsapp", "keyword", 1)]
    for word in ("START", "STOP"):
        hear(salon, word, number="+5511961234567", channel="whatsapp", at=NOON + timedelta(hours=1))
    assert stops() == [("whatsapp", "keyword", 1)] * 2
