"""The promises of automatic messages: what was called for went once, or truly says why not."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.notifications.causes import Cause
from app.notifications.types.base import EXPECTED
from faults.evidence import Appointment, Evidence, Row, Sent
from faults.records import Booked, Deed
from faults.town import REMINDED, TIMEZONE

CONFIRMATION, REMINDER, REVIEW, FOLLOW_UP = (
    "booking_confirmation",
    "appointment_reminder",
    "review_request",
    "missed_call",
)
STEPS = {int(lead.total_seconds() // 60) for lead in REMINDED}
COMPLETED = "completed"
# The dispatcher writes down when it began its turn; what it sees may be younger by so much.
TURN = timedelta(seconds=10)


@dataclass
class Figures:
    """Of notifications, and of the messages that they became."""

    planned: int = 0
    sent: int = 0
    """The carrier took it."""
    left_out: int = 0
    """It has none, for a reason that is true."""
    waiting: int = 0
    """For a time after the run."""
    lost: int = 0
    """Due and not sent, without such a reason; or not planned, though called for."""
    doubled: int = 0
    """Messages too many: for one step and start, or to one caller or visitor."""
    stale: int = 0
    """Messages whose call began when they did not hold any more, or that say another time."""
    strangers: int = 0
    """Messages on telephones that no notification has."""
    notes: list[str] = field(default_factory=list)

    def json(self) -> dict[str, int]:
        return {key: value for key, value in asdict(self).items() if key != "notes"}


def judge(found: Evidence, moment: datetime) -> Figures:
    """All of the run; what was due at the moment has to be settled. Pure."""
    figures = Figures(planned=len(found.rows))
    for row in found.rows:
        fate = _fate(row, found, moment)
        setattr(figures, fate, getattr(figures, fate) + 1)
        if fate == "lost":
            figures.notes.append(f"lost: {row}")
    for kind, problems in (
        ("lost", [*_not_planned(found), *_not_done(found), *_misled(found, moment)]),
        ("doubled", [*_said_twice(found), *_followed_up_twice(found)]),
        ("stale", list(_stale(found))),
        ("strangers", [f"{each.token} on {each.public_id}" for each in _strange(found)]),
    ):
        setattr(figures, kind, getattr(figures, kind) + len(problems))
        figures.notes += [f"{kind}: {problem}" for problem in problems]
    return figures


def _fate(row: Row, found: Evidence, moment: datetime) -> str:
    if row.status == "planned":
        return "waiting" if row.due_at > moment else "lost"
    if found.arrived(row):
        return "sent"
    if row.status == "sent" and row.cause == Cause.SENT:
        return "sent" if _gone(row, found) else "lost"
    holds = TRUE.get(row.cause)
    return "left_out" if holds and holds(row, found) else "lost"


def _gone(row: Row, found: Evidence) -> bool:
    """Whether it went, for all that the product can know; the verdict looks whether it did."""
    message = found.message.get(row.message_id)
    return message is not None and message.status not in ("failed", "cancelled")


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
        deed.done is None or row.due_at < deed.done
        for deed in _deeds(row, found)
        if deed.starts_at == row.starts_at
    )


def _recently(row: Row, found: Evidence) -> bool:
    others = found.of_customer[row.customer_id, row.type]
    return any(each.id < row.id or found.arrived(each) for each in others if each.id != row.id)


def _answered(row: Row, found: Evidence) -> bool:
    assert row.decided_at  # noqa: S101 (it is over)
    call, until = found.call[row.call_id], row.decided_at + TURN
    took = (
        each.customer_id == row.customer_id
        and each.outcome == "answered"
        and each.started_at >= call.started_at
        for each in found.calls
    )
    wrote = (call.started_at < at < until for at in found.written[row.customer_id])
    return any(took) or any(wrote)


def _over(row: Row, found: Evidence) -> bool:
    states = {COMPLETED} if row.type == REVIEW else EXPECTED
    return found.appointment[row.appointment_id].status not in states


def _moved(row: Row, found: Evidence) -> bool:
    """Or moved back, when its confirmation was settled: an appointment has one."""
    settled = any(
        each.type == row.type == CONFIRMATION and each.status in ("sent", "skipped")
        for each in found.of_appointment[row.appointment_id]
    )
    return settled or found.appointment[row.appointment_id].starts_at != row.starts_at


def _undelivered(row: Row, found: Evidence) -> bool:
    return any(each.status == "failed" for each in found.of_row[row.id])


def _not_asked(row: Row, found: Evidence) -> bool:
    return any(each.starts_at < each.begun for each in _deeds(row, found)[:1])


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
    Cause.APPOINTMENT_OVER: _over,
}


def _not_planned(found: Evidence) -> Iterator[str]:
    """What appointments and calls ask for, and has no row."""
    for each in found.appointments:
        rows = found.of_appointment[each.id]
        here = {(row.type, row.step) for row in rows if row.starts_at == each.starts_at}
        wanted: set[tuple[str, int]] = set()
        if each.status in EXPECTED and each.starts_at > each.booked_at:
            wanted = {(REMINDER, step) for step in STEPS}
        elif each.status == COMPLETED:
            wanted = {(REVIEW, 0)}
        yield from (f"{each.notes} of {each.slug} has no {what}" for what in wanted - here)
        if not any(row.type == CONFIRMATION for row in rows):
            yield f"{each.notes} of {each.slug} has no confirmation"
    followed = {row.call_id for row in found.rows}
    for call in found.calls:
        if call.outcome == "missed" and call.reachable and call.id not in followed:
            yield f"call {call.id} of {call.slug} has no follow-up"


def _not_done(found: Evidence) -> Iterator[str]:
    """What staff and the carrier were told is done, and is not."""
    there = {(each.slug, each.notes): each for each in found.appointments}
    for booked in found.records.booked:
        last = booked.deeds[-1]
        if last.done and not _same(there.get((booked.slug, booked.notes)), last):
            yield f"{booked.notes} of {booked.slug} is not {last.status} at {last.starts_at}"
    known = {call.sid: call.outcome for call in found.calls}
    for told in found.records.calls:
        outcome = "missed" if told.missed else "answered"
        if told.accepted and known.get(told.sid) != outcome:
            yield f"the call {told.sid} is {known.get(told.sid)}, and was {outcome}"


def _same(appointment: Appointment | None, deed: Deed) -> bool:
    if appointment is None or appointment.starts_at != deed.starts_at:
        return False
    # Their customer may have confirmed it.
    return (appointment.status in EXPECTED) == (deed.status in EXPECTED)


def _misled(found: Evidence, moment: datetime) -> Iterator[str]:
    """Customers who know another time than the one that holds, and nothing is to tell them."""
    for each in found.appointments:
        if each.status not in EXPECTED or each.starts_at <= moment:
            continue
        rows = found.of_appointment[each.id]
        told = {row.starts_at for row in rows if found.arrived(row)}
        here = [row for row in rows if row.starts_at == each.starts_at]
        excused = any(
            row.status == "planned" or row.cause in (Cause.OPTED_OUT, Cause.UNDELIVERED)
            for row in here
        )
        if told and each.starts_at not in told and not excused:
            yield f"{each.notes} of {each.slug}: nobody told the customer that it was moved"


def _said_twice(found: Evidence) -> Iterator[str]:
    for row in found.rows:
        copies = sum(found.telephones[each.public_id] for each in found.of_row[row.id])
        yield from (f"{row}" for _ in range(copies - 1))


def _followed_up_twice(found: Evidence) -> Iterator[str]:
    for (customer_id, type_), rows in found.of_customer.items():
        if type_ in (REVIEW, FOLLOW_UP):
            arrived = sum(bool(found.arrived(row)) for row in rows)
            yield from (f"{type_} to customer {customer_id}" for _ in range(arrived - 1))


def _stale(found: Evidence) -> Iterator[str]:
    for row in found.rows:
        for message in found.arrived(row):
            if why := _why_stale(row, message, found):
                yield f"{row}: {why}"


def _why_stale(row: Row, message: Sent, found: Evidence) -> str:
    if row.status not in ("sent", "planned"):
        return "it was not sent, it says, and arrived"
    if row.call_id and found.call[row.call_id].outcome == "answered":
        return "somebody had taken the call"
    if row.starts_at and row.type != REVIEW and _clock(row.starts_at) not in message.body:
        return f"it does not say {_clock(row.starts_at)}"
    if row.appointment_id and not _held(row, message, found):
        return f"it left at {message.attempted_at}, when it did not hold any more"
    return ""


def _held(row: Row, message: Sent, found: Evidence) -> bool:
    """Whether the appointment was as the message says when its call began, as far as staff know:
    from when they began to make it so until they knew that it is otherwise."""
    deeds, at = _deeds(row, found), message.attempted_at
    ends = [deed.done for deed in deeds[1:]] + [None]
    states = {COMPLETED} if row.type == REVIEW else EXPECTED
    return at is not None and any(
        deed.starts_at == row.starts_at
        and deed.status in states
        and deed.begun <= at
        and (end is None or at <= end)
        for deed, end in zip(deeds, ends, strict=True)
    )


def _deeds(row: Row, found: Evidence) -> list[Deed]:
    appointment = found.appointment[row.appointment_id]
    booked: Booked | None = found.booked.get((appointment.slug, appointment.notes))
    return booked.deeds if booked else []


def _clock(moment: datetime) -> str:
    """As an American clock shows it, without AM and PM."""
    wall = moment.astimezone(ZoneInfo(TIMEZONE))
    return f"{wall.hour % 12 or 12}:{wall:%M}"


def _strange(found: Evidence) -> list[Sent]:
    return [each for each in found.orphans if found.telephones[each.public_id]]
