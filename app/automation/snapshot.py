"""What rules see of an event: one look at the world, which no rule's action changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.lib.time.business_time import BusinessTime
from app.memory.customer_history import Attended
from app.memory.pinned_facts import Pinned
from app.models import Appointment, AutomationEvent, Call, Customer, Message, Tenant
from app.prepared import Question


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The rows are for reading what does not change (who, what was written); what rules change
    themselves is copied here."""

    at: datetime
    """The moment that is judged: the event's, or the one that a rule waited for."""
    event: AutomationEvent
    tenant: Tenant
    customer: Customer
    message: Message | None
    appointment: Appointment | None
    call: Call | None
    channel: str
    """By which the customer wrote; empty where no message is the cause."""
    words: str
    """What they wrote; empty likewise."""
    language: str
    """As their profile has it: a code such as es; empty: nobody knows it."""
    labels: frozenset[int]
    assignee_id: int | None
    opted_out: bool
    """On the channel that a rule would write to them by."""
    heard_before: datetime | None
    """When they had last written or called before this; None: never."""
    next_appointment: Appointment | None
    """The first of theirs that stands, after that moment."""
    visits: Question[list[Attended]]
    """To which they came or are to come, asked for when a condition looks."""
    pinned: Question[Sequence[Pinned]]
    """What staff have pinned to them, likewise."""
    open: bool | None
    """Whether the business is open at that moment; None: it has not said when it is."""

    @property
    def next_start(self) -> datetime | None:
        return self.next_appointment.starts_at if self.next_appointment else None

    @property
    def came(self) -> list[Attended]:
        """Their visits up to that moment, the last first."""
        return [each for each in self.visits.answer if each.came and each.starts_at <= self.at]

    @property
    def clock(self) -> BusinessTime:
        """Times as people read them there."""
        return BusinessTime(self.tenant.timezone, self.tenant.locale)

    @property
    def is_new(self) -> bool:
        """Whether this is the first that was ever heard of them."""
        return self.heard_before is None
