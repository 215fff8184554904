"""The promises of automatic messages: what was called for went once, or truly says why not."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.notifications.causes import Cause
from app.notifications.types.notification_type import EXPECTED
from faults.evidence import Appointment, Evidence, Row, Sent
from faults.reasons import (
    CANCELLATION,
    COMPLETED,
    CONFIRMATION,
    FOLLOW_UP,
    REMINDER,
    REVIEW,
    STATES,
    TRUE,
)
from faults.records import Command
from faults.town import REMINDED, TIMEZONE

# In minutes, as notifications name them.
STEPS = {int(lead.total_seconds() // 60) for lead in REMINDED}


@dataclass
class Figures:
    """Of notifications, and of the messages that they became."""

    planned: int = 0
    sent: int = 0
    """The carrier took it."""
    joined: int = 0
    """Messages that tell of several appointments at once."""
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
    figures = Figures(planned=len(found.rows), joined=_joined(found))
    for row in found.rows:
        outcome = _outcome(row, found, moment)
        setattr(figures, outcome, getattr(figures, outcome) + 1)
        if outcome == "lost":
            figures.notes.append(f"lost: {row}")
    for kind, problems in (
        ("lost", [*_not_planned(found), *_not_done(found), *_misled(found, moment)]),
        ("lost", list(_unnamed(found))),
        ("doubled", [*_said_twice(found), *_named_twice(found), *_followed_up_twice(found)]),
        ("stale", list(_stale(found))),
        ("strangers", [f"{each.token} on {each.public_id}" for each in _strange(found)]),
    ):
        setattr(figures, kind, getattr(figures, kind) + len(problems))
        figures.notes += [f"{kind}: {problem}" for problem in problems]
    return figures


def _outcome(row: Row, found: Evidence, moment: datetime) -> str:
    if row.status == "planned":
        return "waiting" if row.due_at > moment else "lost"
    if found.arrived(row):
        return "sent"
    if row.status == "sent" and row.cause == Cause.SENT:
        return "sent" if _gone(row, found) else "lost"
    holds = TRUE.get(row.cause)
    return "left_out" if holds and holds(row, found) else "lost"


def _joined(found: Evidence) -> int:
    tells = Counter(each.id for row in found.rows for each in found.arrived(row))
    return sum(many > 1 for many in tells.values())


def _gone(row: Row, found: Evidence) -> bool:
    """Whether it went, for all that the product can know; the verdict looks whether it did."""
    message = found.message.get(row.message_id)
    return message is not None and message.status not in ("failed", "cancelled")


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
        last = booked.commands[-1]
        if last.done and not _same(there.get((booked.slug, booked.notes)), last):
            yield f"{booked.notes} of {booked.slug} is not {last.status} at {last.starts_at}"
    known = {call.sid: call.outcome for call in found.calls}
    for told in found.records.calls:
        outcome = "missed" if told.missed else "answered"
        if told.accepted and known.get(told.sid) != outcome:
            yield f"the call {told.sid} is {known.get(told.sid)}, and was {outcome}"


def _same(appointment: Appointment | None, command: Command) -> bool:
    if appointment is None or appointment.starts_at != command.starts_at:
        return False
    # Their customer may have confirmed it.
    return appointment.status == command.status or {appointment.status, command.status} <= EXPECTED


def _misled(found: Evidence, moment: datetime) -> Iterator[str]:
    """Customers who know another time than the one that holds, and nothing is to tell them."""
    for each in found.appointments:
        rows = found.of_appointment[each.id]
        if each.status == "cancelled" and not any(row.type == CANCELLATION for row in rows):
            yield f"{each.notes} of {each.slug}: nobody told the customer that it was cancelled"
        if each.status not in EXPECTED or each.starts_at <= moment:
            continue
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


def _unnamed(found: Evidence) -> Iterator[str]:
    """Who comes, and is not named in what their telephone has of it."""
    for row in found.rows:
        name = found.attendee(row)
        for message in found.arrived(row) if name else ():
            if not _names(message, name):
                yield f"{row} does not name {name}: {message.body}"


def _named_twice(found: Evidence) -> Iterator[str]:
    """Reminders that name whoever comes, more than there are steps of theirs that went: what is
    said of one may stand in the message of another."""
    went: Counter[tuple[str, str, int]] = Counter()
    naming: dict[tuple[str, str, int], set[str]] = defaultdict(set)
    messages = {each.id: each for each in found.messages}
    for row in found.rows:
        if row.type != REMINDER:
            continue
        arrived = {each.id for each in found.arrived(row)}
        if name := found.attendee(row):
            went[row.slug, name, row.step] += bool(arrived)
        for name in found.names[row.slug]:
            naming[row.slug, name, row.step] |= {
                messages[id_].public_id for id_ in arrived if _names(messages[id_], name)
            }
    for (slug, name, step), ids in naming.items():
        for _ in range(len(ids) - went[slug, name, step]):
            yield f"{name} of {slug} was reminded in {len(ids)} messages ({step} min)"


def _names(message: Sent, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", message.body) is not None


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
    # Who is told of an end is told the start that they knew.
    says = row.useful_until if row.type == CANCELLATION else row.starts_at
    if says and row.type not in (REVIEW, FOLLOW_UP) and _clock(says) not in message.body:
        return f"it does not say {_clock(says)}"
    if row.appointment_id and not _held(row, message, found):
        return f"it left at {message.attempted_at}, when it did not hold any more"
    return ""


def _held(row: Row, message: Sent, found: Evidence) -> bool:
    """Whether the appointment was as the message says when its call began, as far as staff know:
    from when they began to make it so until they knew that it is otherwise."""
    commands, at = found.commands(row), message.attempted_at
    ends = [command.done for command in commands[1:]] + [None]
    states = STATES.get(row.type, EXPECTED)
    return at is not None and any(
        command.starts_at == row.starts_at
        and command.status in states
        and command.begun <= at
        and (end is None or at <= end)
        for command, end in zip(commands, ends, strict=True)
    )


def _clock(moment: datetime) -> str:
    """As an American clock shows it, without AM and PM."""
    wall = moment.astimezone(ZoneInfo(TIMEZONE))
    return f"{wall.hour % 12 or 12}:{wall:%M}"


def _strange(found: Evidence) -> list[Sent]:
    return [each for each in found.orphans if found.telephones[each.public_id]]
