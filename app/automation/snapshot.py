"""What rules see of an event: one look at the world, which no rule's action changes."""

from dataclasses import dataclass
from datetime import datetime

from app.models import Appointment, AutomationEvent, Call, Customer, Message, Tenant


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The rows are for reading what does not change (who, what was written); what rules change
    themselves is copied here."""

    at: datetime
    """When it was looked: the event's time, or that of a rule that waited."""
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
    labels: frozenset[int]
    assignee_id: int | None
    opted_out: bool
    """On the channel that a rule would write to them by."""
    is_new: bool
    """Whether this is the first that was ever heard of them."""
    next_start: datetime | None
    """Of their next appointment that stands."""
    open: bool | None
    """Whether the business is open then; None: it has no hours."""
