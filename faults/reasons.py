"""Whether the reason of a notification that was not sent is true."""

from collections.abc import Callable
from datetime import timedelta

from app.appointments.commands import UNDO_WINDOW
from app.notifications.causes import Cause
from app.notifications.types.notification_type import EXPECTED
from faults.evidence import Evidence, Row

CONFIRMATION, REMINDER, REVIEW, FOLLOW_UP, MOVED, CANCELLATION = (
    "booking_confirmation",
    "appointment_reminder",
    "review_request",
    "missed_call",
    "appointment_moved",
    "appointment_cancelled",
)
COMPLETED = "completed"
# The states of an appointment in which a message holds; of other kinds those that are expected.
STATES = {REVIEW: {COMPLETED}, CANCELLATION: {"cancelled"}}
# The dispatcher writes down when it began its turn; what it sees may be younger by so much.
TIME_SLICE = timedelta(seconds=10)


def _late(row: Row, found: Evidence) -> bool:
    assert row.decided_at  # noqa: S101 (it is over)
    others = found.of_appointment[row.appointment_id] if row.appointment_id else []
    nearer = (
        (each.type, each.starts_at) == (row.type, row.starts_at)
        and each.step < row.step
        and each.due_at <= row.decided_at
        for each in others
    )
    return row.useful_until <= row.decided_at or any(nearer)


def _booked_late(row: Row, found: Evidence) -> bool:
    return any(
        command.done is None or row.due_at < command.done + UNDO_WINDOW
        for command in found.commands(row)
        if command.starts_at == row.starts_at
    )


def _recently(row: Row, found: Evidence) -> bool:
    others = found.of_customer[row.customer_id, row.type]
    return any(each.id < row.id or found.arrived(each) for each in others if each.id != row.id)


def _answered(row: Row, found: Evidence) -> bool:
    assert row.decided_at  # noqa: S101 (it is over)
    call, until = found.call[row.call_id], row.decided_at + TIME_SLICE
    took = (
        each.customer_id == row.customer_id
        and each.outcome == "answered"
        and each.started_at >= call.started_at
        for each in found.calls
    )
    wrote = (call.started_at < at < until for at in found.written[row.customer_id])
    return any(took) or any(wrote)


def _over(row: Row, found: Evidence) -> bool:
    states = STATES.get(row.type, EXPECTED)
    over = found.appointment[row.appointment_id].status not in states
    return over or _told_anew(row, found)


def _told_anew(row: Row, found: Evidence) -> bool:
    """Whether there is a later telling of it: they heard of another start, or of the end."""
    return any(
        (each.type, each.step, each.starts_at) == (row.type, row.step, row.starts_at)
        and each.telling > row.telling
        for each in found.of_appointment[row.appointment_id]
    )


def _told_already(row: Row, found: Evidence) -> bool:
    """Whether something else told them of the start before their notice went; or was to tell them
    in its place, and does not reach them."""
    return row.type == MOVED and any(
        each.starts_at == row.starts_at
        and (found.arrived(each) or each.cause in (Cause.UNDELIVERED, Cause.OPTED_OUT))
        for each in found.of_appointment[row.appointment_id]
    )


def _moved(row: Row, found: Evidence) -> bool:
    """Or moved back, when its confirmation was settled: an appointment has one."""
    settled = any(
        each.type == row.type == CONFIRMATION and each.status in ("sent", "skipped")
        for each in found.of_appointment[row.appointment_id]
    )
    elsewhere = found.appointment[row.appointment_id].starts_at != row.starts_at
    return settled or elsewhere or _told_anew(row, found)


def _undelivered(row: Row, found: Evidence) -> bool:
    return any(each.status == "failed" for each in found.of_row[row.id])


def _not_asked(row: Row, found: Evidence) -> bool:
    return any(each.starts_at < each.begun for each in found.commands(row)[:1])


# When a cause is true; one that is not here never is in a run.
TRUE: dict[str, Callable[[Row, Evidence], bool]] = {
    Cause.LATE: _late,
    Cause.BOOKED_LATE: _booked_late,
    Cause.OPTED_OUT: lambda row, found: row.customer_id in found.stopped,
    Cause.UNDELIVERED: _undelivered,
    Cause.NOT_ASKED: _not_asked,
    Cause.RECENTLY: _recently,
    Cause.ANSWERED: _answered,
    Cause.MOVED: _moved,
    Cause.SETTINGS: _told_already,
    Cause.APPOINTMENT_OVER: _over,
}
