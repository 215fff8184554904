"""The rows that a customer's memory is computed from, by one statement.

Which appointments these are is asked first, of each way in which one is theirs; then each is found
by its key. So the plan holds however old the planner's statistics are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, JSON, DateTime, Integer, any_, case, func, select, type_coerce

from app.inbox.conversation_transitions import WAITS_SINCE
from app.inbox.team.promises import OpenPromise, asked_open
from app.memory.pinned_facts import Pinned, asked_pinned
from app.models import Appointment, Call, Conversation, Direction, Message, Service, StaffMember
from app.models.appointment import AppointmentStatus
from app.prepared import Prepared, Question, ask, first, given

# Whoever came more often is known well enough; of what was said the latest tells.
MOST_VISITS, MOST_MESSAGES = 400, 60
# Of a message that waits so much is told.
EXCERPT = 200
EXPECTED = frozenset({AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED})


class Attended(NamedTuple):
    """As the columns of Appointment: one to which the customer comes."""

    id: int
    starts_at: datetime
    duration_minutes: int
    status: str
    service_id: int | None
    service: str | None
    staff_member: str | None

    @property
    def came(self) -> bool:
        return self.status == AppointmentStatus.COMPLETED

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.duration_minutes)


class Said(NamedTuple):
    """As the columns of Message."""

    id: int
    channel: str
    direction: str
    created_at: datetime

    @property
    def theirs(self) -> bool:
        return self.direction == Direction.INBOUND


class Asked(NamedTuple):
    """What of the customer's waits for a person."""

    since: datetime
    message: Said | None
    """The last that they wrote."""
    excerpt: str
    called_at: datetime | None
    """Their last call that nobody took."""


@dataclass(frozen=True)
class History:
    visits: Sequence[Attended]
    """To which they come, whoever booked them; the latest first, MOST_VISITS at most."""
    said: Sequence[Said]
    """The latest first."""
    asked: Asked | None
    """None: nothing waits."""
    pinned: Sequence[Pinned]
    promises: Sequence[OpenPromise]


def history(customer_id: int) -> History:
    """Of a customer of the tenant in scope."""
    visits, said = asked_visits(customer_id), _said(customer_id)
    asked, pinned = _asked(customer_id), asked_pinned(customer_id)
    promises = asked_open(customer_id)
    ask(visits, said, asked, pinned, promises)
    return History(visits.answer, said.answer, asked.answer, pinned.answer, promises.answer)


def asked_visits(customer_id: int) -> Question[list[Attended]]:
    """What History.visits tells, alone."""
    return _VISITS.question(list, customer_id=customer_id)


def _said(customer_id: int) -> Question[list[Said]]:
    return _SAID.question(list, customer_id=customer_id)


def _asked(customer_id: int) -> Question[Asked | None]:
    return _ASKED.question(first, customer_id=customer_id)


def _waits(since: datetime, called_at: datetime | None, last: Sequence[Any] | None) -> Asked:
    if last is None:
        return Asked(since, None, "", called_at)
    id_, channel, said_at, excerpt = last
    at = datetime.fromisoformat(said_at)
    message = Said(id_, channel, Direction.INBOUND, at) if at >= since else None
    return Asked(since, message, excerpt if message else "", called_at)


_CUSTOMER = given("customer_id", Integer())
_latest = select(Appointment.id).order_by(Appointment.starts_at.desc()).limit(MOST_VISITS)
_own = _latest.where(
    Appointment.customer_id == _CUSTOMER,
    Appointment.attendee_id.is_(None),
    Appointment.attendee_name == "",
)
_through_another = _latest.where(Appointment.attendee_id == _CUSTOMER)
_theirs = func.array_cat(
    func.array(_own.scalar_subquery(), type_=ARRAY(Integer)),
    func.array(_through_another.scalar_subquery(), type_=ARRAY(Integer)),
    type_=ARRAY(Integer),
)
_VISITS = Prepared(
    Attended,
    select(
        *(getattr(Appointment, name) for name in Attended._fields[:5]),
        Service.name,
        StaffMember.name,
    )
    .outerjoin(Service, Service.id == Appointment.service_id)
    .outerjoin(StaffMember, StaffMember.id == Appointment.staff_member_id)
    .where(Appointment.id == any_(_theirs))
    .order_by(Appointment.starts_at.desc())
    .limit(MOST_VISITS),
)
_SAID = Prepared(
    Said,
    select(*(getattr(Message, name) for name in Said._fields))
    .where(Message.customer_id == _CUSTOMER)
    .order_by(Message.id.desc())
    .limit(MOST_MESSAGES),
)
_since = type_coerce(WAITS_SINCE, DateTime(timezone=True))
_excerpt = func.left(Message.body, EXCERPT)
_last = (
    select(
        func.json_build_array(
            *(Message.id, Message.channel, Message.created_at, _excerpt), type_=JSON()
        )
    )
    .where(Message.customer_id == _CUSTOMER, Message.direction == Direction.INBOUND)
    .order_by(Message.id.desc())
    .limit(1)
)
_ASKED = Prepared(
    _waits,
    select(
        _since,
        case((Call.started_at >= _since, Call.started_at)),
        _last.scalar_subquery(),
    )
    .outerjoin(Call, Call.id == Conversation.last_call_id)
    .where(Conversation.customer_id == _CUSTOMER, _since.is_not(None)),
)
