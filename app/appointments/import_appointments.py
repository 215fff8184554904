"""Appointments from a CSV file: a row is taken whole or rejected with its line and the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.exc import DataError, IntegrityError

from app import events
from app.appointments import commands, row_times
from app.appointments.by_name import Named, by_name
from app.appointments.usual_length import MINUTES
from app.customers import contact
from app.customers.add import by_address, by_phone
from app.customers.contact import BadAddress
from app.customers.file_id import met
from app.customers.merging.standing import standing
from app.customers.reached_through import family
from app.extensions import db
from app.lib.csv_files import csv_rows
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.lib.csv_files.header import APPOINTMENTS
from app.lib.fault import place
from app.lib.telephone.phone import BadNumber, e164
from app.lib.time.clock import NoSuchTime, shows
from app.lib.time.clock import read as read_time
from app.models import Appointment, Customer, Service, StaffMember, Tenant
from app.models.appointment import AppointmentStatus
from app.notifications.planning.bulk_lock import take_bulk_lock

# By which a row may name its customer; the first is what a panel of ours has exported.
NAMES = ("customer_kaivox_id", "customer_email", "customer_external_id", "customer_phone")
PERSON = ("customer_name", "customer_first_name", "customer_last_name")
NEEDED = (("starts_at", "date"), (*NAMES[::-1], *PERSON))
# As other systems write them.
STATUS = {
    "canceled": "cancelled",
    "noshow": "no_show",
    "did_not_come": "no_show",
    "booked": "scheduled",
}
# No name is longer, and an index takes no more than some thousand bytes.
LONGEST = 200
OURS = "it was not taken because of a fault of ours: our operator sees it"

Made = list[tuple[str, str]]
log = structlog.get_logger()


@dataclass(frozen=True)
class Shop:
    """What a row of the business is read by."""

    country: str
    timezone: str
    announce: bool = False
    """Whether what is new gets a booking confirmation."""
    tell: bool = False
    """Whether the customers of what is moved or cancelled are told."""
    day_first: bool | None = None
    """Whether 3/4 is a day of April; None: no date of the file can be read in two ways."""


def read(content: bytes, most: int | None = None) -> tuple[list[Row], list[str]]:
    """The rows with their lines, and the columns that nobody knows.

    Raises BadFile, also for more rows than most.
    """
    return csv_rows.read(content, APPOINTMENTS, NEEDED, most)


def shop(tenant: Tenant, announce: bool, tell: bool = False, day_first: bool | None = None) -> Shop:
    return Shop(tenant.country, tenant.timezone, announce, tell, day_first)


def take(rows: Iterable[Row], shop: Shop, now: datetime, report: Report) -> None:
    """Create or update an appointment a row, in the caller's transaction.

    A row whose external_id is known is updated, and one that our panel has exported; any other is
    met by customer and start. So a file can be taken again, and twice at once.
    """
    take_bulk_lock()
    for line, row in rows:
        made: Made = []
        try:
            # What a file says sets off no rules.
            with events.acting(None), db.session.begin_nested():
                outcome = _take(row, shop, now, made)
        except (BadRow, BadNumber, BadAddress, NoSuchTime, commands.Refused) as error:
            report.rejected.append((line, str(error)))
        except (IntegrityError, DataError):
            report.rejected.append((line, "it was changed by somebody else meanwhile: try again"))
        except Exception as error:
            log.error("import_row_fault", fault=place(error))
            report.rejected.append((line, OURS))
        else:
            report.counts[outcome] += 1
            report.made += made


def _take(row: dict[str, str], shop: Shop, now: datetime, made: Made) -> str:
    for name, value in row.items():
        if len(value) > LONGEST:
            raise BadRow(f"its {name} is longer than {LONGEST} characters")
    customer = _customer(row, shop)
    row["starts_at"] = row_times.start(row, shop.day_first)
    starts_at = read_time(row["starts_at"], shop.timezone)
    lasts = row_times.minutes(row, row["starts_at"], shop.day_first)
    wanted = commands.Changes(customer_id=customer.id, starts_at=starts_at)
    commands.agree(wanted)
    _describe(wanted, row, made, lasts)
    _comes(wanted, row)
    known = _known(row, wanted)
    if known is None:
        wanted.setdefault("duration_minutes", MINUTES)
        wanted["external_id"] = row.get("external_id") or None
        commands.enter(now, announce=shop.announce, source="import", **wanted)
        return "created"
    _leave(wanted, row, known, shop, lasts)
    if all(getattr(known, name) == to for name, to in wanted.items()):
        return "unchanged"
    commands.alter(known.id, now, tell=shop.tell, **wanted)
    return "updated"


def _customer(row: dict[str, str], shop: Shop) -> Customer:
    ours, email, external_id, phone = (row.get(name) for name in NAMES)
    person = row.get(PERSON[0]) or " ".join(filter(None, map(row.get, PERSON[1:])))
    if phone and not any(map(str.isdigit, phone)):
        person, phone = person or phone, None
    if not any((ours, email, external_id, phone, person)):
        raise BadRow("it has no customer_phone or customer_external_id")
    if found := met(Customer, ours):
        return standing(found)
    query = select(Customer).where(Customer.external_id == external_id)
    found = db.session.scalar(query) if external_id else None
    if not found and phone:
        found = by_phone(e164(phone, shop.country))
    if not found and email:
        found = by_address("email", contact.normal("email", email, shop.country))
    if not found and not (phone or email or external_id or ours):
        found = _called(person)
    if not found:
        told = phone or email or external_id or person or ours
        raise BadRow(f"no customer is known by “{told}”: import customers first")
    return standing(found)


def _called(name: str) -> Customer | None:
    """Who alone is called so, written as Ann Becker or as Becker, Ann."""
    last, _, first = name.partition(",")
    forms = {" ".join(name.split()), " ".join(f"{first} {last}".split())} - {""}
    same = or_(*(func.btrim(Customer.folded) == func.folded(form) for form in forms))
    once = Customer.merged_into_id.is_(None)
    found = db.session.scalars(select(Customer).where(same, once).limit(2)).all() if forms else []
    if len(found) > 1:
        raise BadRow(f"several customers are called “{name}”: add a column with their telephone")
    return found[0] if found else None


def _describe(wanted: commands.Changes, row: dict[str, str], made: Made, lasts: int | None) -> None:
    """An empty cell leaves what is known; an import never makes anybody forget."""
    if name := row.get("service"):
        service = _named(Service, name, made)
        wanted["service_id"], wanted["duration_minutes"] = service.id, service.duration_minutes
    if name := row.get("staff"):
        wanted["staff_member_id"] = _named(StaffMember, name, made).id
    if lasts:
        wanted["duration_minutes"] = lasts
    if text := row.get("status"):
        wanted["status"] = _status(text)


def _comes(wanted: commands.Changes, row: dict[str, str]) -> None:
    """Who comes, where the row names somebody: one of the customer's family, or only a name."""
    name = row.get("attendee", "").casefold()
    customer = db.session.get_one(Customer, wanted["customer_id"])
    if not name or wanted.get("attendee_id") or name == customer.name.casefold():
        return
    known = next((each.id for each in family(customer) if each.name.casefold() == name), None)
    said = commands.Changes(attendee_id=known)
    wanted |= said if known else commands.Changes(attendee_id=None, attendee_name=row["attendee"])


def _leave(
    wanted: commands.Changes,
    row: dict[str, str],
    known: Appointment,
    shop: Shop,
    lasts: int | None,
) -> None:
    """What the row does not say, or says only because its writer does not know it yet."""
    if known.attendee_id and known.attendee_id == wanted.get("attendee_id"):
        # What is booked stays agreed on with whom it was.
        wanted["customer_id"] = known.customer_id
    if not lasts:
        wanted.pop("duration_minutes", None)
    if external_id := row.get("external_id"):
        wanted["external_id"] = external_id
    # A wall time may come twice, and has no seconds.
    if shows(known.starts_at, row["starts_at"], shop.timezone):
        wanted["starts_at"] = known.starts_at
    # An old file does not bring back what was cancelled here, nor takes back a confirmation.
    stays = wanted["starts_at"] == known.starts_at
    if stays and wanted.get("status") == AppointmentStatus.SCHEDULED:
        wanted.pop("status")


def _named(kind: type[Named], name: str, made: Made) -> Named:
    """Who or what is called so; made where nobody is."""
    found = by_name(kind, name)
    if found is None:
        found = kind(name=name)
        db.session.add(found)
        db.session.flush()
        made.append(("service" if kind is Service else "staff member", name))
    return found


def _status(text: str) -> str:
    word = text.lower().replace("-", "_").replace(" ", "_")
    word = STATUS.get(word, word)
    if word not in set(AppointmentStatus):
        raise BadRow(f"status “{text}” is none of {', '.join(AppointmentStatus)}")
    return word


def _known(row: dict[str, str], wanted: commands.Changes) -> Appointment | None:
    if found := met(Appointment, row.get("kaivox_id")):
        return found
    query = select(Appointment)
    if external_id := row.get("external_id"):
        return db.session.scalar(query.where(Appointment.external_id == external_id))
    same = query.where(
        Appointment.customer_id == wanted["customer_id"],
        Appointment.starts_at == wanted["starts_at"],
    )
    # Of a telephone alone nobody knows who comes; whoever comes themselves is meant first.
    if who := wanted.get("attendee_id"):
        same = same.where(Appointment.attendee_id == who)
    if name := wanted.get("attendee_name"):
        same = same.where(Appointment.attendee_name == name)
    themselves = Appointment.attendee_id.is_(None) & (Appointment.attendee_name == "")
    return db.session.scalars(same.order_by(themselves.desc(), Appointment.id)).first()
