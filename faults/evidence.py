"""What there is of automatic messages at the end of a run: rows, telephones, and what staff did."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from faults.records import Booked, Command, Records
from faults.stage import Stage

NOT_THERE = ("failed", "undelivered")
# Of a message that says how a customer's answer was understood, its token begins so; and of a
# rule's (rules_kept.py).
ANSWER, NOTIFICATION, RULE = "reply-", "notification-", "rule:"


@dataclass(frozen=True)
class Row:
    """A notification."""

    id: int
    slug: str
    type: str
    step: int
    starts_at: datetime | None
    due_at: datetime
    useful_until: datetime
    status: str
    cause: str
    decided_at: datetime | None
    created_at: datetime
    customer_id: int
    appointment_id: int | None
    call_id: int | None
    message_id: int | None
    telling: int = 0

    def __str__(self) -> str:
        return f"{self.type} {self.id} of {self.slug} ({self.step} min, {self.status} {self.cause})"


@dataclass(frozen=True)
class Sent:
    """A message that nobody wrote by hand."""

    id: int
    public_id: str
    token: str
    again_of_id: int | None
    status: str
    error: str
    body: str
    attempted_at: datetime | None


@dataclass(frozen=True)
class Appointment:
    id: int
    slug: str
    notes: str
    status: str
    starts_at: datetime
    booked_at: datetime


@dataclass(frozen=True)
class Call:
    id: int
    slug: str
    customer_id: int | None
    sid: str
    outcome: str
    started_at: datetime
    reachable: bool


@dataclass
class Evidence:
    rows: list[Row]
    messages: list[Sent]
    appointments: list[Appointment]
    calls: list[Call]
    telephones: "Counter[str]"
    """How many messages with our id arrived, or may yet."""
    stopped: set[int]
    """Customers at one of whose addresses nothing may be sent."""
    written: dict[int, list[datetime]]
    """When staff wrote to a customer."""
    records: Records
    of_row: dict[int, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    orphans: list[Sent] = field(default_factory=list)

    def __post_init__(self) -> None:
        owners: dict[int, set[int]] = {}
        named = _grouped((row.message_id, row) for row in self.rows)
        for message in self.messages:
            its = owners[message.id] = _owners(message, named, owners)
            for owner in its:
                self.of_row[owner].append(message)
            if not its and not message.token.startswith((ANSWER, RULE)):
                self.orphans.append(message)

    @cached_property
    def appointment(self) -> dict[int | None, Appointment]:
        return {each.id: each for each in self.appointments}

    @cached_property
    def call(self) -> dict[int | None, Call]:
        return {each.id: each for each in self.calls}

    @cached_property
    def message(self) -> dict[int | None, Sent]:
        return {each.id: each for each in self.messages}

    @cached_property
    def of_appointment(self) -> dict[int | None, list[Row]]:
        return _grouped((row.appointment_id, row) for row in self.rows)

    @cached_property
    def of_customer(self) -> dict[tuple[int, str], list[Row]]:
        return _grouped(((row.customer_id, row.type), row) for row in self.rows)

    @cached_property
    def booked(self) -> dict[tuple[str, str], Booked]:
        return {(each.slug, each.notes): each for each in self.records.booked}

    @cached_property
    def names(self) -> dict[str, set[str]]:
        """Of those who come on another's telephone, by business."""
        named: dict[str, set[str]] = defaultdict(set)
        for each in self.records.booked:
            if each.attendee:
                named[each.slug].add(each.attendee)
        return named

    def attendee(self, row: Row) -> str:
        """Who comes, where that is not whose telephone it is."""
        appointment = self.appointment.get(row.appointment_id)
        booked = appointment and self.booked.get((appointment.slug, appointment.notes))
        return booked.attendee if booked else ""

    def commands(self, row: Row) -> list[Command]:
        """What staff did to its appointment."""
        appointment = self.appointment[row.appointment_id]
        booked = self.booked.get((appointment.slug, appointment.notes))
        return booked.commands if booked else []

    def arrived(self, row: Row) -> list[Sent]:
        """Its messages that a telephone has."""
        return [each for each in self.of_row[row.id] if self.telephones[each.public_id]]


def _owners(
    message: Sent, named: dict[int | None, list[Row]], owners: dict[int, set[int]]
) -> set[int]:
    """The notifications that the message tells of: those that name it, and the one by which it is
    called; else those of the message in whose place it goes, which are known."""
    its = {row.id for row in named.get(message.id, [])}
    if message.token.startswith(NOTIFICATION):
        its.add(int(message.token.split("-")[1]))
    return its or owners.get(message.again_of_id or 0, set())


def _grouped(pairs: Iterable[tuple[Any, Row]]) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for key, row in pairs:
        groups[key].append(row)
    return groups


def gather(stage: Stage, taken: dict[str, list[Any]], records: Records) -> Evidence:
    """From the database, and from what the carrier has under each of our ids."""
    written: dict[int, list[datetime]] = defaultdict(list)
    for customer_id, at in stage.sql(
        "SELECT customer_id, created_at FROM message WHERE author_id IS NOT NULL"
    ):
        written[customer_id].append(at)
    there = {
        id_: sum(each["status"] not in NOT_THERE for each in copies)
        for id_, copies in taken.items()
    }
    return Evidence(
        [Row(*each) for each in stage.sql(_ROWS)],
        [Sent(*each) for each in stage.sql(_MESSAGES)],
        [Appointment(*each) for each in stage.sql(_APPOINTMENTS)],
        [Call(*each) for each in stage.sql(_CALLS)],
        Counter(there),
        {each[0] for each in stage.sql(_STOPPED)},
        written,
        records,
    )


def waiting(stage: Stage, moment: datetime) -> int:
    """How much of what was due at the moment nobody has looked at yet."""
    return int(stage.sql(_WAITING, *[moment] * 3)[0][0])


_WAITING = """
    SELECT (SELECT count(*) FROM notification WHERE status = 'planned' AND due_at <= %s)
         + (SELECT count(*) FROM notification JOIN message ON message.id = message_id
            WHERE notification.status = 'sent' AND cause = 'sent' AND message.status = 'failed')
         + (SELECT count(*) FROM call WHERE outcome = 'missed' AND reachable
            AND NOT EXISTS (SELECT FROM notification WHERE call_id = call.id))
         + (SELECT count(*) FROM appointment
            WHERE planned_for IS DISTINCT FROM starts_at AND starts_at > now())
         + (SELECT count(*) FROM automation_event WHERE judged_at IS NULL AND due_at <= %s)
         + (SELECT count(*) FROM message
            WHERE direction = 'inbound' AND NOT recovered AND created_at <= %s
            AND NOT EXISTS (SELECT FROM automation_event
                            WHERE found_in = message.id AND type = 'message.received'))
         + (SELECT count(*) FROM webhook_delivery WHERE status IN ('waiting', 'sending'))
"""
_ROWS = """
    SELECT notification.id, slug, type, step, starts_at, due_at, useful_until, status, cause,
           decided_at, notification.created_at, customer_id, appointment_id, call_id, message_id,
           telling
    FROM notification JOIN tenant ON tenant.id = tenant_id
"""
_MESSAGES = """
    SELECT id, public_id::text, coalesce(client_token, ''), again_of_id, status::text,
           coalesce(error, ''), body, attempted_at
    FROM message WHERE direction = 'outbound' AND author_id IS NULL ORDER BY id
"""
_APPOINTMENTS = """
    SELECT appointment.id, slug, notes, status, starts_at, booked_at
    FROM appointment JOIN tenant ON tenant.id = tenant_id
"""
_CALLS = """
    SELECT call.id, slug, customer_id, provider_sid, outcome, started_at, reachable
    FROM call JOIN tenant ON tenant.id = tenant_id
"""
_STOPPED = """
    SELECT customer_id FROM contact_point JOIN opt_out USING (tenant_id, channel, address)
"""
