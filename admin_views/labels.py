"""States and kinds as a person says them."""

from typing import Any

from markupsafe import Markup

from app.channels import CHANNELS, CHOSEN
from app.lib.message_status import MessageStatus
from app.models import EventType

STATUS = {
    MessageStatus.QUEUED: "Queued",
    MessageStatus.SENDING: "Sending",
    MessageStatus.CHECKING: "Checking",
    MessageStatus.ACCEPTED: "Queued at Twilio",
    MessageStatus.UNKNOWN: "Not confirmed",
    MessageStatus.SENT: "Sent",
    MessageStatus.FAILED: "Failed",
    MessageStatus.DELIVERED: "Delivered",
    MessageStatus.READ: "Read",
    MessageStatus.RECEIVED: "Received",
    MessageStatus.CANCELLED: "Taken back",
}
DIRECTION = {"inbound": "From customer", "outbound": "To customer"}
APPOINTMENT = {
    "scheduled": "Scheduled",
    "confirmed": "Confirmed",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "no_show": "Did not come",
}
CALL = {"missed": "Missed", "answered": "Answered", "ringing": "Ringing", "unknown": "Not known"}
ROLE = {"staff": "Staff", "tenant_admin": "Admin", "platform_admin": "Operator"}
CHANNEL = {channel.key: channel.label for channel in CHANNELS.values()}
# Those that can be chosen to write by.
WRITTEN_BY = {channel.key: channel.label for channel in CHOSEN.values()}
# Of an event, for the log of rules and for webhooks.
HAPPENED: dict[str, str] = {
    EventType.MESSAGE_RECEIVED: "A customer wrote",
    EventType.MESSAGE_FAILED: "A message did not arrive",
    EventType.CALL_MISSED: "A call was missed",
    EventType.APPOINTMENT_BOOKED: "An appointment was booked",
    EventType.APPOINTMENT_MOVED: "An appointment was moved",
    EventType.APPOINTMENT_CANCELLED: "An appointment was cancelled",
    EventType.APPOINTMENT_COMPLETED: "An appointment was completed",
    EventType.APPOINTMENT_MISSED: "A customer did not come",
    EventType.LABEL_ADDED: "A label was added",
    EventType.REPLY_READ: "An answer to a reminder was read",
}


def sentence(name: str) -> str:
    """A field's name as a label: first_name is «First name»."""
    return name.replace("_", " ").replace(".", " ").capitalize()


def yes_or_no(value: bool) -> str:
    return "Yes" if value else "No"


def words(table: dict[Any, str]) -> Any:
    """A column formatter that looks the value up."""
    return lambda _view, _context, model, name: table.get(
        getattr(model, name), getattr(model, name) or ""
    )


def badge(table: dict[Any, str]) -> Any:
    """A column formatter: the word in a coloured label."""

    def render(_view: Any, _context: Any, model: Any, name: str) -> Markup:
        value = getattr(model, name)
        return Markup('<span class="tag tag-{}">{}</span>').format(value, table.get(value, value))

    return render


def choices(table: dict[Any, str]) -> dict[str, str]:
    """The table for a select field."""
    return {str(key): word for key, word in table.items()}
