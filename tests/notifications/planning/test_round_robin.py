"""Whoever waits has a turn: a business's flood delays nobody, and a broken row stands alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update

from app import tasks
from app.extensions import db, redis_client
from app.models import Appointment, Call, Message
from app.notifications.dispatch import dispatch
from app.notifications.planning import fallback as fall_back
from app.notifications.planning import missed_calls, replan, round_robin
from app.tenancy import current_tenant_id, tenant_scope
from tests.support.diary import at, book, options
from tests.support.queries import rows_read_by
from tests.support.world import Business

MORNING, BOOKED = "2026-11-19 10:00", "2026-11-10 12:00"
FLOOD = 5
Look = Callable[[], int]


def calls(owner: Business, count: int) -> None:
    with tenant_scope(owner.id):
        db.session.execute(delete(Call))
        for minute in range(count):
            rang = at(MORNING) + timedelta(minutes=minute)
            who = {"customer_id": owner.customer_id, "caller": owner.customer_number}
            db.session.add(Call(**who, started_at=rang, missed_at=rang))
        db.session.commit()


def unplanned(owner: Business, count: int) -> None:
    with tenant_scope(owner.id):
        db.session.execute(delete(Appointment))
        db.session.commit()
    for minute in range(count):
        book(owner, f"2026-12-01 10:{minute:02}", BOOKED, announce=False)
    with tenant_scope(owner.id):
        replan.anew(at(BOOKED))
        db.session.commit()


def undelivered(owner: Business, count: int) -> None:
    # A message each, as those of a day and lead are one.
    options(owner, "appointment_reminder", hours=[24 + each for each in range(count)])
    book(owner, "2026-11-20 12:00", BOOKED, announce=False)
    for each in reversed(range(count)):
        dispatch(at("2026-11-19 12:00") - timedelta(hours=each))
    failed = update(Message).where(Message.status == "queued", Message.not_after.is_not(None))
    with tenant_scope(owner.id):
        failed = failed.values(status="failed", error="The phone is off.")
        db.session.execute(failed.execution_options(synchronize_session=False))
        db.session.commit()


def whose(
    monkeypatch: pytest.MonkeyPatch, module: object, step: str, broken: set[int]
) -> list[int]:
    """The tenants whose rows come to the step, in their order; it breaks over some calls of it."""
    seen: list[int] = []
    real = getattr(module, step)

    def noted(*given: object, **named: object) -> object:
        seen.append(current_tenant_id())
        if len(seen) in broken:
            raise RuntimeError("poison")
        return real(*given, **named)

    monkeypatch.setattr(module, step, noted)
    return seen


@pytest.mark.parametrize(
    ("make", "module", "step", "look", "task"),
    [
        (
            calls,
            missed_calls,
            "follow_up",
            lambda: missed_calls.plan_missed(at("2026-11-19 11:00")),
            "missed",
        ),
        (unplanned, replan, "keep", lambda: replan.replan(at(BOOKED)), "plan"),
        (
            undelivered,
            fall_back,
            "_plan_again",
            lambda: fall_back.plan_fallbacks(at("2026-11-19 12:01")),
            "dispatch",
        ),
    ],
)
def test_a_flood_of_one_business_and_broken_rows_keep_nobody_from_their_turn(
    salon: Business,
    garage: Business,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Business, int], None],
    module: object,
    step: str,
    look: Look,
    task: str,
) -> None:
    make(salon, FLOOD)
    make(garage, 1)
    # Fewer than are broken: who waits behind them is seen all the same.
    monkeypatch.setattr(round_robin, "EACH", 2)
    for where, time in (
        (tasks, "SLOW_TIME_SLICE"),
        (fall_back, "TIME_SLICE"),
        (missed_calls, "TIME_SLICE"),
    ):
        monkeypatch.setattr(where, time, timedelta())
    redis_client().flushdb()
    seen = whose(monkeypatch, module, step, {1})
    # A time slice that is over at once is that of one row, here of a broken one; then a task waits.
    assert look() == 0
    assert len(seen) == 1
    assert redis_client().exists("enqueued:plan_missed" if task == "missed" else f"enqueued:{task}")
    monkeypatch.undo()
    monkeypatch.setattr(round_robin, "EACH", 2)
    seen = whose(monkeypatch, module, step, {1, 3})
    assert look() == FLOOD - 1
    assert garage.id in seen[:2]
    assert len(seen) == FLOOD + 1
    assert look() == 2
    assert look() == 0


@pytest.mark.parametrize(
    ("make", "look", "table"),
    [
        (calls, missed_calls.plan_missed, "call"),
        (unplanned, replan.replan, "appointment"),
        (undelivered, fall_back.plan_fallbacks, "message"),
    ],
)
def test_a_look_reads_nothing_of_what_there_is_besides_what_is_due(
    salon: Business,
    garage: Business,
    make: Callable[[Business, int], None],
    look: Callable[[datetime], int],
    table: str,
) -> None:
    now = at("2026-11-19 12:01")
    make(salon, 0)
    make(garage, FLOOD)
    assert look(now) == FLOOD
    assert rows_read_by(lambda: look(now + timedelta(days=3)), table) == 0
