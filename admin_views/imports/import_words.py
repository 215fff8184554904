"""How pages tell of imports: what can be imported, and what a file's columns are."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.models import FileImport, ImportStatus

KIND = {
    "customers": "Customers",
    "appointments": "Appointments",
    "services": "Services",
    "staff": "Staff members",
    "consent": "Opt-outs and opt-ins",
    "marketing": "Who gets offers",
}
ABOUT = {
    "customers": "Names, telephones and emails; also the vCards (.vcf) of an address book.",
    "appointments": "Who comes when. Services and staff members that are not known yet are made.",
    "services": "What can be booked, and how long it lasts.",
    "staff": "Who takes appointments.",
    "consent": "Who asked elsewhere for no messages: nothing is sent to them here. And who"
    " agreed to some, with what proves it.",
    "marketing": "Who agreed to get offers, with what proves it; apart from reminders. Who said no"
    " here, or STOP, is not won back by it.",
}
# What a panel of ours has exported a row by; nobody need choose it.
OURS = "KaiVox id"
COLUMN = {
    "first_name": "First name",
    "last_name": "Last name",
    "name": "Full name",
    "phone": "Mobile number",
    "other_phone": "Another number",
    "email": "Email",
    "other_email": "Another email",
    "reached_at": "All numbers and emails",
    "reached_through": "Number or email of who is written to for them",
    "attendee": "Who comes, if it is somebody else",
    "language": "Language",
    "preferred_channel": "Preferred channel",
    "external_id": "Your own number for it",
    "kaivox_id": OURS,
    "customer_kaivox_id": f"Customer’s {OURS}",
    "customer_phone": "Customer’s number",
    "customer_email": "Customer’s email",
    "customer_external_id": "Your own number for the customer",
    "customer_name": "Customer’s full name",
    "customer_first_name": "Customer’s first name",
    "customer_last_name": "Customer’s last name",
    "service": "Service",
    "staff": "Staff member",
    "starts_at": "Start: date and time",
    "date": "Date",
    "time": "Time",
    "ends_at": "End",
    "duration_minutes": "Length",
    "status": "Status",
    "active": "Offered, or at work",
    "channel": "Channel",
    "opted_in": "Wants messages",
    "source": "Where they said so",
    "opted_out": "Wants no messages",
    "address": "Number or email",
    "said_at": "When they said so",
    "purpose": "For what",
    "evidence": "How that is known",
}
STATE = {
    ImportStatus.MAPPING: "Not begun",
    ImportStatus.CHECKING: "Being looked through",
    ImportStatus.CHECKED: "Ready to be imported",
    ImportStatus.IMPORTING: "Being imported",
    ImportStatus.DONE: "Imported",
    ImportStatus.UNDOING: "Being undone",
    ImportStatus.UNDONE: "Undone",
    ImportStatus.FAILED: "Stopped",
}
TAG = {
    ImportStatus.DONE: "delivered",
    ImportStatus.FAILED: "failed",
    ImportStatus.UNDONE: "undelivered",
}
NEW = {
    "service": ("New services", "services"),
    "staff member": ("New staff members", "staff_members"),
}
SHOWN = 3


class Column(NamedTuple):
    """Of a file, as the page asks about it."""

    name: str
    values: Sequence[str]
    """Some of the first in which something stands."""
    chosen: str


def columns(
    header: Sequence[str], records: Sequence[tuple[int, list[str]]], chosen: Sequence[str]
) -> list[Column]:
    found = []
    for place, (name, ours) in enumerate(zip(header, chosen, strict=True)):
        cells = (record[place].strip() for _, record in records if place < len(record))
        filled = dict.fromkeys(cell[:60] for cell in cells if cell)
        found.append(Column(name.strip() or f"Column {place + 1}", list(filled)[:SHOWN], ours))
    return found


def choices(known: Mapping[str, object]) -> list[tuple[str, str]]:
    """Our names of columns and how they are called, without the ids of our own files."""
    return [(name, COLUMN[name]) for name in known]


def tag(upload: FileImport) -> str:
    return TAG.get(ImportStatus(upload.status), "queued")


def said(reason: str) -> str:
    """A row's reason in the page's words."""
    for name, label in COLUMN.items():
        if "_" in name:
            reason = reason.replace(name, label.lower())
    return reason[:1].upper() + reason[1:]
